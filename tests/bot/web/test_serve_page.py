"""`hotseat web`: what is printed, what the browser is started with, and how it stops."""

from __future__ import annotations

import asyncio
import re
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from console_samples import Screen, screen_of
from talk_world import home_with
from web_world import DAY, PATIENCE_S, START

from bot.console.browser import serve_page
from bot.settings import Settings
from bot.web.house import House
from bot.web.links import LinkError, Links, Role
from bot.web.wishes import PERSON
from bot.wiring import App, open_app
from scenarios.load import Library
from tests.bot.web.hand_clock import HandClock


@pytest.fixture
async def app(tmp_path: Path, empty_database: Path, library: Library) -> AsyncIterator[App]:
    """With the settings of somebody who runs the bot here too."""
    settings = Settings(
        home=home_with(empty_database, tmp_path / "home"),
        web_port=0,
        web_host="192.0.2.1",
        web_address="https://board.example.org",
    )
    async with open_app(settings, library, HandClock(START)) as opened:
        yield opened


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What browsers were started with."""
    addresses = list[str]()
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    return addresses


@asynccontextmanager
async def serving(app: App, **options: Any) -> AsyncIterator[tuple[str, Screen]]:
    """The link that is printed, and the screen."""
    screen = screen_of(300)
    running = asyncio.create_task(serve_page(app, screen.console, **options))
    async with asyncio.timeout(PATIENCE_S):
        while "Ctrl+C stops" not in screen.text():
            assert not running.done(), running.result()
            await app.services.clock.pass_time(0)
    found = re.search(r"http://\S+/l/\S+", screen.text())
    assert found is not None
    yield found[0], screen
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_it_is_found_on_this_machine_alone(app: App) -> None:
    """Whatever the bot's page is called and wherever it is served."""
    async with serving(app, opens=False) as (link, _), httpx2.AsyncClient() as browser:
        entered = await browser.get(link)
        home = await browser.get(link.partition("/l/")[0])

    assert link.startswith("http://127.0.0.1:")
    assert entered.status_code == 303
    assert "secure" not in entered.headers["set-cookie"].lower()
    assert home.status_code == 200


async def test_a_browser_is_started_with_what_opens_nothing_twice(
    app: App, started: list[str]
) -> None:
    """The link that is printed stands in no list of processes."""
    async with serving(app, opens=True) as (link, _), httpx2.AsyncClient() as browser:
        (address,) = started
        first = await browser.get(address)
        page = await browser.get(address.partition("/l/")[0])
        second = await browser.get(address)
        after = await browser.get(address.partition("/l/")[0])
        printed = await browser.get(link)

    assert address != link
    assert [first.status_code, page.status_code] == [303, 200]
    assert [second.status_code, after.status_code, printed.status_code] == [410, 401, 303]


async def test_without_a_browser_nothing_is_made_for_one(app: App, started: list[str]) -> None:
    """With `--no-open`."""
    async with serving(app, opens=False):
        assert started == []


async def test_new_keys_end_what_was_made_before(app: App) -> None:
    """And it is said."""
    links = Links(app.database, app.services.clock)
    earlier = await links.make(Role.OWNER, None, PERSON.owner, lasts=DAY)
    async with serving(app, opens=False):
        assert (await links.read(earlier)).role is Role.OWNER
    async with serving(app, opens=False, new_keys=True) as (link, screen):
        with pytest.raises(LinkError):
            await links.read(earlier)
        assert (await links.read(link.rpartition("/")[2])).role is Role.OWNER

    assert "has ended" in screen.text()


async def test_rooms_are_closed_once_nobody_can_come_in(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A room that is opened after the others were closed would be left open."""
    links, refused, close = list[str](), list[bool](), House.close

    async def close_asking(self: House) -> None:
        async with httpx2.AsyncClient() as browser:
            try:
                await browser.get(links[0])
            except httpx2.ConnectError:
                refused.append(True)
        await close(self)

    monkeypatch.setattr(House, "close", close_asking)
    async with serving(app, opens=False) as (link, _):
        links.append(link)

    assert refused == [True]
