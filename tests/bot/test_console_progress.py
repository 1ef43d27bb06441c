"""`hotseat progress`: what is due, what comes, the ratings, and what to say of nothing."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from console_samples import FINISHED, START, Screen

from bot import practice_list
from bot.console.cards import OWNER, delete_card
from bot.console.progress import MOST_SHOWN, draw_progress, show_progress
from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import App, open_app
from interviewer.clock import ManualClock
from scenarios.load import Library
from storage.reviews import load_reviews

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


async def test_everything_that_is_planned(
    settings: Settings, library: Library, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--all` nothing is cut, and what is due after the coming days is listed too."""
    monkeypatch.setattr(practice_list, "SOON", DAY)
    async with later(settings, library, 0.1) as app:
        short = await shown(app, screen)
        await show_progress(app, screen.console, every=True)
    everything = " ".join(screen.text().split()).removeprefix(short)

    planned = len(await reviewed(settings, library))
    assert everything.count("Answer aloud:") == planned > short.count("Answer aloud:")
    assert "Later (" in everything
    assert "Later (" not in short
    assert "less urgent" not in everything


async def reviewed(settings: Settings, library: Library) -> set[tuple[str, str]]:
    """The concepts that were measured."""
    async with later(settings, library, 0.1) as app:
        return {(one.item, one.key) for one in await load_reviews(app.database, OWNER)}


async def test_ratings_are_drawn_to_a_file(app: App, screen: Screen, tmp_path: Path) -> None:
    """The picture for its owner's eyes only, and the same in words."""
    target = tmp_path / "new" / "ratings.PNG"

    await draw_progress(app, screen.console, target)

    assert target.read_bytes().startswith(b"\x89PNG")
    assert target.stat().st_mode & 0o077 == 0
    assert screen.text().startswith("Ratings over time: 1 interview, 2 March 2026.")
    assert "(drill, mid): " in screen.text()
    assert screen.text().endswith(f"wrote {target}\n")


async def test_a_picture_is_not_overwritten(app: App, screen: Screen, tmp_path: Path) -> None:
    """Unless asked for."""
    target = tmp_path / "ratings.png"
    target.write_bytes(b"mine")

    with pytest.raises(UsageError, match="--force"):
        await draw_progress(app, screen.console, target)
    assert target.read_bytes() == b"mine"

    await draw_progress(app, screen.console, target, force=True)
    assert target.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["ratings", "ratings.svg", "ratings.png.txt"])
async def test_only_png(app: App, screen: Screen, tmp_path: Path, name: str) -> None:
    """Another ending is refused before anything is written."""
    with pytest.raises(UsageError, match=r"\.png"):
        await draw_progress(app, screen.console, tmp_path / name)

    assert not (tmp_path / name).exists()


async def test_nothing_is_drawn_of_nothing(app: App, screen: Screen, tmp_path: Path) -> None:
    """Without a rating there is no file, and the reason is said."""
    await delete_card(app, screen.console, FINISHED, yes=True)

    with pytest.raises(UsageError, match="no stage has been rated yet"):
        await draw_progress(app, screen.console, tmp_path / "ratings.png")

    assert not (tmp_path / "ratings.png").exists()


async def test_no_picture_without_the_library(
    app: App, screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install, and no empty file is left."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(UsageError, match="install the extra `discord`"):
        await draw_progress(app, screen.console, tmp_path / "ratings.png")

    assert not (tmp_path / "ratings.png").exists()
