"""What every form of the card says of its judge."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from judge_samples import MISSED, judged, said, saying
from rich.console import Console
from scorecard_samples import ASK, REPLY, bot, interview, you

from bot.discord.views.card_words import read_card
from bot.discord.views.scorecard import card_pages
from scoring.judge_wire import JudgePrompts
from scoring.judging import JudgedConcept
from scoring.render.html import render_html
from scoring.render.judged import judged_lines, judging_lines, spread
from scoring.render.markdown import render_markdown
from scoring.render.terminal import render_terminal
from scoring.scorecard import Scorecard, grade
from scoring.verdicts import Verdict

Form = Callable[[Scorecard], str]
RECORD = interview(bot("Where do you start?"), you(ASK), bot("And?"), you(REPLY))
HIT = said("hit", "30,000 conversations a day", reason="Names the volume.")


def terminal(card: Scorecard) -> str:
    out = io.StringIO()
    render_terminal(card, Console(file=out, width=200, color_system=None))
    return out.getvalue()


def discord(card: Scorecard) -> str:
    return "\n".join(page.text for page in card_pages(read_card(card)))


FORMS = pytest.mark.parametrize("form", [render_html, render_markdown, terminal, discord])


async def a_card() -> Scorecard:
    """Split on the traffic, abstaining from the latency, missing what was never said."""
    by_key = {
        "scope/traffic": [HIT, {**HIT, "verdict": "partial"}, HIT, HIT, MISSED],
        "scope/latency": said("hit", "words that nobody ever said in this room"),
    }
    card, _ = await judged(RECORD, saying(by_key))
    return card


@FORMS
async def test_it_is_said_who_judged_and_how_sure(form: Form) -> None:
    """Model, prompts, calls, splits, the offline verdict where it differs, and abstentions."""
    text = form(await a_card()).replace("\\", "").replace("&#39;", "'")
    for words in (
        "Judged by judge-model-2026-11",
        f"Prompts: {JudgePrompts.load().rules.id}",
        "samples split on 1, the offline finder differs on 0 and stands beside 1 without a",
        "samples: 3 of 5 hit, 1 partial, 1 missed",
        "which counts for nothing: 3 of 3 abstained",
        "offline finder: hit",
        "Names the volume.",
        "about 80 %",
    ):
        assert words in text, words
    assert "missed" in text


@FORMS
async def test_a_model_that_is_called_something_nasty_is_only_text(form: Form) -> None:
    """Its name comes from a server."""
    card = await a_card()
    assert card.judging is not None
    nasty = replace(card.judging, model="<script>x</script> @everyone \x1b[31m", server="**b**")
    text = form(card.model_copy(update={"judging": nasty}))
    if form is render_html:
        assert "<script>" not in text
        assert "&lt;script&gt;x" in text
        return
    assert "\x1b" not in text
    if form is not terminal:
        assert "<script>" not in text.replace("\\<", "")
        assert " **b**" not in text


@FORMS
def test_a_card_without_a_judge_says_nothing_of_one(form: Form) -> None:
    """No heading, no line."""
    card = grade(RECORD)
    assert "judge" not in form(card).lower()
    assert judging_lines(card) == ()
    assert judged_lines(card, 0) == {}


@pytest.mark.parametrize(
    ("counts", "abstained", "failed", "words"),
    [
        ({Verdict.HIT: 3}, 0, 0, "3 of 3 hit"),
        ({Verdict.HIT: 2, Verdict.PARTIAL: 1}, 0, 0, "2 of 3 hit, 1 partial"),
        ({Verdict.MISSED: 1, Verdict.HIT: 2}, 2, 0, "2 of 5 hit, 2 abstained, 1 missed"),
        ({Verdict.HIT: 1}, 0, 2, "2 of 3 not answered, 1 hit"),
        ({}, 0, 0, "0 of 3 answered"),
    ],
)
def test_the_spread_counts_every_sample(
    counts: dict[Verdict, int], abstained: int, failed: int, words: str
) -> None:
    """The most frequent first; abstentions and failures are samples too."""
    one = JudgedConcept(0, "a/b", Verdict.HIT, Verdict.HIT, counts, abstained, failed)
    assert spread(one, 3) == words
