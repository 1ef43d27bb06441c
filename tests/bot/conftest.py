"""A home with one drill that was played to its end and one that was left open."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from console_samples import START, Screen, play_drills, screen_of

from bot.settings import Settings
from bot.wiring import App, open_app
from interviewer.clock import ManualClock
from scenarios.load import Library, builtin_packs_folder, load_library


@pytest.fixture
def screen() -> Screen:
    """A pipe, 100 characters wide."""
    return screen_of()


@pytest.fixture(scope="session")
def library() -> Library:
    """The built-in packs."""
    return load_library(builtin_packs_folder())


@pytest.fixture(scope="session")
def played_home(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    """A home folder with both interviews, to be copied."""
    home = tmp_path_factory.mktemp("played")
    asyncio.run(play_drills(home, library))
    return home


@pytest.fixture
def settings(tmp_path: Path, played_home: Path) -> Settings:
    """Settings whose home holds both interviews."""
    home = tmp_path / "played"
    shutil.copytree(played_home, home)
    return Settings(home=home)


@pytest.fixture
async def app(settings: Settings, library: Library) -> AsyncIterator[App]:
    """The application on the played home."""
    async with open_app(settings, library, ManualClock(START)) as opened:
        yield opened
