"""Small interviews, built by hand, for the tests of the scorecard."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from scenarios.model import (
    Anchors,
    BoardExpectation,
    Concept,
    Contradiction,
    CostLine,
    CostModel,
    Cue,
    Curveball,
    DesignStage,
    ExpectedComponent,
    Level,
    Price,
    RedFlag,
    RoundKind,
)
from scenarios.rounds import RoundPlan, StagePlan
from scoring.record import Ending, Given, GivenKind, InterviewRecord, RoundRecord
from scoring.transcript import Speaker, Turn
from whiteboard.board import Arrow, Board, Component, ComponentKind

START = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)


def cue(*slots: str) -> Cue:
    return Cue(all=slots)


def concept(
    id_: str, *slots: str, weight: int = 2, level: Level = Level.MID, against: str | None = None
) -> Concept:
    topic = id_.replace("-", " ")
    contradictions = ()
    if against is not None:
        contradictions = (
            Contradiction(cue=cue(against), example=f"We {against}.", probe="Why is that?"),
        )
    return Concept(
        id=id_,
        statement=f"Explains the {topic} thoroughly with its consequence.",
        weight=weight,
        level=level,
        cues=(cue(*slots),),
        phrasings=tuple(
            f"The {topic} {verb} described here fully." for verb in ("is", "was", "be")
        ),
        near_misses=("Nothing of the sort whatsoever.", "Something else entirely happens."),
        contradictions=contradictions,
        probes=(f"What would you do about {topic}?", "And what else?"),
        hint="Think about it once more.",
        source="E7",
    )


SCOPE = StagePlan(
    name="scope",
    title="Scope",
    opening="Where do you start?",
    share=0.4,
    concepts=(
        concept("traffic", "conversations", "a day", weight=3, level=Level.JUNIOR),
        concept("latency", "seconds", "reply", against="ignore latency"),
    ),
    red_flags=(
        RedFlag(
            id="store-first",
            statement="Draws a store before asking anything.",
            cues=(cue("start with", "vector database"),),
            examples=("I start with a vector database.",),
            near_misses=("The store comes later.", "First I ask about the traffic."),
            probe="What did you learn before that?",
        ),
    ),
    anchors=Anchors(
        nothing_usable="Draws at once.",
        partly="Asks one thing.",
        meets="Asks for traffic and latency.",
        leads="Turns the answers into numbers.",
    ),
)
OPERATIONS = StagePlan(
    name="operations",
    title="Operations",
    opening="How do you run it?",
    share=0.6,
    concepts=(
        concept("fallback", "falls back", "provider", weight=3, level=Level.MID),
        concept("canary", "canary", "percent", weight=1, level=Level.STAFF),
    ),
)
COST = CostModel(
    unit="conversation of four turns",
    units_per_month=900_000,
    ceiling_usd=0.025,
    prices={
        "small": Price(input=0.3, cached=0.03, output=1.2),
        "strong": Price(input=3, cached=0.3, output=15),
    },
    lines=(
        CostLine(
            name="easy", calls=4, share=0.7, input=3000, cached=1500, output=200, model="small"
        ),
        CostLine(
            name="hard", calls=4, share=0.3, input=3500, cached=1500, output=250, model="strong"
        ),
    ),
    unit_usd=0.014298,
    month_usd=12_868.2,
)
CURVEBALL = Curveball(
    stage=DesignStage.OPERATIONS,
    text="The provider doubles its prices.",
    concepts=(concept("recompute", "recompute", "sum"),),
)
BOARD = BoardExpectation(
    components=(
        ExpectedComponent(
            id="gateway",
            title="Gateway",
            kinds=(ComponentKind.GATEWAY,),
            names=("gateway",),
            concept="fallback",
            probe="What stands at the door?",
        ),
        ExpectedComponent(
            id="queue", title="Human queue", names=("human queue",), probe="Who takes the rest?"
        ),
    )
)
PLAN = RoundPlan(
    kind=RoundKind.DESIGN,
    item="shop-agent",
    title="Shop agent",
    brief="Design an agent for a shop.",
    level=Level.SENIOR,
    minutes=10,
    stages=(SCOPE, OPERATIONS),
    curveball=CURVEBALL,
    board=BOARD,
    cost=COST,
)
DRAWING = Board(
    components=(
        Component("client", "client", ComponentKind.CLIENT),
        Component("gw", "API gateway", ComponentKind.GATEWAY),
    ),
    arrows=(Arrow("client", "gw"),),
)

ASK = "I take it that there are 30,000 conversations a day, with a peak of 12 per second."
REPLY = "I want two seconds until the reply starts."
FALLBACK = "When the provider is down the service falls back to a second provider."


def you(text: str, stage: str = "scope") -> dict[str, str]:
    return {"speaker": "candidate", "text": text, "stage": stage}


def bot(text: str, stage: str = "scope", **more: str) -> dict[str, str]:
    return {"speaker": "interviewer", "text": text, "stage": stage, **more}


def transcript(lines: Sequence[Mapping[str, str]]) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            id=f"{line['speaker'][0]}{index:04d}",
            index=index,
            speaker=Speaker(line["speaker"]),
            text=line["text"],
            round_index=0,
            stage=line["stage"],
            at=START + timedelta(seconds=30 * index),
            move=line.get("move"),
            aims_at=line.get("aims_at"),
        )
        for index, line in enumerate(lines)
    )


def interview(
    *lines: Mapping[str, str],
    reached: tuple[str, ...] = ("scope", "operations"),
    boards: tuple[tuple[str, Board], ...] = (),
    curveball_turn: str | None = None,
    level: Level = Level.SENIOR,
    plan: RoundPlan = PLAN,
) -> InterviewRecord:
    held = RoundRecord(
        plan=plan,
        reached=reached,
        spent_s={"scope": 130.0, "operations": 245.0},
        budget_s={"scope": 240.0, "operations": 360.0},
        given=(Given(GivenKind.FACT, "volume", "30,000 a day.", "i0000", "volume"),),
        boards=boards,
        curveball_turn=curveball_turn,
    )
    return InterviewRecord(
        interview_id="iv-1",
        level=level,
        style="neutral",
        started_at=START,
        finished_at=START + timedelta(minutes=9),
        ending=Ending.COMPLETED,
        rounds=(held,),
        transcript=transcript(lines),
        engine="offline",
        pack_hash="abc",
    )
