"""However many draw, whatever is lost on the way: in the end everybody sees one board."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_world import World, box

from bot.web import merging, outbox
from bot.web.board_wire import Update
from bot.web.live_board import Client, LiveBoard
from bot.web.merging import BoardIsFullError, Contents, Draft
from bot.web.outbox import Outbox
from interviewer.clock import ManualClock
from interviewer.drawing import Edit
from storage.errors import DiskFullError, StorageError
from storage.scenes import Scene, scene_at
from whiteboard.board import Board
from whiteboard.elements import Element
from whiteboard.excalidraw import read_scene
from whiteboard.sketch import SketchError, parse_sketch

IDS = st.sampled_from("abc")
VERSIONS = st.builds(box, IDS, st.integers(1, 4), st.integers(0, 3))


@given(versions=st.lists(VERSIONS), data=st.data())
def test_order_and_repetition_do_not_matter(versions: list[Element], data: st.DataObject) -> None:
    """The same versions in any order, some of them twice, make the same board."""
    again = data.draw(st.permutations(versions + versions[: len(versions) // 2]))
    first, second = Contents(), Contents()
    first.put(versions)
    for version in again:
        second.put([version])

    def what(contents: Contents) -> dict[str, tuple[int, int]]:
        return {
            name: (one["version"], one["versionNonce"]) for name, one in contents.elements.items()
        }

    assert what(first) == what(second)
    assert first.size == sum(map(len, first.written.values()))


@given(rounds=st.lists(st.lists(VERSIONS)))
def test_a_draft_takes_what_the_board_would(rounds: list[list[Element]]) -> None:
    """Judged one after the other before any is stored, the outcome is that of storing each."""
    board, after = Contents([box("a", 2)]), Contents([box("a", 2)])
    draft = Draft(board)
    offered = [draft.offer(elements) for elements in rounds]
    for elements, won in zip(rounds, offered, strict=True):
        before = dict(after.elements)
        after.put(elements)
        changed = {name for name, one in after.elements.items() if before.get(name) is not one}
        assert changed == {version.id for version in won}

    board.put_versions(version for won in offered for version in won)
    assert board.elements == after.elements


def test_a_board_is_no_larger_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is not taken; what makes a full board smaller is."""
    large, small = box("a", customData={"kind": "x" * 100}), box("a", 2)
    board = Contents([large])
    monkeypatch.setattr(merging, "MOST_SCENE_BYTES", board.size + 10)
    draft = Draft(board)
    with pytest.raises(BoardIsFullError, match="The board is full"):
        draft.offer([box("b")])

    assert [version.element for version in draft.offer([small])] == [small]


class FakeLog:
    """Keeps what is appended, each time a turn of the loop later; fails where it is told to."""

    def __init__(self) -> None:
        self.stored = Contents()
        self.failing = False
        self.seq = 0

    def append(
        self, interview_id: str, epoch: int, elements: Iterable[Element], *_: object
    ) -> asyncio.Future[int]:
        done = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(self._store, tuple(elements), self.failing, done)
        return done

    def pin(self, interview_id: str, seq: int) -> None:
        assert seq == self.seq

    def _store(self, elements: tuple[Element, ...], fails: bool, done: asyncio.Future[int]) -> None:
        if fails:
            done.set_exception(DiskFullError("full"))
            return
        self.seq += len(elements)
        self.stored.put(elements)
        done.set_result(self.seq)


class Tab:
    """A browser as our client is: it keeps what it drew, and sends it again after a break."""

    def __init__(self, board: LiveBoard) -> None:
        self.board = board
        self.mine = Contents()
        self.client: Client | None = None
        self.unanswered: dict[int, tuple[Element, ...]] = {}
        self._seq = 0

    def draw(self, element_id: str, nonce: int) -> None:
        known = self.mine.elements.get(element_id)
        element = box(element_id, 1 if known is None else known["version"] + 1, nonce)
        self.mine.put([element])
        self.send([element])

    def send(self, elements: Iterable[Element]) -> None:
        if self.client is not None:
            self._seq += 1
            self.unanswered[self._seq] = tuple(elements)
            self.board.draw(self.client, Update(0, self._seq, self.unanswered[self._seq]))

    def come(self) -> None:
        if self.client is None:
            self.client = self.board.join("p", "P", edits=True)

    def go(self) -> None:
        """Whatever is on its way to this tab is lost."""
        if self.client is not None:
            self.board.leave(self.client)
            self.client = None
            self.unanswered.clear()

    async def read(self) -> None:
        """Take what is there."""
        if self.client is None:
            return
        self.client.outbox.put_people('{"type":"people","people":[]}')
        for frame in await self.client.outbox.take():
            told = json.loads(frame)
            if told["type"] == "init":
                known = Contents(told["elements"])
                self.mine.put(told["elements"])
                self.send(one for one in self.mine.elements.values() if known.is_behind(one))
            elif told["type"] == "update":
                self.mine.put(told["elements"])
            elif told["type"] in ("ack", "refused"):
                self.unanswered.pop(told["seq"], None)


Step = tuple[str, int, str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["draw", "draw", "draw", "read", "wait", "go", "come", "again", "fail"]),
        st.integers(0, 2),
        IDS,
        st.integers(0, 3),
    ),
    max_size=40,
)


async def settle(tabs: list[Tab]) -> None:
    """Until nothing is on its way any more."""
    for tab in tabs:
        tab.go()
        tab.come()
    for _ in range(20):
        for _ in range(10):
            await asyncio.sleep(0)
        for tab in tabs:
            await tab.read()


async def do(step: Step, tab: Tab, log: FakeLog) -> None:
    what, _, element_id, nonce = step
    match what:
        case "draw":
            tab.draw(element_id, nonce)
        case "read":
            await tab.read()
        case "wait":
            await asyncio.sleep(0)
        case "again":
            tab.send(tab.mine.elements.values())
        case "come":
            tab.come()
        case "go":
            tab.go()
        case _:
            log.failing = not log.failing


async def play(steps: list[Step]) -> None:
    log = FakeLog()
    board = LiveBoard("one", Scene(0, 0, {}), log, lambda _: True, lambda *_: None)  # pyright: ignore[reportArgumentType]
    tabs = [Tab(board) for _ in range(3)]
    for tab in tabs:
        tab.come()
    for step in steps:
        await do(step, tabs[step[1]], log)
    log.failing = False
    await settle(tabs)

    assert [tab.mine.elements for tab in tabs] == [log.stored.elements] * 3
    assert [tab.unanswered for tab in tabs] == [{}] * 3
    assert (await board.scene()).elements == log.stored.elements
    await board.close()


@given(steps=STEPS)
def test_everybody_ends_with_one_board(steps: list[Step]) -> None:
    """Any drawing by three tabs that come, go, read late, send again, while storing fails."""
    asyncio.run(play(steps))


SKETCH = parse_sketch("User -> LLM : asks")
LARGER = parse_sketch("User -> LLM : asks\nLLM -> Tool")


def later(world: World) -> None:
    """A moment passes."""
    clock = world.web.app.services.clock
    assert isinstance(clock, ManualClock)
    clock.advance(5)


async def put_text(world: World, board: Board, round_index: int = 0) -> None:
    """A text board is stored, as a sketch in the terminal stores it."""
    later(world)
    await world.web.app.services.store.save_board(
        "one",
        board,
        "",
        round_index=round_index,
        stage="scope",
        at=world.web.app.services.clock.now(),
    )


def board_on(elements: Iterable[Element]) -> Board:
    """What a reader makes of the elements."""
    return read_scene(list(elements)).board


async def test_a_text_board_opens_as_a_drawing(world: World) -> None:
    """The first page to open it finds it drawn; it is stored, and nobody is said to have drawn."""
    await put_text(world, SKETCH)
    async with world.page() as ada:
        assert board_on(ada.contents.elements.values()) == SKETCH
    stored = await scene_at(world.web.app.database, "one", 2**31)
    assert board_on(stored) == SKETCH
    assert world.going.drawn == []


async def test_a_text_that_finds_no_room_keeps_nobody_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The board opens without it."""
    monkeypatch.setattr(merging, "MOST_ELEMENTS", 2)
    await put_text(world, SKETCH)
    async with world.page() as ada:
        assert ada.contents.elements == {}
        await ada.drawn(box("a"))


async def test_a_text_of_another_round_is_not_drawn(world: World) -> None:
    """Each round has its own sheet."""
    await put_text(world, SKETCH, round_index=1)
    async with world.page() as ada:
        assert ada.contents.elements == {}


async def test_text_is_added_to_what_is_drawn(world: World) -> None:
    """Pages that have the board open are shown it; what was moved stays where it was put."""
    await put_text(world, SKETCH)
    async with world.page() as ada:
        llm = next(one for name, one in ada.contents.elements.items() if name.startswith("c:llm"))
        moved = {**llm, "x": llm["x"] + 500, "version": llm["version"] + 1}
        await ada.drawn(moved)
        await world.web.boards.edit("one", 0, lambda now: Edit(now, LARGER))
        await ada.until(lambda: len(board_on(ada.contents.elements.values()).components) == 3)

        assert board_on(ada.contents.elements.values()) == LARGER
        assert ada.contents.elements[llm["id"]]["x"] == moved["x"]


async def test_a_text_put_while_nobody_looked_is_there_at_the_next_look(world: World) -> None:
    """What was drawn before it stays beside it, and what was drawn after it is not undone."""
    async with world.page() as ada:
        await ada.drawn(box("a"))
    drawn = board_on([box("a")])
    await put_text(world, Board(components=(*drawn.components, *SKETCH.components)))
    later(world)
    async with world.page() as ada:
        assert len(board_on(ada.contents.elements.values()).components) == 3
        await ada.drawn(box("b", x=3_000))
    async with world.page() as ada:
        assert len(board_on(ada.contents.elements.values()).components) == 4


async def test_a_text_deletes_nothing_that_it_did_not_know(world: World) -> None:
    """Neither what was drawn while nobody looked, nor what is drawn until its turn has come."""
    async with world.page() as ada:
        await ada.drawn(box("a", customData={"label": "drawn"}))
    await put_text(world, SKETCH)
    async with world.page() as ada:
        assert len(board_on(ada.contents.elements.values()).components) == 3
        await ada.drawn(box("b", x=3_000))
        scene = await world.web.boards.edit("one", 0, lambda _: Edit(SKETCH, LARGER))
        await ada.until(lambda: len(ada.contents.elements) == len(scene.elements))

    shown = board_on(scene.elements.values())
    assert set(LARGER.arrows) <= set(shown.arrows)
    assert {"a", "b"} <= {name for name, one in scene.elements.items() if not one["isDeleted"]}
    assert board_on(await scene_at(world.web.app.database, "one", scene.seq)) == shown


async def test_a_text_that_was_changed_while_nobody_looked_takes_its_parts_back(
    world: World,
) -> None:
    """What the drawing showed of an earlier text, and the later one has not, goes."""
    await put_text(world, LARGER)
    async with world.page():
        pass
    await put_text(world, SKETCH)
    async with world.page() as ada:
        assert board_on(ada.contents.elements.values()) == SKETCH


async def test_a_text_that_cannot_be_read_ends_no_board(world: World) -> None:
    """Its writer is told, and drawing goes on."""

    def broken(_: Board) -> Edit:
        parse_sketch("-> ->")
        raise AssertionError

    async with world.page() as ada:
        with pytest.raises(SketchError):
            await world.web.boards.edit("one", 0, broken)
        await ada.drawn(box("a"))


async def test_a_text_belongs_to_its_round(world: World) -> None:
    """Who has the old sheet open gets the new one, with the text on it."""
    async with world.page() as ada:
        await ada.drawn(box("a"))
        scene = await world.web.boards.edit("one", 1, lambda now: Edit(now, SKETCH))
        await ada.until(lambda: ada.epoch == 1)

    assert (scene.epoch, board_on(scene.elements.values())) == (1, SKETCH)


async def test_a_round_that_nobody_draws_in_leaves_no_strokes(world: World) -> None:
    """A sheet is begun for those who have the board open."""
    await world.web.boards.begin_anew("one", 1)
    scene = await world.log.load("one")

    assert (scene.epoch, scene.seq) == (0, 0)


async def test_a_board_that_is_read_stays_for_replay(world: World) -> None:
    """Strokes that follow within the second replace nothing of it."""
    async with world.page() as ada:
        await ada.drawn(box("a", 1))
        scene = await world.web.boards.read("one")
        await ada.drawn(box("a", 2))

    assert scene.elements == {"a": box("a", 1)}
    assert await scene_at(world.web.app.database, "one", scene.seq) == [box("a", 1)]


async def test_a_board_can_be_read_when_nobody_has_it_open(world: World) -> None:
    """As it was left."""
    async with world.page() as ada:
        await ada.drawn(box("a"))
    scene = await world.web.boards.read("one")

    assert (scene.seq, scene.elements) == (1, {"a": box("a")})


async def test_strokes_that_wait_are_stored_when_the_last_one_leaves(world: World) -> None:
    """Whoever sent them is gone, and did not hear of it."""
    boards = world.web.boards
    async with boards.open("one") as board:
        client = board.join("ada", "Ada", edits=True)
        board.draw(client, Update(0, 1, (box("a"),)))
        board.leave(client)

    assert await scene_at(world.web.app.database, "one", 9) == [box("a")]


async def test_a_board_that_closes_can_be_opened_at_once(world: World) -> None:
    """Many who come and go at the same time have one board."""
    boards = world.web.boards

    async def visit(number: int) -> None:
        async with boards.open("one") as board:
            client = board.join("ada", "Ada", edits=True)
            board.draw(client, Update(0, 1, (box(f"{number}"),)))
            board.leave(client)

    await asyncio.gather(*(visit(number) for number in range(20)))
    assert len((await boards.read("one")).elements) == 20


async def test_a_fault_ends_the_board_and_not_the_drawing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Pages are told to come again, the log has the fault without a word, the next board works."""

    words = "unmistakable"

    def broken(*_: object) -> None:
        raise ZeroDivisionError(words)

    async with world.page() as ada:
        await ada.drawn(box("a"))
        with monkeypatch.context() as patch:
            patch.setattr(Draft, "offer", broken)
            await ada.draw(box("b"))
            assert await ada.closed() == 1012
    async with world.page() as ada:
        await ada.drawn(box("b"))
        assert ada.contents.elements.keys() == {"a"}
    assert "ZeroDivisionError" in caplog.text
    assert words not in caplog.text


async def test_a_board_that_ended_answers_nobody(world: World) -> None:
    """Who asks it something is told, rather than waiting."""
    async with world.web.boards.open("one") as board:
        await world.web.boards.close()
        with pytest.raises(StorageError, match="closed"):
            await board.scene()


async def test_of_each_element_the_newest_waits() -> None:
    """However slowly somebody reads: each element once, and then the answers about them."""
    box_ = Outbox()
    for version in range(1_000):
        box_.put_elements({"a": f'{{"v":{version}}}', "b": '{"v":0}'})
        box_.put_pointer("c", f'"{version}"')
    box_.answer("ack")
    box_.put("init")

    assert await box_.take() == [
        "init",
        '{"type":"update","elements":[{"v":999},{"v":0}]}',
        "ack",
        '"999"',
    ]
    assert not box_.overflowing.is_set()


@pytest.mark.parametrize("what", ["answers", "elements"])
def test_a_box_that_nobody_empties_overflows(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps nothing then, so that its browser costs no memory."""
    monkeypatch.setattr(outbox, "MOST_ANSWERS", 5)
    monkeypatch.setattr(outbox, "MOST_PENDING_BYTES", 50)
    full = Outbox()
    for number in range(6):
        if what == "answers":
            full.answer("ack")
        else:
            full.put_elements({str(number): "x" * 10})

    assert full.overflowing.is_set()


async def test_a_new_board_makes_the_old_one_s_elements_moot() -> None:
    """They are not sent after it, the answers are."""
    box_ = Outbox()
    box_.answer("ack")
    box_.put_elements({"a": "old"})
    box_.begin_anew("epoch", "init")

    assert await box_.take() == ["epoch", "init", "ack"]
