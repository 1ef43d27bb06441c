"""`python -m benchmarks [NAME...]`: runs all measurements or the named ones, one after the other.

Each runs in a process of its own, so that none pays for what another has loaded.
"""

from __future__ import annotations

import os
import subprocess
import sys

NAMES = (
    "blind_cases",
    "examples",
    "attacks",
    "human_grades",
    "adaptivity",
    "finder",
    "turn",
    "waiting",
    "startup",
    "crash",
    "discord_latency",
    "model_turn",
    "model_cost",
    "injections",
    "judge_claims",
    "scene_reading",
    "board_picture",
    "live_board",
    "page_start",
    "board_reading",
    "voice_talk",
    "voice_frontier",
    "voice_glossary",
    "gpu_speech",
)

GRADED_DATA = "HOTSEAT_BENCH_DATA"
"""Names the folder of `human_grades`, which holds what others have published."""


def main() -> int:
    """Run them; 0 if all of them ran."""
    names = sys.argv[1:] or NAMES
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    failed = False
    for name in names:
        print(f"\n## {name}", flush=True)
        if name == "human_grades" and not os.environ.get(GRADED_DATA):
            print(f"skipped: {GRADED_DATA} names no folder with graded data", flush=True)
            continue
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        failed |= subprocess.run(command, check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
