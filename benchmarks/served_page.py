"""The page as `hotseat web` serves it, from a thread of this process, over an empty home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

from benchmarks.rehearsal import SCENARIO
from bot.rounds import MINUTES, Manner, design_round, interview_settings
from bot.settings import Settings
from bot.web.cards import card_routes
from bot.web.context import Web
from bot.web.home import home_routes
from bot.web.house import House
from bot.web.links import Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.serving import open_web
from bot.web.talk_socket import talk_routes
from bot.web.wishes import PERSON
from bot.wiring import open_app, open_sessions
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Level
from storage.scenes import Element, SceneLog, in_order

HOST = "127.0.0.1"
DAY = timedelta(days=1)

Result = TypeVar("Result")


class Opened(NamedTuple):
    """An interview that goes on, and the candidate's link into it."""

    interview: str
    link: str


@dataclass(frozen=True)
class ServedPage:
    """The page with its interviews; its methods are for other threads than the one it is in."""

    loop: asyncio.AbstractEventLoop
    stopped: asyncio.Event
    web: Web
    house: House
    address: str

    def begin(self) -> Opened:
        """Begin a design round that is as long as a round may be."""
        return self._result(self._begin())

    def scene(self, interview: str) -> list[Element]:
        """What is stored of its board: all elements as they lie on the canvas, deleted ones too."""
        stored = self._result(self.web.boards.read(interview))
        return in_order(stored.elements.values())

    def stop(self) -> None:
        """Serve no longer."""
        self.loop.call_soon_threadsafe(self.stopped.set)

    def _result(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def _begin(self) -> Opened:
        library = self.web.app.services.library
        spec = design_round(library, SCENARIO, MINUTES[-1])
        settings = interview_settings(library, (spec,), Level.SENIOR, Manner(), PERSON)
        interview = await self.house.begin(settings)
        token = await self.web.links.make(Role.CANDIDATE, interview, PERSON.owner, lasts=DAY)
        return Opened(interview, f"{self.address}/l/{token}")


@contextmanager
def serve_page() -> Iterator[ServedPage]:
    """Serve it on a free port; nothing is left afterwards."""
    ready: Future[ServedPage] = Future()
    with (
        TemporaryDirectory(prefix="hotseat-bench-") as home,
        ThreadPoolExecutor(1, "page") as threads,
    ):
        serving = threads.submit(asyncio.run, _serve(Path(home), ready))
        either: list[Future[Any]] = [ready, serving]
        try:
            wait(either, return_when=FIRST_COMPLETED)
            if serving.done():
                serving.result()
            yield ready.result()
        finally:
            wait(either, return_when=FIRST_COMPLETED)
            if not serving.done():
                ready.result().stop()
            serving.result()


async def _serve(home: Path, ready: Future[ServedPage]) -> None:
    async with _open_page(home) as page:
        ready.set_result(page)
        await page.stopped.wait()


@asynccontextmanager
async def _open_page(home: Path) -> AsyncIterator[ServedPage]:
    settings = Settings(home=home, database=None, packs=None, engine="offline")
    library = load_library(builtin_packs_folder())
    async with open_app(settings, library) as app, open_sessions(app) as open_session:
        boards = LiveBoards(SceneLog(app.database, app.services.clock), app.services.store)
        house = House(app, open_session, boards)
        await house.open()
        links = Links(app.database, app.services.clock)
        web = Web(app, links, boards, house, house, house.begin)
        routes = [*home_routes(web), *talk_routes(web), *card_routes(web)]
        try:
            async with open_web(web, HOST, 0, routes) as address:
                loop = asyncio.get_running_loop()
                yield ServedPage(loop, asyncio.Event(), web, house, address)
        finally:
            await house.close()
