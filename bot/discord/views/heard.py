"""What was understood of a spoken answer: with its doubts, and the form that puts it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button, control_modal, text_field
from bot.discord.text import cut, quote, safe_cut
from scoring.transcript import Word

MISHEARD, GRADE = "misheard", "grade_now"
"""Actions: correct what was heard of an answer, and stop waiting for corrections."""

DOUBT = "(?)"
"""Stands behind a word that may have been another one."""

LONGEST_FIELD = 4_000
"""Discord's limit on a field of a form."""

MOST_LISTED = 8
SHOWN_OF_ANSWER = 1_500
SHOWN_IN_LIST = 400

_SPOKE = "-# You"


@dataclass(frozen=True)
class HeardAnswer:
    """A spoken answer as it was understood; `seq` is its number among the interview's events."""

    seq: int
    text: str
    words: tuple[Word, ...]
    corrected: str | None = None

    @property
    def doubts(self) -> int:
        """Words that may have been others."""
        return sum(word.uncertain for word in self.words)


def marked(text: str, words: Sequence[Word]) -> str:
    """The text with a sign behind every word of which it is not sure that it was said.

    Words that do not stand in the text in their order are passed over.
    """
    parts, end = list[str](), 0
    for word in words:
        found = text.find(word.text.strip(), end)
        if found < 0 or not word.text.strip():
            continue
        upto = found + len(word.text.strip())
        parts.append(text[end:upto])
        if word.uncertain:
            parts.append(f" {DOUBT}")
        end = upto
    return "".join(parts) + text[end:]


def partial_text(text: str) -> str:
    """What was understood so far, while somebody speaks."""
    return f"{_SPOKE}, so far\n{quote(f'{text} …', SHOWN_OF_ANSWER)}"


def heard_view(interview_id: str, turn: str, text: str, words: Sequence[Word]) -> ui.LayoutView:
    """A whole answer, with the button for what was misheard; `turn` names it on the call."""
    shown = f"{_SPOKE}\n{quote(marked(text, words), SHOWN_OF_ANSWER)}"
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


def review_view(interview_id: str, answers: Sequence[HeardAnswer], minutes: float) -> ui.LayoutView:
    """Before grading: the answers with doubts, a button each, and one to go on."""
    listed = answers[:MOST_LISTED]
    more = f" (the first {MOST_LISTED} of {len(answers)})" if len(answers) > len(listed) else ""
    lines = [
        f"**Before I grade: I was not sure of every word{more}.** Put right what I misheard, or "
        f"press **Grade now**; after {minutes:g} minutes I go on by myself. Both versions are kept."
    ]
    lines += [_listed(number, answer) for number, answer in enumerate(listed, 1)]
    layout = _view("\n".join(lines))
    buttons = [
        control_button(
            f"Answer {number}",
            Control(MISHEARD, interview_id, str(answer.seq)),
            disabled=answer.corrected is not None,
        )
        for number, answer in enumerate(listed, 1)
    ]
    grade = control_button(
        "Grade now", Control(GRADE, interview_id), style=discord.ButtonStyle.success
    )
    for start in range(0, len(buttons), 4):
        layout.add_item(ui.ActionRow[Any](*buttons[start : start + 4]))
    layout.add_item(ui.ActionRow[Any](grade))
    return layout


def reviewed_view(corrected: int) -> ui.LayoutView:
    """In its place, once grading has begun."""
    many = "1 answer" if corrected == 1 else f"{corrected} answers"
    return _view(f"-# {many} put right before grading." if corrected else "-# Graded as heard.")


def _listed(number: int, answer: HeardAnswer) -> str:
    if answer.corrected is not None:
        return f"{number}. ✓ {safe_cut(answer.corrected, SHOWN_IN_LIST)}"
    return f"{number}. {safe_cut(_around_doubts(answer), SHOWN_IN_LIST)}"


def _around_doubts(answer: HeardAnswer) -> str:
    """The answer from a little before its first doubt on."""
    text = marked(answer.text, answer.words)
    start = max(0, text.find(DOUBT) - SHOWN_IN_LIST // 2)
    return f"… {text[start:].partition(' ')[2]}" if start else cut(text, 2 * SHOWN_IN_LIST)


def _view(text: str, *rows: ui.ActionRow[Any]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(text))
    for row in rows:
        layout.add_item(row)
    return layout
