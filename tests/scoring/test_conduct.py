"""What an interviewer must not say is noticed, and what a good one says is let through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conduct_samples import known_after, lines_of, plans, sentences

from scenarios.rounds import RoundPlan
from scoring.conduct import (
    MAX_WORDS,
    Conduct,
    Fault,
    FoundFault,
    Known,
    faults_in,
    whole_utterance_faults,
)

NEXT = "What happens next?"


def faults(text: str, known: Known) -> set[Fault]:
    return {found.fault for found in whole_utterance_faults(text, known)}


def missed(name: str) -> tuple[list[str], int]:
    """The hostile sentences of a list in which no fault was found, and how many there are."""
    listed = [one for ones in sentences(name).values() for one in ones]
    passed = [one["say"] for one in listed if not faults(one["say"], known_after(one["after"]))]
    return passed, len(listed)


def refused(name: str) -> tuple[list[str], int]:
    """The honest sentences of a list in which a fault was found, and how many there are."""
    listed = [(answer, say) for answer, ones in sentences(name).items() for say in ones]
    return [say for answer, say in listed if faults(say, known_after(answer))], len(listed)


@pytest.mark.parametrize("name", ["hostile_tuned", "hostile_unseen", "hostile_fresh"])
def test_of_hostile_sentences_at_most_one_in_twenty_passes(name: str) -> None:
    """Caught at first: 57 of 61 tuned, 58 of 63 unseen, 39 of 40 fresh.

    No rule was changed because of the last.
    """
    passed, count = missed(name)
    assert len(passed) <= 0.05 * count, passed


@pytest.mark.parametrize("name", ["honest_tuned", "honest_unseen", "honest_fresh"])
def test_of_honest_follow_ups_nine_in_ten_pass(name: str) -> None:
    """Passed at first: 26 of 30 tuned, 31 of 35 unseen, 27 of 30 fresh.

    After the last, one way of comparing words was mended ("embed" and "embedded").
    """
    stopped, count = refused(name)
    assert len(stopped) <= 0.1 * count, stopped


@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_is_called_by_its_name(fault: Fault) -> None:
    """Of the hostile sentences for a fault most are blamed for that very fault."""
    listed = [
        one
        for name in ("hostile_tuned", "hostile_unseen", "hostile_fresh")
        for one in sentences(name).get(fault.value, [])
    ]
    named = [fault in faults(one["say"], known_after(one["after"])) for one in listed]
    assert len(named) >= 8
    assert sum(named) >= 0.9 * len(named)


@pytest.mark.parametrize("plan", plans(), ids=lambda plan: plan.item)
def test_the_packs_own_lines_pass_as_their_moves_own(plan: RoundPlan) -> None:
    """No probe, board probe, hint or opening that we ship has a fault, quoted words included."""
    found: list[tuple[str, FoundFault]] = []
    for line in lines_of(plan):
        known = Known(plan=plan, move=line.move, line=line.text, candidate=(line.answer,))
        found += [(line.text, one) for one in whole_utterance_faults(line.text, known)]
        words = line.answer.split()[:6]
        quoted = f'You said "{" ".join(words)} ...". {line.text}'
        if line.move != "hint" and len(quoted.split()) <= MAX_WORDS:
            found += [(quoted, one) for one in whole_utterance_faults(quoted, known)]
    for stage in plan.stages:
        text = f"Let's move on. {stage.opening}"
        known = Known(plan=plan, move="advance")
        found += [(text, one) for one in whole_utterance_faults(text, known)]
    assert found == []


def test_the_curveball_and_facts_may_say_what_is_new() -> None:
    """What the program tells by a move is neither invented nor too long."""
    plan = known_after("refund").plan
    assert plan.curveball is not None
    thrown = f"{plan.facts[0].answer} A change. {plan.curveball.text}"
    assert faults(thrown, Known(plan=plan, move="curveball", line=plan.curveball.text)) == set()
    told = " ".join(fact.answer for fact in plan.facts)
    assert faults(told, Known(plan=plan, move="answer")) == set()


def test_a_concept_that_was_shown_cannot_leak() -> None:
    """Naming it is a leak until the candidate has shown it."""
    known = known_after("stale")
    say = "How are deleted pages removed from the index?"
    assert Fault.LEAKS in faults(say, known)
    shown = replace(known, shown=frozenset(key for key, _ in known.plan.concepts()))
    assert Fault.LEAKS not in faults(say, shown)


def test_words_that_the_candidate_used_are_no_leak_and_no_presupposition() -> None:
    """Whoever speaks of tombstones is asked about them."""
    known = known_after("stale")
    say = "What does the tombstone hold?"
    assert faults(say, known) & {Fault.LEAKS, Fault.PRESUPPOSES}
    said = replace(known, candidate=("A deleted page leaves a tombstone in the index.",))
    assert faults(say, said) == set()


def test_labels_of_the_board_may_be_pointed_at() -> None:
    """What is drawn counts as said."""
    known = known_after("operations")
    say = "What does your circuit breaker do then?"
    assert Fault.PRESUPPOSES in faults(say, known)
    drawn = replace(known, board=("Circuit breaker",))
    assert Fault.PRESUPPOSES not in faults(say, drawn)


@pytest.mark.parametrize(
    ("say", "free"),
    [
        ("What happens with the 30,000 a day?", True),
        ("What happens with the thirty thousand a day?", True),
        ("What happens with the 30k a day?", True),
        ("What happens at ten past nine?", False),
        ("What would two of them see at nine in the morning?", True),
        ("What happens with the 40,000 a day?", False),
        ("What happens within 2 seconds?", False),
    ],
)
def test_a_figure_is_free_where_somebody_gave_it(say: str, *, free: bool) -> None:
    """However it is written; small counts and full hours are no figures."""
    assert (Fault.INVENTS not in faults(say, known_after("refund"))) is free


def test_a_quotation_must_have_been_said() -> None:
    """An exact quotation passes, one with a word changed does not."""
    known = known_after("refund")
    assert faults(f'You said "refunds stop at 50 dollars". {NEXT}', known) == set()
    assert Fault.PRESUPPOSES in faults(f'You said "refunds end at 50 dollars". {NEXT}', known)


def test_what_is_quoted_is_not_the_interviewers_praise() -> None:
    """Candidates may have called something great, and typed code."""
    known = known_after("refund")
    said = replace(known, candidate=("That's a great model, and `x = {1}` is in it.",))
    assert faults(f'You said "That\'s a great model". {NEXT}', said) == set()
    assert faults(f'You said "`x = {{1}}` is in it". {NEXT}', said) == set()


def test_a_repetition_on_request_is_none() -> None:
    """The same words once more, because the candidate asked for them."""
    known = known_after("refund")
    again = known.asked[0]
    assert faults(again, known) == {Fault.REPEATS}
    assert faults(f"Again: {again}", replace(known, move="repeat", line=again)) == set()


def test_short_questions_are_told_apart_by_what_leads_in() -> None:
    """ "What now?" is asked often, each time about something else."""
    known = replace(known_after("refund"), asked=("The model agrees. What now?",))
    assert Fault.REPEATS not in faults("Refunds fail for everybody. What now?", known)
    assert Fault.REPEATS in faults("The model agrees. What now?", known)


def test_only_the_end_shows_that_nothing_was_asked() -> None:
    """A lead-in has no fault by itself."""
    known = known_after("refund")
    lead_in = "A customer asks for 80 dollars back and the model agrees."
    assert faults_in("", lead_in, known) == ()
    assert faults(lead_in, known) == {Fault.NO_QUESTION}
    assert faults("Walk me through the next minute of that refund.", known) == set()


def test_length_is_counted_over_the_whole_utterance() -> None:
    """Thirty words pass, one more does not."""
    known = known_after("refund")
    lead_in = "A customer asks for 80 dollars back and the model agrees."
    fits = " ".join(["What", *["then"] * (MAX_WORDS - len(lead_in.split()) - 2), "happens?"])
    assert faults_in(lead_in, fits, known) == ()
    longer = fits.replace("What", "And what", 1)
    assert [one.fault for one in faults_in(lead_in, longer, known)] == [Fault.TOO_LONG]


def test_a_round_is_prepared_once() -> None:
    """The costly part is kept by plan."""
    plan = known_after("refund").plan
    assert Conduct.of(plan) is Conduct.of(plan)


@pytest.mark.parametrize(
    "text", ["", "?", "...", '"""', "“", "\x00", "a" * 5000, "¿¡ 🙂 ١٢", "(" * 99]
)
def test_no_text_is_too_odd(text: str) -> None:
    """Nothing raises, whatever a model writes."""
    whole_utterance_faults(text, known_after("refund"))
