"""What was misheard in an interview, put right before it is graded; the same for every edge."""

from __future__ import annotations

import asyncio

from bot.wiring import App
from interviewer.state import candidate_turn_id
from scenarios.rounds import RoundPlan
from scoring.corrections import CorrectionRefusedError, check_hearing
from scoring.evidence import EvidenceFinder
from scoring.transcript import Turn
from scoring.uncertain import uncertain_spans


async def uncertain_turns(app: App, interview_id: str) -> tuple[Turn, ...]:
    """The answers with words that may have been others, in their order.

    Without those that the candidate has put right: what they left as it was, they confirmed.
    """
    transcript = await app.services.store.transcript(interview_id)
    return tuple(turn for turn in transcript if uncertain_spans(turn))


async def correct_heard(app: App, interview_id: str, turn_id: str, text: str) -> Turn:
    """Store what was meant in a spoken answer, and return the turn as it reads now.

    The text as it was heard takes an earlier correction back. Whose interview it is has to be
    settled before.

    Raises:
        CorrectionRefusedError: the text puts no mishearing right, or changes nothing.
        GradingBegunError: the interview is being graded, or was.
        InterviewNotFoundError: there is no such interview.
    """
    from interviewer.session import clean  # loads LangGraph

    store = app.services.store
    meant = clean(text).strip()
    turn = await _turn(app, interview_id, turn_id)
    if meant == turn.text:
        raise CorrectionRefusedError("nothing was changed")
    finder = await asyncio.to_thread(EvidenceFinder.of, await _plan(app, interview_id, turn))
    await asyncio.to_thread(check_hearing, turn, meant, finder)
    events = await store.events(interview_id)
    seq = next(item.seq for item in events if candidate_turn_id(item.seq) == turn_id)
    await store.correct_hearing(interview_id, seq, meant, app.services.clock.now())
    return await _turn(app, interview_id, turn_id)


async def _plan(app: App, interview_id: str, turn: Turn) -> RoundPlan:
    """The round that the turn was said in."""
    stored = await app.services.store.interview(interview_id)
    return app.services.library.round_for(*stored.settings.rounds[turn.round_index].items)


async def _turn(app: App, interview_id: str, turn_id: str) -> Turn:
    """Raises `CorrectionRefusedError` where there is none, `InterviewNotFoundError` as well."""
    await app.services.store.interview(interview_id)
    transcript = await app.services.store.transcript(interview_id)
    turn = next((one for one in transcript if one.id == turn_id), None)
    if turn is None:
        raise CorrectionRefusedError("there is no such answer")
    return turn
