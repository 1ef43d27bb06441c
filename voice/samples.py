"""What ships with Hotseat to be heard: a tiny recogniser, a voice of tones, and spoken answers.

The recogniser knows a few hundred sentences and nothing else; the voice sings one tone for each
sound. They are there to show and to test the whole of a voice interview without a download.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from voice.speech import HEARING_RATE, Samples


@dataclass(frozen=True)
class SampleAnswer:
    """A turn of the candidate of the demonstration in the stage of that name.

    `text` is what is said in it, pauses left out. What is said `over` the interviewer is said while
    they speak.
    """

    stage: str
    text: str
    over: bool
    samples: Samples


def sample_recogniser_folder() -> Path:
    """The tiny recogniser, in the form that faster-whisper loads."""
    return _sample() / "tiny_whisper"


def sample_voice() -> Path:
    """The model of the voice of tones, with its configuration beside it."""
    return _sample() / "piper_tone" / "tone.onnx"


def sample_answers() -> Path:
    """The folder with what the candidate of the demonstration says, and the list of it."""
    return _sample() / "answers"


def read_sample_answers() -> tuple[SampleAnswer, ...]:
    """The turns in their order; needs PyAV."""
    folder = sample_answers()
    whole = _decoded(folder / "answers.ogg")
    entries: list[dict[str, Any]] = json.loads((folder / "answers.json").read_text("utf-8"))
    return tuple(
        SampleAnswer(one["stage"], one["text"], one["over"], whole[one["start"] : one["end"]])
        for one in entries
    )


def _decoded(file: Path) -> Samples:
    import av

    with av.open(str(file)) as source:
        resampler: Any = av.AudioResampler(format="s16", layout="mono", rate=HEARING_RATE)
        parts = [part for frame in source.decode(audio=0) for part in resampler.resample(frame)]
        parts += resampler.resample(None)
    return np.concatenate([part.to_ndarray()[0] for part in parts])


def _sample() -> Path:
    """Hotseat is installed unpacked, so that the models have paths."""
    return Path(str(files("voice"))) / "sample"
