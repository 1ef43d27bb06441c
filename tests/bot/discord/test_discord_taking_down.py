"""Shared cards that Discord does not let us take down: said, remembered, and tried again."""

from collections.abc import AsyncIterator

import pytest
from conftest import Hall
from study_circle import Circle, open_circle, shared_card, unshare

from bot.discord.groups.postings import take_down_leftovers
from storage.leftovers import load_leftovers
from storage.shares import shares_of_interview
from tests.discord_stub import Person

LEFT = "could not remove everything"


@pytest.fixture(autouse=True)
async def refused(hall: Hall) -> AsyncIterator[None]:
    """To try where one is shut out breaks rules of the stub, and is meant here; nothing else is."""
    yield
    broken = hall.stub.take_violations()
    assert [one for one in broken if "without access" not in one] == []


async def shut_out(hall: Hall) -> tuple[Circle, Person, str]:
    """A shared card in a channel that the bot no longer sees."""
    circle = await open_circle(hall, "alice", "bob")
    alice = circle.people[0]
    alice.installs()
    interview = await shared_card(circle, alice)
    circle.channel.deny_bot("view_channel")
    return circle, alice, interview


async def test_unshare_says_what_it_could_not_remove(hall: Hall) -> None:
    """The rows go at once; the message that stays is named, and no lie is told about it."""
    circle, alice, interview = await shut_out(hall)

    call = await unshare(alice.dm(), alice, interview)
    said = (await call.finished()).text

    assert LEFT in said
    assert f"<#{circle.channel.id}>" in said
    assert "gone" not in said
    assert await shares_of_interview(circle.app.database, interview) == ()
    (left,) = await load_leftovers(circle.app.database)
    assert left.channel == str(circle.channel.id)


async def test_what_was_left_is_removed_at_the_next_start_that_may(hall: Hall) -> None:
    """It is remembered over restarts until message and thread are gone, then forgotten."""
    circle, alice, interview = await shut_out(hall)
    call = await unshare(alice.dm(), alice, interview)
    await call.finished()

    await take_down_leftovers(hall.bot)
    assert len(await load_leftovers(circle.app.database)) == 1

    circle.channel.allow_bot("view_channel", "manage_threads")
    circle.guild.allow_bot("manage_threads")
    await hall.restart()
    await take_down_leftovers(hall.bot)

    assert await load_leftovers(circle.app.database) == ()
    assert not [one for one in circle.guild.channels.values() if one.is_thread]
    assert not [one for one in circle.channel.messages.values() if not one.only_for]


@pytest.mark.parametrize(
    ("line", "options", "button"),
    [
        ("/scorecard delete", {"interview": ""}, "Delete"),
        ("/privacy delete", {}, "Delete everything"),
    ],
)
async def test_deleting_says_what_is_left_of_shared_cards(
    hall: Hall, line: str, options: dict[str, str], button: str
) -> None:
    """Whoever deletes an interview, or everything, learns what Discord still shows."""
    circle, alice, interview = await shut_out(hall)
    given = dict.fromkeys(options, interview)

    question = await (await alice.runs(alice.dm(), line, **given)).finished()
    await alice.presses(question, button)
    await alice.sees(alice.dm(), LEFT)

    assert await shares_of_interview(circle.app.database, interview) == ()
    assert len(await load_leftovers(circle.app.database)) == 1


async def test_closing_a_group_says_what_is_left(hall: Hall) -> None:
    """The group goes, and its owner is told which message stays."""
    circle, alice, _ = await shut_out(hall)
    general = circle.guild.text_channel("general")

    question = await alice.runs(general, "/group delete")
    await alice.presses(question.message, "Close the group")
    said = await alice.sees(general, "is closed")

    assert LEFT in said.text
    assert f"<#{circle.channel.id}>" in said.text


async def test_a_refusal_of_discord_keeps_no_words(hall: Hall) -> None:
    """Whatever Discord answers is no reason to keep the rows: the messages are tried again."""
    circle = await open_circle(hall, "alice")
    circle.guild.allow_bot("manage_threads")
    alice = circle.people[0]
    interview = await shared_card(circle, alice)
    hall.stub.fail("DELETE", "/channels/**", status=400, times=9)

    call = await unshare(circle.channel, alice, interview)

    assert LEFT in (await call.finished()).text
    assert await shares_of_interview(circle.app.database, interview) == ()
