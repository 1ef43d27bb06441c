"""Samples keep their length, their pitch and their level on the way in and out."""

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.audio import (
    PEAK_DBFS,
    SPEECH_DBFS,
    Resampler,
    as_loudness,
    as_samples,
    even_loudness,
    read_wav,
    resample,
    write_wav,
)
from voice.speech import Samples, VoiceError


def _tone(hertz: float, seconds: float, rate: int, level: float = 0.3) -> Samples:
    times = np.arange(int(seconds * rate)) / rate
    return as_samples(level * np.sin(2 * np.pi * hertz * times))


def _pitch(samples: Samples, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples.astype(float)))
    return float(np.argmax(spectrum) * rate / len(samples))


def _decibels(samples: Samples) -> float:
    return 20 * np.log10(np.sqrt(np.mean(np.square(as_loudness(samples), dtype=float))))


def _words(rng: np.random.Generator, level: float, rate: int = 48_000) -> Samples:
    """Bursts with soft edges and pauses between them, as loud as speech is uneven."""
    bursts = [
        np.hanning(rate // 4) * rng.normal(size=rate // 4) * level * rng.uniform(0.5, 1.5)
        for _ in range(6)
    ]
    return as_samples(np.concatenate([np.append(burst, np.zeros(rate // 5)) for burst in bursts]))


@given(st.lists(st.integers(-32768, 32767), max_size=50))
def test_samples_survive_the_way_to_loudness_and_back(values: list[int]) -> None:
    """No sample changes."""
    samples = np.array(values, np.int16)

    assert as_samples(as_loudness(samples)).tolist() == values


def test_what_is_too_loud_is_clipped() -> None:
    """Beyond full scale the sign stays."""
    assert as_samples(np.array([-7.0, 7.0])).tolist() == [-32768, 32767]


@pytest.mark.parametrize(("rate_in", "rate_out"), [(48_000, 16_000), (22_050, 48_000)])
def test_a_stream_is_resampled_piece_by_piece_as_a_whole(rate_in: int, rate_out: int) -> None:
    """Pieces of 20 ms give the samples that the whole gives, in length and in pitch."""
    tone = _tone(440, 1.0, rate_in)
    stream = Resampler(rate_in, rate_out)
    size = rate_in // 50
    pieces = [stream.feed(tone[at : at + size]) for at in range(0, len(tone), size)]
    joined = np.concatenate([*pieces, stream.feed(np.zeros(0, np.int16), last=True)])

    assert np.abs(joined.astype(int) - resample(tone, rate_in, rate_out)).max() <= 2
    assert abs(len(joined) - rate_out) <= 1
    assert _pitch(joined, rate_out) == pytest.approx(440, abs=2)


def test_a_resampler_starts_anew_after_the_last_piece() -> None:
    """A second stream through the same resampler comes out like the first."""
    tone = _tone(300, 0.5, 48_000)
    stream = Resampler(48_000, 16_000)

    first, second = (stream.feed(tone, last=True) for _ in range(2))

    assert len(first) == len(second)
    assert np.abs(first.astype(int) - second).max() <= 2  # soxr dithers


def test_wav_files_come_back_as_written(tmp_path: Path) -> None:
    """Mono 16-bit files at the asked rate lose nothing."""
    tone = _tone(440, 0.2, 16_000)
    write_wav(tmp_path / "tone.wav", tone, 16_000)

    assert read_wav(tmp_path / "tone.wav").tolist() == tone.tolist()


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_other_wav_files_become_mono_at_the_asked_rate(tmp_path: Path, width: int) -> None:
    """Stereo at 44.1 kHz in 8 to 32 bits keeps its pitch and its mixed level."""
    tone = as_loudness(_tone(440, 0.5, 44_100, 0.8))
    stereo = np.repeat(tone, 2) * np.tile([1.0, 0.0], len(tone))
    whole = np.rint(stereo * (2 ** (8 * width - 1) - 1)).astype("<i8")
    shifted = whole + 128 if width == 1 else whole
    data = shifted.view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    with wave.open(str(tmp_path / "s.wav"), "wb") as file:
        file.setparams((2, width, 44_100, 0, "NONE", ""))
        file.writeframes(data)

    read = read_wav(tmp_path / "s.wav", 16_000)

    assert abs(len(read) - 8_000) <= 1
    assert _pitch(read, 16_000) == pytest.approx(440, abs=2)
    assert _decibels(read) == pytest.approx(20 * np.log10(0.4 / np.sqrt(2)), abs=0.3)


@pytest.mark.parametrize("content", [None, b"", b"RIFF....WAVEjunk", b"no audio at all"])
def test_what_is_no_wav_file_is_named_with_the_next_step(
    tmp_path: Path, content: bytes | None
) -> None:
    """The message has the path and a command that makes such a file."""
    path = tmp_path / "talk.wav"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(VoiceError, match=r"talk\.wav: .*ffmpeg -i"):
        read_wav(path)


def test_a_wav_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder that is not there is an error of ours, with the path."""
    with pytest.raises(VoiceError, match=r"gone/out\.wav"):
        write_wav(tmp_path / "gone" / "out.wav", _tone(1, 0.1, 16_000), 16_000)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.floats(-40, -6))
def test_speech_comes_out_evenly_loud(seed: int, decibels: float) -> None:
    """However loud it was, spoken parts reach -20 dBFS, and no peak passes the limit."""
    rng = np.random.default_rng(seed)
    evened = even_loudness(_words(rng, 10 ** (decibels / 20)), 48_000)
    spoken = evened[np.abs(as_loudness(evened)) > 0.002]

    assert _decibels(spoken) == pytest.approx(SPEECH_DBFS, abs=1.5)
    assert np.abs(as_loudness(evened)).max() <= 10 ** (PEAK_DBFS / 20) + 1e-3


def test_a_lone_peak_is_held_in_without_a_step() -> None:
    """A click above full scale neither clips nor makes the speech round it jump."""
    voice = _tone(200, 1.0, 48_000, 0.05)
    voice[24_000:24_010] = 32_000
    evened = as_loudness(even_loudness(voice, 48_000))

    assert np.abs(evened).max() <= 10 ** (PEAK_DBFS / 20) + 1e-3
    assert np.abs(np.diff(evened[:23_000])).max() < 0.01


def test_silence_and_hiss_stay_what_they_are() -> None:
    """Nothing spoken, nothing raised."""
    hiss = as_samples(np.random.default_rng(1).normal(size=48_000) * 0.0003)

    assert even_loudness(np.zeros(48_000, np.int16), 48_000).max() == 0
    assert even_loudness(hiss, 48_000).tolist() == hiss.tolist()
    assert even_loudness(np.zeros(0, np.int16), 48_000).size == 0
