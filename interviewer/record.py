"""An interview as the grader receives it, put together from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from interviewer.clock import TURN_S, round_budget_s
from interviewer.ports import BoardRevision, StoredInterview
from interviewer.state import InterviewSettings, candidate_turn_id, stage_key
from scenarios.load import Library
from scenarios.model import RoundKind
from scenarios.rounds import RoundPlan
from scoring.conversation import Manner
from scoring.corrections import hearing_notices
from scoring.record import Ending, InterviewRecord, RoundRecord
from scoring.transcript import Source, Turn
from whiteboard.board import Board

if TYPE_CHECKING:
    from interviewer.desk import Services


def round_plans(settings: InterviewSettings, library: Library) -> tuple[RoundPlan, ...]:
    """The plans of the rounds that were chosen; `UnknownItem` where the library lacks an item."""
    return tuple(library.round_for(*spec.items) for spec in settings.rounds)


async def build_record(services: Services, stored: StoredInterview) -> InterviewRecord:
    """Everything that a scorecard is computed from."""
    store = services.store
    transcript = await store.transcript(stored.id)
    boards = await store.boards(stored.id)
    degraded = sorted({turn.degraded for turn in transcript if turn.degraded})
    return InterviewRecord(
        interview_id=stored.id,
        level=stored.settings.level,
        style=stored.settings.style.value,
        started_at=stored.started_at,
        finished_at=stored.finished_at or services.clock.now(),
        ending=stored.state.ending or Ending.ENDED_EARLY,
        rounds=tuple(_rounds(stored, services.library, boards)),
        transcript=transcript,
        engine=", then ".join(stored.state.engines) or stored.settings.engine,
        pack_hash=stored.settings.pack_hash,
        notices=(*degraded, *hearing_notices(transcript)),
        manners=await _manners(services, stored.id, transcript),
    )


async def _manners(
    services: Services, interview_id: str, transcript: Sequence[Turn]
) -> tuple[Manner, ...]:
    """How utterances were played; what answers no speech has kept no speaker waiting."""
    manners = await services.store.manners(interview_id)
    if not manners:
        return ()
    spoken = {turn.id for turn in transcript if turn.source is Source.SPOKEN}
    answers = {
        utterance.key
        for utterance in await services.store.utterances(interview_id)
        if candidate_turn_id(utterance.seq) in spoken
    }
    return tuple(
        manner if manner.key in answers else replace(manner, waited_s=None) for manner in manners
    )


def _rounds(
    stored: StoredInterview, library: Library, boards: Sequence[BoardRevision]
) -> list[RoundRecord]:
    state = stored.state
    records: list[RoundRecord] = []
    for index, plan in enumerate(round_plans(stored.settings, library)):
        total = round_budget_s(stored.settings, index)
        names = [stage.name for stage in plan.stages]
        records.append(
            RoundRecord(
                plan=plan,
                reached=_reached(stored, plan, index),
                spent_s={name: state.spent_s.get(stage_key(index, name), 0.0) for name in names},
                budget_s={stage.name: total * stage.share for stage in plan.stages},
                given=state.given.get(index, ()),
                boards=tuple(_boards_by_stage(boards, index)),
                revisions=tuple(
                    (one.revision, one.board) for one in boards if one.round_index == index
                ),
                curveball_turn=state.curveball_turns.get(index),
            )
        )
    return records


def _reached(stored: StoredInterview, plan: RoundPlan, index: int) -> tuple[str, ...]:
    """The stages that count as reached: of a story also those told before they were asked for."""
    names = [stage.name for stage in plan.stages]
    opened = [name for name in names if stage_key(index, name) in stored.state.reached]
    if plan.kind is not RoundKind.BEHAVIOURAL or not opened:
        return tuple(opened)
    if _is_told_out(stored, index):
        return tuple(names)
    return tuple(names[: names.index(opened[-1]) + 1])


def _is_told_out(stored: StoredInterview, index: int) -> bool:
    """Whether the round was left with time to spare: then nothing of the story was left to ask."""
    state = stored.state
    left = index < state.round_index or state.ending is Ending.COMPLETED
    spent = sum(s for key, s in state.spent_s.items() if key.startswith(stage_key(index, "")))
    return left and round_budget_s(stored.settings, index) - spent >= TURN_S


def _boards_by_stage(boards: Sequence[BoardRevision], round_index: int) -> list[tuple[str, Board]]:
    """The last board of each stage in which it changed, in order."""
    latest: dict[str, Board] = {}
    for revision in boards:
        if revision.round_index == round_index:
            latest.pop(revision.stage, None)
            latest[revision.stage] = revision.board
    return list(latest.items())
