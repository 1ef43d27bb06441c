"""What hears and what speaks: loaded once, shared by all calls of the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from voice.end_of_turn import EndOfTurn, find_end_of_turn

from bot.settings import Settings
from voice.devices import Device, DeviceWish, choose_device
from voice.models import find_recogniser, find_voice
from voice.speak import PiperSynthesiser
from voice.speech import Recogniser, Synthesiser
from voice.transcribe import WhisperRecogniser
from voice.turns import TurnSettings
from voice.vad import SpeechDetector

OPENERS = ("Okay.", "Thank you.", "Take your time.")
"""Made while the models load, so that they can be said at once."""


@dataclass(frozen=True)
class SpeechModels:
    """The collaborators of every call; `device` says where the recogniser runs, and why there."""

    recogniser: Recogniser
    synthesiser: Synthesiser
    new_detector: Callable[[], SpeechDetector]
    device: Device
    turns: TurnSettings = TurnSettings()
    end_of_turn: EndOfTurn | None = None


def device_of(settings: Settings) -> Device:
    """Where the settings have the recogniser run; raises `VoiceError`."""
    return choose_device(
        DeviceWish(
            kind=settings.speech_device,
            compute_type=settings.speech_compute_type,
            threads=settings.speech_threads,
            model=settings.speech_model,
        )
    )


@asynccontextmanager
async def open_speech(settings: Settings) -> AsyncIterator[SpeechModels]:
    """The models of the settings, loaded in a thread; closed at the end.

    Raises `VoiceError` with the command to run where one is missing.
    """
    recogniser, synthesiser, device = await asyncio.to_thread(_load, settings)
    try:
        end_of_turn = await asyncio.to_thread(find_end_of_turn, settings.end_of_turn_model)
        yield SpeechModels(
            recogniser, synthesiser, SpeechDetector, device, TurnSettings(), end_of_turn
        )
    finally:
        await recogniser.close()


def _load(settings: Settings) -> tuple[WhisperRecogniser, PiperSynthesiser, Device]:
    device = device_of(settings)
    folder = find_recogniser(settings.models_path, settings.speech_model, device)
    voice = find_voice(settings.models_path, settings.voice)
    synthesiser = PiperSynthesiser.load(
        voice,
        device,
        pace=settings.voice_pace,
        speaker=settings.voice_speaker,
        pronunciations=settings.pronunciations,
    )
    synthesiser.prepare(OPENERS)
    return WhisperRecogniser.load(folder, device), synthesiser, device
