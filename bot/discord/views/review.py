"""A shared card: what is posted, what is read before rating, and the ratings side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, ControlButton, control_button
from bot.discord.text import cut, safe, safe_cut, safe_line
from bot.discord.views.card_words import read_card, turn_blocks
from bot.discord.views.group import group_name, mention
from bot.discord.views.pages import (
    ACCENT,
    Door,
    Frame,
    Place,
    Section,
    lay_out,
    page_view,
)
from bot.discord.views.rating import SHARED, Desk, rating_words_of, stage_titles
from bot.discord.views.scorecard import OPEN_SHARED
from scoring.columns import BotCell, Cell, StageColumns
from scoring.render.wording import KIND_WORDS, WHOLE_ROUND_TITLE, card_title, turn_numbers
from scoring.review import Material
from scoring.scorecard import Scorecard
from scoring.sheets import BlindReview, StageKey
from scoring.transcript import Turn
from storage.groups import StoredGroup

RATE = SHARED.rate
OPEN = "open_ratings"
TAKE_DOWN = "take_down"
TAKE_DOWN_SURE = "take_down_sure"
DISPUTES = "share_disputes"

MOST_TITLE = 150
MOST_POSTED = 1_800
"""Characters of all briefs together on a posted card; they stand in full among what is read."""

TABLE_STAGE = 18
TABLE_PEERS = 6
"""Peers whose ratings stand one by one in the table; of more the span and the middle."""

QUOTED = 300


def review_title(review: BlindReview) -> str:
    """What was held, as plain text."""
    return cut(card_title(review.card), MOST_TITLE)


def posted_view(review: BlindReview, stored: StoredGroup) -> ui.LayoutView:
    """What everybody in the channel sees of a shared card: no rating and no word of an answer."""
    share = review.id
    view = ui.LayoutView(timeout=None)
    text = "\n".join(_posted_lines(review, stored))
    view.add_item(ui.Container[Any](ui.TextDisplay(text), accent_colour=ACCENT))
    desk = Desk(SHARED, share)
    row = ui.ActionRow[Any](
        desk.read_button(),
        desk.rate_button(),
        control_button("Open the ratings", Control(OPEN, share)),
        control_button("Take down", Control(TAKE_DOWN, share)),
    )
    view.add_item(row)
    return view


def take_down_view(share_id: str) -> ui.LayoutView:
    """Whether the share should really go."""
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.TextDisplay(
            "Take this card down, with its thread and all ratings on it? The interview stays with "
            "its candidate."
        )
    )
    row = ui.ActionRow[Any](
        control_button(
            "Take it down", Control(TAKE_DOWN_SURE, share_id), style=discord.ButtonStyle.danger
        )
    )
    view.add_item(row)
    return view


def material_view(
    material: Material, review: BlindReview, desk: Desk, page: int = 1
) -> ui.LayoutView:
    """A page of what is rated: the briefs and what was said, nothing that the bot made of it."""
    sections = (_task(material), *_said(material, review.card))
    frame = Frame(f"**{safe_line(review_title(review))}**", "-# What was asked and answered.")
    door = Door(desk.doors.read, desk.target, 1)
    return page_view(lay_out(sections), page, frame, door, (desk.rate_button(),))


def columns_view(
    review: BlindReview,
    stages: Sequence[StageColumns],
    page: int = 1,
    *,
    answers_disputes: bool = False,
) -> ui.LayoutView:
    """A page of the ratings in columns; only for whoever has handed in theirs."""
    frame = Frame(
        f"**{safe_line(review_title(review))}**",
        "-# Only you see this. The bot rates the presence of named ideas, it does not understand.",
    )
    titles = stage_titles(review.stages)
    sections = (
        _table(stages, titles),
        *(_stage_section(one, titles[one.reviewed.key], review.card) for one in stages),
    )
    door = Door(OPEN, review.id, 1)
    return page_view(
        lay_out(sections), page, frame, door, tuple(_buttons(review, answers_disputes))
    )


def _buttons(review: BlindReview, answers_disputes: bool) -> Iterator[ControlButton]:
    whole = Control(OPEN_SHARED, review.id, str(Place(review.card.revision, 1)))
    yield control_button("Whole card", whole, style=discord.ButtonStyle.primary)
    if answers_disputes:
        yield control_button("Answer a dispute", Control(DISPUTES, review.id))


def _posted_lines(review: BlindReview, stored: StoredGroup) -> Iterator[str]:
    card = review.card
    whom = "Shared anonymously" if review.anonymous else f"Shared by {mention(review.candidate)}"
    kinds = ", ".join(dict.fromkeys(KIND_WORDS[held.kind] for held in card.rounds))
    yield f"## Review: {safe_line(review_title(review))}"
    yield f"-# {whom} with {group_name(stored)} · {kinds} · level asked: {card.level.value}"
    most = MOST_POSTED // max(1, len(card.rounds))
    yield from (f"> {safe_cut(held.brief, most)}" for held in card.rounds if held.brief)
    titles = stage_titles(review.stages)
    stages = [safe_cut(titles[one.key], 40) for one in review.stages if one.reached]
    yield f"**Stages to rate**: {', '.join(stages)}"
    yield (
        "Members of the group read what was said and rate it. The ratings of the others and of "
        "the bot open to you when you have handed in yours: until then, please keep them out of "
        "the thread."
    )
    yield f"-# Handed in so far: {_handed_in(review)}"


def _handed_in(review: BlindReview) -> str:
    peers = len(review.peers)
    found = [{0: "", 1: "1 reviewer"}.get(peers, f"{peers} reviewers")]
    found.append("the candidate" if review.own is not None else "")
    return " and ".join(filter(None, found)) or "nobody"


def _task(material: Material) -> Section:
    blocks = [
        f"### {KIND_WORDS[held.kind]}: {safe_line(held.title)}\n{safe(held.brief)}".rstrip()
        for held in material.rounds
    ]
    titles = stage_titles(material.stages)
    rated = [f"- {safe(titles[stage.key])}" for stage in material.stages if stage.reached]
    left = [safe(titles[stage.key]) for stage in material.stages if not stage.reached]
    blocks.append("\n".join(("### Stages to rate", *rated)))
    if left:
        blocks.append(f"-# Not reached, so not rated: {', '.join(left)}")
    return Section("The task", tuple(blocks), "Briefs and stages")


def _said(material: Material, card: Scorecard) -> Iterator[Section]:
    reading = read_card(card, candidate="Candidate")
    titles = stage_titles(material.stages)
    for (index, stage), turns in groupby(material.transcript, key=_place):
        title = titles.get(StageKey(index, stage), stage or WHOLE_ROUND_TITLE)
        blocks = tuple(block for turn in turns for block in turn_blocks(turn, reading))
        yield Section(title, blocks, "What was said")


def _place(turn: Turn) -> tuple[int, str]:
    return turn.round_index, turn.stage


def _table(stages: Sequence[StageColumns], titles: Mapping[StageKey, str]) -> Section:
    rows = [("Stage", "Self", "Peers", "Bot", "")]
    rows += [_row(one, titles[one.reviewed.key]) for one in stages]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)).rstrip()
        for row in rows
    ]
    notes = [f"-# ≠ two or more apart · – not rated · {_NOT_REACHED} not reached"]
    if any(cell.after_card for one in stages for cell in _cells(one)):
        notes.append("-# * given after seeing the bot's ratings: counts in no difference or figure")
    return Section("Side by side", ("```\n" + "\n".join(lines) + "\n```\n" + "\n".join(notes),))


_NOT_REACHED = "n/r"


def _row(one: StageColumns, name: str) -> tuple[str, str, str, str, str]:
    own = "–" if one.own is None else _number(one.own)
    title = cut(name.replace("`", "'"), TABLE_STAGE)
    return title, own, _peers(one), _bot_number(one.bot), "≠" if one.difference else ""


def _peers(one: StageColumns) -> str:
    if len(one.peers) <= TABLE_PEERS:
        return " ".join(map(_number, one.peers)) or "–"
    given = [cell.rating for cell in one.peers if cell.rating is not None]
    late = "*" if any(cell.after_card for cell in one.peers) else ""
    if not given:
        return _NOT_REACHED + late
    middle = "" if one.middle is None else f", mid {one.middle:g}"
    return f"{min(given)}-{max(given)}{late}{middle}"


def _number(cell: Cell) -> str:
    number = _NOT_REACHED if cell.rating is None else str(cell.rating)
    return number + ("*" if cell.after_card else "")


def _cells(one: StageColumns) -> tuple[Cell, ...]:
    return one.peers if one.own is None else (one.own, *one.peers)


def _bot_number(bot: BotCell) -> str:
    if bot.low is None:
        return "–"
    return str(bot.low) if bot.high in (None, bot.low) else f"{bot.low}-{bot.high}"


def _stage_section(one: StageColumns, title: str, card: Scorecard) -> Section:
    blocks = [*_difference(one, card)]
    if one.own is not None:
        blocks.append(_cell_block(f"Self, {one.own.label}", one.own))
    blocks += [_cell_block(f"Peer, {cell.label}", cell) for cell in one.peers]
    if one.middle is not None and len(one.peers) > 1:
        blocks.append(f"-# Middle of the peers: {one.middle:g}")
    blocks.append(_bot_block(one.bot))
    summary = "two or more apart" if one.difference else ""
    return Section(title, tuple(blocks), summary)


def _difference(one: StageColumns, card: Scorecard) -> Iterator[str]:
    """Who is apart, and the answers over which they are."""
    if one.difference is None:
        return
    low, high = ", ".join(one.difference.low), ", ".join(one.difference.high)
    numbers = turn_numbers(card)
    texts = {turn.id: turn.text for turn in card.transcript}
    quotes = (
        f"> Turn {numbers[turn]}: “{safe_cut(texts[turn], QUOTED)}”"
        for turn in one.difference.turns
    )
    yield "\n".join((f"**≠ {one.difference.by} apart**: lowest {low}, highest {high}", *quotes))


def _cell_block(who: str, cell: Cell) -> str:
    """The label is one of ours: a mention, a number or a word, and stays as it is."""
    late = " (after the card)" if cell.after_card else ""
    lines = [f"**{who}{late}**: {rating_words_of(cell.rating)}"]
    if cell.comment:
        lines.append(safe(cell.comment))
    if cell.quoted is not None:
        words = safe_cut(cell.quoted.words, QUOTED)
        lines.append(f"> Turn {cell.quoted.number}: “{words}”")
    return "\n".join(lines)


def _bot_block(bot: BotCell) -> str:
    if bot.low is None:
        return f"**Bot**: not rated. {safe_line(bot.reason)}".rstrip()
    words = _bot_number(bot) if bot.high not in (None, bot.low) else rating_words_of(bot.low)
    return f"**Bot**: {words}. {safe_line(bot.reason)}".rstrip()
