"""Mistyped and misheard answers: which one, its form, and what the correction changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.discord.controls import Control, control_modal, text_field
from bot.discord.text import cut, one_line, safe_line, split_offsets
from bot.discord.views.card_actions import CORRECT, open_button
from bot.discord.views.menus import Menu, menu_view
from bot.discord.views.pages import MOST_LABEL
from scoring.corrections import corrected_words
from scoring.render.beside import change_words, how_it_came
from scoring.render.wording import turn_numbers
from scoring.scorecard import Scorecard, card_verdicts
from scoring.transcript import Source, Speaker, Turn
from scoring.verdicts import Verdict

TURNS = "turns"

LONGEST_FIELD = 4_000
"""Discord's limit on a field of a form; a longer answer is corrected in parts."""

PART = 3_500
"""Characters of such a part, which may become a little longer."""

_MOST_TEXT = 3_900
_QUESTION = (
    "**Which answer do you want to correct?** Only what was mistyped or misheard can be "
    "corrected: what you said stays what you said. Both versions are kept, and the interview is "
    "graded again."
)
_IN_PARTS = f" A form takes {LONGEST_FIELD:,} characters, so a longer answer is listed in parts."


class Piece(NamedTuple):
    """A part of a turn, or all of it; `part` counts from 1 to `parts`."""

    turn: Turn
    start: int
    end: int
    part: int
    parts: int

    @property
    def text(self) -> str:
        """What stands there."""
        return self.turn.text[self.start : self.end]

    def replaced(self, text: str) -> str:
        """The whole answer with `text` in place of the piece; blanks around it do not count."""
        if text.strip() == self.text.strip():
            return self.turn.text
        return self.turn.text[: self.start] + text + self.turn.text[self.end :]


class PiecePlace(NamedTuple):
    """A piece of a revision as controls name it: `<revision>.<index of the turn>.<part>`."""

    revision: int
    turn: int
    part: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @classmethod
    def parse(cls, argument: str) -> PiecePlace | None:
        """The place in the argument of a control or in the value of a menu; None if in neither."""
        numbers = argument.split(".")
        if len(numbers) != len(cls._fields) or not all(map(_is_number, numbers)):
            return None
        return cls(*(int(one[:9]) for one in numbers))


def own_pieces(card: Scorecard) -> Iterator[Piece]:
    """Every answer that was typed or spoken, in pieces that fit a form."""
    for turn in card.transcript:
        if turn.speaker is Speaker.CANDIDATE and turn.source is not Source.RECORDED:
            offsets = [(0, len(turn.text))]
            if len(turn.text) > LONGEST_FIELD:
                offsets = list(split_offsets(turn.text, PART))
            for part, (start, end) in enumerate(offsets, 1):
                yield Piece(turn, start, end, part, len(offsets))


def turns_view(card: Scorecard, page: int) -> ui.LayoutView:
    """Which answer is to be corrected: `hs:correct:<interview>`, picked."""
    pieces = list(own_pieces(card))
    numbers, titles = turn_numbers(card), _stage_titles(card)
    options = [
        discord.SelectOption(
            label=cut(f"{numbers[one.turn.id]} · {one_line(one.text)}", MOST_LABEL),
            value=str(PiecePlace(card.revision, one.turn.index, one.part)),
            description=cut(_where(one, titles), MOST_LABEL) or None,
        )
        for one in pieces
    ]
    text = _QUESTION + (_IN_PARTS if any(one.parts > 1 for one in pieces) else "")
    menu = Menu(TURNS, Control(CORRECT, card.interview_id), "Choose an answer …")
    return menu_view(text, menu, options, page)


def correction_form(piece: Piece, control: Control) -> ui.Modal:
    """The answer, to be changed where words were mistyped or misheard."""
    wrong = "misheard" if piece.turn.source is Source.SPOKEN else "mistyped"
    part = f" (part {piece.part} of {piece.parts})" if piece.parts > 1 else ""
    field = text_field(
        f"Your answer{part}",
        "text",
        value=piece.text,
        description=f"Change {wrong} words only; anything else is refused.",
        max_length=LONGEST_FIELD,
    )
    return control_modal("Correct an answer", control, [field])


def corrected_view(before: Scorecard, card: Scorecard, turn_id: str) -> ui.LayoutView:
    """What was changed, and what that changed; the new revision opens from here."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(cut("\n".join(_outcome(before, card, turn_id)), _MOST_TEXT)))
    view.add_item(ui.ActionRow[Any](open_button(card)))
    return view


def _outcome(before: Scorecard, card: Scorecard, turn_id: str) -> Iterator[str]:
    turn = next(one for one in card.transcript if one.id == turn_id)
    number = turn_numbers(card)[turn_id]
    yield f"**Turn {number} is corrected: this is revision {card.revision} of the card.**"
    for change in corrected_words(turn):
        yield f"- {safe_line(change_words(change))}"
    if turn.original is None:
        yield f"- It stands again as it was {how_it_came(turn)} first."
    yield from (f"- {safe_line(one)}" for one in card.notices if one not in before.notices)
    if _verdicts(before) == _verdicts(card):
        yield "- No verdict changed."


def _stage_titles(card: Scorecard) -> Mapping[tuple[int, str], str]:
    return {
        (index, stage.name): stage.title
        for index, held in enumerate(card.rounds)
        for stage in held.stages
    }


def _where(piece: Piece, titles: Mapping[tuple[int, str], str]) -> str:
    turn = piece.turn
    title = one_line(titles.get((turn.round_index, turn.stage), turn.stage))
    return title + (f", part {piece.part} of {piece.parts}" if piece.parts > 1 else "")


def _verdicts(card: Scorecard) -> list[tuple[int, str, Verdict]]:
    return [(index, one.key, one.verdict) for index, one in card_verdicts(card)]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
