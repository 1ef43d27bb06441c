"""Buttons of a card that are pressed twice, late, or on a card of long ago."""

import asyncio
import re

import pytest
from conftest import Hall
from sqlalchemy import select
from study_circle import forge
from test_discord_interview import QUESTION, begin

from storage.tables import INBOX
from tests.discord_stub.channels import Channel
from tests.discord_stub.messages import Message
from tests.discord_stub.person import Person


@pytest.fixture
async def dm(alice: Person) -> Channel:
    """Her direct messages, where a round has begun."""
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)
    return dm


async def happened(hall: Hall, kind: str) -> int:
    """How many such events the interview has."""
    await hall.settled()
    kinds = select(INBOX.c.kind).where(INBOX.c.kind == kind)
    return len(await hall.bot.app.database.run(lambda c: c.execute(kinds).scalars().all()))


def control_on(card: Message, action: str) -> str:
    """The custom id of the card's button with this action."""
    (found,) = re.findall(rf"hs:{action}:[^']+", str(card.components))
    return found


@pytest.mark.parametrize(
    ("button", "kind"), [("Next stage", "next"), ("Hint", "hint"), ("Let me think", "think")]
)
async def test_two_presses_on_one_card_count_once(
    hall: Hall, alice: Person, dm: Channel, button: str, kind: str
) -> None:
    """From two devices, or because the first seemed to do nothing."""
    await asyncio.gather(alice.presses(dm, button), alice.presses(dm, button))

    assert await happened(hall, kind) == 1


async def test_another_hint_on_the_card_drawn_anew(hall: Hall, alice: Person, dm: Channel) -> None:
    """Whoever sees the first one may ask for a second."""
    await alice.presses(dm, "Hint")
    await alice.presses(dm, "Hint")

    assert await happened(hall, "hint") == 2


async def test_a_late_next_does_not_skip_a_stage(hall: Hall, alice: Person, dm: Channel) -> None:
    """What was meant for the stage before only shows where the interview is now."""
    card = await alice.sees(dm, QUESTION)
    control = control_on(card, "next")
    await alice.runs(dm, "/interview next")
    await alice.sees(dm, "Let's move on")
    await forge(alice, card, control)

    assert await happened(hall, "next") == 1
    assert "further down" in card.text


async def test_an_answer_in_between_costs_no_press(hall: Hall, alice: Person, dm: Channel) -> None:
    """The card need not have been drawn anew after every answer."""
    card = await alice.sees(dm, QUESTION)
    controls = [control_on(card, action) for action in ("hint", "next")]
    asked = await alice.says(dm, "How many conversations a day do we expect?")
    await alice.sees(dm, "30,000 conversations", after=asked)
    await hall.settled()
    for control in controls:
        await forge(alice, card, control)

    assert (await happened(hall, "hint"), await happened(hall, "next")) == (1, 1)


@pytest.mark.parametrize("kind", ["next", "hint", "think"])
async def test_cards_from_before_still_work(
    hall: Hall, alice: Person, dm: Channel, kind: str
) -> None:
    """Their buttons do not say what they are about."""
    card = await alice.sees(dm, QUESTION)
    control = control_on(card, kind).rpartition(":")[0]
    await forge(alice, card, control)

    assert await happened(hall, kind) == 1
