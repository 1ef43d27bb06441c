"""No correction of a heard answer makes a hit of what the packs' authors call wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest

from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.rounds import RoundPlan
from scoring.corrections import CorrectionRefusedError, check_hearing
from scoring.evidence import EvidenceFinder
from scoring.slips import words_of
from scoring.transcript import Source, Speaker, Turn, Word
from scoring.verdicts import Verdict

ROUNDS = 12
"""Rounds that the sweep goes through, spread over the packs."""

SMALL = ("", "the", "a", "is", "by", "as", "from")
DOUBTFUL = (Verdict.CONTRADICTED, Verdict.UNSURE)


@cache
def library() -> Library:
    """The shipped packs."""
    return load_library(builtin_packs_folder())


@cache
def plans() -> tuple[RoundPlan, ...]:
    """Every round that one item of the packs makes."""
    ids = [one.id for one in (*library().scenarios, *library().questions)]
    return tuple(library().round_for(id_) for id_ in ids)


def wrong_answers(plan: RoundPlan) -> tuple[str, ...]:
    """What sounds like a concept of the round and is wrong."""
    return tuple(
        text
        for _, concept in plan.concepts()
        for text in (*concept.near_misses, *(one.example for one in concept.contradictions))
    )


def spoken(text: str, *, uncertain: bool) -> Turn:
    """An answer of which the recogniser was sure of every word or of none."""
    words = tuple(
        Word(word, float(at), at + 0.5, uncertain) for at, word in enumerate(text.split())
    )
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Turn("c0001", 1, Speaker.CANDIDATE, text, 0, "", at, Source.SPOKEN, words)


def lifted(finder: EvidenceFinder, heard: str, meant: str) -> set[str]:
    """The concepts that were in doubt in what was heard and are hit in what was meant."""
    doubtful = {found.key for found in finder.find(heard) if found.verdict in DOUBTFUL}
    return doubtful & {found.key for found in finder.find(meant) if found.verdict is Verdict.HIT}


def is_accepted(finder: EvidenceFinder, heard: str, meant: str, *, uncertain: bool) -> bool:
    """Whether the second text may stand for the first."""
    try:
        check_hearing(spoken(heard, uncertain=uncertain), meant, finder)
    except CorrectionRefusedError:
        return False
    return True


def variants(text: str) -> Iterator[str]:
    """The text with each of its words dropped, or become a small one."""
    words = text.split()
    for at in range(len(words)):
        for small in SMALL:
            yield " ".join((*words[:at], *small.split(), *words[at + 1 :]))


def test_an_article_makes_no_hit() -> None:
    """A change that any recogniser needs is refused where it alone turns the verdict."""
    heard = "I'd ask the model whether its own answer was good"
    meant = heard.replace("the model", "a model")
    (plan,) = (plan for plan in plans() if any(heard in text for text in wrong_answers(plan)))
    finder = EvidenceFinder.of(plan)
    assert lifted(finder, heard, meant)

    with pytest.raises(CorrectionRefusedError, match="contradicted or unsure into a hit"):
        check_hearing(spoken(heard, uncertain=False), meant, finder)
    assert is_accepted(finder, heard, f"{heard}.", uncertain=False)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("leave", "by"), ("gut", "as"), ("bring", ""), ("little", ""), ("possible", "parseable")],
)
@pytest.mark.parametrize("uncertain", [False, True])
def test_no_word_of_a_wrong_answer_becomes_a_right_one(
    wrong: str, right: str, uncertain: bool
) -> None:
    """Neither by another word in its place nor by leaving it out, in any answer that holds it."""
    tried = 0
    for plan in plans():
        texts = [text for text in wrong_answers(plan) if wrong in words_of(text)][:3]
        finder = EvidenceFinder.of(plan) if texts else None
        for text in texts:
            assert finder is not None
            tried += 1
            meant = " ".join(text.replace(wrong, right, 1).split())
            accepted = is_accepted(finder, text, meant, uncertain=uncertain)
            assert not (accepted and lifted(finder, text, meant)), text
        if tried > 5:
            break
    assert tried


def test_no_small_word_makes_a_hit_of_a_wrong_answer() -> None:
    """However unsure the recogniser was: the sweep that found the ways in."""
    tried = 0
    for plan in plans()[:: max(1, len(plans()) // ROUNDS)]:
        finder = EvidenceFinder.of(plan)
        for text in wrong_answers(plan)[:4]:
            for meant in variants(text):
                if lifted(finder, text, meant):
                    tried += 1
                    assert not is_accepted(finder, text, meant, uncertain=True), (text, meant)
    assert tried
