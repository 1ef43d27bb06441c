"""What hears and what speaks: loaded once, shared by all calls of the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.calls.openers import openers
from bot.settings import Settings
from voice.devices import Device, DeviceWish, choose_device
from voice.end_of_turn import SmartTurn
from voice.lexicon import read_lexicon
from voice.models import AUTO, find_recogniser, find_voice
from voice.speak import PiperSynthesiser
from voice.speech import Recogniser, Synthesiser
from voice.transcribe import WhisperRecogniser
from voice.turns import TurnSettings
from voice.vad import SpeechDetector


@dataclass(frozen=True)
class SpeechModels:
    """The collaborators of every call; `device` says where the recogniser runs, and why there."""

    recogniser: Recogniser
    synthesiser: Synthesiser
    new_detector: Callable[[], SpeechDetector]
    device: Device
    turns: TurnSettings = field(default_factory=TurnSettings)
    end_of_turn: SmartTurn | None = None


def device_of(settings: Settings) -> Device:
    """Where the settings have the recogniser run; raises `VoiceError`."""
    named = None if settings.speech_model == AUTO else settings.speech_model
    return choose_device(
        DeviceWish(
            kind=settings.speech_device,
            compute_type=settings.speech_compute_type,
            threads=settings.speech_threads,
            model_name=named,
        )
    )


@asynccontextmanager
async def open_speech(settings: Settings) -> AsyncIterator[SpeechModels]:
    """The models of the settings, loaded in a thread, with openers made; closed at the end.

    Raises `VoiceError` with the command to run where one is missing.
    """
    recogniser, synthesiser = await asyncio.to_thread(_load, settings)
    end_of_turn: SmartTurn | None = None
    try:
        await synthesiser.prepare(openers())
        end_of_turn = await asyncio.to_thread(SmartTurn.find, settings.end_of_turn_model)
        yield SpeechModels(
            recogniser, synthesiser, SpeechDetector, recogniser.device, end_of_turn=end_of_turn
        )
    finally:
        recogniser.close()
        synthesiser.close()
        if end_of_turn is not None:
            end_of_turn.close()


def _load(settings: Settings) -> tuple[WhisperRecogniser, PiperSynthesiser]:
    device = device_of(settings)
    hears = find_recogniser(settings.models_path, settings.speech_model, device)
    speaks = find_voice(settings.models_path, settings.voice)
    lexicon = read_lexicon(settings.pronunciations) if settings.pronunciations else None
    synthesiser = PiperSynthesiser.load(
        speaks, device, settings.voice_pace, settings.voice_speaker, lexicon
    )
    return WhisperRecogniser.load(hears, device), synthesiser
