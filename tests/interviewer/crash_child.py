"""The process that gets killed: plays a scripted interview and goes on where it was stopped.

Run as `python -m tests.interviewer.crash_child` it is a fork server: it imports everything once,
reads one command (`Life` as JSON) per line and answers with the wait status of the child that
lived it. A child recovers, then reports the first step that is not yet in the inbox, and so on.
It is killed at a named point by wrappers that only this file has, or at any moment by its parent.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from interviewer.clock import ManualClock
from interviewer.desk import Services
from interviewer.engines.offline import OfflineEngine
from interviewer.graph import build_graph
from interviewer.ports import InterviewNotFoundError, Mouth
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings, RoundSpec
from scenarios.model import Level
from storage.checkpoints import open_saver
from storage.database import open_database
from storage.interviews import SqlStore
from storage.revisions import bring_up_to_date
from storage.saver import TrimmedSaver
from tests.interviewer.live_world import PlanLibrary
from tests.interviewer.worlds import START, design_plan

INTERVIEW = "crash"
DATABASE = "hotseat.sqlite"
JOURNAL = "journal.jsonl"

DOWN_S = 1000.0
"""How long the interview is down after a kill."""

SPEAKING_S = 4.0
"""How long the interviewer speaks; never charged to the candidate."""


@dataclass(frozen=True)
class Step:
    """One thing that the candidate does, `seconds` after the interviewer's last word."""

    kind: EventKind
    seconds: float
    text: str = ""


def _says(*texts: str) -> list[Step]:
    return [Step(EventKind.SAID, 11.0 + 3 * place, text) for place, text in enumerate(texts)]


SCRIPT: tuple[Step, ...] = (
    *_says(
        "How many conversations are there per day, and at peak?",
        "Which colours does the shop use?",
        "I assume that the shop sells in one country only.",
    ),
    Step(EventKind.HINT, 9),
    *_says("What may a conversation cost?", "So two cents, and most of it goes to the model."),
    Step(EventKind.THINK, 5),
    *_says(
        "The message goes to a planner which calls tools in a loop.",
        "It may call any API of the shop, the loop runs as long as it is done.",
        "Fine, then I put a cap on the steps, eight iterations at most.",
    ),
    Step(EventKind.DREW, 21, "user -> agent: asks\nagent -> orders: looks up"),
    *_says("We retrieve the help pages and cite the source of each answer."),
    Step(EventKind.PAUSED, 6),
    Step(EventKind.RESUMED, 300),
    *_says("I would send easy requests to a small model.", "That is all about the models."),
    Step(EventKind.SILENCE, 25),
    *_says("I would recompute the new price under the lower ceiling.", "I don't know."),
    Step(EventKind.NEXT, 4),
    *_says("The order service checks who owns an order, by identity.", "Nothing more to say."),
    Step(EventKind.NEXT, 3),
    *_says(
        "What traffic is there?",
        "",
        "asdkjh qwlkej zxmcn asldkj qpwoei",
        "The traffic decides how many workers we need, say forty.",
    ),
    Step(EventKind.DREW, 14, "user -> gateway -> agent\nagent -> search: query"),
    *_says("Is there a budget?", "Let's move on"),
    *_says(
        "The loop stops after ten steps, a hard limit on the iterations.",
        "Retrieval searches the articles and the answer cites its sources.",
    ),
    Step(EventKind.PAUSED, 8),
    *_says("Back again: a cheap model answers the easy half of them."),
    Step(EventKind.CLOCK, 420),
    Step(EventKind.CLOCK, 300),
    *_says("The backend does the check of the owner, the model never does."),
    Step(EventKind.THINK, 7),
    *_says("Then I have nothing left to add."),
    Step(EventKind.END, 12),
)


def charged_s() -> float:
    """The seconds that count: all but those between a pause and the step after it."""
    before = zip((None, *SCRIPT), SCRIPT, strict=False)
    return sum(
        step.seconds for last, step in before if last is None or last.kind is not EventKind.PAUSED
    )


PLAN = design_plan(minutes=30)
SETTINGS = InterviewSettings(
    rounds=(RoundSpec(kind=PLAN.kind, items=(PLAN.item,), minutes=PLAN.minutes),) * 3,
    level=Level.MID,
)


@dataclass(frozen=True)
class Life:
    """A command: where to play, and when to die.

    At each point of `deaths` while one of its events is dealt with, `times` in a row; or `delay_s`
    after the journal has reached `journal_size` bytes.
    """

    folder: str
    deaths: dict[str, list[int]] = field(default_factory=dict)
    times: int = 1
    journal_size: int | None = None
    delay_s: float = 0.0


class Fate:
    """Knows where this life ends; `seq` is the event being dealt with."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self.seq = 0

    def reach(self, point: str) -> None:
        """Die here if it is time; a mark on disk counts the deaths, so that a round can go on."""
        if self.seq not in self._life.deaths.get(point, ()):
            return
        mark = Path(self._life.folder) / f"died.{point.replace('/', '.')}.{self.seq}"
        if mark.exists() and mark.stat().st_size >= self._life.times:
            return
        with mark.open("ab") as deaths:
            deaths.write(b"x")
        os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, call: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
        """`call`, with a place to die before and after it."""

        async def mortal(*args: Any, **kwargs: Any) -> Any:
            self.reach(f"{name}/before")
            result = await call(*args, **kwargs)
            self.reach(f"{name}/after")
            return result

        return mortal


STORE_POINTS = {
    "create_interview": "create",
    "save_board": "board",
    "commit_event": "inbox",
    "open_utterance": "outbox open",
    "close_utterance": "outbox close",
    "finish_interview": "finish",
}
NODES = ("assess", "decide", "speak", "score")
SAVER_POINTS = {"aput": "checkpoint", "aput_writes": "checkpoint writes"}


class MortalStore:
    """The real store with places to die."""

    def __init__(self, store: SqlStore, fate: Fate) -> None:
        self._store = store
        for method, name in STORE_POINTS.items():
            setattr(self, method, fate.around(name, getattr(store, method)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class JournalMouth(Mouth):
    """Shows by appending to a file, each character once: as a server that knows its nonces."""

    def __init__(self, path: Path, clock: ManualClock, fate: Fate) -> None:
        self._path, self._clock, self._fate = path, clock, fate
        self._shown: dict[str, int] = {}
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            piece = json.loads(line)
            self._shown[piece["key"]] = piece["start"] + len(piece["text"])

    piecewise = True

    async def say(self, key: str, text: str, offset: int) -> int:
        self._fate.reach("say/before")
        start = max(offset, self._shown.get(key, 0))
        middle = (start + len(text)) // 2
        self._append(key, start, text[start:middle])
        self._fate.reach("say/midway")
        self._append(key, middle, text[middle:])
        self._clock.advance(SPEAKING_S)
        self._fate.reach("say/after")
        return len(text)

    def _append(self, key: str, start: int, text: str) -> None:
        if not text:
            return
        line = json.dumps({"key": key, "start": start, "text": text}) + "\n"
        with self._path.open("ab", buffering=0) as journal:
            journal.write(line.encode("utf-8"))
        self._shown[key] = start + len(text)


def _mortal_graph(saver: TrimmedSaver, fate: Fate) -> Any:
    for method, name in SAVER_POINTS.items():
        setattr(saver, method, fate.around(name, getattr(saver, method)))
    graph: Any = build_graph(saver)
    for name in NODES:
        node = graph.nodes[name].bound
        node.afunc = fate.around(name, node.afunc)
    return graph


async def _report(session: Session, step: Step) -> None:
    if step.kind is EventKind.DREW:
        await session.draw(step.text)
    else:
        await session.report(step.kind, step.text)


async def _take_up(session: Session, services: Services, clock: ManualClock, fate: Fate) -> int:
    """Begin or recover; returns how many events are in the inbox."""
    try:
        await services.store.interview(INTERVIEW)
    except InterviewNotFoundError:
        await session.begin(SETTINGS)
    else:
        fate.seq = max(0, len(await services.store.events(INTERVIEW)) - 1)
        clock.advance(DOWN_S)
        await session.recover()
    return len(await services.store.events(INTERVIEW))


async def live(life: Life, engine: OfflineEngine) -> None:
    """One life: from the start of the process to the end of the interview, or to its own."""
    folder, fate = Path(life.folder), Fate(life)
    with (folder / "lives").open("ab") as lives:
        lives.write(b"x")
        clock = ManualClock(START + timedelta(days=lives.tell()))
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(folder / DATABASE))
        saver = await stack.enter_async_context(open_saver(database.checkpoint_path))
        store: Any = MortalStore(SqlStore(database), fate)
        library: Any = PlanLibrary((PLAN,))
        services = Services(store, library, engine, clock)
        mouth = JournalMouth(folder / JOURNAL, clock, fate)
        session = Session(services, _mortal_graph(saver, fate), INTERVIEW, mouth)  # type: ignore[arg-type]
        taken = await _take_up(session, services, clock, fate)
        for fate.seq, step in enumerate(SCRIPT[taken - 1 :], start=taken):
            clock.advance(step.seconds)
            await _report(session, step)


def _give_birth(life: Life, engine: OfflineEngine) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        asyncio.run(live(life, engine))
    except BaseException:  # noqa: BLE001 - a forked child must not return into its parent's loop
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _watch_over(pid: int, life: Life) -> int:
    """Wait for the child, killing it when its time has come; returns the wait status."""
    journal = Path(life.folder) / JOURNAL
    due = life.journal_size
    while due is not None:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if due == 0 or (journal.exists() and journal.stat().st_size >= due):
            time.sleep(life.delay_s)
            os.kill(pid, signal.SIGKILL)
            due = None
        time.sleep(0.0005)
    return os.waitpid(pid, 0)[1]


def serve() -> None:
    """Say what the script amounts to, then live one life per line of standard input."""
    engine = OfflineEngine()
    engine.prepare(PLAN)
    template = Path(sys.argv[1]) / "template.sqlite"
    bring_up_to_date(template)
    print(json.dumps({"events": len(SCRIPT) + 1, "charged_s": charged_s()}), flush=True)
    for line in sys.stdin:
        life = Life(**json.loads(line))
        database = Path(life.folder) / DATABASE
        if not database.exists():
            shutil.copyfile(template, database)
        status = _watch_over(_give_birth(life, engine), life)
        print(json.dumps(status), flush=True)


if __name__ == "__main__":
    serve()
