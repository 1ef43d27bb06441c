"""Whether this machine can hear and speak, and how fast; speed is measured on request only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.console.checks import Check, Outcome
from bot.console.speech_models import INSTALL, device_wish, missing_libraries
from bot.settings import Settings

if TYPE_CHECKING:
    from voice.devices import Device

CALL_LIBRARIES = ("davey", "nacl", "av")
"""What a Discord call needs beyond what speech does."""

COMFORTABLE, BARELY = 0.25, 0.6
"""Seconds of work for a second of speech: below the first, guesses come while one speaks and the
answer's words are ready within the pause; above the second, answers are late."""

SAMPLE = "That makes sense. How would you find out whether it still holds under ten times the load?"

_SMALLER = "a smaller one is quicker: HOTSEAT_SPEECH_MODEL=tiny.en"


class _Found(NamedTuple):
    """What hears and speaks here; None where it is missing."""

    device: Device
    recogniser: Path | None
    voice: Path | None


def voice_checks(settings: Settings, *, ask: bool) -> Iterator[Check]:
    """What there is for voice; with `ask` also how fast it is here, which takes seconds."""
    missing = missing_libraries()
    if missing:
        outcome = Outcome.PROBLEM if ask else Outcome.NOTE
        says = f"{', '.join(missing)} not installed, everything works in text: {INSTALL}"
        yield Check("voice parts", outcome, says)
        return
    yield Check("voice parts", Outcome.OK, "installed")
    found = yield from _models(settings, needed=ask)
    yield from _pronunciations(settings)
    yield _call_parts()
    yield _microphone()
    if ask and found is not None:
        yield from _speed(settings, found)


def _models(settings: Settings, *, needed: bool) -> Iterator[Check]:
    """Rows on device, recogniser and voice; returns what was found, None without a device."""
    from voice.devices import choose_device
    from voice.models import find_recogniser, find_voice
    from voice.speech import VoiceError

    try:
        device = choose_device(device_wish(settings))
    except VoiceError as err:
        yield Check("speech runs on", Outcome.PROBLEM, str(err))
        return None
    unmet = settings.speech_device == "cuda" and device.kind != "cuda"
    yield Check("speech runs on", Outcome.NOTE if unmet else Outcome.OK, device.why)
    lacking = Outcome.PROBLEM if needed else Outcome.NOTE
    paths: list[Path | None] = []
    for what, find in (
        (
            "speech model",
            lambda: find_recogniser(settings.models_path, settings.speech_model, device),
        ),
        ("voice", lambda: find_voice(settings.models_path, settings.voice)),
    ):
        try:
            path = find()
        except VoiceError as err:
            yield Check(what, lacking, str(err))
            paths.append(None)
        else:
            yield Check(what, Outcome.OK, f"{path}{_terms(path)}")
            paths.append(path)
    return _Found(device, *paths)


def _terms(path: Path) -> str:
    """The licence of a known model that binds its user, in brackets."""
    from voice.models import catalogue

    for model in catalogue().models:
        if model.name == path.stem and not model.licence.startswith(("MIT", "public domain")):
            return f" (licence: {model.licence})"
    return ""


def _pronunciations(settings: Settings) -> Iterator[Check]:
    from voice.lexicon import read_lexicon
    from voice.speech import VoiceError

    path = settings.pronunciations
    if path is None:
        return
    if not path.is_file():
        yield Check("pronunciations", Outcome.PROBLEM, f"there is no {path}")
        return
    try:
        read_lexicon(path)
    except VoiceError as err:
        yield Check("pronunciations", Outcome.PROBLEM, str(err))
    else:
        yield Check("pronunciations", Outcome.OK, str(path))


def _call_parts() -> Check:
    """Whether a Discord call could be joined; text and practice at the terminal do without."""
    from voice.speech import VoiceError

    if find_spec("discord") is None:
        return Check("voice on Discord", Outcome.NOTE, "the Discord parts are not installed")
    missing = [name for name in CALL_LIBRARIES if find_spec(name) is None]
    if missing:
        says = f"{', '.join(missing)} not installed: {INSTALL}"
        return Check("voice on Discord", Outcome.NOTE, says)
    from bot.discord.voice.opus import load_libopus

    try:
        load_libopus()
    except VoiceError as err:
        return Check("voice on Discord", Outcome.NOTE, str(err))
    return Check("voice on Discord", Outcome.OK, "libopus and end-to-end encryption are here")


def _microphone() -> Check:
    """Only `hotseat practice --voice` needs one, so nothing about it is a problem."""
    what = "microphone"
    try:
        import sounddevice
    except ImportError:
        return Check(what, Outcome.NOTE, f"sounddevice is not installed: {INSTALL}")
    except OSError:
        says = "PortAudio is missing: install it (Debian: apt install libportaudio2); only "
        return Check(what, Outcome.NOTE, f"{says}`hotseat practice --voice` needs it")
    with suppress(sounddevice.PortAudioError, ValueError):
        heard = sounddevice.query_devices(kind="input")["name"]
        spoken = sounddevice.query_devices(kind="output")["name"]
        return Check(what, Outcome.OK, f"{heard}; it is spoken through {spoken}")
    says = "none, or no loudspeaker; only `hotseat practice --voice` needs them"
    return Check(what, Outcome.NOTE, says)


def _speed(settings: Settings, found: _Found) -> Iterator[Check]:
    if found.recogniser is not None:
        yield _hearing_speed(found.recogniser, found.device)
    if found.voice is not None:
        yield _speaking_speed(found.voice, found.device, settings.voice_speaker)


def _hearing_speed(folder: Path, device: Device) -> Check:
    """The real-time factor, measured with the model that an interview would use."""
    from voice.devices import measure_rtf
    from voice.speech import VoiceError
    from voice.transcribe import WhisperRecogniser

    try:
        recogniser = WhisperRecogniser.load(folder, device)
    except VoiceError as err:
        return Check("hearing speed", Outcome.PROBLEM, str(err))
    factor = measure_rtf(recogniser)
    recogniser.close()
    used = recogniser.device
    says = (
        f"{factor:.2f} s of work for a second of speech ({folder.name}, {used.kind}, "
        f"{used.compute_type}, {used.threads} thread{'s' * (used.threads > 1)})"
    )
    if used.kind != device.kind:
        return Check("hearing speed", Outcome.NOTE, f"{says}. {used.why}")
    if factor > BARELY:
        return Check("hearing speed", Outcome.NOTE, f"{says}: answers come late; {_SMALLER}")
    if factor > COMFORTABLE:
        return Check("hearing speed", Outcome.NOTE, f"{says}: just enough for one call; {_SMALLER}")
    return Check("hearing speed", Outcome.OK, f"{says}: keeps up")


def _speaking_speed(model: Path, device: Device, speaker: int | None) -> Check:
    from voice.speak import PiperSynthesiser
    from voice.speech import SPEAKING_RATE, VoiceError

    try:
        synthesiser = PiperSynthesiser.load(model, device, speaker=speaker)
    except VoiceError as err:
        return Check("speaking speed", Outcome.PROBLEM, str(err))
    began = time.perf_counter()
    made = asyncio.run(synthesiser.synthesise(SAMPLE))
    factor = (time.perf_counter() - began) / (len(made) / SPEAKING_RATE)
    synthesiser.close()
    says = f"{factor:.2f} s of work for a second of speech ({model.stem})"
    if factor > COMFORTABLE:
        return Check("speaking speed", Outcome.NOTE, f"{says}: slow; take a medium voice")
    return Check("speaking speed", Outcome.OK, f"{says}: keeps up")
