"""Samples: conversion, resampling, WAV files, and speech made evenly loud."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voice.speech import HEARING_RATE, Loudness, Samples, VoiceError

Quality = Literal["QQ", "LQ", "MQ", "HQ", "VHQ"]

FULL_SCALE = 32_768.0
SPEECH_DBFS = -20.0
"""RMS of evened speech: 20 dB below full scale leaves room for peaks at any usual crest factor."""

PEAK_DBFS = -1.0
"""No sample of evened speech is louder (EBU R 128 asks for -1 dBTP)."""

MOST_GAIN_DB = 30.0
"""A quieter recording than this gain can mend is noise, and noise is not raised to speech."""

_FLOOR_DBFS = -60.0
_GATE_DB = 20.0
_LEVEL_S = 0.02
_LIMITER_S = 0.005


def as_loudness(samples: Samples) -> Loudness:
    """The same audio from -1 to 1, as float32."""
    return samples.astype(np.float32) / np.float32(FULL_SCALE)


def as_samples(loudness: Loudness) -> Samples:
    """The same audio as 16-bit samples; what lies beyond full scale is clipped."""
    scaled = np.rint(np.asarray(loudness) * FULL_SCALE)
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


class Resampler:
    """Changes the rate of a stream; what went in is all out after a piece marked `last`.

    "HQ" looks about 30 ms ahead, "QQ" and "LQ" less.
    """

    def __init__(self, rate_in: int, rate_out: int, quality: Quality = "HQ") -> None:
        import soxr

        self._stream = soxr.ResampleStream(rate_in, rate_out, 1, dtype="int16", quality=quality)

    def feed(self, samples: Samples, *, last: bool = False) -> Samples:
        """What these samples brought to an end; often less than their length, or nothing.

        After `last` the resampler stands at the start of another stream.
        """
        made = self._stream.resample_chunk(samples, last=last)
        if last:
            self._stream.clear()
        return made.astype(np.int16, copy=False)


def resample(samples: Samples, rate_in: int, rate_out: int) -> Samples:
    """A whole recording at another rate."""
    return samples if rate_in == rate_out else Resampler(rate_in, rate_out).feed(samples, last=True)


def read_wav(path: Path, rate: int = HEARING_RATE) -> Samples:
    """A WAV file (8 to 32 bits, any rate, any number of channels) as mono samples at `rate`.

    Raises `VoiceError` where there is no such file or it is none that can be read.
    """
    try:
        with wave.open(str(path), "rb") as file:
            width, channels, rate_in = file.getsampwidth(), file.getnchannels(), file.getframerate()
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise VoiceError(
            f"{path}: not readable as audio ({error}). Give an uncompressed WAV file (PCM), "
            "for example made with: ffmpeg -i IN -ac 1 -ar 16000 OUT.wav"
        ) from error
    whole = len(data) - len(data) % (width * channels)
    mixed = _levels(data[:whole], width).reshape(-1, channels).mean(axis=1)
    return resample(as_samples(mixed), rate_in, rate)


def _levels(data: bytes, width: int) -> NDArray[np.float64]:
    """PCM bytes of 1 to 4 bytes a sample, little-endian, from -1 to 1."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128
    raw = np.frombuffer(data, np.uint8).reshape(-1, width)
    padded = np.zeros((len(raw), 4), np.uint8)
    padded[:, 4 - width :] = raw
    return padded.view("<i4").reshape(-1).astype(np.float64) / 2**31


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write mono 16-bit PCM; raises `VoiceError` where the file cannot be written."""
    try:
        with path.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(samples.astype("<i2").tobytes())
    except OSError as error:
        raise VoiceError(f"{path}: cannot be written ({error}). Choose another place.") from error


def even_loudness(samples: Samples, rate: int) -> Samples:
    """Speech brought to `SPEECH_DBFS`, measured over what is spoken, its peaks held in.

    Pauses do not count, as in EBU R 128: levels of 20 ms below -60 dBFS, and then those 20 dB below
    the mean of the rest. What holds no such level is returned as it is.
    """
    level = _speech_level(as_loudness(samples), rate)
    if level is None:
        return samples
    gain_db = min(SPEECH_DBFS - _decibels(level), MOST_GAIN_DB)
    return as_samples(_limited(as_loudness(samples) * np.float32(10 ** (gain_db / 20)), rate))


def _speech_level(audio: Loudness, rate: int) -> float | None:
    """RMS of the spoken part, or None where there is none."""
    length = int(rate * _LEVEL_S)
    blocks = audio[: len(audio) - len(audio) % length].reshape(-1, length)
    powers = np.square(blocks, dtype=np.float64).mean(axis=1)
    heard = powers[powers > 10 ** (_FLOOR_DBFS / 10)]
    if heard.size == 0:
        return None
    spoken = heard[heard >= heard.mean() * 10 ** (-_GATE_DB / 10)]
    return float(np.sqrt(spoken.mean()))


def _decibels(level: float) -> float:
    return 20 * float(np.log10(level))


def _limited(audio: Loudness, rate: int) -> Loudness:
    """Turned down round each peak above `PEAK_DBFS`, 5 ms before it and after, without a step."""
    ceiling = 10 ** (PEAK_DBFS / 20)
    if audio.size == 0 or float(np.abs(audio).max()) <= ceiling:
        return audio
    needed = np.minimum(1.0, ceiling / np.maximum(np.abs(audio), 1e-9))
    reach = max(1, int(rate * _LIMITER_S))
    held = sliding_window_view(np.pad(needed, 2 * reach, mode="edge"), 2 * reach + 1).min(axis=1)
    window = np.ones(2 * reach + 1) / (2 * reach + 1)
    return audio * np.convolve(held, window, mode="valid")
