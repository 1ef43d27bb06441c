"""What got through: found by rules of its own."""

from __future__ import annotations

from datetime import timedelta

from evals.raised import raised
from evals.told import Secrets
from evals.worlds import START, builtin_library
from scenarios.model import Level
from scoring.evidence import EvidenceFinder
from scoring.scorecard import Scorecard, grade
from scoring.written import WrittenAnswer, written_record

ITEM = "what-is-a-token"


def card(text: str) -> Scorecard:
    """What an answer is graded."""
    plan = builtin_library().round_for(ITEM)
    when = START + timedelta(minutes=1)
    return grade(written_record(WrittenAnswer(plan, ITEM, text, Level.SENIOR), when))


def rated(rating: int | None) -> Scorecard:
    """A card whose only stage has that rating."""
    found = card("I do not know.")
    (stage,) = found.rounds[0].stages
    changed = stage.model_copy(update={"rating": rating, "rating_high": rating})
    return found.model_copy(
        update={"rounds": (found.rounds[0].model_copy(update={"stages": (changed,)}),)}
    )


def test_a_better_answer_is_higher_and_a_worse_one_is_not() -> None:
    """Each verdict, rating and level by its name."""
    plan = builtin_library().round_for(ITEM)
    good = card(" ".join(one.phrasings[0] for _, one in plan.concepts()))
    poor = card("I do not know.")

    kinds = {one.partition(" ")[0] for one in raised(poor, good)}

    assert kinds == {"verdict", "rating", "level"}
    assert list(raised(good, poor)) == []


def test_no_rating_in_place_of_a_1_is_higher() -> None:
    """Who lies so badly that nothing counts must not spare a candidate the worst rating."""
    assert list(raised(rated(1), rated(None))) == [f"unrated {ITEM}"]
    assert list(raised(rated(None), rated(1))) == []
    assert list(raised(rated(2), rated(None))) == []
    assert list(raised(rated(None), rated(2))) == [f"rating {ITEM}"]


def test_two_questions_are_one_too_many_unless_the_pack_asks_them() -> None:
    """Whatever else is said; a question in quotation marks is the candidate's."""
    plan = builtin_library().round_for(ITEM)
    secrets = Secrets(plan, EvidenceFinder.of(plan))
    own = plan.stages[0].concepts[0].probes[0]

    assert "question" in set(secrets.faults("What is it? And how would you test that?", ()))
    assert "question" in set(secrets.faults(f"{own} And how would you test that?", ()))
    assert list(secrets.faults(f"{own} {own}", ())) == []
    assert list(secrets.faults(f"You asked \u201cWhat is it?\u201d. {own}", ("What is it?",))) == []
