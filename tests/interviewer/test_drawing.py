"""What is drawn on a live board reaches the interviewer once, and is asked about by its label."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.drawing import Editing, Shown, Sketch
from interviewer.ports import AlreadyReportedError, InboxItem
from interviewer.session import InterviewOverError, Session
from interviewer.state import EventKind
from scenarios.model import BoardExpectation, ExpectedComponent, ForbiddenEdge
from tests.interviewer.live_world import INTERVIEW, World, open_world, words_of
from tests.interviewer.worlds import START, design_plan, settings_for
from tests.whiteboard.scenes import bound, labelled
from whiteboard.board import Board
from whiteboard.edits import transfer_edit
from whiteboard.excalidraw import read_scene
from whiteboard.sketch import MAX_CHARACTERS, SketchError, parse_sketch, to_sketch

ORDERS = ExpectedComponent(
    id="orders",
    title="order service",
    names=("orders",),
    concept="step-cap",
    probe="What does the order service answer?",
)
PLAN = replace(design_plan(), board=BoardExpectation(components=(ORDERS,)))
FIRST = parse_sketch("user -> agent")
SECOND = parse_sketch("user -> agent -> orders")


class Easel:
    """A live board that holds what others drew, up to a stroke; full, it takes no text."""

    def __init__(self, board: Board, seq: int, *, full: bool = False) -> None:
        self.board, self.seq, self.full = board, seq, full
        self.rounds: list[int] = []

    async def edit(self, round_index: int, editing: Editing) -> Shown | None:
        self.rounds.append(round_index)
        base, board = editing(self.board)
        if self.full:
            return None
        self.board = transfer_edit(base, board, self.board)
        self.seq += 10
        return Shown(self.board, self.seq)


@pytest.fixture
async def world(house: Path) -> AsyncIterator[World]:
    """An open world without an interview."""
    async with open_world(house, PLAN) as opened:
        yield opened


async def drew(world: World) -> list[int | None]:
    """The revisions that the interviewer was told of."""
    events = await world.services.store.events(INTERVIEW)
    return [one.event.board_revision for one in events if one.event.kind is EventKind.DREW]


async def test_a_live_board_is_kept_with_its_stroke_and_asked_about(world: World) -> None:
    """The revision knows where in the log it was read, and a question cites the drawn label."""
    session = await world.begin()
    await session.report(EventKind.NEXT)
    quiet = await session.show(SECOND, 7, drawn_in=0)
    world.clock.advance(10)
    asked = await session.report(EventKind.SAID, "The agent looks it up and tells the customer.")

    (revision,) = await world.services.store.boards(INTERVIEW)
    assert (revision.board, revision.scene, revision.stage) == (SECOND, 7, "loop")
    assert words_of(quiet) == ""
    assert asked is not None
    assert (asked.move.kind.value, asked.move.element) == ("board_probe", "orders")


async def test_a_board_that_is_known_is_not_told_again(world: World) -> None:
    """Moving boxes about is no news; another arrow is."""
    session = await world.begin()
    await session.show(FIRST, 3, drawn_in=0)

    assert await session.show(FIRST, 5, drawn_in=0) is None
    assert await session.show(SECOND, 8, drawn_in=0) is not None
    assert await drew(world) == [1, 2]
    assert [one.scene for one in await world.services.store.boards(INTERVIEW)] == [3, 8]


async def test_a_board_that_was_never_drawn_on_is_no_news(world: World) -> None:
    """Opening an empty board stores nothing; wiping a drawn one does."""
    session = await world.begin()

    assert await session.show(Board(), 0, drawn_in=0) is None
    await session.show(FIRST, 3, drawn_in=0)
    assert await session.show(Board(), 4, drawn_in=0) is not None
    assert await drew(world) == [1, 2]


async def test_a_revision_that_a_crash_kept_to_itself_is_told_later(world: World) -> None:
    """Between the revision and its event the process may die; the same board then is still news."""
    session = await world.begin()
    await world.services.store.save_board(
        INTERVIEW, FIRST, "user -> agent", round_index=0, stage="scope", at=START, scene=3
    )

    assert await session.show(FIRST, 3, drawn_in=0) is not None
    assert await drew(world) == [1]
    assert len(await world.services.store.boards(INTERVIEW)) == 1


async def test_what_was_read_earlier_is_no_news(world: World) -> None:
    """Two readings that overtake each other leave the later one."""
    session = await world.begin()
    await session.show(SECOND, 8, drawn_in=0)

    assert await session.show(FIRST, 3, drawn_in=0) is None
    assert await session.board() == to_sketch(SECOND)


async def test_a_board_belongs_to_the_round_in_which_it_was_drawn(house: Path) -> None:
    """What was drawn before the interview moved on is not shown as the next round's."""
    spec = settings_for(PLAN).rounds[0]
    async with open_world(house, PLAN, rounds=(spec, spec)) as world:
        session = await world.begin()
        while (await session.view()).round_index == 0:
            await session.report(EventKind.NEXT)

        assert await session.show(FIRST, 3, drawn_in=0) is None
        assert await session.show(SECOND, 9, drawn_in=1) is not None
        assert [one.round_index for one in await world.services.store.boards(INTERVIEW)] == [1]


async def test_text_adds_to_what_was_drawn(world: World) -> None:
    """A sketch goes on where the live board stands, and a live board on from the sketch."""
    session = await world.begin()
    await session.show(FIRST, 3, drawn_in=0)
    await session.draw("agent -> orders")
    latest = (await world.services.store.boards(INTERVIEW))[-1]

    assert (latest.board, latest.scene) == (SECOND, None)
    assert await session.show(SECOND, 6, drawn_in=0) is None
    assert await session.board() == latest.sketch


async def test_text_adds_to_a_board_that_would_be_too_long_as_text(world: World) -> None:
    """Whoever writes one arrow is not told of the length of what was drawn by others."""
    notes = tuple(f"{at:02} " + "this should be thought of again " * 12 for at in range(60))
    drawn = replace(FIRST, notes=notes)
    session = await world.begin()
    await session.show(drawn, 3, drawn_in=0)
    await session.draw("agent -> orders")

    latest = (await world.services.store.boards(INTERVIEW))[-1]
    assert len(latest.sketch) > MAX_CHARACTERS
    assert latest.board == replace(SECOND, notes=notes)


async def test_text_joins_what_nobody_has_looked_at_yet(world: World) -> None:
    """The revision is what is drawn by then, with its stroke; an earlier look is no news."""
    session = await world.begin()
    await session.show(FIRST, 3, drawn_in=0)
    canvas = Easel(parse_sketch("user -> agent\ncache"), 4)
    await session.draw("agent -> orders", canvas=canvas)
    latest = (await world.services.store.boards(INTERVIEW))[-1]

    assert latest.board == canvas.board == parse_sketch("user -> agent -> orders\ncache")
    assert (latest.scene, canvas.rounds) == (14, [0])
    assert await session.show(parse_sketch("user -> agent\ncache"), 4, drawn_in=0) is None
    assert await drew(world) == [1, 2]


async def test_text_is_drawn_before_it_is_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for the interviewer to see it."""
    session, canvas = await world.begin(), Easel(FIRST, 4)
    seen: list[Board] = []
    monkeypatch.setattr(world.mouth, "took", lambda _: seen.append(canvas.board))
    await session.draw("agent -> orders", canvas=canvas)

    assert seen == [SECOND]


async def test_an_edited_text_takes_away_only_what_it_showed(world: World) -> None:
    """What was drawn while it was edited stays; what it started from is known by its revision."""
    session = await world.begin()
    await session.show(FIRST, 3, drawn_in=0)
    canvas = Easel(parse_sketch("user -> agent\ncache"), 4)
    await session.draw(Sketch("user -> orders", replaces=True, written_on=1), canvas=canvas)
    assert canvas.board == parse_sketch("user -> orders\ncache")

    await session.draw(Sketch("shop", replaces=True, written_on=0), canvas=canvas)
    assert canvas.board == parse_sketch("user -> orders\ncache\nshop")
    await session.draw("new ; user", canvas=canvas)
    assert canvas.board == parse_sketch("user")


async def test_an_edited_text_without_a_live_board(world: World) -> None:
    """What was added as text meanwhile stays as well."""
    session = await world.begin()
    await session.draw("user -> agent")
    await session.draw("cache")
    await session.draw(Sketch("user -> orders", replaces=True, written_on=1))

    assert await session.board() == to_sketch(parse_sketch("user -> orders\ncache"))


async def test_a_live_board_that_takes_no_text_costs_no_answer(world: World) -> None:
    """The text counts as it would without one."""
    session = await world.begin()
    await session.show(FIRST, 3, drawn_in=0)
    assert await session.draw("agent -> orders", canvas=Easel(FIRST, 3, full=True)) is not None
    latest = (await world.services.store.boards(INTERVIEW))[-1]

    assert (latest.board, latest.scene) == (SECOND, None)


async def test_a_text_that_cannot_be_read_is_drawn_nowhere(world: World) -> None:
    """Neither on the live board nor as a revision."""
    session, canvas = await world.begin(), Easel(FIRST, 3)
    with pytest.raises(SketchError):
        await session.draw("-> ->", canvas=canvas)

    assert canvas.board == FIRST
    assert await world.services.store.boards(INTERVIEW) == ()


async def test_an_origin_counts_once(world: World) -> None:
    """A drawing that is handed in twice under one origin is one event."""
    session = await world.begin()
    await session.show(FIRST, 3, ("one",), drawn_in=0)

    with pytest.raises(AlreadyReportedError):
        await session.show(SECOND, 5, ("one",), drawn_in=0)
    assert await drew(world) == [1]


async def test_nothing_is_shown_after_the_end(world: World) -> None:
    """A stroke that comes too late changes nothing."""
    session = await world.begin()
    await session.report(EventKind.END)

    with pytest.raises(InterviewOverError):
        await session.show(FIRST, 3, drawn_in=0)
    assert await world.services.store.boards(INTERVIEW) == ()


async def test_the_mouth_learns_of_an_event_before_it_is_answered(world: World) -> None:
    """What was committed can be shown as taken while the answer is still being worded."""
    seen: list[tuple[int, str, int]] = []
    mouth = world.mouth

    def took(item: InboxItem) -> None:
        seen.append((item.seq, item.event.text, len(mouth.shown)))

    mouth.took = took  # type: ignore[method-assign]
    session = Session(world.services, world.graph, INTERVIEW, mouth)
    await session.begin(world.settings)
    await session.report(EventKind.SAID, "How many conversations are there per day?")

    assert seen == [(0, "", 0), (1, "How many conversations are there per day?", 1)]


async def test_a_question_cites_the_label_of_the_box_that_was_drawn(world: World) -> None:
    """A scene of the canvas: the words in the box are what the interviewer speaks of."""
    session = await world.begin()
    await session.report(EventKind.NEXT)
    reading = read_scene([*labelled("x1", "Agent"), *labelled("x2", "The Orders DB", 400)])
    await session.show(reading.board, 4, drawn_in=0)
    world.clock.advance(10)
    asked = await session.report(EventKind.SAID, "The agent looks it up and tells the customer.")

    assert asked is not None
    assert (asked.move.kind.value, asked.move.element) == ("board_probe", "The Orders DB")
    assert "The Orders DB" in words_of(asked)


async def test_a_loose_arrow_is_asked_about_and_not_held_against_anybody(house: Path) -> None:
    """Bound, the arrow breaks a rule; with an end in the air it does not."""
    agent = ORDERS.model_copy(update={"id": "agent", "names": ("agent",), "concept": None})
    rule = ForbiddenEdge(
        source="agent",
        target="orders",
        reason="The agent must not act.",
        concept="step-cap",
        probe="What happens on that way?",
    )
    board = BoardExpectation(components=(agent, ORDERS), forbidden=(rule,))
    boxes = [*labelled("x1", "Agent"), *labelled("x2", "Orders", 600)]
    for name, arrow, reason in (
        ("bound", bound("y", "x1", "x2"), "forbidden way: The agent must not act."),
        ("loose", bound("y", "x1", None, (164, 40), (300, 900)), "drawn, not said"),
    ):
        async with open_world(house, replace(PLAN, board=board)) as world:
            session = Session(world.services, world.graph, name, world.mouth)
            await session.begin(world.settings)
            await session.report(EventKind.NEXT)
            await session.show(read_scene([*boxes, arrow]).board, 4, drawn_in=0)
            world.clock.advance(10)
            asked = await session.report(EventKind.SAID, "It looks it up and tells them.")

        assert asked is not None
        assert asked.move.reason.startswith(reason)
