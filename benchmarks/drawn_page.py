"""The whiteboard page in a browser, without a server: files from a folder, sockets answered here.

What the page sends is merged as the live server merges it: by id, the highest version stays.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, WebSocketRoute, sync_playwright

ADDRESS = "http://localhost/i/drawn/"
"""Browsers treat this host as secure, which the page's identifiers need; nothing listens there."""
VIEWPORT = {"width": 2000, "height": 1150}
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")

_INIT = {"type": "init", "epoch": 1, "role": "edit", "you": "c1", "name": "Ana"}
_STAGE = {"name": "draw", "title": "Draw", "spent_s": 0, "budget_s": 3600, "reached": True}
_STATE = {
    "type": "state",
    "phase": "listening",
    "title": "System design",
    "brief": "Draw the system.",
    "round": 1,
    "rounds": 1,
    "stages": [_STAGE],
    "stage_index": 0,
    "stage_left_s": 3600,
    "round_left_s": 3600,
    "facts": [],
    "may_answer": True,
    "where": "page",
    "answering": False,
    "note": "",
}


class Canvas:
    """One open board and all that was ever put on it, deleted elements included."""

    def __init__(self, browser: Browser, static: Path) -> None:
        self._static = static
        self.elements: dict[str, dict[str, Any]] = {}
        self._context = browser.new_context(viewport=VIEWPORT)
        self._context.route("**/*", self._file)
        self._context.route_web_socket("**/board", self._board)
        self._context.route_web_socket("**/talk", self._talk)
        self.page: Page = self._context.new_page()
        self.page.goto(ADDRESS)
        self.page.wait_for_function("window.hotseat?.status === 'live'")
        box = self.page.locator("canvas.interactive").bounding_box()
        assert box is not None
        self.left, self.top = box["x"], box["y"]
        self.width, self.height = box["width"], box["height"]

    def close(self) -> None:
        """Close the tab."""
        self._context.close()

    def settle(self, pause_ms: int = 60) -> None:
        """Wait until the page has sent what it has."""
        self.page.wait_for_timeout(pause_ms)
        self.page.wait_for_function("window.hotseat.unsaved === 0")

    def scene(self) -> list[dict[str, Any]]:
        """All elements in their order on the canvas."""
        self.settle(400)
        return sorted(self.elements.values(), key=lambda one: (one["index"] or "", one["id"]))

    def _file(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        inside = path.removeprefix("/static/") if path.startswith("/static/") else "index.html"
        file = self._static / inside
        if not file.is_file():
            route.fulfill(status=404)
            return
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind)

    def _board(self, socket: WebSocketRoute) -> None:
        def merge(message: str | bytes) -> None:
            said = json.loads(message)
            if said["type"] != "update":
                return
            for element in said["elements"]:
                old = self.elements.get(element["id"])
                if old is None or element["version"] >= old["version"]:
                    self.elements[element["id"]] = element
            socket.send(json.dumps({"type": "ack", "seq": said["seq"]}))

        socket.on_message(merge)
        socket.send(json.dumps({**_INIT, "elements": [], "people": []}))

    def _talk(self, socket: WebSocketRoute) -> None:
        socket.on_message(lambda _: None)
        socket.send(json.dumps(_STATE))
        socket.send(json.dumps({"type": "turns", "turns": []}))


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
def open_canvas(found: Browser, static: Path) -> Iterator[Canvas]:
    """A fresh board, closed afterwards."""
    canvas = Canvas(found, static)
    try:
        yield canvas
    finally:
        canvas.close()
