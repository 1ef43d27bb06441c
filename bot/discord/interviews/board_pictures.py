"""Pictures of the board: for whoever asks, and in the interview's place at the end of a stage.

A picture that cannot be made or posted is missing, and nothing waits for it: the text form says the
same. The log has the type of the error.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from typing import NamedTuple

import discord

from bot.discord.errors import survived
from bot.discord.interviews.mouth import Poster
from bot.discord.views.board import PICTURE, stage_board_view
from bot.pictures import Drawing, board_words, drawing_of, revision_before
from bot.wiring import App
from interviewer.ports import BoardRevision
from interviewer.record import round_plans
from storage.places import posts_of

_LOG = logging.getLogger(__name__)

MOST_BYTES = 8 * 2**20
"""Discord takes 10 MiB a file."""

WIDTHS = (1600, 800)
"""Pixels across; the second where the first makes too large a file."""

PICTURE_S = 3.0
"""How long a question waits for the picture that stands above it."""


class BoardPicture(NamedTuple):
    """A PNG, in words what it shows, and whether what is new since a stage is `marked` in it."""

    png: bytes
    words: str
    marked: bool

    def file(self, name: str = PICTURE) -> discord.File:
        """A new attachment of it."""
        return discord.File(io.BytesIO(self.png), name)


async def picture_of(
    app: App,
    interview_id: str,
    revisions: Sequence[BoardRevision],
    title: str = "",
    *,
    marked: bool = True,
) -> BoardPicture | None:
    """The latest of the revisions; with `marked`, what is new since the stage before it is marked.

    None where it shows nothing, or cannot be made.
    """
    if not revisions or not revisions[-1].sketch:
        return None
    drawn: list[BoardPicture] = []

    async def draw() -> None:
        before = revision_before(revisions, revisions[-1]) if marked else None
        drawing = await drawing_of(app.database, interview_id, revisions[-1], before)
        drawn.append(await asyncio.to_thread(_draw, drawing, title))

    await survived(draw(), f"a picture of the board of {interview_id}")
    return drawn[0] if drawn and len(drawn[0].png) <= MOST_BYTES else None


def _draw(drawing: Drawing, title: str) -> BoardPicture:
    png = b""
    for width in WIDTHS:
        png = drawing.png(title, width)
        if len(png) <= MOST_BYTES:
            break
    return BoardPicture(png, board_words(drawing.board), drawing.before is not None)


class StagePictures:
    """Posts the board of a stage that is over, where it changed in it, once."""

    def __init__(self, app: App, interview_id: str, poster: Poster) -> None:
        self._app = app
        self._id = interview_id
        self._poster = poster
        self._done: set[tuple[int, str]] = set()

    async def stage_over(self, *, fresh: bool) -> None:
        """The stage in which the board was changed last is over.

        `fresh` says that its picture was not tried before by another process.
        """
        await survived(self._show_in_time(fresh=fresh), f"showing the board of {self._id}")

    async def _show_in_time(self, *, fresh: bool) -> None:
        async with asyncio.timeout(PICTURE_S):
            try:
                await self._show(fresh=fresh)
            except discord.Forbidden as err:
                _LOG.warning("the board of %s may not be shown: code %s", self._id, err.code)

    async def _show(self, *, fresh: bool) -> None:
        revisions = await self._app.services.store.boards(self._id)
        stage = (revisions[-1].round_index, revisions[-1].stage) if revisions else None
        if stage is None or stage in self._done:
            return
        self._done.add(stage)
        key = f"board:{stage[0]}:{stage[1]}"
        if await posts_of(self._app.database, self._id, key):
            return
        title = await self._title(*stage)
        picture = await picture_of(self._app, self._id, revisions, title)
        if picture is not None:
            view = stage_board_view(title, picture.words, marked=picture.marked)
            await self._poster.post(key, 0, view=view, files=[picture.file()], fresh=fresh)

    async def _title(self, round_index: int, stage: str) -> str:
        """What the stage is called; of a loop also its round."""
        stored = await self._app.services.store.interview(self._id)
        plan = round_plans(stored.settings, self._app.services.library)[round_index]
        title = next((one.title for one in plan.stages if one.name == stage), stage)
        return title if len(stored.settings.rounds) == 1 else f"{plan.title}: {title}"
