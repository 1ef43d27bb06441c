"""Answers by voice, and beside them whatever is typed."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from bot.calls.line import Line, Spoken
from bot.console.answers import Answer, Answers, SpokenAnswer
from bot.console.spoken_answers import SpokenAnswers
from interviewer.state import EventKind
from scoring.transcript import Word

WORDS = (Word("a", 0.1, 0.2), Word("token", 0.2, 0.6, uncertain=True))


class Keyboard(Answers):
    """A field that a test types into; `fields` counts how often it was opened."""

    live = True

    def __init__(self) -> None:
        self.typed: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        self.fields = 0
        self.status: Callable[[], str] = str

    def on_typing(self, call: Callable[[], None]) -> None:
        """Keep it."""
        self.typing = call

    async def next(self, status: Callable[[], str]) -> Answer | None:
        """What the test types."""
        self.fields += 1
        self.status = status
        line = await self.typed.get()
        if isinstance(line, Exception):
            raise line
        return line

    async def next_block(self) -> str | None:
        """The same."""
        return cast("str", await self.next(str))


class Call:
    """The side of a line that answers use; writes down what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.on_settle: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> Any:
        return lambda: self.told.append(name)

    async def settle(self) -> None:
        """The end of what was said is recognised meanwhile."""
        self.told.append("settle")
        self.on_settle()


@pytest.fixture
def keyboard() -> Keyboard:
    """Somebody at the keys."""
    return Keyboard()


@pytest.fixture
def call() -> Call:
    """An open call."""
    return Call()


@pytest.fixture
def answers(keyboard: Keyboard, call: Call) -> SpokenAnswers:
    """Answers from both."""
    spoken = SpokenAnswers(keyboard)
    spoken.line = cast("Line", call)
    return spoken


def spoken(text: str) -> Spoken:
    """A turn that was heard."""
    return Spoken(text, WORDS, f"voice:1:{text}")


async def test_what_was_heard_comes_with_its_words_in_order(answers: SpokenAnswers) -> None:
    """Nothing of a turn is lost on the way, and events without words keep their place."""
    answers.hear(spoken("one"))
    answers.happen(EventKind.SILENCE)
    answers.hear(spoken("two"))

    got = [await answers.next(str) for _ in range(3)]

    assert got == [
        SpokenAnswer("one", WORDS, "voice:1:one"),
        EventKind.SILENCE,
        SpokenAnswer("two", WORDS, "voice:1:two"),
    ]
    await answers.close()


async def test_what_is_half_typed_stays_while_answers_are_heard(
    answers: SpokenAnswers, keyboard: Keyboard
) -> None:
    """The field is opened once, and again only when something was sent from it."""
    for text in ("one", "two"):
        answers.hear(spoken(text))
        await answers.next(str)
        await asyncio.sleep(0)
    assert keyboard.fields == 1

    keyboard.typed.put_nowait("/help")
    assert await answers.next(str) == "/help"
    assert keyboard.fields == 1
    answers.hear(spoken("three"))
    await answers.next(str)
    await asyncio.sleep(0)
    assert keyboard.fields == 2
    await answers.close()


@pytest.mark.parametrize("line", ["We would cache it.", "/end", "/next", "/hint", "/pause"])
async def test_what_is_typed_takes_the_floor(
    answers: SpokenAnswers, keyboard: Keyboard, call: Call, line: str
) -> None:
    """What was being said is taken first, then the interviewer stops, then the line counts."""
    call.on_settle = lambda: answers.hear(spoken("the end of it"))
    keyboard.typed.put_nowait(line)

    got = [await answers.next(str) for _ in range(2)]

    assert got[0] == SpokenAnswer("the end of it", WORDS, "voice:1:the end of it")
    assert got[1] == line
    assert call.told == ["done", "settle", "hush"]


@pytest.mark.parametrize("line", ["/help", "/facts", "/board", "/flag too fast"])
async def test_what_only_looks_something_up_interrupts_nobody(
    answers: SpokenAnswers, keyboard: Keyboard, call: Call, line: str
) -> None:
    """The interviewer speaks on."""
    keyboard.typed.put_nowait(line)
    assert await answers.next(str) == line
    assert call.told == []


async def test_time_to_think_is_told_to_the_call_as_well(
    answers: SpokenAnswers, keyboard: Keyboard, call: Call
) -> None:
    """Its waits become long; the interview hears of it, too."""
    keyboard.typed.put_nowait(" /Think ")
    assert await answers.next(str) == " /Think "
    assert call.told == ["think"]


async def test_done_ends_the_turn_and_is_no_answer(
    answers: SpokenAnswers, keyboard: Keyboard, call: Call
) -> None:
    """The call does not wait for more; the interview gets what was said and nothing else."""
    keyboard.typed.put_nowait("/done")
    keyboard.typed.put_nowait("/help")
    assert await answers.next(str) == "/help"
    assert call.told == ["done"]


async def test_the_end_of_the_keyboard_is_the_end_of_the_sitting(
    answers: SpokenAnswers, keyboard: Keyboard
) -> None:
    """Ctrl+D ends it as in writing."""
    keyboard.typed.put_nowait(None)
    assert await answers.next(str) is None


async def test_a_keyboard_that_fails_is_no_silence(
    answers: SpokenAnswers, keyboard: Keyboard
) -> None:
    """The error comes out where answers are waited for."""
    keyboard.typed.put_nowait(OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        await answers.next(str)


async def test_a_line_that_is_no_answer_comes_from_the_same_field(
    answers: SpokenAnswers, keyboard: Keyboard, call: Call
) -> None:
    """Also where the field was open already; it takes the floor from nobody."""
    answers.hear(spoken("one"))
    await answers.next(str)
    asking = asyncio.create_task(answers.next_line(" go on? "))
    await asyncio.sleep(0)
    keyboard.typed.put_nowait("1 a token")

    assert await asking == "1 a token"
    assert (keyboard.fields, call.told) == (1, [])

    keyboard.typed.put_nowait("")
    assert await answers.next_line(" go on? ") == ""
    assert keyboard.status() == " go on? "


async def test_without_a_keyboard_only_the_voice_counts() -> None:
    """A recording has nobody who types."""
    answers = SpokenAnswers()
    assert not answers.can_type
    assert await answers.next_line("?") is None
    assert await answers.next_block() is None
    answers.hear(spoken("one"))
    assert isinstance(await answers.next(str), SpokenAnswer)
    await answers.close()


async def test_it_is_known_when_somebody_waits_for_an_answer(answers: SpokenAnswers) -> None:
    """Between two answers nobody waits: the last one is being dealt with."""
    assert not answers.is_waiting
    waiting = asyncio.create_task(answers.next(str))
    await asyncio.sleep(0)
    assert answers.is_waiting
    answers.hear(spoken("one"))
    assert not answers.is_waiting
    await waiting
    assert not answers.is_waiting
    await answers.close()


async def test_what_is_being_said_stands_beside_the_field(
    answers: SpokenAnswers, keyboard: Keyboard
) -> None:
    """As far as it is understood, until it is an answer."""
    waiting = asyncio.create_task(answers.next(lambda: " Scope "))
    await asyncio.sleep(0.001)
    answers.caption = "a tok"
    assert keyboard.status() == " Scope · a tok"
    answers.hear(spoken("a token"))
    assert keyboard.status() == " Scope "
    await waiting
    await answers.close()
