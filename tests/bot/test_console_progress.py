"""`hotseat progress`: what is due, what comes, and what to say where there is nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from console_samples import FINISHED, START, Screen

from bot.console.cards import delete_card
from bot.console.progress import MOST_SHOWN, show_progress
from bot.settings import Settings
from bot.wiring import App, open_app
from interviewer.clock import ManualClock
from scenarios.load import Library

DAY = timedelta(days=1)


@asynccontextmanager
async def later(settings: Settings, library: Library, days: float) -> AsyncIterator[App]:
    """The application so many days after the interviews."""
    async with open_app(settings, library, ManualClock(START + days * DAY)) as app:
        yield app


async def shown(app: App, screen: Screen) -> str:
    await show_progress(app, screen.console)
    return " ".join(screen.text().split())


async def test_what_was_missed_is_due_the_next_day(
    settings: Settings, library: Library, screen: Screen
) -> None:
    """With weight, verdict, date, item, a question, and the command; the heaviest first."""
    async with later(settings, library, 2) as app:
        text = await shown(app, screen)

    concepts = library.question("agent-vs-chain").concepts
    assert text.startswith("Due now (")
    assert "weight 2 of 3 · – not detected on 2 March 2026 · due since 3 March 2026" in text
    assert any(f"Answer aloud: {concept.probes[0]}" in text for concept in concepts)
    assert "hotseat drill " in text
    assert text.index("weight 2 of 3") < text.index("weight 1 of 3")
    assert "not calibrated" in text


async def test_what_was_shown_comes_later(
    settings: Settings, library: Library, screen: Screen
) -> None:
    """On the day itself nothing is due, and the week is planned."""
    async with later(settings, library, 0.1) as app:
        text = await shown(app, screen)

    assert "Due now" not in text
    assert text.startswith("In the next 7 days (")
    assert "✓ hit on 2 March 2026 · due on 4 March 2026" in text


async def test_a_long_list_is_cut(settings: Settings, library: Library, screen: Screen) -> None:
    """Ten at most, and how many more there are."""
    async with later(settings, library, 60) as app:
        text = await shown(app, screen)

    count = int(text.removeprefix("Due now (").partition(")")[0])
    assert count > MOST_SHOWN
    assert text.count("Answer aloud:") == MOST_SHOWN
    assert f"and {count - MOST_SHOWN} more, less urgent" in text


async def test_no_interview_yet(tmp_path: Path, library: Library, screen: Screen) -> None:
    """The empty state says where a schedule comes from and how to begin."""
    async with later(Settings(home=tmp_path / "new"), library, 0) as app:
        text = await shown(app, screen)

    assert text.startswith("Nothing to repeat yet: the schedule is made from your scorecards.")
    assert "hotseat practice" in text


async def test_only_an_open_interview(settings: Settings, library: Library, screen: Screen) -> None:
    """What was begun and not graded measured nothing."""
    async with later(settings, library, 2) as app:
        await delete_card(app, screen.console, FINISHED, yes=True)
        text = await shown(app, screen)

    assert "no interview has been graded since the schedule exists" in text
    assert "hotseat resume" in text


async def test_packs_that_are_gone(settings: Settings, screen: Screen) -> None:
    """Their concepts cannot be practised, and the list says that they are left out."""
    async with later(settings, Library(()), 2) as app:
        text = await shown(app, screen)

    assert text.startswith("Nothing to repeat: none of the concepts that were measured")
    assert "that your packs no longer hold" in text


@pytest.mark.parametrize("days", [0.1, 2, 60])
async def test_looking_changes_nothing(
    settings: Settings, library: Library, screen: Screen, days: float
) -> None:
    """The same moment shows the same list again."""
    async with later(settings, library, days) as app:
        first = await shown(app, screen)
        await show_progress(app, screen.console)

    assert " ".join(screen.text().split()) == f"{first} {first}"
