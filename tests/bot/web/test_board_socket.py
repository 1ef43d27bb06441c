"""What a board does for the pages that have it open, and what it refuses."""

import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from starlette.websockets import WebSocket
from web_world import Page, World, box
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bot.web import board_socket, limits, merging, outbox
from bot.web.board_wire import MOST_ELEMENTS
from bot.web.limits import FRAMES_AT_ONCE, MOST_FRAME_BYTES
from bot.web.links import Role
from bot.web.live_board import CLOSED, NOT_STORED, NOTHING_FITS, OLD_BOARD, ONLY_WATCHING
from interviewer.clock import ManualClock
from storage.database import Database
from storage.errors import DiskFullError
from storage.scenes import scene_at
from storage.scorecards import delete_interview

LATEST = 2**31
WORDS = "unmistakable"


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
        await ada.until(lambda: "a" in ada.contents.elements and ada.pointers != [])

        assert ada.pointers[-1] == {"type": "pointer", "id": bob.you, "x": 19, "y": 1.5}
        assert bob.pointers == []
    assert list(await on_board(world)) == ["a"]


async def test_a_viewer_changes_nothing(world: World) -> None:
    """An update that a viewer's page would never send is refused and not stored."""
    async with world.page(Role.VIEWER) as eve, world.page() as ada:
        seq = await eve.draw(box("a"))
        await eve.until(lambda: seq in eve.refused)
        await ada.drawn(box("b"))

        assert eve.refused == {seq: ONLY_WATCHING}
        assert "a" not in ada.contents.elements
    assert list(await on_board(world)) == ["b"]


async def test_nothing_is_drawn_when_the_interview_is_over(world: World) -> None:
    """Also on a page that was open before; a page that comes later is told at once."""
    async with world.page() as ada:
        world.going.on.clear()
        seq = await ada.draw(box("a"))
        await ada.until(lambda: seq in ada.refused)
        async with world.page() as bob:
            assert (ada.refused, bob.role) == ({seq: CLOSED}, "view")
    assert await on_board(world) == {}


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
    """Pictures and nonsense are left out; an update of nothing else is refused."""
    picture = {**box("p"), "type": "image", "fileId": "f"}
    async with world.page() as ada:
        await ada.drawn(box("a"), picture, 7, None, {"id": "x"})
        seq = await ada.draw(picture)
        await ada.until(lambda: seq in ada.refused)

        assert ada.refused == {seq: NOTHING_FITS}
    assert await on_board(world) == {"a": box("a")}


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


Refused = Callable[[World], Awaitable[str | None]]


async def nothing(world: World) -> str | None:
    return None


async def forged(world: World) -> str | None:
    return (await world.cookie(Role.EDITOR))[:-3] + "abc"


async def a_token(world: World) -> str | None:
    token = await world.links.make(Role.EDITOR, "one", "ada", lasts=timedelta(hours=1))
    return f"hotseat_editor={token}"


async def of_another(world: World) -> str | None:
    return await world.cookie(Role.EDITOR, "two")


async def of_a_reader(world: World) -> str | None:
    return await world.cookie(Role.READER)


async def of_another_owner(world: World) -> str | None:
    return await world.cookie(Role.OWNER, None, "bob")


async def expired(world: World) -> str | None:
    cookie = await world.cookie(Role.EDITOR)
    clock = world.web.app.services.clock
    assert isinstance(clock, ManualClock)
    clock.advance(25 * 3_600)
    return cookie


async def revoked(world: World) -> str | None:
    cookie = await world.cookie(Role.EDITOR)
    await world.links.revoke_of("one")
    return cookie


@pytest.mark.parametrize(
    "cookie",
    [nothing, forged, a_token, of_another, of_a_reader, of_another_owner, expired, revoked],
)
async def test_without_a_link_nobody_comes_in(world: World, cookie: Refused) -> None:
    """The page is told by the code, and nothing of the board."""
    async with world.socket("one", await cookie(world)) as socket:
        page = Page(socket)
        assert await page.closed() == 4401
        assert page.seen == []


async def test_an_unknown_interview_looks_like_a_closed_one(world: World) -> None:
    """Nobody learns which interviews there are."""
    async with world.socket("none", await world.cookie(Role.OWNER, None)) as socket:
        assert await Page(socket).closed() == 4401


async def test_the_owner_comes_into_all_of_theirs(world: World) -> None:
    """With the one link that names none of them."""
    cookie = await world.cookie(Role.OWNER, None, "ada")
    async with world.page(cookie=cookie) as ada:
        await ada.drawn(box("a"))
        assert ada.role == "edit"


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1"])
async def test_pages_of_other_servers_get_no_connection(world: World, origin: str | None) -> None:
    """Though the browser sends our cookie along."""
    with pytest.raises(InvalidStatus) as refused:
        async with world.socket("one", await world.cookie(Role.EDITOR), origin):
            pass

    assert refused.value.response.status_code == 403


async def test_revoking_a_link_closes_what_it_opened(world: World) -> None:
    """At once, and nothing that other links opened."""
    token = await world.links.make(Role.EDITOR, "one", "bob", lasts=timedelta(hours=1))
    link = (await world.links.read(token)).link
    async with (
        world.page() as ada,
        world.page(cookie=await world.cookie_of(token, Role.EDITOR)) as bob,
    ):
        await world.links.revoke(link)
        assert await bob.closed() == 4403
        await ada.drawn(box("a"))


async def test_a_link_that_expires_closes_what_it_opened(world: World) -> None:
    """On the moment."""
    token = await world.links.make(Role.EDITOR, "one", "bob", lasts=timedelta(seconds=0.2))
    async with world.page(cookie=await world.cookie_of(token, Role.EDITOR)) as bob:
        assert await bob.closed() == 4403
