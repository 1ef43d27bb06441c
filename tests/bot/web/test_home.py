"""The start page: what it offers, what it starts, and what it says about what is kept."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from talk_world import QUESTIONS, SCENARIO, Hall, design, drill, home_with, open_hall
from web_world import START

from bot.doors import UsageError
from bot.web.links import Role
from bot.web.wishes import DRILL, read_wish, settings_of, shelves
from interviewer.state import Style
from scenarios.load import Library, UnknownItem
from scenarios.model import Level, RoundKind

FIELDS = {
    "item": SCENARIO,
    "level": "",
    "style": "neutral",
    "extra_time": "1",
    "minutes": "",
    "questions": "3",
}


@pytest.fixture
async def hall(tmp_path: Path, empty_database: Path, library: Library) -> AsyncIterator[Hall]:
    """A served page without an interview."""
    async with open_hall(home_with(empty_database, tmp_path / "home"), library) as opened:
        yield opened


async def start_page(hall: Hall) -> str:
    """What the owner sees."""
    async with hall.browser(await hall.cookie(Role.OWNER, None)) as browser:
        answer = await browser.get("/")
    assert answer.status_code == 200
    return answer.text


async def start(hall: Hall, **fields: str) -> Any:
    """Send the form."""
    async with hall.browser(await hall.cookie(Role.OWNER, None)) as browser:
        return await browser.post("/rounds", data=FIELDS | fields)


async def test_a_round_is_started_from_the_page(hall: Hall, library: Library) -> None:
    """The form leads to the interview, which begins with its first question."""
    answer = await start(hall, level="mid", style="sceptical", extra_time="1.5", minutes="30")
    place = answer.headers["location"]
    interview = place.split("/")[2]
    async with hall.follow(interview) as page:
        await page.until(lambda: bool(page.turns))
    settings = (await hall.app.services.store.interview(interview)).settings

    assert (answer.status_code, place) == (303, f"/i/{interview}/")
    assert (settings.level, settings.style, settings.extra_time) == (
        Level.MID,
        Style.SCEPTICAL,
        1.5,
    )
    assert [(one.kind, one.items, one.minutes) for one in settings.rounds] == [
        (RoundKind.DESIGN, (SCENARIO,), 30)
    ]
    assert (settings.owner, settings.edge) == ("local", "web")


async def test_everything_in_the_packs_is_offered(hall: Hall, library: Library) -> None:
    """Scenarios, prompts, topics and plans; the first one for a newcomer is chosen."""
    page = await start_page(hall)
    offered = set(re.findall(r'name="item" value="([^"]+)"', page))
    items = (*library.scenarios, *library.prompts, *library.plans)

    assert {one.id for one in items} <= offered
    assert {f"{DRILL}{one.topic.value}" for one in library.questions} <= offered
    assert re.search(rf'value="{SCENARIO}" required checked', page)
    assert all(html.escape(one.title) in page for one in items)


async def test_the_page_needs_no_script_and_asks_nobody(hall: Hall) -> None:
    """No script, no inline style, and nothing from elsewhere."""
    page = await start_page(hall)

    assert "<script" not in page
    assert "style=" not in page
    assert re.findall(r'(?:href|src|action)="([a-z]+:)?//', page) == []


async def test_interviews_stand_with_what_can_be_done_with_them(
    hall: Hall, library: Library
) -> None:
    """Those that go on lead to their page, those that are graded to their card."""
    going = await hall.house.begin(design(library))
    graded = await hall.house.begin(drill(library))
    async with hall.follow(graded) as page:
        await page.until(lambda: bool(page.turns))
        await page.do("end")
        await page.until(lambda: page.card != "")
    shown = await start_page(hall)

    assert f'href="/i/{going}/"' in shown
    assert f'href="/i/{graded}/scorecard"' in shown
    assert f'href="/i/{graded}/"' not in shown


async def test_nobody_elses_interviews_are_listed(hall: Hall, library: Library) -> None:
    """What belongs to others on the same database stays theirs."""
    theirs = design(library).model_copy(update={"owner": "discord:7"})
    await hall.app.services.store.create_interview("theirs22", theirs, START)

    assert "theirs22" not in await start_page(hall)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"item": ""}, "Choose what to practise first."),
        ({"item": "not-in-any-pack"}, "The packs do not hold that any more"),
        ({"item": "llm-app-mid", "minutes": "30"}, "A loop has its own times"),
        ({"minutes": "900"}, "A round takes 1 to 180 minutes."),
        ({"style": "rude"}, "This form was not filled in on the start page"),
        ({"item": f"{DRILL}nothing"}, "No pack holds a question on that topic"),
    ],
)
async def test_a_wish_that_cannot_be_met_is_answered_on_the_page(
    hall: Hall, fields: dict[str, str], sentence: str
) -> None:
    """The page comes again with the reason, and nothing is started."""
    answer = await start(hall, **fields)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert "Go on" not in answer.text


async def test_what_is_sent_is_escaped(hall: Hall) -> None:
    """Nothing from outside becomes markup."""
    answer = await start(hall, item='"><script>alert(1)</script>')

    assert answer.status_code == 400
    assert "<script>" not in answer.text


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.EDITOR, Role.READER])
async def test_a_link_to_one_interview_opens_no_start_page(
    hall: Hall, library: Library, role: Role
) -> None:
    """Only the owner's own link does."""
    interview = await hall.house.begin(drill(library))
    async with hall.browser(await hall.cookie(role, interview)) as browser:
        shown, sent = await browser.get("/"), await browser.post("/rounds", data=FIELDS)

    assert (shown.status_code, sent.status_code) == (401, 401)


async def test_it_says_what_is_kept_and_who_hears_it(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    """How long, how to delete it, and which model gets the words where one does."""
    home = home_with(empty_database, tmp_path / "home")
    async with open_hall(home, library, retention_days=12) as hall:
        offline = await start_page(hall)
    async with open_hall(
        home, library, engine="model", provider="ollama", anthropic_base_url="http://127.0.0.1:9"
    ) as hall:
        with_model = await start_page(hall)

    assert "deleted 12 days after it began" in offline
    assert "Nothing is sent to a language model." in offline
    assert "What you say and draw in this interview is sent to 127.0.0.1" in with_model
    assert "Nothing is sent to a language model." not in with_model


def test_a_drill_draws_its_questions(library: Library) -> None:
    """As many as wished for, of that topic, easy ones first; fewer where there are fewer."""
    wish = read_wish(FIELDS | {"item": f"{DRILL}any", "questions": "8"})
    (spec,) = settings_of(library, wish).rounds
    levels = [list(Level).index(library.question(item).level) for item in spec.items]
    (rag,) = settings_of(library, read_wish(FIELDS | {"item": f"{DRILL}rag"})).rounds

    assert len(set(spec.items)) == 8
    assert levels == sorted(levels)
    assert {library.question(item).topic.value for item in rag.items} == {"rag"}
    assert len(rag.items) <= 3


@pytest.mark.parametrize("kind", ["scenarios", "prompts", "plans"])
def test_every_offer_can_be_started(library: Library, kind: str) -> None:
    """Each has its rounds, its level and its usual time."""
    for item in getattr(library, kind):
        settings = settings_of(library, read_wish(FIELDS | {"item": item.id}))
        assert settings.level is item.level
        assert all(spec.minutes > 0 for spec in settings.rounds)


def test_a_question_alone_is_no_design_round(library: Library) -> None:
    """An id of another kind is refused as one that there is not."""
    with pytest.raises(UnknownItem):
        settings_of(library, read_wish(FIELDS | {"item": QUESTIONS[0]}))


def test_shelves_without_anything_are_left_out(library: Library) -> None:
    """A pack of drills alone offers drills alone."""
    empty = type(library)(())

    assert shelves(empty) == ()
    with pytest.raises(UsageError):
        settings_of(empty, read_wish(FIELDS | {"item": f"{DRILL}any"}))
