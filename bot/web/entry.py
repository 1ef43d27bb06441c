"""How a browser comes in: a link is exchanged for a cookie, and each request is asked for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.context import Web
from bot.web.links import Grant, LinkError, Role
from bot.web.problems import NoGrantError
from interviewer.ports import InterviewNotFoundError
from storage.database import Database
from storage.scorecards import owner_of

_STRONGEST_FIRST = (Role.OWNER, Role.CANDIDATE, Role.READER, Role.EDITOR, Role.VIEWER)
"""In which order the links of one browser into an interview are asked."""

_NO_LINK = "This page opens with a link, and this browser has none for it."
_ENOUGH = "The link of this browser does not open this page."

_LONGEST_COOKIE_S = 400 * 24 * 60 * 60
"""Browsers keep none for longer."""

_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""What browsers send along that load a page before anybody wants to see it."""

Allowed = Callable[[Grant], bool]


def link_routes(web: Web) -> list[BaseRoute]:
    """Where links lead. Programs that only look whether there is something follow none."""

    async def enter(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(status_code=204)
        if any(name in request.headers for name in _AHEAD):
            # Browsers keep nothing of an answer with this status, and ask again.
            return Response(status_code=503)
        token = await web.links.follow(request.path_params["token"], _lasts(web))
        grant = await web.links.read(token)
        answer = RedirectResponse(_home_of(grant), 303)
        answer.headers["referrer-policy"] = "no-referrer"
        answer.set_cookie(
            cookie_name(grant.role),
            await web.links.cookie_of(token),
            max_age=_cookie_lasts(web, grant),
            path="/" if grant.interview is None else f"/i/{grant.interview}",
            secure=is_https(request, web.app.settings.web_address),
            httponly=True,
            samesite="lax",
        )
        return answer

    return [Route("/l/{token}", enter, methods=["GET"])]


async def grant_for(
    connection: HTTPConnection, interview: str | None, allowed: Allowed | None = None
) -> Grant:
    """What this browser may do in the interview, or None for an owner's home page.

    Of several links the one that gives most and is `allowed`. Raises `NoGrantError`, also for an
    interview that there is not.
    """
    web: Web = connection.app.state.web
    reason = _NO_LINK
    for role in _STRONGEST_FIRST:
        cookie = connection.cookies.get(cookie_name(role))
        if cookie is None:
            continue
        try:
            grant = await web.links.read_cookie(cookie)
        except LinkError as err:
            reason = str(err)
            continue
        if not await _covers(web.app.database, grant, interview):
            continue
        if allowed is None or allowed(grant):
            await web.links.renewed(grant, _lasts(web))
            return grant
        reason = _ENOUGH
    raise NoGrantError(reason)


async def seconds_left(web: Web, grant: Grant, interview: str) -> float:
    """How long the grant still opens the interview; 0 where its link or the interview is over.

    An owner's link is renewed by that.
    """
    found = await web.links.renewed(grant, _lasts(web))
    if found is None or not await _covers(web.app.database, found, interview):
        return 0.0
    return web.links.seconds_left(found)


def cookie_name(role: Role) -> str:
    """One for each role, so that trying out a link for others takes nothing from one's own."""
    return f"hotseat_{role.value}"


def is_https(connection: HTTPConnection, public_address: str | None) -> bool:
    """Whether the browser speaks HTTPS with us or with the proxy before us."""
    public = public_address is not None and public_address.startswith("https:")
    return public or connection.url.scheme in ("https", "wss")


def _lasts(web: Web) -> timedelta:
    return timedelta(hours=web.app.settings.web_link_hours)


def _cookie_lasts(web: Web, grant: Grant) -> int:
    """Seconds; an owner's link is renewed as it is used, and its row alone says when it ends."""
    if grant.role is Role.OWNER:
        return _LONGEST_COOKIE_S
    return max(0, int(web.links.seconds_left(grant)))


def _home_of(grant: Grant) -> str:
    if grant.interview is None:
        return "/"
    page = "scorecard" if grant.role is Role.READER else ""
    return f"/i/{grant.interview}/{page}"


async def _covers(database: Database, grant: Grant, interview: str | None) -> bool:
    if interview is None or grant.interview is not None:
        return grant.interview == interview
    try:
        owner = await database.run(lambda connection: owner_of(connection, interview))
    except InterviewNotFoundError:
        return False
    return owner == grant.person
