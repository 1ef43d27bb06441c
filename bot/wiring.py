"""Puts the parts together: the one place that names concrete adapters.

Opening the database costs milliseconds; LangGraph, which takes more than a second to import, is
loaded by `open_sessions` only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from bot.doors import Advice, UsageError
from bot.settings import Settings
from interviewer.clock import Clock, SystemClock
from interviewer.desk import Services
from interviewer.engines.offline import OfflineEngine
from interviewer.ports import Mouth
from scenarios.documents import PackError
from scenarios.load import Library, builtin_packs_folder, load_library

if TYPE_CHECKING:
    from interviewer.session import Session
    from storage.database import Database

OpenSession = Callable[[str, Mouth], "Session"]
"""Gives the session of an interview, which speaks through the mouth from now on."""


@dataclass(frozen=True)
class App:
    """An open database and the collaborators that work on it."""

    settings: Settings
    services: Services
    database: Database


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
    """The database of the settings with the store, the offline engine and a clock."""
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


@asynccontextmanager
async def open_sessions(app: App) -> AsyncIterator[OpenSession]:
    """Opens the checkpoints and builds the turn loop that all sessions share."""
    from interviewer.graph import build_graph
    from interviewer.session import Session
    from storage.checkpoints import open_saver

    async with open_saver(app.database.checkpoint_path) as saver:
        graph = build_graph(saver)
        # One session an interview, so that its lock is one as well.
        sessions: WeakValueDictionary[str, Session] = WeakValueDictionary()

        def open_session(interview_id: str, mouth: Mouth) -> Session:
            session = sessions.get(interview_id)
            if session is None:
                session = Session(app.services, graph, interview_id, mouth)
                sessions[interview_id] = session
            session.speak_through(mouth)
            return session

        yield open_session
