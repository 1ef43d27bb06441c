"""What a browser is told where it gets nothing else: a short page, or JSON for our own client."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.web.errors import tell

TEMPLATES = Path(__file__).parent / "templates"

_TITLES = {
    401: "You need a link",
    403: "Not from here",
    404: "Nothing here",
    405: "Nothing here",
    410: "This link is over",
    413: "Too large",
    503: "Not now",
}

_ADVICE = {
    401: "Ask whoever runs the interview for one, or make one with `hotseat web`.",
    404: "Check the address, or go back to where you came from.",
    410: "Ask for a new one where you got it: links are made to end.",
    503: "Load the page again in a moment.",
}


class NoGrantError(Exception):
    """The browser has no link that allows this; the message is for the person."""


def problem(request: Request, status: int, reason: str) -> Response:
    """The answer with this status: a page for people, JSON where the client asked for it."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": reason}, status)
    title = _TITLES.get(status, "That did not work")
    page = _page().render(title=title, reason=reason, advice=_ADVICE.get(status, ""))
    return HTMLResponse(page, status)


async def on_http_error(request: Request, err: Exception) -> Response:
    """What Starlette or a route refuses."""
    if not isinstance(err, HTTPException):
        raise err
    plain = err.detail == HTTPStatus(err.status_code).phrase
    reason = "There is no such page." if plain and err.status_code in (404, 405) else err.detail
    answer = problem(request, err.status_code, reason)
    answer.headers.update(err.headers or {})
    return answer


async def on_no_grant(request: Request, err: Exception) -> Response:
    """A page without a link to it."""
    return problem(request, 401, str(err))


async def on_bad_link(request: Request, err: Exception) -> Response:
    """A link that opens nothing."""
    return problem(request, 410, str(err))


async def on_known_error(request: Request, err: Exception) -> Response:
    """What the database says."""
    return problem(request, 503, tell(err, "a page"))


async def on_missing(request: Request, err: Exception) -> Response:
    """An interview that is not there, or not any more."""
    return problem(request, 404, tell(err, "a page"))


async def on_gone(request: Request, err: Exception) -> Response:
    """A browser that left in the middle of what it sent; nobody reads the answer."""
    return Response(status_code=400)


async def on_fault(request: Request, err: Exception) -> Response:
    """A fault of ours, with its number in the log."""
    return problem(request, 500, tell(err, "a page"))


@cache
def _page() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
    )
    return environment.get_template("problem.html")
