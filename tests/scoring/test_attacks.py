"""What a bluffer, a parrot and an injector obtain from the built-in packs."""

import pytest

from benchmarks.attacks import Moved, Obtained, move, obtain, touched
from scenarios.load import Library, builtin_packs_folder, load_library
from scoring.evidence import EvidenceFinder

MOST_TOUCHED = 0.03
"""Share of honest answers that any gate may touch."""


@pytest.fixture(scope="module")
def library() -> Library:
    """The built-in packs."""
    return load_library(builtin_packs_folder())


@pytest.fixture(scope="module")
def obtained(library: Library) -> dict[str, Obtained]:
    """What every attack obtains."""
    return obtain(library, EvidenceFinder.of)


@pytest.fixture(scope="module")
def moved(library: Library) -> dict[str, Moved]:
    """What additions move."""
    return move(library, EvidenceFinder.of)


@pytest.mark.parametrize(
    "attack",
    [
        "parrot",
        "injection alone",
        "I don't know",
        "off-topic",
        "filler",
        "glossary dump",
        "keyword list",
        "denial",
        "fluent, wrong",
    ],
)
def test_an_attack_obtains_nothing_that_matters(obtained: dict[str, Obtained], attack: str) -> None:
    """No concept of weight 2 or 3 is a hit, in any stage of any item."""
    assert obtained[attack].tried > 100
    assert obtained[attack].hits == []


@pytest.mark.parametrize(
    "addition",
    ["injection appended", "filler of three times its length", "said three times"],
)
def test_additions_raise_no_verdict(moved: dict[str, Moved], addition: str) -> None:
    """What is added to an honest answer and says nothing leaves its verdicts alone."""
    assert moved[addition].verdicts > 1_000
    assert moved[addition].upward == []
    assert moved[addition].downward == []


def test_honest_answers_pass_the_gates(library: Library) -> None:
    """Few honest answers are touched by any gate."""
    total, flags = touched(library, EvidenceFinder.of)

    assert total > 200
    assert flags["any gate"] <= MOST_TOUCHED * total
