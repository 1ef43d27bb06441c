"""Several people at one board: editors, viewers, and those who are neither."""

import asyncio
import json

from pages import Person, Served, until
from playwright.async_api import Browser
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

DESKTOP = {"width": 1440, "height": 900}


async def test_two_draw_and_one_looks_on(served: Served, chromium: Browser) -> None:
    """Everybody sees the same; a viewer has no tools and is heard by nobody."""
    ada = await Person.at(await chromium.new_context(viewport=DESKTOP))
    ben = await Person.at(await chromium.new_context(viewport=DESKTOP))
    eve = await Person.at(await chromium.new_context(viewport=DESKTOP))
    interview = await ada.begins(served)
    await ben.opens(await ada.link_for("edit"))
    await eve.opens(await ada.link_for("view"))
    await asyncio.gather(
        ada.draws_box(460, 200, "from Ada"),
        ben.draws_box(700, 500, "from Ben"),
    )
    for person in (ada, ben, eve):
        await person.sees_facts(elements=4)
    await eve.draws("r", (500, 600), (560, 640), (620, 680))

    await asyncio.sleep(0.5)
    assert served.labels(interview) == {"from Ada", "from Ben"}
    assert await eve.fact("role") == "view"
    assert [await one.fact("elements") for one in (ada, ben, eve)] == [4, 4, 4]
    assert ada.trouble + ben.trouble + eve.trouble == []


async def test_forged_updates_of_a_viewer_change_nothing(served: Served, chromium: Browser) -> None:
    """The page has no tools for it, and neither has a program with the page's cookie."""
    ada = await Person.at(await chromium.new_context(viewport=DESKTOP))
    interview = await ada.begins(served)
    await ada.draws_box(460, 200, "mine")
    await ada.saves()
    context = await chromium.new_context()
    eve = await Person.at(context)
    await eve.opens(await ada.link_for("view"))
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in await context.cookies())
    (drawn,) = (one for one in served.stored(interview) if one["type"] == "rectangle")
    forged = {**drawn, "isDeleted": True, "version": drawn["version"] + 100}
    address = f"{served.address.replace('http', 'ws', 1)}/i/{interview}/board"
    headers = {"Cookie": cookie}

    async with connect(address, origin=served.address, additional_headers=headers) as socket:
        epoch = json.loads(await socket.recv())["epoch"]
        update = {"type": "update", "epoch": epoch, "seq": 1, "elements": [forged]}
        await socket.send(json.dumps(update))
        while (told := json.loads(await socket.recv()))["type"] != "refused":
            pass

    assert told["seq"] == 1
    assert served.labels(interview) == {"mine"}


async def test_a_revoked_link_closes_the_page(served: Served, chromium: Browser) -> None:
    """At once, and with words; the candidate's own page goes on."""
    ada = await Person.at(await chromium.new_context(viewport=DESKTOP))
    interview = await ada.begins(served)
    ben = await Person.at(await chromium.new_context(viewport=DESKTOP))
    link = await ada.link_for("edit")
    await ben.opens(link)
    await ada.page.evaluate("fetch('links/revoke', {method: 'POST'})")
    await ben.page.get_by_text("This link has expired or was withdrawn").wait_for()
    await ada.draws_box(460, 200, "still here")

    await until(lambda: served.labels(interview), {"still here"}, "the board")
    answer = await ben.page.goto(link)
    assert answer is not None
    assert answer.status == 410


async def test_strangers_stay_outside(served: Served, chromium: Browser) -> None:
    """No cookie, another interview's, an invented one, another page: no board."""
    ada = await Person.at(await chromium.new_context(viewport=DESKTOP))
    interview = await ada.begins(served)
    context = await chromium.new_context()
    bob = await Person.at(context)
    await bob.opens(await ada.link_for("view"))
    (cookie,) = await context.cookies()
    pair = f"{cookie['name']}={cookie['value']}"
    base = served.address.replace("http", "ws", 1)
    tries = [
        (interview, {}, served.address),
        ("another", {"Cookie": pair}, served.address),
        (interview, {"Cookie": f"{cookie['name']}=invented"}, served.address),
        (interview, {"Cookie": pair}, "https://elsewhere.example"),
    ]

    closed = []
    for name, headers, origin in tries:
        try:
            async with connect(
                f"{base}/i/{name}/board", origin=origin, additional_headers=headers
            ) as socket:
                closed.append(json.loads(await socket.recv()))
        except (ConnectionClosed, InvalidStatus) as err:
            closed.append(type(err))

    assert [one for one in closed if isinstance(one, dict)] == []
