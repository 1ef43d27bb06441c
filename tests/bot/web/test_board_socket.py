"""What a board does for the pages that have it open, and what it refuses."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from starlette.websockets import WebSocket
from web_world import PATIENCE_S, Page, World, box
from websockets.exceptions import ConnectionClosed

from bot.web import board_socket, limits, live_board, merging, outbox
from bot.web.board_wire import MOST_ELEMENTS, Update
from bot.web.limits import FRAMES_AT_ONCE, MOST_FRAME_BYTES
from bot.web.links import Role
from bot.web.live_board import (
    CLOSED,
    NOT_STORED,
    NOTHING_FITS,
    OLD_BOARD,
    ONLY_WATCHING,
    SHORTENED,
    SOME_UNFIT,
)
from storage.database import Database
from storage.errors import DiskFullError
from storage.scenes import scene_at
from storage.scorecards import delete_interview
from tests.bot.web.hand_clock import HandClock, settle
from whiteboard.elements import MAX_TEXT

LATEST = 2**31
WORDS = "unmistakable"


def text(element_id: str, words: str) -> dict[str, Any]:
    """A text as a browser sends it."""
    return {**box(element_id), "type": "text", "text": words, "originalText": words}


async def on_board(world: World, interview: str = "one") -> dict[str, Any]:
    """What is stored of the board, by id."""
    elements = await scene_at(world.web.app.database, interview, LATEST)
    return {element["id"]: element for element in elements}


async def test_a_page_is_sent_the_board_at_once(world: World) -> None:
    """With what was deleted, who is there, and what it may do."""
    async with world.page() as ada:
        await ada.drawn(box("a"), box("b", isDeleted=True))
        async with world.page(Role.VIEWER) as eve:
            assert eve.seen == ["init"]
            assert eve.contents.elements == {"a": box("a"), "b": box("b", isDeleted=True)}
            assert (ada.role, eve.role, eve.epoch) == ("edit", "view", 0)
            assert [one["id"] for one in eve.people] == [ada.you, eve.you]


async def test_what_one_draws_the_others_see(world: World) -> None:
    """Once it is stored; who drew it is not sent it again, and the interview is told once."""
    async with world.page() as ada, world.page() as bob, world.page(Role.VIEWER) as eve:
        await ada.drawn(box("a"))
        for other in (bob, eve):
            await other.until(lambda page=other: "a" in page.contents.elements)

        assert bob.contents.elements == eve.contents.elements == {"a": box("a")}
        assert "update" not in ada.seen
    assert world.going.drawn == [("one", 1)]


async def test_what_is_acknowledged_is_stored(world: World) -> None:
    """The row is there before the ack comes, with who drew it."""
    async with world.page(Role.CANDIDATE) as ada:
        await ada.drawn(box("a"))
        assert await on_board(world) == {"a": box("a")}


async def test_the_newer_version_wins(world: World) -> None:
    """Whoever sent the older one is told the newer, and acknowledged."""
    async with world.page() as ada, world.page() as bob:
        await ada.drawn(box("a", 5, x=1))
        await bob.drawn(box("a", 4, x=2))
        assert bob.contents.elements["a"]["x"] == 1
        await bob.drawn(box("a", 5, nonce=3, x=3))
        await ada.until(lambda: ada.contents.elements.get("a", {}).get("x") == 3)

    assert await on_board(world) == {"a": box("a", 5, nonce=3, x=3)}


async def test_sending_again_is_harmless(world: World) -> None:
    """After a break a page sends what it has: it is acknowledged, and nothing changes."""
    async with world.page() as ada:
        await ada.drawn(box("a"))
        await ada.drawn(box("a"))

    assert world.going.drawn == [("one", 1)]


async def test_a_board_is_there_after_everybody_left(world: World) -> None:
    """The next page finds it, though nothing of it was in memory."""
    async with world.page() as ada:
        seq = await ada.draw(box("a"))
        assert seq == 1
    async with world.page() as bob:
        await bob.drawn(box("b"))

        assert bob.contents.elements.keys() | {"b"} == (await on_board(world)).keys() == {"a", "b"}


async def test_boards_are_apart(world: World) -> None:
    """Nobody sees the board of another interview."""
    async with world.page() as ada, world.page(interview="two") as bob:
        await ada.drawn(box("a"))
        await bob.drawn(box("b"))

        assert "a" not in bob.contents.elements
    assert list(await on_board(world, "two")) == ["b"]


async def test_who_is_there_is_shown(world: World) -> None:
    """By name and role, as they come and go."""
    token = await world.links.make(Role.EDITOR, "one", "bob", "Bob", lasts=timedelta(hours=1))
    cookie = await world.cookie_of(token, Role.EDITOR)
    async with world.page(Role.CANDIDATE) as ada:
        async with world.page(cookie=cookie), world.page(Role.VIEWER):
            await ada.until(lambda: len(ada.people) == 3)
            shown = [(one["name"], one["role"]) for one in ada.people]
            assert shown == [("Candidate", "edit"), ("Bob", "edit"), ("Viewer", "view")]
        await ada.until(lambda: len(ada.people) == 1)


async def test_pointers_are_passed_on_and_not_kept(world: World) -> None:
    """To the others only, and no more of them than eyes can follow."""
    async with world.page(Role.VIEWER) as ada, world.page() as bob:
        for x in range(60):
            await bob.send(type="pointer", x=x, y=1.5)
        await bob.drawn(box("a"))
        last = {"type": "pointer", "id": bob.you, "x": 19, "y": 1.5}
        await ada.until(lambda: "a" in ada.contents.elements and last in ada.pointers)

        assert ada.pointers[-1] == last
        assert bob.pointers == []
    assert list(await on_board(world)) == ["a"]


async def test_a_viewer_changes_nothing(world: World) -> None:
    """An update that a viewer's page would never send is refused and not stored."""
    async with world.page(Role.VIEWER) as eve, world.page() as ada:
        seq = await eve.draw(box("a"))
        await eve.until(lambda: seq in eve.refused)
        await ada.drawn(box("b"))

        assert (eve.refused, eve.later) == ({seq: ONLY_WATCHING}, set())
        assert "a" not in ada.contents.elements
    assert list(await on_board(world)) == ["b"]


async def test_nothing_is_drawn_when_the_interview_is_over(world: World) -> None:
    """Also on a page that was open before; what is refused so may be sent later."""
    async with world.page() as ada:
        world.going.on.clear()
        seq = await ada.draw(box("a"))
        await ada.until(lambda: seq in ada.refused)

        assert (ada.refused, ada.later) == ({seq: CLOSED}, {seq})
    assert await on_board(world) == {}


async def test_a_page_may_come_before_its_interview_is_opened(world: World) -> None:
    """After a restart pages are back first: their link says what they may, not the moment."""
    world.going.on.clear()
    async with world.page() as ada:
        seq = await ada.draw(box("a"))
        await ada.until(lambda: seq in ada.refused)
        world.going.on.add("one")
        await ada.drawn(box("a"))

        assert (ada.role, ada.refused) == ("edit", {seq: CLOSED})
    assert list(await on_board(world)) == ["a"]


async def test_strokes_of_an_old_board_are_refused(world: World) -> None:
    """A new round has an empty sheet; everybody is told, and nothing old comes back."""
    async with world.page() as ada, world.page() as bob:
        await ada.drawn(box("a"))
        await world.web.boards.begin_anew("one", 1)
        seq = await bob.draw(box("a", 9), epoch=0)
        await bob.until(lambda: seq in bob.refused)
        await ada.until(lambda: ada.epoch == 1)

        assert bob.refused == {seq: OLD_BOARD}
        assert ada.contents.elements == bob.contents.elements == {}
        assert ada.seen[-2:] == ["epoch", "init"]
        await ada.drawn(box("b"))
        await bob.until(lambda: "b" in bob.contents.elements)
    assert list(await on_board(world)) == ["b"]


async def test_what_cannot_be_stored_is_refused_and_does_not_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is shown it; sent again when there is room, it goes through."""

    async def full(self: Database, work: object) -> object:
        raise DiskFullError("the disk is full")

    async with world.page() as ada, world.page() as bob:
        with monkeypatch.context() as patch:
            patch.setattr(Database, "run", full)
            seq = await ada.draw(box("a"))
            await ada.until(lambda: seq in ada.refused)
        assert ada.refused == {seq: NOT_STORED}
        await bob.drawn(box("b"))
        assert "a" not in bob.contents.elements
        await ada.drawn(box("a"))
        await bob.until(lambda: "a" in bob.contents.elements)
    assert (await on_board(world)).keys() == {"a", "b"}


async def test_a_board_has_room_for_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes beyond is refused as a whole; what is there can be changed."""
    monkeypatch.setattr(merging, "MOST_ELEMENTS", 3)
    async with world.page() as ada:
        await ada.drawn(box("a"), box("b"))
        seq = await ada.draw(box("c"), box("d"))
        await ada.until(lambda: seq in ada.refused)
        await ada.drawn(box("a", 2), box("c"))

        assert "full" in ada.refused[seq]
    assert (await on_board(world)).keys() == {"a", "b", "c"}


async def test_only_what_is_an_element_is_kept(world: World) -> None:
    """Pictures and nonsense are left out and named; an update of nothing else is refused."""
    picture = {**box("p"), "type": "image", "fileId": "f"}
    async with world.page() as ada:
        await ada.drawn(box("a"), picture, 7, None, {"id": "x"})
        assert (ada.unkept, ada.notes) == (["p", "x"], [SOME_UNFIT])
        seq = await ada.draw(picture)
        await ada.until(lambda: seq in ada.refused)

        assert ada.refused == {seq: NOTHING_FITS}
    assert await on_board(world) == {"a": box("a")}


async def test_words_that_are_not_kept_as_sent_come_back(world: World) -> None:
    """Everybody has the same in the end, who wrote it too, and is told of what was left out."""
    long, unseen = "ab" * MAX_TEXT, "re\u202eversed"
    async with world.page() as ada, world.page() as bob:
        await ada.drawn(text("a", "plain"), text("b", unseen))
        await ada.until(lambda: "b" in ada.contents.elements)
        assert ada.notes == []
        await ada.drawn(text("c", long))
        for page in (ada, bob):
            await page.until(lambda page=page: "c" in page.contents.elements)

        assert ada.notes == [SHORTENED]
        assert "a" not in ada.contents.elements
        for name, words in (("b", "reversed"), ("c", long[:MAX_TEXT])):
            kept = ada.contents.elements[name]
            assert (kept["text"], kept["version"]) == (words, 2)
            assert bob.contents.elements[name] == kept
    assert (await on_board(world))["c"]["text"] == long[:MAX_TEXT]


async def test_half_a_character_costs_no_stroke(world: World) -> None:
    """A label that an editor cut in the middle of an emoji is kept with a sign for the half."""
    async with world.page() as ada:
        await ada.drawn(text("a", "LLM \ud83d"))

    assert (await on_board(world))["a"]["text"] == "LLM \ufffd"


async def test_a_deleted_interview_takes_its_board_along(world: World) -> None:
    """Whoever draws on is told that it is not stored, and cannot come in again."""
    async with world.page() as ada:
        await ada.drawn(box("a"))
        await delete_interview(world.web.app.database, "one")
        seq = await ada.draw(box("b"))
        await ada.until(lambda: seq in ada.refused)

        assert ada.refused == {seq: NOT_STORED}


UPDATE: dict[str, Any] = {"type": "update", "epoch": 0, "seq": 1, "elements": []}
DEEP = '{"a":' * 3_000 + "1" + "}" * 3_000
FOREIGN: dict[str, str | bytes] = {
    "no JSON": f"{{{WORDS}",
    "no object": json.dumps([WORDS]),
    "no type": json.dumps({"words": WORDS}),
    "unknown type": json.dumps({"type": WORDS}),
    "no seq": json.dumps({"type": "update", "epoch": 0, "elements": []}),
    "seq as text": json.dumps(UPDATE | {"seq": WORDS}),
    "seq as flag": json.dumps(UPDATE | {"seq": True}),
    "seq below zero": json.dumps(UPDATE | {"seq": -1}),
    "seq too large": json.dumps(UPDATE | {"seq": 10**30}),
    "epoch as fraction": json.dumps(UPDATE | {"epoch": 0.5}),
    "elements as object": json.dumps(UPDATE | {"elements": {"id": WORDS}}),
    "too many elements": json.dumps(UPDATE | {"elements": [0] * (MOST_ELEMENTS + 1)}),
    "too deep": DEEP,
    "deep element": '{"type":"update","epoch":0,"seq":1,"elements":[' + DEEP + "]}",
    "pointer nowhere": '{"type":"pointer","x":NaN,"y":0}',
    "pointer far": '{"type":"pointer","x":1e300,"y":0}',
    "pointer as text": json.dumps({"type": "pointer", "x": WORDS, "y": 0}),
    "bytes": json.dumps(UPDATE).encode(),
    "nothing": "",
}


@pytest.mark.parametrize("what", FOREIGN)
async def test_what_no_page_sends_ends_the_connection(
    world: World, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is stored, and nothing of it is in the log, nor is there a trace of calls."""
    caplog.set_level(logging.DEBUG)
    async with world.page() as ada, world.page() as bob:
        await ada.socket.send(FOREIGN[what])

        assert await ada.closed() == 4400
        await bob.drawn(box("b"))
    assert list(await on_board(world)) == ["b"]
    ours = [one for one in caplog.records if not one.name.startswith("websockets")]
    written = "".join(one.getMessage() + str(one.exc_info) for one in ours)
    assert WORDS not in written
    assert "Traceback" not in caplog.text


async def test_a_frame_may_be_only_so_large(world: World) -> None:
    """One that is larger ends the connection with a reason; a huge one is not read at all."""
    async with world.page() as ada:
        await ada.socket.send("x" * (MOST_FRAME_BYTES + 1))
        assert await ada.closed() == 4413
    async with world.page() as ada:
        with suppress(ConnectionClosed):
            await ada.socket.send("x" * (5 * MOST_FRAME_BYTES))
        assert await ada.closed() == 1009


async def test_a_large_update_is_taken(world: World) -> None:
    """A thousand boxes pasted at once, which are read beside the loop."""
    elements = [box(f"{number}") for number in range(1_000)]
    assert len(json.dumps(elements)) > board_socket.LARGE_FRAME
    async with world.page() as ada, world.page() as bob:
        await ada.drawn(*elements)
        await bob.until(lambda: len(bob.contents.elements) == 1_000)


async def test_a_flood_ends_the_connection(world: World) -> None:
    """What came before it is stored."""
    async with world.page() as ada:
        for _ in range(int(FRAMES_AT_ONCE) + 1):
            await ada.draw(box("a"))

        assert await ada.closed() == 4429
    assert list(await on_board(world)) == ["a"]


async def test_who_comes_again_goes_on_with_what_was_left(world: World, clock: HandClock) -> None:
    """A page that was cut off for its flood has no new one by coming again; others by its link do.

    Before it may flood again, time has to pass.
    """
    cookie = await world.cookie(Role.EDITOR)
    async with world.page(cookie=cookie) as ada, world.page(cookie=cookie) as bob:
        for _ in range(int(FRAMES_AT_ONCE) + 1):
            await ada.draw(box("a"))
        assert await ada.closed() == 4429
        async with world.page(cookie=cookie) as again:
            await again.draw(box("a"))
            assert await again.closed() == 4429
        for version in range(20):
            await bob.drawn(box("b", 1 + version))
    clock.advance(10)
    async with world.page(cookie=cookie) as later:
        for version in range(20):
            await later.drawn(box("a", 2 + version))


async def test_while_nothing_can_be_stored_little_is_read(
    world: World, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest waits in the browsers; once it can be stored, all of it is, and in order."""
    may, run = asyncio.Event(), Database.run

    async def stalled(self: Database, work: Callable[[Any], Any]) -> Any:
        await may.wait()
        return await run(self, work)

    monkeypatch.setattr(live_board, "MOST_UNANSWERED", 3)
    async with world.page() as ada, world.page() as bob, world.web.boards.open("one") as board:
        with monkeypatch.context() as patch:
            patch.setattr(Database, "run", stalled)
            for version in range(20):
                await ada.draw(box("a", 1 + version))
                await bob.draw(box("b", 1 + version))
            async with asyncio.timeout(PATIENCE_S):
                while board._unanswered < 3:
                    await clock.pass_time(0)
            await settle()
            assert board._unanswered <= 3 + 1
            may.set()
            await ada.until(lambda: 20 in ada.acked)
            await bob.until(lambda: 20 in bob.acked)

    assert {name: one["version"] for name, one in (await on_board(world)).items()} == {
        "a": 20,
        "b": 20,
    }


async def test_who_finds_no_room_for_long_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And comes again later."""
    monkeypatch.setattr(live_board, "MOST_UNANSWERED", 0)
    monkeypatch.setattr(board_socket, "STALLED_S", 0)
    async with world.page() as ada, world.web.boards.open("one") as board:
        board.draw(board.join("eve", "Eve", edits=True), Update(0, 1, (box("a"),)))
        await ada.draw(box("b"))
        assert await ada.closed() == 1013


async def test_so_many_pages_may_be_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is told so; when one leaves there is room again."""
    monkeypatch.setattr(limits, "MOST_PER_BOARD", 1)
    cookie = await world.cookie(Role.VIEWER)
    async with world.page(), world.socket("one", cookie) as socket:
        assert await Page(socket).closed() == 4429
    async with world.page() as ada:
        await ada.drawn(box("a"))


async def test_who_reads_nothing_is_let_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes back and is sent the board as it is by then; the others notice nothing."""
    send_text = WebSocket.send_text
    stuck: set[int] = set()

    async def slow(self: WebSocket, frame: str) -> None:
        await send_text(self, frame)
        if '"role":"view","you"' in frame:
            stuck.add(id(self))
        if id(self) in stuck:
            await world.going.never()

    monkeypatch.setattr(outbox, "MOST_PENDING_BYTES", 2_000)
    async with world.page() as ada:
        monkeypatch.setattr(WebSocket, "send_text", slow)
        async with world.page(Role.VIEWER) as eve:
            for number in range(10):
                await ada.drawn(box(f"{number}"))
            assert await eve.closed() == 4408
