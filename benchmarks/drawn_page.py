"""The whiteboard page in a browser, on a board of an interview that is really served."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.served_page import ServedPage
from storage.scenes import Element

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_BROWSER = (
    "This needs a real browser, and there is no Chromium on PATH: install one, for example with "
    "`sudo apt install chromium`."
)
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
VIEWPORT = ViewportSize(width=2000, height=1150)

PATIENCE = 4000
"""How often the page is asked until it says what is waited for."""
ASKS_EVERY_MS = 10


class Canvas:
    """One open board, empty at first."""

    def __init__(self, browser: Browser, served: ServedPage) -> None:
        self._served = served
        self._interview, link = served.begin()
        self._context = browser.new_context(viewport=VIEWPORT)
        self.page: Page = self._context.new_page()
        self.page.goto(link)
        wait_until_live(self.page)
        box = self.page.locator("canvas.interactive").bounding_box()
        assert box is not None
        self.left, self.top = box["x"], box["y"]
        self.width, self.height = box["width"], box["height"]

    @property
    def elements(self) -> dict[str, Element]:
        """All that was ever put on it as the server keeps it, deleted elements included, by id."""
        return {element["id"]: element for element in self._served.scene(self._interview)}

    def close(self) -> None:
        """Close the tab."""
        self._context.close()

    def settle(self, pause_ms: int = 60) -> None:
        """Wait until everything that the page has is stored."""
        self.page.wait_for_timeout(pause_ms)
        wait_until_stored(self.page)

    def scene(self) -> list[Element]:
        """All elements in their order on the canvas."""
        self.settle(400)
        return self._served.scene(self._interview)


def find_chromium() -> str | None:
    """The path of Chromium or Chrome; None where there is none on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def wait_until_live(page: Page) -> None:
    """Wait until the board has come and can be drawn on."""
    _wait_for(page, "status", "live")


def wait_until_stored(page: Page) -> None:
    """Wait until the server has acknowledged everything that is on the canvas."""
    _wait_for(page, "unsaved", 0)


def fact(page: Page, name: str) -> Any:
    """One of the facts that the page tells of itself; None while it loads."""
    return page.evaluate(f"window.hotseat?.{name}")


def _wait_for(page: Page, name: str, wanted: object) -> None:
    # Playwright's own waiting evaluates a string in the page, which the page's policy forbids.
    seen = None
    for _ in range(PATIENCE):
        if (seen := fact(page, name)) == wanted:
            return
        page.wait_for_timeout(ASKS_EVERY_MS)
    raise AssertionError(f"{name} of the page is {seen!r} and does not become {wanted!r}")


@contextmanager
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            yield found
        finally:
            found.close()


@contextmanager
def open_canvas(found: Browser, served: ServedPage) -> Iterator[Canvas]:
    """A fresh board, closed afterwards."""
    canvas = Canvas(found, served)
    try:
        yield canvas
    finally:
        canvas.close()
