"""A board is looked at once it has settled, not all the time, and nothing of it is left out."""

from __future__ import annotations

import logging
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.drawn import BETWEEN_S, SETTLED_S, BoardWatch, Drawn, Quiet, read_drawn
from interviewer.ports import InterviewNotFoundError
from storage.errors import DiskFullError
from storage.scenes import Scene
from tests.bot.web.hand_clock import HandClock
from tests.interviewer.worlds import START
from whiteboard.board import Board
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch

INTERVIEW = "drawn234"
FIRST = parse_sketch("user -> agent")
SECOND = parse_sketch("user -> agent -> orders")


class Easel:
    """A board that is set by hand, and an interviewer that remembers what it was shown."""

    def __init__(self) -> None:
        self.clock = HandClock(START)
        self.board, self.seq, self.epoch = Board(), 0, 0
        self.shown: list[tuple[float, Board, int, int]] = []
        self.stirs = 0
        self.sees = True
        self.fails: list[Exception] = []
        self.watch = BoardWatch(INTERVIEW, self.read, self, self.clock)

    def draw(self, board: Board) -> None:
        """One stroke."""
        self.board, self.seq = board, self.seq + 1
        self.watch.touch()

    async def read(self, interview_id: str) -> Scene:
        assert interview_id == INTERVIEW
        elements = {one["id"]: one for one in board_elements(self.board)}
        return Scene(self.epoch, self.seq, elements)

    async def show(self, interview_id: str, board: Board, scene: int, round_index: int) -> None:
        assert interview_id == INTERVIEW
        if self.fails:
            raise self.fails.pop()
        self.shown.append((self.clock.monotonic(), board, scene, round_index))
        if self.sees:
            self.watch.shown(Drawn(board, scene, round_index))

    def stir(self, interview_id: str) -> None:
        assert interview_id == INTERVIEW
        self.stirs += 1

    def may_draw(self, interview_id: str) -> bool:
        return True


@pytest.fixture
async def easel():
    """An easel whose watch is closed at the end."""
    opened = Easel()
    yield opened
    await opened.watch.close()


async def test_a_board_is_looked_at_once_it_has_settled(easel: Easel) -> None:
    """Every stroke is thinking at once; the look waits for two quiet seconds."""
    easel.draw(FIRST)
    await easel.clock.pass_time(1.5)
    easel.draw(SECOND)
    await easel.clock.pass_time(1.5)
    assert (easel.stirs, easel.shown) == (2, [])

    await easel.clock.pass_time(1)
    assert easel.shown == [(3.5, SECOND, 2, 0)]


async def test_the_next_look_waits_for_its_time(easel: Easel) -> None:
    """Between two looks eight seconds pass, however quiet it is."""
    easel.draw(FIRST)
    await easel.clock.pass_time(3)
    easel.draw(SECOND)
    await easel.clock.pass_time(30)

    assert [at for at, *_ in easel.shown] == [SETTLED_S, SETTLED_S + BETWEEN_S]


async def test_nothing_new_is_not_looked_at(easel: Easel) -> None:
    """A quiet board is left alone."""
    easel.draw(FIRST)
    await easel.clock.pass_time(100)

    assert len(easel.shown) == 1
    assert await easel.watch.take() is None


async def test_what_nobody_saw_can_be_taken_again(easel: Easel) -> None:
    """What was looked at in a pause, or waits to be shown, is handed in; what was seen is not."""
    easel.sees = False
    easel.draw(FIRST)
    await easel.clock.pass_time(100)
    assert len(easel.shown) == 1
    taken = await easel.watch.take()

    assert taken == Drawn(FIRST, 1, 0)
    easel.watch.shown(Drawn(Board(), 0, 0))
    assert await easel.watch.take() == taken
    easel.watch.shown(taken)
    assert await easel.watch.take() is None


async def test_what_nobody_saw_is_looked_at_when_reminded(easel: Easel) -> None:
    """Once; where everything was seen nothing is looked at."""
    easel.sees = False
    easel.draw(FIRST)
    await easel.clock.pass_time(100)
    easel.sees = True
    for _ in range(2):
        easel.watch.remind()
        await easel.clock.pass_time(100)

    assert [board for _, board, *_ in easel.shown] == [FIRST, FIRST]


async def test_what_has_not_settled_can_be_taken_before_an_answer(easel: Easel) -> None:
    """It is then not shown a second time."""
    easel.draw(SECOND)
    drawn = await easel.watch.take()
    await easel.clock.pass_time(60)

    assert drawn is not None
    assert (drawn.board, drawn.scene) == (SECOND, 1)
    assert easel.shown == []


async def test_the_epoch_is_the_round(easel: Easel) -> None:
    """A board begins anew with each round, so what is read knows where it belongs."""
    easel.epoch = 2
    easel.draw(FIRST)
    await easel.clock.pass_time(5)

    assert [round_index for *_, round_index in easel.shown] == [2]


async def test_a_full_disk_makes_it_look_again(
    easel: Easel, caplog: pytest.LogCaptureFixture
) -> None:
    """What could not be stored is shown once there is room."""
    easel.fails = [DiskFullError("no room")]
    easel.draw(FIRST)
    with caplog.at_level(logging.WARNING):
        await easel.clock.pass_time(60)

    assert [board for _, board, *_ in easel.shown] == [FIRST]
    assert "DiskFullError" in caplog.text


async def test_what_was_deleted_is_not_looked_for(
    easel: Easel, caplog: pytest.LogCaptureFixture
) -> None:
    """That the interview is gone is no fault of ours."""
    easel.fails = [InterviewNotFoundError("gone")]
    easel.draw(FIRST)
    await easel.clock.pass_time(60)

    assert easel.shown == []
    assert caplog.text == ""


async def test_a_fault_is_logged_without_words(
    easel: Easel, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says where it happened, never what was drawn, and the watch goes on."""
    easel.fails = [ValueError("secret label")]
    easel.draw(FIRST)
    await easel.clock.pass_time(60)
    easel.draw(SECOND)
    await easel.clock.pass_time(60)

    assert [board for _, board, *_ in easel.shown] == [SECOND]
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_large_scene_is_read_as_a_small_one() -> None:
    """Reading beside the loop gives the same board."""
    board = parse_sketch("\n".join(f"service {n} -> queue {n}" for n in range(60)))
    elements = {one["id"]: one for one in board_elements(board)}

    assert len(elements) > 200
    assert (await read_drawn(Scene(1, 9, elements))).board == board


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 80).map(lambda quarters: quarters / 4), min_size=1, max_size=40))
def test_however_it_is_drawn_all_is_looked_at_in_time(pauses: list[float]) -> None:
    """No look within 8 s of another, none within 2 s of a stroke, and the last stroke is seen."""
    quiet, now, looks = Quiet(), 0.0, list[float]()
    for pause in [*pauses, 1000.0]:
        quiet = quiet.changed(now)
        while (due := quiet.due_at()) is not None and due <= now + pause:
            assert due >= now + SETTLED_S
            looks.append(due)
            quiet = quiet.looked(due)
        now += pause

    assert quiet.due_at() is None
    assert all(later - before >= BETWEEN_S for before, later in pairwise(looks))
