"""The server dies while people draw, and comes back: no stroke is lost."""

import asyncio
from collections.abc import Iterator

import pytest
from pages import Person, Served, until
from playwright.async_api import Browser

DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture
def served(served: Served) -> Iterator[Served]:
    """The command, which is there again for whoever comes after a test that failed."""
    yield served
    if not served.runs:
        served.start()


async def test_killed_while_two_people_draw(served: Served, chromium: Browser) -> None:
    """Both go on drawing; what they drew meanwhile is there when the server is."""
    ada = await Person.at(await chromium.new_context(viewport=DESKTOP))
    ben = await Person.at(await chromium.new_context(viewport=DESKTOP))
    interview = await ada.begins(served)
    await ben.opens(await ada.link_for("edit"))
    await ada.draws_box(460, 150, "before")
    await ben.sees_facts(elements=2)
    served.kill()
    await asyncio.gather(
        ada.draws_box(460, 400, "Ada offline"), ben.draws_box(760, 400, "Ben offline")
    )
    await ada.sees_facts(status="offline")
    await asyncio.to_thread(served.start)

    everything = {"before", "Ada offline", "Ben offline"}
    await until(lambda: served.labels(interview), everything, "the board")
    for person in (ada, ben):
        await person.sees_facts(status="live", elements=6, unsaved=0)


async def test_a_tab_that_was_closed_while_the_server_was_down(
    served: Served, chromium: Browser
) -> None:
    """What was drawn in it waits in the browser for the next tab."""
    context = await chromium.new_context(viewport=DESKTOP)
    ada = await Person.at(context)
    interview = await ada.begins(served)
    address = ada.page.url
    served.kill()
    await ada.draws_box(460, 300, "left behind")
    await until(ada.kept, lambda kept: "left behind" in kept, "what the browser keeps")
    await ada.page.close()
    await asyncio.to_thread(served.start)
    again = await Person.at(context)
    await again.opens(address)

    await until(lambda: served.labels(interview), {"left behind"}, "the board")
    await again.saves()


async def test_an_answer_sent_while_the_server_was_down(served: Served, chromium: Browser) -> None:
    """It is kept, sent once the line is back, and taken once."""
    ada = await Person.at(await chromium.new_context(viewport=DESKTOP))
    interview = await ada.begins(served)
    served.kill()
    await ada.sees_facts(talk="offline")
    await ada.page.locator("#answer").fill("I would ask about the volume first.")
    await ada.page.keyboard.press("Enter")
    await asyncio.to_thread(served.start)
    await ada.sees_facts(talk="live", unsent=0)

    await until(lambda: served.events(interview).count("said"), 1, "answers")
