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
from web_world import PATIENCE_S, START, Page, box
from websockets.asyncio.client import connect

from bot.cli import cli
from bot.console.answers import Answer
from bot.console.browser import page_beside
from bot.console.practice import practise, resume
from bot.settings import Settings
from bot.web.beside import CARD_THERE, ELSEWHERE
from bot.web.live_board import LiveBoard
from bot.wiring import App, open_app
from interviewer.state import EventKind, InterviewSettings
from scenarios.load import Library
from storage.errors import DatabaseCorruptError
from storage.scenes import Scene
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
async def sitting(
    app: App, clock: HandClock, settings: InterviewSettings | None, interview: str = ""
) -> AsyncIterator[Desk]:
    """A round that has asked its first question, or one that goes on, with its link followed."""
    keyboard, screen = Keyboard(), screen_of(200)
    async with page_beside(app) as page:
        if settings is None:
            holding = resume(app, interview, keyboard, screen.console, page.join, page)
        else:
            holding = practise(app, settings, keyboard, screen.console, page.join, page)
        held = asyncio.create_task(holding)
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


async def test_text_deletes_nothing_that_was_drawn_while_it_was_typed(desk: Desk) -> None:
    """Nobody has looked at that yet: it stays for all, and is told together with the text."""
    async with desk.follow(), desk.board() as board:
        desk.keyboard.type("/board")
        await desk.shows("starts over")
        await draw(board, FIRST)
        desk.keyboard.type("agent -> orders")
        await board.until(lambda: "update" in board.seen)
        await desk.reported(EventKind.DREW)
        await desk.clock.pass_time(30)
        async with desk.board() as again:
            shown = read_scene(list(again.contents.elements.values())).board
    revisions = await desk.app.services.store.boards(desk.interview)

    assert shown == parse_sketch("user -> agent -> orders")
    assert [one.board for one in revisions] == [shown]
    assert revisions[0].scene is not None


@pytest.mark.parametrize(("command", "kind"), [("/next", EventKind.NEXT), ("/end", EventKind.END)])
async def test_what_is_drawn_in_a_pause_is_seen_before_what_ends_a_stage(
    desk: Desk, command: str, kind: EventKind
) -> None:
    """It was looked at while the clock stood still, and is on the card."""
    async with desk.follow() as page, desk.board() as board:
        desk.keyboard.type("/pause")
        await page.until(lambda: page.state["phase"] == "paused")
        await draw(board, FIRST)
        await desk.clock.pass_time(30)
        desk.keyboard.type("/help")
        await desk.shows("/think")
        assert EventKind.DREW not in await desk.events()
        desk.keyboard.type(command)
        await desk.reported(kind)

    assert (await desk.events())[-2:] == [EventKind.DREW, kind]
    assert [one.board for one in await desk.app.services.store.boards(desk.interview)] == [FIRST]


async def test_text_deletes_nothing_that_is_drawn_in_a_pause(desk: Desk) -> None:
    """Looked at or not."""
    async with desk.follow() as page, desk.board() as board:
        desk.keyboard.type("/pause")
        await page.until(lambda: page.state["phase"] == "paused")
        await draw(board, FIRST)
        await desk.clock.pass_time(30)
        desk.keyboard.type("/board", "cache")
        await desk.reported(EventKind.DREW)
    (revision,) = await desk.app.services.store.boards(desk.interview)

    assert revision.board == parse_sketch("user -> agent\ncache")


async def test_a_board_that_cannot_be_read_costs_no_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does it end the round; a text is kept without it."""

    async def unreadable(*_: object) -> Scene:
        raise DatabaseCorruptError("the strokes cannot be read")

    async with desk.follow() as page, desk.board() as board:
        monkeypatch.setattr(LiveBoard, "scene", unreadable)
        monkeypatch.setattr(LiveBoard, "edit", unreadable)
        await draw(board, FIRST)
        desk.keyboard.type(ANSWER, "/board", "cache")
        await desk.reported(EventKind.DREW)
        await page.until(lambda: "c0001" in page.turns)
    (revision,) = await desk.app.services.store.boards(desk.interview)

    assert (await desk.events())[1:] == [EventKind.SAID, EventKind.DREW]
    assert (revision.board, revision.scene) == (parse_sketch("cache"), None)
    assert "DatabaseCorruptError" in caplog.text


async def test_a_round_goes_on_with_its_board(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    """The advice names the page; what was drawn last and not looked at is looked at then."""
    home, clock = home_with(empty_database, tmp_path / "home"), HandClock(START)
    async with open_app(Settings(home=home, web_port=0), library, clock) as app:
        async with sitting(app, clock, design(library)) as before:
            async with before.follow(), before.board() as board:
                await draw(board, FIRST)
            assert EventKind.DREW not in await before.events()
        async with sitting(app, clock, None, before.interview) as after, after.board() as board:
            shown = read_scene(list(board.contents.elements.values())).board
            await after.reported(EventKind.DREW)
            await board.drawn(box("a"))

    assert f"`hotseat resume {before.interview} --board` goes on" in before.screen.text()
    assert shown == FIRST


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
