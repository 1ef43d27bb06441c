"""Cards, and everything that is stored about an interview, as files."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

import discord

from bot.discord.limits import EXPORTS
from bot.discord.people import owner_of
from bot.discord.replies import promise, reply
from bot.discord.scorecards.cards import open_by_export
from bot.discord.scorecards.own import Interaction, own_interview, own_open_card
from bot.discord.views.self_rating import opened_words
from bot.doors import UsageError
from bot.drawings import drawings_of
from bot.wiring import App
from scoring.disputes import CardNotes
from scoring.render.html import render_html
from scoring.render.markdown import render_markdown
from scoring.render.timeline import Drawing
from scoring.scorecard import Scorecard, scorecard_to_json
from storage.notes import notes_of
from storage.people import export_own_interview
from storage.scorecards import load_scorecard

HTML = "html"
DATA = "data"
MIB = 1024 * 1024


class Form(NamedTuple):
    """How a file is named, and how a card is written as one; data is no card."""

    ending: str
    write: Callable[[Scorecard, CardNotes, Sequence[Drawing]], str] | None


_FORMS = {
    "markdown": Form(".md", lambda card, notes, _: render_markdown(card, notes)),
    HTML: Form(".html", render_html),
    "json": Form(".json", lambda card, *_: scorecard_to_json(card)),
    DATA: Form(".data.json", None),
}


async def send_export(interaction: Interaction, interview_id: str | None, form: str) -> None:
    """Send the file to whoever owns the interview, the latest where none is named.

    Raises `UsageError`, also where Discord takes no file of that size here.
    """
    bot = interaction.client
    if form not in _FORMS:
        raise UsageError(f"{form!r} is no form: choose one of {', '.join(_FORMS)}.")
    bot.limits.take(owner_of(interaction.user), EXPORTS)
    await promise(interaction)
    find = own_interview if form == DATA else own_open_card
    found = await find(interaction, interview_id)
    written = (await _text(bot.app, found, form, owner_of(interaction.user))).encode("utf-8")
    if len(written) > interaction.filesize_limit:
        raise UsageError(_too_large(len(written), interaction.filesize_limit))
    opened = await open_by_export(bot.app, (found,))
    file = discord.File(io.BytesIO(written), f"hotseat-{found}{_FORMS[form].ending}")
    await reply(interaction, f"Here it is, for you alone.{opened_words(opened)}", files=[file])


async def _text(app: App, interview_id: str, form: str, owner: str) -> str:
    write = _FORMS[form].write
    if write is None:
        stored = await export_own_interview(app.database, owner, interview_id)
        return await asyncio.to_thread(json.dumps, stored, ensure_ascii=False, indent=2)
    card = await load_scorecard(app.database, interview_id)
    notes = await notes_of(app.database, interview_id)
    drawings = await drawings_of(app, card) if form == HTML else ()
    return await asyncio.to_thread(write, card, notes, drawings)


def _too_large(size: int, most: int) -> str:
    return (
        f"The file has {size / MIB:.1f} MiB, and Discord takes {most / MIB:.0f} MiB at most here. "
        "The other forms are smaller; Markdown is the smallest."
    )
