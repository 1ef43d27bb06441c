"""What `/interview start` and `/behavioural` are asked for is what is held."""

import re

import pytest
from card_owner import owner
from conftest import Hall

from interviewer.state import InterviewSettings, Style
from scenarios.model import RoundKind
from storage.scorecards import interview_dates
from tests.discord_stub.person import Person


async def settings_of(hall: Hall, person: Person) -> InterviewSettings:
    """The stored settings of the person's only interview."""
    (only,) = await interview_dates(hall.bot.app.database, owner(person))
    return (await hall.bot.app.services.store.interview(only.interview_id)).settings


async def minutes_in_all(person: Person) -> int:
    """What the card says is left of the round, in whole minutes begun."""
    await person.presses(person.dm(), "Pause")
    card = await person.sees(person.dm(), r"\d+:\d\d in all")
    found = re.search(r"(\d+):(\d\d) in all", card.text)
    assert found is not None
    return int(found[1]) + (found[2] != "00")


@pytest.mark.parametrize(("factor", "minutes"), [(None, 30), ("2", 60), ("1.5", 45)])
async def test_extra_time_multiplies_the_time_on_the_card(
    hall: Hall, alice: Person, factor: str | None, minutes: int
) -> None:
    """It is stored as a factor, and the card counts down from the longer time."""
    options = {} if factor is None else {"extra_time": factor}
    await (await alice.runs(alice.dm(), "/interview start", minutes=30, **options)).finished()
    await alice.sees(alice.dm(), "Listening")

    assert await minutes_in_all(alice) == minutes
    settings = await settings_of(hall, alice)
    assert settings.extra_time == float(factor or 1)
    assert settings.rounds[0].minutes == 30


@pytest.mark.parametrize("style", Style)
async def test_the_style_that_was_asked_for(hall: Hall, alice: Person, style: Style) -> None:
    """It is stored, and the interview begins in it."""
    await (await alice.runs(alice.dm(), "/interview start", style=style.value)).finished()
    await alice.sees(alice.dm(), "Listening")

    assert (await settings_of(hall, alice)).style is style


async def test_a_story_by_its_name(hall: Hall, alice: Person) -> None:
    """The second one that is offered is the one that is asked for."""
    prompt = hall.bot.app.services.library.prompts[1]
    call = await alice.runs(alice.dm(), "/behavioural", story=prompt.id, level="senior")
    await call.finished()
    await alice.sees(alice.dm(), "Listening")

    assert prompt.title in alice.screen(alice.dm())
    settings = await settings_of(hall, alice)
    assert [(one.kind, one.items) for one in settings.rounds] == [
        (RoundKind.BEHAVIOURAL, (prompt.id,))
    ]
    assert settings.level.value == "senior"
