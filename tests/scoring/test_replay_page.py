"""The replay in a real browser: turned over by keys, by links and without a script."""

import base64
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from replay_samples import STEPS, card_of, hand_drawn
from test_replay_hostile import LABELS, drawn, hostile_scene

from scoring.render.html import render_html
from whiteboard.colours import DARK, LIGHT, Theme

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
LAST = len(STEPS) - 1
FIRST_PIXEL = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.drawImage(image, 0, 0);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as it is found on PATH."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(f"none of {', '.join(NAMES)} is on PATH: install Chromium, then run this again")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The offline file of a card with a dozen boards."""
    boards = hand_drawn()
    path = tmp_path_factory.mktemp("card") / "card.html"
    path.write_text(render_html(card_of(boards), drawings=boards), "utf-8")
    return path


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains about, and what it asks for beside the file."""
    return []


@pytest.fixture
def page(browser: Browser, file: Path, complaints: list[str]) -> Iterator[Page]:
    """The file, opened where nothing scrolls smoothly."""
    context = browser.new_context(reduced_motion="reduce")
    opened = watched(context, file, complaints)
    opened.goto(file.as_uri())
    yield opened
    context.close()


def watched(context: BrowserContext, file: Path, complaints: list[str]) -> Page:
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda err: complaints.append(str(err)))
    opened.on(
        "request",
        lambda request: (
            request.url.startswith((file.as_uri(), "data:")) or complaints.append(request.url)
        ),
    )
    return opened


def pixel(page: Page, image: Locator) -> tuple[int, ...]:
    """The colour near the upper left corner of a picture, as it is seen."""
    image.scroll_into_view_if_needed()
    image.evaluate("image => image.decode()")
    image.evaluate("image => image.closest('.sheet').scrollTo(0, 0)")
    box = image.bounding_box()
    assert box
    clip = {"x": round(box["x"]) + 12, "y": round(box["y"]) + 6, "width": 1, "height": 1}
    png = base64.b64encode(page.screenshot(clip=clip)).decode()
    return tuple(page.evaluate(FIRST_PIXEL, f"data:image/png;base64,{png}"))


def ground(theme: Theme) -> tuple[int, ...]:
    """What the boards of a theme stand on."""
    return tuple(bytes.fromhex(theme.card[1:]))


def painted(pdf: bytes) -> set[tuple[int, ...]]:
    """The colours that areas of a printed page have."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawn = b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x")
    found = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", drawn)
    return {tuple(round(255 * float(part)) for part in colour) for colour in found}


def visible(page: Page) -> list[str]:
    """The ids of the frames that are shown."""
    return page.evaluate(
        "[...document.querySelectorAll('.frame')].filter(e => e.checkVisibility()).map(e => e.id)"
    )


def expect_visible(page: Page, *ids: str) -> None:
    """Wait until these frames are shown: a browser follows a link a moment after the click."""
    frames = page.locator(".frame:visible")
    expect(frames).to_have_count(len(ids))
    for place, one in enumerate(ids):
        expect(frames.nth(place)).to_have_id(one)


def test_keys_turn_the_boards_over(page: Page, complaints: list[str]) -> None:
    """Arrows go by one, Home and End to the ends, and what is shown is said."""
    slider = page.get_by_role("slider", name="Which board")
    assert visible(page) == ["board-1-12"]
    slider.press("ArrowLeft")
    assert visible(page) == ["board-1-11"]
    slider.press("Home")
    assert visible(page) == ["board-1-1"]
    assert slider.get_attribute("aria-valuetext") == f"1 of {LAST + 1}: 1:10, Scope"
    slider.press("End")
    assert visible(page) == ["board-1-12"]
    assert slider.get_attribute("aria-valuetext") == f"12 of {LAST + 1}: 15:05, Operations, " + (
        "end of Operations"
    )
    assert complaints == []


def test_buttons_stop_at_the_ends(page: Page) -> None:
    """One board back, one on, and not further than there are."""
    page.get_by_role("button", name="The next board").click()
    assert visible(page) == ["board-1-12"]
    page.get_by_role("button", name="The board before").click()
    assert visible(page) == ["board-1-11"]


def test_a_link_to_evidence_shows_it_ringed(page: Page) -> None:
    """Also when it is followed a second time after somebody moved on."""
    link = page.get_by_role("link", name="on the whiteboard, first at 1:10")
    for _ in range(2):
        link.first.click()
        expect_visible(page, "board-1-1")
        assert page.locator("#seen-1-1-1").is_visible()
        assert not page.locator("#board-1-1 .plain").is_visible()
        assert page.get_by_role("slider").input_value() == "0"
        page.get_by_role("slider").press("End")
        assert visible(page) == ["board-1-12"]


def test_ends_of_stages_and_turns_lead_to_their_boards(page: Page) -> None:
    """The stage that is shown is marked, and the transcript has links to what was drawn."""
    page.get_by_role("link", name="Scope", exact=False).and_(page.locator(".stops a")).click()
    expect_visible(page, "board-1-8")
    assert page.locator(".stops [aria-current]").get_attribute("href") == "#board-1-8"
    page.get_by_role("link", name="Board at 2:30").click()
    expect_visible(page, "board-1-3")


def test_playing_goes_from_the_first_to_the_last(page: Page) -> None:
    """From the end it begins anew; a touch of the slider stops it."""
    page.clock.install(time=0)
    page.clock.pause_at(10)
    play = page.get_by_role("button", name="Play")
    play.click()
    assert visible(page) == ["board-1-1"]
    page.clock.run_for(2_500)
    assert visible(page) == ["board-1-3"]
    page.get_by_role("slider").press("ArrowRight")
    page.clock.run_for(60_000)
    assert visible(page) == ["board-1-4"]
    play.click()
    page.clock.run_for(60_000)
    assert visible(page) == ["board-1-12"]
    assert page.get_by_role("button", name="Play").is_visible()


def test_without_a_script_there_are_the_ends_of_stages(
    browser: Browser, file: Path, complaints: list[str]
) -> None:
    """One under the other, and a link still shows the board that it leads to."""
    context = browser.new_context(java_script_enabled=False)
    opened = watched(context, file, complaints)
    opened.goto(file.as_uri())
    assert visible(opened) == ["board-1-8", "board-1-12"]
    assert not opened.locator(".scrub").is_visible()
    opened.goto(f"{file.as_uri()}#seen-1-1-1")
    assert visible(opened) == ["board-1-1", "board-1-8", "board-1-12"]
    assert opened.locator("#seen-1-1-1").is_visible()
    assert complaints == []
    context.close()


@pytest.mark.parametrize("scripted", [True, False])
def test_hostile_boards_ask_for_nothing_and_run_nothing(
    browser: Browser, tmp_path: Path, complaints: list[str], *, scripted: bool
) -> None:
    """Opened from a disk, with and without a script; pictures are pictures all the same."""
    boards = [drawn(place, hostile_scene(label)) for place, label in enumerate(LABELS, 1)]
    path = tmp_path / "card.html"
    path.write_text(render_html(card_of(boards), drawings=boards), "utf-8")
    context = browser.new_context(java_script_enabled=scripted, reduced_motion="reduce")
    opened = watched(context, path, complaints)
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.goto(path.as_uri())
    image = opened.locator(".frame:visible .plain img")
    assert pixel(opened, image.last) == ground(LIGHT)
    assert complaints == []
    context.close()


def test_on_paper_there_are_the_ends_of_stages(page: Page) -> None:
    """Whatever is shown on the screen, and no controls."""
    page.get_by_role("slider").press("Home")
    page.emulate_media(media="print")
    assert visible(page) == ["board-1-8", "board-1-12"]
    assert not page.locator(".scrub").is_visible()


def test_on_paper_pictures_are_shown_whole(page: Page) -> None:
    """A sheet of A4 is as narrow as a tablet, and nobody can scroll on it."""
    page.set_viewport_size({"width": 690, "height": 1000})
    page.emulate_media(media="print")
    for sheet in page.locator(".frame.end .sheet").all():
        assert sheet.evaluate("one => one.scrollWidth === one.clientWidth")
    assert page.get_by_text("Shown are those at the ends of stages").is_visible()


def test_paper_is_light(browser: Browser, file: Path) -> None:
    """Boards are printed dark on white, also by who reads them light on dark."""
    context = browser.new_context(color_scheme="dark", reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(file.as_uri())
    assert pixel(opened, opened.locator(".frame.current .plain img")) == ground(DARK)
    printed = painted(opened.pdf(print_background=True))
    assert ground(DARK) not in printed
    assert ground(LIGHT) in printed
    context.close()


def test_on_a_phone_what_is_marked_is_in_sight(page: Page) -> None:
    """The board is as large as it can be read, and scrolled to what is new or ringed."""
    page.set_viewport_size({"width": 360, "height": 740})
    slider = page.get_by_role("slider")
    slider.press("Home")
    for _ in range(LAST):
        slider.press("ArrowRight")
        assert marked_in_sight(page, ".frame.current .plain img")
    page.get_by_role("link", name="on the whiteboard, first at 1:10").first.click()
    expect_visible(page, "board-1-1")
    assert marked_in_sight(page, "#seen-1-1-1 img")
    assert page.locator("#seen-1-1-1 img").evaluate("image => image.clientWidth") > 600


def marked_in_sight(page: Page, image: str) -> bool:
    """Whether the middle of what a picture marks is in the part that its sheet shows."""
    return page.locator(image).evaluate("""image => {
      const sheet = image.closest(".sheet");
      const from = image.dataset.middle * image.clientWidth - sheet.scrollLeft;
      return 0 < from && from < sheet.clientWidth;
    }""")


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_load_and_nothing_is_wider_than_the_page(
    browser: Browser, file: Path, complaints: list[str], width: int, scheme: str
) -> None:
    """On a phone the board scrolls by itself; its picture is as light or dark as the page."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    opened = watched(context, file, complaints)
    opened.goto(f"{file.as_uri()}#replay-1")
    image = opened.locator(".frame.current .plain img")
    assert pixel(opened, image) == ground(LIGHT if scheme == "light" else DARK)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    context.close()
