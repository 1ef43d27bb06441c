"""Flagging a turn of the interviewer: `/flag` while it goes on, `hotseat scorecards flag` later."""

import io

import pytest
from console_samples import FINISHED, OPEN, QUESTIONS, Screen, screen_of

from bot.console.answers import PipedAnswers, flag_note
from bot.console.choices import Wishes, drill_settings
from bot.console.model_commands import flag_spoken
from bot.console.practice import practise
from bot.console.trace import trace
from bot.doors import UsageError
from bot.flagging import LONGEST_NOTE, flag, flaggable
from bot.wiring import App
from interviewer.state import EventKind
from storage.retention import export_interview
from storage.scorecards import unfinished_interviews
from storage.turn_flags import flags_of

ANSWERED = "A token is a piece of a word."
NOTE = "It gave \x1b[31mthe answer[/] away."
SHOWN = "It gave [31mthe answer[/] away."


def plain(screen: Screen) -> str:
    """What was printed, on one line."""
    return " ".join(screen.text().split())


async def sit(app: App, lines: str) -> tuple[str, str]:
    """A drill with that input; what was shown, and its id."""
    screen = screen_of()
    chosen = drill_settings(
        app.services.library, Wishes(",".join(QUESTIONS)), screen.console, ask=False
    )
    await practise(app, chosen, PipedAnswers(io.StringIO(lines)), screen.console)
    ids = {one.id for one in await unfinished_interviews(app.database)}
    (found,) = ids - {OPEN}
    return plain(screen), found


async def test_flag_in_a_sitting_is_about_what_was_said_last(app: App) -> None:
    """With the words behind it as its note; the interviewer hears nothing of it."""
    shown, sitting = await sit(app, f"{ANSWERED}\n\n/flag {NOTE}\n")

    last = (await flaggable(app, sitting))[-1]
    (kept,) = await flags_of(app.database, sitting)
    assert (kept.turn_id, kept.note) == (last.id, SHOWN)
    assert "Flagged: “" in shown
    assert "A flag changes no verdict" in shown
    events = await app.services.store.events(sitting)
    assert [one.event.text for one in events if one.event.text] == [ANSWERED]


@pytest.mark.parametrize("line", ["/flag", "/FLAG", " /flag "])
async def test_flag_needs_no_reason(app: App, line: str) -> None:
    """The word alone, in any case, also right behind an answer in a pipe."""
    _, sitting = await sit(app, f"{ANSWERED}\n{line}\n")

    (kept,) = await flags_of(app.database, sitting)
    assert kept.note == ""


@pytest.mark.parametrize("answer", ["/flagship models cost more", "We flag it.", "see /flag x"])
def test_other_words_are_no_flag(answer: str) -> None:
    """An answer that only looks like it stays one."""
    assert flag_note(answer) is None


async def test_too_long_a_note_is_refused(app: App) -> None:
    """With both numbers; the sitting goes on."""
    shown, sitting = await sit(app, f"/flag {'x' * (LONGEST_NOTE + 1)}\n/hint\n")

    assert f"{LONGEST_NOTE + 1} characters; {LONGEST_NOTE} are the most" in shown
    assert await flags_of(app.database, sitting) == ()
    assert EventKind.HINT in [one.event.kind for one in await app.services.store.events(sitting)]


@pytest.mark.parametrize("name", ["3", "i0001"])
async def test_a_turn_is_flagged_afterwards(app: App, screen: Screen, name: str) -> None:
    """By its number on the card or its id; a later flag takes the place of the first."""
    await flag_spoken(app, screen.console, name, FINISHED, "Too early.")
    await flag_spoken(app, screen.console, name, FINISHED[:5], NOTE)

    (kept,) = await flags_of(app.database, FINISHED)
    assert (kept.turn_id, kept.note) == ("i0001", SHOWN)
    assert "Turn 3, “" in plain(screen)
    assert "is flagged" in plain(screen)


@pytest.mark.parametrize("name", ["2", "c0001", "99", "", "i1"])
async def test_what_is_no_turn_of_the_interviewer_is_said(
    app: App, screen: Screen, name: str
) -> None:
    """One's own answers included, with those that can be flagged."""
    with pytest.raises(UsageError, match=r"these are: 1 \(i0000\), 3 \(i0001\)"):
        await flag_spoken(app, screen.console, name, FINISHED)

    assert await flags_of(app.database, FINISHED) == ()


async def test_an_interview_of_somebody_else_is_not_found(app: App, screen: Screen) -> None:
    """Those of the terminal's own person only."""
    stored = await app.services.store.interview(OPEN)
    theirs = stored.settings.model_copy(update={"owner": "discord:1"})
    await app.services.store.create_interview("theirs99", theirs, stored.started_at)

    with pytest.raises(UsageError, match="no interview 'theirs99'"):
        await flag_spoken(app, screen.console, "1", "theirs99")


async def test_the_flag_stands_in_the_trace_and_in_the_data(app: App, screen: Screen) -> None:
    """Beside its turn, harmless to the screen; in the export with its time."""
    turn = (await flaggable(app, FINISHED))[1]
    await flag(app, FINISHED, turn, NOTE)

    await trace(app, screen.console, FINISHED)

    text = screen.text()
    assert f"flagged by the candidate: “{SHOWN}”" in " ".join(text.split())
    assert text.index("i0001") < text.index("flagged") < text.index("i0002")
    (row,) = (await export_interview(app.database, FINISHED))["turn_flags"]
    assert (row["turn_id"], row["note"]) == ("i0001", SHOWN)


async def test_nothing_was_said_yet(app: App) -> None:
    """An interview that broke off before its first question has nothing to flag."""
    stored = await app.services.store.interview(OPEN)
    await app.services.store.create_interview("empty999", stored.settings, stored.started_at)

    with pytest.raises(UsageError, match="said nothing yet"):
        await flaggable(app, "empty999")
