"""Corrected answers, disputes and overrides on the card, in every form."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console
from scorecard_samples import FALLBACK, REPLY, START, bot, interview, you

from scoring.corrections import accept_correction, regrade
from scoring.disputes import CardNotes, Dispute, Override, ReviewerRole
from scoring.record import InterviewRecord
from scoring.render.html import render_html
from scoring.render.markdown import render_markdown
from scoring.render.terminal import render_terminal
from scoring.scorecard import Scorecard, grade
from scoring.transcript import Source, Word
from scoring.verdicts import Verdict

Form = Callable[[Scorecard, CardNotes | None], str]
TYPED = FALLBACK.replace("provider is", "provdier is")
HOSTILE = "<script>alert(1)</script> **bold** @everyone \x1b[31m\u202egnp"
RECORD = interview(bot("And fast?"), you(REPLY), you(TYPED, "operations"))
NOTES = CardNotes(
    (
        Dispute("d1", 1, 0, "operations/canary", "I said slowly.", START),
        Dispute("d2", 1, 0, "scope/latency", HOSTILE, START),
    ),
    (
        Override("d1", Verdict.PARTIAL, "No share is named.", ReviewerRole.REVIEWER, START),
        Override("d2", Verdict.HIT, "It is there.", ReviewerRole.OWNER, START),
    ),
)


def terminal(card: Scorecard, notes: CardNotes | None) -> str:
    out = io.StringIO()
    render_terminal(card, Console(file=out, width=200, color_system=None), notes)
    return out.getvalue()


def corrected() -> Scorecard:
    return regrade(RECORD, 2, [accept_correction(RECORD, "c0002", FALLBACK, START)])


FORMS = pytest.mark.parametrize("form", [render_html, render_markdown, terminal])


@FORMS
def test_dispute_and_override_stand_beside_the_verdict(form: Form) -> None:
    """The card's own verdict stays; who said what else, and why, follows it."""
    text = form(grade(RECORD), NOTES)
    at = text.index("disputed: I said slowly.")
    before, after = text[at - 900 : at], text[at : at + 300]
    assert "Explains the canary" in before
    assert "not detected" in before
    assert "overridden by a reviewer: partial – No share is named." in after
    assert re.search(r"upheld by the group(?:'|&#39;)s owner: hit – It is there\.", text)
    assert "verdicts, ratings and levels are those of the card" in text


@FORMS
def test_notes_change_no_other_line(form: Form) -> None:
    """With the notes taken out again the card is what it was: nothing is computed anew."""
    plain, noted = (form(grade(RECORD), one) for one in (None, NOTES))
    added = ("disputed", "overridden", "upheld", 'class="notices"', "## Notices")
    kept = [line for line in noted.splitlines() if not any(word in line for word in added)]
    assert lines(plain) == [line for line in lines("\n".join(kept)) if line != "Notices"]


def lines(text: str) -> list[str]:
    """Those that hold something; whether a list is open is no content."""
    return [
        line.replace("<details open>", "<details>") for line in text.splitlines() if line.strip()
    ]


@FORMS
def test_no_notes_are_no_change(form: Form) -> None:
    """None, empty notes and notes on another revision give the same bytes."""
    elsewhere = CardNotes((replace(NOTES.disputes[0], revision=2),), NOTES.overrides)
    card = grade(RECORD)
    assert form(card, None) == form(card, CardNotes()) == form(card, elsewhere)


@FORMS
def test_reasons_are_shown_as_text(form: Form) -> None:
    """No markup, mention or escape sequence of a reason works."""
    text = form(grade(RECORD), NOTES)
    assert "\x1b" not in text
    assert "\u202e" not in text
    if form is render_html:
        assert "<script>" not in text
        assert "&lt;script&gt;alert(1)" in text
    if form is render_markdown:
        assert "\\<script\\>alert(1)" in text
        assert "\\*\\*bold\\*\\* \\@everyone" in text


@FORMS
def test_corrected_answers_are_marked(form: Form) -> None:
    """A quote of a corrected turn says so, and what was typed first is there."""
    text = form(corrected(), None)
    assert "turn 3, corrected" in text
    assert "provdier" in text
    assert "One word of your answers was corrected" in text
    first = form(grade(RECORD), None)
    assert "corrected" not in first.lower().replace("then corrected", "")


def test_html_keeps_the_first_version_whole() -> None:
    """It can be opened under the turn, escaped as everything is."""
    record = interview(you(f"{TYPED} <b>", "operations"))
    card = regrade(record, 2, [accept_correction(record, "c0000", f"{FALLBACK} <b>", START)])
    page = render_html(card)
    assert "As it was typed first" in page
    assert f"{TYPED} &lt;b&gt;" in page


HEARD = FALLBACK.replace("falls back", "falls bag")


def spoken(*unsure: str) -> InterviewRecord:
    """An interview with a spoken answer that was misheard, with doubts about these words."""
    held = interview(bot("And fast?"), you(REPLY), you(HEARD, "operations"))
    words = tuple(
        Word(word, float(at), at + 0.5, word in unsure) for at, word in enumerate(HEARD.split())
    )
    answer = replace(held.transcript[2], source=Source.SPOKEN, words=words)
    return replace(held, transcript=(*held.transcript[:2], answer))


@FORMS
def test_a_misheard_answer_shows_both_versions(form: Form) -> None:
    """What was heard is called so, and stands beside what is graded."""
    record = spoken("bag")
    card = regrade(record, 2, [accept_correction(record, "c0002", FALLBACK, START)])
    text = form(card, None)
    assert "turn 3, corrected" in text
    assert "heard" in text
    assert "typed" not in text
    assert "bag" in text


def test_html_shows_the_doubts_that_there_were() -> None:
    """Beside the corrected answer, in what was heard first."""
    record = spoken("bag")
    card = regrade(record, 2, [accept_correction(record, "c0002", FALLBACK, START)])
    page = render_html(card)
    assert "As it was heard first" in page
    assert "falls bag(?) to a second" in page
    assert "<sup>" not in page


@FORMS
def test_doubtful_words_are_marked_with_a_legend(form: Form) -> None:
    """Beside the word in quotes; where nothing is in doubt there is neither mark nor legend."""
    held = replace(spoken().transcript[2], text=FALLBACK)
    doubtful = tuple(replace(word, uncertain=word.text == "second") for word in held.words)
    record = spoken()
    turns = (*record.transcript[:2], replace(held, words=doubtful))
    text = form(grade(replace(record, transcript=turns)), None)
    assert re.search(r"to a second(<sup>)?\(\?\)(</sup>)? provider", text)
    assert re.search(r"\(\?\) = I am not sure I heard this word", text)
    assert "(?)" not in form(grade(spoken()), None)


def test_html_opens_what_a_dispute_is_about() -> None:
    """A disputed verdict is not hidden in a closed list."""
    card = grade(interview(you(FALLBACK, "operations")))
    closed = render_html(card)
    opened = render_html(card, NOTES)
    assert closed.count("<details>") == opened.count("<details>") + 1
