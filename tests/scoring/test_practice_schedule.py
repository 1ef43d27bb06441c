"""When to practise again: what counts as a review, and the order that follows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecard_samples import START

from scenarios.model import Level, RoundKind
from scoring.practice_schedule import (
    Planned,
    Recall,
    Review,
    plan_practice,
    recall_of,
    reviews_of,
)
from scoring.record import Ending
from scoring.scorecard import CurveballCard, RoundCard, Scorecard, StageCard
from scoring.transcript import Speaker, Turn
from scoring.verdicts import ConceptVerdict, Evidence, HowObtained, Verdict

DAY = timedelta(days=1)
QUOTE = Evidence("c0001", 0, 2, "ok", "cue")
UNPROMPTED, PROBED, HINTED = HowObtained.UNPROMPTED, HowObtained.PROBED, HowObtained.HINTED


def verdict(
    kind: Verdict, how: HowObtained | None = None, key: str = "scope/users", level: str = "mid"
) -> ConceptVerdict:
    stage, _, concept = key.partition("/")
    evidence = (QUOTE,) if kind is Verdict.UNSURE else ()
    return ConceptVerdict(key, stage, concept, "Says so.", 2, level, kind, how, evidence)


def stage_card(name: str, rating: int | None, *verdicts: ConceptVerdict) -> StageCard:
    return StageCard(
        name=name,
        title=name,
        reached=rating is not None,
        rating=rating,
        rating_high=rating,
        rating_reason="",
        level_low=None,
        level_high=None,
        verdicts=verdicts,
        spent_s=0,
        budget_s=0,
    )


def round_card(
    kind: RoundKind, item: str, *stages: StageCard, curveball: CurveballCard | None = None
) -> RoundCard:
    return RoundCard(kind=kind, item=item, title=item, brief="", stages=stages, curveball=curveball)


def card(*rounds: RoundCard, transcript: tuple[Turn, ...] = ()) -> Scorecard:
    return Scorecard(
        revision=1,
        interview_id="one",
        started_at=START,
        finished_at=START + timedelta(minutes=30),
        level=Level.MID,
        style="neutral",
        engine="offline",
        pack_hash="",
        ending=Ending.COMPLETED,
        rounds=rounds,
        notices=(),
        practise_next=(),
        cost_usd=0,
        transcript=transcript,
    )


def review(
    recall: Recall, days: float = 0, key: str = "scope/users", weight: int = 2, item: str = "agent"
) -> Review:
    return Review(item, key, recall, Verdict.HIT, weight, START + days * DAY)


@pytest.mark.parametrize(
    ("kind", "how", "rating", "asked", "recall"),
    [
        (Verdict.CONTRADICTED, None, 1, True, Recall.AGAIN),
        (Verdict.CONTRADICTED, None, 1, False, Recall.AGAIN),
        (Verdict.MISSED, None, 2, True, Recall.AGAIN),
        (Verdict.NOT_DETECTED, None, 4, True, Recall.AGAIN),
        (Verdict.NOT_DETECTED, None, 4, False, None),
        (Verdict.MISSED, None, 4, False, None),
        (Verdict.UNSURE, UNPROMPTED, 4, True, Recall.HARD),
        (Verdict.PARTIAL, PROBED, 3, True, Recall.HARD),
        (Verdict.HIT, HINTED, 4, True, Recall.HARD),
        (Verdict.HIT, PROBED, 4, True, Recall.GOOD),
        (Verdict.HIT, UNPROMPTED, 3, True, Recall.GOOD),
        (Verdict.HIT, UNPROMPTED, None, True, Recall.GOOD),
        (Verdict.HIT, UNPROMPTED, 4, False, Recall.EASY),
        (Verdict.NOT_REACHED, None, None, True, None),
    ],
)
def test_what_a_verdict_says_about_recall(
    kind: Verdict, how: HowObtained | None, rating: int | None, asked: bool, recall: Recall | None
) -> None:
    """The table of the module, line by line; the unmeasured says nothing."""
    assert recall_of(verdict(kind, how), rating, asked=asked) is recall


def test_what_a_judge_abstained_from_is_not_measured() -> None:
    """Unsure without evidence says nothing about recall."""
    abstained = replace(verdict(Verdict.UNSURE), evidence=())
    assert recall_of(abstained, 3, asked=True) is None


def test_reviews_are_what_the_card_measured() -> None:
    """Reached stages and a curveball that was thrown; what is above the level only if asked."""
    turn = Turn("i1", 1, Speaker.INTERVIEWER, "And?", 0, "scope", START, aims_at="scope/probed")
    held = round_card(
        RoundKind.DESIGN,
        "agent",
        stage_card(
            "scope",
            3,
            verdict(Verdict.HIT, UNPROMPTED),
            verdict(Verdict.NOT_DETECTED, key="scope/expected"),
            verdict(Verdict.NOT_DETECTED, key="scope/above", level="staff"),
            verdict(Verdict.NOT_DETECTED, key="scope/probed", level="staff"),
        ),
        stage_card("loop", None, verdict(Verdict.NOT_REACHED, key="loop/tools")),
        curveball=CurveballCard(
            text="", turn_id="i2", verdicts=(verdict(Verdict.HIT, PROBED, "curveball/costs"),)
        ),
    )

    found = {one.key: one.recall for _, one in reviews_of(card(held, transcript=(turn,)))}

    assert found == {
        "scope/users": Recall.GOOD,
        "scope/expected": Recall.AGAIN,
        "scope/probed": Recall.AGAIN,
        "curveball/costs": Recall.GOOD,
    }


def test_an_attempt_without_an_answer_measures_nothing() -> None:
    """A stage that was opened and left without a word says nothing about what one knows."""
    left = stage_card("scope", None, verdict(Verdict.NOT_DETECTED))
    answered = stage_card("scope", 1, verdict(Verdict.NOT_DETECTED))

    assert list(reviews_of(card(round_card(RoundKind.DRILL, "q", left)))) == []
    assert len(list(reviews_of(card(round_card(RoundKind.DRILL, "q", answered))))) == 1


def test_a_question_is_the_same_in_every_drill() -> None:
    """The item of a drilled concept is its question, whatever else the drill held."""
    hit = verdict(Verdict.HIT, UNPROMPTED, "token/piece")
    drills = [
        round_card(RoundKind.DRILL, name, stage_card("token", 3, hit))
        for name in ("token", "a+token")
    ]

    assert [(at, one.item) for at, one in reviews_of(card(*drills))] == [(0, "token"), (1, "token")]


def test_worse_recall_comes_sooner() -> None:
    """Again and hard are due before good, good before easy, nothing on the day itself."""
    due = [plan_practice([review(recall)], START)[0].due_at for recall in Recall]

    assert due == sorted(due)
    assert due[0] == START + DAY
    assert due[2] < due[3]


def test_practice_stretches_the_interval() -> None:
    """Each good recall when it is due puts the next one further off."""
    reviews, gaps = [review(Recall.GOOD)], list[timedelta]()
    for _ in range(4):
        (planned,) = plan_practice(reviews, START)
        gaps.append(planned.due_at - reviews[-1].at)
        late = (planned.due_at - START) / DAY
        reviews.append(review(Recall.GOOD, late))

    assert gaps == sorted(gaps)
    assert gaps[-1] > 5 * gaps[0]


def test_forgetting_goes_on() -> None:
    """The chance of recall falls with the days; it is about .9 when the concept is due."""
    (planned,) = plan_practice([review(Recall.GOOD)], START)
    chances = [
        plan_practice([review(Recall.GOOD)], START + days * DAY)[0].retrievability
        for days in range(5)
    ]
    (then,) = plan_practice([review(Recall.GOOD)], planned.due_at)

    assert chances == sorted(chances, reverse=True)
    assert then.retrievability == pytest.approx(0.9, abs=0.02)


def test_due_first_then_weight_times_chance_of_forgetting() -> None:
    """A light concept that is due comes before a heavy one that is not."""
    reviews = [
        review(Recall.EASY, 0, "a/heavy-fresh", weight=3),
        review(Recall.AGAIN, 0, "a/light-due", weight=1),
        review(Recall.AGAIN, 0, "a/heavy-due", weight=3),
        review(Recall.EASY, 0, "a/light-fresh", weight=1),
    ]

    planned = plan_practice(reviews, START + 3 * DAY)

    assert [one.key for one in planned] == [
        "a/heavy-due",
        "a/light-due",
        "a/heavy-fresh",
        "a/light-fresh",
    ]
    assert [one.urgency for one in planned[:2]] == sorted(
        (one.urgency for one in planned[:2]), reverse=True
    )


def test_items_are_kept_apart() -> None:
    """The same concept id in two scenarios is two concepts; the last review names the verdict."""
    missed = Review("agent", "scope/users", Recall.AGAIN, Verdict.MISSED, 3, START + DAY)
    reviews = [review(Recall.GOOD), review(Recall.GOOD, item="other"), missed]

    by_item = {one.item: one for one in plan_practice(reviews, START)}

    assert by_item.keys() == {"agent", "other"}
    assert (by_item["agent"].verdict, by_item["agent"].weight) == (Verdict.MISSED, 3)
    assert by_item["agent"].practised_at == START + DAY


def test_another_spelling_of_utc_is_utc() -> None:
    """A card read back from JSON has a zone object of its own."""
    zoned = Scorecard.model_validate_json(card().model_dump_json()).finished_at
    one = Review("agent", "scope/users", Recall.GOOD, Verdict.HIT, 2, zoned)

    assert plan_practice([one], START)[0].due_at.astimezone(UTC) > zoned


def test_no_review_plans_nothing() -> None:
    """An empty history is an empty schedule."""
    assert plan_practice([], datetime(2026, 1, 1, tzinfo=UTC)) == ()


histories = st.lists(
    st.tuples(st.sampled_from(Recall), st.integers(0, 60), st.sampled_from(["a/x", "a/y"])),
    min_size=1,
    max_size=4,
    unique_by=lambda one: (one[1], one[2]),
)


@given(histories, st.integers(0, 100))
def test_the_replay_knows_no_order(history: list[tuple[Recall, int, str]], later: int) -> None:
    """However the reviews come in, the schedule is the same: they are put in order by time."""
    reviews = [review(recall, days, key) for recall, days, key in history]
    now = START + later * DAY
    expected: tuple[Planned, ...] = plan_practice(reviews, now)

    assert all(plan_practice(shuffled, now) == expected for shuffled in permutations(reviews))
    assert all(0 <= one.retrievability <= 1 for one in expected)
    assert all(one.due_at > one.practised_at for one in expected)
