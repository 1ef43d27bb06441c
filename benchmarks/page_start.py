"""How soon the whiteboard can be drawn on after its page was opened, and what that loads.

    python -m benchmarks.page_start [TIMES]

Each time the server, over an empty home, and the browser's context are new. `cold` follows the
candidate's link with nothing in the cache; `warm` opens the page once more in the same context. A
board is `usable` at the moment at which its page says that it is live and from which on the canvas
takes a stroke: one is drawn at once, and where it is not taken, the moment is that of the next.
The stroke is `stored` when the server has acknowledged it. Needs Chromium on PATH, whose own start
does not count. Loaded bytes are those that came over the line, headers included.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from benchmarks.drawn_page import (
    NO_BROWSER,
    browser,
    fact,
    find_chromium,
    wait_until_live,
    wait_until_stored,
)
from benchmarks.figures import machine, median, print_table, verdict
from benchmarks.served_page import serve_page
from bot.web.static_files import STATIC, Bundle

TIMES = 10
AIM_WARM_S = 1.5
AIM_BUNDLE_MB = 2.3
WINDOW = ViewportSize(width=1440, height=900)

_PEN = "label:has([data-testid=toolbar-freedraw])"
_STROKE = ((620, 500), (660, 540), (700, 500))
_TRIES = 50
_LOOKS = 30
_LOOKS_EVERY_MS = 10


@dataclass(frozen=True)
class Opening:
    """How one page came up: seconds since it was asked for, and the bytes it has loaded."""

    usable_s: float
    stored_s: float
    loaded: int


def open_board(context: BrowserContext, address: str) -> tuple[Opening, str]:
    """Open the page in a tab, draw a stroke as soon as that is possible, and close it again.

    Gives where the page is, too.
    """
    page = context.new_page()
    loaded = _count_bytes(context, page)
    since = time.perf_counter()
    page.goto(address, wait_until="commit")
    wait_until_live(page)
    usable = _draw(page)
    wait_until_stored(page)
    stored = time.perf_counter()
    page.wait_for_load_state("networkidle")
    found = page.url
    page.close()
    return Opening(usable - since, stored - since, loaded()), found


def _count_bytes(context: BrowserContext, page: Page) -> Callable[[], int]:
    sizes: list[int] = []

    def note(event: dict[str, Any]) -> None:
        sizes.append(round(event["encodedDataLength"]))

    session = context.new_cdp_session(page)
    session.on("Network.loadingFinished", note)
    session.send("Network.enable")
    return lambda: sum(sizes)


def _draw(page: Page) -> float:
    """Draw a stroke until one is taken; the moment from which on the canvas took it."""
    before = fact(page, "elements")
    for _ in range(_TRIES):
        page.click(_PEN)
        first, *others = _STROKE
        page.mouse.move(*first)
        began = time.perf_counter()
        page.mouse.down()
        for point in others:
            page.mouse.move(*point, steps=4)
        page.mouse.up()
        if _grows(page, before):
            return began
    raise AssertionError(f"the canvas has taken none of {_TRIES} strokes")


def _grows(page: Page, before: int) -> bool:
    for _ in range(_LOOKS):
        if fact(page, "elements") > before:
            return True
        page.wait_for_timeout(_LOOKS_EVERY_MS)
    return False


def measure(found: Browser, times: int) -> dict[str, list[Opening]]:
    """Open it so often, cold and warm."""
    openings: dict[str, list[Opening]] = {"cold": [], "warm": []}
    for _ in range(times):
        with serve_page() as served, found.new_context(viewport=WINDOW) as context:
            cold, address = open_board(context, served.begin().link)
            warm, _ = open_board(context, address)
        openings["cold"].append(cold)
        openings["warm"].append(warm)
    return openings


def bundle_bytes() -> int:
    """All files of the built page, each as it is sent to a browser that takes it compressed."""
    return sum(len(file.zipped or file.content) for file in Bundle(STATIC).files.values())


def show(openings: dict[str, list[Opening]], load: float) -> None:
    """Print the table, and whether the aims are met; `load` is that of the machine before."""
    rows = [_row(name, found) for name, found in openings.items()]
    head = ("", "times", "usable median s", "worst", "stored median s", "worst", "most kB loaded")
    loads = f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    print_table(f"The whiteboard's page ({machine()}, {loads})", head, rows)
    warm = median([one.usable_s for one in openings["warm"]])
    bundle = bundle_bytes() / 1e6
    print(
        f"\nusable, warm {warm:.2f} s, aim {AIM_WARM_S:g}: {verdict(warm, AIM_WARM_S)}; bundle, "
        f"compressed {bundle:.2f} MB, aim {AIM_BUNDLE_MB:g}: {verdict(bundle, AIM_BUNDLE_MB)}"
    )


def _row(name: str, found: Sequence[Opening]) -> tuple[str, ...]:
    usable, stored = [one.usable_s for one in found], [one.stored_s for one in found]
    times = (median(usable), max(usable), median(stored), max(stored))
    loaded = max(one.loaded for one in found) / 1000
    return (name, str(len(found)), *(f"{t:.2f}" for t in times), f"{loaded:.1f}")


def main() -> int:
    """Print the table; 2 without a browser."""
    chromium = find_chromium()
    if chromium is None:
        print(NO_BROWSER, file=sys.stderr)
        return 2
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    load = os.getloadavg()[0]
    with browser(chromium) as found:
        openings = measure(found, times)
    show(openings, load)
    return 0


if __name__ == "__main__":
    sys.exit(main())
