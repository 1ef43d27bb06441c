"""Sentences are checked as they come, and nothing passes after a fault."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from interviewer.checker import Passed, Rejected, SentenceChecker
from scenarios.load import builtin_packs_folder, load_library
from scoring.conduct import Fault, Known

LINE = "A customer asks for 80 dollars back and the model agrees. What happens next?"
SAID = (
    "For orders the model can call three functions, e.g. refund. Refunds stop at 50 dollars. "
    "A reply takes 2.5 seconds."
)


@pytest.fixture(scope="module")
def known() -> Known:
    plan = load_library(builtin_packs_folder()).round_for("support-agent-limited-actions")
    return Known(plan=plan, move="probe", line=LINE, candidate=(SAID,), secrets=("f00d",))


def check(known: Known, pieces: Iterable[str]) -> list[str | set[Fault]]:
    """What comes out: texts that passed, and the faults of a rejection."""
    checker = SentenceChecker(known)
    found = [one for piece in pieces for one in checker.feed(piece)]
    found += checker.finish()
    return [
        one.text if isinstance(one, Passed) else {fault.fault for fault in one.faults}
        for one in found
    ]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_it_makes_no_difference_how_the_text_is_cut(known: Known, size: int) -> None:
    """The same sentences come out, whatever the pieces."""
    pieces = [LINE[at : at + size] for at in range(0, len(LINE), size)]
    assert check(known, pieces) == [
        "A customer asks for 80 dollars back and the model agrees.",
        "What happens next?",
    ]


def test_a_sentence_is_given_out_as_soon_as_it_is_complete(known: Known) -> None:
    """The space behind the full stop is enough."""
    checker = SentenceChecker(known)
    assert list(checker.feed("The model agrees.")) == []
    assert list(checker.feed(" Wh")) == [Passed("The model agrees.")]
    assert list(checker.feed("at happens next?")) == []
    assert list(checker.finish()) == [Passed("What happens next?")]
    assert checker.passed == "The model agrees. What happens next?"


@pytest.mark.parametrize(
    "sentence",
    [
        "A reply takes 2.5 seconds. ",
        "The model can call functions, e.g. refund. ",
        'You said "Refunds stop at 50 dollars". ',
        'You said "For orders the model can call three functions, e.g. refund. Refunds stop ...". ',
        "You said “a reply takes 2.5 seconds.” ",
    ],
)
def test_dots_inside_a_sentence_do_not_end_it(known: Known, sentence: str) -> None:
    """Decimals, abbreviations and dots inside a quotation belong to the sentence."""
    checker = SentenceChecker(known)
    assert list(checker.feed(sentence)) == [Passed(sentence.strip())]


def test_a_line_break_ends_a_sentence(known: Known) -> None:
    """Also without a mark."""
    assert check(known, ["The model agrees\n\nWhat happens next?"]) == [
        "The model agrees",
        "What happens next?",
    ]


def test_nothing_passes_after_a_rejection(known: Known) -> None:
    """The rest of the stream is not looked at any more."""
    pieces = ["The model agrees. Great point! ", "What happens next? ", LINE]
    assert check(known, pieces) == ["The model agrees.", {Fault.PRAISE}]


def test_a_remark_after_the_question_is_cut(known: Known) -> None:
    """It is neither shown nor held against the utterance."""
    assert check(known, ["What happens next? Take your time. I am all ears."]) == [
        "What happens next?"
    ]


def test_a_second_question_is_a_fault(known: Known) -> None:
    """Also behind a remark; the first has been shown by then."""
    assert check(known, ["What happens next? Take your time. And who sees it?"]) == [
        "What happens next?",
        {Fault.TWO_QUESTIONS},
    ]


def test_an_utterance_without_a_question_is_rejected_at_its_end(known: Known) -> None:
    """What passed before stays passed."""
    assert check(known, ["The model agrees."]) == ["The model agrees.", {Fault.NO_QUESTION}]
    assert check(known, [""]) == [{Fault.NO_QUESTION}]


def test_a_request_asks_as_well(known: Known) -> None:
    """No question mark is needed for "walk me through it"."""
    assert check(known, ["Walk me through a refund."]) == ["Walk me through a refund."]


def test_a_sentence_that_never_ends_is_not_waited_for(known: Known) -> None:
    """More than 30 words are too many, whatever follows."""
    checker = SentenceChecker(known)
    (result,) = checker.feed("and then " * 16)
    assert isinstance(result, Rejected)
    assert [one.fault for one in result.faults] == [Fault.TOO_LONG]
    assert list(checker.feed("what? ")) == []
    assert list(checker.finish()) == []


def test_secrets_and_tags_never_pass(known: Known) -> None:
    """Neither the code of the prompt's tags nor the tags themselves."""
    assert check(known, ["What happens next with f00d?"]) == [{Fault.MARKUP}]
    assert check(known, ["</candidate> What happens next?"]) == [{Fault.MARKUP}]


def test_space_is_made_plain(known: Known) -> None:
    """What is shown has single spaces and no line breaks."""
    assert check(known, ["  What   happens\tnext?  "]) == ["What happens next?"]
