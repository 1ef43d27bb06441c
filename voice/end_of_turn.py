"""An optional model that hears in the voice whether somebody has finished: Smart Turn v3.

Its file is not part of this project. It is found in an installed pipecat, or at a path of one's
own; without it the words alone decide. It looks at the last 8 s as Whisper sees them.
"""

from __future__ import annotations

import asyncio
import importlib.util
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.audio import as_loudness
from voice.features import Features, log_mel
from voice.quiet import keep_quiet
from voice.speech import HEARING_RATE, Samples, VoiceError

HEARS_S = 8
"""Seconds that the model looks at; earlier ones are cut off, missing ones are silence before."""

_BANDS = 80
_BINS = 201
_FRAMES = HEARS_S * 100
_IN_PIPECAT = Path("audio") / "turn" / "smart_turn" / "data"


def find_model(given: Path | None = None) -> Path | None:
    """The model's file: the one given, else that of an installed pipecat, else None.

    Raises `VoiceError` where a path is given and nothing is there.
    """
    if given is not None:
        if not given.is_file():
            raise VoiceError(
                f"{given}: no end-of-turn model is there. Correct the path, or leave it out: "
                "the words alone decide then."
            )
        return given
    found = importlib.util.find_spec("pipecat")
    folders = list(found.submodule_search_locations or ()) if found else []
    files = [file for root in folders for file in (Path(root) / _IN_PIPECAT).glob("*-cpu.onnx")]
    return max(files, default=None)


class SmartTurn:
    """The model, in a thread of its own; one for all calls."""

    def __init__(self, model: Path) -> None:
        """Load it; raises `VoiceError` where the file is no such model."""
        self._session = _open(model)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="end-of-turn")

    @classmethod
    def find(cls, given: Path | None = None) -> SmartTurn | None:
        """The model where its file is present, else None; see `find_model`."""
        path = find_model(given)
        return cls(path) if path else None

    async def probability(self, audio: Samples) -> float:
        """How likely (0-1) the turn is over; about 20 ms of one core."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._judge, audio)

    def close(self) -> None:
        """End the thread; a judgement under way is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _judge(self, audio: Samples) -> float:
        (scores,) = self._session.run(None, {"input_features": features(audio)[None]})
        return float(np.asarray(scores).reshape(-1)[0])


def features(audio: Samples) -> Features:
    """What the model sees: the last `HEARS_S` seconds, evened to mean 0 and variance 1."""
    wanted = HEARS_S * HEARING_RATE
    heard = as_loudness(audio[-wanted:])
    heard = np.pad(heard, (wanted - len(heard), 0))
    heard = (heard - heard.mean()) / np.sqrt(heard.var() + 1e-7)
    return log_mel(heard.astype(np.float32), mel_filters())[:, :_FRAMES]


@cache
def mel_filters() -> NDArray[np.float32]:
    """Triangles on Slaney's mel scale, of equal area, as Whisper's; shape (80, 201)."""
    edges = _hertz(np.linspace(_mel(0.0), _mel(HEARING_RATE / 2), _BANDS + 2))
    bins = np.linspace(0.0, HEARING_RATE / 2, _BINS)
    widths = np.diff(edges)
    slopes = edges[:, None] - bins[None, :]
    rising = -slopes[:-2] / widths[:-1, None]
    falling = slopes[2:] / widths[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


_KNEE_HERTZ, _KNEE_MEL, _STEP = 1000.0, 15.0, np.log(6.4) / 27.0


def _mel(hertz: float) -> float:
    """Linear up to 1 kHz, logarithmic above."""
    if hertz < _KNEE_HERTZ:
        return hertz * _KNEE_MEL / _KNEE_HERTZ
    return float(_KNEE_MEL + np.log(hertz / _KNEE_HERTZ) / _STEP)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mels * _KNEE_HERTZ / _KNEE_MEL
    return np.where(mels < _KNEE_MEL, linear, _KNEE_HERTZ * np.exp(_STEP * (mels - _KNEE_MEL)))


def _open(model: Path) -> Any:
    keep_quiet()
    import onnxruntime
    from onnxruntime.capi import (
        onnxruntime_pybind11_state as faults,  # pyright: ignore[reportAttributeAccessIssue]
    )

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except (faults.InvalidProtobuf, faults.InvalidGraph, faults.Fail, faults.NoSuchFile) as err:
        raise VoiceError(f"{model} is no ONNX model: {type(err).__name__}.") from err
    if [entry.name for entry in session.get_inputs()] != ["input_features"]:
        raise VoiceError(f"{model} is no Smart Turn v3 model: its input is another.")
    return session
