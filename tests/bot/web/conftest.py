"""A page that is served from an empty home."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from web_world import START, World, serve

from bot.settings import Settings
from bot.wiring import open_app
from scenarios.load import Library
from storage.revisions import bring_up_to_date
from tests.bot.web.hand_clock import HandClock


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of today's version, to be copied."""
    path = tmp_path_factory.mktemp("web") / "hotseat.sqlite"
    bring_up_to_date(path)
    return path


@pytest.fixture
def clock() -> HandClock:
    """It stands still unless a test moves it."""
    return HandClock(START)


@pytest.fixture
async def world(
    tmp_path: Path, empty_database: Path, library: Library, clock: HandClock
) -> AsyncIterator[World]:
    """The page on a free port."""
    home = tmp_path / "web"
    home.mkdir()
    shutil.copyfile(empty_database, home / "hotseat.sqlite")
    async with (
        open_app(Settings(home=home), library, clock) as app,
        serve(app) as served,
    ):
        yield served
