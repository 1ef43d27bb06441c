"""From the last event of an interview to its stored scorecard."""

from __future__ import annotations

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

    `secret` makes the codes in the prompts' tags; `within_s` is how long a candidate waits for the
    judge: what it has answered by then counts.
    """

    def __init__(
        self, model: LanguageModel, settings: JudgeSettings, secret: bytes, within_s: float
    ) -> None:
        self._model = model
        self._settings = replace(settings, within_s=within_s)
        self._secret = secret

    async def grade(self, record: InterviewRecord, account: Account) -> Scorecard:
        """The judged card; offline verdicts, with a notice, where no answer came."""
        nonce = make_nonce(self._secret, record.interview_id)
        return await judge(record, self._model, self._settings, nonce, account)


async def finish_interview(services: Services, interview_id: str) -> None:
    """Grade and mark as over; doing it twice changes nothing."""
    stored = await services.store.interview(interview_id)
    if stored.finished_at is not None or stored.state.ending is None:
        return
    now = services.clock.now()
    await services.store.begin_grading(interview_id, now)
    record = await build_record(services, replace(stored, finished_at=now))
    card = await services.grader.grade(record, account_of(stored))
    card = card.model_copy(update={"cost_usd": await services.store.cost_usd(interview_id)})
    await services.store.finish_interview(interview_id, card, stored.state.ending, now)


def account_of(stored: StoredInterview) -> Account:
    """Who pays for the interview's calls of language models."""
    return Account(stored.id, stored.settings.owner, stored.settings.server)
