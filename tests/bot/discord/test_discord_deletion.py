"""`/scorecard delete`: asks, deletes at once, and says what stays."""

import pytest
from card_owner import drilled, owner
from conftest import Hall
from study_circle import forge

from bot.discord.scorecards.own import own_interviews
from storage.places import all_posts
from storage.scorecards import interview_dates
from storage.tables import METADATA
from tests.discord_stub.channels import Channel
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person

WORDS = "How many conversations a day do we expect?"


async def ask(person: Person, place: Channel, interview: str) -> Message:
    """The question whether it should be deleted."""
    call = await person.runs(place, "/scorecard delete", interview=interview)
    assert call.ephemeral
    return await call.finished()


async def begun(hall: Hall, person: Person, place: Channel) -> str:
    """An interview that is going on, with an answer in it; returns its id."""
    await (await person.runs(place, "/interview start")).finished()
    room = hall.bot.house.room_of(owner(person))
    assert room is not None
    home = hall.stub.world.channels[int(room.place.channel)]
    await person.says(home, WORDS, reply_to=person.messages(home)[-1])
    await person.sees(home, "30,000")
    await hall.settled()
    return room.place.interview_id


async def mentions(hall: Hall, interview_id: str) -> list[str]:
    """The tables that still hold the id or the words."""

    def search(connection) -> list[str]:
        return [
            table.name
            for table in METADATA.sorted_tables
            for row in connection.execute(table.select())
            if interview_id in str(row) or WORDS in str(row)
        ]

    return await hall.bot.app.database.run(search)


async def test_it_asks_first(hall: Hall, alice: Person) -> None:
    """What goes and what stays is said, and nothing goes if it is to be kept."""
    await drilled(hall, alice, "drilled2")

    question = await ask(alice, alice.dm(), "drilled2")
    assert "Only you can delete that" in question.text

    kept = await alice.presses(question, "Keep it")

    assert (await kept.finished()).text.count("Nothing was deleted") == 1
    assert len(await own_interviews(hall.bot.app, owner(alice))) == 1


async def test_deleted_rows_are_gone_at_once(hall: Hall, alice: Person) -> None:
    """From every table; other interviews stay, and the buttons work no more."""
    await drilled(hall, alice, "drilled2")
    await drilled(hall, alice, "another2", days=1)
    question = await ask(alice, alice.dm(), "drilled2")

    await alice.presses(question, "Delete")

    done = await alice.sees(alice.dm(), "Deleted:")
    assert "stays with Discord" in done.text
    assert await mentions(hall, "drilled2") == []
    left = await interview_dates(hall.bot.app.database, owner(alice))
    assert [one.interview_id for one in left] == ["another2"]
    again = await forge(alice, question, "hs:delete_sure:drilled2")
    assert "not an interview of yours" in (await again.finished()).text


async def test_a_live_interview_stops(hall: Hall, alice: Person) -> None:
    """Its room is closed, its buttons are gone, and a new one can begin."""
    dm = alice.dm()
    interview = await begun(hall, alice, dm)
    question = await ask(alice, dm, interview)

    await alice.presses(question, "Delete")

    await alice.sees(dm, "Deleted:")
    assert hall.bot.house.room(interview) is None
    assert await mentions(hall, interview) == []
    assert "[Hint]" not in alice.screen(dm)
    await (await alice.runs(dm, "/interview start")).finished()
    await alice.sees(dm, "Listening")


@pytest.mark.parametrize("on_server", [False, True])
async def test_our_messages_go_along_if_wished(hall: Hall, alice: Person, on_server: bool) -> None:
    """Each of ours about the interview is deleted; what the person wrote stays."""
    place = alice.dm()
    if on_server:
        place = hall.stub.add_guild("Study", members=[alice]).text_channel("general")
    interview = await begun(hall, alice, place)
    home = await alice.sees_thread() if on_server else place
    question = await ask(alice, home, interview)
    assert "I can also delete my own messages there" in question.text

    await alice.presses(question, "Delete, and my messages")
    await alice.no_longer_sees(home, "30,000")
    await hall.settled()

    shown = alice.screen(home)
    assert WORDS in shown
    assert "design" not in shown.split("Deleted:")[0].lower()


async def test_messages_that_are_gone_already_are_no_trouble(hall: Hall, alice: Person) -> None:
    """One that Discord does not delete keeps none of the others."""
    dm = alice.dm()
    interview = await begun(hall, alice, dm)
    question = await ask(alice, dm, interview)
    posted = set(map(int, await all_posts(hall.bot.app.database, interview)))
    hall.stub.fail("DELETE", "/channels/*/messages/*", status=403, times=1)

    await alice.presses(question, "Delete, and my messages")
    await alice.sees(dm, "Deleted:")
    await hall.settled()

    left = [message for message in alice.messages(dm) if message.id in posted]
    assert len(left) == 1 < len(posted)


async def test_a_stranger_deletes_nothing(hall: Hall, alice: Person) -> None:
    """Neither by name nor by a button that was made for its owner."""
    mallory = hall.stub.add_user("mallory", installed=True)
    await drilled(hall, alice, "drilled2")
    refused = await ask(mallory, mallory.dm(), "drilled2")
    assert "not an interview of yours" in refused.text

    for argument in ("", ":messages"):
        forged = await forge(mallory, refused, f"hs:delete_sure:drilled2{argument}")
        assert "not an interview of yours" in (await forged.finished()).text

    assert len(await own_interviews(hall.bot.app, owner(alice))) == 1
