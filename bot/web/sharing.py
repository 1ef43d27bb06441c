"""Handing out links into an interview, and taking them back: its candidate alone does either."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.context import Web
from bot.web.entry import grant_for
from bot.web.links import Grant, Role
from bot.web.security import read_json

SHARED = MappingProxyType({"edit": Role.EDITOR, "view": Role.VIEWER, "card": Role.READER})
"""What a candidate may hand out, as the page names it."""

MOST_OPEN = 50
"""Links into one interview that were handed out and can be used at a time."""

_WHAT = "Say for what the link is: edit, view or card."
_TOO_MANY = "There are {most} links into this interview. Revoke them before you make another."


def sharing_routes(web: Web) -> list[BaseRoute]:
    """Make a link, and revoke all that were handed out."""

    async def share(request: Request) -> Response:
        grant, interview = await _of_candidate(request)
        role = _wanted(await read_json(request))
        if len(await _handed_out(web, interview)) >= MOST_OPEN:
            raise HTTPException(409, _TOO_MANY.format(most=MOST_OPEN))
        hours = web.app.settings.web_link_hours
        token = await web.links.make(role, interview, grant.person, lasts=timedelta(hours=hours))
        base = (web.app.settings.web_address or str(request.base_url)).rstrip("/")
        made = {"address": f"{base}/l/{token}", "hours": hours, "local": _is_local(base)}
        return JSONResponse(made, 201)

    async def revoke(request: Request) -> Response:
        _, interview = await _of_candidate(request)
        handed_out = await _handed_out(web, interview)
        for one in handed_out:
            await web.links.revoke(one.link)
        return JSONResponse({"revoked": len(handed_out)})

    return [
        Route("/i/{interview}/links", share, methods=["POST"]),
        Route("/i/{interview}/links/revoke", revoke, methods=["POST"]),
    ]


async def _handed_out(web: Web, interview: str) -> list[Grant]:
    """What can be used now, without the candidate's own ways in."""
    return [one for one in await web.links.of(interview) if one.role in SHARED.values()]


def _is_local(address: str) -> bool:
    """Whether the address leads to this machine wherever it is opened, so that others get nowhere.

    A name that is not known to be this machine's counts as one that others can use.
    """
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _of_candidate(request: Request) -> tuple[Grant, str]:
    """Raises `NoGrantError` for everybody who was let in by somebody else."""
    interview = request.path_params["interview"]
    return await grant_for(request, interview, lambda grant: grant.may_talk), interview


def _wanted(asked: object) -> Role:
    role = SHARED.get(str(asked.get("role"))) if isinstance(asked, dict) else None
    if role is None:
        raise HTTPException(400, _WHAT)
    return role
