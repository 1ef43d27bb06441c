"""A served page and a browser, each for all of the tests."""

from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from pages import FLAGS, Served, find_browser
from playwright.async_api import Browser, async_playwright

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """These tests share a loop, since they share a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The command over an empty home."""
    command = Served(tmp_path_factory.mktemp("served"))
    command.start()
    yield command
    command.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chromium(started: Browser) -> AsyncIterator[Browser]:
    """The browser, in which nothing of other tests is left."""
    yield started
    for context in started.contexts:
        await context.close()
