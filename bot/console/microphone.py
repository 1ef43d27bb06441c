"""The microphone and the loudspeaker of this machine, through PortAudio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from voice.speech import (
    HEARING_FRAME,
    HEARING_RATE,
    SPEAKING_FRAME,
    SPEAKING_RATE,
    Samples,
    VoiceError,
)

HEADPHONES = "Use headphones: through loudspeakers I would hear myself and take it for you."

_NO_PORTAUDIO = (
    "PortAudio is missing: install it (Debian and Ubuntu: sudo apt install libportaudio2; "
    "macOS and Windows have it in the wheel of sounddevice). Without a microphone, "
    "`--voice-file` takes a recording"
)


@asynccontextmanager
async def open_sound(
    hear: Callable[[Samples], None], read: Callable[[int], Samples]
) -> AsyncIterator[asyncio.Future[None]]:
    """Hear and play until the end; `hear` is called on the event loop, `read` in another thread.

    What it gives fails with a `VoiceError` when a device breaks off. Raises the same where
    PortAudio or a device is missing.
    """
    sounddevice = _sounddevice()
    loop = asyncio.get_running_loop()
    broken: asyncio.Future[None] = loop.create_future()

    def heard(data: Any, count: int, time: object, status: object) -> None:
        loop.call_soon_threadsafe(hear, np.frombuffer(data, np.int16).copy())

    def play(data: Any, count: int, time: object, status: object) -> None:
        data[:] = read(count).tobytes()

    def ended() -> None:
        loop.call_soon_threadsafe(_break, broken)

    settings = {"channels": 1, "dtype": "int16", "finished_callback": ended}
    try:
        listening = sounddevice.RawInputStream(
            HEARING_RATE, HEARING_FRAME, callback=heard, **settings
        )
        speaking = sounddevice.RawOutputStream(
            SPEAKING_RATE, SPEAKING_FRAME, callback=play, **settings
        )
        with listening, speaking:
            yield broken
    except (sounddevice.PortAudioError, ValueError) as err:
        raise VoiceError(
            f"The microphone or the loudspeaker cannot be used ({err}). Plug one in, or choose it "
            "as the system's default; `python -m sounddevice` lists what there is"
        ) from err
    finally:
        broken.cancel()


def _sounddevice() -> Any:
    """The library; raises `VoiceError` where it or what it stands on is missing."""
    try:
        import sounddevice
    except ModuleNotFoundError as err:
        raise VoiceError(
            "sounddevice is not installed: it comes with the extra `voice` "
            "(pip install 'hotseat-interviewer[voice]')"
        ) from err
    except OSError as err:
        raise VoiceError(_NO_PORTAUDIO) from err
    return sounddevice


def _break(broken: asyncio.Future[None]) -> None:
    if not broken.done():
        broken.set_exception(
            VoiceError("The microphone or the loudspeaker is gone: plug it in again")
        )
