"""`python -m evals`: the gate. `python -m evals live`: the same suites on a real API."""

from __future__ import annotations

import argparse
import sys

from evals.baseline import BaselineError
from evals.documents import CaseError
from evals.live import CEILING_USD, LiveError
from evals.worktree import WorktreeError


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments say; 0 if all holds, 1 if not, 2 if it could not be run."""
    given = _parser().parse_args(arguments)
    try:
        return _run(given)
    except (BaselineError, CaseError, LiveError, WorktreeError) as err:
        sys.stderr.write(f"{err}\n")
        return 2


def _run(given: argparse.Namespace) -> int:
    if given.where == "live":
        from evals.live import run_live

        return run_live(given.ceiling_usd)
    from evals.gate import run_accept, run_gate

    return run_gate() if given.accept is None else run_accept(given.accept, dirty=given.dirty)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("where", nargs="?", choices=("live",), help="on the API of your settings")
    parser.add_argument(
        "--accept", metavar="REASON", help="take today's figures as the new baseline"
    )
    parser.add_argument(
        "--dirty", action="store_true", help="accept although the tree has uncommitted changes"
    )
    parser.add_argument(
        "--ceiling-usd",
        type=float,
        default=CEILING_USD,
        metavar="USD",
        help="the most that a live run may cost (default %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
