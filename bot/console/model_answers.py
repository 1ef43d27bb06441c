"""Asks the language models of the settings for a word each, within the budgets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from bot.alerts import describe
from bot.console.checks import Check, Outcome
from bot.settings import Settings
from bot.wiring import Server, open_budgeted
from interviewer.budget import Alert
from interviewer.clock import Clock
from interviewer.ports import InterviewNotFoundError
from interviewer.state import InterviewSettings, RoundSpec
from scenarios.model import Level, RoundKind
from scoring.language_model import (
    Account,
    Ask,
    Block,
    Failure,
    LanguageModel,
    ModelFailureError,
    Purpose,
    complete,
)
from storage.database import Database, open_database
from storage.errors import StorageError
from storage.interviews import SqlStore
from storage.scorecards import delete_interview

ANSWER_S = 20.0
"""How long a model may take to say that it is there."""

PAYER = "doctor"
"""Whose budget pays, and the interview that stands for the check while it lasts."""

_ANSWERED = frozenset({Failure.TRUNCATED, Failure.REFUSED, Failure.MALFORMED})
"""Failures of a model that was reached, let us in and began to answer."""

_STAND_IN = InterviewSettings(
    rounds=(RoundSpec(kind=RoundKind.DESIGN, items=(PAYER,), minutes=1),),
    level=Level.MID,
    owner=PAYER,
)
_SCHEMA = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}


class Role(NamedTuple):
    """What a model is there for."""

    what: str
    purpose: Purpose
    model: str
    effort: str


async def ask_for_a_word(
    settings: Settings, server: Server, roles: Sequence[Role], clock: Clock
) -> Sequence[Check]:
    """Ask each model once, also where it has two roles.

    What that costs counts for the day. Where the database cannot be used nobody is asked.
    """
    asked = {role.model: role for role in reversed(roles)}
    alerts: list[Alert] = []
    try:
        async with _open_model(settings, server, clock, alerts) as model:
            answers = [await _answer(model, asked[name]) for name in reversed(asked)]
    except StorageError as err:
        says = f"nothing was asked, since what it costs could not be noted: {err}"
        return [Check("answers", Outcome.PROBLEM, says)]
    return [*answers, *_told(alerts)]


@asynccontextmanager
async def _open_model(
    settings: Settings, server: Server, clock: Clock, alerts: list[Alert]
) -> AsyncIterator[LanguageModel]:
    """What is free needs neither budgets nor a database."""
    if server.prices is None:
        try:
            yield server.model
        finally:
            await server.model.close()
        return
    async with (
        open_database(settings.database_path) as database,
        _interview(database, clock),
        open_budgeted(settings, database, clock, alerts.append) as model,
    ):
        yield model


@asynccontextmanager
async def _interview(database: Database, clock: Clock) -> AsyncIterator[None]:
    """Calls belong to an interview: one that is gone afterwards, as what a day cost is not."""
    await _forget(database)
    await SqlStore(database).create_interview(PAYER, _STAND_IN, clock.now())
    try:
        yield
    finally:
        await _forget(database)


async def _forget(database: Database) -> None:
    """Also what a check has left that was killed."""
    try:
        await delete_interview(database, PAYER)
    except InterviewNotFoundError:
        return


async def _answer(model: LanguageModel, role: Role) -> Check:
    what = f"answer of {role.model}"
    try:
        done = await complete(model, _hello(role))
    except ModelFailureError as err:
        if err.failure in _ANSWERED:
            return Check(what, Outcome.NOTE, f"it answers, but with a fault: {err}")
        if err.failure is Failure.NO_BUDGET:
            return Check(what, Outcome.PROBLEM, f"nothing was sent: {err}")
        return Check(what, Outcome.PROBLEM, str(err))
    return Check(what, Outcome.OK, f"after {done.total_s:.1f} s, by {done.model}")


def _told(alerts: Sequence[Alert]) -> Iterator[Check]:
    """An owner is told once, so that has to be here."""
    for alert in alerts:
        yield Check("budgets", Outcome.NOTE, describe(alert))


def _hello(role: Role) -> Ask:
    return Ask(
        purpose=role.purpose,
        model=role.model,
        system=(),
        user=(Block("Answer with ok set to true."),),
        schema=_SCHEMA,
        max_tokens=256,
        account=Account(PAYER, PAYER),
        effort=role.effort,
        deadline_s=ANSWER_S,
        first_text_s=ANSWER_S,
    )
