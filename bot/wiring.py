"""Puts the parts together: the one place that names concrete adapters.

Opening the database costs milliseconds; LangGraph, which takes more than a second to import, is
loaded by `open_sessions` only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakValueDictionary

from bot.doors import Advice, UsageError
from bot.settings import Settings
from bot.tracing import start_tracing
from interviewer.clock import Clock, SystemClock
from interviewer.desk import Services
from interviewer.engines.offline import OfflineEngine
from interviewer.ports import Mouth
from scenarios.documents import PackError
from scenarios.load import Library, builtin_packs_folder, load_library

if TYPE_CHECKING:
    from interviewer.budget import Alert, Budgeted, Limits
    from interviewer.engines.claude import ClaudeModel
    from interviewer.engines.providers import Provider
    from interviewer.engines.turn_prompt import TurnSettings
    from interviewer.prices import PriceList
    from interviewer.session import Session
    from scoring.judge import JudgeSettings
    from scoring.language_model import LanguageModel
    from storage.database import Database

_LOG = logging.getLogger(__name__)

JUDGED_WITHIN_S = 300.0
"""How long a candidate waits for a judged card at most."""

OpenSession = Callable[[str, Mouth], "Session"]
"""Gives the session of an interview, which speaks through the mouth from now on."""


class Alerts:
    """Passes on that a budget is nearly used up; each edge says how it tells the owner."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[Alert], None]] = []

    def __call__(self, alert: Alert) -> None:
        """Tell everybody who listens."""
        _LOG.warning(
            "budget of %s: %.2f of %.2f USD", alert.scope.value, alert.spent_usd, alert.limit_usd
        )
        for tell in self.listeners:
            tell(alert)


@dataclass(frozen=True)
class App:
    """An open database and the collaborators that work on it."""

    settings: Settings
    services: Services
    database: Database
    alerts: Alerts = field(default_factory=Alerts)


def open_library(settings: Settings) -> Library:
    """The built-in packs and the user's own.

    Raises `PackError` with a note on how to go on without the user's packs, and `UsageError` where
    the folder that was set for them is none.
    """
    own = settings.packs_path
    if not own.is_dir() and (settings.packs is not None or own.exists()):
        raise UsageError(f"{own} is not a folder of packs: make it one, or unset HOTSEAT_PACKS")
    try:
        return load_library(builtin_packs_folder(), own)
    except PackError as err:
        if any(problem.path.is_relative_to(own) for problem in err.problems):
            err.add_note(
                Advice(
                    "Correct this; `hotseat packs check` checks it again. To go on without it, "
                    f"move the pack's folder out of {own}"
                )
            )
        raise


@asynccontextmanager
async def open_app(
    settings: Settings, library: Library, clock: Clock | None = None
) -> AsyncIterator[App]:
    """The database of the settings with the store, the embedded interviewer and a clock."""
    from storage.database import open_database
    from storage.interviews import SqlStore

    async with open_database(settings.database_path) as database:
        services = Services(
            store=SqlStore(database),
            library=library,
            engine=OfflineEngine(),
            clock=clock or SystemClock(),
        )
        yield App(settings, services, database)


class Server(NamedTuple):
    """Who is asked as the settings say, and what that costs; without prices it is free."""

    provider: Provider
    model: ClaudeModel
    prices: PriceList | None


def server_of(settings: Settings) -> Server:
    """The server of the settings, outside every budget; nothing is sent.

    Raises `ProviderError` and `PriceFileError`.
    """
    from interviewer.engines.claude import ClaudeModel
    from interviewer.engines.providers import provider_named
    from interviewer.prices import load_prices

    provider = provider_named(settings.provider)
    key = "" if settings.api_key is None else settings.api_key.get_secret_value()
    model = ClaudeModel(provider, key, settings.anthropic_base_url)
    prices = load_prices(settings.prices) if provider.metered else None
    return Server(provider, model, prices)


@asynccontextmanager
async def open_model(app: App) -> AsyncIterator[LanguageModel | None]:
    """The language model within its budgets; None where the settings ask for none.

    Raises `ProviderError` and `PriceFileError`.
    """
    if not app.settings.uses_model:
        yield None
        return
    async with open_budgeted(
        app.settings, app.database, app.services.clock, app.alerts
    ) as budgeted:
        yield budgeted


@asynccontextmanager
async def open_budgeted(
    settings: Settings, database: Database, clock: Clock, on_alert: Callable[[Alert], None]
) -> AsyncIterator[Budgeted]:
    """The server of the settings within the budgets that the database keeps.

    At the end every call is settled. Raises `ProviderError` and `PriceFileError`.
    """
    from interviewer.budget import Budgeted
    from storage.spending import SqlLedger

    _, server, prices = server_of(settings)
    model = Budgeted(server, prices, SqlLedger(database), limits_of(settings), clock, on_alert)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(model.close)
        stack.push_async_callback(server.close)
        # The SDK takes a second or more to load: nobody should wait for it when the first answer
        # comes.
        loading = asyncio.create_task(server.open())
        stack.push_async_callback(asyncio.wait, {loading})
        yield model


async def services_with(app: App, model: LanguageModel | None) -> Services:
    """The collaborators of interviews; with a model, that one asks and judges."""
    if model is None:
        return app.services
    from interviewer.engines.model_engine import ModelEngine
    from interviewer.grading import JudgeGrader
    from storage.installation import installation_secret

    secret = await installation_secret(app.database)
    engine = ModelEngine(model, turn_settings(app.settings), OfflineEngine(), secret)
    services = replace(app.services, engine=engine)
    asked = judge_settings(app.settings)
    if asked is None:
        return services
    return replace(services, grader=JudgeGrader(model, asked, secret, JUDGED_WITHIN_S))


def turn_settings(settings: Settings) -> TurnSettings:
    """How the model is asked for a turn."""
    from interviewer.engines.turn_prompt import TurnSettings

    return TurnSettings(
        model=settings.interview_model,
        effort=settings.interview_effort,
        first_text_s=settings.first_text_s,
        deadline_s=settings.turn_deadline_s,
    )


def judge_settings(settings: Settings) -> JudgeSettings | None:
    """How the judge is asked; None where the settings want no judge."""
    from scoring.judge import JudgeSettings

    if settings.judge is None:
        return None
    return JudgeSettings(
        model=settings.judge,
        effort=settings.judge_effort,
        deadline_s=settings.judge_deadline_s,
    )


def limits_of(settings: Settings) -> Limits:
    """What may be spent."""
    from interviewer.budget import Limits

    return Limits(
        interview_usd=settings.budget_interview_usd,
        user_day_usd=settings.budget_user_day_usd,
        server_day_usd=settings.budget_server_day_usd,
        day_usd=settings.budget_day_usd,
    )


@asynccontextmanager
async def _traced(settings: Settings) -> AsyncIterator[None]:
    """Spans go where the settings say, and what is left of them is sent at the end."""
    stop = start_tracing(settings.traces)
    try:
        yield
    finally:
        await asyncio.to_thread(stop)


@asynccontextmanager
async def open_sessions(app: App) -> AsyncIterator[OpenSession]:
    """Opens the checkpoints and the model, and builds the turn loop that all sessions share."""
    from interviewer.graph import build_graph
    from interviewer.session import Session
    from storage.checkpoints import open_saver

    async with (
        _traced(app.settings),
        open_saver(app.database.checkpoint_path) as saver,
        open_model(app) as model,
    ):
        graph = build_graph(saver)
        services = await services_with(app, model)
        # One session an interview, so that its lock is one as well.
        sessions: WeakValueDictionary[str, Session] = WeakValueDictionary()

        def open_session(interview_id: str, mouth: Mouth) -> Session:
            session = sessions.get(interview_id)
            if session is None:
                session = Session(services, graph, interview_id, mouth)
                sessions[interview_id] = session
            session.speak_through(mouth)
            return session

        yield open_session
