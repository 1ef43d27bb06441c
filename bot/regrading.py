"""Grades an interview again with corrected answers; the same for every edge."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.doors import UsageError
from bot.rounds import hash_packs
from bot.wiring import App
from interviewer.ports import StoredInterview
from interviewer.record import build_record
from scenarios.load import UnknownItem
from scoring.corrections import Correction, accept_correction
from scoring.corrections import regrade as grade_corrected
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard
from storage.corrections import corrections_of, store_regraded
from storage.scorecards import load_scorecard

PACK_CHANGED = (
    "The pack was changed after this interview: this revision is graded by the new one, revision 1 "
    "by the old one."
)

BY_RULES = (
    "This revision was graded by the offline finder alone. The judge's verdicts stand on an "
    "earlier one; `hotseat scorecards judge` has the corrected answers judged too."
)


class PackGoneError(UsageError):
    """The content that the interview was about is not in the packs any more."""


async def regrade(app: App, interview_id: str, corrected: Mapping[str, str]) -> Scorecard:
    """The next revision of the card, with the corrected texts by the ids of their turns.

    Card and corrections are stored together, or neither. Whose interview it is has to be settled
    before.

    Raises:
        CorrectionRefusedError: a text is no correction of mistyped or misheard words.
        PackGoneError: the content that it was about is gone.
        UsageError: the interview is not over, or nothing was corrected.
        RevisionExistsError: somebody else corrected it at the same moment.
        InterviewNotFoundError: there is no such interview.
    """
    record = await record_of(app, interview_id)
    # Read before the corrections: whatever comes in after this takes the number of the revision.
    latest = await load_scorecard(app.database, interview_id)
    earlier = await corrections_of(app.database, interview_id)
    now = app.services.clock.now()
    texts = {turn_id: _as_typed(text) for turn_id, text in corrected.items()}
    accepted = await asyncio.to_thread(_accept, record, texts, now, earlier)
    if not accepted:
        raise UsageError("nothing was corrected: give the text of an answer")
    card = await asyncio.to_thread(
        grade_corrected, record, latest.revision + 1, (*earlier, *accepted)
    )
    if latest.judging is not None:
        card = card.model_copy(update={"notices": (*card.notices, BY_RULES)})
    await store_regraded(app.database, interview_id, card, accepted, now)
    return card


async def record_of(app: App, interview_id: str) -> InterviewRecord:
    """The interview as it was typed, with the packs as they are now.

    Raises `InterviewNotFoundError`, `PackGoneError`, and `UsageError` where it is not over.
    """
    stored = await app.services.store.interview(interview_id)
    if stored.finished_at is None:
        raise UsageError(
            f"interview {interview_id} is not over: it is graded again when it has its card"
        )
    try:
        return _with_packs(app, stored, await build_record(app.services, stored))
    except UnknownItem as err:
        raise PackGoneError(
            f"interview {interview_id} cannot be graded again, its content is gone ({err}): put "
            "the pack back first"
        ) from err


def _accept(
    record: InterviewRecord,
    texts: Mapping[str, str],
    at: datetime,
    earlier: tuple[Correction, ...],
) -> list[Correction]:
    accepted: list[Correction] = []
    for turn_id, text in texts.items():
        accepted.append(accept_correction(record, turn_id, text, at, (*earlier, *accepted)))
    return accepted


def _with_packs(app: App, stored: StoredInterview, record: InterviewRecord) -> InterviewRecord:
    now = hash_packs(app.services.library, stored.settings.rounds)
    if record.pack_hash in ("", now):
        return record
    return replace(record, pack_hash=now, notices=(*record.notices, PACK_CHANGED))


def _as_typed(text: str) -> str:
    """Cleaned as answers are when they come in."""
    from interviewer.session import clean  # loads LangGraph

    return clean(text)
