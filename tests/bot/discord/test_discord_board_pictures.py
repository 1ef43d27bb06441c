"""The board as a picture: beside its text, at the end of a stage, and on the card."""

import asyncio
import struct
import threading
from collections.abc import Iterator

import pytest
from conftest import Hall

from bot.discord import replies
from bot.discord.interviews import board_pictures
from bot.discord.views.board import PICTURE
from tests.discord_stub import Person
from tests.discord_stub.channels import Channel
from tests.discord_stub.messages import Message
from whiteboard.picture import scene_png

SKETCH = "customer -> gateway : message; gateway -> agent"
AT_THE_END = "Your board at the end of"
PATIENCE_S = 60.0


async def begin(person: Person) -> Channel:
    """Start, and wait for the first card."""
    dm = person.dm()
    await (await person.runs(dm, "/interview start")).finished()
    await person.sees(dm, "Listening")
    return dm


async def draw(person: Person, place: Channel, sketch: str) -> Message:
    """Add to the board; returns what is shown back."""
    await (await person.runs(place, "/board", sketch=sketch)).finished()
    return await person.sees(place, "Your board")


async def end(person: Person, place: Channel) -> Message:
    """End it; returns the card."""
    await person.presses(place, "End")
    await person.presses(place, "End it")
    return await person.sees(place, "Scorecard:")


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in pixels."""
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


async def test_a_board_comes_with_its_picture(hall: Hall, alice: Person) -> None:
    """The picture shows what the text says, and says it to whoever cannot see it."""
    dm = await begin(alice)

    board = await draw(alice, dm, SKETCH)
    png = alice.downloads(board, PICTURE)

    assert min(size(png)) > 100
    assert "customer -> gateway : message" in board.text
    assert "customer to gateway, message" in str(board.components)


async def test_an_empty_board_has_no_picture(hall: Hall, alice: Person) -> None:
    """There is nothing to see."""
    dm = await begin(alice)
    form = await alice.runs(dm, "/board")
    await (await alice.fills(form, {"text": ""})).finished()

    board = await alice.sees(dm, "Your board is empty")

    assert board.attachments == []


async def test_a_stage_ends_with_the_picture_of_its_board(hall: Hall, alice: Person) -> None:
    """Above the question that opens the next one; a stage without drawing has none."""
    dm = await begin(alice)
    await draw(alice, dm, SKETCH)
    await alice.presses(dm, "Next stage")
    question = await alice.sees(dm, "▶ \\*\\*Loop")
    shown = await alice.sees(dm, AT_THE_END)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Models")

    assert shown.id < question.id
    assert "**Scope**" in shown.text
    assert "new since" not in shown.text
    assert size(alice.downloads(shown, PICTURE))
    assert alice.screen(dm).count(AT_THE_END) == 1


async def test_a_later_picture_marks_what_is_new(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first has nothing to compare with; the second marks the new box and its arrow."""
    marked: list[int] = []

    def noting(elements: object, **more: object) -> bytes:
        changed = more["changed"]
        assert isinstance(changed, frozenset)
        marked.append(len(changed))
        return scene_png(elements, **more)  # type: ignore[arg-type]

    dm = await begin(alice)
    await draw(alice, dm, SKETCH)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Loop")
    await draw(alice, dm, "agent -> tool")
    monkeypatch.setattr("bot.pictures.scene_png", noting)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Models")
    shown = await alice.sees(dm, AT_THE_END)

    assert "**Loop**" in shown.text
    assert "What is new since the stage before is marked" in shown.text
    assert marked == [2]


async def test_the_last_stage_ends_with_its_picture_too(hall: Hall, alice: Person) -> None:
    """Right before the card."""
    dm = await begin(alice)
    await draw(alice, dm, SKETCH)
    card = await end(alice, dm)

    shown = await alice.sees(dm, AT_THE_END)

    assert shown.id < card.id


async def test_a_picture_is_posted_once(hall: Hall, alice: Person) -> None:
    """A restart in the next stage, and that one's end, post no older picture again."""
    dm = await begin(alice)
    await draw(alice, dm, SKETCH)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Loop")
    await hall.restart()
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Models")
    await end(alice, dm)

    assert alice.screen(dm).count(AT_THE_END) == 1


async def test_the_card_shows_the_last_board(hall: Hall, alice: Person) -> None:
    """On the page of what was drawn; turning the page takes the picture away again."""
    dm = await begin(alice)
    await draw(alice, dm, SKETCH)
    card = await end(alice, dm)
    assert card.attachments == []
    await alice.picks(card, "Show …", ["Facts, board and arithmetic"])
    drawn = [one.name for one in card.attachments]
    text, words = card.text, str(card.components)
    await alice.presses(card, "Next")

    assert drawn == ["board-1.png"]
    assert "The board as it stood at the end" in text
    assert "customer to gateway, message" in words
    assert card.attachments == []


async def test_a_card_without_a_board_has_no_picture(hall: Hall, alice: Person) -> None:
    """Nothing is shown of what nobody drew."""
    dm = await begin(alice)
    card = await end(alice, dm)
    for _ in range(20):
        if "[Next off]" in card.text:
            break
        await alice.presses(card, "Next")
        assert card.attachments == []


async def test_a_picture_that_cannot_be_made_is_missing(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The text stands alone, the round goes on, the log has the type and no label."""

    def broken(elements: object, **more: object) -> bytes:
        raise ValueError(str(elements))

    monkeypatch.setattr("bot.pictures.scene_png", broken)
    dm = await begin(alice)
    board = await draw(alice, dm, SKETCH)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Loop")
    card = await end(alice, dm)
    await alice.picks(card, "Show …", ["Facts, board and arithmetic"])

    assert "customer -> gateway" in board.text
    assert board.attachments == []
    assert AT_THE_END not in alice.screen(dm)
    assert "customer to gateway, message" in card.text
    assert "ValueError" in caplog.text
    assert "customer" not in caplog.text


async def test_a_picture_that_comes_late_holds_nothing_up(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next question is asked without it."""
    monkeypatch.setattr(board_pictures, "PICTURE_S", 0.0)
    dm = await begin(alice)
    await draw(alice, dm, SKETCH)
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "▶ \\*\\*Loop")

    assert AT_THE_END not in alice.screen(dm)


async def test_where_no_files_may_be_attached_there_is_no_picture(
    hall: Hall, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """A server without Attach Files has its interviews all the same."""
    guild = hall.stub.add_guild("Study", members=[alice])
    await (await alice.runs(guild.text_channel("general"), "/interview start")).finished()
    thread = await alice.sees_thread()
    await alice.sees(thread, "Listening")
    await draw(alice, thread, SKETCH)
    guild.deny_bot("ATTACH_FILES")
    await alice.presses(thread, "Next stage")
    await alice.sees(thread, "▶ \\*\\*Loop")
    await end(alice, thread)

    assert AT_THE_END not in alice.screen(thread)
    assert "may not be shown" in caplog.text
    hall.stub.take_violations()


async def test_a_picture_that_is_too_large_is_drawn_smaller(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord takes files up to a size; beyond it the text stands alone."""
    dm = await begin(alice)
    first = len(alice.downloads(await draw(alice, dm, SKETCH), PICTURE))
    monkeypatch.setattr(board_pictures, "MOST_BYTES", first - 1)
    smaller = await draw(alice, dm, "agent -> gateway")
    png = alice.downloads(smaller, PICTURE)
    monkeypatch.setattr(board_pictures, "MOST_BYTES", 10)
    none = await draw(alice, dm, "agent -> tool")

    assert size(png)[0] <= board_pictures.WIDTHS[1]
    assert none.attachments == []


class HeldPicture:
    """A picture that is being drawn until it may be done."""

    def __init__(self) -> None:
        self.may, self.begun = threading.Event(), threading.Event()

    def __call__(self, elements: object, **more: object) -> bytes:
        self.begun.set()
        assert self.may.wait(PATIENCE_S)
        return scene_png(elements, **more)  # type: ignore[arg-type]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldPicture]:
    """Pictures take until they may be done; Discord is told to wait after a moment."""
    picture = HeldPicture()
    monkeypatch.setattr("bot.pictures.scene_png", picture)
    monkeypatch.setattr(replies, "QUICK_S", 0.2)
    yield picture
    picture.may.set()


async def test_discord_is_told_to_wait_for_a_picture_of_the_board(
    hall: Hall, alice: Person, held: HeldPicture
) -> None:
    """However long it is drawn, the command was answered."""
    dm = await begin(alice)
    call = await alice.runs(dm, "/board", sketch=SKETCH)
    await asyncio.to_thread(held.begun.wait, PATIENCE_S)
    held.may.set()
    await call.finished()
    board = await alice.sees(dm, "Your board")

    assert call.deferred
    assert size(alice.downloads(board, PICTURE))


async def test_discord_is_told_to_wait_for_pictures_of_a_card(
    hall: Hall, alice: Person, held: HeldPicture
) -> None:
    """The page is turned once they are there."""
    dm = await begin(alice)
    held.may.set()
    await draw(alice, dm, SKETCH)
    card = await end(alice, dm)
    held.may.clear()
    await alice.picks(card, "Show …", ["Facts, board and arithmetic"])
    assert card.attachments == []
    held.may.set()
    turned = await alice.sees(dm, "The board as it stood at the end")

    assert [one.name for one in turned.attachments] == ["board-1.png"]
