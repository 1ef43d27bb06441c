"""The conversation: frames in, turns out, answers spoken when nobody else speaks.

Everything happens on the event loop and in the time of the audio heard, so a recording runs through
the same code as a call, as fast as the machine can. `turns.py` decides; `hearing_turn.py` and
`speaking_turn.py` do what takes time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from voice.hearing_turn import EndOfTurn, HearingTurn
from voice.playback import Playback
from voice.speaking_turn import SpeakingTurn
from voice.speech import HEARING_RATE, Loudness, Recogniser, Said, Samples, Synthesiser
from voice.tape import Tape
from voice.turn_state import (
    Act,
    Activity,
    Expected,
    Guess,
    Input,
    Listened,
    Order,
    Others,
    Recognise,
    Release,
    Signal,
    State,
    Yield,
)
from voice.turns import TurnSettings, activity, may_speak, step

__all__ = ["Activity", "Conversation", "Detector", "EndOfTurn", "Listener", "Manner"]

WINDOW = 512
"""Samples that the detector judges at once."""

_FULL_SCALE = 32768.0


class Detector(Protocol):
    """Tells speech from everything else."""

    def probability(self, window: Loudness) -> float:
        """How likely (0-1) the next `WINDOW` samples hold speech."""
        ...


class Listener(Protocol):
    """Who is told what happens; every method returns at once."""

    def speech(self) -> None:
        """The candidate is speaking; about every half second."""
        ...

    def partial(self, text: str) -> None:
        """The words of the turn so far, for captions."""
        ...

    def said(self, said: Said) -> None:
        """A turn is over."""
        ...

    def barged_in(self) -> None:
        """The candidate has the floor: we were stopped, or they went on before our first word."""
        ...

    def activity(self, now: Activity) -> None:
        """Something else is going on from now on."""
        ...

    def check_in(self) -> None:
        """They asked for time and a long while has passed; comes once a turn."""
        ...

    def failed(self, what: str) -> None:
        """Something could not be recognised or spoken; a sentence for people. The call goes on."""
        ...


@dataclass(frozen=True)
class Manner:
    """How one utterance of ours went.

    `waited_s`: from the last of the candidate's speech to our first sound; None where it answered
    nothing new. `cut_in`: they went on within a second of our beginning. `stopped`: they
    interrupted.
    """

    key: str
    waited_s: float | None
    cut_in: bool = False
    stopped: bool = False


class Conversation:
    """One call with one candidate."""

    def __init__(
        self,
        recogniser: Recogniser,
        detector: Detector,
        synthesiser: Synthesiser,
        playback: Playback,
        listener: Listener,
        settings: TurnSettings | None = None,
        end_of_turn: EndOfTurn | None = None,
    ) -> None:
        self._detector = detector
        self._playback = playback
        self._listener = listener
        self._state = State(settings=settings or TurnSettings())
        self._tape = Tape()
        self._window = np.zeros(0, np.int16)
        failed = listener.failed
        self._hearing = HearingTurn(recogniser, self._tape, self._tell, failed, end_of_turn)
        self._speaking = SpeakingTurn(
            synthesiser, playback, self._tell, failed, lambda: may_speak(self._state)
        )
        self._speaking.began, self._speaking.ended = self._began, self._ended
        self._untold: deque[Input] = deque()
        self._telling = self._closed = False
        self._shown = Activity.LISTENING
        self._caption = ""
        self._answered: Said | None = None
        self._manner: Manner | None = None
        self._free = asyncio.Event()
        self.manners: list[Manner] = []

    @property
    def now_s(self) -> float:
        """Seconds of audio heard since the call began."""
        return self._tape.now_s

    @property
    def played(self) -> Callable[[str, int], None]:
        """Called after each clause with the key and its characters played so far."""
        return self._speaking.played

    @played.setter
    def played(self, hook: Callable[[str, int], None]) -> None:
        self._speaking.played = hook

    def hear(self, frame: Samples) -> None:
        """The next audio of the candidate, silence included."""
        if self._closed:
            return
        self._tape.add(frame)
        self._window = np.concatenate((self._window, frame))
        while len(self._window) >= WINDOW:
            window, self._window = self._window[:WINDOW], self._window[WINDOW:]
            probability = self._detector.probability(window / np.float32(_FULL_SCALE))
            ends_s = self._tape.now_s - len(self._window) / HEARING_RATE
            self._tell(Listened(ends_s, probability))
        (self._free.set if may_speak(self._state) else self._free.clear)()
        self._speaking.tick(self.now_s)

    def expect(self, *, question: str, patience: float, terms: Sequence[str]) -> None:
        """What the next turn answers, how patient the stage is, and which terms may come up."""
        self._hearing.terms = tuple(terms)
        self._tell(Expected(question, patience))

    def think(self) -> None:
        """The candidate asks for time, by a button."""
        self._tell(Signal.THINK)

    def done(self) -> None:
        """The candidate has finished, by a button."""
        self._tell(Signal.DONE)

    async def hand_in(self) -> None:
        """Have the open turn told now, though nothing more may ever be heard.

        What is not recognised within `last_words_s` comes out as it was guessed.
        """
        for signal in (Signal.DONE, Signal.LEFT, Signal.GAVE_UP):
            self._tell(signal)
            await self._last_words()
            if not self._state.with_words:
                return

    def others(self, speaking: bool) -> None:
        """Somebody else in the call speaks, or has stopped."""
        self._tell(Others(speaking))

    async def ready(self, text: str) -> None:
        """Wait until an utterance that begins with `text` can be heard at once: nobody speaks.

        Who goes on meanwhile barges in. `hush` ends the wait too.
        """
        await self._speaking.prepare(text)
        await self._free.wait()

    def listen(self) -> None:
        """Nothing more is said in answer to the last turn."""
        if self._speaking.is_idle:
            self._tell(Signal.FELL_SILENT)

    def could_not_say(self, key: str) -> bool:
        """Whether the utterance could not be synthesised, so that it has to be read."""
        return self._speaking.could_not_say(key)

    async def say(self, key: str, text: str, offset: int) -> int:
        """Say `text[offset:]`, once nobody speaks; more text of the same key may follow.

        Returns `len(text)` when the first of it is heard, or the characters that were played if
        the candidate took the floor. What may still grow, an unfinished sentence, is kept back
        until it does, or until `finish`.
        """
        return await self._speaking.say(key, text, offset)

    async def finish(self, key: str) -> int:
        """Wait until all of it was played or it was stopped; returns the characters played."""
        return await self._speaking.finish(key)

    def hush(self) -> None:
        """Stop speaking at once."""
        self._free.set()
        self._speaking.stop()
        self._tell(Signal.HUSHED)

    async def settle(self) -> None:
        """Wait until no recognition and no synthesis is under way."""
        await asyncio.sleep(0)
        while tasks := self._hearing.under_way | self._speaking.under_way:
            await asyncio.wait(tasks)
            await asyncio.sleep(0)

    async def close(self) -> None:
        """End the call; the words of an open turn still come out."""
        if self._closed:
            return
        self._closed = True
        self._free.set()
        await self._speaking.close()
        self._tell(Signal.HUSHED)
        self._tell(Signal.LEFT)
        await self._last_words()
        self._tell(Signal.GAVE_UP)
        await self._hearing.close()
        self._tape.erase()

    async def _last_words(self) -> None:
        """Wait until what was heard is recognised, for a while."""
        if tasks := self._hearing.under_way:
            await asyncio.wait(tasks, timeout=self._state.settings.last_words_s)

    def _tell(self, happened: Input) -> None:
        """Take a step; what a listener causes meanwhile comes after it."""
        self._untold.append(happened)
        if self._telling:
            return
        self._telling = True
        try:
            while self._untold:
                self._state, acts = step(self._state, self._untold.popleft())
                for act in acts:
                    self._do(act)
                self._show()
        finally:
            self._telling = False

    def _do(self, act: Act) -> None:
        match act:
            case Recognise():
                self._hearing.recognise(act)
            case Guess():
                self._hearing.guess(act)
            case Release(said):
                self._caption = ""
                self._listener.said(said)
            case Yield(cut_in):
                self._yield(cut_in=cut_in)
            case Order():
                self._orders()[act]()

    def _orders(self) -> dict[Order, Callable[[], None]]:
        return {
            Order.DUCK: self._playback.duck,
            Order.UNDUCK: self._playback.unduck,
            Order.HOLD: self._playback.pause,
            Order.RESUME: self._playback.resume,
            Order.CHECK_IN: self._listener.check_in,
            Order.SPEECH: self._listener.speech,
            Order.TOO_SLOW: self._too_slow,
        }

    def _yield(self, *, cut_in: bool) -> None:
        if self._manner is not None:
            self._manner = replace(self._manner, cut_in=cut_in, stopped=True)
        self._speaking.stop()
        self._listener.barged_in()

    def _too_slow(self) -> None:
        limit_s = self._state.settings.recognition_limit_s
        self._listener.failed(f"Recognition took longer than {limit_s:.0f} s and was given up.")

    def _show(self) -> None:
        """Report what is going on and the words so far, where they have changed."""
        mine = [part.text for part in self._state.parts if part.text and not part.contested]
        caption = " ".join(mine)
        if caption and caption != self._caption:
            self._caption = caption
            self._listener.partial(caption)
        if (now := activity(self._state)) is not self._shown:
            self._shown = now
            self._listener.activity(now)

    def _began(self, key: str) -> None:
        turn = self._state.released
        is_new = turn is not None and turn is not self._answered
        waited_s = self.now_s - turn.ended_s if turn is not None and is_new else None
        self._answered = turn
        self._manner = Manner(key, waited_s)

    def _ended(self, key: str) -> None:
        if self._manner is not None:
            self.manners.append(self._manner)
            self._manner = None
