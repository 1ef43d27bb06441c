"""The start page of the person at this computer: what to practise, what goes on, what is graded."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.disclosure import disclosure
from bot.doors import UsageError
from bot.rounds import EXTRA_TIMES, title_of
from bot.web.context import Web
from bot.web.entry import grant_for
from bot.web.links import Grant, Role
from bot.web.pages import page, style_routes
from bot.web.wishes import DRILL_LENGTHS, read_wish, settings_of, shelves
from interviewer.state import InterviewSettings, Style
from scenarios.load import Library, UnknownItem
from scenarios.model import Level
from scoring.render.wording import ENDING_WORDS, KIND_WORDS, when
from storage.scorecards import list_scorecards, unfinished_interviews

GONE = "The packs do not hold that any more: choose something else."


class Entry(NamedTuple):
    """An interview in a list."""

    id: str
    title: str
    when: str
    ending: str = ""


def home_routes(web: Web) -> list[BaseRoute]:
    """The start page, what it starts, and the style sheet of both."""

    async def show(request: Request) -> Response:
        return await _home(web, await _owner(request))

    async def start(request: Request) -> Response:
        grant = await _owner(request)
        fields = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            if web.begin is None:
                raise UsageError("No round can be started here.")
            settings = settings_of(web.app.services.library, read_wish(fields))
        except UsageError as err:
            return await _home(web, grant, str(err), fields.get("item", ""))
        except UnknownItem:
            return await _home(web, grant, GONE)
        return RedirectResponse(f"/i/{await web.begin(settings)}/", 303)

    return [
        Route("/", show, methods=["GET"]),
        Route("/rounds", start, methods=["POST"]),
        *style_routes(),
    ]


async def _owner(request: Request) -> Grant:
    return await grant_for(request, None, lambda grant: grant.role is Role.OWNER)


async def _home(web: Web, grant: Grant, problem: str = "", chosen: str = "") -> Response:
    library = web.app.services.library
    offered = shelves(library) if web.begin is not None else ()
    first = offered[0].offers[0].value if offered else ""
    return page(
        "home.html",
        400 if problem else 200,
        problem=problem,
        chosen=chosen or first,
        shelves=offered,
        open=await _open(web, grant.person),
        graded=await _graded(web, grant.person),
        levels=[level.value for level in Level],
        styles=[style.value for style in Style],
        usual_style=Style.NEUTRAL.value,
        extra_times=EXTRA_TIMES,
        drill_lengths=DRILL_LENGTHS,
        disclosure=disclosure(web.app.settings),
        retention_days=web.app.settings.retention_days,
    )


async def _open(web: Web, person: str) -> list[Entry]:
    """What goes on, the latest first."""
    library = web.app.services.library
    stored = await unfinished_interviews(web.app.database)
    mine = [one for one in reversed(stored) if one.settings.owner == person]
    return [Entry(one.id, _title(library, one.settings), when(one.started_at)) for one in mine]


async def _graded(web: Web, person: str) -> list[Entry]:
    library = web.app.services.library
    return [
        Entry(
            one.interview_id,
            _title(library, one.settings),
            when(one.finished_at),
            ENDING_WORDS[one.ending],
        )
        for one in await list_scorecards(web.app.database, person)
    ]


def _title(library: Library, settings: InterviewSettings) -> str:
    """The rounds by their titles, or by their kinds where the packs lack one."""
    try:
        return title_of(library, settings.rounds)
    except UnknownItem:
        return " · ".join(KIND_WORDS[spec.kind] for spec in settings.rounds)
