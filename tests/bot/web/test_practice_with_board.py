"""A round in the terminal with the page beside it: talk there, draw here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from console_samples import Screen, screen_of
from talk_world import Follower, design, home_with
from test_house import draw
from typer.testing import CliRunner
from web_world import PATIENCE_S, START, Page
from websockets.asyncio.client import connect

from bot.cli import cli
from bot.console.answers import Answer
from bot.console.browser import page_beside
from bot.console.practice import practise
from bot.settings import Settings
from bot.web.beside import CARD_THERE, ELSEWHERE
from bot.wiring import App, open_app
from interviewer.state import EventKind, InterviewSettings
from scenarios.load import Library
from tests.bot.web.hand_clock import HandClock
from whiteboard.excalidraw import read_scene
from whiteboard.sketch import parse_sketch

FIRST = parse_sketch("user -> agent")
ANSWER = "The agent looks the order up and then tells the customer."


class Keyboard:
    """Answers that a test types one by one."""

    live = False

    def __init__(self) -> None:
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()

    def type(self, *lines: str | None) -> None:
        """Type the lines; None ends the input."""
        for line in lines:
            self._typed.put_nowait(line)

    def on_typing(self, call: Callable[[], None]) -> None:
        """Nobody is watched while typing."""

    async def next(self, status: Callable[[], str]) -> Answer | None:
        return await self._typed.get()

    async def next_block(self) -> str | None:
        return await self._typed.get()


@dataclass
class Desk:
    """A terminal with a round in it, and the way to its page."""

    app: App
    clock: HandClock
    keyboard: Keyboard
    screen: Screen
    address: str
    cookie: str
    interview: str

    @asynccontextmanager
    async def follow(self) -> AsyncIterator[Follower]:
        async with self._socket("talk") as socket:
            page = Follower(socket)
            await page.until(lambda: bool(page.turns))
            yield page

    @asynccontextmanager
    async def board(self) -> AsyncIterator[Page]:
        async with self._socket("board") as socket:
            page = Page(socket)
            await page.until(lambda: page.you != "")
            yield page

    def _socket(self, path: str) -> Any:
        address = f"{self.address.replace('http', 'ws', 1)}/i/{self.interview}/{path}"
        return connect(
            address,
            origin=self.address,
            additional_headers={"Cookie": self.cookie},
            compression=None,
        )

    async def events(self) -> list[EventKind]:
        """What was reported so far."""
        stored = await self.app.services.store.events(self.interview)
        return [one.event.kind for one in stored]

    async def reported(self, kind: EventKind, times: int = 1) -> None:
        """Let the time pass until that was reported so often."""
        async with asyncio.timeout(PATIENCE_S):
            while (await self.events()).count(kind) < times:
                await self.clock.pass_time(1)

    async def shows(self, words: str) -> None:
        """Wait until the terminal shows them."""
        async with asyncio.timeout(PATIENCE_S):
            while words not in self.screen.text():
                await self.clock.pass_time(0.1)


@asynccontextmanager
async def sitting(app: App, clock: HandClock, settings: InterviewSettings) -> AsyncIterator[Desk]:
    """A round that has asked its first question, with its link followed."""
    keyboard, screen = Keyboard(), screen_of(200)
    async with page_beside(app) as page:
        held = asyncio.create_task(
            practise(app, settings, keyboard, screen.console, page.join, page)
        )
        async with asyncio.timeout(PATIENCE_S):
            while not (found := re.search(r"(http://[^/\s]+)/l/(\S+)", screen.text())):
                await clock.pass_time(0)
        address = found[1]
        async with httpx2.AsyncClient() as browser:
            answer = await browser.get(found[0])
        cookie = answer.headers["set-cookie"].partition(";")[0]
        interview = answer.headers["location"].split("/")[2]
        yield Desk(app, clock, keyboard, screen, address, cookie, interview)
        keyboard.type(None)
        await asyncio.wait_for(held, PATIENCE_S)


@pytest.fixture
async def desk(tmp_path: Path, empty_database: Path, library: Library) -> AsyncIterator[Desk]:
    """A design round in the terminal."""
    home, clock = home_with(empty_database, tmp_path / "home"), HandClock(START)
    async with (
        open_app(Settings(home=home, web_port=0), library, clock) as app,
        sitting(app, clock, design(library)) as opened,
    ):
        yield opened


async def test_the_talk_is_followed_and_not_answered_on_the_page(desk: Desk) -> None:
    """Both sides' turns are shown there as they are said; an answer is refused with the reason."""
    async with desk.follow() as page:
        desk.keyboard.type(ANSWER)
        await page.until(lambda: "c0001" in page.turns)
        origin = await page.say("I answer here.")
        await page.until(lambda: origin in page.refused)

    assert page.refused[origin] == ELSEWHERE
    assert (page.state["where"], page.state["may_answer"]) == ("terminal", False)
    assert page.turns["c0001"]["text"] == ANSWER
    assert page.turns["i0000"]["text"][:30] in desk.screen.text()
    assert (await desk.events()).count(EventKind.SAID) == 1


async def test_what_is_drawn_on_the_page_reaches_the_interviewer(desk: Desk) -> None:
    """It is a revision with its stroke, and an event."""
    async with desk.follow(), desk.board() as board:
        await draw(board, FIRST)
        await desk.reported(EventKind.DREW)

    (revision,) = await desk.app.services.store.boards(desk.interview)
    assert revision.board == FIRST
    assert revision.scene is not None


async def test_what_is_drawn_is_seen_before_what_is_said(desk: Desk) -> None:
    """However short before the answer it was drawn."""
    async with desk.follow() as page, desk.board() as board:
        await draw(board, FIRST)
        desk.keyboard.type(ANSWER)
        await page.until(lambda: "c0002" in page.turns)

    assert (await desk.events())[1:3] == [EventKind.DREW, EventKind.SAID]


async def test_text_in_the_terminal_is_added_on_the_page(desk: Desk) -> None:
    """Both draw on one board, and neither takes the other's away."""
    async with desk.follow(), desk.board() as board:
        await draw(board, FIRST)
        desk.keyboard.type("/board", "agent -> orders")
        await board.until(lambda: "update" in board.seen)
        async with desk.board() as again:
            seen = read_scene(list(again.contents.elements.values())).board
    latest = (await desk.app.services.store.boards(desk.interview))[-1]

    assert latest.board == seen == parse_sketch("user -> agent -> orders")


async def test_what_is_drawn_in_a_pause_waits_for_its_end(desk: Desk) -> None:
    """Nobody looks while the clock stands still."""
    async with desk.follow() as page, desk.board() as board:
        desk.keyboard.type("/pause")
        await page.until(lambda: page.state["phase"] == "paused")
        await draw(board, FIRST)
        await desk.clock.pass_time(30)
        assert EventKind.DREW not in await desk.events()
        desk.keyboard.type("/go")
        await desk.reported(EventKind.DREW)


async def test_the_page_says_where_the_card_is(desk: Desk) -> None:
    """The page ends with the terminal, so that no address of a card is given."""
    async with desk.follow() as page:
        desk.keyboard.type("/end")
        await page.until(lambda: page.state["phase"] == "over" and page.state["note"] != "")

    assert page.state["note"] == CARD_THERE
    assert page.card == ""


def test_a_recording_has_no_board(tmp_path: Path) -> None:
    """A round that is played faster than real time leaves nobody time to draw."""
    recording = tmp_path / "answers.wav"
    recording.write_bytes(b"RIFF")
    result = CliRunner().invoke(cli, ["practice", "--board", "--voice-file", str(recording)])

    assert result.exit_code != 0
    assert "--board goes with a round that is held now" in str(result.exception)
