"""The features are those that Whisper was trained on, computed without waking other threads."""

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor

from voice.features import log_mel


@pytest.mark.parametrize("samples", [201, 2_048, 16_000, 48_123])
@pytest.mark.parametrize("bands", [80, 128])
def test_features_equal_those_of_faster_whisper(samples: int, bands: int) -> None:
    """In shape and in every value."""
    audio = np.random.default_rng(samples).normal(size=samples).astype(np.float32) * 0.1
    extractor = FeatureExtractor(feature_size=bands)

    ours, theirs = log_mel(audio, extractor.mel_filters), extractor(audio)

    assert ours.dtype == np.float32
    assert ours.shape == theirs.shape
    assert np.allclose(ours, theirs, atol=1e-5)


def test_almost_no_audio_has_features_too() -> None:
    """A single sample, or silence, gives finite values."""
    filters = FeatureExtractor().mel_filters

    assert np.isfinite(log_mel(np.zeros(1, np.float32), filters)).all()
    assert np.isfinite(log_mel(np.zeros(5_000, np.float32), filters)).all()
