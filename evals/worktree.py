"""Which commit the figures are of, and whether anything else was in the tree."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple


class Worktree(NamedTuple):
    """The commit, and whether files are changed or added beside it."""

    commit: str
    dirty: bool


class WorktreeError(Exception):
    """The tree is not under version control; the message says so."""


def worktree_at(root: Path, beside: str) -> Worktree:
    """The tree at `root`; changes of the file `beside` are none. Raises `WorktreeError`."""
    commit = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain", "--", ".", f":(exclude){beside}")
    return Worktree(commit, bool(changes))


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            ["git", *arguments],  # noqa: S607 - whichever git there is
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as err:
        raise WorktreeError(f"{root}: figures are accepted in a git checkout only: {err}") from err
    return done.stdout.strip()
