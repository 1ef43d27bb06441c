"""Grading a whole interview."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scorecard_samples import ASK, DRAWING, FALLBACK, PLAN, REPLY, bot, interview, you

from scenarios.model import Level
from scoring.observations import CORRECTED, TAKEN_BACK
from scoring.rating import NOT_OPENED
from scoring.render.wording import all_evidence
from scoring.scorecard import (
    DISCLAIMER,
    Scorecard,
    StageCard,
    grade,
    scorecard_from_json,
    scorecard_to_json,
)
from scoring.transcript import Speaker
from scoring.verdicts import ConceptVerdict, HowObtained, Verdict
from whiteboard.board import Board, Component, ComponentKind


def stage(card: Scorecard, name: str) -> StageCard:
    return next(one for one in card.rounds[0].stages if one.name == name)


def verdict(card: Scorecard, address: str) -> ConceptVerdict:
    verdicts = [one for held in card.rounds[0].stages for one in held.verdicts]
    return next(one for one in verdicts if one.key == address)


def aimed(move: str, address: str = "scope/latency") -> dict[str, str]:
    return bot("What else would you settle first?", move=move, aims_at=address)


@pytest.mark.parametrize(
    ("before", "how"),
    [
        ([], "unprompted"),
        ([aimed("probe", "scope/traffic")], "unprompted"),
        ([bot("Go on.", move="answer", aims_at="scope/latency")], "unprompted"),
        ([aimed("probe")], "probed"),
        ([aimed("board_probe")], "probed"),
        ([aimed("contradiction_probe")], "probed"),
        ([aimed("red_flag_probe")], "probed"),
        ([aimed("hint")], "hinted"),
        ([aimed("hint"), aimed("probe")], "hinted"),
    ],
)
def test_help_counts_only_where_it_was_about_that_very_concept(
    before: list[dict[str, str]], how: str
) -> None:
    """A hint outranks a probe; help about something else is none."""
    found = verdict(grade(interview(*before, you(REPLY))), "scope/latency")
    assert (found.verdict, found.how) == (Verdict.HIT, HowObtained(how))


def test_help_after_the_first_evidence_changes_nothing() -> None:
    """What was volunteered stays volunteered."""
    found = verdict(grade(interview(you(REPLY), aimed("hint"), you(REPLY))), "scope/latency")
    assert found.how is HowObtained.UNPROMPTED


AGAINST = "To be plain we ignore latency here."


@pytest.mark.parametrize(
    ("said", "expected", "note"),
    [
        ([REPLY], Verdict.HIT, ""),
        ([AGAINST], Verdict.CONTRADICTED, ""),
        ([REPLY, AGAINST], Verdict.UNSURE, TAKEN_BACK),
        ([AGAINST, REPLY], Verdict.HIT, CORRECTED),
        ([REPLY, AGAINST, REPLY], Verdict.HIT, CORRECTED),
        (["Nothing of note."], Verdict.NOT_DETECTED, ""),
    ],
)
def test_the_last_word_decides_between_hit_and_contradiction(
    said: list[str], expected: Verdict, note: str
) -> None:
    """The merging rules, one line each."""
    found = verdict(grade(interview(*map(you, said))), "scope/latency")
    assert (found.verdict, found.note) == (expected, note)


def test_evidence_for_a_stage_that_was_not_opened_counts() -> None:
    """Said early is said; the stage's other concepts are not reached, and it has no rating."""
    early = "The fallback, described here fully: a dead provider falls back to a second one."
    card = grade(interview(you(early), reached=("scope",)))
    assert verdict(card, "operations/fallback").verdict is Verdict.HIT
    assert verdict(card, "operations/canary").verdict is Verdict.NOT_REACHED
    assert stage(card, "operations").rating is None
    assert stage(card, "operations").rating_reason == NOT_OPENED.reason


def test_an_empty_interview_has_no_ratings_and_nothing_to_practise() -> None:
    """Nothing measured, nothing commented on."""
    card = grade(interview(reached=()))
    assert {one.verdict for held in card.rounds[0].stages for one in held.verdicts} == {
        Verdict.NOT_REACHED
    }
    assert [one.rating for one in card.rounds[0].stages] == [None, None]
    assert card.practise_next == ()
    assert card.disclaimer == DISCLAIMER


def test_an_opened_stage_without_an_answer_is_not_rated() -> None:
    """A question that nobody answered is no evidence of anything."""
    card = grade(interview(bot("Where do you start?"), reached=("scope",)))
    assert stage(card, "scope").rating is None


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ([you("I'd start with a vector database.")], [True]),
        ([you("I would not start with a vector database.")], []),
        ([you("I'd start with a vector database."), you(ASK)], [True]),
        (
            [
                you("I'd start with a vector database."),
                bot("What did you learn?", move="red_flag_probe"),
                you(ASK),
            ],
            [False],
        ),
    ],
)
def test_a_red_flag_stands_until_the_question_about_it_is_answered(
    said: list[dict[str, str]], standing: list[bool]
) -> None:
    """Affirmed flags count; a hit after the question takes one back."""
    flags = stage(grade(interview(*said)), "scope").red_flags
    assert [flag.standing for flag in flags] == standing


def test_the_board_alone_makes_a_concept_unsure_at_most() -> None:
    """A box is a reason to ask, not a proof."""
    card = grade(interview(you("Nothing."), boards=(("operations", DRAWING),)))
    found = verdict(card, "operations/fallback")
    assert found.verdict is Verdict.UNSURE
    assert [(one.quote, one.element) for one in found.evidence] == [("API gateway", "gw")]
    summary = card.rounds[0].board
    assert summary is not None
    assert (summary.shown, summary.not_found) == (("Gateway",), ("Human queue",))


def test_words_and_board_stand_side_by_side() -> None:
    """A hit keeps its quote first and gains the element."""
    card = grade(interview(you(FALLBACK, "operations"), boards=(("operations", DRAWING),)))
    found = verdict(card, "operations/fallback")
    assert found.verdict is Verdict.HIT
    assert [one.element for one in found.evidence] == [None, "gw"]


def test_the_curveball_is_on_the_card_only_where_it_was_thrown() -> None:
    """Its concepts are graded apart from the stages."""
    thrown = bot("The provider doubles its prices.", "operations", move="curveball")
    answer = you("Let me recompute the sum.", "operations")
    assert grade(interview(answer)).rounds[0].curveball is None
    card = grade(interview(thrown, answer, curveball_turn="i0000")).rounds[0].curveball
    assert card is not None
    assert [one.verdict for one in card.verdicts] == [Verdict.HIT]


def test_a_partial_board_does_not_undo_the_full_one() -> None:
    """Where a later stage's board shows less, the fuller one is on the card."""
    partial = Board(components=(Component("c", "client", ComponentKind.CLIENT),))
    card = grade(interview(you(FALLBACK), boards=(("scope", DRAWING), ("operations", partial))))
    summary = card.rounds[0].board
    assert summary is not None
    assert (summary.stage, summary.shown) == ("scope", ("Gateway",))


def test_nothing_before_the_curveball_shows_its_concepts() -> None:
    """Whoever recomputed earlier has not yet answered the change."""
    thrown = bot("The provider doubles its prices.", "operations", move="curveball")
    early, late = you("Let me recompute the sum.", "operations"), you("Hm.", "operations")
    card = grade(interview(early, thrown, late, curveball_turn="i0001")).rounds[0].curveball
    assert card is not None
    assert [one.verdict for one in card.verdicts] == [Verdict.NOT_DETECTED]


def test_a_red_flag_goes_when_what_it_denies_is_shown() -> None:
    """In the same turn or later in the stage, without being asked about it."""
    store = "I'd start with a vector database."
    flag = PLAN.stages[0].red_flags[0].model_copy(update={"withdrawn_by": ("traffic",)})
    scope = replace(PLAN.stages[0], red_flags=(flag,))
    plan = replace(PLAN, stages=(scope, *PLAN.stages[1:]))
    for said, standing in (
        ([store, ASK], False),
        ([f"{store} {ASK}"], False),
        ([ASK, store], True),
    ):
        (seen,) = stage(grade(interview(*map(you, said), plan=plan)), "scope").red_flags
        assert seen.standing is standing


def test_the_best_worded_evidence_is_quoted_and_the_first_says_how_it_was_obtained() -> None:
    """The quote of a concept that was named in passing is the sentence that explains it."""
    better = "The latency thoroughly explained: the reply needs two seconds as its consequence."
    probe = aimed("probe")
    found = verdict(grade(interview(you(REPLY), probe, you(better))), "scope/latency")
    assert (found.how, found.evidence[0].turn_id) == (HowObtained.UNPROMPTED, "c0002")


def test_the_rating_comes_with_the_packs_anchor() -> None:
    """A pack that sharpens the scale is quoted."""
    weighing = f"{REPLY} I considered one second and rejected it."
    scope = stage(grade(interview(you(ASK), you(weighing))), "scope")
    assert (scope.rating, scope.anchor) == (4, "Turns the answers into numbers.")


def test_practice_is_heaviest_first_and_never_above_what_was_asked_before_the_rest() -> None:
    """Weight decides; what is expected of higher levels comes last."""
    card = grade(interview(you("Nothing."), you("Nothing.", "operations"), level=Level.MID))
    assert [item.concept_id for item in card.practise_next] == [
        "traffic",
        "fallback",
        "latency",
        "canary",
    ]


def test_the_card_survives_json() -> None:
    """JSON both ways gives the same card, and the same text again."""
    card = grade(interview(you(ASK), aimed("hint"), you(REPLY), you(FALLBACK, "operations")))
    text = scorecard_to_json(card)
    assert scorecard_from_json(text) == card
    assert scorecard_to_json(scorecard_from_json(text)) == text


SENTENCES = st.sampled_from(
    [
        ASK,
        REPLY,
        FALLBACK,
        AGAINST,
        "I'd start with a vector database.",
        "3,000 tokens at 3 dollars a million is 9 dollars.",
        "Hm! \N{GRINNING FACE} ok…",
        "\n",
    ]
)
SAID = st.one_of(st.text(max_size=60), st.lists(SENTENCES, max_size=4).map(" ".join))
LINES = st.lists(
    st.one_of(
        st.builds(you, SAID, st.sampled_from(["scope", "operations"])),
        st.builds(bot, SAID, st.sampled_from(["scope", "operations"])),
    ),
    max_size=6,
)


@given(LINES)
def test_quotes_are_slices_of_candidate_turns_and_grading_is_repeatable(
    lines: list[dict[str, str]],
) -> None:
    """For any transcript: exact slices only, and the same record gives the same bytes."""
    record = interview(*lines)
    card = grade(record)
    turns = {turn.id: turn for turn in record.transcript}
    for evidence in all_evidence(card):
        assert turns[evidence.turn_id].speaker is Speaker.CANDIDATE
        assert turns[evidence.turn_id].text[evidence.start : evidence.end] == evidence.quote
        assert evidence.quote
    assert scorecard_to_json(card) == scorecard_to_json(grade(interview(*lines)))


def test_every_concept_of_the_plan_gets_exactly_one_verdict() -> None:
    """None is lost and none is doubled."""
    card = grade(interview(you(ASK)))
    stages = [one.key for held in card.rounds[0].stages for one in held.verdicts]
    expected = [address for address, _ in PLAN.concepts() if not address.startswith("curveball")]
    assert stages == expected


def test_a_card_that_cannot_be_read_does_not_quote_the_candidate() -> None:
    """Its error names the field and never what stands in it: that may be what somebody said."""
    with pytest.raises(ValidationError) as refused:
        Scorecard.model_validate({"interview_id": ["my late wife's account"], "said": "my wife"})

    assert "interview_id" in str(refused.value)
    assert "wife" not in str(refused.value)


SHOWN = "There are many conversations a day. It takes seconds until the reply starts."
LOOSE = "So be it. Well. Chat vs form does not matter. Cheap rather than dear, anyway."
BESIDE = "A chat rather than a form."


@pytest.mark.parametrize(
    ("added", "rating"),
    [
        (f"{BESIDE} There are two checks here.", 3),
        (f"There are 5 percent of them. {LOOSE}", 3),
        (f"{BESIDE} There are 5 percent of them.", 4),
        ("There are 5 percent. So be it. Well. Rejected a form: nobody reads it.", 4),
    ],
)
def test_figures_and_comparisons_lead_only_where_they_say_something(
    added: str, rating: int
) -> None:
    """A small count is no figure, and a comparison far from all evidence weighs nothing."""
    assert stage(grade(interview(you(f"{SHOWN} {added}"))), "scope").rating == rating
