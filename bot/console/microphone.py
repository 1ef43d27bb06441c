"""The microphone and the loudspeaker of this machine, through PortAudio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Lock
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

_AHEAD = SPEAKING_RATE // 5
"""Samples that wait to be played before it is time to make more."""

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
        with _named_faults(sounddevice):
            listening = sounddevice.RawInputStream(
                HEARING_RATE, HEARING_FRAME, callback=heard, **settings
            )
            speaking = sounddevice.RawOutputStream(
                SPEAKING_RATE, SPEAKING_FRAME, callback=play, **settings
            )
            with listening, speaking:
                yield broken
    finally:
        broken.cancel()


@asynccontextmanager
async def open_loudspeaker() -> AsyncIterator[Callable[[Samples], Awaitable[None]]]:
    """Gives what plays samples at `SPEAKING_RATE`, in real time, and returns when more are due.

    Raises `VoiceError` where PortAudio or a device is missing.
    """
    sounddevice = _sounddevice()
    queue = _Queue()

    def pull(data: Any, count: int, time: object, status: object) -> None:
        data[:] = queue.take(count).tobytes()

    with _named_faults(sounddevice):
        stream = sounddevice.RawOutputStream(
            SPEAKING_RATE, SPEAKING_FRAME, channels=1, dtype="int16", callback=pull
        )
        with stream:
            yield queue.put


class _Queue:
    """What is still to be played; filled on the event loop, emptied in PortAudio's thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._samples: Samples = np.zeros(0, np.int16)

    async def put(self, samples: Samples) -> None:
        """Add them, and wait until little enough is left to play."""
        with self._lock:
            self._samples = np.concatenate((self._samples, samples))
            early = len(self._samples) - _AHEAD
        await asyncio.sleep(max(0, early) / SPEAKING_RATE)

    def take(self, count: int) -> Samples:
        """Exactly so many, silence where there are fewer."""
        with self._lock:
            taken, self._samples = self._samples[:count], self._samples[count:]
        return np.pad(taken, (0, count - len(taken)))


@contextmanager
def _named_faults(sounddevice: Any) -> Iterator[None]:
    try:
        yield
    except (sounddevice.PortAudioError, ValueError) as err:
        raise VoiceError(
            f"The microphone or the loudspeaker cannot be used ({err}). Plug one in, or choose it "
            "as the system's default; `python -m sounddevice` lists what there is"
        ) from err


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
