"""Scorecards for the views: a hand-made round, and one of everything at its longest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Level
from scenarios.rounds import RoundPlan, drill_round
from scoring.arithmetic import SumCheck, SumOutcome, SumReport
from scoring.conversation import Fairness
from scoring.disputes import CardNotes, Dispute, Override, ReviewerRole
from scoring.drawn import BoardSummary
from scoring.record import Ending, Given, GivenKind, InterviewRecord, RoundRecord
from scoring.scorecard import CurveballCard, RedFlagSeen, Scorecard, grade
from scoring.speech import Delivery
from scoring.transcript import Speaker, Turn
from scoring.verdicts import ConceptVerdict, Evidence, HowObtained, Verdict

START = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
LONG_ANSWER = 20_000
HOSTILE = (
    "**bold** @everyone <@123> [x](https://evil.example) `code` ||spoiler|| :smile: <t:1:R> "
    "\n# Heading\n> quote\n- list\n1. one\n-# small \u202eevil ``` https://evil.example _it_ "
)
SPOKEN = Delivery(
    speaking_s=412.5,
    words_per_minute=141.2,
    articulation_per_minute=170.1,
    fillers_per_minute=3.1,
    fillers_per_100_words=2.2,
    hedges_per_100_words=1.5,
    median_pause_s=0.61,
    long_pauses_per_minute=0.7,
    long_pause_share=0.08,
    talk_share=0.83,
    answer_latency_s=1.9,
)


HELD = Fairness(
    utterances=14,
    waits=12,
    median_wait_s=0.7,
    longest_wait_s=2.4,
    spoke_over=2,
    interrupted=1,
)


def loop_card() -> Scorecard:
    """Three rounds of the packs in a row, eight drills among them, each stage answered."""
    library = load_library(builtin_packs_folder())
    plans = (
        max(map(_round_of(library), library.scenarios), key=lambda plan: len(plan.brief)),
        library.round_for(library.prompts[0].id),
        drill_round(library.questions[:8]),
    )
    return grade(record_of(plans, "We cache the prompt and measure what it saves."))


def drill_card(answer: str = "A token is a piece of a word.") -> Scorecard:
    """One question, answered."""
    library = load_library(builtin_packs_folder())
    return grade(record_of((drill_round((library.question("what-is-a-token"),)),), answer))


def extreme(card: Scorecard) -> Scorecard:
    """The card with everything hostile, and as long as it can get."""
    turns = tuple(_hostile_turn(turn) for turn in card.transcript)
    own = next(turn for turn in turns if turn.speaker is Speaker.CANDIDATE)
    quotes = (
        Evidence(own.id, 0, len(own.text), own.text, "cue"),
        Evidence(own.id, 0, 20, own.text[:20], "cue"),
        Evidence("", 0, 600, filled(600), "board", "gw"),
    )
    rounds = tuple(_hostile_round(held, quotes) for held in card.rounds)
    item = replace(
        card.practise_next[0], statement=filled(600), question=filled(600), stage_title=filled(120)
    )
    return card.model_copy(
        update={
            "transcript": turns,
            "rounds": rounds,
            "notices": tuple(filled(900) for _ in range(12)),
            "practise_next": (item,) * 5,
            "delivery": SPOKEN,
            "fairness": HELD,
            "revision": 2,
        }
    )


def filled(length: int) -> str:
    """Hostile text of that length."""
    return (HOSTILE * (length // len(HOSTILE) + 1))[:length]


def noted(card: Scorecard) -> CardNotes:
    """A dispute of every verdict of the first stage, each overridden twice, all hostile."""
    disputes = tuple(
        Dispute(f"d{index}", card.revision, 0, verdict.key, filled(500), START)
        for index, verdict in enumerate(card.rounds[0].stages[0].verdicts)
    )
    overrides = tuple(
        Override(dispute.id, Verdict.HIT, filled(500), role, START)
        for dispute in disputes
        for role in ReviewerRole
    )
    return CardNotes(disputes, overrides)


def record_of(plans: tuple[RoundPlan, ...], answer: str) -> InterviewRecord:
    """Every stage of the rounds opened and answered alike."""
    return InterviewRecord(
        interview_id="abcdefgh",
        level=Level.SENIOR,
        style="neutral",
        started_at=START,
        finished_at=START + timedelta(hours=1),
        ending=Ending.COMPLETED,
        rounds=tuple(
            RoundRecord(
                plan,
                tuple(stage.name for stage in plan.stages),
                {stage.name: 130.0 for stage in plan.stages},
                {stage.name: 240.0 for stage in plan.stages},
            )
            for plan in plans
        ),
        transcript=tuple(_transcript(plans, answer)),
        engine="offline",
        pack_hash="abc",
    )


def _round_of(library):
    return lambda scenario: library.round_for(scenario.id)


def _transcript(plans: tuple[RoundPlan, ...], answer: str) -> list[Turn]:
    lines = [
        (index, stage.name, speaker, text)
        for index, plan in enumerate(plans)
        for stage in plan.stages
        for speaker, text in (
            (Speaker.INTERVIEWER, stage.opening),
            (Speaker.CANDIDATE, answer),
        )
    ]
    return [
        Turn(f"t{place:04d}", place, speaker, text, index, stage, START)
        for place, (index, stage, speaker, text) in enumerate(lines)
    ]


def _hostile_turn(turn: Turn) -> Turn:
    if turn.speaker is Speaker.INTERVIEWER:
        return replace(turn, text=filled(300))
    text = filled(LONG_ANSWER) if turn.index < 2 else filled(700)
    return replace(turn, text=text, original=text.replace("evil", "evli"))


def _hostile_round(held, quotes: tuple[Evidence, ...]):
    stages = tuple(_hostile_stage(stage, quotes) for stage in held.stages)
    words = tuple(filled(200) for _ in range(8))
    return held.model_copy(
        update={
            "title": filled(200),
            "brief": filled(600),
            "stages": stages,
            "curveball": CurveballCard(
                text=filled(600), turn_id=quotes[0].turn_id, verdicts=stages[0].verdicts
            ),
            "board": BoardSummary("scope", words, 3, words, words),
            "arithmetic": SumReport(
                (SumCheck(SumOutcome.MISMATCH, quotes[0], filled(300), filled(100)),) * 9
            ),
            "given": (Given(GivenKind.ASSUMPTION, filled(80), filled(600), quotes[0].turn_id),) * 9,
        }
    )


def _hostile_stage(stage, quotes: tuple[Evidence, ...]):
    verdicts = tuple(
        _hostile_verdict(verdict, kind, quotes)
        for verdict, kind in zip(stage.verdicts, list(Verdict) * 9, strict=False)
    )
    return stage.model_copy(
        update={
            "title": filled(120),
            "anchor": filled(600),
            "rating": 3,
            "rating_high": 4,
            "rating_reason": filled(600),
            "verdicts": verdicts,
            "red_flags": (
                RedFlagSeen(id="x", statement=filled(600), evidence=quotes[0], standing=True),
            )
            * 3,
        }
    )


def _hostile_verdict(
    verdict: ConceptVerdict, kind: Verdict, quotes: tuple[Evidence, ...]
) -> ConceptVerdict:
    return replace(
        verdict,
        verdict=kind,
        how=HowObtained.PROBED,
        statement=filled(600),
        note=filled(300),
        evidence=quotes * 2,
    )
