"""`python -m benchmarks [NAME...]`: runs all measurements or the named ones, one after the other.

Each runs in a process of its own, so that none pays for what another has loaded.
"""

from __future__ import annotations

import subprocess
import sys

NAMES = (
    "blind_cases",
    "examples",
    "adaptivity",
    "finder",
    "turn",
    "waiting",
    "startup",
    "crash",
)


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
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        failed |= subprocess.run(command, check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
