"""Interviews that wait: opened twice, resumed in a hurry, closed places and lost content."""

import asyncio

import pytest
from conftest import Hall, _library, settings_for
from sqlalchemy import select
from test_discord_interview import QUESTION, begin, said

from bot.discord.serve import open_bot
from storage.tables import INTERVIEWS, PLACES
from tests.discord_stub.channels import Channel
from tests.discord_stub.person import Person

FIRST = "How many conversations a day do we expect?"
GONE = "its content is no longer there"


@pytest.fixture
async def general(hall: Hall, alice: Person) -> Channel:
    """A channel of a server where she is."""
    return hall.stub.add_guild("Study", members=[alice]).text_channel("general")


def threads(hall: Hall) -> list[Channel]:
    return [one for one in hall.stub.world.channels.values() if one.is_thread]


async def lose_content(hall: Hall) -> None:
    """The packs change while the bot is down."""

    def change(connection) -> None:
        settings = connection.execute(select(INTERVIEWS.c.settings)).scalar_one()
        lost = settings.replace("support-agent-limited-actions", "a-scenario-that-is-gone")
        assert lost != settings
        connection.execute(INTERVIEWS.update().values(settings=lost))

    await hall.settled()
    await hall.bot.app.database.run(change)
    await hall.restart()


async def test_resuming_during_the_start_moves_nothing(
    hall: Hall, alice: Person, general: Channel
) -> None:
    """The rooms of before are opened first; what was written meanwhile is read."""
    await begin(alice, general)
    thread = await alice.sees_thread()
    question = await alice.sees(thread, QUESTION)
    await hall.settled()
    await hall.stop()
    await alice.says(thread, FIRST, reply_to=question)
    async with open_bot(settings_for(hall.stub, hall.home), _library()) as bot:
        running = asyncio.create_task(bot.start(hall.stub.token))
        await hall.stub.connected(20)
        call = await alice.runs(thread, "/interview resume")
        answer = await call.finished()
        await alice.sees(thread, "30,000 conversations")
        await bot.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await hall.start()

    assert f"Go on in <#{thread.id}>." in answer.text
    assert threads(hall) == [thread]
    assert await said(hall) == [FIRST]


async def test_an_interview_goes_on_where_it_is_if_it_can(
    hall: Hall, alice: Person, general: Channel
) -> None:
    """A new place is opened only where the old one is closed to us."""
    await begin(alice, general)
    thread = await alice.sees_thread()
    await alice.sees(thread, QUESTION)
    room = hall.bot.house.room_of(f"discord:{alice.id}")
    await hall.bot.house.drop(room.place.interview_id)
    call = await alice.runs(alice.dm(), "/interview resume")
    shown = await call.finished()
    await alice.sees(thread, "We go on here")

    assert f"<#{thread.id}>" in shown.text
    assert threads(hall) == [thread]


async def test_two_starts_at_once_open_one_thread(
    hall: Hall, alice: Person, general: Channel
) -> None:
    """The second is refused before a thread is created for it."""
    calls = await asyncio.gather(
        alice.runs(general, "/interview start"), alice.runs(general, "/loop")
    )
    texts = [(await call.finished()).text for call in calls]

    assert len(threads(hall)) == 1
    assert sum("You have an interview going on" in text for text in texts) == 1


async def test_a_thread_in_which_nothing_began_is_archived(
    hall: Hall, alice: Person, general: Channel
) -> None:
    """No empty thread stays in sight where the interview could not be stored."""
    await hall.bot.app.database.run(
        lambda c: c.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON places BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    )
    call = await alice.runs(general, "/interview start")
    await call.finished()
    await hall.bot.app.database.run(lambda c: c.exec_driver_sql("DROP TRIGGER full"))
    (thread,) = threads(hall)

    assert thread.archived
    assert len(hall.bot.house) == 0


async def test_an_interview_and_its_place_are_stored_together(
    hall: Hall, alice: Person, general: Channel
) -> None:
    """None is left behind that has no place, which nobody could resume."""
    await hall.bot.app.database.run(
        lambda c: c.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON places BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    )
    await (await alice.runs(alice.dm(), "/interview start")).finished()
    await hall.bot.app.database.run(lambda c: c.exec_driver_sql("DROP TRIGGER full"))
    rows = await hall.bot.app.database.run(
        lambda c: (c.execute(select(INTERVIEWS)).all(), c.execute(select(PLACES)).all())
    )

    assert rows == ([], [])


async def test_lost_content_is_told_once(hall: Hall, alice: Person) -> None:
    """Where the interview was held, also after several starts."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    await lose_content(hall)
    await alice.sees(dm, GONE)
    await hall.restart()
    await hall.settled()

    assert alice.screen(dm).count(GONE) == 1


@pytest.mark.parametrize("command", ["start", "resume", "end", "status", "hint"])
async def test_lost_content_locks_nobody_out(hall: Hall, alice: Person, command: str) -> None:
    """Every command says the truth and offers to delete, and then another can begin."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    await lose_content(hall)
    call = await alice.runs(dm, f"/interview {command}")
    shown = await call.finished()
    assert GONE in shown.text
    assert "nothing can be graded" in shown.text
    asked = await alice.presses(shown, "Delete it …")
    await alice.presses(await asked.finished(), "Delete")
    await alice.sees(dm, "Deleted:")
    await begin(alice, dm, "/drill", question="what-is-a-token")
    await alice.sees(dm, "Define a token")


async def test_whoever_writes_into_a_lost_interview_is_told(hall: Hall, alice: Person) -> None:
    """Instead of hearing that there is none; and can save what was said before."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    await lose_content(hall)
    wrote = await alice.says(dm, FIRST)
    shown = await alice.sees(dm, GONE, after=wrote)
    call = await alice.presses(shown, "Save what I said")
    saved = await call.finished()

    assert saved.attachments


async def test_a_stranger_cannot_discard_a_lost_interview(hall: Hall, alice: Person) -> None:
    """The button names an interview; whoever presses it must own it."""
    mallory = hall.stub.add_user("mallory")
    guild = hall.stub.add_guild("Study", members=[alice, mallory])
    await begin(alice, guild.text_channel("general"))
    thread = await alice.sees_thread()
    await alice.sees(thread, QUESTION)
    await lose_content(hall)
    shown = await alice.sees(thread, GONE)
    thread.add_thread_member(mallory.id)
    call = await mallory.presses(shown, "Delete it …")

    assert "not an interview of yours" in (await call.finished()).text
