"""A served page for the tests of a file, and a browser for each of them."""

from collections.abc import AsyncIterator, Iterator

import pytest
from pages import FLAGS, Served, find_browser
from playwright.async_api import Browser, async_playwright


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The command over an empty home."""
    command = Served(tmp_path_factory.mktemp("served"))
    command.start()
    yield command
    command.stop()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        await browser.close()
