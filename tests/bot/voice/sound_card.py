"""sounddevice as the tests have it: a microphone and a loudspeaker in their hands."""

import asyncio
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from voice.speech import HEARING_FRAME, SPEAKING_FRAME, Samples


class PortAudioError(Exception):
    """What sounddevice raises."""


class Stream:
    """A device that does what the test says."""

    def __init__(self, rate: int, block: int, **settings: Any) -> None:
        self.rate, self.block = rate, block
        self.callback: Callable[..., None] = settings["callback"]
        self.finished: Callable[[], None] = settings.get("finished_callback", lambda: None)
        self.running = False

    def __enter__(self) -> "Stream":
        self.running = True
        return self

    def __exit__(self, *_: object) -> None:
        self.running = False
        self.finished()


class Sound(ModuleType):
    """sounddevice with one microphone and one loudspeaker, as far as there are any."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        super().__init__("sounddevice")
        self.streams: list[Stream] = []
        self.fault: Exception | None = None
        self.is_open = asyncio.Event()

    def _open(self, *args: Any, **settings: Any) -> Stream:
        if self.fault is not None:
            raise self.fault
        self.streams.append(Stream(*args, **settings))
        if len(self.streams) == 2:
            self.is_open.set()
        return self.streams[-1]

    RawInputStream = RawOutputStream = _open


async def converse(
    sound: Sound, answers: Sequence[Samples], breaks_off: Callable[[], bool] = lambda: False
) -> None:
    """Sit at both devices: say the next answer once there was speech and then a second of quiet.

    Once it `breaks_off`, the microphone is pulled out.
    """
    left, saying = list(answers), np.zeros(0, np.int16)
    quiet, was_asked = 0, False
    await sound.is_open.wait()
    listening, speaking = sound.streams
    while not breaks_off():
        played = bytearray(2 * SPEAKING_FRAME)
        speaking.callback(memoryview(played), SPEAKING_FRAME, None, None)
        quiet, was_asked = (0, True) if any(played) else (quiet + 1, was_asked)
        if was_asked and quiet >= 50 and left:
            saying, was_asked = left.pop(0), False
        frame, saying = saying[:HEARING_FRAME], saying[HEARING_FRAME:]
        whole = np.pad(frame, (0, HEARING_FRAME - len(frame)))
        listening.callback(whole.tobytes(), HEARING_FRAME, None, None)
        await asyncio.sleep(0.0005)
    listening.finished()
