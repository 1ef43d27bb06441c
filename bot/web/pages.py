"""The pages that the server writes itself: their templates and their style sheet."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.problems import TEMPLATES

STYLE = "/pages.css"
"""Where the style sheet of these pages is; `base.html` asks for it."""

_STYLE_LASTS = {"Cache-Control": "max-age=300"}


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page of a template; everything in it is escaped."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


def style_routes() -> list[BaseRoute]:
    """The style sheet."""
    return [Route(STYLE, _style, methods=["GET"])]


async def _style(_: Request) -> Response:
    return Response(_style_sheet(), media_type="text/css", headers=_STYLE_LASTS)


@cache
def _style_sheet() -> str:
    return (TEMPLATES / "pages.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
