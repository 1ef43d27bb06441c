"""Where the models and the spoken answers that ship with Hotseat lie.

The recogniser knows a few hundred sentences and nothing else; the voice sings one tone for each
sound. Both are there to show and to test the whole of a voice interview without a download.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def sample_recogniser_folder() -> Path:
    """The tiny recogniser, in the form that faster-whisper loads."""
    return _sample() / "tiny_whisper"


def sample_voice() -> Path:
    """The model of the tone-making voice, with its configuration beside it."""
    return _sample() / "piper_tone" / "tone.onnx"


def sample_answers() -> Path:
    """What the candidate of the voice demonstration says, one answer after another."""
    return _sample() / "answers"


def _sample() -> Path:
    """Hotseat is installed unpacked, so that the models have paths."""
    return Path(str(files("voice"))) / "sample"
