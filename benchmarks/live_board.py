"""How soon what is drawn is stored, acknowledged and seen by others.

    python -m benchmarks.live_board [SECONDS]

A server in a process of its own holds 20 boards, each with its editors and two viewers in this
process. Each editor sends 20 updates a second: a box of its own that is dragged, every tenth a new
one, every second editor a pen line of up to 80 points. `acked` is from the call that sends an
update to the frame that acknowledges it, after the commit; `seen` until a viewer has it.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.figures import machine, percentile, print_table, verdict
from bot.settings import Settings
from bot.web.context import Web
from bot.web.links import Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.serving import open_web
from bot.wiring import App, open_app
from interviewer.state import InterviewSettings, RoundSpec
from scenarios.load import Library
from scenarios.model import Level, RoundKind
from storage.scenes import SceneLog

SECONDS = 15.0
WARM_UP_S = 2.0
BOARDS = 20
EDITORS = (1, 4)
VIEWERS = 2
UPDATES_PER_S = 20
NEW_BOX_EVERY = 10
LONGEST_LINE = 80
AIM_P95_MS = 15.0
DAY = timedelta(days=1)


class Everything:
    """Interviews that go on, and that nobody holds."""

    async def show(self, *_: object) -> None:
        """Nobody looks."""

    def stir(self, interview_id: str) -> None:
        """Nobody waits."""

    def may_draw(self, interview_id: str) -> bool:
        """Always."""
        return True

    async def talk(self, interview_id: str) -> Any:
        """Nobody talks."""
        raise NotImplementedError

    def hear(self, interview_id: str, request: object) -> None:
        """Nobody talks."""
        raise NotImplementedError


@dataclass
class Timing:
    """Milliseconds from sending, of what was sent after the warm-up."""

    since: float = 0.0
    acked: list[float] = field(default_factory=list[float])
    seen: list[float] = field(default_factory=list[float])


async def serve(folder: Path) -> None:
    """Make the boards, say where they are and who may draw, and serve them for ever."""
    async with open_app(Settings(home=folder), Library(())) as app:
        links = Links(app.database, app.services.clock)
        boards = LiveBoards(SceneLog(app.database, app.services.clock), app.services.store)
        everything = Everything()
        boards.follow(everything, lambda *_: None)
        web = Web(app, links, boards, everything, everything)
        cookies = [await _cookies(app, links, f"board{number}") for number in range(BOARDS)]
        async with open_web(web, "127.0.0.1", 0) as address:
            print(json.dumps({"address": address, "cookies": cookies}), flush=True)
            await asyncio.Event().wait()


async def _cookies(app: App, links: Links, interview: str) -> dict[str, str]:
    spec = RoundSpec(kind=RoundKind.DESIGN, items=("any",), minutes=60)
    settings = InterviewSettings(rounds=(spec,), level=Level.SENIOR, owner="ada")
    await app.services.store.create_interview(interview, settings, app.services.clock.now())
    found: dict[str, str] = {}
    for role in (Role.EDITOR, Role.VIEWER):
        token = await links.make(role, interview, "ada", lasts=DAY)
        found[role.value] = f"hotseat_{role.value}={await links.cookie_of(token)}"
    return found


async def measure(told: dict[str, Any], editors: int, seconds: float) -> Timing:
    """Let them draw for so long, once all of them have the board open."""
    timing = Timing()
    sent: dict[tuple[str, int], float] = {}
    works: list[Coroutine[Any, Any, None]] = []
    for number, cookies in enumerate(told["cookies"]):
        place = (told["address"], f"board{number}")
        works.append(_watch(await _open(*place, cookies["viewer"]), timing, sent))
        others = [await _open(*place, cookies["viewer"]) for _ in range(VIEWERS - 1)]
        works += map(_drain, others)
        for editor in range(editors):
            socket = await _open(*place, cookies["editor"])
            times: dict[int, float] = {}
            works.append(_draw(socket, f"{number}-{editor}", times, sent))
            works.append(_answers(socket, times, timing))
    timing.since = time.perf_counter() + WARM_UP_S
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.wait(tasks, timeout=WARM_UP_S + seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return timing


async def _open(address: str, interview: str, cookie: str) -> ClientConnection:
    socket = await connect(
        f"{address.replace('http', 'ws', 1)}/i/{interview}/board",
        origin=address,  # pyright: ignore[reportArgumentType]
        additional_headers={"Cookie": cookie},
        compression=None,
        max_size=None,
        open_timeout=60,
        ping_interval=None,
    )
    await socket.recv()
    return socket


async def _draw(
    socket: ClientConnection,
    name: str,
    times: dict[int, float],
    sent: dict[tuple[str, int], float],
) -> None:
    """Send at an even pace, from a moment of its own."""
    await asyncio.sleep(random.random() / UPDATES_PER_S)
    due = time.perf_counter()
    pen = name.split("-")[1] in "13"
    seq = 0
    while True:
        element = _pen_line(name, seq) if pen else _box(name, seq)
        frame = json.dumps({"type": "update", "epoch": 0, "seq": seq, "elements": [element]})
        times[seq] = sent[element["id"], element["version"]] = time.perf_counter()
        await socket.send(frame)
        seq += 1
        due += 1 / UPDATES_PER_S
        await asyncio.sleep(max(0.0, due - time.perf_counter()))


def _element(kind: str, name: str, version: int, **more: object) -> dict[str, Any]:
    nonce = random.randrange(2**31)
    size = {"x": version * 3.5, "y": 20, "width": 180, "height": 80, "angle": 0}
    look = {"strokeColor": "#1e1e1e", "backgroundColor": "#a5d8ff", "fillStyle": "solid"}
    rest = {"strokeWidth": 2, "roughness": 1, "opacity": 100, "groupIds": [], "index": "a1"}
    bound = {"boundElements": [{"id": f"t:{name}", "type": "text"}], "customData": {"kind": "llm"}}
    head = {"type": kind, "id": name, "version": version, "versionNonce": nonce, "seed": nonce}
    return {**head, **size, **look, **rest, **bound, **more}


def _box(name: str, seq: int) -> dict[str, Any]:
    which, version = divmod(seq, NEW_BOX_EVERY)
    return _element("rectangle", f"{name}-{which}", version + 1)


def _pen_line(name: str, seq: int) -> dict[str, Any]:
    which, last = divmod(seq, LONGEST_LINE)
    points = [[place * 2.25, (place % 7) * 3.5] for place in range(last + 1)]
    return _element("freedraw", f"{name}-{which}", last + 1, points=points, pressures=[])


async def _answers(socket: ClientConnection, times: dict[int, float], timing: Timing) -> None:
    # Left undecoded: reading what the others draw would measure this process.
    while frame := await socket.recv(decode=False):
        now = time.perf_counter()
        if b'"type":"update"' in frame[:20]:
            continue
        told = json.loads(frame)
        if told["type"] == "refused":
            raise RuntimeError(told["reason"])
        if told["type"] == "ack" and (since := times.pop(told["seq"])) >= timing.since:
            timing.acked.append((now - since) * 1000)


async def _watch(
    socket: ClientConnection, timing: Timing, sent: dict[tuple[str, int], float]
) -> None:
    async for frame in socket:
        now = time.perf_counter()
        told = json.loads(frame)
        for one in told["elements"] if told["type"] == "update" else ():
            since = sent.pop((one["id"], one["version"]), 0.0)
            if since >= timing.since:
                timing.seen.append((now - since) * 1000)


async def _drain(socket: ClientConnection) -> None:
    while await socket.recv(decode=False):
        pass


def _row(editors: int, timing: Timing, seconds: float) -> Sequence[object]:
    each = [
        f"{percentile(values, share):.1f}"
        for values in (timing.acked, timing.seen)
        for share in (0.5, 0.95, 0.99)
    ]
    return (editors, f"{len(timing.acked) / seconds:.0f}", *each)


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--serve"]:
        asyncio.run(serve(Path(sys.argv[2])))
        return
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    found: dict[int, Timing] = {}
    for editors in EDITORS:
        with ExitStack() as stack:
            folder = stack.enter_context(TemporaryDirectory(prefix="hotseat-bench-"))
            server = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.live_board", "--serve", folder],
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            stack.callback(server.kill)
            assert server.stdout is not None
            told = json.loads(server.stdout.readline())
            found[editors] = asyncio.run(measure(told, editors, seconds))
    head = (
        "editors a board",
        "updates/s",
        "acked p50 ms",
        "p95",
        "p99",
        "seen p50 ms",
        "p95",
        "p99",
    )
    rows = [_row(editors, timing, seconds) for editors, timing in found.items()]
    print_table(f"{BOARDS} boards, {VIEWERS} viewers each ({machine()})", head, rows)
    p95 = percentile(found[1].acked, 0.95)
    print(f"\nstored and acked p95 {p95:.1f} ms, aim {AIM_P95_MS:g}: {verdict(p95, AIM_P95_MS)}")


if __name__ == "__main__":
    main()
