"""Rating an interview stage by stage: the sheet with its menu, and the form of one stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.discord.controls import (
    Control,
    ControlButton,
    control_button,
    control_modal,
    control_select,
    text_field,
)
from bot.discord.text import cut, one_line, safe_cut, safe_line
from bot.discord.views.pages import ACCENT, MOST_LABEL, MOST_OPTIONS, ROOM
from scoring.render.wording import RATING_WORDS
from scoring.review import LONGEST_COMMENT, missing, quoted_words
from scoring.sheets import RATINGS, BlindReview, Mark, Reviewed, Sheet, StageKey

NOT_REACHED = "none"
LONGEST_QUOTE = 400
MOST_TITLE = 80
MOST_COMMENT = 120

_HOW = (
    "Rate what was said, on the scale that every card uses. Each rating is kept as you give it; "
    "**nobody sees any before you hand them all in, and then they no longer change**."
)


class Doors(NamedTuple):
    """What the controls of a kind of review ask for."""

    rate: str
    stage: str
    form: str
    submit: str
    read: str


SHARED = Doors("rate", "rate_stage", "rate_form", "rate_submit", "rate_read")
OWN = Doors("self_rate", "self_stage", "self_form", "self_submit", "self_read")
"""Of cards that are shared, by share; of one's own interview before, by interview."""


class Desk(NamedTuple):
    """Where somebody rates: the kind of review, and which."""

    doors: Doors
    target: str

    def read_button(self, label: str = "Read") -> ControlButton:
        """Opens what was said."""
        return control_button(label, Control(self.doors.read, self.target))

    def rate_button(self, label: str = "Rate") -> ControlButton:
        """Opens the sheet."""
        primary = discord.ButtonStyle.primary
        return control_button(label, Control(self.doors.rate, self.target), style=primary)


def sheet_view(
    review: BlindReview, rater: str, desk: Desk, after: Sequence[ControlButton] = (), note: str = ""
) -> ui.LayoutView:
    """The rater's own sheet: what they gave so far, and the way to each stage.

    `after` is offered once the sheet is handed in; `note` stands above all.
    """
    sheet = review.sheet(rater) or Sheet(rater)
    view = ui.LayoutView(timeout=None)
    done = sheet.submitted_at is not None
    text = "\n".join(_sheet_lines(review, sheet, note))
    view.add_item(ui.Container[Any](ui.TextDisplay(text), accent_colour=ACCENT))
    if not done:
        menu = control_select(
            Control(desk.doors.stage, desk.target),
            _options(review, sheet),
            placeholder=_PLACEHOLDER,
        )
        view.add_item(ui.ActionRow[Any](menu))
    buttons = after if done else (_submit_button(review, rater, desk), desk.read_button())
    if buttons:
        view.add_item(ui.ActionRow[Any](*buttons))
    return view


_PLACEHOLDER = "Rate a stage …"


def mark_form(review: BlindReview, rater: str, index: int, desk: Desk) -> ui.Modal:
    """The form of the stage with that index, with what the rater gave before."""
    stage = review.stages[index]
    mark = (review.sheet(rater) or Sheet(rater)).mark(stage.key)
    words = quoted_words(review.card, stage.key, mark.quote) if mark and mark.quote else ""
    control = Control(desk.doors.form, desk.target, str(index))
    return control_modal(
        stage_titles(review.stages)[stage.key],
        control,
        [
            ui.TextDisplay[Any](_anchor_text(stage)),
            _rating_field(mark),
            text_field(
                "Comment",
                "comment",
                value=mark.comment if mark else "",
                description="What decided it, for the candidate",
                required=False,
                max_length=LONGEST_COMMENT,
            ),
            text_field(
                "Words that you quote",
                "quote",
                value=cut(words, LONGEST_QUOTE) if len(words) <= LONGEST_QUOTE else "",
                description="Copied from an answer in this stage",
                required=False,
                max_length=LONGEST_QUOTE,
            ),
        ],
    )


def stage_titles(stages: Sequence[Reviewed]) -> Mapping[StageKey, str]:
    """What each stage is called, as plain text; numbered where two are called the same."""
    titles = [one_line(stage.title) for stage in stages]
    if len(set(titles)) < len(titles):
        titles = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
    return {stage.key: title for stage, title in zip(stages, titles, strict=True)}


def rating_words_of(rating: int | None) -> str:
    """`3, meets the level`."""
    return "not reached" if rating is None else f"{rating}, {RATING_WORDS[rating]}"


def _sheet_lines(review: BlindReview, sheet: Sheet, note: str) -> Iterator[str]:
    if note:
        yield f"**{note}**"
    yield "## Your ratings"
    yield "Handed in; they no longer change." if sheet.submitted_at else _HOW
    rated = [stage for stage in review.stages if stage.reached]
    titles = stage_titles(review.stages)
    room = ROOM // max(1, len(rated)) - MOST_TITLE
    for stage in rated:
        mark = sheet.mark(stage.key)
        given = rating_words_of(mark.rating) if mark else "*not rated yet*"
        yield f"- **{safe_cut(titles[stage.key], MOST_TITLE)}** {given}"
        if mark and mark.comment and room > MOST_COMMENT:
            yield f"-# {safe_cut(mark.comment, MOST_COMMENT)}"
        if mark and mark.quote and room > 2 * MOST_COMMENT:
            words = quoted_words(review.card, stage.key, mark.quote)
            yield f"-# “{safe_cut(words, MOST_COMMENT)}”"


def _options(review: BlindReview, sheet: Sheet) -> list[discord.SelectOption]:
    """The stages that were reached; of more than fit, those that are not rated come first."""
    titles = stage_titles(review.stages)
    found = [
        (sheet.mark(stage.key), index, stage)
        for index, stage in enumerate(review.stages)
        if stage.reached
    ]
    if len(found) > MOST_OPTIONS:
        found.sort(key=lambda one: one[0] is not None)
    return [
        discord.SelectOption(
            label=cut(titles[stage.key], MOST_LABEL),
            value=str(index),
            description=rating_words_of(mark.rating) if mark else "not rated yet",
        )
        for mark, index, stage in found[:MOST_OPTIONS]
    ]


def _submit_button(review: BlindReview, rater: str, desk: Desk) -> ControlButton:
    left = len(missing(review, rater))
    return control_button(
        f"Hand in ({left} to rate)" if left else "Hand in",
        Control(desk.doors.submit, desk.target),
        style=discord.ButtonStyle.success,
        disabled=left > 0,
    )


def _rating_field(mark: Mark | None) -> ui.Label[Any]:
    options = [
        discord.SelectOption(
            label=f"{rating}: {RATING_WORDS[rating]}",
            value=str(rating),
            default=mark is not None and mark.rating == rating,
        )
        for rating in reversed(RATINGS)
    ]
    options.append(
        discord.SelectOption(
            label="Not reached",
            description="The interview did not get far enough to say",
            value=NOT_REACHED,
            default=mark is not None and mark.rating is None,
        )
    )
    menu: ui.Select[Any] = ui.Select(custom_id="rating", options=options)
    return ui.Label(text="Rating", component=menu)


def _anchor_text(stage: Reviewed) -> str:
    lines = (
        f"**{rating}** {safe_line(words)}"
        for rating, words in reversed(list(zip(RATINGS, stage.anchors, strict=True)))
    )
    return "What the ratings stand for in this stage:\n" + "\n".join(lines)
