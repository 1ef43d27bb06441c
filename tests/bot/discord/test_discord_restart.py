"""Nothing is lost and nothing comes twice, whatever stops or hurts the bot on the way."""

import pytest
from conftest import Hall
from sqlalchemy import func, select
from test_discord_interview import QUESTION, begin, said

from storage.tables import INBOX, OUTBOX
from tests.discord_stub.channels import Channel
from tests.discord_stub.person import Person

FIRST = "How many conversations a day do we expect?"
SECOND = "What may the agent do with an order without a person?"


async def started(person: Person) -> Channel:
    """A round in direct messages, with its first question."""
    dm = person.dm()
    await begin(person, dm)
    await person.sees(dm, QUESTION)
    return dm


def posts(person: Person, place: Channel, text: str) -> int:
    """How often the bot said it."""
    return sum(
        text in message.text
        for message in person.messages(place)
        if message.author is not person.user
    )


async def test_what_was_written_while_it_was_down_is_answered(hall: Hall, alice: Person) -> None:
    """The channel is read at the start; the clock stood still; the candidate is told."""
    dm = await started(alice)
    await hall.stop()
    await alice.says(dm, FIRST)
    await hall.start()
    await alice.sees(dm, "30,000 conversations")

    assert await said(hall) == [FIRST]
    assert posts(alice, dm, QUESTION) == 2
    assert posts(alice, dm, "The clock stood still meanwhile. We were at:") == 1


async def test_buttons_of_before_the_restart_work(hall: Hall, alice: Person) -> None:
    """What a button does stands in its id, nothing is remembered about the message."""
    dm = await started(alice)
    await hall.restart()
    await alice.presses(dm, "Let me think")
    await alice.sees(dm, "Thinking")
    await alice.presses(dm, "Next stage")
    await alice.sees(dm, "Let's move on")
    assert alice.screen(dm).count("[Hint]") == 1


async def test_a_form_opened_before_the_restart_counts(hall: Hall, alice: Person) -> None:
    """The answer that somebody was typing into it is not lost."""
    guild = hall.stub.add_guild("Study", members=[alice])
    await begin(alice, guild.text_channel("general"))
    thread = await alice.sees_thread()
    await alice.sees(thread, QUESTION)
    form = await alice.presses(thread, "Answer")
    await hall.restart()
    await alice.fills(form, {"Your answer": FIRST})
    await alice.sees(thread, "30,000 conversations")

    assert await said(hall) == [FIRST]


async def test_a_thread_that_is_gone_is_replaced(hall: Hall, alice: Person) -> None:
    """The interview waits; resuming opens another place, and the question stands there again."""
    guild = hall.stub.add_guild("Study", members=[alice])
    channel = guild.text_channel("general")
    await begin(alice, channel)
    thread = await alice.sees_thread()
    question = await alice.sees(thread, QUESTION)
    await alice.says(thread, FIRST, reply_to=question)
    await alice.sees(thread, "30,000 conversations")
    await hall.settled()
    thread.delete()
    call = await alice.runs(channel, "/interview status")
    assert "/interview resume" in (await call.finished()).text
    again = await alice.runs(channel, "/interview resume")
    await again.finished()
    other = await alice.sees_thread()
    assert other is not thread
    await alice.sees(other, "Listening")
    form = await alice.presses(other, "Answer")
    await alice.fills(form, {"Your answer": SECOND})
    await alice.sees(other, "look up an order")
    await hall.settled()

    assert await said(hall) == [FIRST, SECOND]


async def test_a_lost_answer_to_a_post_is_not_posted_again(hall: Hall, alice: Person) -> None:
    """Discord carried it out and the line broke: the same nonce finds the same message."""
    dm = await started(alice)
    hall.stub.answered_but_lost("POST", f"/channels/{dm.id}/messages")
    await alice.says(dm, FIRST)
    await alice.sees(dm, "30,000 conversations")
    await hall.settled()

    assert posts(alice, dm, "30,000 conversations") == 1


async def test_discord_in_trouble_for_a_while(hall: Hall, alice: Person) -> None:
    """More failures than the library tries again: the turn is answered once they are over."""
    dm = await started(alice)
    hall.stub.fail("POST", f"/channels/{dm.id}/messages", status=503, times=6)
    await alice.says(dm, FIRST)
    await alice.sees(dm, "30,000 conversations", within=60)
    asked = await alice.says(dm, SECOND)
    await alice.sees(dm, ".", after=asked)
    await hall.settled()

    assert await said(hall) == [FIRST, SECOND]
    assert posts(alice, dm, "30,000 conversations") == 1


async def test_rate_limits_are_waited_for(hall: Hall, alice: Person) -> None:
    """A 429 delays the reply, nothing more."""
    dm = await started(alice)
    hall.stub.rate_limit("POST", f"/channels/{dm.id}/messages", retry_after=0.05, times=2)
    await alice.says(dm, FIRST)
    await alice.sees(dm, "30,000 conversations")

    assert await said(hall) == [FIRST]


@pytest.mark.parametrize("trouble", ["drop", "reconnect", "resumable", "invalid"])
async def test_messages_around_a_broken_gateway(hall: Hall, alice: Person, trouble: str) -> None:
    """A session that is resumed replays them; after a new one the channel is read."""
    dm = await started(alice)
    match trouble:
        case "drop":
            hall.stub.drop_gateway(resumable=False)
        case "reconnect":
            hall.stub.order_reconnect()
        case "resumable":
            hall.stub.drop_gateway()
        case "invalid":
            hall.stub.invalidate_session(resumable=False)
    await alice.says(dm, FIRST)
    await alice.sees(dm, "30,000 conversations", within=30)
    asked = await alice.says(dm, SECOND)
    await alice.sees(dm, ".", after=asked, within=30)
    await hall.settled()

    assert await said(hall) == [FIRST, SECOND]
    assert posts(alice, dm, "30,000 conversations") == 1


async def test_duplicated_events_count_once(hall: Hall, alice: Person) -> None:
    """The same message and the same press, delivered twice."""
    dm = await started(alice)
    hall.stub.duplicate_events(6)
    await alice.says(dm, FIRST)
    await alice.sees(dm, "30,000 conversations")
    await alice.presses(dm, "Hint")
    await hall.settled()

    assert await said(hall) == [FIRST]
    assert posts(alice, dm, "A hint") == 1


async def test_the_card_comes_after_a_stop_in_between(hall: Hall, alice: Person) -> None:
    """An interview that ended while posting failed still ends in one card."""
    dm = await started(alice)
    hall.stub.fail("POST", f"/channels/{dm.id}/messages", status=500, times=5)
    await alice.presses(dm, "End")
    await alice.presses(dm, "End it")
    await hall.stop()
    await hall.start()
    await alice.sees(dm, "Scorecard:", within=30)
    await hall.restart()
    await hall.settled()

    assert posts(alice, dm, "Scorecard:") == 1


async def test_every_utterance_is_closed_as_shown(hall: Hall, alice: Person) -> None:
    """The outbox says what really stands in the channel."""
    dm = await started(alice)
    await alice.says(dm, FIRST)
    await alice.sees(dm, "30,000 conversations")
    await hall.settled()
    open_ones = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.closed.is_(False))

    assert await hall.bot.app.database.run(lambda c: c.execute(open_ones).scalar_one()) == 0


async def test_an_interview_that_moved_speaks_where_it_is(hall: Hall, alice: Person) -> None:
    """The session of an interview is one, whatever held on to the place that it left."""
    guild = hall.stub.add_guild("Study", members=[alice])
    channel = guild.text_channel("general")
    await begin(alice, channel)
    thread = await alice.sees_thread()
    await alice.sees(thread, QUESTION)
    left = hall.bot.house.room_of(f"discord:{alice.id}")
    thread.delete()
    await (await alice.runs(channel, "/interview resume")).finished()
    other = await alice.sees_thread()
    await alice.sees(other, "Listening")
    form = await alice.presses(other, "Answer")
    await alice.fills(form, {"Your answer": FIRST})
    await alice.sees(other, "30,000 conversations")

    assert hall.bot.house.room_of(f"discord:{alice.id}") is not left


async def test_lines_written_while_it_was_down_are_one_answer(hall: Hall, alice: Person) -> None:
    """Nobody is asked three questions for one answer in three lines; a short line is a request."""
    dm = await started(alice)
    await hall.settled()
    await hall.stop()
    lines = ["The agent may look up an order", "it may change an address", "it may not pay money"]
    for line in [*lines, "hint", *lines]:
        await alice.says(dm, line)
    await hall.start()
    await alice.sees(dm, "A hint", within=60)
    await hall.settled()

    answer = "\\n".join(lines)
    assert await said(hall) == [answer, "hint", answer]


async def test_a_pause_ends_once(hall: Hall, alice: Person) -> None:
    """However much was written into it while the bot was down."""
    dm = await started(alice)
    await alice.presses(dm, "Pause")
    await alice.sees(dm, "Paused")
    await hall.settled()
    await hall.stop()
    for line in (FIRST, "hint", SECOND):
        await alice.says(dm, line)
    await hall.start()
    await alice.sees(dm, "A hint", within=60)
    await hall.settled()
    kinds = select(INBOX.c.kind).order_by(INBOX.c.seq)
    happened = await hall.bot.app.database.run(lambda c: c.execute(kinds).scalars().all())

    assert happened.count("resumed") == 1
    assert happened.index("resumed") < happened.index("said")
