"""What goes wrong on the way, one thing at a time; `test_discord_chaos.py` does all at once."""

import asyncio

import pytest
from conftest import Hall
from test_discord_interview import QUESTION, begin, said
from test_discord_restart import FIRST, SECOND, started

from bot.discord.interviews.happenings import Did, Item, Said, join_followers
from bot.discord.interviews.room import Room
from interviewer.session import InterviewOverError
from interviewer.state import EventKind
from tests.discord_stub.channels import Channel
from tests.discord_stub.person import Person

DRILL = "Define a token"


def room_of(hall: Hall, person: Person) -> Room:
    room = hall.bot.house.room_of(f"discord:{person.id}")
    assert room is not None
    return room


def shown(person: Person, place: Channel, text: str) -> int:
    """How many messages of the bot show it."""
    own = person.user
    return sum(text in one.text for one in person.messages(place) if one.author is not own)


async def ends(person: Person, place: Channel) -> None:
    """End it and see the card."""
    newest = person.messages(place)[-1]
    asked = await person.presses(place, "End")
    await person.presses(asked.message, "End it")
    await person.sees(place, "Practice feedback", after=newest, within=60)


async def test_a_message_that_a_later_one_overtook_is_not_lost(hall: Hall, alice: Person) -> None:
    """The first is lost with the session, the second comes with the next: both count, in order."""
    dm = await started(alice)
    hall.stub.drop_gateway(resumable=False)
    await alice.says(dm, FIRST)
    await hall.bot.wait_for("connect", timeout=60)
    await alice.says(dm, SECOND)
    await alice.sees(dm, "30,000 conversations", within=60)
    await hall.settled()

    # Both may be read together, and are one answer then.
    assert "\\n".join(await said(hall)) == f"{FIRST}\\n{SECOND}"


async def test_what_was_overtaken_before_a_stop_is_read_after_it(hall: Hall, alice: Person) -> None:
    """That a later message became an event does not say that an earlier one did."""
    dm = await started(alice)
    hall.stub.reorder_events(2)
    first = await alice.says(dm, FIRST)
    room_of(hall, alice).hear(first.id, "")
    await alice.says(dm, SECOND)
    await hall.settled()
    assert await said(hall) == [SECOND]
    await hall.restart()
    await alice.sees(dm, "30,000 conversations", within=60)

    assert await said(hall) == [SECOND, FIRST]


async def test_nothing_written_before_an_end_is_lost(hall: Hall, alice: Person) -> None:
    """Whoever ends it has been heard out, even where a message did not arrive."""
    dm = await started(alice)
    hall.stub.reorder_events(2)
    first = await alice.says(dm, FIRST)
    room_of(hall, alice).hear(first.id, "")
    await ends(alice, dm)

    assert await said(hall) == [FIRST]


async def test_the_same_sentence_of_an_earlier_interview_is_no_proof(
    hall: Hall, alice: Person
) -> None:
    """A question that failed is posted, though it stands in the channel from before."""
    dm = alice.dm()
    await begin(alice, dm, "/drill", question="what-is-a-token")
    await ends(alice, dm)
    hall.stub.fail("POST", f"/channels/{dm.id}/messages", status=503)
    newest = alice.messages(dm)[-1]
    await begin(alice, dm, "/drill", question="what-is-a-token")
    await alice.sees(dm, DRILL, after=newest)
    await ends(alice, dm)


async def test_two_starts_at_once_are_one_interview(hall: Hall, alice: Person) -> None:
    """A command that is sent twice in a hurry does not open a second interview."""
    dm = alice.dm()
    calls = await asyncio.gather(*(alice.runs(dm, "/drill") for _ in range(2)))
    texts = [(await call.finished()).text for call in calls]

    assert len(hall.bot.house) == 1
    assert sum("You have an interview going on" in text for text in texts) == 1


async def test_rooms_are_opened_once(hall: Hall, alice: Person) -> None:
    """Two sessions that begin at the same time do not let two rooms speak for one interview."""
    dm = await started(alice)
    await hall.bot.house.drop(room_of(hall, alice).place.interview_id)
    await asyncio.gather(*(hall.bot.house.take_up() for _ in range(3)))
    await alice.sees(dm, "We go on here")
    await hall.settled()

    assert shown(alice, dm, "We go on here") == 1


async def test_whoever_waits_when_the_interview_ends_is_told(hall: Hall, alice: Person) -> None:
    """A request behind the end in the queue is refused instead of waiting for ever."""
    await started(alice)
    room = room_of(hall, alice)
    end, hint = room.do(EventKind.END, "i1"), room.do(EventKind.HINT, "i2")
    await end
    with pytest.raises(InterviewOverError):
        await asyncio.wait_for(hint, 10)


async def test_a_limit_that_outlasts_the_library_is_waited_out(hall: Hall, alice: Person) -> None:
    """Five refusals in a row are no fault: the answer comes when Discord takes it."""
    dm = await started(alice)
    path = f"/channels/{dm.id}/messages"
    hall.stub.rate_limit("POST", path, retry_after=0.01, times=6)
    await alice.says(dm, FIRST)
    await alice.sees(dm, "30,000 conversations", within=60)

    assert shown(alice, dm, "Something went wrong") == 0


async def test_a_card_that_could_not_be_drawn_is_drawn_later(hall: Hall, alice: Person) -> None:
    """No button of an interview outlives it because one edit failed."""
    dm = await started(alice)
    hall.stub.fail("PATCH", f"/channels/{dm.id}/messages/*", status=503)
    await ends(alice, dm)
    await hall.settled()

    assert "[Hint]" not in alice.screen(dm)


async def test_a_deleted_status_card_does_not_cost_the_scorecard(hall: Hall) -> None:
    """A moderator may tidy up: the round goes on and ends in a card."""
    alice, mod = hall.stub.add_user("alice"), hall.stub.add_user("mod")
    guild = hall.stub.add_guild("Study", members=[alice], owner=mod)
    call = await begin(alice, guild.text_channel("general"))
    thread = await alice.sees_thread()
    question = await alice.sees(thread, QUESTION)
    await mod.deletes(question)
    end = await alice.runs(thread, "/interview end")
    await alice.presses(await end.finished(), "End it")
    await alice.sees(thread, "Practice feedback", within=60)

    assert call.ephemeral


async def test_in_a_new_place_it_speaks_in_the_new_place(hall: Hall, alice: Person) -> None:
    """Also while something still holds on to the room of the old one."""
    guild = hall.stub.add_guild("Study", members=[alice])
    channel = guild.text_channel("general")
    await begin(alice, channel)
    thread = await alice.sees_thread()
    await alice.sees(thread, QUESTION)
    old = room_of(hall, alice)
    thread.delete()
    await hall.bot.house.drop(old.place.interview_id)
    again = await alice.runs(channel, "/interview resume")
    await again.finished()
    other = await alice.sees_thread()
    await alice.sees(other, "Listening")
    await alice.presses(other, "Hint")
    await alice.sees(other, "A hint")

    assert other is not thread


def test_what_was_taken_already_is_not_joined() -> None:
    """An answer is refused whole, so a known message in it would take the others with it."""
    queue: asyncio.Queue[Item] = asyncio.Queue()
    for number in (2, 3, 4):
        queue.put_nowait(Said((number,), f"the answer number {number}"))

    joined = join_followers(queue, Said((1,), "the answer number 1"), taken={3})

    assert joined == Said((1, 2), "the answer number 1\nthe answer number 2")
    assert [queue.get_nowait(), queue.get_nowait()] == [
        Said((3,), "the answer number 3"),
        Said((4,), "the answer number 4"),
    ]


async def test_a_request_between_answers_parts_them() -> None:
    """The order of what was done and written is kept."""
    queue: asyncio.Queue[Item] = asyncio.Queue()
    did = Did(EventKind.HINT, "i9", "", None, asyncio.get_running_loop().create_future())
    later = Said((2,), "the answer number 2")
    queue.put_nowait(did)
    queue.put_nowait(later)
    first = Said((1,), "the answer number 1")

    assert join_followers(queue, first, taken=()) == first
    assert [queue.get_nowait(), queue.get_nowait()] == [did, later]


async def test_a_greeting_that_was_lost_is_no_fault(
    hall: Hall, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken line is noted in a line, and is nothing to look for in the program."""
    dm = alice.dm()
    hall.stub.answered_but_lost("POST", f"/channels/{dm.id}/messages")
    await alice.says(dm, "hello")
    await alice.sees(dm, "There is no interview going on here")
    await hall.settled()

    assert "a message was not done: ServerDisconnectedError" in caplog.text
    assert "fault" not in caplog.text


async def test_a_press_whose_answer_is_lost_is_explained(
    hall: Hall, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """What was asked for happened; the answer may have arrived or not, and nothing is a fault."""
    dm = await started(alice)
    hall.stub.answered_but_lost("POST", "/interactions/**")
    await alice.presses(dm, "Let me think")
    await hall.settled()
    refused = hall.stub.take_violations()

    assert all("answered twice" in one for one in refused)
    assert "fault" not in caplog.text
