"""The speech detector judges a stream window by window as it judges the whole."""

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from voice.audio import as_loudness
from voice.speech import Samples, VoiceError
from voice.vad import WINDOW, SpeechDetector, model_path


def _noise(seconds: float, level: float, seed: int = 3) -> Samples:
    samples = np.random.default_rng(seed).normal(size=int(seconds * 16_000)) * level
    return np.clip(samples, -32768, 32767).astype(np.int16)


def test_a_stream_is_judged_like_the_whole() -> None:
    """Window by window and at once give the same probabilities."""
    samples = _noise(2.0, 3000.0)
    windows = as_loudness(np.pad(samples, (0, -len(samples) % WINDOW))).reshape(-1, WINDOW)
    stream = SpeechDetector()

    one_by_one = [stream.probability(window) for window in windows]

    assert np.allclose(one_by_one, SpeechDetector().probabilities(samples), atol=1e-5)


def test_a_detector_that_was_reset_knows_nothing_of_before() -> None:
    """The same stretch twice, with a reset between, is judged twice alike; without, not."""
    detector, samples = SpeechDetector(), _noise(1.0, 6000.0)
    first = detector.probabilities(samples)
    again = detector.probabilities(samples)
    detector.reset()

    assert detector.probabilities(samples).tolist() == first.tolist()
    assert again.tolist() != first.tolist()


def test_two_streams_do_not_meddle_with_each_other() -> None:
    """Detectors share the model, not the memory."""
    one, other, alone = SpeechDetector(), SpeechDetector(), SpeechDetector()
    window = as_loudness(_noise(1.0, 8000.0))
    for at in range(0, WINDOW * 8, WINDOW):
        other.probability(as_loudness(_noise(1.0, 2000.0, seed=9))[at : at + WINDOW])
        piece = window[at : at + WINDOW]

        assert one.probability(piece) == alone.probability(piece)


@pytest.mark.parametrize("level", [0, 3, 100, 3000])
def test_silence_and_noise_are_no_speech(level: int) -> None:
    """At no level."""
    assert SpeechDetector().probabilities(_noise(3.0, level)).max() < 0.5


def test_windows_of_another_length_are_refused() -> None:
    """A window is 512 samples."""
    with pytest.raises(ValueError, match="512"):
        SpeechDetector().probability(np.zeros(320, np.float32))


def test_no_audio_has_no_probabilities() -> None:
    """Nothing in, nothing out."""
    assert SpeechDetector().probabilities(np.zeros(0, np.int16)).size == 0


@pytest.mark.parametrize("installed", [False, True])
def test_a_missing_model_is_named_with_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: bool
) -> None:
    """Whether the package is missing or only its file, the message says what to install."""
    spec = ModuleSpec("faster_whisper", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec if installed else None)

    with pytest.raises(VoiceError, match=r"pip install 'hotseat-interviewer\[voice\]'"):
        model_path()
