"""A page that is served, and browsers without a screen that open it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bot.web.context import Web
from bot.web.entry import cookie_name
from bot.web.links import Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.merging import Contents
from bot.web.serving import open_web
from bot.wiring import App
from interviewer.state import InterviewSettings, RoundSpec
from scenarios.model import Level, RoundKind
from storage.scenes import SceneLog
from whiteboard.elements import Element, clean_element

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PATIENCE_S = 60.0


class NoTalks:
    """No interview is held; the board is all there is."""

    async def talk(self, interview_id: str) -> Any:
        raise AssertionError("nobody asked to talk")

    def hear(self, interview_id: str, request: object) -> None:
        raise AssertionError("nobody asked to talk")


@dataclass
class Going:
    """Says which interviews go on, and keeps what it is told of drawing."""

    on: set[str] = field(default_factory=lambda: {"one", "two"})
    drawn: list[tuple[str, int]] = field(default_factory=list)

    async def show(self, *_: object) -> None:
        """Nobody looks."""

    def stir(self, interview_id: str) -> None:
        """Nobody waits."""

    def may_draw(self, interview_id: str) -> bool:
        return interview_id in self.on

    async def never(self) -> None:
        """Does not return."""
        await asyncio.Event().wait()

    def drew(self, interview_id: str, seq: int) -> None:
        self.drawn.append((interview_id, seq))


@dataclass(repr=False)
class World:
    """The served page with its parts; a failed test would print every pack in it."""

    web: Web
    going: Going
    log: SceneLog
    address: str = ""
    public: str = ""
    stop: Callable[[], Awaitable[None]] | None = None

    @property
    def links(self) -> Links:
        return self.web.links

    @property
    def ws(self) -> str:
        return self.address.replace("http", "ws", 1)

    async def cookie(self, role: Role, interview: str | None = "one", person: str = "ada") -> str:
        """The cookie of a new link, as a browser sends it."""
        token = await self.links.make(role, interview, person, lasts=DAY)
        return await self.cookie_of(token, role)

    async def cookie_of(self, token: str, role: Role) -> str:
        return f"{cookie_name(role)}={await self.links.cookie_of(token)}"

    @asynccontextmanager
    async def browser(self, **options: Any) -> AsyncIterator[httpx2.AsyncClient]:
        """Follows no redirect."""
        async with httpx2.AsyncClient(base_url=self.address, **options) as client:
            yield client

    @asynccontextmanager
    async def page(
        self, role: Role = Role.EDITOR, interview: str = "one", *, cookie: str | None = None
    ) -> AsyncIterator[Page]:
        """A browser with the board open, which has been sent it."""
        cookie = await self.cookie(role, interview) if cookie is None else cookie
        async with self.socket(interview, cookie) as socket:
            page = Page(socket)
            await page.until(lambda: page.you != "")
            yield page

    def socket(
        self, interview: str, cookie: str | None, origin: str | None = "own", **options: Any
    ) -> connect:
        """A connection to the board."""
        return connect(
            f"{self.ws}/i/{interview}/board",
            origin=self.address if origin == "own" else origin,
            additional_headers={} if cookie is None else {"Cookie": cookie},
            max_size=None,
            compression=None,
            **options,
        )


class Page:
    """What a browser knows of a board, and what it was told."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.you = self.role = ""
        self.epoch = -1
        self.contents = Contents()
        self.people: list[Mapping[str, str]] = []
        self.acked: list[int] = []
        self.unkept: list[str] = []
        self.notes: list[str] = []
        self.refused: dict[int, str] = {}
        self.later: set[int] = set()
        self.pointers: list[Mapping[str, Any]] = []
        self.seen: list[str] = []
        self._seq = 0

    async def draw(self, *elements: Any, epoch: int | None = None) -> int:
        """Send the elements; returns the number of the update."""
        self._seq += 1
        epoch = self.epoch if epoch is None else epoch
        await self.send(type="update", epoch=epoch, seq=self._seq, elements=list(elements))
        return self._seq

    async def send(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def drawn(self, *elements: Any) -> None:
        """Send the elements and wait until they are stored."""
        seq = await self.draw(*elements)
        await self.until(lambda: seq in self.acked)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Take what comes until that holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self._take(json.loads(await self.socket.recv()))

    async def closed(self) -> int | None:
        """The code with which the server hangs up."""
        with suppress(ConnectionClosed):
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    await self.socket.recv()
        return self.socket.close_code

    def _take(self, told: dict[str, Any]) -> None:
        self.seen.append(told["type"])
        match told["type"]:
            case "init":
                self.you, self.role, self.epoch = told["you"], told["role"], told["epoch"]
                self.people = told["people"]
                self.contents = Contents(told["elements"])
            case "update":
                self.contents.put(told["elements"])
            case "ack":
                self.acked.append(told["seq"])
                self.unkept += told["unkept"]
                self.notes += [told["reason"]] if told["reason"] else []
            case "refused":
                self.refused[told["seq"]] = told["reason"]
                self.later |= {told["seq"]} if told["later"] else set()
            case "people":
                self.people = told["people"]
            case "pointer":
                self.pointers.append(told)


def box(element_id: str, version: int = 1, nonce: int = 5, **more: Any) -> Element:
    """A rectangle as a browser sends it, already as it is kept."""
    given = {
        "type": "rectangle",
        "id": element_id,
        "x": 10,
        "y": 20,
        "width": 100,
        "height": 50,
        "version": version,
        "versionNonce": nonce,
        **more,
    }
    element = clean_element(given)
    assert element is not None
    return element


def settings_of(owner: str) -> InterviewSettings:
    """Two design rounds."""
    spec = RoundSpec(kind=RoundKind.DESIGN, items=("support-agent",), minutes=30)
    return InterviewSettings(rounds=(spec, spec), level=Level.SENIOR, owner=owner)


def free_port() -> int:
    """One that nobody uses right now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def world_of(app: App) -> World:
    """The collaborators over an open application, not served yet."""
    log = SceneLog(app.database, app.services.clock)
    boards = LiveBoards(log, app.services.store)
    going = Going()
    boards.follow(going, going.drew)
    links = Links(app.database, app.services.clock)
    return World(Web(app, links, boards, going, NoTalks()), going, log)


@asynccontextmanager
async def serve(app: App) -> AsyncIterator[World]:
    """The page on a free port, with the interviews `one` of ada and `two` of bob."""
    for interview, owner in (("one", "ada"), ("two", "bob")):
        await app.services.store.create_interview(
            interview, settings_of(owner), app.services.clock.now()
        )
    world = world_of(app)
    async with open_web(world.web, "127.0.0.1", 0) as address:
        world.address = world.public = address
        yield world


@asynccontextmanager
async def serve_anew(
    world: World, web_address: str | None = None, **options: Any
) -> AsyncIterator[World]:
    """The same interviews on another port, with other settings or routes."""
    app = world.web.app
    settings = app.settings.model_copy(update={"web_address": web_address, "web_port": 0})
    other = world_of(replace(app, settings=settings))
    async with AsyncExitStack() as serving:
        port = free_port()
        other.public = await serving.enter_async_context(
            open_web(other.web, "127.0.0.1", port, **options)
        )
        other.address = f"http://127.0.0.1:{port}"
        other.stop = serving.aclose
        yield other
