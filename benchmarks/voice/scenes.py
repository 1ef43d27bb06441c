"""What the scripted candidates say: clear turns, pauses to think, interruptions, noises.

The clips were spoken by espeak-ng in voices that the recogniser was not trained on; when each ends
is known to the sample. A pause in mid-sentence cuts a clip at the end of a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np

from benchmarks.voice.person import Deed, Hear, Quiet, Rest, Scene, Speak
from tests.fixtures.voice.clips import clip, index, together
from voice.cues import Cue, read_cue
from voice.speech import HEARING_RATE, HeardWord, Recogniser, Samples

OPEN_QUESTION = "Okay. How would you design it?"
FACT_QUESTION = "Okay. How many?"
LONG_ANSWER = "One machine holds two thousand of these rows. What would you do about the others?"

THINKING = "let me think about that for a second"
INTERRUPTIONS = (
    "no that is wrong",
    "I made a mistake there",
    "could you repeat the question",
    "let me correct that",
    "can I have a hint",
    "I am not sure about that",
)
BACKCHANNELS = ("okay", "yes exactly", "please continue")
PAUSES_S = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
PAUSE_GROUPS = ("in mid-sentence", "between sentences", "after “let me think”")

TURN_KINDS = ("handed over", "fact", "open")
"""Turns that are over: handed over in so many words; one sentence on a question for a fact; one
sentence on an open question, after which more might come."""

ANSWER_WITHIN_S = 8.0
HEARD_S = 0.4
BREATH_S = 0.7
INTO_ANSWER_S = 1.2
AFTERWARDS_S = 3.0


def clear_ends() -> list[str]:
    """Clips that hand the floor over in so many words: questions to the interviewer, ends."""
    return [text for text in _general() if read_cue(text) is Cue.RELEASE and len(text) > 12]


def statements() -> list[str]:
    """Clips that are whole sentences and tell nothing about an end."""
    return [text for text in _general() if read_cue(text, OPEN_QUESTION) is Cue.NEUTRAL]


def turn(text: str, kind: str, question: str) -> Scene:
    """One sentence, answered."""
    return Scene(kind, [Speak(clip(text)), *_answered()], question)


def in_a_call(made: Sequence[Scene]) -> list[Scene]:
    """Scenes one after another: the answer to each ends with the question of the next."""
    following = [scene.question for scene in made[1:]] + [OPEN_QUESTION]
    return [
        replace(scene, answers=(*scene.answers, question))
        for scene, question in zip(made, following, strict=True)
    ]


def warm_up() -> Scene:
    """A turn that is not measured: first uses load and allocate."""
    return turn(statements()[0], "warm-up", FACT_QUESTION)


def turns(dice: Random, count: int) -> list[Scene]:
    """Turns that are over, one kind of `TURN_KINDS` after another."""
    texts = {"handed over": clear_ends(), "fact": statements(), "open": statements()}
    asked = {"handed over": OPEN_QUESTION, "fact": FACT_QUESTION, "open": OPEN_QUESTION}
    kinds = [TURN_KINDS[number % len(TURN_KINDS)] for number in range(count)]
    return [turn(dice.choice(texts[kind]), kind, asked[kind]) for kind in kinds]


class PauseMaker:
    """Turns with a pause in them, of every kind and length in turn."""

    def __init__(self, dice: Random, halves: Sequence[tuple[Samples, Samples]]) -> None:
        """`halves` are sentences cut in two, of `cut_in_two`."""
        self._dice = dice
        self._halves = halves

    def scenes(self, count: int, first: int = 0) -> list[Scene]:
        """`count` of them, going through groups and lengths from number `first` on."""
        groups, lengths = len(PAUSE_GROUPS), len(PAUSES_S)
        return [
            self.scene(PAUSE_GROUPS[n % groups], PAUSES_S[(n + n // lengths) % lengths])
            for n in range(first, first + count)
        ]

    def scene(self, group: str, pause_s: float) -> Scene:
        """One turn with one pause."""
        before, after = self._parts(group)
        deeds = [Speak(before), Rest(pause_s), Speak(after), *_answered()]
        return Scene("pause", deeds, OPEN_QUESTION, group=group, pause_s=pause_s)

    def _parts(self, group: str) -> tuple[Samples, Samples]:
        if group == PAUSE_GROUPS[0]:
            return self._dice.choice(self._halves)
        first = THINKING if group == PAUSE_GROUPS[2] else self._dice.choice(statements())
        return clip(first), clip(self._dice.choice(statements()))


def interruptions(dice: Random, count: int) -> list[Scene]:
    """The candidate takes the floor in the middle of an answer."""
    return [
        _over_answer("barge-in", [*_asked(dice), Speak(clip(text)), *_answered()])
        for text in _some(INTERRUPTIONS, count)
    ]


def backchannels(dice: Random, count: int) -> list[Scene]:
    """The candidate listens and says so, in the middle of an answer."""
    return [
        _over_answer("backchannel", [*_asked(dice), Speak(clip(text)), *_listened()])
        for text in _some(BACKCHANNELS, count)
    ]


def noises(dice: Random, count: int) -> list[Scene]:
    """Coughs and typing, by turns over an answer and while nobody speaks."""
    made: list[Scene] = []
    for number in range(count):
        sound = noise(dice.randrange(2**31), typing=number % 4 > 1)
        if number % 2:
            deeds: list[Deed] = [Speak(sound), Rest(AFTERWARDS_S), *_fades()]
            made.append(Scene("noise alone", deeds, OPEN_QUESTION))
        else:
            made.append(_over_answer("noise over us", [*_asked(dice), Speak(sound), *_listened()]))
    return made


def noise(seed: int, *, typing: bool) -> Samples:
    """A cough of half a second, or two seconds of typing: band-limited bursts that die away."""
    dice = np.random.default_rng(seed)
    starts = np.cumsum(dice.uniform(0.08, 0.22, 14)) if typing else np.array([0.0, 0.25])
    fall_s, loud, bands = (0.01, 4000, (400, 6000)) if typing else (0.06, 9000, (150, 3000))
    length = round((starts[-1] + 0.35) * HEARING_RATE)
    sound = np.zeros(length)
    for start in (starts * HEARING_RATE).astype(int):
        count = min(round(0.3 * HEARING_RATE), length - start)
        spectrum = np.fft.rfft(dice.standard_normal(count))
        hertz = np.fft.rfftfreq(count, 1 / HEARING_RATE)
        burst = np.fft.irfft(spectrum * ((hertz > bands[0]) & (hertz < bands[1])), count)
        fading = np.exp(-np.arange(count) / HEARING_RATE / fall_s)
        sound[start : start + count] += burst / np.abs(burst).max() * fading * loud
    return sound.astype(np.int16)


async def cut_in_two(recogniser: Recogniser, count: int) -> list[tuple[Samples, Samples]]:
    """Sentences cut after the word in their middle, their first half understood as it is."""
    halves: list[tuple[Samples, Samples]] = []
    for text in statements():
        if len(halves) == count:
            break
        samples = clip(text)
        heard = await recogniser.final(together(0.1, samples, 0.1), ())
        if len(heard.words) < 5:
            continue
        at = _gap(samples, heard.words)
        first = await recogniser.final(together(0.1, samples[:at], 0.1), ())
        if text.lower().startswith(f"{first.text.lower()} "):
            halves.append((samples[:at], samples[at:]))
    return halves


def _gap(samples: Samples, words: Sequence[HeardWord]) -> int:
    """The softest 10 ms near the end of the word in the middle."""
    end_s = words[(len(words) - 1) // 2].end_s - 0.1
    step = HEARING_RATE // 100
    near = [round((end_s + offset / 100) * HEARING_RATE) for offset in range(-8, 9)]
    inside = [at for at in near if step < at < len(samples) - step]
    return min(inside, key=lambda at: np.abs(samples[at : at + step].astype(int)).sum())


def _general() -> list[str]:
    return [entry.text for entry in index() if entry.kind == "general"]


def _some(texts: Sequence[str], count: int) -> list[str]:
    return [texts[number % len(texts)] for number in range(count)]


def _asked(dice: Random) -> list[Deed]:
    """A short turn, and the answer has begun."""
    question = clip(dice.choice(clear_ends()))
    return [Speak(question), Hear(INTO_ANSWER_S, ANSWER_WITHIN_S)]


def _answered() -> list[Deed]:
    return [Hear(HEARD_S, ANSWER_WITHIN_S), *_fades()]


def _listened() -> list[Deed]:
    return [Rest(AFTERWARDS_S), *_fades()]


def _fades() -> list[Deed]:
    return [Quiet(BREATH_S, 20.0)]


def _over_answer(kind: str, deeds: list[Deed]) -> Scene:
    return Scene(kind, deeds, OPEN_QUESTION, (LONG_ANSWER,))
