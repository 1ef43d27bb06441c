"""The scorecard: its shape, JSON both ways, and the grading of a whole interview.

`grade` is pure: the same record gives the same card, byte for byte. It reads the whole transcript
after the interview is over, by the same code whichever engine worded the questions. The card
carries the transcript, so that every quote can be checked on the card alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from scenarios.model import Anchors, Level, RoundKind
from scenarios.rounds import CURVEBALL, RoundPlan, StagePlan, key
from scoring.amounts import has_figure
from scoring.arithmetic import SumReport, check_sums
from scoring.conduct_report import ConductReport, conduct_report
from scoring.conversation import Fairness, fairness
from scoring.drawn import BoardSummary, Drawn, read_boards, with_board
from scoring.evidence import EvidenceFinder
from scoring.flags import RaisedFlag, raised_flags
from scoring.judging import JUDGE_LIMITS, Judged, Judging
from scoring.observations import (
    Ruling,
    Sighting,
    Sightings,
    observe,
    settle,
    settle_by_ruling,
)
from scoring.practice import Candidate, PracticeItem, practise_next
from scoring.rating import (
    NOT_OPENED,
    StageFacts,
    decides,
    is_abstention,
    level_range,
    rate_stage,
    weighs,
)
from scoring.record import Ending, Given, InterviewRecord, RoundRecord
from scoring.speech import Delivery, delivery
from scoring.transcript import Speaker, Turn
from scoring.verdicts import ConceptVerdict, Evidence, Verdict

DISCLAIMER = (
    "Practice feedback. Interview formats differ between employers. "
    "Scores are not calibrated against human ratings."
)
LIMITS = (
    "Evidence was searched for by rules, offline. “Not detected” proves nothing: "
    "the same thing said in other words can be overlooked."
)


FinderOf = Callable[[RoundPlan], EvidenceFinder]


class CardPart(BaseModel):
    """Base of the card's parts: immutable, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class RedFlagSeen(CardPart):
    """A red flag with the words that raised it; `standing` unless the candidate took it back."""

    id: str
    statement: str
    evidence: Evidence
    standing: bool


class StageCard(CardPart):
    """One stage.

    `rating` and `level_low` count hits only, `rating_high` and `level_high` unsure verdicts as
    well; None means not rated or not yet shown. `anchor` is the pack's own description of
    `rating` where it has one. Times are active seconds.
    """

    name: str
    title: str
    reached: bool
    rating: int | None
    rating_high: int | None
    rating_reason: str
    anchor: str | None = None
    level_low: Level | None
    level_high: Level | None
    verdicts: tuple[ConceptVerdict, ...]
    red_flags: tuple[RedFlagSeen, ...] = ()
    spent_s: float
    budget_s: float


class CurveballCard(CardPart):
    """The change of requirements, where one was thrown; graded apart from its stage."""

    text: str
    turn_id: str
    verdicts: tuple[ConceptVerdict, ...]


class RoundCard(CardPart):
    """One round."""

    kind: RoundKind
    item: str
    title: str
    brief: str
    stages: tuple[StageCard, ...]
    curveball: CurveballCard | None = None
    board: BoardSummary | None = None
    arithmetic: SumReport | None = None
    given: tuple[Given, ...] = ()


class Scorecard(CardPart):
    """A graded interview. Revisions count from 1; a later one stands beside the earlier.

    `delivery` is how it was said, which counts for nothing; None where hardly anything was spoken.
    `fairness` is how the bot let the candidate speak; None where nothing was played.
    `judging` says who judged it; None where the offline finder alone did.
    `conduct` is how the interviewer did; None where there was no follow-up, and on older cards.
    """

    revision: int
    interview_id: str
    started_at: datetime
    finished_at: datetime
    level: Level
    style: str
    engine: str
    pack_hash: str
    ending: Ending
    rounds: tuple[RoundCard, ...]
    notices: tuple[str, ...]
    practise_next: tuple[PracticeItem, ...]
    delivery: Delivery | None = None
    fairness: Fairness | None = None
    judging: Judging | None = None
    conduct: ConductReport | None = None
    cost_usd: float
    disclaimer: str = DISCLAIMER
    limits: str = LIMITS
    transcript: tuple[Turn, ...]


def card_verdicts(card: Scorecard) -> Iterator[tuple[int, ConceptVerdict]]:
    """Every verdict with the index of its round, in the order of the card."""
    for index, held in enumerate(card.rounds):
        for stage in held.stages:
            yield from ((index, verdict) for verdict in stage.verdicts)
        if held.curveball is not None:
            yield from ((index, verdict) for verdict in held.curveball.verdicts)


def scorecard_to_json(card: Scorecard) -> str:
    """The card as indented JSON; the same card gives the same text."""
    return card.model_dump_json(indent=2)


def scorecard_from_json(text: str) -> Scorecard:
    """The card that `scorecard_to_json` wrote; pydantic's ValidationError for anything else."""
    return Scorecard.model_validate_json(text)


def grade(
    record: InterviewRecord,
    finder_of: FinderOf = EvidenceFinder.of,
    judged: Judged | None = None,
) -> Scorecard:
    """The scorecard, revision 1, of a finished interview.

    `finder_of` gives the finder of a round; whoever grades many records of one round passes a
    function that builds it once. What a judge has ruled on takes the place of the offline verdict.
    """
    cards = tuple(
        _grade_round(record, index, finder_of, {} if judged is None else judged.of_round(index))
        for index in range(len(record.rounds))
    )
    candidates = chain.from_iterable(
        _candidates(index, held.plan, card)
        for index, (held, card) in enumerate(zip(record.rounds, cards, strict=True))
    )
    return Scorecard(
        revision=1,
        interview_id=record.interview_id,
        started_at=record.started_at,
        finished_at=record.finished_at,
        level=record.level,
        style=record.style,
        engine=record.engine,
        pack_hash=record.pack_hash,
        ending=record.ending,
        rounds=cards,
        notices=(*record.notices, *(() if judged is None else judged.notices)),
        practise_next=practise_next(candidates, record.level),
        delivery=delivery(record.transcript),
        fairness=fairness(record.manners),
        judging=None if judged is None else judged.judging,
        conduct=conduct_report(record),
        cost_usd=record.cost_usd,
        limits=JUDGE_LIMITS if judged is not None and judged.rulings else LIMITS,
        transcript=record.transcript,
    )


def _grade_round(
    record: InterviewRecord, index: int, finder_of: FinderOf, rulings: Mapping[str, Ruling]
) -> RoundCard:
    held = record.rounds[index]
    plan = held.plan
    turns = tuple(turn for turn in record.transcript if turn.round_index == index)
    seen = observe(finder_of(plan), turns, held.curveball_turn)
    drawn = read_boards(held, turns)
    verdicts = {
        address: _with_board(
            settle(address, concept, seen.get(address, ()), turns, opened=_opened(held, address))
            if (ruling := rulings.get(address)) is None
            else settle_by_ruling(address, concept, ruling, seen.get(address, ()), turns),
            drawn,
            turns,
        )
        for address, concept in plan.concepts()
    }
    seen = {**seen, **{address: _shown(ruling) for address, ruling in rulings.items()}}
    return RoundCard(
        kind=plan.kind,
        item=plan.item,
        title=plan.title,
        brief=plan.brief,
        stages=tuple(
            _grade_stage(record.level, held, stage, verdicts, _said(stage, turns, seen))
            for stage in plan.stages
        ),
        curveball=_curveball(held, verdicts),
        board=drawn.summary,
        arithmetic=check_sums(turns, plan.cost) if plan.kind is RoundKind.DESIGN else None,
        given=held.given,
    )


def _with_board(verdict: ConceptVerdict, drawn: Drawn, turns: Sequence[Turn]) -> ConceptVerdict:
    """The verdict with what the board adds, of which a judge of the words knows nothing."""
    if verdict.verdict is not Verdict.MISSED and not is_abstention(verdict):
        return with_board(verdict, drawn, turns)
    unheard = with_board(replace(verdict, verdict=Verdict.NOT_DETECTED), drawn, turns)
    return unheard if unheard.evidence else verdict


def _shown(ruling: Ruling) -> tuple[Sighting, ...]:
    """The words by which a judge saw the concept shown; those of any other verdict show nothing."""
    return ruling.sightings if ruling.verdict is Verdict.HIT else ()


def _opened(held: RoundRecord, address: str) -> bool:
    stage = address.partition("/")[0]
    return held.curveball_turn is not None if stage == CURVEBALL else stage in held.reached


def _grade_stage(
    asked: Level,
    held: RoundRecord,
    stage: StagePlan,
    verdicts: Mapping[str, ConceptVerdict],
    said: _Said,
) -> StageCard:
    own = tuple(verdicts[key(stage.name, concept.id)] for concept in stage.concepts)
    reached = stage.name in held.reached
    flags = tuple(raised_flags(stage, said.turns, said.sightings))
    facts = StageFacts(
        verdicts=own,
        asked=asked,
        answered=said.answered,
        quantified=any(has_figure(one.turn.text) for one in said.evidenced(stage.name)),
        weighed=any(_is_weighed(one) for one in said.evidenced(stage.name)),
        standing_flags=sum(1 for flag in flags if flag.standing),
        raised_flags=len(flags),
    )
    rated = rate_stage(facts) if reached else NOT_OPENED
    levels = level_range(own)
    return StageCard(
        name=stage.name,
        title=stage.title,
        reached=reached,
        rating=rated.low,
        rating_high=rated.high,
        rating_reason=rated.reason,
        anchor=_anchor(stage.anchors, rated.low),
        level_low=levels.low,
        level_high=levels.high,
        verdicts=own,
        red_flags=tuple(_red_flag(flag) for flag in flags),
        spent_s=held.spent_s.get(stage.name, 0.0),
        budget_s=held.budget_s.get(stage.name, 0.0),
    )


def _is_weighed(sighting: Sighting) -> bool:
    return weighs(sighting.surroundings()) or decides(sighting.turn.text)


class _Said(NamedTuple):
    """The round's turns and what was sighted in them of one stage's concepts."""

    turns: Sequence[Turn]
    answered: bool
    sightings: tuple[Sighting, ...]

    def evidenced(self, stage: str) -> Iterator[Sighting]:
        """The evidence of the stage that was given in it."""
        return (sighting for sighting in self.sightings if sighting.turn.falls_in(stage))


def _said(stage: StagePlan, turns: Sequence[Turn], seen: Sightings) -> _Said:
    answered = any(
        turn.speaker is Speaker.CANDIDATE and turn.falls_in(stage.name) and turn.text.strip()
        for turn in turns
    )
    addresses = [key(stage.name, concept.id) for concept in stage.concepts]
    return _Said(
        turns, answered, tuple(one for address in addresses for one in seen.get(address, ()))
    )


def _red_flag(raised: RaisedFlag) -> RedFlagSeen:
    return RedFlagSeen(
        id=raised.flag.id,
        statement=raised.flag.statement,
        evidence=raised.evidence,
        standing=raised.standing,
    )


def _anchor(anchors: Anchors | None, rating: int | None) -> str | None:
    if anchors is None or rating is None:
        return None
    return (anchors.nothing_usable, anchors.partly, anchors.meets, anchors.leads)[rating - 1]


def _curveball(held: RoundRecord, verdicts: Mapping[str, ConceptVerdict]) -> CurveballCard | None:
    curveball = held.plan.curveball
    if curveball is None or held.curveball_turn is None:
        return None
    return CurveballCard(
        text=curveball.text,
        turn_id=held.curveball_turn,
        verdicts=tuple(verdicts[key(CURVEBALL, concept.id)] for concept in curveball.concepts),
    )


def _candidates(index: int, plan: RoundPlan, card: RoundCard) -> Iterator[Candidate]:
    """Every concept of the round that was measured, with its verdict, in the order of the plan."""
    graded = [(stage.title, stage.verdicts) for stage in card.stages]
    if card.curveball is not None:
        graded.append(("Curveball", card.curveball.verdicts))
    concepts = dict(plan.concepts())
    for title, verdicts in graded:
        for verdict in verdicts:
            if is_abstention(verdict):
                continue
            yield Candidate(index, title, concepts[verdict.key], verdict)
