"""A thousand waiting interviews in one process, and 50 turns a second over them.

    python -m benchmarks.waiting [INTERVIEWS [SECONDS]]

The load is an open loop: answers arrive every 20 ms whether or not the earlier ones are done, and
an answer's latency counts from the moment it was due, so a queue shows. Memory is resident memory
of the whole process, read from Linux's /proc.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from benchmarks.answers import answer
from benchmarks.figures import machine, percentile, print_table, verdict
from benchmarks.rehearsal import SilentMouth, rehearsal_app, settings_of_round
from bot.wiring import open_sessions
from interviewer.clock import ManualClock
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind

INTERVIEWS = 1_000
SECONDS = 30.0
TURNS_PER_SECOND = 50
AIM_MIB, AIM_CORE = 150.0, 0.5


def resident_mib() -> float:
    """Resident memory of this process in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


async def begin_all(sessions: list[Session]) -> None:
    """Every interview asks its first question and waits."""
    for session in sessions:
        await session.begin(settings_of_round())


async def press(sessions: list[Session], clock: ManualClock, seconds: float) -> list[float]:
    """Latencies in ms of answers that arrive at a fixed rate, one interview after the other."""
    latencies: list[float] = []
    since = time.perf_counter()

    async def one(session: Session, text: str, due: float) -> None:
        await session.report(EventKind.SAID, text)
        latencies.append((time.perf_counter() - due) * 1000)

    async with asyncio.TaskGroup() as group:
        for index in range(int(seconds * TURNS_PER_SECOND)):
            due = since + index / TURNS_PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            clock.advance(1 / TURNS_PER_SECOND)
            session = sessions[index % len(sessions)]
            group.create_task(one(session, answer(index // len(sessions), index), due))
    return latencies


async def measure(interviews: int, seconds: float) -> None:
    """Print both tables."""
    async with rehearsal_app() as (app, clock), open_sessions(app) as open_session:
        mouth = SilentMouth()
        warm = open_session(new_interview_id(), mouth)
        await warm.begin(settings_of_round())
        await warm.report(EventKind.SAID, answer(0))
        before = resident_mib()
        sessions = [open_session(new_interview_id(), mouth) for _ in range(interviews)]
        await begin_all(sessions)
        waiting = resident_mib()
        cpu, wall = time.process_time(), time.perf_counter()
        latencies = await press(sessions, clock, seconds)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        after = resident_mib()
    _show_memory(before, waiting, after, interviews)
    _show_load(latencies, cpu, wall)


def _show_memory(before: float, waiting: float, after: float, interviews: int) -> None:
    rows = [
        ("one interview, engine loaded", f"{before:.0f}"),
        (f"{interviews:,} more, waiting", f"{waiting:.0f}"),
        ("after the load", f"{after:.0f}"),
    ]
    print_table(f"Memory ({machine()})", ("", "resident MiB"), rows)
    each = (waiting - before) * 1024 / interviews
    print(
        f"\n{each:.0f} KiB an interview; {waiting:.0f} MiB in all, aim {AIM_MIB:g}: "
        f"{verdict(waiting, AIM_MIB)}"
    )


def _show_load(latencies: list[float], cpu: float, wall: float) -> None:
    rows = [
        ("turns", f"{len(latencies):,}"),
        ("turns a second", f"{len(latencies) / wall:.1f}"),
        ("CPU ms a turn", f"{cpu * 1000 / len(latencies):.1f}"),
        ("share of one core", f"{cpu / wall:.0%}"),
        *(
            (f"latency p{share}", f"{percentile(latencies, share / 100):.0f} ms")
            for share in (50, 95, 99)
        ),
        ("latency, longest", f"{max(latencies):.0f} ms"),
    ]
    print_table(f"{TURNS_PER_SECOND} turns a second", ("", ""), rows)
    print(f"\n{cpu / wall:.0%} of a core, aim {AIM_CORE:.0%}: {verdict(cpu / wall, AIM_CORE)}")


def main() -> None:
    """Measure with the numbers of the command line."""
    interviews = int(sys.argv[1]) if len(sys.argv) > 1 else INTERVIEWS
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    asyncio.run(measure(interviews, seconds))


if __name__ == "__main__":
    main()
