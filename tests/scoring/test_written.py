"""A written answer is graded as an interview that consists of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from interviewer.session import MAX_CHARS
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Level
from scenarios.rounds import RoundPlan
from scoring.record import Ending, InterviewRecord, RoundRecord
from scoring.scorecard import grade
from scoring.transcript import WHOLE_ROUND, Speaker, Turn
from scoring.verdicts import Verdict
from scoring.written import (
    MOST_CHARS,
    AnswerError,
    WrittenAnswer,
    grade_written,
    shared_finders,
)

WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCENARIO, QUESTION = "support-agent-limited-actions", "what-is-a-token"
ANSWER = "A token is a piece of a word, and the context window is counted in tokens."
SCOPE = "How many conversations a day are there? What may one conversation cost?"
finder_of = shared_finders()


@pytest.fixture(scope="module")
def plans() -> dict[str, RoundPlan]:
    library = load_library(builtin_packs_folder())
    return {item: library.round_for(item) for item in (SCENARIO, QUESTION)}


def answer(plan: RoundPlan, text: str, stage: str | None = None) -> WrittenAnswer:
    return WrittenAnswer(plan, stage, text, plan.level)


def test_it_gets_the_verdicts_of_the_same_words_in_an_interview(plans) -> None:
    """The card's stage is the one that an interview with this one turn would have got."""
    plan = plans[SCENARIO]
    written = grade_written(answer(plan, SCOPE, "scope"), WHEN, finder_of).card
    opening = f"{plan.brief} {plan.stage('scope').opening}"
    turns = (
        Turn("t0000", 0, Speaker.INTERVIEWER, opening, 0, "scope", WHEN, move="open"),
        Turn("t0001", 1, Speaker.CANDIDATE, SCOPE, 0, "scope", WHEN),
    )
    held = RoundRecord(plan, ("scope",), {"scope": 60.0}, {"scope": 120.0})
    record = InterviewRecord(
        interview_id="one",
        level=plan.level,
        style="neutral",
        started_at=WHEN,
        finished_at=WHEN,
        ending=Ending.ENDED_EARLY,
        rounds=(held,),
        transcript=turns,
        engine="offline",
        pack_hash="",
    )

    spoken = grade(record).rounds[0].stages[0]

    assert any(verdict.verdict is Verdict.HIT for verdict in spoken.verdicts)
    untimed = spoken.model_copy(update={"spent_s": 0.0, "budget_s": 0.0})
    assert written.rounds[0].stages[0] == untimed


def test_one_stage_leaves_the_others_unrated(plans) -> None:
    """What was not asked is not reached, never a bad rating."""
    card = grade_written(answer(plans[SCENARIO], SCOPE, "scope"), WHEN, finder_of).card

    assert [stage.name for stage in card.rounds[0].stages if stage.rating is not None] == ["scope"]


def test_an_answer_to_the_whole_counts_in_every_stage(plans) -> None:
    """What needs corroboration in another stage needs none in an answer to all of them."""
    plan = plans[SCENARIO]
    texts = [plan.stage(name).concepts[0].phrasings[0] for name in ("loop", "evals")]
    card = grade_written(answer(plan, " ".join(texts)), WHEN, finder_of).card
    first = {stage.name: stage.verdicts[0] for stage in card.rounds[0].stages}

    assert {first["loop"].verdict, first["evals"].verdict} == {Verdict.HIT}
    assert all(stage.reached for stage in card.rounds[0].stages)
    assert {turn.stage for turn in card.transcript} == {WHOLE_ROUND}


def test_the_question_given_back_is_no_evidence(plans) -> None:
    """The brief and the opening were heard, so an echo of them is flagged and shows nothing."""
    asked = answer(plans[SCENARIO], "word").asked
    graded = grade_written(answer(plans[SCENARIO], asked), WHEN, finder_of)

    assert "parrot" in graded.gates
    assert graded.card.notices == (
        f"Parts of the answer were not taken as evidence: {', '.join(graded.gates)}.",
    )
    assert {stage.rating for stage in graded.card.rounds[0].stages} == {1}


def test_honest_words_raise_no_notice(plans) -> None:
    """Nothing touched it, nothing is said about gates."""
    graded = grade_written(answer(plans[QUESTION], ANSWER), WHEN, finder_of)

    assert (graded.gates, graded.card.notices) == ((), ())


def test_the_level_decides_the_rating(plans) -> None:
    """What suffices of a junior does not suffice of a staff engineer."""
    asked = answer(plans[QUESTION], ANSWER)
    ratings = [
        grade_written(replace(asked, level=level), WHEN, finder_of).card.rounds[0].stages[0].rating
        for level in (Level.JUNIOR, Level.STAFF)
    ]

    assert ratings[0] is not None
    assert ratings[1] is not None
    assert ratings[0] >= ratings[1]
    assert len(set(ratings)) == 2


@pytest.mark.parametrize(
    ("text", "stage", "says"),
    [
        ("", None, "empty: write at least one word"),
        (" \n\t …!? ", None, "empty: write at least one word"),
        ("x" * (MOST_CHARS + 1), None, "20,001 characters and 20,000 is the most"),
        (ANSWER, "scope", f"`{QUESTION}` has no stage `scope`: there is {QUESTION}"),
    ],
)
def test_what_is_no_answer_is_refused(plans, text: str, stage: str | None, says: str) -> None:
    """The reason and the next step, and not the words."""
    with pytest.raises(AnswerError) as refused:
        answer(plans[QUESTION], text, stage)

    assert says in str(refused.value)
    assert "xxx" not in str(refused.value)


def test_the_limit_is_that_of_an_interview() -> None:
    """What one turn takes, one written answer takes."""
    assert MOST_CHARS == MAX_CHARS


def test_a_finder_is_built_once(plans) -> None:
    """The same object for the same round, another for another."""
    finder = shared_finders()

    assert finder(plans[QUESTION]) is finder(plans[QUESTION])
    assert finder(plans[QUESTION]) is not finder(plans[SCENARIO])
