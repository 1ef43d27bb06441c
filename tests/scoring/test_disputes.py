"""Disputes and overrides: who may say what about which verdict."""

from dataclasses import replace

import pytest
from scorecard_samples import FALLBACK, START, bot, interview, you

from scoring.disputes import (
    LONGEST_REASON,
    CardNotes,
    Dispute,
    DisputeRefusedError,
    Override,
    ReviewerRole,
    check_dispute,
    check_override,
    disputable,
)
from scoring.scorecard import Scorecard, grade
from scoring.verdicts import Verdict

CANARY = Dispute("d1", 1, 0, "operations/canary", "I did say that.", START)
ANSWER = Override("d1", Verdict.PARTIAL, "Half of it.", ReviewerRole.REVIEWER, START)


def card(*, reached: tuple[str, ...] = ("scope", "operations")) -> Scorecard:
    return grade(interview(bot("And then?"), you(FALLBACK, "operations"), reached=reached))


def dispute(one: Dispute = CANARY, notes: CardNotes | None = None, **people: str) -> None:
    who = {"by": "ann", "candidate": "ann", **people}
    check_dispute(card(), one, notes or CardNotes(), **who)


def override(one: Override = ANSWER, *before: Override, **people: str) -> None:
    who = {"by": "bob", "candidate": "ann", **people}
    check_override(one, CardNotes((CANARY,), before), **who)


def test_every_verdict_but_not_reached_can_be_disputed() -> None:
    """A hit as well as what was not detected; nothing was judged in a stage that never opened."""
    keys = [verdict.key for _, verdict in disputable(card(reached=("operations",)))]
    assert keys == ["operations/fallback", "operations/canary"]
    for key in keys:
        dispute(replace(CANARY, key=key))
    never = replace(CANARY, key="scope/traffic")
    with pytest.raises(DisputeRefusedError, match="not reached"):
        check_dispute(card(reached=()), never, CardNotes(), by="ann", candidate="ann")


def test_a_verdict_is_disputed_once_in_each_revision() -> None:
    """A second dispute is refused, one of a later revision is not."""
    notes = CardNotes((CANARY,))
    with pytest.raises(DisputeRefusedError, match="already"):
        dispute(replace(CANARY, id="d2", reason="And again."), notes)
    assert "operations/canary" not in [one.key for _, one in disputable(card(), notes)]
    later = card().model_copy(update={"revision": 2})
    again = replace(CANARY, id="d2", revision=2)
    check_dispute(later, again, notes, by="ann", candidate="ann")


@pytest.mark.parametrize(
    ("changed", "people", "why"),
    [
        ({}, {"by": "bob"}, "only the candidate"),
        ({"revision": 2}, {}, "revision"),
        ({"key": "operations/none"}, {}, "no such verdict"),
        ({"round_index": 1}, {}, "no such verdict"),
        ({"reason": " \n"}, {}, "reason"),
        ({"reason": "x" * (LONGEST_REASON + 1)}, {}, "at most 500"),
    ],
)
def test_a_dispute_is_refused_with_its_reason(
    changed: dict[str, object], people: dict[str, str], why: str
) -> None:
    """Others' cards, other revisions, unknown verdicts, empty and endless reasons."""
    with pytest.raises(DisputeRefusedError, match=why):
        dispute(replace(CANARY, **changed), **people)


def test_a_reason_may_have_one_character_and_five_hundred() -> None:
    """The ends of the range are in it."""
    for length in (1, LONGEST_REASON):
        dispute(replace(CANARY, reason="x" * length))
        override(replace(ANSWER, reason="x" * length))


@pytest.mark.parametrize("verdict", Verdict)
def test_an_override_is_what_a_reader_can_say(verdict: Verdict) -> None:
    """Whoever has read the answer does not say "not detected", nor "not reached"."""
    one = replace(ANSWER, verdict=verdict)
    if verdict in (Verdict.NOT_DETECTED, Verdict.NOT_REACHED):
        with pytest.raises(DisputeRefusedError, match="hit, partial, unsure, missed, contradicted"):
            override(one)
    else:
        override(one)


@pytest.mark.parametrize(
    ("changed", "people", "why"),
    [
        ({}, {"by": "ann"}, "own card"),
        ({"dispute_id": "d9"}, {}, "only a disputed verdict"),
        ({"reason": ""}, {}, "reason"),
        ({"reason": "x" * (LONGEST_REASON + 1)}, {}, "at most 500"),
    ],
)
def test_an_override_is_refused_with_its_reason(
    changed: dict[str, object], people: dict[str, str], why: str
) -> None:
    """One's own card, no dispute, empty and endless reasons."""
    with pytest.raises(DisputeRefusedError, match=why):
        override(replace(ANSWER, **changed), **people)


def test_owner_and_reviewer_answer_a_dispute_once_each() -> None:
    """Both may differ; neither answers twice."""
    override(replace(ANSWER, by_role=ReviewerRole.OWNER), ANSWER)
    with pytest.raises(DisputeRefusedError, match="reviewer has answered"):
        override(replace(ANSWER, verdict=Verdict.HIT), ANSWER)


def test_refusals_repeat_no_reason() -> None:
    """What the candidate wrote stays out of messages that may end in a log."""
    with pytest.raises(DisputeRefusedError) as refused:
        dispute(replace(CANARY, reason="secret " * 100))
    assert "secret" not in str(refused.value)
