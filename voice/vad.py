"""Speech or not: the Silero model that comes with faster-whisper, 32 ms at a time."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from voice.audio import as_loudness
from voice.quiet import keep_quiet
from voice.speech import HEARING_RATE, Loudness, Samples, VoiceError

WINDOW = 512
"""Samples the detector judges at once."""

WINDOW_S = WINDOW / HEARING_RATE

_CONTEXT = 64
_MODEL = "silero_vad_v6.onnx"

Levels = NDArray[np.float32]


def model_path() -> Path:
    """Where the installed faster-whisper keeps the model, found without importing it."""
    found = importlib.util.find_spec("faster_whisper")
    if found is None or found.origin is None:
        raise VoiceError(
            "The speech detector is not installed: it comes with faster-whisper. "
            "Install the extra: pip install 'hotseat-interviewer[voice]'"
        )
    path = Path(found.origin).parent / "assets" / _MODEL
    if not path.is_file():
        raise VoiceError(
            f"{path} is missing: this faster-whisper is of another version. "
            "Install the one this project asks for: pip install 'hotseat-interviewer[voice]'"
        )
    return path


@cache
def _session() -> Any:
    """One session for every call: it keeps nothing between runs and may run in several threads."""
    keep_quiet()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(model_path()), sess_options=options, providers=["CPUExecutionProvider"]
    )


def _silence(*shape: int) -> Levels:
    return np.zeros(shape, np.float32)


class SpeechDetector:
    """Judges one stream; it remembers what came before. About 0.1 ms a window."""

    def __init__(self) -> None:
        """Load the model (once for all detectors); raises `VoiceError` where it is missing."""
        self._session = _session()
        self.reset()

    def reset(self) -> None:
        """Forget the stream: the next window is the first of another."""
        self._hidden = _silence(1, 1, 128)
        self._cell = _silence(1, 1, 128)
        self._context = _silence(_CONTEXT)

    def probability(self, window: Loudness) -> float:
        """How likely the next `WINDOW` samples at 16 kHz hold speech (0-1)."""
        if window.shape != (WINDOW,):
            raise ValueError(f"the detector takes {WINDOW} samples, not {window.shape}")
        return float(self._run(window.astype(np.float32, copy=False)[None])[0])

    def probabilities(self, samples: Samples) -> Levels:
        """The same for each window of a stretch, faster; the last one is filled with silence."""
        if samples.size == 0:
            return _silence(0)
        audio = as_loudness(np.pad(samples, (0, -len(samples) % WINDOW)))
        return self._run(cast("Levels", audio).reshape(-1, WINDOW))

    def _run(self, windows: Levels) -> Levels:
        """Each window goes in behind the last samples of the one before it."""
        before = np.vstack([self._context[None], windows[:-1, -_CONTEXT:]])
        self._context = windows[-1, -_CONTEXT:].copy()
        output, self._hidden, self._cell = self._session.run(
            None,
            {"input": np.hstack([before, windows]), "h": self._hidden, "c": self._cell},
        )
        return np.asarray(output, np.float32).reshape(-1)
