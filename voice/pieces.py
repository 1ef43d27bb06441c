"""The stretches of a recording that hold speech, short enough for one look of the model each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voice.speech import HEARING_RATE
from voice.vad import WINDOW, WINDOW_S

SPEECH = 0.5
"""Probability from which a window counts as speech (Silero's own default)."""

EDGE = 0.35
"""Probability down to which speech is followed at its ends (Silero's own default)."""

FEWEST_WINDOWS = 4
"""Windows of speech (128 ms) without which nothing was said: hum reached 3, the word "stop" 8."""

MARGIN_WINDOWS = 6
"""Windows (0.19 s) kept round the speech, since its first and last sounds are soft."""

PAUSE_S = 2.0
"""Silence inside a piece is cut out from this length on, as faster-whisper does: what a model makes
of it is invented."""

LONGEST_S = 28.0
"""Seconds of the longest piece: Whisper looks at 30."""

SEARCH_S = 8.0
"""A longer recording is cut at the least speech-like window in the last so many of its seconds."""


@dataclass(frozen=True)
class Piece:
    """Samples `start` to `end` of a recording, and where in it the speech lies, in seconds."""

    start: int
    end: int
    first_s: float
    last_s: float

    @property
    def speech_s(self) -> float:
        """Seconds from the first of the speech to the last, pauses included."""
        return self.last_s - self.first_s


def spoken_pieces(probabilities: NDArray[np.floating], length: int) -> tuple[Piece, ...]:
    """What is worth recognising of `length` samples, given the probability of each window."""
    cuts = _cuts(probabilities)
    spans = (span for start, end in pairwise(cuts) for span in _runs(probabilities, start, end))
    found = (_trimmed(probabilities, *span, length) for span in spans)
    return tuple(piece for piece in found if piece is not None)


def _cuts(probabilities: NDArray[np.floating]) -> list[int]:
    """Windows at which to cut, the first and the end included."""
    if probabilities.size == 0:
        return [0]
    longest, search = int(LONGEST_S / WINDOW_S), int(SEARCH_S / WINDOW_S)
    smooth = np.convolve(probabilities, np.ones(5) / 5, mode="same")
    cuts = [0]
    while len(probabilities) - cuts[-1] > longest:
        late = cuts[-1] + longest - search
        cuts.append(late + int(np.argmin(smooth[late : late + search])))
    return [*cuts, len(probabilities)]


def _runs(probabilities: NDArray[np.floating], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a span between long pauses; each pause is halved between its neighbours."""
    voiced = start + np.flatnonzero(probabilities[start:end] >= EDGE)
    gaps = np.flatnonzero(np.diff(voiced) * WINDOW_S > PAUSE_S)
    middles = [int(voiced[at] + voiced[at + 1]) // 2 for at in gaps]
    yield from pairwise([start, *middles, end])


def _trimmed(
    probabilities: NDArray[np.floating], start: int, end: int, length: int
) -> Piece | None:
    """The span without the silence at its ends; None where nobody speaks in it."""
    span = probabilities[start:end]
    if np.count_nonzero(span >= SPEECH) < FEWEST_WINDOWS:
        return None
    near = np.flatnonzero(span >= EDGE)
    first, last = start + int(near[0]), start + int(near[-1]) + 1
    return Piece(
        start=max(start, first - MARGIN_WINDOWS) * WINDOW,
        end=min(end * WINDOW, (last + MARGIN_WINDOWS) * WINDOW, length),
        first_s=first * WINDOW / HEARING_RATE,
        last_s=min(last * WINDOW, length) / HEARING_RATE,
    )
