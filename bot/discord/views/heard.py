"""What was understood of a spoken answer: with its doubts, and the form that puts it right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button, control_modal, text_field
from bot.discord.text import quote, safe_cut
from scoring.slips import word_spans
from scoring.transcript import Turn, Word
from scoring.uncertain import LEGEND, MARK, marked, uncertain_spans, uncertain_words

MISHEARD, GRADE = "misheard", "grade_now"
"""Actions: correct what was heard of an answer, and stop waiting for corrections."""

LONGEST_FIELD = 4_000
"""Discord's limit on a field of a form."""

MOST_LISTED = 8
IN_A_ROW = 4
SHOWN_OF_ANSWER = 1_500
SHOWN_IN_LIST = 400

_SPOKE = "-# You"


def marked_words(text: str, words: Sequence[Word]) -> str:
    """The text with a sign behind every word of which it is not sure that it was said."""
    marks = zip(word_spans(text), uncertain_words(text, words), strict=True)
    stops = [stop for (_, stop), uncertain in marks if uncertain]
    edges = [0, *stops, len(text)]
    return MARK.join(text[start:end] for start, end in pairwise(edges))


def partial_view(text: str) -> ui.LayoutView:
    """What was understood so far, while somebody speaks; of a long answer the end."""
    start = max(0, len(text) - SHOWN_OF_ANSWER + 100)
    shown = f"… {text[start:].partition(' ')[2]}" if start else text
    return _view(f"{_SPOKE}, so far\n{quote(f'{shown} …', SHOWN_OF_ANSWER)}")


def heard_view(interview_id: str, turn: str, text: str, words: Sequence[Word]) -> ui.LayoutView:
    """A whole answer, with the button for what was misheard; `turn` names it on the call."""
    shown = f"{_SPOKE}\n{quote(marked_words(text, words), SHOWN_OF_ANSWER)}"
    button = control_button("Misheard?", Control(MISHEARD, interview_id, turn))
    return _view(shown, ui.ActionRow[Any](button))


def put_right_view(text: str) -> ui.LayoutView:
    """The same after it was corrected."""
    return _view(f"{_SPOKE}, put right\n{quote(text, SHOWN_OF_ANSWER)}")


def misheard_form(control: Control, text: str) -> ui.Modal:
    """The answer as it was understood, to be changed where it was misheard."""
    field = text_field(
        "What you said",
        "text",
        value=text,
        description="Change misheard words only; anything else is refused.",
        max_length=LONGEST_FIELD,
    )
    return control_modal("Put right what I misheard", control, [field])


def review_view(interview_id: str, answers: Sequence[Turn], left_s: float) -> ui.LayoutView:
    """Before grading: the answers with doubts, a button each, and one to go on."""
    listed = answers[:MOST_LISTED]
    more = f" (the first {MOST_LISTED} of {len(answers)} answers)" if answers[MOST_LISTED:] else ""
    lines = [
        f"**Before I grade: I was not sure of every word{more}.** Put right what I misheard, or "
        f"press **Grade now**; after {left_s / 60:g} minutes I go on by myself. Both versions are "
        "kept."
    ]
    lines += [_listed(number, turn) for number, turn in enumerate(listed, 1)]
    layout = _view("\n".join([*lines, f"-# {LEGEND}"]))
    buttons = [
        control_button(
            f"Answer {number}",
            Control(MISHEARD, interview_id, turn.id),
            disabled=turn.original is not None,
        )
        for number, turn in enumerate(listed, 1)
    ]
    grade = control_button(
        "Grade now", Control(GRADE, interview_id), style=discord.ButtonStyle.success
    )
    for start in range(0, len(buttons), IN_A_ROW):
        layout.add_item(ui.ActionRow[Any](*buttons[start : start + IN_A_ROW]))
    layout.add_item(ui.ActionRow[Any](grade))
    return layout


def reviewed_view(corrected: int) -> ui.LayoutView:
    """In its place, once grading has begun."""
    many = "1 answer" if corrected == 1 else f"{corrected} answers"
    return _view(f"-# {many} put right before grading." if corrected else "-# Graded as heard.")


def _listed(number: int, turn: Turn) -> str:
    if turn.original is not None:
        return f"{number}. ✓ {safe_cut(turn.text, SHOWN_IN_LIST)}"
    # From a little before the first doubt on.
    start = max(0, uncertain_spans(turn)[0][0] - SHOWN_IN_LIST // 3)
    shown = f"… {marked(turn, start).partition(' ')[2]}" if start else marked(turn)
    return f"{number}. {safe_cut(shown, SHOWN_IN_LIST)}"


def _view(text: str, *rows: ui.ActionRow[Any]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(text))
    for row in rows:
        layout.add_item(row)
    return layout
