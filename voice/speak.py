"""Words to audio with Piper, on the CPU and off the event loop."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voice.audio import as_samples, even_loudness, resample
from voice.devices import Device
from voice.lexicon import Lexicon, builtin_lexicon, pronounce
from voice.quiet import keep_quiet
from voice.speech import SPEAKING_RATE, Samples, VoiceError

if TYPE_CHECKING:
    from piper import PiperVoice, SynthesisConfig

SLOWEST, FASTEST = 0.5, 2.0
"""Limits of the pace; beyond them VITS voices swallow sounds."""

SENTENCE_PAUSE_S = 0.2
"""Silence between two sentences of one clause; Piper leaves none worth hearing."""

_MOST_THREADS = 2
"""A medium voice makes a second of speech in 0.03 s on one core (docs/voice.md), and the
recogniser wants the others."""

_MOST_AT_ONCE = 4
"""Calls that are spoken to at the same time before one waits for another's clause."""

_NOTHING: Samples = np.zeros(0, np.int16)


class PiperSynthesiser:
    """A `Synthesiser` that speaks with one Piper voice; shared by all calls.

    Always on the CPU: Piper is no faster on a GPU (piper1-gpl issue 116). What it is handed is
    read as `voice.lexicon` says, and is never logged.
    """

    def __init__(
        self, voice: PiperVoice, manner: SynthesisConfig, lexicon: Lexicon, *, at_once: int = 1
    ) -> None:
        self._voice = voice
        self._manner = manner
        self._lexicon = lexicon
        self._made: dict[str, Samples] = {}
        self._workers = ThreadPoolExecutor(at_once, thread_name_prefix="speak")

    @classmethod
    def load(
        cls,
        model: Path,
        device: Device,
        pace: float = 1.0,
        speaker: int | None = None,
        lexicon: Lexicon | None = None,
    ) -> PiperSynthesiser:
        """Read a voice (`model` with `model.json` beside it) and warm it up; blocks about a second.

        `pace` 1.2 is a fifth faster than the voice was made; of a voice of several people `speaker`
        is one. Raises `VoiceError` where a file is missing or wrong, and where Piper is not there.
        """
        voice = _open(model, threads=max(1, min(device.threads, _MOST_THREADS)))
        manner = _manner(voice, model, pace, speaker)
        made = cls(voice, manner, lexicon or builtin_lexicon(), at_once=_MOST_AT_ONCE)
        made._speak("Ready.")
        return made

    async def synthesise(self, text: str) -> Samples:
        """The text spoken, at 48 kHz and of even loudness; empty where there is nothing to say."""
        made = self.ready(text)
        if made is not None:
            return made
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._speak, text)

    def ready(self, text: str) -> Samples | None:
        """The same at once where it was prepared, whatever the white space round it; else None."""
        return self._made.get(_key(text))

    async def prepare(self, texts: Iterable[str]) -> None:
        """Make short openers ("Okay.") ahead, and keep them for as long as this is open."""
        for text in texts:
            self._made[_key(text)] = await self.synthesise(text)

    def close(self) -> None:
        """End the workers; a clause that is being made is still finished."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _speak(self, text: str) -> Samples:
        said = pronounce(text, self._lexicon)
        if not said:
            return _NOTHING
        rate = self._voice.config.sample_rate
        pause = np.zeros(int(rate * SENTENCE_PAUSE_S), np.float32)
        pieces: list[Any] = []
        for sentence in self._voice.synthesize(said, self._manner):
            pieces += (
                [pause, sentence.audio_float_array] if pieces else [sentence.audio_float_array]
            )
        if not pieces:
            return _NOTHING
        return resample(
            even_loudness(as_samples(np.concatenate(pieces)), rate), rate, SPEAKING_RATE
        )


def _key(text: str) -> str:
    return " ".join(text.split())


def _open(model: Path, threads: int) -> PiperVoice:
    """The voice with its own session: Piper's `load` leaves the number of threads to ONNX."""
    try:
        keep_quiet()
        import onnxruntime
        from onnxruntime.capi import (
            onnxruntime_pybind11_state as faults,  # pyright: ignore[reportAttributeAccessIssue]
        )
        from piper import PiperVoice
        from piper.config import PiperConfig
    except ImportError as err:
        raise VoiceError(f"{err.name} is not installed: `make voice` does it") from err
    # It would write what is spoken into the log.
    logging.getLogger("piper").setLevel(logging.INFO)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        config = PiperConfig.from_dict(_settings(model))
        session = onnxruntime.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        raise VoiceError(f"{model}.json is no description of a Piper voice ({err!r})") from err
    except (faults.InvalidProtobuf, faults.InvalidGraph, faults.Fail, faults.NoSuchFile) as err:
        raise VoiceError(f"{model} is no Piper voice: {_first_line(err)}") from err
    return PiperVoice(session=session, config=config)


def _settings(model: Path) -> dict[str, Any]:
    path = Path(f"{model}.json")
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as err:
        raise VoiceError(
            f"{path}: {err.strerror}; a Piper voice is a .onnx file with its .onnx.json beside it"
        ) from err


def _manner(voice: PiperVoice, model: Path, pace: float, speaker: int | None) -> SynthesisConfig:
    from piper import SynthesisConfig

    if not SLOWEST <= pace <= FASTEST:
        raise VoiceError(f"a pace of {pace:g} is not possible: from {SLOWEST:g} to {FASTEST:g}")
    speakers = voice.config.num_speakers
    if speaker is not None and not 0 <= speaker < speakers:
        raise VoiceError(f"{model.name} has no speaker {speaker}: give 0 to {speakers - 1}")
    return SynthesisConfig(
        speaker_id=speaker,
        length_scale=voice.config.length_scale / pace,
        normalize_audio=False,
    )


def _first_line(err: BaseException) -> str:
    return str(err).partition("\n")[0]
