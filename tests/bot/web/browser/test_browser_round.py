"""A whole round in the page, from the start page to the card."""

from pages import Person, Served, outside, until
from playwright.async_api import Browser

SAYS = (
    "How many conversations are there per day, and what is the peak? I assume English only.",
    "A loop with a cap of eight steps: the model picks a tool, the code checks it and runs it.",
    "A small model routes easy requests, a strong model takes the rest; that is two cents each.",
    "A golden set of 200 labelled tickets, and the release is blocked below 95 percent.",
    "The order service checks ownership; the model's text never decides who may do what.",
    "Traces of each step, an alert on cost per conversation, and a kill switch per tool.",
)


async def test_a_design_round_from_start_to_card(served: Served, chromium: Browser) -> None:
    """Six stages, a drawing, a hint, a pause, the end; nothing is asked of any other server."""
    person = await Person.at(await chromium.new_context(viewport={"width": 1440, "height": 900}))
    interview = await person.begins(served)
    page = person.page
    for stage, answer in enumerate(SAYS):
        await page.get_by_text(f"Stage {stage + 1} of 6").first.wait_for()
        await person.says(answer)
        if stage == 1:
            await person.picks("gateway")
            await person.picks("llm")
            await until(lambda: served.events(interview).count("drew"), 1, "looks at the board")
            await person.presses("Hint")
            await until(lambda: "hint" in served.events(interview), True, "a hint")
            await person.presses("Pause")
            await page.get_by_role("button", name="Resume", exact=True).wait_for()
            await person.presses("Resume")
        if stage < len(SAYS) - 1:
            await until(lambda: person.page.get_by_role("log").is_visible(), True, "the talk")
            await person.presses("Next stage")
    await person.presses("End")
    await page.get_by_role("dialog").get_by_role("button", name="End").click()
    await page.get_by_role("link", name="scorecard").first.click()
    await page.wait_for_url(f"**/i/{interview}/scorecard")

    text = await page.inner_text("body")
    assert "cap of eight steps" in text
    assert "golden set of 200" in text
    assert await page.locator("svg").count() > 0
    assert outside(person.asked, served) == []
    assert person.trouble == []


async def test_an_answer_outlives_a_reload(served: Served, chromium: Browser) -> None:
    """What was said stands there again, and a half-written answer too."""
    person = await Person.at(await chromium.new_context())
    await person.begins(served)
    await person.says("I would first ask how many tickets there are a day.")
    await person.page.locator("#answer").fill("and then I")
    await person.page.reload()
    await person.sees_facts(status="live", talk="live")

    await person.hears("how many tickets there are a day")
    assert await person.page.locator("#answer").input_value() == "and then I"
