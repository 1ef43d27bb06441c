"""The microphone and the loudspeaker, with PortAudio played by the test."""

import asyncio
import sys

import numpy as np
import pytest
from sound_card import PortAudioError, Sound

from bot.console.microphone import open_loudspeaker, open_sound
from voice.speech import HEARING_FRAME, SPEAKING_FRAME, Samples, VoiceError


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Sound:
    """The library in the place of the real one."""
    module = Sound()
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return module


def silence(count: int) -> Samples:
    """Nothing to play."""
    return np.zeros(count, np.int16)


async def test_frames_go_in_and_out(sound: Sound) -> None:
    """The microphone's frames come on the loop, the loudspeaker gets what is read."""
    heard: list[Samples] = []
    spoken = np.arange(SPEAKING_FRAME, dtype=np.int16)
    frame = np.arange(HEARING_FRAME, dtype=np.int16)

    async with open_sound(heard.append, lambda count: spoken[:count]):
        listening, speaking = sound.streams
        listening.callback(frame.tobytes(), HEARING_FRAME, None, None)
        played = bytearray(2 * SPEAKING_FRAME)
        speaking.callback(memoryview(played), SPEAKING_FRAME, None, None)
        assert not heard
        await asyncio.sleep(0)

    assert np.array_equal(heard[0], frame)
    assert bytes(played) == spoken.tobytes()
    assert not any(stream.running for stream in sound.streams)


async def test_a_device_that_breaks_off_is_told(sound: Sound) -> None:
    """Nobody sits before a dead microphone."""
    async with open_sound(lambda frame: None, silence) as broken:
        sound.streams[0].finished()
        with pytest.raises(VoiceError, match="plug it in"):
            await broken


@pytest.mark.parametrize(
    "fault",
    [
        PortAudioError("Error querying device -1"),
        ValueError("No input device matching 'mic'"),
    ],
)
async def test_a_missing_device_is_named(sound: Sound, fault: Exception) -> None:
    """With the way to see which there are."""
    sound.fault = fault
    with pytest.raises(VoiceError, match="python -m sounddevice"):
        async with open_sound(lambda frame: None, silence):
            pass


async def test_a_loudspeaker_plays_what_it_is_given(sound: Sound) -> None:
    """In order and whole, silence where there is nothing."""
    first, second = np.arange(100, dtype=np.int16), np.arange(100, 300, dtype=np.int16)

    async with open_loudspeaker() as play:
        await play(first)
        await play(second)
        played = bytearray(2 * 400)
        sound.streams[0].callback(memoryview(played), 400, None, None)

    whole = np.frombuffer(bytes(played), np.int16)
    assert np.array_equal(whole[:300], np.arange(300))
    assert not whole[300:].any()


async def test_who_plays_is_kept_to_real_time(
    sound: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a fifth of a second in hand; the rest is waited for."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with open_loudspeaker() as play:
        monkeypatch.setattr(asyncio, "sleep", sleep)
        for _ in range(12):
            await play(silence(SPEAKING_FRAME))

    assert slept == pytest.approx([0.0] * 10 + [0.02, 0.04])


class Nowhere:
    """What an import of sounddevice meets on a machine without PortAudio."""

    def find_spec(self, name: str, *_: object) -> None:
        """Only that module."""
        if name == "sounddevice":
            raise OSError("PortAudio library not found")


async def test_a_missing_portaudio_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it, and the way that needs none."""
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Nowhere(), *sys.meta_path])
    with pytest.raises(VoiceError, match=r"libportaudio2.*--voice-file"):
        async with open_sound(lambda frame: None, silence):
            pass


async def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that has it."""
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(VoiceError, match="extra `voice`"):
        async with open_sound(lambda frame: None, silence):
            pass


async def test_the_real_library_has_what_is_used() -> None:
    """The stand-in has the names of the real one."""
    sounddevice = pytest.importorskip("sounddevice", exc_type=OSError)
    assert issubclass(sounddevice.PortAudioError, Exception)
    for name in ("RawInputStream", "RawOutputStream"):
        assert callable(getattr(sounddevice, name))
