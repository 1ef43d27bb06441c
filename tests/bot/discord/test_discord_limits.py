"""How much one person may ask for: buttons, menus, forms and messages, and nothing is lost."""

import asyncio

import pytest
from conftest import Hall
from test_discord_interview import QUESTION, begin, said

from bot.discord.limits import PRESSES, REGRADES, Allowance
from bot.discord.people import owner_of


async def test_too_many_presses_are_refused_with_the_time_to_wait(hall: Hall) -> None:
    """Buttons and forms count; others are not held up, and nothing is done."""
    alice = hall.stub.add_user("alice", installed=True)
    dm = alice.dm()
    await begin(alice, dm)
    question = await alice.sees(dm, QUESTION)
    form = await alice.presses(dm, "Board")
    while hall.bot.limits.wait_s(owner_of(alice), PRESSES) == 0:
        pass

    await alice.presses(question, "Hint")
    await alice.sees(dm, "120 times in a minute")
    await (await alice.fills(form, {"text": "client -> worker"})).finished()

    assert "Please wait" in alice.screen(dm).split("120 times in a minute")[-1]
    room = hall.bot.house.room_of(owner_of(alice))
    assert room is not None
    assert await room.session.board() == ""
    assert hall.bot.limits.wait_s(owner_of(hall.stub.add_user("bob")), PRESSES) == 0


async def test_corrections_have_a_limit_of_their_own(hall: Hall) -> None:
    """Grading again takes long, so that fewer are allowed."""
    person = owner_of(hall.stub.add_user("alice"))
    for _ in range(REGRADES.times):
        assert hall.bot.limits.wait_s(person, REGRADES) == 0
    assert hall.bot.limits.wait_s(person, REGRADES) > 0


async def test_what_is_written_too_fast_is_read_together_and_not_lost(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The candidate is told once; later all of it is one answer."""
    monkeypatch.setattr("bot.discord.interviews.pace.TURNS", Allowance("be answered", 1, 3))
    alice = hall.stub.add_user("alice", installed=True)
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)

    await alice.says(dm, "How many conversations a day do we expect?")
    await alice.says(dm, "The agent may look up an order without a person.")
    await alice.sees(dm, "Nothing is lost")
    await alice.says(dm, "It may never pay out any money by itself.")
    async with asyncio.timeout(30):
        while len(await said(hall)) < 2:
            await hall.settled()

    assert alice.screen(dm).count("Nothing is lost") == 1
    texts = await said(hall)
    assert len(texts) == 2
    assert "without a person" in str(texts[-1])
    assert "any money" in str(texts[-1])
