"""The process that gets killed, with a language model: its follow-ups, verdicts and budgets.

Run as `python -m tests.interviewer.model_crash_child` it is a fork server like `crash_child`. Each
life has a server of its own that speaks the Messages API, which dies with it; the character behind
it answers the same question in the same way, so that any two rounds can be compared.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import traceback
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from interviewer.budget import Budgeted, Limits
from interviewer.clock import ManualClock
from interviewer.desk import Services
from interviewer.engines.claude import ClaudeModel
from interviewer.engines.model_engine import ModelEngine
from interviewer.engines.offline import OfflineEngine
from interviewer.engines.providers import provider_named
from interviewer.engines.turn_prompt import TurnSettings
from interviewer.grading import JudgeGrader
from interviewer.ports import InterviewNotFoundError
from interviewer.prices import load_prices
from interviewer.session import Session
from interviewer.state import EventKind, InterviewSettings, RoundSpec
from scenarios.model import Level
from scoring.evidence import EvidenceFinder
from scoring.judge import JudgeSettings
from scoring.language_model import Ask, LanguageModel, StreamItem
from storage.checkpoints import open_saver
from storage.database import open_database
from storage.interviews import SqlStore
from storage.revisions import bring_up_to_date
from storage.spending import SqlLedger
from tests.interviewer.crash_child import (
    DATABASE,
    INTERVIEW,
    JOURNAL,
    STORE_POINTS,
    Fate,
    JournalMouth,
    Life,
    Step,
    _mortal_graph,
    _says,
    _watch_over,
)
from tests.interviewer.live_world import PlanLibrary
from tests.interviewer.worlds import design_plan
from tests.messages_stub import Character, MessagesStub, Seen, honest

BEGAN = datetime(2026, 12, 1, 9, tzinfo=UTC)
"""After the first day of the prices."""

DOWN_S = 1000.0
LIMITS = Limits(interview_usd=5.0, user_day_usd=5.0, server_day_usd=5.0, day_usd=5.0)
TURN = TurnSettings(model="claude-haiku-5-5", first_text_s=60.0, deadline_s=60.0)
JUDGE = JudgeSettings(model="claude-sonnet-5-5", samples=1, samples_when_split=1)

SCRIPT: tuple[Step, ...] = (
    *_says(
        "I would keep the whole thing small, with one service that does it all.",
        "I would rather begin with few people who look after it.",
    ),
    Step(EventKind.NEXT, 4),
    *_says(
        "The message goes to a planner which calls tools, and it loops until it is done.",
        "Fine, then I put a cap on the steps, eight iterations at most.",
        "We retrieve the help pages and cite the source of each answer.",
        "A router looks at each request and picks one of the machines for it.",
    ),
    Step(EventKind.NEXT, 3),
    *_says("It is all behind the gateway of the shop, which has a firewall."),
    Step(EventKind.END, 12),
)

PLAN = design_plan(minutes=30)
SETTINGS = InterviewSettings(
    rounds=(RoundSpec(kind=PLAN.kind, items=(PLAN.item,), minutes=PLAN.minutes),),
    level=Level.MID,
)

MORTAL = {**STORE_POINTS, "extend_utterance": "extend", "note_assessments": "note"}


class MortalStore:
    """The real store with places to die, those of a streamed utterance included."""

    def __init__(self, store: SqlStore, fate: Fate) -> None:
        self._store = store
        for method, name in MORTAL.items():
            setattr(self, method, fate.around(name, getattr(store, method)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class MortalLedger:
    """The real ledger with places to die."""

    def __init__(self, ledger: SqlLedger, fate: Fate) -> None:
        self.reserve = fate.around("reserve", ledger.reserve)
        self.settle = fate.around("settle", ledger.settle)


class MortalModel:
    """The real model, in which the process dies before, in and after an answer."""

    def __init__(self, model: LanguageModel, fate: Fate) -> None:
        self.name = model.name
        self._model = model
        self._fate = fate

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        self._fate.reach("call/before")
        async for item in self._model.stream(ask):
            yield item
            self._fate.reach("call/midway")
        self._fate.reach("call/after")


async def live(life: Life, engine: OfflineEngine, character: Character) -> None:
    """One life: from the start of the process to the end of the interview, or to its own."""
    folder, fate = Path(life.folder), Fate(life)
    with (folder / "lives").open("ab") as lives:
        lives.write(b"x")
        clock = ManualClock(BEGAN + timedelta(minutes=lives.tell()))
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(MessagesStub(character))
        server = ClaudeModel(provider_named("anthropic"), stub.key, stub.url)
        await server.open()
        stack.push_async_callback(server.close)
        database = await stack.enter_async_context(open_database(folder / DATABASE))
        saver = await stack.enter_async_context(open_saver(database.checkpoint_path))
        ledger: Any = MortalLedger(SqlLedger(database), fate)
        model = Budgeted(
            MortalModel(server, fate), load_prices(None), ledger, LIMITS, clock, lambda _: None
        )
        store: Any = MortalStore(SqlStore(database), fate)
        library: Any = PlanLibrary((PLAN,))
        services = Services(
            store,
            library,
            ModelEngine(model, TURN, engine, b"a secret"),
            clock,
            JudgeGrader(model, JUDGE, b"a secret", within_s=60.0),
        )
        mouth = JournalMouth(folder / JOURNAL, clock, fate)
        session = Session(services, _mortal_graph(saver, fate), INTERVIEW, mouth)  # type: ignore[arg-type]
        await _play(session, services, clock, fate)


async def _play(session: Session, services: Services, clock: ManualClock, fate: Fate) -> None:
    try:
        await services.store.interview(INTERVIEW)
    except InterviewNotFoundError:
        await session.begin(SETTINGS)
    else:
        fate.seq = max(0, len(await services.store.events(INTERVIEW)) - 1)
        clock.advance(DOWN_S)
        await session.recover()
    taken = len(await services.store.events(INTERVIEW))
    for fate.seq, step in enumerate(SCRIPT[taken - 1 :], start=taken):
        clock.advance(step.seconds)
        await session.report(step.kind, step.text)


def noting(character: Character) -> Character:
    """Who notes whole turns, since the finder's quotes are too short to count as claims."""

    def answer(seen: Seen) -> dict[str, Any]:
        given: dict[str, Any] = dict(character(seen))  # type: ignore[arg-type]
        if seen.purpose == "interview":
            quote = seen.candidate_texts()[-1]
            given["assessments"] = [{**one, "quote": quote} for one in given["assessments"]]
        return given

    return answer


def _give_birth(life: Life, be_born: Callable[[Life], Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        asyncio.run(be_born(life))
    except BaseException:  # noqa: BLE001 - a forked child must not return into its parent's loop
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def serve() -> None:
    """Say how long the script is, then live one life per line of standard input."""
    import anthropic

    assert anthropic.AsyncAnthropic  # loaded once, before the children are born
    engine, finder = OfflineEngine(), EvidenceFinder.of(PLAN)
    engine.prepare(PLAN)
    known: Any = SimpleNamespace(
        scenarios=(SimpleNamespace(id=PLAN.item),),
        prompts=(),
        questions=(),
        round_for=PlanLibrary((PLAN,)).round_for,
    )
    character = noting(honest(known, lambda _: finder))
    template = Path(sys.argv[1]) / "template.sqlite"
    bring_up_to_date(template)
    charged_s = sum(step.seconds for step in SCRIPT)
    print(json.dumps({"events": len(SCRIPT) + 1, "charged_s": charged_s}), flush=True)
    for line in sys.stdin:
        life = Life(**json.loads(line))
        database = Path(life.folder) / DATABASE
        if not database.exists():
            shutil.copyfile(template, database)
        pid = _give_birth(life, lambda life: live(life, engine, character))
        print(json.dumps(_watch_over(pid, life)), flush=True)


if __name__ == "__main__":
    serve()
