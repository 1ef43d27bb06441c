"""The shapes of a pack.

A pack is a folder of YAML files and holds no code and no templating language. Every file is one
model of this module, named by its folder: `design/*.yaml` is a `Scenario`, `drill/*.yaml` a
`Question`, `behavioural/*.yaml` a `StoryPrompt`, `plans/*.yaml` a `Plan`, `cases/*.yaml` a
`CaseFile`, and `pack.yaml` the `PackManifest`. Unknown keys are refused, so a typo is an error.

A cue finds a concept in what a candidate says. It lists *slots*; a slot is a string of
alternatives separated by `|`; the cue matches where every slot matches inside one window:

    cues:
      - all: ["peak | traffic | request*", "per second | a day | <number>"]
        within: 20        # tokens, default 25
        ordered: false    # true: the slots must come in this order

Alternatives are matched word by word on stems ("cached" finds "caching"); several words must stand
next to each other; `*` at the end of a word matches any ending; `<number>`, `<money>`,
`<percent>` and `<duration>` match a quantity of that kind.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from whiteboard.board import ComponentKind

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=600)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class Strict(BaseModel):
    """Base of every pack model: unknown keys are refused and instances cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(StrEnum):
    """Seniority, lowest first. `LEVELS` gives the order."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


LEVELS: tuple[Level, ...] = tuple(Level)


def level_rank(level: Level) -> int:
    """Position of `level` in `LEVELS`, 0 for junior."""
    return LEVELS.index(level)


class RoundKind(StrEnum):
    """The three kinds of round; a plan puts several in a row."""

    DESIGN = "design"
    BEHAVIOURAL = "behavioural"
    DRILL = "drill"


class DesignStage(StrEnum):
    """Stages of a system-design round, in the order in which they are taken."""

    SCOPE = "scope"
    LOOP = "loop"
    MODELS = "models"
    EVALS = "evals"
    TRUST_BOUNDARY = "trust_boundary"
    OPERATIONS = "operations"


class StoryStage(StrEnum):
    """Stages of a behavioural round, in order."""

    SITUATION = "situation"
    DECISION = "decision"
    ACTION = "action"
    OUTCOME = "outcome"
    LEARNING = "learning"


class Topic(StrEnum):
    """Topics of drill questions, as the curriculum names them."""

    FUNDAMENTALS = "fundamentals"
    RAG = "rag"
    AGENTS = "agents"
    EVALS = "evals"
    COST = "cost"
    PROMPTING = "prompting"
    MLOPS = "mlops"
    SAFETY = "safety"
    PRODUCT = "product"
    CLASSICAL = "classical"
    CODING = "coding"


class Cue(Strict):
    """A pattern of slots that shows a concept; see the module's docstring for the notation."""

    all: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=6)]
    within: Annotated[int, Field(ge=2, le=60)] = 25
    ordered: bool = False


class Contradiction(Strict):
    """A pattern that says the opposite of a concept, and a neutral question that tests it."""

    cue: Cue
    example: Sentence
    probe: Sentence


class Concept(Strict):
    """One thing that a good answer shows.

    `shown_by` says what counts as evidence: `stating` it, or `asking` for it (in the scope stage
    a question about the traffic is the hit; stating an assumption about it counts as well).
    `level` is the lowest level at which it is expected; `weight` is 1 (nice to have) to 3
    (an answer without it fails). `listable` concepts may be shown in a bare list.
    """

    id: Identifier
    statement: Sentence
    weight: Annotated[int, Field(ge=1, le=3)]
    level: Level
    shown_by: Literal["stating", "asking"] = "stating"
    cues: Annotated[tuple[Cue, ...], Field(min_length=1)]
    phrasings: Annotated[tuple[Sentence, ...], Field(min_length=3, max_length=5)]
    near_misses: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    contradictions: tuple[Contradiction, ...] = ()
    probes: Annotated[tuple[Sentence, ...], Field(min_length=2, max_length=3)]
    hint: Sentence
    listable: bool = False
    source: Phrase


class RedFlag(Strict):
    """Something that harms an answer, how to notice it, and a neutral question about it.

    `near_misses` are honest sentences, close to the flag, that its cues must not match.
    `withdrawn_by` are ids of concepts of the same stage that the flag denies: whoever shows them
    all, in the same breath or later in the stage, has taken the flag back.
    """

    id: Identifier
    statement: Sentence
    cues: Annotated[tuple[Cue, ...], Field(min_length=1)]
    examples: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    near_misses: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    probe: Sentence
    withdrawn_by: tuple[Identifier, ...] = ()


class Anchors(Strict):
    """What each rating looks like in this stage; sharpens the general scale."""

    nothing_usable: Sentence
    partly: Sentence
    meets: Sentence
    leads: Sentence


class StageContent(Strict):
    """One stage of a scenario or story: how it opens, what it looks for, its share of the time."""

    opening: Sentence
    share: Annotated[float, Field(gt=0, le=1)]
    concepts: Annotated[tuple[Concept, ...], Field(min_length=1)]
    red_flags: tuple[RedFlag, ...] = ()
    anchors: Anchors | None = None


class Fact(Strict):
    """A hidden fact of the business; `answer` is said where `cues` match the question."""

    id: Identifier
    topic: Phrase
    answer: Sentence
    cues: Annotated[tuple[Cue, ...], Field(min_length=1)]
    example_questions: Annotated[tuple[Sentence, ...], Field(min_length=2)]


class Curveball(Strict):
    """One change of the requirements in mid-round; graded apart from the stage it falls in.

    `facts` are ids of facts that it builds on; those not given yet are given with it. `replaces`
    holds, by the fact's id, the answer that is true from then on.
    """

    stage: DesignStage
    text: Sentence
    facts: tuple[Identifier, ...] = ()
    replaces: dict[Identifier, Sentence] = {}
    concepts: Annotated[tuple[Concept, ...], Field(min_length=1)]


class ExpectedComponent(Strict):
    """A component that the board should show; `names` are matched on stems, any one is enough."""

    id: Identifier
    title: Phrase
    kinds: tuple[ComponentKind, ...] = ()
    names: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    concept: Identifier | None = None
    required: bool = True
    probe: Sentence


class ExpectedEdge(Strict):
    """An arrow that the board should show, directly or through components in between."""

    source: Identifier
    target: Identifier
    concept: Identifier | None = None
    probe: Sentence


class ForbiddenEdge(Strict):
    """An arrow that should not be there unless it passes through one of `unless_through`."""

    source: Identifier
    target: Identifier
    unless_through: tuple[Identifier, ...] = ()
    reason: Sentence
    concept: Identifier | None = None
    probe: Sentence


class ExpectedZone(Strict):
    """A boundary that the board should show, and the expected components that belong inside."""

    id: Identifier
    title: Phrase
    names: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    contains: tuple[Identifier, ...] = ()
    concept: Identifier | None = None
    probe: Sentence


class BoardExpectation(Strict):
    """What a complete board of the scenario shows."""

    components: tuple[ExpectedComponent, ...] = ()
    edges: tuple[ExpectedEdge, ...] = ()
    forbidden: tuple[ForbiddenEdge, ...] = ()
    zones: tuple[ExpectedZone, ...] = ()


class Price(Strict):
    """US dollars per million tokens."""

    input: Annotated[float, Field(ge=0)]
    cached: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]


class CostLine(Strict):
    """One kind of model call: `calls` per unit, of which `share` take this path.

    Token counts are per call; `cached` is the part of `input` that is read from the cache.
    """

    name: Phrase
    calls: Annotated[float, Field(gt=0)]
    share: Annotated[float, Field(gt=0, le=1)]
    input: Annotated[int, Field(ge=0)]
    cached: Annotated[int, Field(ge=0)]
    output: Annotated[int, Field(ge=0)]
    model: Identifier


class CostModel(Strict):
    """The scenario's worked sum. The linter recomputes `unit_usd` and `month_usd`."""

    unit: Phrase
    units_per_month: Annotated[int, Field(gt=0)]
    ceiling_usd: Annotated[float, Field(gt=0)] | None = None
    prices: dict[Identifier, Price]
    lines: Annotated[tuple[CostLine, ...], Field(min_length=1)]
    unit_usd: Annotated[float, Field(gt=0)]
    month_usd: Annotated[float, Field(gt=0)]
    note: Sentence | None = None


class GlossaryTerm(Strict):
    """A term for the speech recogniser and for the gate that catches glossary dumps."""

    term: Phrase
    sounds_like: tuple[Phrase, ...] = ()


class Scenario(Strict):
    """A system-design round."""

    id: Identifier
    title: Phrase
    brief: Sentence
    level: Level
    minutes: Annotated[int, Field(ge=5, le=120)]
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    stages: dict[DesignStage, StageContent]
    curveball: Curveball | None = None
    board: BoardExpectation = BoardExpectation()
    cost: CostModel | None = None
    glossary: tuple[GlossaryTerm, ...] = ()
    source: Phrase


class Question(Strict):
    """A drill question, one to three minutes."""

    id: Identifier
    topic: Topic
    level: Level
    ask: Sentence
    minutes: Annotated[float, Field(ge=0.5, le=5)]
    concepts: Annotated[tuple[Concept, ...], Field(min_length=1)]
    red_flags: tuple[RedFlag, ...] = ()
    glossary: tuple[GlossaryTerm, ...] = ()
    source: Phrase


class StoryPrompt(Strict):
    """A behavioural round: one story in five stages; `situation` opens with `ask` itself."""

    id: Identifier
    title: Phrase
    level: Level
    ask: Sentence
    minutes: Annotated[float, Field(ge=3, le=60)]
    stages: dict[StoryStage, StageContent]
    source: Phrase


class PlannedRound(Strict):
    """One round of a plan: a scenario, a story prompt, or a drill of several questions."""

    kind: RoundKind
    items: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    minutes: Annotated[float, Field(gt=0, le=120)] | None = None


class Plan(Strict):
    """An interview loop: rounds in a row for a role and a level."""

    id: Identifier
    title: Phrase
    role: Phrase
    level: Level
    rounds: Annotated[tuple[PlannedRound, ...], Field(min_length=1)]
    note: Sentence


class Quality(StrEnum):
    """How good a case's answer was meant to be by whoever wrote it."""

    WEAK = "weak"
    MIDDLING = "middling"
    STRONG = "strong"


class Case(Strict):
    """An answer with the concepts that a reader found in it.

    `shows` holds the concepts that are there, `partly` those a reader would argue about (left out
    of every figure). `stage` is null for a drill question and for a story told as a whole.
    """

    id: Identifier
    stage: DesignStage | StoryStage | None
    quality: Quality
    kind: Literal["ordinary", "spoken", "terse", "rambling", "wrong"] = "ordinary"
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    shows: tuple[Identifier, ...]
    partly: tuple[Identifier, ...] = ()


class CaseFile(Strict):
    """Cases of one item, written by someone who had seen the question and the level only."""

    item: Identifier
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


class PackManifest(Strict):
    """`pack.yaml`: what the pack is and under which terms it may be used."""

    id: Identifier
    title: Phrase
    version: Phrase
    language: Phrase
    licence: Phrase
    description: Sentence
