"""The whiteboard's page beside an interview on Discord: the way in, what is drawn, and text."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from conftest import Hall
from sqlalchemy import func, select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bot.discord.interviews.page_talks import ANSWER_THERE
from bot.discord.personal.removal import remove_interview, remove_person
from bot.doors import UsageError
from bot.web.drawn import Drawn
from interviewer.ports import BoardRevision
from storage.tables import INBOX, STROKES
from tests.discord_stub import DiscordStub, Person
from tests.discord_stub.calls import Call
from tests.discord_stub.channels import Channel
from whiteboard.excalidraw import read_scene
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch

SKETCH = "customer -> gateway : message; gateway -> agent"
LINK_ENDED = 4403


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
async def hall(stub: DiscordStub, tmp_path: Path) -> AsyncIterator[Hall]:
    """The bot with its page on a free port."""
    hall, port = Hall(stub, tmp_path / "bot"), free_port()
    await hall.start(web_port=port, web_address=f"http://127.0.0.1:{port}")
    try:
        yield hall
    finally:
        await hall.stop()


class Browser:
    """A browser without a screen that came in by a link."""

    def __init__(self, link: str) -> None:
        self._link = link
        self.address = re.sub(r"/l/.*", "", link)
        self.page = ""
        self.cookie = ""

    async def enter(self) -> httpx2.Response:
        """Follow the link once; the answer before the page."""
        async with httpx2.AsyncClient() as client:
            answer = await client.get(self._link)
        self.page = answer.headers.get("location", "")
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        return answer

    async def get(self, path: str) -> httpx2.Response:
        """What stands under the interview's page."""
        async with httpx2.AsyncClient(headers={"cookie": self.cookie}) as client:
            return await client.get(f"{self.address}{self.page}{path}")

    @asynccontextmanager
    async def socket(self, name: str) -> AsyncIterator[ClientConnection]:
        """A connection to the board or to the talk."""
        address = f"{self.address}{self.page}{name}".replace("http", "ws", 1)
        headers = {"Cookie": self.cookie}
        async with connect(address, origin=self.address, additional_headers=headers) as opened:
            yield opened


async def told(opened: ClientConnection, kind: str) -> dict[str, Any]:
    """The next frame of that kind."""
    while True:
        frame = json.loads(await opened.recv())
        if frame["type"] == kind:
            return frame


async def hung_up(opened: ClientConnection) -> int | None:
    """The code with which the server ends the connection."""
    with suppress(ConnectionClosed):
        while True:
            await opened.recv()
    return opened.close_code


async def draw(board: ClientConnection, sketch: str, seq: int = 1) -> None:
    """Draw what the sketch says, and wait until it is stored."""
    elements = board_elements(parse_sketch(sketch))
    update = {"type": "update", "epoch": 0, "seq": seq, "elements": elements}
    await board.send(json.dumps(update))
    await told(board, "ack")


async def begin(person: Person) -> Channel:
    """Start, and wait for the first card."""
    dm = person.dm()
    await (await person.runs(dm, "/interview start")).finished()
    await person.sees(dm, "Listening")
    return dm


def link_of(call: Call, label: str = "Open the whiteboard") -> str:
    """Where a button of an answer leads, or the link that it shows to be copied."""
    shown = json.dumps(call.message.components)
    found = re.search(rf'"{label}".*?"url": "([^"]+)"|"url": "([^"]+)".*?"{label}"', shown)
    if found is None:
        found = re.search(r"(http\S+/l/[\w.~-]+)", call.message.text)
    assert found is not None, call.message.text
    return next(one for one in found.groups() if one)


async def come_in(person: Person, place: Channel) -> Browser:
    """Press Board, and follow the link."""
    browser = Browser(link_of(await person.presses(place, "Board")))
    await browser.enter()
    return browser


async def revisions(hall: Hall, person: Person) -> tuple[BoardRevision, ...]:
    """The boards that the interviewer was shown."""
    room = hall.bot.house.room_of(f"discord:{person.id}")
    assert room is not None
    return await hall.bot.app.services.store.boards(room.place.interview_id)


async def kinds(hall: Hall) -> list[str]:
    """What happened in all interviews, in order."""
    statement = select(INBOX.c.kind).order_by(INBOX.c.seq)
    return list(await hall.bot.app.database.run(lambda c: c.execute(statement).scalars().all()))


async def test_the_button_leads_to_the_page(hall: Hall, alice: Person) -> None:
    """The link is for the candidate alone to see; it gives a cookie, and the board opens."""
    dm = await begin(alice)

    call = await alice.presses(dm, "Board")
    browser = Browser(link_of(call))
    entered = await browser.enter()
    async with browser.socket("board") as board:
        init = await told(board, "init")
    page, picture = await browser.get(""), await browser.get("board.svg")

    assert call.ephemeral
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert entered.status_code == 303
    assert "httponly" in entered.headers["set-cookie"].lower()
    assert init["role"] == "edit"
    assert picture.status_code == 200


async def test_the_command_without_a_sketch_leads_there_too(hall: Hall, alice: Person) -> None:
    """`/board` alone is the button's way for whoever types."""
    dm = await begin(alice)

    call = await alice.runs(dm, "/board")

    assert "/l/" in link_of(call)


async def test_what_is_drawn_reaches_the_interviewer(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it has settled; the picture stands in the conversation at the stage's end."""
    monkeypatch.setattr("bot.web.drawn.SETTLED_S", 0.05)
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, SKETCH)
        while "drew" not in await kinds(hall):
            await hall.settled()
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Loop")
    (drawn,) = await revisions(hall, alice)

    assert drawn.board == parse_sketch(SKETCH)
    assert drawn.scene is not None
    shown = await alice.sees(dm, "Your board at the end of \\*\\*Scope")
    assert "customer to gateway, message" in str(shown.components)


async def test_an_answer_takes_the_board_along(hall: Hall, alice: Person) -> None:
    """What was drawn a moment before somebody speaks is known when they are answered."""
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, SKETCH)
        said = await alice.says(dm, "How many conversations a day do we expect?")
        await alice.sees(dm, "30,000", after=said)

    assert (await kinds(hall))[-2:] == ["drew", "said"]


async def test_what_is_drawn_in_a_pause_is_looked_at_after_it(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock goes on standing still, and nothing of it is lost."""
    monkeypatch.setattr("bot.web.drawn.SETTLED_S", 0.05)
    monkeypatch.setattr("bot.web.drawn.BETWEEN_S", 0.05)
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    await alice.presses(dm, "Pause")
    await alice.sees(dm, "Paused")
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, SKETCH)
        await hall.settled()
        meanwhile = await kinds(hall)
        await alice.presses(dm, "Resume")
        while "drew" not in await kinds(hall):
            await hall.settled()

    assert "drew" not in meanwhile
    assert len(await revisions(hall, alice)) == 1


async def test_text_reaches_the_open_board(hall: Hall, alice: Person) -> None:
    """A sketch by command appears on the canvas beside what was drawn there."""
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, "customer -> gateway")
        await (await alice.runs(dm, "/board", sketch="gateway -> agent")).finished()
        shown = await alice.sees(dm, "Your board")
        update = await told(board, "update")
        async with browser.socket("board") as again:
            whole = await told(again, "init")

    assert "agent" in json.dumps(update)
    assert "customer -> gateway" in shown.text
    assert read_scene(whole["elements"]).board == parse_sketch("customer -> gateway -> agent")


async def test_what_is_drawn_is_in_the_form(hall: Hall, alice: Person) -> None:
    """Whoever prefers text edits what stands on the canvas."""
    dm = await begin(alice)
    links = await alice.presses(dm, "Board")
    browser = Browser(link_of(links))
    await browser.enter()
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, SKETCH)
        said = await alice.says(dm, "How many conversations a day do we expect?")
        await alice.sees(dm, "30,000", after=said)
        form = await alice.presses(links, "Edit as text")

    assert "customer -> gateway : message" in str(form.modal)


async def test_the_form_deletes_nothing_that_was_drawn_while_it_was_open(
    hall: Hall, alice: Person
) -> None:
    """Its text takes away what it showed, and no more; the revision knows its stroke."""
    dm = await begin(alice)
    links = await alice.presses(dm, "Board")
    browser = Browser(link_of(links))
    await browser.enter()
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, "customer -> gateway")
        await (await alice.runs(dm, "/board", sketch="gateway -> agent")).finished()
        form = await alice.presses(links, "Edit as text")
        await draw(board, "cache", seq=2)
        await (await alice.fills(form, {"text": "customer -> agent"})).finished()
        async with browser.socket("board") as again:
            whole = await told(again, "init")
    latest = (await revisions(hall, alice))[-1]

    assert read_scene(whole["elements"]).board == parse_sketch("customer -> agent\ncache")
    assert latest.board == parse_sketch("customer -> agent\ncache")
    assert latest.scene is not None


async def test_what_is_drawn_in_a_pause_is_seen_before_the_end(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it was looked at while the clock stood still."""
    monkeypatch.setattr("bot.web.drawn.SETTLED_S", 0.05)
    monkeypatch.setattr("bot.web.drawn.BETWEEN_S", 0.05)
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    await alice.presses(dm, "Pause")
    await alice.sees(dm, "Paused")
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    assert room is not None
    async with browser.socket("board") as board:
        await told(board, "init")
        looked = asyncio.Event()
        show = room.show

        def shown(drawn: Drawn) -> asyncio.Future[None]:
            done = show(drawn)
            done.add_done_callback(lambda _: looked.set())
            return done

        monkeypatch.setattr(room, "show", shown)
        await draw(board, SKETCH)
        await looked.wait()
        meanwhile = await kinds(hall)
        await alice.presses(dm, "End")
        await alice.presses(dm, "End it")
        await alice.sees(dm, "Scorecard:")

    assert "drew" not in meanwhile
    assert (await kinds(hall))[-2:] == ["drew", "end"]


async def test_the_talk_is_read_there_and_answered_here(hall: Hall, alice: Person) -> None:
    """The page shows what both say as it is said; an answer in it is refused with the reason."""
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    async with browser.socket("talk") as talk:
        state = await told(talk, "state")
        begun = await told(talk, "turns")
        say = {"type": "say", "origin": "0123456789", "text": "Hello?"}
        await talk.send(json.dumps(say))
        refused = await told(talk, "refused")
        await alice.says(dm, "How many conversations a day do we expect?")
        turns = await told(talk, "turns")
        while "30,000" not in json.dumps(turns):
            turns = await told(talk, "turns")

    assert (state["where"], state["may_answer"]) == ("discord", False)
    assert "Before you design anything" in json.dumps(begun)
    assert refused["reason"] == ANSWER_THERE
    assert "said" in await kinds(hall)


async def test_the_page_is_told_of_the_card(hall: Hall, alice: Person) -> None:
    """When the interview is over here, the page leads to the card; nothing is drawn any more."""
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    async with browser.socket("talk") as talk, browser.socket("board") as board:
        await told(board, "init")
        await alice.presses(dm, "End")
        await alice.presses(dm, "End it")
        await alice.sees(dm, "Scorecard:")
        over = await told(talk, "over")
        elements = board_elements(parse_sketch(SKETCH))
        update = {"type": "update", "epoch": 0, "seq": 1, "elements": elements}
        await board.send(json.dumps(update))
        refused = await told(board, "refused")
    card = await browser.get("scorecard")

    assert over["card"].endswith("/scorecard")
    assert refused["seq"] == 1
    assert card.status_code == 200


async def test_a_link_to_look_on_changes_nothing(hall: Hall, alice: Person) -> None:
    """Whoever has it sees the board and none of the words; drawing is refused."""
    dm = await begin(alice)
    links = await alice.presses(dm, "Board")
    guest = Browser(link_of(await alice.presses(links, "Link to look on"), "nothing"))
    await guest.enter()
    async with guest.socket("board") as board, guest.socket("talk") as talk:
        init = await told(board, "init")
        state = await told(talk, "state")
        elements = board_elements(parse_sketch(SKETCH))
        update = {"type": "update", "epoch": 0, "seq": 1, "elements": elements}
        await board.send(json.dumps(update))
        refused = await told(board, "refused")
    card = await guest.get("scorecard")

    assert init["role"] == "view"
    assert state["facts"] == []
    assert refused["seq"] == 1
    assert card.status_code in (401, 403)
    assert await revisions(hall, alice) == ()


async def test_revoked_links_end_at_once(hall: Hall, alice: Person) -> None:
    """Whoever is there is put out, and the link opens nothing; a new one does."""
    dm = await begin(alice)
    links = await alice.presses(dm, "Board")
    browser = Browser(link_of(links))
    await browser.enter()
    async with browser.socket("board") as board:
        await told(board, "init")
        await (await alice.presses(links, "Revoke links")).finished()
        code = await hung_up(board)
    again = await browser.enter()
    new = Browser(link_of(await alice.presses(dm, "Board")))

    assert code == LINK_ENDED
    assert again.status_code >= 400
    assert (await new.enter()).status_code == 303


async def test_links_can_be_revoked_after_the_end(hall: Hall, alice: Person) -> None:
    """They may outlast the interview."""
    dm = await begin(alice)
    links = await alice.presses(dm, "Board")
    browser = Browser(link_of(links))
    await browser.enter()
    await alice.presses(dm, "End")
    await alice.presses(dm, "End it")
    await alice.sees(dm, "Scorecard:")
    await (await alice.presses(links, "Revoke links")).finished()

    assert (await browser.get("scorecard")).status_code in (401, 403)


@pytest.mark.parametrize("everything", [False, True])
async def test_what_is_deleted_is_left_at_once(hall: Hall, alice: Person, everything: bool) -> None:
    """Whoever has the board open is put out, whether one interview goes or all that is stored."""
    dm = await begin(alice)
    browser = await come_in(alice, dm)
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    assert room is not None
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, SKETCH)
        if everything:
            await remove_person(hall.bot, room.place.owner)
        else:
            await remove_interview(hall.bot, room.place.interview_id)
        code = await hung_up(board)
    strokes = select(func.count()).select_from(STROKES)

    assert code == LINK_ENDED
    assert (await browser.get("")).status_code in (401, 403)
    assert await hall.bot.app.database.run(lambda c: c.execute(strokes).scalar_one()) == 0


async def test_a_stranger_gets_no_link(hall: Hall, alice: Person) -> None:
    """A moderator who sees the thread gets neither a link nor may they revoke one."""
    mallory = hall.stub.add_user("mallory")
    guild = hall.stub.add_guild("Study", members=[alice, mallory])
    await (await alice.runs(guild.text_channel("general"), "/interview start")).finished()
    thread = await alice.sees_thread()
    await alice.sees(thread, "Listening")
    thread.add_thread_member(mallory.id)
    call = await mallory.presses(thread, "Board")

    assert "not your interview" in (await call.finished()).text
    assert "/l/" not in mallory.screen(thread)


async def test_links_and_boards_outlive_a_restart(hall: Hall, alice: Person) -> None:
    """What was drawn and not looked at before the stop is looked at after it."""
    dm = await begin(alice)
    settings = hall.bot.app.settings
    browser = await come_in(alice, dm)
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, SKETCH)
        await hall.restart(web_port=settings.web_port, web_address=settings.web_address)
    async with browser.socket("board") as board:
        init = await told(board, "init")
    said = await alice.says(dm, "How many conversations a day do we expect?")
    await alice.sees(dm, "30,000", after=said)

    assert read_scene(init["elements"]).board == parse_sketch(SKETCH)
    assert [one.board for one in await revisions(hall, alice)] == [parse_sketch(SKETCH)]


async def test_every_round_has_a_board_of_its_own(hall: Hall, alice: Person) -> None:
    """Who has the page open gets an empty sheet when the next round begins."""
    dm = alice.dm()
    await (await alice.runs(dm, "/loop", plan="llm-app-mid")).finished()
    await alice.sees(dm, "round 1 of")
    browser = await come_in(alice, dm)
    async with browser.socket("board") as board:
        await told(board, "init")
        await draw(board, SKETCH)
        for _ in range(40):
            if "round 2 of" in alice.screen(dm):
                break
            await alice.presses(dm, "Next stage")
            await hall.settled()
        epoch = await told(board, "epoch")
        init = await told(board, "init")

    assert epoch["epoch"] == init["epoch"] == 1
    assert init["elements"] == []


async def test_a_port_that_is_taken(stub: DiscordStub, tmp_path: Path) -> None:
    """The error names the setting, and nothing was begun."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match="HOTSEAT_WEB_PORT"):
            await Hall(stub, tmp_path / "bot").start(
                web_port=port, web_address="https://hotseat.example.org"
            )


async def test_a_button_that_is_older_than_the_page_s_absence(hall: Hall, alice: Person) -> None:
    """Without an address there is no page; the buttons of before say so, and text still works."""
    dm = await begin(alice)
    links = await alice.presses(dm, "Board")
    await hall.restart()
    form = await alice.presses(links, "Edit as text")
    refused = await alice.presses(links, "Link to look on")

    assert form.modal is not None
    assert "not served any more" in (await refused.finished()).text
