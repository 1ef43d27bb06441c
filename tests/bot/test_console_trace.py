"""The trace of an interview: every turn with its reason."""

import json

import pytest
from console_samples import ANSWER, FINISHED, OPEN, Screen, screen_of

from bot.console.trace import trace
from bot.doors import UsageError
from bot.wiring import App
from interviewer.state import Move, MoveKind
from storage.scorecards import load_findings


async def test_every_utterance_stands_with_its_reason(app: App, screen: Screen) -> None:
    """Each interviewer turn is there once, with its move, clock and words."""
    await trace(app, screen.console, FINISHED)

    lines = screen.text().splitlines()
    utterances = await app.services.store.utterances(FINISHED)
    for one in [one for one in utterances if one.text]:
        (head,) = [line for line in lines if line.startswith(f"i{one.seq:04d}")]
        assert one.move.kind.value in head
        assert "left in" in head
        assert _words(one.text) in _words(screen.text())
        assert f"because {one.move.reason}" in _words(screen.text())


async def test_a_probe_names_its_cause_and_what_lost(app: App, screen: Screen) -> None:
    """The turn that led to it is quoted by its first words, and the other moves have values."""
    await trace(app, screen.console, FINISHED)

    probe = await _first_probe(app)
    assert probe.concept is not None
    text = _words(screen.text())
    assert f"probe → {probe.concept}" in text
    assert "after c0001 “A token is a piece of a word; ...”" in text
    for other in probe.alternatives:
        assert f"{other.kind.value} {other.concept} {other.value:.2f}" in text


async def test_findings_stand_beside_the_turn_that_showed_them(app: App, screen: Screen) -> None:
    """Concept, verdict and quote of each finding are printed."""
    await trace(app, screen.console, FINISHED)

    text = _words(screen.text())
    found = await load_findings(app.database, FINISHED)
    assert found[1]
    for finding in found[1]:
        assert f"{finding.verdict.value} {finding.key}" in text
        assert _words(finding.quote) in text
        assert finding.quote == ANSWER[finding.start : finding.end]


async def test_a_silent_move_is_dim_and_short(app: App) -> None:
    """Waiting is one dim line with its reason."""
    screen = screen_of(terminal=True)

    await trace(app, screen.console, FINISHED)

    (waiting,) = [line for line in screen.text().splitlines() if "drew" in line and "wait" in line]
    assert "\x1b[2m" in waiting


async def test_what_was_said_cannot_steer_the_screen(app: App) -> None:
    """Markup and escape codes in an answer are shown or dropped, never obeyed."""
    screen = screen_of(terminal=True)

    await trace(app, screen.console, FINISHED)

    assert "[bold]them[/bold]" in screen.text()
    assert "\x1b[31mreads" not in screen.text()


@pytest.mark.parametrize("width", [36, 100, 240])
async def test_the_trace_fits_any_terminal(app: App, width: int) -> None:
    """No line is wider than the terminal."""
    screen = screen_of(width)

    await trace(app, screen.console, FINISHED)

    assert max(map(len, screen.text().splitlines())) <= width


async def test_json_holds_everything_that_was_stored(app: App, screen: Screen) -> None:
    """Moves read back as moves, in the order of the events."""
    await trace(app, screen.console, FINISHED[:3], as_json=True)

    document = json.loads(screen.text())
    utterances = await app.services.store.utterances(FINISHED)
    moves = [Move.model_validate(turn["utterance"]["move"]) for turn in document["turns"]]
    assert document["interview_id"] == FINISHED
    assert moves == [one.move for one in utterances]
    assert document["turns"][1]["findings"]


async def test_an_unanswered_event_is_said_to_be_one(app: App, screen: Screen) -> None:
    """An event that was committed before a crash is not left out."""
    events = await app.services.store.events(FINISHED)
    stage = events[0].stage
    await app.services.store.commit_event(OPEN, events[1].event, round_index=0, stage=stage)

    await trace(app, screen.console, OPEN)

    assert "not answered yet" in screen.text()


async def test_an_unknown_interview_is_refused(app: App, screen: Screen) -> None:
    """There is nothing to explain about an interview that is not stored."""
    with pytest.raises(UsageError, match=FINISHED):
        await trace(app, screen.console, "drilled9")


async def _first_probe(app: App) -> Move:
    said = await app.services.store.utterances(FINISHED)
    return next(one.move for one in said if one.move.kind is MoveKind.PROBE)


def _words(text: str) -> str:
    """The text on one line, whatever wrapped it."""
    return " ".join(text.split())
