"""Before a spoken interview is graded: what was misheard is put right in the terminal."""

import asyncio
from collections.abc import Callable

import pytest
from console_samples import OPEN, screen_of

from bot.console.answers import Answer, Answers
from bot.console.screen import Screen
from bot.console.spoken_answers import SpokenAnswers
from bot.console.spoken_review import SpokenReview
from bot.wiring import App
from interviewer.state import Event, EventKind
from scoring.transcript import Source, Turn, Word

HEARD = "A taken is a peace of a word."
MEANT = "A token is a piece of a word."


class Lines(Answers):
    """A keyboard with these lines; fails when more are asked for."""

    live = True

    def __init__(self, *lines: str | None) -> None:
        self.left = list(lines)

    def on_typing(self, call: Callable[[], None]) -> None:
        """Nobody looks."""

    async def next(self, status: Callable[[], str]) -> Answer | None:
        """The next one."""
        await asyncio.sleep(0)
        return self.left.pop(0)

    async def next_block(self) -> str | None:
        """None here."""
        raise NotImplementedError


async def say(app: App, text: str, *unsure: str) -> None:
    """A spoken answer in the open interview."""
    words = tuple(
        Word(word, float(at), at + 0.5, word in unsure) for at, word in enumerate(text.split())
    )
    event = Event(
        kind=EventKind.SAID,
        at=app.services.clock.now(),
        text=text,
        source=Source.SPOKEN,
        words=words,
    )
    await app.services.store.commit_event(OPEN, event, round_index=0, stage="scope")


async def last_turn(app: App) -> Turn:
    """The answer as it reads now."""
    return (await app.services.store.transcript(OPEN))[-1]


async def hold(app: App, *lines: str | None) -> str:
    """A review with these lines typed; all are used up. Returns what was shown."""
    shown = screen_of()
    keyboard = Lines(*lines)
    await SpokenReview(app, SpokenAnswers(keyboard), Screen(shown.console)).hold(OPEN)
    assert keyboard.left == []
    return " ".join(shown.text().split())


async def test_nothing_is_asked_where_nothing_is_doubtful(app: App) -> None:
    """Who was understood is not kept waiting."""
    await say(app, "A token is a piece.")
    assert await hold(app) == ""


async def test_a_misheard_answer_is_put_right_by_its_number(app: App) -> None:
    """Both versions are kept; it is over when nothing doubtful is left."""
    await say(app, HEARD, "taken", "peace")
    shown = await hold(app, f"1 {MEANT}")
    assert "A taken(?) is a peace(?) of a word." in shown
    turn = await last_turn(app)
    assert (turn.text, turn.original) == (MEANT, HEARD)


@pytest.mark.parametrize("line", ["", None, "  "])
async def test_enter_alone_goes_on(app: App, line: str | None) -> None:
    """And so does the end of the input."""
    await say(app, HEARD, "taken")
    await hold(app, line)
    assert (await last_turn(app)).text == HEARD


@pytest.mark.parametrize("line", ["token", "2 token", "0 token", "1", "1:"])
async def test_a_line_without_a_number_of_the_list_changes_nothing(app: App, line: str) -> None:
    """It is said what is missing, and asked again."""
    await say(app, HEARD, "taken")
    assert "Begin with a number from 1 to 1." in await hold(app, line, "")
    assert (await last_turn(app)).text == HEARD


async def test_an_answer_cannot_be_rewritten(app: App) -> None:
    """Only what may have been misheard is put right."""
    await say(app, HEARD, "taken")
    shown = await hold(app, "1 The context window is limited to a number of tokens.", "")
    assert "Nothing was changed." in shown
    assert (await last_turn(app)).text == HEARD


async def test_nobody_at_a_keyboard_is_asked_nothing(app: App) -> None:
    """A recording is graded as it was understood."""
    await say(app, HEARD, "taken")
    shown = screen_of()
    await SpokenReview(app, SpokenAnswers(), Screen(shown.console)).hold(OPEN)
    assert shown.text() == ""
