"""Hotseat under test, between the harness's pipes.

The harness starts it: `python -m benchmarks.voice.hotseat_side`.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import threading
import time

import numpy as np

from benchmarks.voice.costs import Costs
from benchmarks.voice.engine import sentences
from benchmarks.voice.interviewer import Interviewer, Models
from benchmarks.voice.wire import Harness, Kind
from voice.playback import Playback
from voice.speech import FRAME_S, SPEAKING_FRAME


class Player(threading.Thread):
    """As discord.py's: a thread that takes a frame every 20 ms and sends it."""

    def __init__(self, playback: Playback, harness: Harness, number: int) -> None:
        super().__init__(daemon=True)
        self._playback = playback
        self._harness = harness
        self._number = number
        self.is_open = True

    def run(self) -> None:
        """Until it is closed."""
        due = time.perf_counter()
        while self.is_open:
            is_playing = not self._playback.is_empty
            frame = self._playback.read(SPEAKING_FRAME)
            if is_playing or frame.any():
                self._harness.send(Kind.PLAY, self._number, frame.tobytes())
            due += FRAME_S
            time.sleep(max(0.0, due - time.perf_counter()))


class Call:
    """One conversation and its player."""

    def __init__(self, number: int, models: Models, delay_s: float, harness: Harness) -> None:
        self.interviewer = Interviewer(
            models,
            lambda text: harness.send(Kind.TURN, number, text),
            lambda answer: sentences(answer, delay_s),
        )
        self._player = Player(self.interviewer.playback, harness, number)
        self._player.start()

    async def close(self) -> None:
        """Hang up."""
        self._player.is_open = False
        await self.interviewer.close()


def versions() -> dict[str, str]:
    """Of what the figures depend on."""
    names = ("faster-whisper", "ctranslate2", "onnxruntime", "piper-tts")
    return {name: importlib.metadata.version(name) for name in names}


async def serve() -> None:
    """Until the harness has had enough."""
    harness = await Harness().open()
    config = (await harness.next()).json
    models = await asyncio.to_thread(Models.load, config)
    delay_s = float(config["engine_delay_s"])
    calls = [Call(number, models, delay_s, harness) for number in range(config["calls"])]
    costs = Costs()
    harness.send(Kind.READY, 0, versions())
    costs.start()
    while (message := await harness.next()).kind is not Kind.QUIT:
        interviewer = calls[message.call].interviewer
        match message.kind:
            case Kind.HEAR:
                interviewer.conversation.hear(np.frombuffer(message.body, np.int16))
            case Kind.ANSWER:
                interviewer.answers = message.json
            case Kind.LISTEN:
                interviewer.asks(message.text)
            case _:
                raise ValueError(f"the harness does not send {message.kind.name}")
    harness.send(Kind.REPORT, 0, costs.report())
    for call in calls:
        await call.close()
    models.close()


if __name__ == "__main__":
    asyncio.run(serve())
