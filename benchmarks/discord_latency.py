"""Message in to reply posted on Discord, beside an echo bot; and 200 interviews in one process.

    python -m benchmarks.discord_latency [TURNS [INTERVIEWS [SECONDS]]]

Discord is the stand-in of the tests, in this process; the bots are processes of their own, so that
its work does not count as theirs. A turn lasts from the moment at which the message is sent to the
bot until its reply has been received here. Hotseat and the echo bot, an unmodified client of the
same library that repeats what it is told, take turns in one run.

In the second part every interview gets a message each 20 s, in an open loop: what is late counts
from the moment at which it was due. Every tenth turn presses "Hint" as well.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.answers import answer
from benchmarks.figures import machine, median, percentile, print_table, verdict
from tests.discord_stub import DiscordStub
from tests.discord_stub.channels import Channel
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person

TURNS, WARM_UP = 100, 5
INTERVIEWS, SECONDS, EVERY_S = 200, 120.0, 20.0
STARTS_A_SECOND = 5
HINT_EACH = 10
CORES = 2

AIM_ADDED_MS, AIM_REQUESTS = 25.0, 2.0
AIM_P99_MS, AIM_ACKNOWLEDGED_S, GLOBAL_LIMIT = 500.0, 3.0, 50

REPLY_S, READY_S = 30.0, 120.0
SETTLED_S = 0.15
"""After a reply the card is edited; then nothing more is sent."""


@dataclass(frozen=True)
class Process:
    """A bot, looked at through Linux's /proc."""

    pid: int

    @property
    def cpu_s(self) -> float:
        """CPU seconds so far, of all threads."""
        stat = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def mib(self, name: str) -> float:
        """Resident memory in MiB: VmRSS now, VmHWM at its highest."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith(name))
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def running(*module: str, stub: DiscordStub, home: Path) -> AsyncIterator[Process]:
    """The bot of a module, connected to the stand-in."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTSEAT_")},
        "HOTSEAT_HOME": str(home),
        "HOTSEAT_DISCORD_TOKEN": stub.token,
        "HOTSEAT_DISCORD_API": stub.api_url,
        "HOTSEAT_DISCORD_GATEWAY": stub.gateway_url,
    }
    with (home / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *module, env=env, stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(READY_S):
            while not stub.gateway.connected:
                if process.returncode is not None:
                    raise RuntimeError((home / "bot.log").read_text("utf-8")[-2_000:])
                await asyncio.sleep(0.05)
        yield Process(process.pid)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@dataclass
class Candidate:
    """Somebody who writes to a bot; `said` counts the messages."""

    person: Person
    place: Channel
    said: int = 0

    async def begin(self) -> None:
        """Start a long design round, and see its question."""
        call = await self.person.runs(self.place, "/interview start", round="design", minutes=180)
        await call.finished(within=REPLY_S)
        await self._first_after(0, lambda message: "Listening" in message.text)

    async def turn(self, since: float | None = None) -> float:
        """Milliseconds from sending, or from `since`, to the reply."""
        since = since or time.perf_counter()
        text = answer(self.said, self.person.id % 97)
        self.said += 1
        message = await self.person.says(self.place, text)
        return (await self._first_after(message.id, lambda _: True) - since) * 1000

    async def hint(self) -> float:
        """Seconds until a press was acknowledged."""
        since = time.perf_counter()
        await self.person.presses(self.place, "Hint")
        return time.perf_counter() - since

    async def _first_after(self, message: int, fits: Callable[[Message], bool]) -> float:
        """When the bot's first fitting post after a message was here."""
        bot = self.place.world.bot

        def look() -> float | None:
            for found in reversed(self.place.messages.values()):
                if found.id <= message:
                    return None
                if found.author is bot and found.interaction is None and fits(found):
                    return time.perf_counter()
            return None

        return await self.place.world.changes.until(self.place.id, look, REPLY_S)


def candidate(stub: DiscordStub, name: str) -> Candidate:
    """Somebody who has installed the application."""
    person = stub.add_user(name, installed=True)
    return Candidate(person, person.dm())


@dataclass
class Beside:
    """The first part: milliseconds of turns, and Hotseat's requests."""

    echo_ms: list[float] = field(default_factory=list[float])
    hotseat_ms: list[float] = field(default_factory=list[float])
    requests: int = 0


async def compare(turns: int, folder: Path) -> Beside:
    """Turns of both bots, one after the other."""
    found = Beside()
    async with AsyncExitStack() as stack:
        stubs = [await stack.enter_async_context(DiscordStub()) for _ in range(2)]
        homes = [folder / name for name in ("echo", "hotseat")]
        for home in homes:
            home.mkdir()
        modules = (("benchmarks.echo_bot",), ("bot", "bot"))
        for module, stub, home in zip(modules, stubs, homes, strict=True):
            await stack.enter_async_context(running(*module, stub=stub, home=home))
        echo, hotseat = (candidate(stub, "ada") for stub in stubs)
        await stubs[1].synced(within=READY_S)
        await hotseat.begin()
        await asyncio.sleep(SETTLED_S)
        for index in range(turns + WARM_UP):
            echoed, before = await echo.turn(), len(stubs[1].requests)
            answered = await hotseat.turn()
            await asyncio.sleep(SETTLED_S)
            if index >= WARM_UP:
                found.echo_ms.append(echoed)
                found.hotseat_ms.append(answered)
                found.requests += len(stubs[1].requests) - before
            if "Practice feedback" in hotseat.person.messages(hotseat.place)[-1].text:
                await hotseat.begin()
    return found


@dataclass
class Load:
    """The second part."""

    replies_ms: list[float] = field(default_factory=list[float])
    acknowledged_s: list[float] = field(default_factory=list[float])
    unanswered: int = 0
    requests: int = 0
    wall_s: float = 0.0
    busiest_second: int = 0
    cpu_s: float = 0.0
    resting_mib: float = 0.0
    peak_mib: float = 0.0


async def press(interviews: int, seconds: float, folder: Path) -> Load:
    """So many interviews in one process, a message each 20 s in each."""
    (folder / "load").mkdir()
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(DiscordStub())
        bot = await stack.enter_async_context(
            running("bot", "bot", stub=stub, home=folder / "load")
        )
        await stub.synced(within=READY_S)
        people = [candidate(stub, f"person {number}") for number in range(interviews)]
        load = Load(resting_mib=bot.mib("VmRSS"))
        async with asyncio.TaskGroup() as group:
            for one in people:
                group.create_task(one.begin())
                await asyncio.sleep(1 / STARTS_A_SECOND)
        cpu, wall, before = bot.cpu_s, time.perf_counter(), len(stub.requests)
        stub.rest.everything.peak = 0
        await _open_loop(people, seconds, load)
        load.cpu_s, load.wall_s = bot.cpu_s - cpu, time.perf_counter() - wall
        load.requests = len(stub.requests) - before
        load.busiest_second = stub.most_requests_in_a_second
        load.peak_mib = bot.mib("VmHWM")
    return load


async def _open_loop(people: list[Candidate], seconds: float, load: Load) -> None:
    gap = EVERY_S / len(people)
    since = time.perf_counter()

    async def one(index: int, due: float) -> None:
        person = people[index % len(people)]
        try:
            load.replies_ms.append(await person.turn(due))
            if index % HINT_EACH == 0:
                load.acknowledged_s.append(await person.hint())
        except TimeoutError:
            load.unanswered += 1

    async with asyncio.TaskGroup() as group:
        for index in range(int(seconds / gap)):
            due = since + index * gap
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(index, due))


def show_comparison(found: Beside) -> None:
    """The table of the first part."""
    rows = [
        (name, str(len(ms)), f"{median(ms):.1f}", f"{percentile(ms, 0.95):.1f}", f"{max(ms):.1f}")
        for name, ms in (("Hotseat", found.hotseat_ms), ("echo bot", found.echo_ms))
    ]
    head = ("", "turns", "median ms", "p95 ms", "max ms")
    print_table(f"Message in to reply posted ({machine()})", head, rows)
    added = median(found.hotseat_ms) - median(found.echo_ms)
    each = found.requests / len(found.hotseat_ms)
    print(
        f"\nadded median {added:.1f} ms, aim {AIM_ADDED_MS:g}: {verdict(added, AIM_ADDED_MS)}; "
        f"{each:.2f} requests a turn, aim {AIM_REQUESTS:g}: {verdict(each, AIM_REQUESTS)}"
    )


def show_load(load: Load, interviews: int) -> None:
    """The table of the second part."""
    p99, slowest = percentile(load.replies_ms, 0.99), max(load.acknowledged_s, default=0.0)
    rows = [
        ("turns", f"{len(load.replies_ms):,} in {load.wall_s:.0f} s"),
        ("turns without a reply", f"{load.unanswered}"),
        ("reply p50", f"{median(load.replies_ms):.0f} ms"),
        ("reply p99", f"{p99:.0f} ms"),
        ("reply, longest", f"{max(load.replies_ms, default=0.0):.0f} ms"),
        ("hints, slowest acknowledgement", f"{len(load.acknowledged_s)}, {slowest:.2f} s"),
        ("requests a turn", f"{load.requests / max(1, len(load.replies_ms)):.2f}"),
        ("requests in the busiest second", f"{load.busiest_second} of {GLOBAL_LIMIT}"),
        ("share of one core", f"{load.cpu_s / load.wall_s:.0%}"),
        ("CPU a turn", f"{load.cpu_s * 1000 / max(1, len(load.replies_ms)):.1f} ms"),
        ("resident, no interview; highest", f"{load.resting_mib:.0f}; {load.peak_mib:.0f} MiB"),
    ]
    print_table(f"{interviews} interviews, a message each {EVERY_S:g} s", ("", ""), rows)
    print(
        f"\np99 {p99:.0f} ms, aim {AIM_P99_MS:g}: {verdict(p99, AIM_P99_MS)}; slowest "
        f"acknowledgement {slowest:.2f} s, aim {AIM_ACKNOWLEDGED_S:g}: "
        f"{verdict(slowest, AIM_ACKNOWLEDGED_S)}; busiest second {load.busiest_second}, limit "
        f"{GLOBAL_LIMIT}: {verdict(load.busiest_second, GLOBAL_LIMIT - 1)}"
    )


def main() -> None:
    """Measure with the numbers of the command line, on two cores at most."""
    given = sys.argv[1:]
    turns = int(given[0]) if given else TURNS
    interviews = int(given[1]) if len(given) > 1 else INTERVIEWS
    seconds = float(given[2]) if len(given) > 2 else SECONDS
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with TemporaryDirectory(prefix="hotseat-bench-") as name:
        show_comparison(asyncio.run(compare(turns, Path(name))))
        show_load(asyncio.run(press(interviews, seconds, Path(name))), interviews)


if __name__ == "__main__":
    main()
