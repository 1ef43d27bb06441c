"""`/progress`: ratings drawn and in words, what is due, and straight into a round on it."""

import sys

import pytest
from card_owner import AGENTS, TOKENS, drilled, owner
from conftest import Hall
from study_circle import forge

from bot.discord.views.practice import PICTURE
from storage.scorecards import interview_dates
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person

DRAWN_S = 60.0
"""The library that draws takes a while to load for the first time."""


async def progress(person: Person, **options: object) -> Message:
    """The finished answer to `/progress` in direct messages."""
    call = await person.runs(person.dm(), "/progress", **options)
    assert call.ephemeral
    return await call.finished(DRAWN_S)


async def settings_of(hall: Hall, person: Person):
    """The settings of the person's latest interview."""
    latest, *_ = await interview_dates(hall.bot.app.database, owner(person))
    return (await hall.bot.app.services.store.interview(latest.interview_id)).settings


async def test_no_card_yet(hall: Hall, alice: Person) -> None:
    """It says where progress comes from and how to begin."""
    await drilled(hall, alice, "open2345", answers=(), over=False)

    said = (await progress(alice)).text

    assert "no scorecard yet" in said
    assert "/drill" in said


async def test_ratings_and_what_is_due(hall: Hall, alice: Person) -> None:
    """The picture with the same in words beside it, and the concepts with a question each."""
    await drilled(hall, alice, "first234")
    await drilled(hall, alice, "second23", questions=(TOKENS, AGENTS), days=3)

    message = await progress(alice)

    assert alice.downloads(message, PICTURE).startswith(b"\x89PNG")
    assert "Ratings over time: 2 interviews" in message.text
    assert "Fundamentals (drill, mid): 2, 2 – within the noise band" in message.text
    assert "### Due now (12)" in message.text
    assert message.text.count("Answer aloud:") == 5
    assert "7 more, less urgent" in message.text
    assert "not calibrated" in message.text


async def test_practise_this_now(hall: Hall, alice: Person) -> None:
    """A concept that is picked begins a drill on its question, right there."""
    await drilled(hall, alice, "second23", questions=(TOKENS, AGENTS))
    message = await progress(alice)

    await alice.picks(message, "Practise this now …", [AGENTS])
    await alice.sees(alice.dm(), "Listening")

    assert (await settings_of(hall, alice)).rounds[0].items == (AGENTS,)


async def test_a_drill_of_what_is_due(hall: Hall, alice: Person) -> None:
    """One button asks every question that is due, the most urgent first; also after a restart."""
    await drilled(hall, alice, "second23", questions=(TOKENS, AGENTS))
    message = await progress(alice)
    await hall.restart()

    await alice.presses(message, "Drill 2 questions that are due")
    await alice.sees(alice.dm(), "Listening")

    assert set((await settings_of(hall, alice)).rounds[0].items) == {TOKENS, AGENTS}


async def test_everything_that_is_planned(hall: Hall, alice: Person) -> None:
    """With `all` a second message lists every concept, on pages that turn."""
    await drilled(hall, alice, "second23", questions=(TOKENS, AGENTS))
    await progress(alice, all=True)
    listed = await alice.sees(alice.dm(), "What to practise again")
    count = listed.text.count("Answer aloud:")
    assert "weight 3 of 3" in listed.text

    turned = await (await alice.presses(listed, "Next")).finished()

    assert count + turned.text.count("Answer aloud:") == 12


async def test_where_the_bot_is_no_member(hall: Hall, alice: Person) -> None:
    """It answers through the interaction, and a drill runs there too."""
    await drilled(hall, alice, "drilled2")
    channel = hall.stub.add_guild("Elsewhere", members=[alice]).without_bot().text_channel("talk")
    call = await alice.runs(channel, "/progress")
    message = await call.finished(DRAWN_S)
    assert alice.downloads(message, PICTURE)

    begun = await alice.picks(message, "Practise this now …", [TOKENS])

    assert "[Answer]" in (await begun.finished()).text


async def test_a_closed_card_is_not_given_away(hall: Hall, alice: Person) -> None:
    """What the candidate still wants to rate blind is in neither picture nor list."""
    await drilled(hall, alice, "closed23", questions=(AGENTS,), days=2, rate_first=True)
    assert "still closed" in (await progress(alice)).text
    await drilled(hall, alice, "first234")

    message = await progress(alice)

    assert "1 interview," in message.text
    assert "gents" not in message.text


async def test_without_the_library_that_draws(
    hall: Hall, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words stay."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    await drilled(hall, alice, "drilled2")

    message = await progress(alice)

    assert "Ratings over time" in message.text
    assert not message.attachments


async def test_a_stranger_sees_their_own_progress_only(hall: Hall, alice: Person) -> None:
    """No control of it names a person, so a forged one shows nothing of anybody else."""
    mallory = hall.stub.add_user("mallory", installed=True)
    await drilled(hall, alice, "drilled2")
    mine = await progress(mallory)
    assert "no scorecard yet" in mine.text

    for custom_id in ("hs:planned::1.1", "hs:planned:drilled2:1.1", "hs:practise_due:"):
        forged = await forge(mallory, mine, custom_id)
        assert "no scorecard yet" in (await forged.finished()).text


async def test_an_item_that_there_is_not_starts_nothing(hall: Hall, alice: Person) -> None:
    """What a menu sends is looked up in the packs."""
    await drilled(hall, alice, "drilled2")
    message = await progress(alice)

    forged = await forge(alice, message, "pickhs:practise:", ("../../etc",))

    assert "went wrong" not in (await forged.finished()).text
    assert len(await interview_dates(hall.bot.app.database, owner(alice))) == 1
