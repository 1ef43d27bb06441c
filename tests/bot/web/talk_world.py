"""Interviews held in a page that is served, and pages without a screen that follow them."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from web_world import DAY, PATIENCE_S, START, Page
from websockets.asyncio.client import ClientConnection, connect

from bot.rounds import Manner, design_round, drill_round, interview_settings
from bot.settings import Settings
from bot.web.cards import card_routes
from bot.web.context import Web
from bot.web.entry import cookie_name
from bot.web.home import home_routes
from bot.web.house import House
from bot.web.links import Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.serving import open_web
from bot.web.talk_socket import talk_routes
from bot.web.wishes import PERSON
from bot.wiring import App, OpenSession, open_app, open_sessions
from interviewer.desk import Services
from interviewer.state import EventKind, InterviewSettings
from scenarios.load import Library
from scenarios.model import Level
from storage.scenes import SceneLog
from tests.bot.web.hand_clock import HandClock

QUESTIONS = ("what-is-a-token", "agent-vs-chain")
SCENARIO = "support-agent-limited-actions"


def drill(library: Library) -> InterviewSettings:
    """Two quick questions."""
    spec = drill_round(library, QUESTIONS)
    return interview_settings(library, (spec,), Level.JUNIOR, Manner(), PERSON)


def design(library: Library, rounds: int = 1) -> InterviewSettings:
    """A system-design round, or several in a row."""
    spec = design_round(library, SCENARIO)
    return interview_settings(library, (spec,) * rounds, Level.SENIOR, Manner(), PERSON)


class Follower:
    """What a page knows of a talk."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.state: dict[str, Any] = {}
        self.turns: dict[str, dict[str, Any]] = {}
        self.taken: list[str] = []
        self.refused: dict[str, str] = {}
        self.card = ""
        self.seen: list[dict[str, Any]] = []

    async def say(self, text: str, origin: str | None = None) -> str:
        """Send an answer; returns its origin."""
        origin = origin or str(uuid4())
        await self.send(type="say", origin=origin, text=text)
        return origin

    async def do(self, kind: str, origin: str | None = None) -> str:
        """Press a button; returns its origin."""
        origin = origin or str(uuid4())
        await self.send(type="do", origin=origin, kind=kind)
        return origin

    async def answered(self, text: str) -> str:
        """Say it, and wait until it is answered; returns what the interviewer said."""
        before = len(self.turns)
        origin = await self.say(text)
        await self.until(lambda: origin in self.taken and len(self.turns) >= before + 2)
        await self.until(lambda: all(turn["done"] for turn in self.turns.values()))
        return list(self.turns.values())[-1]["text"]

    async def send(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Take what comes until that holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self._take(json.loads(await self.socket.recv()))

    async def closed(self) -> int | None:
        """The code with which the server hangs up."""
        async with asyncio.timeout(PATIENCE_S):
            await self.socket.wait_closed()
        return self.socket.close_code

    def said_by(self, speaker: str) -> list[str]:
        """The turns of one side."""
        return [turn["text"] for turn in self.turns.values() if turn["speaker"] == speaker]

    def _take(self, told: dict[str, Any]) -> None:
        self.seen.append(told)
        match told["type"]:
            case "state":
                self.state = told
            case "turns":
                self.turns |= {turn["key"]: turn for turn in told["turns"]}
            case "taken":
                self.taken.append(told["origin"])
            case "refused":
                self.refused[told["origin"]] = told["reason"]
            case "over":
                self.card = told["card"]


@dataclass(repr=False)
class Hall:
    """The served page with its parts."""

    web: Web
    clock: HandClock
    open_session: OpenSession
    house: House
    address: str = ""

    @property
    def app(self) -> App:
        return self.web.app

    @property
    def links(self) -> Links:
        return self.web.links

    async def cookie(self, role: Role, interview: str | None, person: str = PERSON.owner) -> str:
        """The cookie of a new link, as a browser sends it."""
        token = await self.links.make(role, interview, person, lasts=DAY)
        return f"{cookie_name(role)}={await self.links.cookie_of(token)}"

    @asynccontextmanager
    async def follow(
        self, interview: str, role: Role = Role.CANDIDATE, cookie: str | None = None
    ) -> AsyncIterator[Follower]:
        """A page that follows the talk and knows where it stands."""
        async with self._socket(interview, "talk", role, cookie) as socket:
            page = Follower(socket)
            await page.until(lambda: bool(page.state))
            yield page

    @asynccontextmanager
    async def board(
        self, interview: str, role: Role = Role.CANDIDATE, cookie: str | None = None
    ) -> AsyncIterator[Page]:
        """A page that has the board open."""
        async with self._socket(interview, "board", role, cookie) as socket:
            page = Page(socket)
            await page.until(lambda: page.you != "")
            yield page

    @asynccontextmanager
    async def _socket(
        self, interview: str, path: str, role: Role, cookie: str | None = None
    ) -> AsyncIterator[ClientConnection]:
        cookie = cookie or await self.cookie(role, interview)
        address = f"{self.address.replace('http', 'ws', 1)}/i/{interview}/{path}"
        headers = {"Cookie": cookie}
        async with connect(
            address, origin=self.address, additional_headers=headers, compression=None
        ) as socket:
            yield socket

    @asynccontextmanager
    async def browser(self, cookie: str = "") -> AsyncIterator[httpx2.AsyncClient]:
        """A browser that follows no redirect, on the page itself."""
        headers = {"Cookie": cookie, "Origin": self.address}
        async with httpx2.AsyncClient(base_url=self.address, headers=headers) as client:
            yield client

    async def until_drew(self, interview: str, times: int) -> None:
        """Let the time pass until the interviewer was told of so many boards."""
        async with asyncio.timeout(PATIENCE_S):
            while len(await self.drew(interview)) < times:
                await self.clock.pass_time(1)

    async def until_looked(self, interview: str) -> None:
        """Let the time pass until the board was looked at as it stands."""
        watch = self.house._watches.of(interview)
        async with asyncio.timeout(PATIENCE_S):
            while watch._looking is None or not watch._looking.done():
                await self.clock.pass_time(1)

    async def kinds(self, interview: str) -> list[EventKind]:
        """What was reported so far."""
        return [one.event.kind for one in await self.app.services.store.events(interview)]

    async def until_reported(self, interview: str, kind: EventKind) -> None:
        """Let the time pass until that was reported."""
        async with asyncio.timeout(PATIENCE_S):
            while kind not in await self.kinds(interview):
                await self.clock.pass_time(1)

    async def drew(self, interview: str) -> list[int | None]:
        """The revisions that the interviewer was told of."""
        events = await self.app.services.store.events(interview)
        return [one.event.board_revision for one in events if one.event.kind is EventKind.DREW]


def home_with(database: Path, folder: Path) -> Path:
    """A home folder with a copy of an empty database."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(database, folder / "hotseat.sqlite")
    return folder


@asynccontextmanager
async def open_hall(
    home: Path,
    library: Library,
    clock: HandClock | None = None,
    alter: Callable[[Services], Services] = lambda services: services,
    **settings: Any,
) -> AsyncIterator[Hall]:
    """The page on a free port, over the database of the home folder; `alter` changes its parts."""
    clock = clock or HandClock(START)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(
            open_app(Settings(home=home, **settings), library, clock)
        )
        app = replace(app, services=alter(app.services))
        open_session = await stack.enter_async_context(open_sessions(app))
        boards = LiveBoards(SceneLog(app.database, clock), app.services.store)
        house = House(app, open_session, boards)
        await house.open()
        web = Web(app, Links(app.database, clock), boards, house, house, house.begin)
        routes = [*home_routes(web), *talk_routes(web), *card_routes(web)]
        stack.push_async_callback(house.close)
        address = await stack.enter_async_context(open_web(web, "127.0.0.1", 0, routes))
        yield Hall(web, clock, open_session, house, address)
