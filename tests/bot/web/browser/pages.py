"""`hotseat web` as a command of its own, and people who open it in Chromium."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page

from whiteboard.excalidraw import SceneReading, read_scene

ROOT = Path(__file__).parents[4]
PATIENCE_S = 40.0
STARTS_S = 60.0
LOOKS_EVERY_S = 0.05
RESTS_S = 0.2

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_BROWSER = (
    "The page is tested in a real browser, and none is on PATH. Install one, for example with "
    "`sudo apt install chromium`, and run the tests again."
)
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")

KEPT = """() => new Promise(resolve => {
    const opening = indexedDB.open('hotseat', 1);
    opening.onsuccess = () => {
        const base = opening.result;
        const reading = base.transaction('copies').objectStore('copies').getAll();
        reading.onsuccess = () => {
            base.close();
            resolve(reading.result.flatMap(copy => copy.elements.map(one => one.text ?? '')));
        };
    };
})"""
"""The texts of the elements that this browser keeps, empty ones of shapes included."""


def find_browser() -> str:
    """The path of Chromium or Chrome; without one the tests fail and say what to do."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise AssertionError(NO_BROWSER)
    return found


class Served:
    """The command, which can be killed and started again over the same database."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._port = _free_port()
        self._process: subprocess.Popen[str] | None = None
        self.link = ""

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Return when it has printed its link."""
        command = [sys.executable, "-m", "bot", "web", "--no-open", "--port", str(self._port)]
        settings = {"HOTSEAT_HOME": str(self.home), "HOTSEAT_ENGINE": "offline", "COLUMNS": "200"}
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Where the tests run in the background, Ctrl+C is ignored and they would hand that on.
            preexec_fn=_heed_ctrl_c,  # noqa: PLW1509 - it sets a handler and nothing else
        )
        assert self._process.stdout is not None
        printed = self._process.stdout.readline()
        assert "/l/" in printed, f"no link: {printed}{self._process.stdout.read()}"
        self.link = printed.split()[-1]

    def kill(self) -> None:
        """As the system does when memory runs out."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def runs(self) -> bool:
        """Whether it was started, and neither stopped nor killed since."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """As whoever started it does."""
        if self._process is not None and self.runs:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=STARTS_S)

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """Its database, to look at."""
        connection = sqlite3.connect(f"file:{self.home / 'hotseat.sqlite'}?mode=ro", uri=True)
        try:
            yield connection
        finally:
            connection.close()

    def stored(self, interview: str) -> list[dict[str, Any]]:
        """The elements of the board as they are stored, deleted ones included."""
        query = (
            "SELECT element FROM strokes WHERE seq IN (SELECT max(seq) FROM strokes WHERE"
            " interview_id = :id AND element_id != '' AND epoch = (SELECT max(epoch) FROM strokes"
            " WHERE interview_id = :id) GROUP BY element_id) AND interview_id = :id"
        )
        with self.database() as connection:
            rows = connection.execute(query, {"id": interview}).fetchall()
        return [json.loads(row[0]) for row in rows]

    def reading(self, interview: str) -> SceneReading:
        """The board as the interviewer would read it."""
        return read_scene(self.stored(interview))

    def labels(self, interview: str) -> set[str]:
        """What the boxes on it are called."""
        return {part.label for part in self.reading(interview).board.components}

    def events(self, interview: str) -> list[str]:
        """What was reported to the interview, in order."""
        query = "SELECT kind FROM inbox WHERE interview_id = ? ORDER BY seq"
        with self.database() as connection:
            return [row[0] for row in connection.execute(query, (interview,))]


@dataclass
class Person:
    """Somebody with a page; `trouble` is what the browser complained of."""

    page: Page
    trouble: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @classmethod
    async def at(cls, context: BrowserContext) -> Person:
        """In a tab of their own."""
        person = cls(await context.new_page())
        page = person.page
        page.on("request", lambda request: person.asked.append(request.url))
        page.on("pageerror", lambda error: person.trouble.append(f"error {error}"))
        page.on("console", lambda message: person._note(message.type, message.text))
        return person

    def _note(self, kind: str, text: str) -> None:
        # A line that is down is told by the browser as well, whatever the page does about it.
        is_about_line = "WebSocket" in text or "ERR_CONNECTION" in text
        if kind in ("error", "warning") and not is_about_line:
            self.trouble.append(f"{kind} {text}")

    async def opens(self, address: str) -> None:
        """Go there and wait until the board can be used."""
        await self.page.goto(address)
        await self.sees_facts(status="live")

    async def begins(self, served: Served, choice: str | None = None) -> str:
        """Begin a round from the start page; returns its interview."""
        await self.page.goto(served.link)
        if choice is not None:
            await self.page.get_by_text(choice, exact=True).click()
        await self.page.get_by_role("button", name="Start").click()
        await self.page.wait_for_url("**/i/*/")
        await self.sees_facts(status="live", talk="live")
        return self.page.url.rstrip("/").rpartition("/")[2]

    async def fact(self, name: str) -> Any:
        """One of the facts that the page tells of itself."""
        return await self.page.evaluate(f"window.hotseat?.{name}")

    async def sees_facts(self, **wanted: Any) -> None:
        """Wait until the page says so of itself."""
        for name, value in wanted.items():
            await until(lambda name=name: self.fact(name), value, f"{name} of the page")

    async def link_for(self, role: str) -> str:
        """Hand out a link, as the page's own button does."""
        asked = (
            "async role => (await (await fetch('links', {method: 'POST', headers:"
            " {'content-type': 'application/json'}, body: JSON.stringify({role})})).json()).address"
        )
        return await self.page.evaluate(asked, role)

    # --- drawing --------------------------------------------------------------------------

    async def turns_to_board(self) -> None:
        """Click where nothing is, so that keys mean tools."""
        await self.page.mouse.click(620, 820)

    async def picks(self, kind: str) -> None:
        """Put a part of the palette on the board."""
        await self.page.locator(f"#parts button[data-kind={kind}]").click()

    async def draws(self, tool: str, *points: tuple[float, float]) -> None:
        """Draw with a tool, by its key, from the first point through the others."""
        keyboard, mouse = self.page.keyboard, self.page.mouse
        await self.turns_to_board()
        await keyboard.press(tool)
        await mouse.move(*points[0])
        await mouse.down()
        for point in points[1:]:
            await mouse.move(*point, steps=8)
        await mouse.up()

    async def taps_tool(self, tool: str) -> None:
        """Take a tool with a finger, once the one before was laid down."""
        button = "[data-testid=toolbar-{}]".format
        await self.page.locator(f"{button('selection')}:checked").wait_for(state="attached")
        await self.page.locator(f"label:has({button(tool)})").tap()
        await self.page.locator(f"{button(tool)}:checked").wait_for(state="attached")

    async def drags(self, *points: tuple[float, float]) -> None:
        """Drag a finger from the first point through the others."""
        fingers = await self.page.context.new_cdp_session(self.page)
        await fingers.send("Input.dispatchTouchEvent", _touch("touchStart", points[0]))
        for (x, y), (to_x, to_y) in pairwise(points):
            for step in (0.25, 0.5, 0.75, 1.0):
                point = x + step * (to_x - x), y + step * (to_y - y)
                await fingers.send("Input.dispatchTouchEvent", _touch("touchMove", point))
        # After a finger that leaves in full swing the browser takes the next tap for a stop.
        await asyncio.sleep(RESTS_S)
        await fingers.send("Input.dispatchTouchEvent", _touch("touchMove", points[-1]))
        await fingers.send("Input.dispatchTouchEvent", _touch("touchEnd"))
        await fingers.detach()

    async def writes(self, label: str) -> None:
        """Label what is selected."""
        await self.page.keyboard.press("Enter")
        await self.page.locator("textarea.excalidraw-wysiwyg").wait_for()
        await self.page.keyboard.type(label)
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Escape")

    async def draws_box(self, x: float, y: float, label: str) -> None:
        """A labelled box of 150 by 60."""
        await self.draws("r", (x, y), (x + 80, y + 30), (x + 150, y + 60))
        await self.writes(label)

    async def saves(self) -> None:
        """Wait until everything drawn is stored."""
        await self.sees_facts(unsaved=0)

    async def kept(self) -> list[str]:
        """The texts of what this device keeps, an empty one for each shape."""
        return await self.page.evaluate(KEPT)

    # --- talking --------------------------------------------------------------------------

    async def says(self, text: str) -> None:
        """Answer, and wait until the interviewer has heard it."""
        await self.page.locator("#answer").fill(text)
        await self.page.keyboard.press("Enter")
        await self.sees_facts(unsent=0)

    async def presses(self, name: str) -> None:
        """Press a button of the talk."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def hears(self, text: str) -> None:
        """Wait until the talk says so."""
        await (
            self.page.get_by_role("log").get_by_text(text).first.wait_for(timeout=PATIENCE_S * 1000)
        )


async def until(look: Callable[[], Any], wanted: Any, what: str) -> None:
    """Wait until what is seen is as wanted, or passes it where that is a function."""
    seen = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                seen = look()
                if asyncio.iscoroutine(seen):
                    seen = await seen
                if wanted(seen) if callable(wanted) else seen == wanted:
                    return
                await asyncio.sleep(LOOKS_EVERY_S)
    except TimeoutError:
        raise AssertionError(f"{what}: {seen!r} after {PATIENCE_S:g} s") from None


def outside(asked: Sequence[str], served: Served) -> list[str]:
    """Addresses of other servers among those that a page asked for."""
    ours = (served.address, served.address.replace("http", "ws", 1), "data:", "blob:")
    return [address for address in asked if not address.startswith(ours)]


def _touch(kind: str, *points: tuple[float, float]) -> dict[str, Any]:
    return {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
