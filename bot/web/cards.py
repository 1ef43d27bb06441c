"""Scorecards in the browser, as a page and as one file to keep; and pictures of the board.

A card is shown to whom it belongs and to whoever its owner gave a link for it. The board is shown
to everybody who may come in; while it is drawn, not to readers of the card.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.drawings import drawings_of
from bot.rendering import PictureError, scene_png
from bot.web.context import Web
from bot.web.entry import grant_for
from bot.web.kept_replays import KeptReplays
from bot.web.links import Grant, Role
from bot.web.pages import page
from bot.web.problems import NoGrantError
from bot.wiring import App
from interviewer.ports import BoardRevision, StoredInterview
from scoring.render.html import Link, card_policy, render_html
from scoring.render.replay import Replay, replays
from scoring.scorecard import Scorecard
from storage.closed_cards import closed_cards
from storage.errors import ScorecardNotFoundError
from storage.notes import notes_of
from storage.places import find_place
from storage.scenes import Element, scene_at
from storage.scorecards import load_scorecard
from storage.self_ratings import mark_card_opened
from whiteboard.picture import DARK, LIGHT, Theme, scene_svg
from whiteboard.scene import board_elements

_LOG = logging.getLogger(__name__)

_THEMES = {"light": LIGHT, "dark": DARK}
_AT_ONCE = 2
"""Cards and pictures; others wait."""
_ITS_OWN = frozenset({Role.OWNER, Role.CANDIDATE})
_TOO_EARLY = "The board can be seen with the card, when the interview is over."
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Opened by itself a picture is a document, which runs and loads nothing."""


def card_routes(web: Web) -> list[BaseRoute]:
    """The card of an interview, the file, and its board."""
    cards = _Cards(web.app)
    zipped = [Middleware(GZipMiddleware)]
    return [
        Route("/i/{interview}/scorecard", cards.show, methods=["GET"], middleware=zipped),
        Route("/i/{interview}/scorecard.html", cards.send, methods=["GET"], middleware=zipped),
        Route("/i/{interview}/board.svg", cards.draw_svg, methods=["GET"]),
        Route("/i/{interview}/board.png", cards.draw_png, methods=["GET"]),
    ]


class _Cards:
    """Answers what is asked for; drawing takes the processor, so few do it at one time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._kept = KeptReplays()

    async def show(self, request: Request) -> Response:
        """The card as a page, with ways to others."""
        grant, stored = await _let_in(self._app, request)
        links = [Link("scorecard.html", "Download as one file")]
        if grant.role is Role.OWNER:
            links.append(Link("/", "All your interviews"))
        return await self._card(grant, stored, links)

    async def send(self, request: Request) -> Response:
        """The card as a file to keep."""
        grant, stored = await _let_in(self._app, request)
        answer = await self._card(grant, stored)
        if answer.status_code == HTTPStatus.OK:
            name = f"hotseat-{stored.id}.html"
            answer.headers["content-disposition"] = f'attachment; filename="{name}"'
        return answer

    async def draw_svg(self, request: Request) -> Response:
        """The board, as large as it was drawn."""
        elements, theme = await _board(self._app, request)
        async with self._turn:
            drawn = await asyncio.to_thread(scene_svg, elements, theme=theme)
        return _picture(drawn.encode(), "image/svg+xml")

    async def draw_png(self, request: Request) -> Response:
        """The board in pixels."""
        elements, theme = await _board(self._app, request)
        try:
            async with self._turn:
                drawn = await asyncio.to_thread(scene_png, elements, theme=theme)
        except PictureError:
            _LOG.warning("a picture of a board was not drawn")
            raise HTTPException(503, "The picture could not be drawn.") from None
        return _picture(drawn, "image/png")

    async def _card(
        self, grant: Grant, stored: StoredInterview, links: Sequence[Link] = ()
    ) -> Response:
        card = await _find_card(self._app, grant, stored)
        if isinstance(card, Response):
            return card
        async with self._turn:
            return _html(await self._written(card, links))

    async def _written(self, card: Scorecard, links: Sequence[Link]) -> str:
        notes = await notes_of(self._app.database, card.interview_id)
        shown = await self._replays(card)
        return await asyncio.to_thread(render_html, card, notes, links=links, shown=shown)

    async def _replays(self, card: Scorecard) -> Mapping[int, Replay]:
        """What the card shows of its boards, drawn now or a moment ago."""
        boards = await self._app.services.store.boards(card.interview_id)
        key = card.interview_id, card.revision, boards[-1].revision if boards else 0
        shown = self._kept.find(key)
        if shown is None:
            drawings = await drawings_of(self._app, card)
            shown = await asyncio.to_thread(replays, card, drawings)
            self._kept.keep(key, shown)
        return shown


async def _let_in(app: App, request: Request) -> tuple[Grant, StoredInterview]:
    """Who asks for the card of which interview.

    Raises `NoGrantError` and `InterviewNotFoundError`.
    """
    interview_id = request.path_params["interview"]
    grant = await grant_for(request, interview_id, lambda one: one.may_see_card)
    return grant, await app.services.store.interview(interview_id)


async def _find_card(app: App, grant: Grant, stored: StoredInterview) -> Scorecard | Response:
    """The latest card, or the page that says why there is none to be seen.

    Whoever took the interview has seen it from now on; a rating of their own is not blind then.
    """
    try:
        card = await load_scorecard(app.database, stored.id)
    except ScorecardNotFoundError:
        return _not_graded(grant, stored)
    place = await find_place(app.database, stored.id)
    if place is None:
        return card
    if stored.id in await closed_cards(app.database, place.owner):
        return page(
            "card_missing.html",
            404,
            title="This card is still closed",
            sentence="Its candidate wanted to rate the interview first. `/scorecard show` on "
            "Discord is where that is done, and where it can be opened without.",
            address="",
        )
    if grant.role in _ITS_OWN:
        await mark_card_opened(app.database, stored.id, app.services.clock.now())
    return card


def _not_graded(grant: Grant, stored: StoredInterview) -> Response:
    over = _is_over(stored)
    sentence = (
        "The interview is over, and its card is not made yet. Load this page again in a moment; "
        "if nothing comes, start Hotseat anew, which makes up for it."
        if over
        else "The card is made when the interview is over. It is still going on."
    )
    returns = not over and grant.role in _ITS_OWN
    return page(
        "card_missing.html",
        404,
        title="There is no scorecard yet",
        sentence=sentence,
        address="./" if returns else "",
        words="Go on with the interview",
    )


def _html(text: str) -> Response:
    policy = f"{card_policy()}; frame-ancestors 'none'"
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return HTMLResponse(text, headers=headers)


async def _board(app: App, request: Request) -> tuple[Sequence[Element], Theme]:
    """The scene of the revision that is asked for, by default the latest, and the theme.

    Raises `NoGrantError`, and HTTPException for what there is not.
    """
    interview_id = request.path_params["interview"]
    await _let_see_board(app, request, interview_id)
    theme = _THEMES.get(request.query_params.get("theme", "light"))
    if theme is None:
        raise HTTPException(400, "The theme is light or dark.")
    revisions = await app.services.store.boards(interview_id)
    revision = _asked_for(request, revisions)
    if revision is None:
        return (), theme
    if revision.scene is not None:
        return await scene_at(app.database, interview_id, revision.scene), theme
    return await asyncio.to_thread(board_elements, revision.board), theme


async def _let_see_board(app: App, request: Request, interview_id: str) -> None:
    """Return where they may; a link to a card shows the boards that stand on it, so none before.

    Raises `NoGrantError`, and HTTPException for a reader who comes too early.
    """
    await grant_for(request, interview_id)
    if _is_over(await app.services.store.interview(interview_id)):
        return
    try:
        await grant_for(request, interview_id, lambda grant: grant.may_see_board)
    except NoGrantError:
        raise HTTPException(404, _TOO_EARLY) from None


def _is_over(stored: StoredInterview) -> bool:
    return stored.finished_at is not None or stored.state.ending is not None


def _asked_for(request: Request, revisions: Sequence[BoardRevision]) -> BoardRevision | None:
    """The revision; None where none is named and nothing was drawn yet."""
    asked = request.query_params.get("revision")
    if asked is None:
        return revisions[-1] if revisions else None
    for one in revisions:
        if str(one.revision) == asked:
            return one
    raise HTTPException(404, "The board has no such revision.")


def _picture(drawn: bytes, kind: str) -> Response:
    headers = {"content-security-policy": _PICTURE_POLICY, "cache-control": "no-store"}
    return Response(drawn, media_type=kind, headers=headers)
