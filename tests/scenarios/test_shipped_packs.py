"""Every file that ships is loaded and linted with the finder that grades the answers."""

from functools import cache
from pathlib import Path

import pytest
from scenario_samples import OfflineFinder

from scenarios.documents import Problem
from scenarios.lint import lint
from scenarios.load import PackError, builtin_packs_folder, load_library

PACKS = builtin_packs_folder()
FILES = sorted(path.relative_to(PACKS).as_posix() for path in PACKS.rglob("*.yaml"))


@cache
def problems() -> tuple[Problem, ...]:
    """Everything that is wrong with the shipped packs."""
    try:
        return lint(load_library(PACKS), OfflineFinder())
    except PackError as err:
        return err.problems


def test_packs_are_shipped() -> None:
    """The list below is not empty because of a wrong folder."""

    assert "core/pack.yaml" in FILES


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_file_has_no_problems(name: str) -> None:
    """What candidates are asked, and compared with, says what it should."""
    path = PACKS / Path(name)

    assert [str(problem) for problem in problems() if problem.path == path] == []


def test_no_problem_stands_outside_the_files() -> None:
    """Faults of a folder are no less faults."""
    paths = {PACKS / Path(name) for name in FILES}

    assert [str(problem) for problem in problems() if problem.path not in paths] == []
