"""Scorecards as messages: page by page for whoever owns one, shared, and short for a drill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, ControlButton, control_button
from bot.discord.text import moment, safe_cut, safe_line
from bot.discord.views.card_sections import card_sections, question_of
from bot.discord.views.card_words import (
    NO_BOARDS,
    Reading,
    practice_block,
    read_card,
    stage_head,
    verdict_blocks,
)
from bot.discord.views.pages import (
    ACCENT,
    Door,
    Frame,
    Page,
    Picture,
    Place,
    fill_pages,
    lay_out,
    page_view,
)
from scenarios.model import RoundKind
from scoring.disputes import NO_NOTES, CardNotes
from scoring.render.wording import (
    ENDING_WORDS,
    KIND_WORDS,
    card_title,
    rating_number,
    rating_words,
)
from scoring.scorecard import Scorecard, StageCard

OPEN_CARD = "card"
OPEN_SHARED = "shared"
DRILL_AGAIN = "drill_again"
DRILL_NEXT = "drill_next"

_TITLE_LENGTH = 160
_SUMMARY_LENGTH = 300
_QUESTION_LENGTH = 600


def card_pages(reading: Reading) -> tuple[Page, ...]:
    """The whole card on pages."""
    return lay_out(card_sections(reading))


def card_frame(card: Scorecard) -> Frame:
    """What each page of a card carries: its title and date, and what its scores are worth."""
    return Frame(
        head=f"**Scorecard: {safe_cut(card_title(card), _TITLE_LENGTH)}**\n-# {_facts(card)}",
        foot=f"-# {safe_line(card.disclaimer)}",
    )


def scorecard_view(
    card: Scorecard,
    page: int = 1,
    notes: CardNotes = NO_NOTES,
    buttons: Sequence[ControlButton] = (),
    boards: Mapping[int, Picture] = NO_BOARDS,
) -> ui.LayoutView:
    """A page of one's own card, counted from 1; a number that there is not gives the nearest.

    The other pages open by `hs:card:<interview>:<revision>.<page>`, pressed or picked.
    `buttons` are at most five that only the owner may use. `boards` are the last boards of
    rounds by their indexes; `shown_pictures` says which has to be attached.
    """
    door = Door(OPEN_CARD, card.interview_id, card.revision)
    pages = card_pages(read_card(card, notes, boards=boards))
    return page_view(pages, page, card_frame(card), door, buttons)


def shared_view(
    card: Scorecard,
    share_id: str,
    page: int = 1,
    notes: CardNotes = NO_NOTES,
    candidate: str = "Candidate",
) -> ui.LayoutView:
    """A page of a card that its owner shared: nothing on it acts on the interview.

    The other pages open by `hs:shared:<share>:<revision>.<page>`. `candidate` is what the person is
    called, which of an anonymous share must not be their name.
    """
    door = Door(OPEN_SHARED, share_id, card.revision)
    return page_view(card_pages(read_card(card, notes, candidate)), page, card_frame(card), door)


def shown_pictures(view: ui.LayoutView) -> tuple[str, ...]:
    """The names of the files that have to be attached to a message with this view."""
    galleries = (one for one in view.walk_children() if isinstance(one, ui.MediaGallery))
    return tuple(
        item.media.url.removeprefix("attachment://") for one in galleries for item in one.items
    )


def drill_view(card: Scorecard, notes: CardNotes = NO_NOTES) -> ui.LayoutView:
    """The card of a single question on one page, with ways to go on."""
    reading = read_card(card, notes)
    held = card.rounds[0]
    text, *more = fill_pages(_drill_blocks(held.stages[0], reading))
    foot = f"-# {safe_line(card.disclaimer)}"
    sheet = ui.Container[Any](
        ui.TextDisplay(f"-# {_facts(card)}\n## Drill: {safe_cut(held.stages[0].title, 100)}"),
        ui.Separator(),
        ui.TextDisplay(text),
        ui.Separator(),
        ui.TextDisplay(f"{foot}\n-# There is more on the whole card." if more else foot),
        accent_colour=ACCENT,
    )
    view = ui.LayoutView(timeout=None)
    view.add_item(sheet)
    view.add_item(ui.ActionRow[Any](*_drill_buttons(card)))
    return view


def is_single_drill(card: Scorecard) -> bool:
    """Whether the card is that of one drill question, for which `drill_view` is made."""
    return (
        len(card.rounds) == 1
        and card.rounds[0].kind is RoundKind.DRILL
        and len(card.rounds[0].stages) == 1
    )


def summary_lines(card: Scorecard) -> tuple[str, str]:
    """The card in a list: what and when, and a line of small print with the ratings."""
    title = safe_cut(card_title(card), _TITLE_LENGTH)
    stages = [stage for held in card.rounds for stage in held.stages]
    ratings = " · ".join(
        f"{stage.title} {rating_number(stage) or rating_words(stage)}" for stage in stages
    )
    return f"**{title}** · {_facts(card)}", f"-# {safe_cut(ratings, _SUMMARY_LENGTH) or 'no stage'}"


def _facts(card: Scorecard) -> str:
    kinds = dict.fromkeys(KIND_WORDS[held.kind] for held in card.rounds)
    return " · ".join(
        (
            *kinds,
            f"level asked: {card.level.value}",
            ENDING_WORDS[card.ending],
            moment(card.started_at, "f"),
            f"revision {card.revision}",
        )
    )


def _drill_blocks(stage: StageCard, reading: Reading) -> list[str]:
    asked = question_of(stage, 0, reading.card)
    question = [f"> {safe_cut(asked.text, _QUESTION_LENGTH)}"] if asked is not None else []
    practice = practice_block(reading.card.practise_next[:1])
    blocks = [*question, stage_head(stage), *verdict_blocks(stage.verdicts, 0, reading), practice]
    return [block for block in blocks if block]


def _drill_buttons(card: Scorecard) -> tuple[ControlButton, ...]:
    whole = Control(OPEN_CARD, card.interview_id, str(Place(card.revision, 1)))
    return (
        control_button("Try again", Control(DRILL_AGAIN, card.interview_id)),
        control_button(
            "Next question",
            Control(DRILL_NEXT, card.interview_id),
            style=discord.ButtonStyle.primary,
        ),
        control_button("Whole card", whole),
    )
