"""The page with the whiteboard, served in the bot's loop where the settings give it an address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.discord.interviews.drawings import Drawings
from bot.discord.interviews.page_side import PageSide
from bot.discord.interviews.page_talks import PageTalks
from bot.web.cards import card_routes
from bot.web.context import Web
from bot.web.drawn import BoardWatches
from bot.web.links import Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.pages import style_routes
from bot.web.serving import open_web
from bot.web.talk_socket import talk_routes
from bot.wiring import OpenSession
from storage.scenes import SceneLog

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot


class Invitation(NamedTuple):
    """A link into the page, and until when it can be used."""

    address: str
    ends: datetime


class Page:
    """What the commands and buttons on Discord ask of the page."""

    def __init__(self, web: Web, address: str) -> None:
        self._web = web
        self._address = address.rstrip("/")

    async def invite(self, role: Role, interview_id: str, person: str) -> Invitation:
        """A new link into an interview."""
        lasts = timedelta(hours=self._web.app.settings.web_link_hours)
        token = await self._web.links.make(role, interview_id, person, lasts=lasts)
        ends = self._web.app.services.clock.now() + lasts
        return Invitation(f"{self._address}/l/{token}", ends)

    async def revoke(self, interview_id: str) -> None:
        """End every link into the interview; whoever came by one is put out."""
        await self._web.links.revoke_of(interview_id)


@asynccontextmanager
async def open_page(bot: HotseatBot, open_session: OpenSession) -> AsyncIterator[Page]:
    """Serve the page of the bot's interviews; `UsageError` where its port is taken."""
    app = bot.app
    settings, services = app.settings, app.services
    drawings = Drawings(bot.house)
    boards = LiveBoards(SceneLog(app.database, services.clock), services.store)
    watches = BoardWatches(boards.read, drawings, services.clock)
    talks = PageTalks(app, open_session)

    def drawn(interview_id: str, _: int) -> None:
        if drawings.may_draw(interview_id):
            watches.of(interview_id).touch()

    boards.follow(drawings, drawn)
    side = PageSide(boards, watches, talks)
    web = Web(app, Links(app.database, services.clock), boards, drawings, talks)
    bot.house.page = side
    routes = [*talk_routes(web), *card_routes(web), *style_routes()]
    try:
        async with open_web(web, settings.web_host, settings.web_port, routes) as address:
            yield Page(web, address)
    finally:
        bot.house.page = None
        await side.close()
