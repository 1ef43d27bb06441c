"""What a person writes or draws that cannot be taken: nothing hangs, and the page says so."""

import math

import pytest_asyncio
from pages import Person, Served, until
from playwright.async_api import Browser, expect

DESKTOP = {"width": 1440, "height": 900}

WRITE = """text => {
    const box = document.querySelector('#answer');
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, text());
    box.dispatchEvent(new Event('input', {bubbles: true}));
}"""
HALF_AN_EMOJI = f"({WRITE})(() => 'How many tickets a day? \\ud83d')"
TOO_LONG = f"({WRITE})(() => 'x'.repeat(20_001))"
LEFT_UNSENT = """() => sessionStorage.setItem(
    `hotseat:unsent:${location.pathname.split('/')[2]}`,
    JSON.stringify([{type: 'say', origin: '0123456789', text: 'y'.repeat(150_000)}]),
)"""
LONG_STROKE = {
    "type": "freedraw",
    "id": "pasted",
    "x": 0,
    "y": 0,
    "width": 900,
    "height": 100,
    "version": 1,
    "versionNonce": 1,
    "points": [[n / 10, 50 * math.sin(n / 40)] for n in range(9_000)],
    "pressures": [],
    "simulatePressure": True,
}
PASTE = """element => {
    const data = new DataTransfer();
    const clipboard = {type: 'excalidraw/clipboard', elements: [element]};
    data.setData('text/plain', JSON.stringify(clipboard));
    document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data}));
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def ada(chromium: Browser) -> Person:
    """Somebody at a desk."""
    return await Person.at(await chromium.new_context(viewport=DESKTOP))


async def test_half_an_emoji_costs_no_answer(served: Served, ada: Person) -> None:
    """It is taken once, and the line lives."""
    interview = await ada.begins(served)
    await ada.page.evaluate(HALF_AN_EMOJI)
    await ada.page.locator("#answer").press("Enter")
    await ada.sees_facts(unsent=0, talk="live")

    await until(lambda: served.events(interview).count("said"), 1, "answers")
    await ada.hears("How many tickets a day? \ufffd")


async def test_an_answer_that_is_too_long_is_not_sent(served: Served, ada: Person) -> None:
    """The page says how long it is and may be; what an earlier load left to send comes back."""
    await ada.begins(served)
    await ada.page.evaluate(TOO_LONG)
    await ada.page.locator("#answer").press("Enter")

    await expect(ada.page.locator("#answer-length")).to_contain_text("20,001 of 20,000 characters")
    await expect(ada.page.get_by_role("button", name="Send the answer")).to_be_disabled()
    await ada.page.locator("#answer").fill("")
    await ada.page.evaluate(LEFT_UNSENT)
    await ada.page.reload()
    await ada.page.get_by_text("20,000 is the most that one turn takes").wait_for()
    await ada.sees_facts(unsent=0, talk="live")
    assert len(await ada.page.locator("#answer").input_value()) == 150_000


async def test_a_text_that_is_too_long_is_shortened_for_all(served: Served, ada: Person) -> None:
    """Who wrote it sees what is kept, and is told."""
    interview = await ada.begins(served)
    await ada.turns_to_board()
    await ada.page.keyboard.press("t")
    await ada.page.mouse.click(500, 300)
    await ada.page.keyboard.insert_text("word " * 500)
    await ada.page.keyboard.press("Escape")
    await ada.page.get_by_text("A text holds 2,000 characters at most").wait_for()
    await ada.saves()

    (stored,) = (one for one in served.stored(interview) if not one["isDeleted"])
    assert len(stored["text"]) == 2_000
    assert ada.trouble == []


async def test_a_pen_that_draws_for_long(served: Served, ada: Person) -> None:
    """Thousands of points are one stroke that is kept; a short one keeps every point."""
    interview = await ada.begins(served)
    await ada.draws("p", (400, 200), (1000, 260), (400, 320), (1000, 380))
    await ada.saves()
    await ada.page.evaluate(PASTE, LONG_STROKE)
    await until(lambda: len(served.stored(interview)), 2, "strokes")
    await ada.saves()

    short, long = sorted(len(one["points"]) for one in served.stored(interview))
    assert 20 < short < 30
    assert long == 2_000
    assert ada.trouble == []


async def test_nothing_stays_on_the_device_of_an_interview_that_is_over(
    served: Served, ada: Person
) -> None:
    """Its board is read-only then, also for a page that is opened later."""
    await ada.begins(served)
    await ada.draws_box(460, 200, "kept")
    await ada.presses("End")
    await ada.presses("End the interview")
    await ada.page.get_by_role("link", name="Open the scorecard").wait_for()
    await ada.saves()
    await ada.page.reload()
    await ada.page.get_by_role("link", name="Open the scorecard").wait_for()
    await ada.draws("r", (500, 600), (560, 640), (620, 680))

    await ada.sees_facts(elements=2, unsaved=0)
    await expect(ada.page.get_by_test_id("status")).to_have_text("Read-only")
    await until(ada.kept, [], "copies on the device")


async def test_whose_link_has_ended_is_told_by_a_dialog(
    served: Served, ada: Person, chromium: Browser
) -> None:
    """The keyboard stays in it; Escape leads nowhere, and the device keeps nothing."""
    await ada.begins(served)
    ben = await Person.at(await chromium.new_context(viewport=DESKTOP))
    await ben.opens(await ada.link_for("edit"))
    await ben.draws_box(460, 200, "saved")
    await ben.saves()
    await ada.page.evaluate("fetch('links/revoke', {method: 'POST'})")
    dialog = ben.page.get_by_role("alertdialog", name="This link has expired or was withdrawn")
    await dialog.wait_for()
    for key in ("Escape", "Escape", "Escape", "Tab", "Tab"):
        await ben.page.keyboard.press(key)

    await expect(dialog).to_be_visible()
    inside = (
        "!!document.activeElement.closest('dialog') || document.activeElement === document.body"
    )
    assert await ben.page.evaluate(inside)
    await until(ben.kept, [], "copies on the device")
