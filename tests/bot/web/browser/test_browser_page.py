"""The page on screens of all kinds, with boards of all sizes."""

import asyncio
import json

import pytest
from pages import Person, Served, outside, until
from playwright.async_api import Browser
from websockets.asyncio.client import connect

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_nothing_overflows_and_nothing_comes_from_elsewhere(
    served: Served, chromium: Browser, scheme: str, size: dict[str, int]
) -> None:
    """Start page and board fit the screen, break no rule of the page, and ask no other server."""
    context = await chromium.new_context(viewport=size, color_scheme=scheme)
    person = await Person.at(context)
    await person.page.goto(served.link)
    widths = [await person.page.evaluate("document.documentElement.scrollWidth")]
    await person.begins(served)
    widths.append(await person.page.evaluate("document.documentElement.scrollWidth"))

    assert max(widths) <= size["width"]
    assert outside(person.asked, served) == []
    assert person.trouble == []


async def test_a_phone_has_both_tabs(served: Served, chromium: Browser) -> None:
    """Board and talk are a tap apart, and the answer can be given."""
    context = await chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    person = await Person.at(context)
    await person.begins(served)
    views = person.page.get_by_role("navigation", name="Views")
    await views.get_by_role("button", name="Talk").tap()
    await person.says("How many tickets are there a day?")
    await views.get_by_role("button", name="Board").tap()

    assert await person.page.locator("canvas.interactive").is_visible()
    assert not await person.page.locator("#answer").is_visible()


async def test_a_thousand_elements(served: Served, chromium: Browser) -> None:
    """They come to whoever opens the board, and it can still be drawn on."""
    context = await chromium.new_context(viewport=DESKTOP)
    person = await Person.at(context)
    interview = await person.begins(served)
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in await context.cookies())
    look = {"type": "rectangle", "version": 1, "width": 70, "height": 40}
    boxes = [
        {
            **look,
            "id": f"box{number}",
            "versionNonce": number + 1,
            "x": 900 + number % 40 * 90,
            "y": 900 + number // 40 * 60,
        }
        for number in range(1000)
    ]
    address = f"{served.address.replace('http', 'ws', 1)}/i/{interview}/board"
    headers = {"Cookie": cookie}
    async with connect(
        address, origin=served.address, additional_headers=headers, max_size=None
    ) as socket:
        epoch = json.loads(await socket.recv())["epoch"]
        for start in range(0, len(boxes), 250):
            part = boxes[start : start + 250]
            update = {"type": "update", "epoch": epoch, "seq": start, "elements": part}
            await socket.send(json.dumps(update))
            async with asyncio.timeout(20):
                while json.loads(await socket.recv())["type"] != "ack":
                    pass
    await person.sees_facts(elements=1000)
    await person.picks("cache")

    await until(lambda: "Cache" in served.labels(interview), True, "one more box")
    assert person.trouble == []
