"""The page as the terminal serves it: for whole rounds, and beside a round in the terminal."""

from __future__ import annotations

import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

from rich.console import Console
from rich.text import Text

from bot.alerts import describe
from bot.console.screen import Screen
from bot.web.beside import Beside
from bot.web.cards import card_routes
from bot.web.context import Web
from bot.web.forgetting import forget_daily
from bot.web.home import home_routes
from bot.web.house import House
from bot.web.links import ENTRANCE_LASTS, Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.serving import open_web
from bot.web.talk_socket import talk_routes
from bot.web.wishes import PERSON
from bot.wiring import App, open_sessions
from interviewer.drawing import Canvas
from interviewer.ports import Mouth
from interviewer.session import Session
from storage.scenes import SceneLog

HOST = "127.0.0.1"
"""Where these pages are served, whatever the bot's settings say: to this machine alone."""

STOPS = "Ctrl+C stops; what is not over is kept, and goes on when you come back."


async def serve_page(
    app: App, console: Console, port: int | None = None, *, opens: bool, new_keys: bool = False
) -> None:
    """Serve the page, print the owner's link and, with `opens`, show it, until cancelled.

    With `new_keys` every earlier link ends first. Raises `UsageError` where the address cannot be
    used.
    """
    app = _for_this_machine(app)
    clock = app.services.clock
    app.alerts.listeners.append(lambda alert: console.print(Text(describe(alert))))
    async with open_sessions(app) as open_session:
        boards = LiveBoards(SceneLog(app.database, clock), app.services.store)
        house = House(app, open_session, boards)
        page = Web(app, Links(app.database, clock), boards, house, house, house.begin)
        await house.open()
        if new_keys:
            await page.links.end_all()
            console.print(Text("Every link that was made before has ended.", "dim"))
        routes = [*home_routes(page), *talk_routes(page), *card_routes(page)]
        port = app.settings.web_port if port is None else port
        try:
            async with open_web(page, HOST, port, routes) as address:
                await _show_way_in(page, console, address, opens=opens)
                await forget_daily(page, house)
        finally:
            await house.close()


def _for_this_machine(app: App) -> App:
    """Without the address that the bot's page has: this one is found here alone."""
    return replace(app, settings=app.settings.model_copy(update={"web_address": None}))


async def _show_way_in(page: Web, console: Console, address: str, *, opens: bool) -> None:
    hours = page.app.settings.web_link_hours
    make = partial(page.links.make, interview=None, person=PERSON.owner)
    token = await make(Role.OWNER, lasts=timedelta(hours=hours))
    # What a browser is started with can be read by every user of this machine.
    entrance = await make(Role.ENTRANCE, lasts=ENTRANCE_LASTS) if opens else None
    console.print(Text("Practise here:"), Text(f"{address}/l/{token}", "bold"), soft_wrap=True)
    console.print(
        Text(
            f"The link ends {hours:g} hours after its last use. Keep it to yourself: it opens all "
            "your interviews.",
            "dim",
        )
    )
    console.print(Text(STOPS, "dim"))
    if entrance is not None:
        webbrowser.open(f"{address}/l/{entrance}")


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

    async def hand_in(self, *, closing: bool = False) -> None:
        """Show the interviewer what is drawn, before something is said."""
        await self._beside.hand_in(closing=closing)

    @property
    def canvas(self) -> Canvas | None:
        """Where what is added to the board as text is drawn too."""
        return self._beside.canvas


@asynccontextmanager
async def page_beside(app: App) -> AsyncIterator[PageBeside]:
    """Serve the page for one round of this terminal; raises as `serve_page`."""
    app = _for_this_machine(app)
    clock = app.services.clock
    boards = LiveBoards(SceneLog(app.database, clock), app.services.store)
    beside = Beside(app, boards)
    page = Web(app, Links(app.database, clock), boards, beside, beside)
    try:
        async with open_web(page, HOST, app.settings.web_port, talk_routes(page)) as address:
            yield PageBeside(app, beside, address)
    finally:
        await beside.close()
