"""Interviews that are held in the page: what is drawn is seen, what fails is done again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update
from talk_world import DAY, Follower, Hall, design, drill, home_with, open_hall
from web_world import PATIENCE_S, START, Page
from websockets.exceptions import ConnectionClosed

from bot.reading import READING
from bot.rounds import Manner, Person, interview_settings
from bot.web.forgetting import forget_expired
from bot.web.links import Role
from bot.web.live_board import CLOSED, LiveBoard
from bot.web.room import AWAY, AWAY_S, EMPTY_S, RETRYING
from bot.web.sockets import Close
from interviewer.desk import Services
from interviewer.engines.offline import OfflineEngine
from interviewer.grading import OfflineGrader
from interviewer.ports import InterviewNotFoundError, Occasion, Reply
from interviewer.state import EventKind
from scenarios.load import Library, UnknownItem
from scenarios.model import Level
from scoring.language_model import Account
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard
from storage.errors import DatabaseCorruptError, DiskFullError
from storage.scenes import Scene, scene_at
from storage.scorecards import delete_interview
from storage.tables import INBOX, INTERVIEWS
from tests.bot.web.hand_clock import HandClock
from whiteboard.board import Board
from whiteboard.excalidraw import read_scene
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch

ANSWER = "A token is a piece of a word, and context and price are counted in tokens."
FIRST = parse_sketch("user -> agent")
SECOND = parse_sketch("user -> agent -> orders")
SETTLED_S = 3.0
NEXT_LOOK_S = 9.0
WORDS = "unmistakable words"


@pytest.fixture
async def hall(tmp_path: Path, empty_database: Path, library: Library) -> AsyncIterator[Hall]:
    """A served page without an interview."""
    async with open_hall(home_with(empty_database, tmp_path / "home"), library) as opened:
        yield opened


async def asked(page: Follower) -> None:
    """Wait for the first question."""
    await page.until(lambda: bool(page.turns) and page.state["answering"] is False)


async def draw(page: Page, board: Board, version: int = 1) -> None:
    """Draw what is on that board, and wait until it is stored."""
    elements = [dict(one) | {"version": version} for one in board_elements(board)]
    await page.drawn(*elements)


async def boards(hall: Hall, interview: str) -> list[tuple[int, Board]]:
    """Rounds and boards of the revisions."""
    revisions = await hall.app.services.store.boards(interview)
    return [(one.round_index, one.board) for one in revisions]


async def test_what_is_drawn_is_shown_once_it_has_settled(hall: Hall, library: Library) -> None:
    """One coalesced event a board, with the stroke at which it was read."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await hall.until_looked(interview)
        await hall.clock.pass_time(NEXT_LOOK_S)
        await draw(page, FIRST)
        await hall.clock.pass_time(1)
        await draw(page, SECOND)
        assert await hall.drew(interview) == []
        await hall.clock.pass_time(SETTLED_S)
        await hall.until_drew(interview, 1)

    (revision,) = await hall.app.services.store.boards(interview)
    assert revision.scene is not None
    scene = await scene_at(hall.app.database, interview, revision.scene)
    assert revision.board == read_scene(scene).board == SECOND


async def test_the_same_graph_is_no_news(hall: Hall, library: Library) -> None:
    """Boxes that are only moved about report nothing."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await draw(page, FIRST)
        await hall.clock.pass_time(NEXT_LOOK_S)
        await hall.until_drew(interview, 1)
        moved = [dict(one) | {"x": one["x"] + 7, "version": 9} for one in board_elements(FIRST)]
        await page.drawn(*moved)
        await hall.clock.pass_time(2 * NEXT_LOOK_S)
        await draw(page, SECOND, version=20)
        await hall.clock.pass_time(2 * NEXT_LOOK_S)
        await hall.until_drew(interview, 2)

    assert [board for _, board in await boards(hall, interview)] == [FIRST, SECOND]


@pytest.mark.parametrize("kind", ["next", "end"])
async def test_what_has_not_settled_is_seen_before_the_stage_ends(
    hall: Hall, library: Library, kind: str
) -> None:
    """The last arrow before the button is pressed stands on the card."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await draw(page, SECOND)
        origin = await talk.do(kind)
        await talk.until(lambda: origin in talk.taken)

    kinds = await hall.kinds(interview)
    assert kinds[1:] == [EventKind.DREW, EventKind.NEXT if kind == "next" else EventKind.END]
    assert [board for _, board in await boards(hall, interview)] == [SECOND]


async def test_what_is_drawn_in_a_pause_is_shown_when_it_goes_on(
    hall: Hall, library: Library
) -> None:
    """Nobody looks at a board while the clock stands still."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await talk.do("pause")
        await talk.until(lambda: talk.state["phase"] == "paused")
        await draw(page, FIRST)
        await hall.clock.pass_time(60)
        assert await hall.drew(interview) == []
        await talk.do("resume")
        await talk.until(lambda: talk.state["phase"] == "listening")
        await hall.clock.pass_time(NEXT_LOOK_S)
        await hall.until_drew(interview, 1)

    assert await hall.kinds(interview) == [
        EventKind.BEGAN,
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.DREW,
    ]


@pytest.mark.parametrize("kind", ["next", "end"])
async def test_what_is_drawn_in_a_pause_is_seen_before_the_stage_ends(
    hall: Hall, library: Library, kind: str
) -> None:
    """Though it was looked at, and not shown, while the clock stood still."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await talk.do("pause")
        await talk.until(lambda: talk.state["phase"] == "paused")
        await draw(page, FIRST)
        await hall.clock.pass_time(60)
        origin = await talk.do(kind)
        await talk.until(lambda: origin in talk.taken)

    kinds = await hall.kinds(interview)
    assert kinds[2:4] == [EventKind.DREW, EventKind.NEXT if kind == "next" else EventKind.END]
    assert [board for _, board in await boards(hall, interview)] == [FIRST]


async def test_an_answer_that_ends_a_pause_takes_the_board_along(
    hall: Hall, library: Library
) -> None:
    """It may well be about what was drawn meanwhile."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await talk.do("pause")
        await talk.until(lambda: talk.state["phase"] == "paused")
        await draw(page, FIRST)
        await hall.clock.pass_time(60)
        origin = await talk.say("The agent looks the order up and tells the customer.")
        await talk.until(lambda: origin in talk.taken)

    assert (await hall.kinds(interview))[2:] == [
        EventKind.RESUMED,
        EventKind.DREW,
        EventKind.SAID,
    ]


async def test_a_board_that_fails_costs_no_answer(
    hall: Hall, library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither where it is to be looked at, nor where a round has a sheet of its own."""

    async def unreadable(*_: object) -> Scene:
        raise DatabaseCorruptError("the strokes cannot be read")

    interview = await hall.house.begin(design(library, rounds=2))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        monkeypatch.setattr(LiveBoard, "scene", unreadable)
        with monkeypatch.context() as patch:
            patch.setattr(LiveBoard, "begin_anew", unreadable)
            await draw(page, FIRST)
            while talk.state["round"] == 1:
                origin = await talk.do("next")
                await talk.until(lambda origin=origin: origin in talk.taken)
                await talk.until(lambda: talk.state["answering"] is False)
        origin = await talk.say("The agent looks the order up and tells the customer.")
        await talk.until(lambda: origin in talk.taken)
        await page.until(lambda: page.epoch == 1)

    assert talk.refused == {}
    assert talk.state["note"] == ""
    assert "DatabaseCorruptError" in caplog.text


async def test_after_the_end_nothing_is_drawn(hall: Hall, library: Library) -> None:
    """The board is closed with the interview."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await talk.do("end")
        await talk.until(lambda: talk.card != "")
        seq = await page.draw(*board_elements(FIRST))
        await page.until(lambda: seq in page.refused)

    assert page.refused[seq] == CLOSED
    assert not hall.house.may_draw(interview)


async def test_a_new_round_has_an_empty_board(hall: Hall, library: Library) -> None:
    """The page is told, and what it draws from then on belongs to the new round."""
    interview = await hall.house.begin(design(library, rounds=2))
    async with hall.follow(interview) as talk, hall.board(interview) as page:
        await asked(talk)
        await draw(page, FIRST)
        while talk.state["round"] == 1:
            origin = await talk.do("next")
            await talk.until(lambda origin=origin: origin in talk.taken)
            await talk.until(lambda: talk.state["answering"] is False)
        await page.until(lambda: page.epoch == 1)
        assert page.contents.elements == {}
        await draw(page, SECOND)
        await hall.clock.pass_time(2 * NEXT_LOOK_S)
        await hall.until_drew(interview, 2)

    assert await boards(hall, interview) == [(0, FIRST), (1, SECOND)]


async def test_what_was_drawn_before_a_restart_is_seen_after_it(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    """Strokes that were stored, and never shown, are shown when the candidate is back."""
    home = home_with(empty_database, tmp_path / "home")
    async with open_hall(home, library) as hall:
        interview = await hall.house.begin(design(library))
        async with hall.follow(interview) as talk, hall.board(interview) as page:
            await asked(talk)
            await draw(page, SECOND)
        assert await hall.drew(interview) == []
    async with open_hall(home, library, HandClock(START + DAY)) as hall:
        async with hall.follow(interview):
            await hall.until_drew(interview, 1)

        assert await boards(hall, interview) == [(0, SECOND)]


async def test_a_text_board_opens_on_the_page(hall: Hall, library: Library) -> None:
    """What was drawn as text elsewhere stands on the live board, and drawing goes on from it."""
    interview = await hall.house.begin(design(library))
    session = (await hall.house.talk(interview)).session
    async with hall.follow(interview) as talk:
        await asked(talk)
        await session.draw("user -> agent")
        async with hall.board(interview) as page:
            seen = read_scene(list(page.contents.elements.values())).board

    assert seen == FIRST
    assert [board for _, board in await boards(hall, interview)] == [FIRST]


async def test_the_room_of_an_interview_that_waits_is_given_back(
    hall: Hall, library: Library
) -> None:
    """Left for some minutes in a pause it costs nothing; who comes back goes on where it was."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview) as page:
        await asked(page)
        first = await hall.house.talk(interview)
    async with asyncio.timeout(PATIENCE_S):
        while not first.ended.is_set():
            await hall.clock.pass_time(AWAY_S)
    assert EventKind.PAUSED in await hall.kinds(interview)
    assert hall.house.may_draw(interview)
    async with hall.follow(interview) as page, hall.board(interview) as board:
        assert (page.state["phase"], page.state["note"]) == ("paused", AWAY)
        await page.do("resume")
        await page.until(lambda: page.state["phase"] == "listening")
        await draw(board, FIRST)
        await hall.until_drew(interview, 1)

    assert await hall.house.talk(interview) is not first


async def test_a_room_is_kept_while_somebody_looks(hall: Hall, library: Library) -> None:
    """A guest does not stop the pause, and is not put out."""
    interview = await hall.house.begin(design(library))
    async with hall.follow(interview, Role.VIEWER) as guest:
        first = await hall.house.talk(interview)
        await hall.until_reported(interview, EventKind.PAUSED)
        await guest.until(lambda: guest.state["phase"] == "paused")
        await hall.clock.pass_time(3 * EMPTY_S)

        assert await hall.house.talk(interview) is first


async def test_what_has_expired_is_left_at_once(hall: Hall, library: Library) -> None:
    """Owner and guests are put out of talk and board, and nothing of it stays in memory."""
    interview = await hall.house.begin(design(library))
    owner = await hall.cookie(Role.OWNER, None)
    async with (
        hall.follow(interview, cookie=owner) as talk,
        hall.board(interview, cookie=owner) as board,
        hall.board(interview, Role.VIEWER) as guest,
    ):
        await asked(talk)
        await draw(board, FIRST)
        await hall.web.app.database.run(_make_old)
        await forget_expired(hall.web, hall.house)
        assert await guest.closed() == Close.LINK_ENDED
        assert await board.closed() == Close.RESTARTING
        assert await talk.closed() == Close.RESTARTING
    async with hall._socket(interview, "board", Role.OWNER, owner) as socket:
        assert await Page(socket).closed() == Close.NO_LINK

    assert hall.house._rooms == hall.house._notes == {}
    assert hall.web.boards._places == {}
    assert await scene_at(hall.app.database, interview, 99) == []


def _make_old(connection: Connection) -> None:
    connection.execute(delete(INBOX))
    connection.execute(update(INTERVIEWS).values(started_at=START - 100 * DAY))


async def test_what_somebody_else_deleted_leaves_no_room(
    hall: Hall, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """Its pages are put out, whatever notices it first, and no fault of ours is logged."""
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        await delete_interview(hall.app.database, interview)
        with suppress(ConnectionClosed):
            await page.say(ANSWER)
        assert await page.closed() == Close.RESTARTING
    async with asyncio.timeout(PATIENCE_S):
        while hall.house._rooms:
            await hall.clock.pass_time(60)

    assert "fault" not in caplog.text


class HeldEngine(OfflineEngine):
    """Words nothing until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may, self.begun = asyncio.Event(), asyncio.Event()
        self.may.set()

    async def reply(self, occasion: Occasion) -> Reply:
        self.begun.set()
        await self.may.wait()
        return await super().reply(occasion)


async def test_who_goes_on_is_not_interrupted(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    """A second message takes the floor from a question that is still being worded."""
    engine = HeldEngine()

    def alter(services: Services) -> Services:
        return replace(services, engine=engine)

    home = home_with(empty_database, tmp_path / "home")
    async with open_hall(home, library, alter=alter) as hall:
        interview = await hall.house.begin(drill(library))
        async with hall.follow(interview) as page:
            await asked(page)
            engine.may.clear()
            engine.begun.clear()
            first = await page.say("An odd remark about tokens, words and prices to begin with.")
            await engine.begun.wait()
            await page.until(lambda: first in page.taken and page.state["answering"])
            second = await page.say(ANSWER)
            await page.until(lambda: second in page.taken)
            engine.may.set()
            await page.until(lambda: "i0002" in page.turns and page.turns["i0002"]["done"])
        said = await hall.app.services.store.utterances(interview)

    assert [one.text != "" for one in said] == [True, False, True]
    assert "i0001" not in page.turns


class SlowGrader(OfflineGrader):
    """Reads as long as it is held."""

    def __init__(self) -> None:
        self.may = asyncio.Event()

    async def grade(self, record: InterviewRecord, account: Account) -> Scorecard:
        await self.may.wait()
        return await super().grade(record, account)


async def test_the_candidate_is_told_while_a_judge_reads(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    """The last word is said, the card is not there yet, and the page says why."""
    grader = SlowGrader()

    def alter(services: Services) -> Services:
        return replace(services, grader=grader)

    home = home_with(empty_database, tmp_path / "home")
    async with open_hall(home, library, alter=alter) as hall:
        interview = await hall.house.begin(drill(library))
        (await hall.house.talk(interview)).reads = True
        async with hall.follow(interview) as page:
            await asked(page)
            await page.do("end")
            await page.until(lambda: page.state["note"] == READING)
            assert (page.state["phase"], page.card) == ("over", "")
            grader.may.set()
            await page.until(lambda: page.card != "" and page.state["note"] == "")


class FullDisk:
    """A store that finds no room for a while, or forgets how to store at all."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.fails: list[Exception] = []
        self.asked = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit_event(self, *args: Any, **kwargs: Any) -> int:
        if self.fails:
            self.asked.set()
            raise self.fails.pop()
        return await self._store.commit_event(*args, **kwargs)


@pytest.fixture
async def full(
    tmp_path: Path, empty_database: Path, library: Library
) -> AsyncIterator[tuple[Hall, FullDisk]]:
    """A page whose disk can be filled up."""
    stores = list[FullDisk]()

    def alter(services: Services) -> Services:
        stores.append(FullDisk(services.store))
        return replace(services, store=stores[0])

    home = home_with(empty_database, tmp_path / "home")
    async with open_hall(home, library, alter=alter) as hall:
        yield hall, stores[0]


async def test_a_full_disk_is_waited_out(
    full: tuple[Hall, FullDisk], library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer stays in hand, the page says so, and it is taken once there is room."""
    hall, store = full
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        store.fails = [DiskFullError("no room"), DiskFullError("no room")]
        origin = await page.say(WORDS)
        await page.until(lambda: page.state["note"] == RETRYING)
        async with asyncio.timeout(PATIENCE_S):
            while EventKind.SAID not in await hall.kinds(interview):
                await hall.clock.pass_time(1)
        await page.until(lambda: origin in page.taken and page.state["note"] == "")

    assert (await hall.kinds(interview)).count(EventKind.SAID) == 1
    assert "DiskFullError" in caplog.text
    assert WORDS not in caplog.text


async def test_a_fault_of_ours_is_owned_up_to(
    full: tuple[Hall, FullDisk], library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """The page gets a sentence with a number, the log the same number and no words."""
    hall, store = full
    interview = await hall.house.begin(drill(library))
    async with hall.follow(interview) as page:
        await asked(page)
        store.fails = [ValueError(WORDS)]
        with caplog.at_level(logging.ERROR):
            origin = await page.say(WORDS)
            await page.until(lambda: origin in page.refused)
        await page.answered(ANSWER)

    reason = page.refused[origin]
    assert "Something went wrong on this side (reference " in reason
    number = reason.partition("reference ")[2].partition(")")[0]
    assert number in caplog.text
    assert WORDS not in reason + caplog.text


async def test_what_was_said_after_a_stop_is_answered_at_the_next_start(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    """An answer that is stored when the server stops is answered when its owner is back."""
    engine = HeldEngine()
    home = home_with(empty_database, tmp_path / "home")

    def alter(services: Services) -> Services:
        return replace(services, engine=engine)

    async with open_hall(home, library, alter=alter) as hall:
        interview = await hall.house.begin(drill(library))
        async with hall.follow(interview) as page:
            await asked(page)
            engine.may.clear()
            await page.say(ANSWER)
            await page.until(lambda: "c0001" in page.turns)
            room = hall.house._rooms[interview]
            room._tasks[0].cancel()
    async with open_hall(home, library) as hall, hall.follow(interview) as page:
        await page.until(lambda: "i0001" in page.turns and page.turns["i0001"]["done"])

    assert list(page.turns) == ["i0000", "c0001", "i0001"]


async def test_only_interviews_of_this_computer_are_held(hall: Hall, library: Library) -> None:
    """One that is held on Discord, or that there is not, is not opened here."""
    rounds = drill(library).rounds
    person = Person("discord:7", "discord")
    settings = interview_settings(library, rounds, Level.MID, Manner(), person)
    await hall.app.services.store.create_interview("theirs22", settings, START)
    await hall.house.open()

    for interview in ("theirs22", "nothere2"):
        with pytest.raises(InterviewNotFoundError):
            await hall.house.talk(interview)
        assert not hall.house.may_draw(interview)


async def test_an_interview_whose_pack_is_gone_says_so(hall: Hall, library: Library) -> None:
    """Nothing is opened, and the page gets a sentence."""
    settings = drill(library)
    spec = settings.rounds[0].model_copy(update={"items": ("gone-with-its-pack",)})
    lost = settings.model_copy(update={"rounds": (spec,)})
    await hall.app.services.store.create_interview("lostpack", lost, START)
    await hall.house.open()

    with pytest.raises(UnknownItem):
        await hall.house.talk("lostpack")
