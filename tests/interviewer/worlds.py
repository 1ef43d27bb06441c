"""A small round and a simulation of it without a database: event in, move and words out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from interviewer.beliefs import absorb, settle
from interviewer.engines.offline import OfflineEngine
from interviewer.engines.wording import word_move
from interviewer.policy import Situation, decide
from interviewer.ports import Assessment, Heard, Scene
from interviewer.state import (
    Event,
    EventKind,
    InterviewSettings,
    InterviewState,
    Move,
    RoundSpec,
    Style,
)
from scenarios.model import (
    Concept,
    Contradiction,
    Cue,
    Curveball,
    DesignStage,
    Fact,
    Level,
    RedFlag,
    RoundKind,
)
from scenarios.rounds import RoundPlan, StagePlan

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def cue(*slots: str) -> Cue:
    return Cue(all=slots)


def concept(
    name: str,
    statement: str,
    *cues: Cue,
    weight: int = 2,
    level: Level = Level.MID,
    asking: bool = False,
    contradictions: tuple[Contradiction, ...] = (),
) -> Concept:
    return Concept(
        id=name,
        statement=statement,
        weight=weight,
        level=level,
        shown_by="asking" if asking else "stating",
        cues=cues,
        phrasings=(f"{statement} indeed.", f"We would say {statement}.", f"So {statement}, then."),
        near_misses=("Something else entirely.", "Another thing that is different."),
        contradictions=contradictions,
        probes=(f"First question on {name}?", f"Second question on {name}?"),
        hint=f"A pointer towards {name}.",
        source="test",
    )


VOLUME = concept(
    "ask-volume",
    "asks how many conversations arrive per day and at peak",
    cue("conversations | traffic | requests", "per day | a day | peak | how many"),
    weight=3,
    asking=True,
)
COST = concept(
    "ask-cost",
    "asks what a conversation may cost in models",
    cue("cost | price | budget", "conversation | ceiling | may"),
    asking=True,
)
STEP_CAP = concept(
    "step-cap",
    "the loop stops after a fixed number of steps",
    cue("cap | limit | stop*", "steps | iterations"),
    weight=3,
    contradictions=(
        Contradiction(
            cue=cue("run* | loop*", "until it is done | as long as"),
            example="It loops as long as it likes.",
            probe="What happens on a ticket that never resolves?",
        ),
    ),
)
RETRIEVAL = concept(
    "grounding",
    "answers are grounded in retrieved help pages with citations",
    cue("retriev* | search", "help pages | articles | docs", "cite* | citation* | source*"),
)
AUTHZ = concept(
    "authz",
    "ownership is checked by the order service and never by the model",
    cue("owner* | identity | authoris*", "service | backend | server"),
    weight=3,
    level=Level.SENIOR,
)
ROUTING = concept(
    "routing",
    "easy requests go to a small model and hard ones to a strong model",
    cue("easy | simple", "small model | cheap model"),
)
RECOMPUTE = concept(
    "curveball-recompute",
    "recomputes the blended price under the new ceiling",
    cue("recompute* | new price", "ceiling | budget"),
)


def design_plan(minutes: float = 20) -> RoundPlan:
    stages = (
        StagePlan("scope", "Scope", "What do you need to know?", 0.25, (VOLUME, COST)),
        StagePlan(
            "loop",
            "Loop",
            "Walk me through one message.",
            0.25,
            (STEP_CAP, RETRIEVAL),
            red_flags=(
                RedFlag(
                    id="open-loop",
                    statement="an open loop with a general tool",
                    cues=(cue("any api | general tool"),),
                    examples=("It may call any API.",),
                    near_misses=("It may call three functions.", "The tools are narrow."),
                    probe="Which calls can that make?",
                ),
            ),
        ),
        StagePlan("models", "Models", "Which models go where?", 0.25, (ROUTING,)),
        StagePlan("trust_boundary", "Trust boundary", "What stops harm?", 0.25, (AUTHZ,)),
    )
    return RoundPlan(
        kind=RoundKind.DESIGN,
        item="small-shop",
        title="A small shop",
        brief="A shop wants a chat agent. Design it.",
        level=Level.MID,
        minutes=minutes,
        stages=stages,
        facts=(
            Fact(
                id="volume",
                topic="volume",
                answer="There are 30,000 conversations a day.",
                cues=(cue("how many | volume | traffic", "conversations | requests | traffic"),),
                example_questions=("How many conversations?", "What traffic is there?"),
            ),
            Fact(
                id="cost",
                topic="cost",
                answer="Two cents a conversation at most.",
                cues=(cue("cost | budget | price"),),
                example_questions=("What may it cost?", "Is there a budget?"),
            ),
        ),
        curveball=Curveball(
            stage=DesignStage.MODELS,
            text="The ceiling is halved. What changes?",
            concepts=(RECOMPUTE,),
        ),
    )


def replace_curveball_facts(plan: RoundPlan, facts: tuple[str, ...], **replaces: str) -> RoundPlan:
    assert plan.curveball is not None
    update = {"facts": facts, "replaces": replaces}
    return replace(plan, curveball=plan.curveball.model_copy(update=update))


def settings_for(plan: RoundPlan, **changes: object) -> InterviewSettings:
    values: dict[str, object] = {
        "rounds": (RoundSpec(kind=plan.kind, items=(plan.item,), minutes=plan.minutes),),
        "level": Level.MID,
        "style": Style.NEUTRAL,
        **changes,
    }
    return InterviewSettings.model_validate(values)


@dataclass(frozen=True)
class Exchange:
    event: Event
    move: Move
    text: str
    state: InterviewState


def said(text: str, active_s: float = 60.0) -> Event:
    return Event(kind=EventKind.SAID, at=START, text=text, active_s=active_s)


def report(kind: EventKind, active_s: float = 0.0) -> Event:
    return Event(kind=kind, at=START, active_s=active_s)


def simulate(
    plan: RoundPlan, events: Iterable[Event], settings: InterviewSettings | None = None
) -> list[Exchange]:
    """Play the events after the opening; stops when the interview ends."""
    settings = settings or settings_for(plan)
    engine = OfflineEngine()
    state = InterviewState()
    lines: list[str] = []
    played: list[Exchange] = []
    for seq, event in enumerate([report(EventKind.BEGAN), *events]):
        assessment = Assessment()
        if event.kind is EventKind.SAID:
            stage = plan.stages[state.stage_index].name
            assessment = engine.assess(Heard(event.text, stage, plan, tuple(lines)))
        state = absorb(state, seq, event, assessment, plan)
        move = decide(Situation(settings, state, plan, event, assessment))
        given = frozenset(given.fact_id for given in state.given.get(0, ()) if given.fact_id)
        thrown = 0 in state.curveball_turns
        scene = Scene(plan, settings, frozenset(state.lines), given, thrown=thrown)
        text = word_move(move, scene, given)
        state = settle(state, move, text, plan, plan)
        lines.append(text)
        played.append(Exchange(event, move, text, state))
        if move.ending is not None:
            break
    return played
