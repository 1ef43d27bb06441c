"""The log-mel spectrogram that Whisper sees."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voice.speech import Loudness

Features = NDArray[np.float32]
"""Log-mel spectrogram, shape (bands, frames of 10 ms)."""

FRAMES_PER_S = 100

_SPAN = 400
_HOP = 160
_WINDOW = np.hanning(_SPAN + 1)[:-1].astype(np.float32)
_LEAST_POWER = 1e-10
_RANGE = 8.0

_ROWS = 16
"""Rows multiplied at once: OpenBLAS takes products this small in one thread.

With more it wakes its others, which on a busy machine costs many times the product itself.
"""


def log_mel(audio: Loudness, filters: NDArray[np.float32]) -> Features:
    """The features of 16 kHz audio, given the mel filters of the model, shape (bands, 201).

    The values are those of faster-whisper's FeatureExtractor, which keeps state between calls, and
    takes five times as long on a machine that is busy.
    """
    if audio.size <= _SPAN // 2:
        audio = np.pad(audio, (0, _SPAN // 2 + 1 - audio.size))
    padded = np.pad(np.pad(audio, (0, _HOP)), _SPAN // 2, mode="reflect")
    frames = sliding_window_view(padded, _SPAN)[::_HOP][:-1]
    spectrum = np.fft.rfft(frames * _WINDOW, axis=1)
    powers = np.square(spectrum.real) + np.square(spectrum.imag)
    mels = np.empty((len(powers), len(filters)), np.float32)
    for at in range(0, len(powers), _ROWS):
        np.matmul(powers[at : at + _ROWS], filters.T, out=mels[at : at + _ROWS])
    logs = np.log10(np.maximum(mels, _LEAST_POWER))
    logs = np.maximum(logs, logs.max() - _RANGE)
    return np.ascontiguousarray(((logs + 4.0) / 4.0).T, np.float32)
