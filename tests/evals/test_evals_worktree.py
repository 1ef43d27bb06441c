"""Which commit figures are of."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from evals.worktree import WorktreeError, worktree_at

ME = ("-c", "user.name=me", "-c", "user.email=me@example.org")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with one commit."""
    (tmp_path / "rules.py").write_text("1")
    (tmp_path / "baseline.json").write_text("{}")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, *ME, "commit", "-m", "first")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "dirty"), [("baseline.json", False), ("rules.py", True), ("new.py", True)]
)
def test_changes_and_new_files_make_a_tree_dirty(tree: Path, file: str, dirty: bool) -> None:
    """But for the baseline itself, which is about to be written anew."""
    assert not worktree_at(tree, "baseline.json").dirty

    (tree / file).write_text("2")

    found = worktree_at(tree, "baseline.json")
    assert found.dirty is dirty
    assert len(found.commit) == 40


def test_without_version_control_there_is_nothing_to_name(tmp_path: Path) -> None:
    """An unpacked archive has no commit, and says so instead of inventing one."""
    with pytest.raises(WorktreeError, match="git checkout only"):
        worktree_at(tmp_path, "baseline.json")
