"""The page as the terminal serves it: for whole rounds, and beside a round in the terminal."""

from __future__ import annotations

import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from rich.console import Console
from rich.text import Text

from bot.alerts import describe
from bot.console.screen import Screen
from bot.web.beside import Beside
from bot.web.cards import card_routes
from bot.web.context import Web
from bot.web.home import home_routes
from bot.web.house import House
from bot.web.links import Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.serving import open_web
from bot.web.talk_socket import talk_routes
from bot.web.wishes import PERSON
from bot.wiring import App, open_sessions
from interviewer.ports import Mouth
from interviewer.session import Session
from storage.retention import delete_expired
from storage.scenes import SceneLog

DAY_S = 86_400.0

STOPS = "Ctrl+C stops; what is not over is kept, and goes on when you come back."


async def serve_page(app: App, console: Console, port: int | None = None, *, opens: bool) -> None:
    """Serve the page, print the owner's link and, with `opens`, show it, until cancelled.

    Raises `UsageError` where the address cannot be used.
    """
    clock, settings = app.services.clock, app.settings
    app.alerts.listeners.append(lambda alert: console.print(Text(describe(alert))))
    async with open_sessions(app) as open_session:
        boards = LiveBoards(SceneLog(app.database, clock), app.services.store)
        house = House(app, open_session, boards)
        links = Links(app.database, clock)
        page = Web(app, links, boards, house, house, house.begin)
        await house.open()
        routes = [*home_routes(page), *talk_routes(page), *card_routes(page)]
        port = settings.web_port if port is None else port
        async with open_web(page, settings.web_host, port, routes) as address:
            lasts = timedelta(hours=settings.web_link_hours)
            token = await links.make(Role.OWNER, None, PERSON.owner, lasts=lasts)
            _show_way_in(console, f"{address}/l/{token}", settings.web_link_hours, opens=opens)
            try:
                await _forget_daily(app)
            finally:
                await house.close()


def _show_way_in(console: Console, link: str, hours: float, *, opens: bool) -> None:
    console.print(Text("Practise here:"), Text(link, "bold"), soft_wrap=True)
    console.print(
        Text(
            f"The link lasts {hours:g} hours. Keep it to yourself: it opens all your interviews.",
            "dim",
        )
    )
    console.print(Text(STOPS, "dim"))
    if opens:
        webbrowser.open(link)


async def _forget_daily(app: App) -> None:
    """Delete what is too old, now and every day, for ever."""
    age = timedelta(days=app.settings.retention_days)
    while True:
        await delete_expired(app.database, age, app.services.clock.now(), placed=False)
        await app.services.clock.sleep(DAY_S)


class PageBeside:
    """The page beside one round in the terminal; its link is shown when the round joins."""

    def __init__(self, app: App, beside: Beside, address: str) -> None:
        self._app = app
        self._beside = beside
        self._address = address

    async def join(self, session: Session, screen: Screen) -> None:
        """Follow a round in writing."""
        await self.follow(session, screen, screen)

    async def follow(self, session: Session, screen: Screen, mouth: Mouth) -> None:
        """Follow the round, whose interviewer speaks through `mouth`, and say where to draw."""
        self._beside.join(session, mouth)
        links = Links(self._app.database, self._app.services.clock)
        lasts = timedelta(hours=self._app.settings.web_link_hours)
        token = await links.make(Role.CANDIDATE, session.id, PERSON.owner, lasts=lasts)
        screen.note("Draw here while you talk; the interviewer sees it:")
        screen.console.print(Text(f"{self._address}/l/{token}", "bold"), soft_wrap=True)

    async def hand_in(self) -> None:
        """Show the interviewer what is drawn, before something is said."""
        await self._beside.hand_in()

    async def show_text(self) -> None:
        """Show there what was added to the board as text."""
        await self._beside.show_text()


@asynccontextmanager
async def page_beside(app: App) -> AsyncIterator[PageBeside]:
    """Serve the page for one round of this terminal; raises as `serve_page`."""
    clock, settings = app.services.clock, app.settings
    boards = LiveBoards(SceneLog(app.database, clock), app.services.store)
    beside = Beside(app, boards)
    page = Web(app, Links(app.database, clock), boards, beside, beside)
    routes = talk_routes(page)
    async with open_web(page, settings.web_host, settings.web_port, routes) as address:
        try:
            yield PageBeside(app, beside, address)
        finally:
            await beside.close()
