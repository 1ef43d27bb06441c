"""From the last event of an interview to its stored scorecard."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from interviewer.engines.turn_prompt import make_nonce
from interviewer.ports import StoredInterview
from interviewer.record import build_record
from scoring.judge import JudgeSettings, judge
from scoring.language_model import Account, LanguageModel
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard, grade

if TYPE_CHECKING:
    from interviewer.desk import Services


class OfflineGrader:
    """Grades by the rules of the finder alone."""

    async def grade(self, record: InterviewRecord, account: Account) -> Scorecard:
        """The card; nobody pays."""
        return grade(record)


OFFLINE_GRADER = OfflineGrader()


class JudgeGrader:
    """Grades with a language model as judge, and by the rules where that fails.

    `secret` makes the codes in the prompts' tags; `within_s` is how long the whole may take before
    the card is made without the judge.
    """

    def __init__(
        self, model: LanguageModel, settings: JudgeSettings, secret: bytes, within_s: float
    ) -> None:
        self._model = model
        self._settings = settings
        self._secret = secret
        self._within_s = within_s

    async def grade(self, record: InterviewRecord, account: Account) -> Scorecard:
        """The judged card; in its place the offline card, with a notice, where time runs out."""
        nonce = make_nonce(self._secret, record.interview_id)
        try:
            async with asyncio.timeout(self._within_s):
                return await judge(record, self._model, self._settings, nonce, account)
        except TimeoutError:
            late = TOO_LATE.format(model=self._settings.model, minutes=self._within_s / 60)
            return grade(replace(record, notices=(*record.notices, late)))
        except ExceptionGroup as errors:
            # Several calls run at a time; who tells what went wrong tells one reason.
            raise errors.exceptions[0] from errors


TOO_LATE = (
    "{model} was not done judging after {minutes:g} minutes, so the verdicts are the offline "
    "finder's. `hotseat scorecards judge` judges again."
)


async def finish_interview(services: Services, interview_id: str) -> None:
    """Grade and mark as over; doing it twice changes nothing."""
    stored = await services.store.interview(interview_id)
    if stored.finished_at is not None or stored.state.ending is None:
        return
    now = services.clock.now()
    record = await build_record(services, replace(stored, finished_at=now))
    card = await services.grader.grade(record, account_of(stored))
    card = card.model_copy(update={"cost_usd": await services.store.cost_usd(interview_id)})
    await services.store.finish_interview(interview_id, card, stored.state.ending, now)


def account_of(stored: StoredInterview) -> Account:
    """Who pays for the interview's calls of language models."""
    return Account(stored.id, stored.settings.owner, stored.settings.server)
