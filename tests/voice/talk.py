"""Drives the pure turn policy through a scripted conversation, window by window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from voice.speech import HeardWord, Said, Transcription
from voice.turn_state import (
    Act,
    Guess,
    Guessed,
    Input,
    Listened,
    Order,
    Recognise,
    Release,
    Signal,
    Spoke,
    State,
    Understood,
    Yield,
)
from voice.turns import Activity, activity, step

WINDOW_S = 0.032
WORD_S = 0.3


@dataclass(frozen=True)
class SpokenWord:
    """A word of the script; "" is a sound without a word."""

    text: str
    start_s: float
    end_s: float


@dataclass
class Talk:
    """A conversation so far: what was said into it and what the policy did, with times.

    Recognition is right and answers after `lag_s`; with `lag_s` None it never answers, and with
    `fails` it always fails.
    """

    state: State = field(default_factory=State)
    lag_s: float | None = 0.1
    fails: bool = False
    acts: list[tuple[float, Act]] = field(default_factory=list)
    words: list[SpokenWord] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    _late: list[tuple[float, Input]] = field(default_factory=list)

    @property
    def now_s(self) -> float:
        return self.state.now_s

    @property
    def said(self) -> list[Said]:
        return [act.said for _, act in self.acts if isinstance(act, Release)]

    def when(self, wanted: Act | type) -> list[float]:
        """The times of an act."""
        return [
            now_s
            for now_s, act in self.acts
            if act is wanted or (isinstance(wanted, type) and isinstance(act, wanted))
        ]

    def say(self, text: str, word_s: float = WORD_S) -> Talk:
        """Speak words one after another without a pause."""
        for word in text.split():
            start_s = self.now_s
            self.words.append(SpokenWord("" if word == "*" else word, start_s, start_s + word_s))
            self.run(word_s, 0.95)
        return self

    def silent(self, for_s: float) -> Talk:
        """Say nothing."""
        return self.run(for_s, 0.02)

    def tell(self, *inputs: Input) -> Talk:
        """Something else happens."""
        for happened in inputs:
            self._step(happened)
        return self

    def bot_says(self, text: str, for_s: float, meanwhile: str = "") -> Talk:
        """Our speech begins, and is over after `for_s` unless the candidate takes the floor."""
        self.tell(Spoke(text))
        until_s = self.now_s + for_s
        self.say(meanwhile)
        if until_s > self.now_s:
            self.silent(until_s - self.now_s)
        return self.tell(Signal.FELL_SILENT)

    def run(self, for_s: float, probability: float) -> Talk:
        until_s = self.now_s + for_s - WINDOW_S / 2
        while self.now_s < until_s:
            due = [given for at_s, given in self._late if at_s <= self.now_s]
            self._late = [late for late in self._late if late[0] > self.now_s]
            for given in due:
                self._step(given)
            self._step(Listened(self.now_s + WINDOW_S, probability))
        return self

    def _step(self, happened: Input) -> None:
        self.state, acts = step(self.state, happened)
        self.activities.append(activity(self.state))
        for act in acts:
            self.acts.append((self.now_s, act))
            self._answer(act)

    def _answer(self, act: Act) -> None:
        if self.lag_s is None:
            return
        at_s = self.now_s + self.lag_s
        match act:
            case Recognise(ask, from_s, to_s):
                heard = None if self.fails else self._heard(from_s, to_s)
                self._late.append((at_s, Understood(ask, heard)))
            case Guess(part, from_s, to_s):
                text = self._heard(from_s, to_s).text
                self._late.append((at_s, Guessed(part, text, len(text.split()))))

    def _heard(self, from_s: float, to_s: float) -> Transcription:
        """Words whose middle lies in the audio."""
        inside = [w for w in self.words if w.text and from_s <= (w.start_s + w.end_s) / 2 <= to_s]
        words = tuple(HeardWord(w.text, w.start_s - from_s, w.end_s - from_s, 0.9) for w in inside)
        return Transcription(" ".join(word.text for word in inside), words)


def orders(talk: Talk) -> Sequence[Order | type]:
    """What was ordered of our speech, in order."""
    wanted = (Order.DUCK, Order.UNDUCK, Order.HOLD, Order.RESUME)
    return [
        Yield if isinstance(act, Yield) else act
        for _, act in talk.acts
        if act in wanted or isinstance(act, Yield)
    ]
