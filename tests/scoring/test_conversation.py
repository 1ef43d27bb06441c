"""How the bot let the candidate speak: measured of what was played, and said in every form."""

from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from scorecard_samples import ASK, bot, interview, you

from scoring.conversation import Fairness, Manner, fairness
from scoring.render.html import render_html
from scoring.render.markdown import render_markdown
from scoring.render.terminal import render_terminal
from scoring.render.wording import FAIRNESS, fairness_figures
from scoring.scorecard import Scorecard, grade, scorecard_from_json, scorecard_to_json

RECORD = interview(bot("Where do you start?"), you(ASK))


def played(*waits: float | None, cut_in: int = 0, stopped: int = 0) -> tuple[Manner, ...]:
    """Utterances with those waits; the first ones cut in, and were interrupted."""
    return tuple(
        Manner(f"one:{at}:probe", wait, cut_in=at < cut_in, stopped=at < stopped)
        for at, wait in enumerate(waits)
    )


def card(*manners: Manner) -> Scorecard:
    """A card of a conversation in which that was played."""
    return grade(replace(RECORD, manners=manners))


def forms(shown: Scorecard) -> list[str]:
    """The card in every form that is read."""
    out = StringIO()
    render_terminal(shown, Console(file=out, width=200, color_system=None))
    return [out.getvalue(), render_markdown(shown), render_html(shown)]


def test_waits_are_those_of_answers_to_speech() -> None:
    """What answered no speech kept nobody waiting, and was played all the same."""
    assert fairness(played(None, 0.64, 1.0, 2.26, None, cut_in=1, stopped=2)) == Fairness(
        utterances=5, waits=3, median_wait_s=1.0, longest_wait_s=2.3, spoke_over=1, interrupted=1
    )


def test_without_a_wait_there_is_no_figure_of_it() -> None:
    """All else is counted."""
    found = fairness(played(None, None))
    assert found is not None
    assert found == Fairness(2, 0, None, None, 0, 0)
    assert [one.title for one in fairness_figures(found)] == [
        "It spoke over you",
        "You interrupted it",
    ]


def test_a_typed_interview_has_none() -> None:
    """No figures, no heading, no word about it in any form."""
    assert fairness(()) is None
    assert card().fairness is None
    assert [form for form in forms(card()) if FAIRNESS in form or "interrupted" in form] == []


def test_every_form_has_the_figures() -> None:
    """With whom they are about, also where too little was spoken to measure the candidate."""
    shown = card(*played(None, 0.64, 1.0, 2.26, cut_in=1, stopped=2))
    assert shown.delivery is None
    for form in forms(shown):
        assert FAIRNESS in form
        assert "1 s as a rule (median), 2.3 s at the longest" in form
        assert "3 answers" in form
        assert "once in the 4 times it spoke" in form
        assert "You interrupted it" in form
        assert "about the bot, not about you" in form


@pytest.mark.parametrize(
    ("manners", "values"),
    [
        (played(0.5), ["0.5 s as a rule (median), 0.5 s at the longest", "never", "never"]),
        (played(None, cut_in=1), ["once", "never"]),
        (
            played(*[None] * 9, cut_in=3),
            ["3 times in the 9 times it spoke", "never in the 9 times it spoke"],
        ),
    ],
)
def test_counts_are_said_in_words(manners: tuple[Manner, ...], values: list[str]) -> None:
    """As somebody would say them."""
    found = fairness(manners)
    assert found is not None
    assert [one.value for one in fairness_figures(found)] == values


def test_it_changes_no_verdict() -> None:
    """How the bot behaved stands beside what the candidate showed."""
    rude, polite = card(*played(9.0, 9.0, cut_in=2)), card(*played(0.5, 0.5))
    assert (rude.rounds, rude.practise_next) == (polite.rounds, polite.practise_next)


def test_it_survives_storage_and_older_cards_are_read() -> None:
    """JSON both ways, and a card from before there was such a figure."""
    shown = card(*played(0.5, None))
    assert scorecard_from_json(scorecard_to_json(shown)) == shown
    older = scorecard_to_json(card()).replace('  "fairness": null,\n', "")
    assert '"fairness"' not in older
    assert scorecard_from_json(older).fairness is None


manners = st.builds(
    Manner,
    key=st.just("k"),
    waited_s=st.none() | st.floats(0, 60),
    cut_in=st.booleans(),
    stopped=st.booleans(),
)


@given(st.lists(manners, min_size=1, max_size=20))
def test_figures_are_bounded(heard: list[Manner]) -> None:
    """Nothing happens more often than the bot spoke, and no middle lies beyond the longest."""
    found = fairness(heard)
    assert found is not None
    assert 0 <= max(found.spoke_over, found.interrupted, found.waits) <= found.utterances
    if found.median_wait_s is not None:
        assert found.longest_wait_s is not None
        assert 0 <= found.median_wait_s <= found.longest_wait_s
