"""How long the command takes to answer: `hotseat --help`, and the first question of `practice`.

    python -m benchmarks.startup [RUNS]

`cold` is a first run: no compiled bytecode of Hotseat or of any library, and no data folder. The
file system's cache is not emptied. `warm` is the run after it. The first question is on the screen
when its last word has come out of the pipe.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import machine, median, print_table, verdict
from benchmarks.rehearsal import SCENARIO
from scenarios.load import builtin_packs_folder, load_library

RUNS = 10
COLD_RUNS = 3
AIM_HELP_CPU_S = 0.3
HOTSEAT = (sys.executable, "-m", "bot")
_DISTURBING = frozenset({"PYTHONDONTWRITEBYTECODE", "HOTSEAT_DATABASE", "HOTSEAT_PACKS"})
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """Seconds from the start of the process: on the clock, and of processor time."""

    wall_s: float
    cpu_s: float


def environment(folder: Path) -> dict[str, str]:
    """Bytecode and data under `folder` instead of where they are usually kept."""
    own = {"PYTHONPYCACHEPREFIX": str(folder / "pyc"), "HOTSEAT_HOME": str(folder / "home")}
    usual = {name: value for name, value in os.environ.items() if name not in _DISTURBING}
    return {**usual, **own, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


def run_help(folder: Path) -> Run:
    """One `hotseat --help`."""
    cpu, since = _children_cpu(), time.perf_counter()
    subprocess.run(
        [*HOTSEAT, "--help"], env=environment(folder), check=True, stdout=subprocess.DEVNULL
    )
    return Run(time.perf_counter() - since, _children_cpu() - cpu)


def run_practice(folder: Path, last_words: str) -> Run:
    """One `hotseat practice` up to its first question, then the end of its input.

    CPU time includes leaving again.
    """
    cpu, since = _children_cpu(), time.perf_counter()
    command = [*HOTSEAT, "practice", SCENARIO, "--level", "mid"]
    with subprocess.Popen(
        command, env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018
        for line in process.stdout:
            if line.rstrip().endswith(last_words):
                break
        else:
            raise RuntimeError(f"{' '.join(command)} ended before the first question")
        shown = time.perf_counter() - since
        process.stdin.close()
        process.stdout.read()
    return Run(shown, _children_cpu() - cpu)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _row(name: str, runs: list[Run]) -> tuple[str, ...]:
    wall, cpu = median([run.wall_s for run in runs]), median([run.cpu_s for run in runs])
    return (name, str(len(runs)), f"{wall:.2f}", f"{cpu:.2f}")


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    opening = load_library(builtin_packs_folder()).round_for(SCENARIO).stages[0].opening
    last_words = " ".join(opening.split()[-3:])
    helps: dict[str, list[Run]] = {"cold": [], "warm": []}
    firsts: dict[str, list[Run]] = {"cold": [], "warm": []}
    for _ in range(COLD_RUNS):
        with TemporaryDirectory(prefix="hotseat-bench-") as name:
            helps["cold"].append(run_help(Path(name)))
        with TemporaryDirectory(prefix="hotseat-bench-") as name:
            firsts["cold"].append(run_practice(Path(name), last_words))
    with TemporaryDirectory(prefix="hotseat-bench-") as name:
        folder = Path(name)
        run_practice(folder, last_words)
        run_help(folder)
        for _ in range(runs):
            helps["warm"].append(run_help(folder))
            firsts["warm"].append(run_practice(folder, last_words))
    rows = [_row(f"--help, {kind}", found) for kind, found in helps.items()]
    rows += [_row(f"first question, {kind}", found) for kind, found in firsts.items()]
    print_table(f"Start ({machine()})", ("", "runs", "median s", "median CPU s"), rows)
    cpu = median([run.cpu_s for run in helps["warm"]])
    print(f"\n`--help` {cpu:.2f} s of CPU, aim {AIM_HELP_CPU_S:g}: {verdict(cpu, AIM_HELP_CPU_S)}")


if __name__ == "__main__":
    main()
