"""`/board`: what a candidate draws as text, and what is shown back."""

from conftest import Hall

from bot.discord.views.board import FILE, MOST_SHOWN, board_file, board_view
from tests.discord_stub import Person
from tests.discord_stub.channels import Channel
from whiteboard.sketch import parse_sketch, to_sketch


async def _begin(hall: Hall, name: str = "alice") -> tuple[Person, Channel]:
    person = hall.stub.add_user(name)
    person.installs()
    dm = person.dm()
    await (await person.runs(dm, "/interview start")).finished()
    await person.sees(dm, "Listening")
    return person, dm


async def test_a_sketch_is_shown_back_as_it_is_read(hall: Hall) -> None:
    """Sloppy spelling comes back normalised; a second sketch adds to the first."""
    alice, dm = await _begin(hall)

    call = await alice.runs(dm, "/board", sketch="client-->gateway;gateway->Order Store")
    await call.finished()
    first = await alice.sees(dm, "Your board")
    call = await alice.runs(dm, "/board", sketch="gateway -> cache")
    await call.finished()
    second = await alice.sees(dm, "Your board", after=first)

    assert "client -> gateway" in first.text
    assert "cache" not in first.text
    assert "Order Store" in second.text
    assert "cache" in second.text
    assert first.only_for is alice.user


async def test_a_sketch_that_cannot_be_read_changes_nothing(hall: Hall) -> None:
    """The error says where; the board is as it was."""
    alice, dm = await _begin(hall)
    await (await alice.runs(dm, "/board", sketch="client -> gateway")).finished()

    call = await alice.runs(dm, "/board", sketch="zone trusted { store")
    await call.finished()
    await alice.sees(dm, "line 1, column")

    room = hall.bot.house.room_of(f"discord:{alice.id}")
    assert room is not None
    assert await room.session.board() == to_sketch(parse_sketch("client -> gateway"))


async def test_the_board_alone_opens_the_whole_to_edit(hall: Hall) -> None:
    """Without a sketch the form holds the board; what is sent in takes its place."""
    alice, dm = await _begin(hall)
    await (await alice.runs(dm, "/board", sketch="client -> gateway")).finished()

    form = await alice.runs(dm, "/board")
    shown = str(form.modal)
    await (await alice.fills(form, {"text": "client -> worker"})).finished()
    board = await alice.sees(dm, "client -> worker")

    assert "client -> gateway" in shown
    assert "gateway" not in board.text.replace("/board", "")


async def test_the_card_s_button_opens_the_same_form(hall: Hall) -> None:
    """The Board button shows the board back to its candidate alone, after a restart too."""
    alice, dm = await _begin(hall)
    await hall.restart()

    form = await alice.presses(dm, "Board")
    await (await alice.fills(form, {"text": "client -> worker"})).finished()
    board = await alice.sees(dm, "Your board")

    assert "client -> worker" in board.text
    assert board.only_for is alice.user


async def test_an_emptied_form_empties_the_board(hall: Hall) -> None:
    """Whoever clears the field has an empty board, and is told."""
    alice, dm = await _begin(hall)
    await (await alice.runs(dm, "/board", sketch="client -> gateway")).finished()

    form = await alice.runs(dm, "/board")
    await (await alice.fills(form, {"text": ""})).finished()

    await alice.sees(dm, "Your board is empty")


async def _begin_in_one_message(hall: Hall, line: str) -> tuple[Person, Channel]:
    """An interview where the bot is no member, so that all of it is one private message."""
    alice, bob = hall.stub.add_user("alice"), hall.stub.add_user("bob")
    alice.installs()
    group = hall.stub.add_group(alice, bob)
    await (await alice.runs(group, line)).finished()
    await alice.sees(group, "Listening|Answer")
    return alice, group


async def test_the_form_of_the_command_shows_the_interview_that_is_one_message(hall: Hall) -> None:
    """A form that a command opened has no message to change: the interview is shown anew."""
    alice, group = await _begin_in_one_message(hall, "/drill")

    form = await alice.runs(group, "/board")
    await (await alice.fills(form, {"text": "client -> worker"})).finished()
    board = await alice.sees(group, "Your board")

    assert "client -> worker" in board.text


async def test_what_the_interviewer_says_to_a_sketch_is_shown_with_it(hall: Hall) -> None:
    """Where the interview is one message, drawing by command shows it with the new question."""
    alice, group = await _begin_in_one_message(hall, "/interview start")

    call = await alice.runs(group, "/board", sketch="agent -> tool")
    panel = await call.finished()
    await alice.sees(group, "Your board")
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    assert room is not None
    said = await room.session.question()

    assert said.split(".")[0][:40] in panel.text
    assert any("Answer" in str(row) for row in panel.components)


async def test_there_is_no_board_without_an_interview(hall: Hall) -> None:
    """The error names the next step."""
    bob = hall.stub.add_user("bob")
    bob.installs()

    await bob.runs(bob.dm(), "/board", sketch="a -> b")

    await bob.sees(bob.dm(), "/interview start")


async def test_a_stranger_cannot_draw_on_another_s_board(hall: Hall) -> None:
    """The custom id of another's card opens no form."""
    guild = hall.stub.add_guild("Study")
    alice, bob = hall.stub.add_user("alice"), hall.stub.add_user("bob")
    guild.add_member(alice)
    guild.add_member(bob)
    channel = guild.text_channel("general")
    await (await alice.runs(channel, "/interview start")).finished()
    thread = await alice.sees_thread()
    await alice.sees(thread, "Listening")
    thread.add_thread_member(bob.id)

    form = await bob.presses(thread, "Board")

    assert form.interaction.modal is None
    await bob.sees(thread, "not your interview")


def test_a_board_s_labels_stay_within_the_block() -> None:
    """Backticks, mentions and invisible signs of a label mean nothing in what is shown."""
    sketch = to_sketch(parse_sketch('"```" -> "@everyone \u202e `x`"'))

    text = "".join(getattr(item, "content", "") for item in board_view(sketch).walk_children())

    assert text.count("```") == 2
    assert "\u202e" not in text


def test_a_long_board_comes_as_a_file() -> None:
    """A sketch that no message holds is attached whole."""
    sketch = "\n".join(f"component number {n} -> gateway" for n in range(200))

    (attached,) = board_file(sketch)

    assert len(sketch) > MOST_SHOWN
    assert attached.filename == FILE
    assert attached.fp.read().decode() == sketch
    assert board_file("a -> b") == ()
