"""Two cards side by side."""

from dataclasses import replace
from datetime import timedelta

import pytest
from scorecard_samples import ASK, FALLBACK, PLAN, REPLY, START, bot, interview, you

from scenarios.model import Level, RoundKind
from scoring.comparison import Comparison, Movement, compare
from scoring.render.comparison import NOISE, comparison_sections
from scoring.scorecard import Scorecard, StageCard, grade
from scoring.speech import delivery
from scoring.transcript import Source, Word
from scoring.verdicts import Verdict


def then() -> Scorecard:
    return grade(interview(bot("Where do you start?"), you(ASK), you("Hm.", "operations")))


def now() -> Scorecard:
    held = interview(bot("Where do you start?"), you(REPLY), you(FALLBACK, "operations"))
    return grade(replace(held, interview_id="iv-2", started_at=START + timedelta(days=3)))


def other_item(kind: RoundKind = RoundKind.DESIGN) -> Scorecard:
    plan = replace(PLAN, item="another", title="Another", kind=kind)
    return grade(replace(interview(you(REPLY), plan=plan), interview_id="iv-3"))


def with_rating(card: Scorecard, low: int | None, high: int | None = None) -> Scorecard:
    def rated(stage: StageCard) -> StageCard:
        return stage.model_copy(update={"rating": low, "rating_high": high or low})

    rounds = tuple(
        held.model_copy(update={"stages": tuple(map(rated, held.stages))}) for held in card.rounds
    )
    return card.model_copy(update={"rounds": rounds})


def lines(compared: Comparison) -> dict[str, tuple[str, ...]]:
    return {section.title: section.lines for section in comparison_sections(compared)}


def test_concepts_are_newly_shown_lost_or_as_before() -> None:
    """Every concept of the same item is in one of the four, by what it was and what it is."""
    compared = compare(then(), now())
    assert [one.statement.split()[2] for one in compared.newly_shown] == ["latency", "fallback"]
    assert [(one.then, one.now) for one in compared.lost] == [(Verdict.HIT, Verdict.NOT_DETECTED)]
    assert compared.shown_twice == ()
    assert [one.stage_title for one in compared.open_twice] == ["Operations"]


@pytest.mark.parametrize(
    ("before", "after", "movement", "points"),
    [
        ((2, 2), (2, 2), Movement.SAME, 0),
        ((2, 2), (3, 3), Movement.WITHIN_NOISE, 1),
        ((3, 3), (2, 2), Movement.WITHIN_NOISE, 1),
        ((1, 1), (3, 3), Movement.UP, 2),
        ((4, 4), (1, 1), Movement.DOWN, 3),
        ((1, 2), (3, 3), Movement.WITHIN_NOISE, 1),
        ((3, 3), (1, 2), Movement.WITHIN_NOISE, 1),
        ((1, 3), (2, 2), Movement.WITHIN_NOISE, 0),
        ((None, None), (3, 3), Movement.UNRATED, 0),
        ((3, 3), (None, None), Movement.UNRATED, 0),
    ],
)
def test_a_rating_moves_only_beyond_the_noise(
    before: tuple[int | None, int | None],
    after: tuple[int | None, int | None],
    movement: Movement,
    points: int,
) -> None:
    """Between ranges the gap counts: what unsure findings may explain is no movement."""
    compared = compare(with_rating(then(), *before), with_rating(now(), *after))
    assert {(one.movement, one.points) for one in compared.stages} == {(movement, points)}


def test_noise_and_movement_are_said_in_words() -> None:
    """Within a point it says noise, beyond it how many points, and always how far to trust it."""
    near = lines(compare(with_rating(then(), 2), with_rating(now(), 3)))
    assert "2 then, 3 now (within one point, which is noise)" in near["Stages"][0]
    far = lines(compare(with_rating(then(), 4), with_rating(now(), 2)))
    assert "4 then, 2 now (2 points fewer)" in far["Stages"][0]
    assert near["Keep in mind"] == (NOISE,)
    assert "2:10 min then, 2:10 min now" in near["Stages"][0]


def test_other_items_share_stages_and_no_concepts() -> None:
    """Stages of the same name stand side by side; the difference is said."""
    compared = compare(then(), other_item())
    assert [one.now.name for one in compared.stages] == ["scope", "operations"]
    assert compared.newly_shown == compared.lost == compared.open_twice == ()
    assert any("Not the same items" in one for one in compared.differing)


def test_other_drills_share_the_questions_that_both_asked() -> None:
    """A question is the same whatever stood beside it."""
    drill = replace(PLAN, kind=RoundKind.DRILL)
    first = grade(interview(you(ASK), plan=drill))
    compared = compare(first, other_item(RoundKind.DRILL))
    assert len(compared.stages) == 2
    assert len(compared.newly_shown) == 1
    assert compared.differing == (
        "Not the same drill: only questions that were asked both times are compared.",
    )


def test_nothing_in_common_is_said() -> None:
    """A story beside a design compares nothing."""
    compared = compare(then(), other_item(RoundKind.BEHAVIOURAL))
    assert compared.stages == ()
    assert "nothing to compare" in compared.differing[0]


def test_stages_that_were_not_reached_lose_nothing() -> None:
    """A concept whose stage never opened now is neither lost nor still open."""
    unopened = grade(replace(interview(reached=()), interview_id="iv-2"))
    compared = compare(then(), unopened)
    assert compared.lost == compared.open_twice == ()
    assert {one.movement for one in compared.stages} == {Movement.UNRATED}


def test_what_makes_the_cards_less_comparable_is_named() -> None:
    """Level, content, engine and revisions of one interview."""
    changed = now().model_copy(update={"level": Level.MID, "pack_hash": "new", "engine": "claude"})
    said = " ".join(compare(then(), changed).differing)
    for words in ("senior level then and at mid level now", "content changed", "by claude now"):
        assert words in said
    assert "Revisions 1 and 2 of one interview" in " ".join(
        compare(then(), then().model_copy(update={"revision": 2})).differing
    )
    assert compare(then(), now()).differing == ()


def test_a_loop_pairs_each_round_once() -> None:
    """Two rounds of one kind find the one of the same item, not the same one twice."""
    one, two = then(), other_item()
    loop = one.model_copy(update={"rounds": (*one.rounds, *two.rounds)})
    turned = loop.model_copy(update={"rounds": (*two.rounds, *one.rounds)})
    compared = compare(loop, turned)
    assert len(compared.stages) == 4
    assert {stage.movement for stage in compared.stages} <= {Movement.SAME, Movement.UNRATED}
    assert compared.newly_shown == compared.lost == ()


def test_delivery_stands_beside_where_both_were_spoken() -> None:
    """Figures then and now without a judgement; nothing where one was typed."""
    words = tuple(Word("word", 0.4 * at, 0.4 * at + 0.3) for at in range(200))
    spoken = replace(
        then().transcript[1], text="word " * 200, source=Source.SPOKEN, words=words, active_s=80.0
    )
    said = delivery((spoken,))
    assert said is not None
    first, second = (card.model_copy(update={"delivery": said}) for card in (then(), now()))
    figures = lines(compare(first, second))["Delivery is not part of the score"]
    assert any(line.startswith("Pace: ") and " then, " in line for line in figures)
    assert "Delivery is not part of the score" not in lines(compare(first, now()))


def test_there_is_no_total() -> None:
    """No line sums ratings or concepts up into a score."""
    sections = comparison_sections(compare(then(), now()))
    text = "\n".join(line for one in sections for line in (one.title, *one.lines)).lower()
    for word in ("total", "average", "overall", "improved", "better"):
        assert word not in text
