"""Judges an old interview again, with another model or another prompt; both cards are kept."""

from __future__ import annotations

from dataclasses import replace

from bot.doors import UsageError
from bot.regrading import record_of
from bot.wiring import App, judge_settings, open_model
from interviewer.grading import account_of
from scoring.corrections import apply_corrections
from scoring.judge import JudgeSettings, judged_card
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard
from storage.corrections import corrections_of, store_regraded
from storage.installation import installation_secret
from storage.scorecards import load_scorecard

NO_MODEL = (
    "no language model is to judge by the settings: set ANTHROPIC_API_KEY, or HOTSEAT_ENGINE=model "
    "and HOTSEAT_PROVIDER for a server of your own, and have neither HOTSEAT_ENGINE=offline nor "
    "HOTSEAT_JUDGE_MODEL=none (docs/models.md)"
)


async def rejudge(
    app: App, interview_id: str, model: str | None = None, effort: str | None = None
) -> Scorecard:
    """The next revision of the card, judged with `model`, by default that of the settings.

    Whose interview it is has to be settled before. Answers that were corrected are judged as
    corrected.

    Raises:
        PackGoneError: the content that it was about is gone.
        UsageError: the interview is not over, no model is set up, or it answered no call.
        RevisionExistsError: somebody else graded it at the same moment.
        InterviewNotFoundError: there is no such interview.
    """
    record = await _corrected(app, interview_id)
    latest = await load_scorecard(app.database, interview_id)
    chosen = _chosen(app, model, effort)
    card = await _judged(app, record, chosen, latest.revision + 1)
    if card.judging is None or card.judging.failed_calls == card.judging.calls:
        raise UsageError(_why_not(card, chosen.model))
    cost = await app.services.store.cost_usd(interview_id)
    card = card.model_copy(update={"cost_usd": cost})
    await store_regraded(app.database, interview_id, card, (), app.services.clock.now())
    return card


def _why_not(card: Scorecard, model: str) -> str:
    """Why nothing was judged, as the card's notices have it."""
    reasons = [one for one in card.notices if "judge" in one.casefold()]
    reason = f" ({' '.join(reasons)})" if reasons else ""
    more = "“When something fails” in docs/models.md says what to do"
    return f"{model} answered no call, so nothing was stored{reason}: {more}"


async def _corrected(app: App, interview_id: str) -> InterviewRecord:
    corrections = await corrections_of(app.database, interview_id)
    return apply_corrections(await record_of(app, interview_id), corrections)


async def _judged(
    app: App, record: InterviewRecord, chosen: JudgeSettings, revision: int
) -> Scorecard:
    from interviewer.engines.turn_prompt import make_nonce

    account = account_of(await app.services.store.interview(record.interview_id))
    nonce = make_nonce(await installation_secret(app.database), record.interview_id)
    async with open_model(app) as server:
        if server is None:
            raise UsageError(NO_MODEL)
        return await judged_card(record, server, chosen, nonce, account, revision)


def _chosen(app: App, model: str | None, effort: str | None) -> JudgeSettings:
    """The settings' judge, with what was asked for in its place; raises `UsageError`."""
    usual = judge_settings(app.settings)
    if usual is None:
        if model is None:
            raise UsageError(NO_MODEL)
        usual = JudgeSettings(model, app.settings.judge_effort)
    return replace(usual, model=model or usual.model, effort=effort or usual.effort)
