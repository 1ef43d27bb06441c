"""The boards of an interview as its card shows them."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from scoring.render.replay import chosen_drawings
from scoring.render.timeline import Drawing
from storage.errors import DatabaseCorruptError
from storage.scenes import scenes_at

if TYPE_CHECKING:
    from bot.wiring import App
    from interviewer.ports import BoardRevision
    from scoring.scorecard import Scorecard

_LOG = logging.getLogger(__name__)


async def drawings_of(app: App, card: Scorecard) -> tuple[Drawing, ...]:
    """Every board of the card's interview, oldest first; those that it shows have their scenes.

    Where strokes cannot be read none has, and what the interviewer read of them is shown.
    Raises `DatabaseCorruptError` where that cannot be read either.
    """
    revisions = await app.services.store.boards(card.interview_id)
    drawings = tuple(map(_drawing, revisions))
    chosen = {one.revision for one in chosen_drawings(card, drawings)}
    strokes = {
        one.revision: one.scene
        for one in revisions
        if one.scene is not None and one.revision in chosen
    }
    try:
        scenes = await scenes_at(app.database, card.interview_id, list(strokes.values()))
    except DatabaseCorruptError:
        _LOG.warning("strokes of %s cannot be read: its card goes without", card.interview_id)
        return drawings
    drawn = dict(zip(strokes, scenes, strict=True))
    return tuple(replace(one, elements=drawn.get(one.revision)) for one in drawings)


def _drawing(stored: BoardRevision) -> Drawing:
    return Drawing(
        revision=stored.revision,
        round_index=stored.round_index,
        stage=stored.stage,
        at=stored.at,
        board=stored.board,
    )
