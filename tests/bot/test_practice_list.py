"""The practice list: due, soon and later by the clock, and only what the packs hold."""

from datetime import UTC, datetime, timedelta

from bot.practice_list import SOON, practice_list
from scenarios.load import Library
from scoring.practice_schedule import Recall, Review
from scoring.verdicts import Verdict

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUESTION = "what-is-a-token"


def measured(library: Library, recall: Recall) -> list[Review]:
    """One review of every concept of the question."""
    plan = library.round_for(QUESTION)
    return [
        Review(QUESTION, key, recall, Verdict.PARTIAL, concept.weight, START)
        for key, concept in plan.concepts()
    ]


def test_each_concept_is_in_one_group(library: Library) -> None:
    """Due by now, due within the week, or later: never in two, never lost."""
    reviews = measured(library, Recall.EASY)

    fresh = practice_list(reviews, library, START)
    due_at = fresh.next_due
    assert due_at is not None
    before = practice_list(reviews, library, due_at - SOON)
    at_last = practice_list(reviews, library, due_at + timedelta(days=365))

    assert len(fresh.later) == len(fresh.entries) == len(reviews)
    assert [entry.planned.due_at for entry in before.soon] == [due_at] * len(before.soon) != []
    assert len(at_last.due) == len(reviews)
    assert (at_last.soon, at_last.later) == ((), ())


def test_an_entry_knows_what_to_ask(library: Library) -> None:
    """The round of the item and the concept as the pack states it."""
    listed = practice_list(measured(library, Recall.AGAIN), library, START)

    for entry in listed.entries:
        assert entry.plan.item == entry.planned.item == QUESTION
        assert entry.concept == dict(entry.plan.concepts())[entry.planned.key]
        assert entry.concept.probes


def test_what_the_packs_lost_is_counted(library: Library) -> None:
    """It is measured, and not listed."""
    reviews = measured(library, Recall.AGAIN)

    listed = practice_list(reviews, Library(()), START)

    assert (listed.entries, listed.lost, listed.next_due) == ((), len(reviews), None)
    assert listed.measured


def test_nothing_measured(library: Library) -> None:
    """Nothing to list, and it says so."""
    assert not practice_list([], library, START).measured
