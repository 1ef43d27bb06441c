"""What a candidate says, and what is said to them, is in no log line, whatever fails."""

import gc
import logging
from contextlib import suppress

import pytest

from tests.voice.people import (
    Call,
    Pauses,
    Person,
    Says,
    ToneLanguage,
    ToneRecogniser,
    ToneSynthesiser,
)
from voice.guards import Guess
from voice.speech import HeardWord, Said, Transcription

TELLING = ("salary", "ninety", "acme")
PRIVATE = f"my {' '.join(TELLING)} was"
QUESTION = "Which Zebra would you ask?"


class ListenerError(Exception):
    """What a listener of somebody's raises; it says nothing itself."""


def fails(*_: object, **__: object) -> None:
    raise ListenerError


@pytest.fixture
def call() -> Call:
    return Call(ToneRecogniser(ToneLanguage()), answers=[QUESTION])


async def talk(call: Call) -> None:
    """Somebody says it, pauses, and is answered; what a listener raises goes to who feeds it."""
    recogniser = call.conversation._hearing._recogniser
    assert isinstance(recogniser, ToneRecogniser)
    person = Person(Says(recogniser.language.clip(PRIVATE)), Pauses(6.0))
    while not person.has_finished:
        with suppress(ListenerError):
            await call.frame(person.frame(call.bot_is_heard))
    with suppress(ListenerError):
        await call.close()
    gc.collect()


@pytest.mark.parametrize("what", ["partial", "said", "activity", "speech", "failed"])
async def test_a_listener_that_raises_puts_no_words_into_the_log(
    call: Call, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    """Its error is logged or reaches whoever gives the frames; asyncio logs no result with it."""
    setattr(call.notes, what, fails)
    if what == "failed":
        call.conversation._hearing._failed = fails
        call.conversation._hearing._recogniser = Broken(ToneLanguage())
    caplog.set_level(logging.DEBUG)

    await talk(call)

    assert not [word for word in TELLING if word in caplog.text]


async def test_a_caption_that_fails_shows_in_the_log(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is swallowed: the error is there, only the words are not."""
    call.notes.partial = fails
    caplog.set_level(logging.DEBUG)

    await talk(call)

    assert any(record.exc_info and record.exc_info[0] is ListenerError for record in caplog.records)


async def test_a_synthesiser_that_quotes_puts_no_words_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its complaint about a text is not logged where the listener fails as well."""
    synthesiser = ToneSynthesiser()
    synthesiser.error = RuntimeError("cannot pronounce Zebra")
    call = Call(ToneRecogniser(ToneLanguage()), synthesiser=synthesiser, answers=[QUESTION])
    call.conversation._speaking._failed = fails
    caplog.set_level(logging.DEBUG)

    await talk(call)

    assert "Zebra" not in caplog.text


class Broken(ToneRecogniser):
    """Fails, and quotes what it heard."""

    async def final(self, audio: object, terms: object) -> Transcription:
        raise RuntimeError(f"no times for {PRIVATE}")


WORD = HeardWord(PRIVATE, 0.0, 1.0, 0.9)


@pytest.mark.parametrize(
    "value",
    [
        WORD,
        Transcription(PRIVATE, (WORD,)),
        Said(PRIVATE, (WORD,), 0.0, 1.0, 2.0),
        Guess(tuple(PRIVATE.split()), -0.1, 0.0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_that_hold_words_do_not_show_them(value: object) -> None:
    """Neither by themselves nor inside others."""
    assert "salary" not in repr((value,))
