"""What the shipped voice sings: a tune for each text, which survives encoding and the network."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import groupby

import numpy as np

from voice.clauses import clauses
from voice.speech import SPEAKING_RATE, Samples, Synthesiser

FRAME = SPEAKING_RATE // 50
LOUD = 500
STEP_HZ = 25
"""The voice's tones are further apart; the frames are too short to tell them more exactly."""


async def expected_tune(synthesiser: Synthesiser, texts: list[str]) -> list[int]:
    """What the voice sings for these texts, one after the other."""
    parts = [await synthesiser.synthesise(one.text) for text in texts for one in clauses(text)]
    return tune(np.concatenate(parts))


def tune(samples: Samples) -> list[int]:
    """The tones in their order, as steps on a scale; each once, however long it sounds."""
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    loud = [frame for frame in whole if np.abs(frame).max() > LOUD]
    steps = [_pitch(frame) for frame in loud]
    return [step for step, run in groupby(steps) if len(list(run)) > 1]


def likeness(one: list[int], other: list[int]) -> float:
    """From 0 to 1, which is the same tune."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _pitch(frame: np.ndarray) -> int:
    spectrum = np.abs(np.fft.rfft(frame * np.hanning(FRAME), n=8 * FRAME))
    return round(int(spectrum.argmax()) * SPEAKING_RATE / (8 * FRAME) / STEP_HZ)
