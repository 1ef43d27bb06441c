"""What a system under test costs: processor time, memory, and how long its event loop was held up.

Only the standard library: both systems measure themselves with it.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

TICK_S = 0.005


class Costs:
    """Counts from `start` to `report`; on the running loop."""

    def __init__(self) -> None:
        self._late_ms: list[float] = []
        self._watch: asyncio.Task[None] | None = None
        self._cpu_since = 0.0

    def start(self) -> None:
        """Begin to count."""
        self._cpu_since = time.process_time()
        self._watch = asyncio.create_task(self._ticks())

    def report(self) -> dict[str, Any]:
        """Seconds of processor, MiB of resident memory, and the loop's delays in ms."""
        if self._watch is not None:
            self._watch.cancel()
        late = sorted(self._late_ms) or [0.0]
        return {
            "cpu_s": time.process_time() - self._cpu_since,
            "rss_mib": resident_mib(),
            "stall_p50_ms": late[len(late) // 2],
            "stall_p99_ms": late[int(len(late) * 0.99)],
            "stall_max_ms": late[-1],
        }

    async def _ticks(self) -> None:
        while True:
            due = time.monotonic() + TICK_S
            await asyncio.sleep(TICK_S)
            self._late_ms.append((time.monotonic() - due) * 1000)


def resident_mib() -> float:
    """Resident memory of this process in MiB; Linux."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
