"""The whiteboard by mouse and by keyboard, read as the interviewer reads it."""

from pages import Person, Served, until
from playwright.async_api import Browser

from whiteboard.board import ComponentKind
from whiteboard.excalidraw import Found


async def test_boxes_arrows_and_a_zone_by_mouse(served: Served, chromium: Browser) -> None:
    """What is drawn as anybody draws it is a graph: labels, directions, and what is inside."""
    person = await Person.at(await chromium.new_context(viewport={"width": 1440, "height": 900}))
    interview = await person.begins(served)
    await person.draws_box(460, 200, "browser")
    await person.draws_box(760, 200, "order API")
    await person.draws_box(760, 420, "ledger")
    await person.draws("a", (612, 230), (680, 232), (757, 230))
    await person.writes("token")
    await person.draws("a", (835, 262), (836, 330), (835, 417))
    await person.draws("f", (720, 160), (850, 300), (990, 540))
    await person.saves()

    await until(lambda: len(served.reading(interview).board.zones), 1, "zones")
    reading = served.reading(interview)
    board = reading.board
    label = {part.id: part.label for part in board.components}
    assert {(label[one.source], one.label, label[one.target]) for one in board.arrows} == {
        ("browser", "token", "order API"),
        ("order API", "", "ledger"),
    }
    assert {(one.source_found, one.target_found) for one in reading.arrows} == {
        (Found.BOUND, Found.BOUND)
    }
    inside = {part.label for part in board.components if part.zone is not None}
    assert inside == {"order API", "ledger"}
    assert person.trouble == []


async def test_a_board_by_finger(served: Served, chromium: Browser) -> None:
    """On a phone: a part of the palette, a box that is dragged open, and an arrow between them."""
    phone = {"width": 390, "height": 844}
    context = await chromium.new_context(viewport=phone, has_touch=True, is_mobile=True)
    person = await Person.at(context)
    interview = await person.begins(served)
    page = person.page
    await page.get_by_role("navigation", name="Views").get_by_role("button", name="Board").tap()
    await page.locator("#parts button[data-kind=llm]").tap()
    await until(lambda: served.labels(interview), {"LLM"}, "the part")
    await person.taps_tool("rectangle")
    await person.drags((60, 250), (120, 300), (190, 330))
    await until(lambda: len(served.labels(interview)), 2, "boxes")
    await person.taps_tool("arrow")
    await person.drags((125, 334), (150, 380), (190, 442))
    await until(lambda: len(served.reading(interview).arrows), 1, "arrows")
    await person.saves()

    reading = served.reading(interview)
    (arrow,) = reading.board.arrows
    assert (arrow.source, arrow.target) == ("unnamed", "llm")
    assert person.trouble == []


async def test_a_board_by_keyboard_alone(served: Served, chromium: Browser) -> None:
    """Parts, their names, and an arrow between them, without a mouse."""
    person = await Person.at(await chromium.new_context(viewport={"width": 1440, "height": 900}))
    interview = await person.begins(served)
    page = person.page
    first = page.locator("#parts button[tabindex='0']").first
    await first.focus()
    await page.keyboard.press("Enter")
    await until(lambda: served.labels(interview), {"User"}, "the first part")
    await page.locator("#parts button[data-kind=llm]").focus()
    await page.keyboard.press("Enter")
    await until(lambda: served.labels(interview), {"User", "LLM"}, "the second part")
    await person.writes("Claude answers")
    await until(lambda: served.labels(interview), {"User", "Claude answers"}, "the new name")

    await page.get_by_role("button", name="Connect…").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.locator("select").nth(0).select_option(label="User")
    await dialog.locator("select").nth(1).select_option(label="Claude answers")
    await dialog.locator("input").fill("question")
    await page.keyboard.press("Enter")
    await until(lambda: len(served.reading(interview).board.arrows), 1, "arrows")

    board = served.reading(interview).board
    label = {part.id: part.label for part in board.components}
    (arrow,) = board.arrows
    assert (label[arrow.source], arrow.label, label[arrow.target]) == (
        "User",
        "question",
        "Claude answers",
    )
    assert {part.kind for part in board.components} == {ComponentKind.USER, ComponentKind.LLM}
    assert person.trouble == []


async def test_what_is_drawn_reaches_the_interviewer(served: Served, chromium: Browser) -> None:
    """Once the pen rests, and once for all that was drawn until then."""
    person = await Person.at(await chromium.new_context(viewport={"width": 1440, "height": 900}))
    interview = await person.begins(served)
    for kind in ("client", "gateway", "llm"):
        await person.picks(kind)
    await until(lambda: served.events(interview).count("drew"), 1, "looks at the board")

    with served.database() as connection:
        query = "SELECT sketch, scene FROM board_revisions WHERE interview_id = ?"
        ((sketch, scene),) = connection.execute(query, (interview,)).fetchall()
    assert {"Client", "API gateway", "LLM"} <= set(sketch.splitlines())
    assert scene > 0
