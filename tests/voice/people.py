"""People who speak by a script, and stand-ins for the models, for calls that run in no time.

A `Person` gives 20 ms frames and reacts to what it hears of the bot; `uttered` is the truth about
when it spoke. A `Call` joins one to a `Conversation` and keeps what was played. Stand-ins: words
are tones of their own (`ToneLanguage`), so a recogniser can know exactly what was said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from voice.pipeline import Activity, Conversation, Detector, EndOfTurn
from voice.playback import Playback
from voice.speech import (
    FRAME_S,
    HEARING_FRAME,
    HEARING_RATE,
    SPEAKING_FRAME,
    SPEAKING_RATE,
    HeardWord,
    Loudness,
    Recogniser,
    Said,
    Samples,
    Synthesiser,
    Transcription,
)
from voice.turns import TurnSettings

AUDIBLE = 200
"""Loudness (RMS) from which a frame is not silence."""


@dataclass(frozen=True)
class Clip:
    """Something said, at 16 kHz; `text` is empty for a sound without words."""

    text: str
    samples: Samples = field(repr=False)


@dataclass(frozen=True)
class Says:
    clip: Clip


@dataclass(frozen=True)
class Pauses:
    for_s: float


@dataclass(frozen=True)
class HearsBot:
    """Waits until the bot has spoken for this long."""

    for_s: float = 0.0


@dataclass(frozen=True)
class BotIsSilent:
    """Waits until the bot has spoken and then been silent for this long."""

    for_s: float = 0.3


@dataclass(frozen=True)
class Does:
    """Presses a button, for one."""

    action: Callable[[], object]


Deed: TypeAlias = Says | Pauses | HearsBot | BotIsSilent | Does


@dataclass(frozen=True)
class Uttered:
    """What a person said and exactly when, in seconds of the call."""

    text: str
    start_s: float
    end_s: float


class Person:
    """Speaks by a script; one frame of 20 ms a call of `frame`."""

    def __init__(self, *script: Deed) -> None:
        self._script = list(script)
        self._rest = np.zeros(0, np.int16)
        self._heard_s = 0.0
        self._silent_s = 0.0
        self._pause_s: float | None = None
        self.now_s = 0.0
        self.uttered: list[Uttered] = []

    @property
    def has_finished(self) -> bool:
        """Whether the script is at its end."""
        return not self._script and not len(self._rest)

    @property
    def is_speaking(self) -> bool:
        """Whether the last frame had speech."""
        return bool(self.uttered) and self.now_s < self.uttered[-1].end_s + FRAME_S / 2

    def frame(self, bot_is_heard: bool) -> Samples:
        """The next 20 ms of this person, who hears the bot or not."""
        self._listen(bot_is_heard)
        while not len(self._rest) and self._script and self._begin(self._script[0]):
            self._script.pop(0)
        frame = np.zeros(HEARING_FRAME, np.int16)
        piece, self._rest = self._rest[:HEARING_FRAME], self._rest[HEARING_FRAME:]
        frame[: len(piece)] = piece
        self.now_s += FRAME_S
        return frame

    def _listen(self, bot_is_heard: bool) -> None:
        if bot_is_heard:
            # Gaps between its words are no end of what it says.
            self._heard_s += FRAME_S + (self._silent_s if self._heard_s else 0.0)
            self._silent_s = 0.0
        else:
            self._silent_s += FRAME_S

    def _begin(self, deed: Deed) -> bool:
        """Whether this part of the script is over, or a clip has begun."""
        match deed:
            case Says(clip):
                self._rest = clip.samples
                end_s = self.now_s + len(clip.samples) / HEARING_RATE
                self.uttered.append(Uttered(clip.text, self.now_s, end_s))
            case Does(action):
                action()
            case Pauses(for_s):
                return self._pause(for_s)
            case HearsBot(for_s):
                return bool(self._heard_s) and self._heard_s >= for_s
            case BotIsSilent(for_s):
                if not self._heard_s or self._silent_s < for_s:
                    return False
                self._heard_s = 0.0
        return True

    def _pause(self, for_s: float) -> bool:
        left = for_s if self._pause_s is None else self._pause_s
        self._pause_s = left - FRAME_S if left > FRAME_S / 2 else None
        return self._pause_s is None


class ToneLanguage:
    """A language in which every word is a tone of its own, and noise is no word."""

    word_s = 0.3

    def __init__(self) -> None:
        self._words: list[str] = []

    def clip(self, text: str) -> Clip:
        """The words said one after another without a pause."""
        count = round(self.word_s * HEARING_RATE)
        time_s = np.arange(count) / HEARING_RATE
        tones = [np.sin(2 * np.pi * self._pitch(word) * time_s) * 8000 for word in text.split()]
        return Clip(text, np.concatenate(tones).astype(np.int16))

    @staticmethod
    def noise(for_s: float) -> Clip:
        """A cough, a chair, a street."""
        samples = np.random.default_rng(7).normal(0, 4000, round(for_s * HEARING_RATE))
        return Clip("", samples.astype(np.int16))

    def understand(self, audio: Samples) -> Transcription:
        """The words, where at least a third of each was heard."""
        pitches = self._pitches(audio)
        words: list[HeardWord] = []
        start = 0
        for at in range(1, len(pitches) + 1):
            if at < len(pitches) and pitches[at] == pitches[start]:
                continue
            for n in range(round((at - start) * FRAME_S / self.word_s + 0.17)):
                if pitches[start] is not None:
                    begin_s = start * FRAME_S + n * self.word_s
                    words.append(self._word(pitches[start], begin_s))
            start = at
        return Transcription(" ".join(word.text for word in words), tuple(words))

    def _word(self, number: int | None, begin_s: float) -> HeardWord:
        assert number is not None
        return HeardWord(self._words[number], begin_s, begin_s + self.word_s, 0.95)

    def _pitch(self, word: str) -> float:
        if word not in self._words:
            self._words.append(word)
        return 300.0 + 50.0 * self._words.index(word)

    def _pitches(self, audio: Samples) -> list[int | None]:
        """The number of the word in each frame; None in silence and noise."""
        frames = audio[: len(audio) // HEARING_FRAME * HEARING_FRAME].reshape(-1, HEARING_FRAME)
        spectra = np.abs(np.fft.rfft(frames, axis=1))
        loudest = spectra.max(axis=1, initial=0.0)
        pure = (loudest > 0.25 * spectra.sum(axis=1)) & (loudest > AUDIBLE * HEARING_FRAME / 2)
        numbers = spectra.argmax(axis=1) - 6
        known = pure & (numbers >= 0) & (numbers < len(self._words))
        return [int(n) if ok else None for n, ok in zip(numbers, known, strict=True)]


class EnergyDetector(Detector):
    """Anything loud is speech."""

    def probability(self, window: Loudness) -> float:
        return 0.95 if _rms(window * 32768) > AUDIBLE else 0.02


class ToneRecogniser(Recogniser):
    """Understands a `ToneLanguage`; `error` is raised by finals, `hangs` never answers them."""

    def __init__(self, language: ToneLanguage) -> None:
        self.language = language
        self.error: Exception | None = None
        self.hangs = False
        self.terms: list[Sequence[str]] = []
        self.lengths_s: list[float] = []

    async def partial(self, audio: Samples, terms: Sequence[str]) -> str:
        return self.language.understand(audio).text

    async def final(self, audio: Samples, terms: Sequence[str]) -> Transcription:
        self.terms.append(terms)
        self.lengths_s.append(len(audio) / HEARING_RATE)
        if self.error is not None:
            raise self.error
        if self.hangs:
            await asyncio.Event().wait()
        return self.language.understand(audio)


class ToneSynthesiser(Synthesiser):
    """Hums for as long as a text takes to say; `error` is raised instead."""

    seconds_a_character = 0.06

    def __init__(self) -> None:
        self.made: list[str] = []
        self.error: Exception | None = None

    async def synthesise(self, text: str) -> Samples:
        if self.error is not None:
            raise self.error
        self.made.append(text)
        await asyncio.sleep(0)
        time_s = np.arange(round(len(text) * self.seconds_a_character * SPEAKING_RATE))
        return (np.sin(2 * np.pi * 220 * time_s / SPEAKING_RATE) * 6000).astype(np.int16)

    def ready(self, text: str) -> Samples | None:
        return None


@dataclass
class Notes:
    """A listener who writes down what it is told, and when."""

    clock: Callable[[], float] = lambda: 0.0
    said_turns: list[Said] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)
    on_said: Callable[[Said], None] = lambda said: None

    def speech(self) -> None:
        self._note("speech")

    def partial(self, text: str) -> None:
        self.captions.append(text)

    def said(self, said: Said) -> None:
        self.said_turns.append(said)
        self._note("said")
        self.on_said(said)

    def barged_in(self) -> None:
        self._note("barged_in")

    def activity(self, now: Activity) -> None:
        self.activities.append(now)

    def check_in(self) -> None:
        self._note("check_in")

    def failed(self, what: str) -> None:
        self.failures.append(what)

    def count(self, what: str) -> int:
        return len(self.times.get(what, []))

    def _note(self, what: str) -> None:
        self.times.setdefault(what, []).append(self.clock())


class Call:
    """A person and a conversation joined, in the time of the audio.

    `answers` are said one after another, each after a turn of the person; `answered` holds what
    `finish` returned for each.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        detector: Detector | None = None,
        synthesiser: Synthesiser | None = None,
        settings: TurnSettings | None = None,
        end_of_turn: EndOfTurn | None = None,
        answers: Sequence[str] = (),
    ) -> None:
        self.notes = Notes(on_said=self._answer)
        self.playback = Playback()
        self.conversation = Conversation(
            recogniser,
            detector or EnergyDetector(),
            synthesiser or ToneSynthesiser(),
            self.playback,
            self.notes,
            settings or TurnSettings(),
            end_of_turn,
        )
        self.notes.clock = lambda: self.conversation.now_s
        self.answers = list(answers)
        self.answered: list[int] = []
        self.bot_frames: list[bool] = []
        self.audio: list[Samples] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def bot_is_heard(self) -> bool:
        """Whether the last frame that was played was no silence."""
        return bool(self.bot_frames) and self.bot_frames[-1]

    def bot_starts_s(self, gap_s: float = 0.1) -> list[float]:
        """When the bot began to be heard after at least `gap_s` of silence."""
        gap = round(gap_s / FRAME_S)
        return [
            at * FRAME_S
            for at, heard in enumerate(self.bot_frames)
            if heard and not any(self.bot_frames[max(0, at - gap) : at])
        ]

    def bot_ends_s(self, gap_s: float = 0.1) -> list[float]:
        """When the bot was silent again, for at least `gap_s`."""
        gap = round(gap_s / FRAME_S)
        return [
            (at + 1) * FRAME_S
            for at, heard in enumerate(self.bot_frames)
            if heard and not any(self.bot_frames[at + 1 : at + 1 + gap])
        ]

    async def run(self, person: Person, then_s: float = 8.0) -> Call:
        """Until the script is at its end, and a while of silence after it."""
        left = round(then_s / FRAME_S)
        while left > 0:
            left -= person.has_finished
            await self.frame(person.frame(self.bot_is_heard))
        return self

    async def frame(self, samples: Samples) -> None:
        """One frame is heard, one is played, and whatever it causes is done."""
        self.conversation.hear(samples)
        await self.conversation.settle()
        for _ in range(3):
            await asyncio.sleep(0)
        self.audio.append(self.playback.read(SPEAKING_FRAME))
        self.bot_frames.append(_rms(self.audio[-1]) > AUDIBLE)

    async def close(self) -> None:
        """The end of the call; nothing is left over."""
        await self.conversation.close()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def speak(self, key: str, text: str) -> asyncio.Task[None]:
        """Say something beside what goes on."""
        task = asyncio.create_task(self._speak(key, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _answer(self, said: Said) -> None:
        if self.answers:
            self.speak(f"answer {len(self.notes.said_turns)}", self.answers.pop(0))

    async def _speak(self, key: str, text: str) -> None:
        await self.conversation.say(key, text, 0)
        self.answered.append(await self.conversation.finish(key))


def _rms(samples: Samples | Loudness) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
