"""Small values for the tests of the tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

from interviewer.state import (
    ClockReading,
    Event,
    EventKind,
    Finding,
    InterviewSettings,
    Move,
    MoveKind,
    RoundSpec,
    Utterance,
    utterance_key,
)
from scenarios.model import Level, RoundKind
from scoring.record import Ending
from scoring.scorecard import CurveballCard, RoundCard, Scorecard, StageCard
from scoring.verdicts import ConceptVerdict, HowObtained, Verdict

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def minutes(count: float) -> datetime:
    """`count` minutes after the start."""
    return START + timedelta(minutes=count)


def settings_of(owner: str = "ada") -> InterviewSettings:
    """Settings of one design round."""
    spec = RoundSpec(kind=RoundKind.DESIGN, items=("support-agent",), minutes=30)
    return InterviewSettings(rounds=(spec,), level=Level.SENIOR, owner=owner)


def said(text: str, at: datetime = START, **more: Any) -> Event:
    """The candidate said `text`."""
    return Event(kind=EventKind.SAID, at=at, text=text, **more)


def move_of(kind: MoveKind = MoveKind.PROBE, **more: Any) -> Move:
    """A move made in the stage `scope` that leads to the stage `loop`."""
    places = {"round_index": 0, "stage": "scope", "to_round": 1, "to_stage": "loop"}
    clock = ClockReading(stage_left_s=60, round_left_s=600)
    return Move(**{**places, "kind": kind, "clock": clock, **more})


def utterance_of(seq: int, text: str, move: Move | None = None, **more: Any) -> Utterance:
    """An utterance of the interview `one` in answer to the event `seq`."""
    move = move or move_of()
    return Utterance(
        key=utterance_key("one", seq, move.kind),
        interview_id="one",
        seq=seq,
        move=move,
        text=text,
        opened_at=minutes(seq),
        **more,
    )


def finding_of(key: str = "scope/users", quote: str = "ten agents") -> Finding:
    """A hit."""
    return Finding(
        key=key,
        verdict=Verdict.HIT,
        start=0,
        end=len(quote),
        quote=quote,
        score=1.0,
        found_by="cue",
    )


def verdict_of(key: str, verdict: Verdict = Verdict.HIT) -> ConceptVerdict:
    """A verdict on the concept `key`."""
    stage, _, concept = key.partition("/")
    how = HowObtained.PROBED if verdict is Verdict.HIT else None
    return ConceptVerdict(key, stage, concept, "Says so.", 2, "mid", verdict, how)


def card_of(
    interview_id: str = "one", revision: int = 1, notices: tuple[str, ...] = ()
) -> Scorecard:
    """A card of two equal rounds, so that the same concept key appears in both."""
    stage = StageCard(
        name="scope",
        title="Scope",
        reached=True,
        rating=3,
        rating_high=3,
        rating_reason="",
        level_low=Level.MID,
        level_high=Level.MID,
        verdicts=(verdict_of("scope/users"), verdict_of("scope/load", Verdict.NOT_DETECTED)),
        spent_s=60,
        budget_s=120,
    )
    curveball = CurveballCard(text="", turn_id="i0001", verdicts=(verdict_of("curveball/users"),))
    held = RoundCard(
        kind=RoundKind.DESIGN,
        item="support-agent",
        title="Support agent",
        brief="",
        stages=(stage,),
        curveball=curveball,
    )
    return Scorecard(
        revision=revision,
        interview_id=interview_id,
        started_at=START,
        finished_at=minutes(30),
        level=Level.SENIOR,
        style="neutral",
        engine="offline",
        pack_hash="",
        ending=Ending.COMPLETED,
        rounds=(held, held),
        notices=notices,
        practise_next=(),
        cost_usd=0,
        transcript=(),
    )
