"""Words that nearly went unheard: edited into reach, or sent in when it was too late."""

import pytest
from conftest import Hall
from test_discord_interview import QUESTION, begin, said

from bot.discord.interviews.room import NOT_NOW
from interviewer.state import EventKind
from tests.discord_stub.channels import Channel
from tests.discord_stub.person import Person

FIRST = "How many conversations a day do we expect?"


@pytest.fixture
async def thread(hall: Hall, alice: Person) -> Channel:
    """Her thread on a server, where a round has begun."""
    guild = hall.stub.add_guild("Study", members=[alice])
    await begin(alice, guild.text_channel("general"))
    thread = await alice.sees_thread()
    await alice.sees(thread, QUESTION)
    return thread


async def test_a_mention_added_later_makes_it_heard(
    hall: Hall, alice: Person, thread: Channel
) -> None:
    """Whoever forgot to address the bot corrects the message, and is answered once."""
    unread = await alice.says(thread, FIRST)
    await alice.sees(thread, "cannot read plain messages")
    await alice.edits(unread, f"<@{hall.bot.user.id}> {FIRST}")
    await alice.sees(thread, "30,000 conversations")
    await alice.edits(unread, f"<@{hall.bot.user.id}> {FIRST} And how many at night?")
    await hall.settled()

    assert await said(hall) == [FIRST]


async def test_what_was_heard_is_not_heard_again_after_an_edit(
    hall: Hall, alice: Person, thread: Channel
) -> None:
    """Also after a restart, and by nobody else."""
    heard = await alice.says(thread, f"<@{hall.bot.user.id}> {FIRST}")
    await alice.sees(thread, "30,000 conversations")
    await hall.settled()
    await hall.restart()
    await alice.edits(heard, f"<@{hall.bot.user.id}> {FIRST} I mean on a Monday.")
    mallory = hall.stub.add_user("mallory")
    thread.guild.add_member(mallory.user)
    thread.add_thread_member(mallory.id)
    other = await mallory.says(thread, "I answer for her.")
    await mallory.edits(other, f"<@{hall.bot.user.id}> I answer for her.")
    await hall.settled()

    assert await said(hall) == [FIRST]


async def test_an_edit_in_direct_messages_is_no_answer(hall: Hall, alice: Person) -> None:
    """There everything was read when it was written, or is older than the interview."""
    dm = alice.dm()
    before = await alice.says(dm, "Something of long ago")
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    await alice.edits(before, "Something of long ago, corrected")
    await hall.settled()

    assert await said(hall) == []


async def test_a_form_that_comes_too_late_is_given_back(
    hall: Hall, alice: Person, thread: Channel
) -> None:
    """The interview is over; what was typed is not lost with the form."""
    form = await alice.presses(thread, "Answer")
    await alice.presses(thread, "End")
    await alice.presses(thread, "End it")
    await alice.sees(thread, "Practice feedback", within=60)
    call = await alice.fills(form, {"Your answer": "We route *risky* orders to people. " * 100})
    given_back = (await call.finished()).text

    assert "That interview is over" in given_back
    assert "We route" in given_back
    assert len(call.message.content) <= 2_000


async def test_whoever_asks_while_it_stops_is_told(
    hall: Hall, alice: Person, thread: Channel
) -> None:
    """A form that was sent in at the last moment is answered, with what was typed."""
    form = await alice.presses(thread, "Answer")
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    room._stopping = True
    call = await alice.fills(form, {"Your answer": FIRST})
    shown = await call.finished()

    assert NOT_NOW in shown.text
    assert FIRST.rstrip("?") in shown.text


async def test_last_words_are_said_before_the_line_is_closed(
    hall: Hall, alice: Person, thread: Channel
) -> None:
    """What waits in the queue when the bot is stopped is refused where it was asked for."""
    path = f"/channels/{thread.id}/messages"
    hall.stub.slow("POST", path, 3)
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    busy = room.do(EventKind.HINT, "i1")
    await alice.presses(thread, "Let me think")
    await hall.stop()
    await busy
    await hall.start()

    assert NOT_NOW in alice.screen(thread)
