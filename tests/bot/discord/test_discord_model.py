"""Interviews on Discord whose follow-ups and verdicts come from a language model.

Two stand-ins work together: one for Discord, one for the Messages API. No model is behind it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import Hall
from pydantic import SecretStr
from sqlalchemy import select

from bot.reading import READING
from storage.tables import CALLS, INBOX, OUTBOX
from tests.discord_stub import DiscordStub
from tests.discord_stub.channels import Channel
from tests.discord_stub.person import Person
from tests.messages_stub import Fault, MessagesStub, Seen
from tests.messages_stub.plain import plain

QUESTION = "Before you design anything"
ANSWER = "I would keep the whole thing small, with one service that does it all."
ON = "And it would be cheap, which matters most to me here."
NOTE = "A note: the language model "
PATIENT = {"first_text_s": 60.0, "turn_deadline_s": 60.0}


def quoting(seen: Seen) -> Mapping[str, Any]:
    """The first move, behind the first words of the latest answer; the smallest verdicts."""
    given = dict(plain(seen))
    if seen.purpose == "interview" and given["say"]:
        own = " ".join(seen.candidate_texts()[-1].split()[:4])
        given["say"] = f"You said “{own}”. {given['say']}"
    return given


@pytest.fixture
async def server() -> AsyncIterator[MessagesStub]:
    """A local server that speaks the Messages API."""
    async with MessagesStub(quoting) as running:
        yield running


@pytest.fixture
async def house(stub: DiscordStub, server: MessagesStub, tmp_path: Path) -> AsyncIterator[Hall]:
    """A bot on both stand-ins, not started yet."""
    hall = Hall(stub, tmp_path / "bot")
    yield hall
    await hall.stop()


def keyed(server: MessagesStub, **more: object) -> dict[str, object]:
    """Settings that find the server."""
    key = SecretStr(server.key)
    return {"anthropic_api_key": key, "anthropic_base_url": server.url, **PATIENT, **more}


async def begin(person: Person, place: Channel) -> Channel:
    """Start an interview; where it takes place, with the first question asked."""
    call = await person.runs(place, "/interview start")
    await call.finished()
    there = place if place.guild is None else await person.sees_thread("Mock interview")
    await person.sees(there, QUESTION)
    return there


async def answer(person: Person, place: Channel, text: str = ANSWER):
    """Say it, as a reply where nothing else is read."""
    if place.guild is None:
        return await person.says(place, text)
    asked = [m for m in person.messages(place) if m.author is not person.user][-1]
    return await person.says(place, text, reply_to=asked)


async def end(person: Person, place: Channel) -> str:
    """End the interview; what the card says."""
    await person.presses(place, "End")
    await person.presses(place, "End it")
    return (await person.sees(place, "Scorecard: ", within=30.0)).text


async def rows(hall: Hall, statement: Any) -> list[Any]:
    """What is stored."""
    return list(await hall.bot.app.database.run(lambda c: c.execute(statement).all()))


def posted(person: Person, place: Channel, text: str) -> int:
    """How many messages of others begin with the text."""
    messages = [m for m in person.messages(place) if m.author is not person.user]
    return sum(message.text.startswith(text) for message in messages)


async def place_for(stub: DiscordStub, person: Person, where: str) -> Channel:
    """Direct messages, or a text channel of a server."""
    if where == "direct messages":
        return person.dm()
    return stub.add_guild("Study", members=[person]).text_channel("general")


@pytest.mark.parametrize("where", ["direct messages", "a thread"])
async def test_a_round_with_a_model(
    house: Hall, stub: DiscordStub, server: MessagesStub, where: str
) -> None:
    """Each follow-up is the model's, in one message; the card says who judged; it is told once."""
    await house.start(**keyed(server))
    alice = stub.add_user("alice", installed=True)
    there = await begin(alice, await place_for(stub, alice, where))
    for text, opening in ((ANSWER, "I would keep the"), (ON, "And it would be")):
        said = await answer(alice, there, text)
        await alice.sees(there, f"You said “{opening}”", after=said)
        await house.settled()
    card = await end(alice, there)

    assert posted(alice, there, "You said “I would keep the”.") == 1
    assert posted(alice, there, READING) == 1
    assert posted(alice, there, NOTE) == 0
    assert "Scorecard" in card
    assert {call.purpose for call in server.calls} == {"interview", "judge"}
    assert "claude-sonnet-5-5" in alice.screen(there)


async def test_a_dead_model_is_told_once_and_named_on_the_card(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """The round goes on with the packs' questions."""
    server.fail(*[Fault.AUTH_401] * 60)
    await house.start(**keyed(server))
    alice = stub.add_user("alice", installed=True)
    dm = await begin(alice, alice.dm())
    said = await answer(alice, dm)
    first = await alice.sees(dm, NOTE, after=said)
    said = await answer(alice, dm, ON)
    await alice.sees(dm, "?", after=said)
    await house.settled()
    await end(alice, dm)
    shown = alice.screen(dm)

    assert "denied access, so my built-in questions take over" in first.text
    assert posted(alice, dm, NOTE) == 1
    assert "claude-haiku-5-5 denied access; the built-in interviewer asked instead." in shown


async def test_who_goes_on_while_a_question_is_worded_is_answered_once(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """With both messages in mind; nothing that was written is lost."""
    server.fail(Fault.HANG_BEFORE)
    await house.start(**keyed(server))
    alice = stub.add_user("alice", installed=True)
    dm = await begin(alice, alice.dm())
    await answer(alice, dm)
    await server.asked(1, within=20.0)
    said = await answer(alice, dm, ON)
    await alice.sees(dm, "You said “And it would be”", after=said)
    await house.settled()
    heard = [row.event for row in await rows(house, select(INBOX).where(INBOX.c.kind == "said"))]
    answered = await rows(house, select(OUTBOX).order_by(OUTBOX.c.seq))

    assert server.calls[0].left_early
    assert list(server.calls[1].seen.candidate_texts()) == [ANSWER, ON]
    assert [json.loads(event)["text"] for event in heard] == [ANSWER, ON]
    assert [bool(one.text) for one in answered] == [True, False, True]
    assert posted(alice, dm, "You said “") == 1


async def test_a_restart_in_mid_round_asks_what_was_being_asked(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """An answer that was taken and not answered is answered by the model after the restart."""
    await house.start(**keyed(server))
    alice = stub.add_user("alice", installed=True)
    dm = await begin(alice, alice.dm())
    server.fail(Fault.HANG_BEFORE)
    await answer(alice, dm)
    await server.asked(1, within=20.0)
    await house.restart(**keyed(server))
    await alice.sees(dm, "You said “I would keep the”")
    await house.settled()
    said = await answer(alice, dm, ON)
    await alice.sees(dm, "You said “And it would be”", after=said)
    await house.settled()

    assert posted(alice, dm, "You said “I would keep the”.") == 1
    assert posted(alice, dm, NOTE) == 0


async def test_people_of_one_server_share_its_budget(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """Whoever comes when it is used up is told, and goes on with the built-in interviewer."""
    await house.start(**keyed(server, judge_model="none"))
    alice, bob = (stub.add_user(name, installed=True) for name in ("alice", "bob"))
    guild = stub.add_guild("Study", members=[alice, bob])
    hers = await begin(alice, guild.text_channel("general"))
    said = await answer(alice, hers)
    await alice.sees(hers, "You said “I would keep the”", after=said)
    await house.settled()
    ((reserved, cost),) = await rows(house, select(CALLS.c.reserved_usd, CALLS.c.cost_usd))
    limit = reserved + cost / 2  # room for one call, and not for one after it
    await house.restart(**keyed(server, judge_model="none", budget_server_day_usd=limit))
    his = await begin(bob, guild.text_channel("general"))
    said = await answer(bob, his)
    told = await bob.sees(his, NOTE, after=said)
    card = await end(bob, his)
    elsewhere = await begin(bob, bob.dm())
    said = await answer(bob, elsewhere)
    await bob.sees(elsewhere, "You said “I would keep the”", after=said)

    assert "has no budget left" in told.text
    assert "Scorecard" in card
    assert "claude-haiku-5-5 has no budget left" in bob.screen(his)
    assert len(server.calls) == 2


async def test_what_is_sent_holds_nobodys_name_id_or_other_words(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """Two interviews at a time: the requests hold the words of one, and nothing of Discord."""
    await house.start(**keyed(server))
    alice, bob = (stub.add_user(name, installed=True) for name in ("Aliceundra", "Bobrick"))
    guild = stub.add_guild("Studycircle", members=[alice, bob])
    hers = await begin(alice, guild.text_channel("quietroom"))
    his = await begin(bob, bob.dm())
    said = await answer(alice, hers, f"{ANSWER} <@{bob.id}> agrees in <#{hers.id}>, all of it.")
    await alice.sees(hers, "You said", after=said)
    said = await answer(bob, his, ON)
    await bob.sees(his, "You said", after=said)
    await house.settled()
    await end(alice, hers)
    await end(bob, his)
    sent = [
        json.dumps([call.body, dict(call.headers)], ensure_ascii=False) for call in server.calls
    ]
    ids = (alice.id, bob.id, guild.id, hers.id, his.id, stub.application_id)

    assert len(sent) > 3
    for text in sent:
        assert not [name for name in ("Aliceundra", "Bobrick", "Studycircle") if name in text]
        assert not [one for one in ids if str(one) in text]
        assert stub.token not in text
        assert "discord" not in text.casefold()
        assert ("keep the whole thing" in text) != (ON in text)


async def test_the_bot_types_while_the_model_thinks(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """Nobody looks at nothing for more than a moment."""
    await house.start(**keyed(server))
    alice = stub.add_user("alice", installed=True)
    dm = await begin(alice, alice.dm())
    server.fail(Fault.HANG_BEFORE)
    await answer(alice, dm)
    await alice.sees_typing(dm, within=20.0)
    said = await answer(alice, dm, ON)
    await alice.sees(dm, "You said “And it would be”", after=said)


async def test_that_the_answers_are_read_is_said_once_whatever_restarts(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """The bot is stopped while the judge reads; the next one posts the card and no second note."""
    await house.start(**keyed(server))
    alice = stub.add_user("alice", installed=True)
    dm = await begin(alice, alice.dm())
    said = await answer(alice, dm)
    await alice.sees(dm, "You said “I would keep the”", after=said)
    await house.settled()
    server.fail(Fault.HANG_BEFORE)
    await alice.presses(dm, "End")
    await alice.presses(dm, "End it")
    await alice.sees(dm, READING)
    await server.asked(2, within=20.0)
    await house.restart(**keyed(server))
    await alice.sees(dm, "Scorecard: ", within=30.0)

    assert posted(alice, dm, READING) == 1
    assert alice.screen(dm).count("Scorecard: ") == 1


async def test_without_a_judge_nobody_is_said_to_read(
    house: Hall, stub: DiscordStub, server: MessagesStub
) -> None:
    """The card comes at once, and so nothing comes before it."""
    await house.start(**keyed(server, judge_model="none"))
    alice = stub.add_user("alice", installed=True)
    dm = await begin(alice, alice.dm())
    await end(alice, dm)

    assert posted(alice, dm, READING) == 0
