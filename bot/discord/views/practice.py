"""Ratings over time, and which concepts to practise again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button, control_select
from bot.discord.text import cut, moment, one_line, safe_cut, safe_line
from bot.discord.views.card_words import verdict_word
from bot.discord.views.pages import (
    MOST_LABEL,
    MOST_OPTIONS,
    Door,
    Frame,
    Section,
    lay_out,
    page_view,
)
from bot.practice_list import HEAVIEST, ORDER, Entry, PracticeList
from scenarios.model import RoundKind
from scoring.render.wording import KIND_WORDS

PRACTISE = "practise"
PRACTISE_DUE = "practise_due"
PLANNED = "planned"
PICTURE = "progress.png"

MOST_SHOWN = 5
"""Concepts that are named beside the ratings; whoever has more to do begins with these."""

MOST_DRILLED = 5
"""Questions of one drill of what is due."""

_STATEMENT, _QUESTION = 160, 140
_NOTHING_PLANNED = "Nothing to repeat: none of the concepts that were measured is in the packs."
_PICTURE_WORDS = "Ratings over time, one panel for each stage; the text above says the same."


def progress_view(ratings: str, listed: PracticeList, *, picture: bool) -> ui.LayoutView:
    """The ratings in words, with the picture attached as `PICTURE` if there is one; what is due.

    A round begins by `hs:practise`, picked, a drill of what is due by `hs:practise_due`.
    """
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(ratings.strip()))
    if picture:
        image = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=_PICTURE_WORDS)
        view.add_item(ui.MediaGallery(image))
    view.add_item(ui.Separator())
    view.add_item(ui.TextDisplay("\n".join(_due_lines(listed))))
    for row in _ways(listed):
        view.add_item(row)
    return view


def planned_view(listed: PracticeList, page: int = 1) -> ui.LayoutView:
    """A page of everything that is planned; the others open by `hs:planned::1.<page>`."""
    groups = (
        ("Due now", listed.due),
        ("In the next 7 days", listed.soon),
        ("Later", listed.later),
    )
    sections = (
        Section(f"{title} ({len(entries)})", tuple(map(_block, entries)))
        for title, entries in groups
        if entries
    )
    foot = f"-# {ORDER}" + (f" {_lost(listed.lost)}" if listed.lost else "")
    pages = lay_out(sections) or lay_out([Section("Nothing", (_NOTHING_PLANNED,))])
    return page_view(pages, page, Frame("**What to practise again**", foot), Door(PLANNED, "", 1))


def due_questions(listed: PracticeList) -> list[str]:
    """The drill questions that are due, the most urgent first, as many as one drill takes."""
    drills = (one.planned.item for one in listed.due if one.plan.kind is RoundKind.DRILL)
    return list(dict.fromkeys(drills))[:MOST_DRILLED]


def _due_lines(listed: PracticeList) -> Iterator[str]:
    due, soon = listed.due[:MOST_SHOWN], listed.soon[: MOST_SHOWN - len(listed.due[:MOST_SHOWN])]
    if due:
        yield f"### Due now ({len(listed.due)})"
        yield from map(_line, due)
    if soon:
        yield f"### In the next 7 days ({len(listed.soon)})"
        yield from map(_line, soon)
    if not (due or soon):
        yield _nothing_due(listed)
    more = len(listed.due) + len(listed.soon) - len(due) - len(soon)
    if more or listed.later:
        left = f"{more} more, less urgent; " if more else ""
        yield f"-# {left}`/progress all:True` lists everything."
    yield f"-# {ORDER}"


def _nothing_due(listed: PracticeList) -> str:
    if listed.next_due is None:
        return _NOTHING_PLANNED
    return f"Nothing to repeat this week; the next concept is due {moment(listed.next_due, 'R')}."


def _line(entry: Entry) -> str:
    planned = entry.planned
    statement = safe_cut(entry.concept.statement, _STATEMENT)
    asked = safe_cut(entry.concept.probes[0], _QUESTION)
    word = verdict_word(planned.verdict)
    return f"- **{statement}** {word} {moment(planned.practised_at, 'R')}. Answer aloud: {asked}"


def _block(entry: Entry) -> str:
    planned = entry.planned
    facts = (
        f"weight {planned.weight} of {HEAVIEST}",
        f"{verdict_word(planned.verdict)} on {moment(planned.practised_at, 'D')}",
        f"due {moment(planned.due_at, 'R')}",
        safe_line(entry.plan.title),
    )
    return (
        f"**{safe_line(entry.concept.statement)}**\n-# {' · '.join(facts)}\n"
        f"Answer aloud: {safe_line(entry.concept.probes[0])}"
    )


def _lost(count: int) -> str:
    return f"{count} of concepts that the packs no longer hold."


def _ways(listed: PracticeList) -> Iterator[ui.ActionRow[Any]]:
    """From the list straight into a round."""
    options = list(_options(listed.entries))
    if options:
        menu = control_select(Control(PRACTISE), options, placeholder="Practise this now …")
        yield ui.ActionRow[Any](menu)
    questions = due_questions(listed)
    if len(questions) > 1:
        label = f"Drill {len(questions)} questions that are due"
        style = discord.ButtonStyle.primary
        yield ui.ActionRow[Any](control_button(label, Control(PRACTISE_DUE), style=style))


def _options(entries: Sequence[Entry]) -> Iterator[discord.SelectOption]:
    """Each scenario, prompt or question once, by what is most urgent in it."""
    by_item: dict[str, list[Entry]] = {}
    for entry in entries:
        by_item.setdefault(entry.planned.item, []).append(entry)
    for item, found in list(by_item.items())[:MOST_OPTIONS]:
        yield discord.SelectOption(
            label=cut(one_line(found[0].concept.statement), MOST_LABEL),
            value=item,
            description=cut(_described(found), MOST_LABEL),
        )


def _described(found: Iterable[Entry]) -> str:
    first, *others = found
    more = f" · and {len(others)} more" if others else ""
    return f"{KIND_WORDS[first.plan.kind]}: {one_line(first.plan.title)}{more}"
