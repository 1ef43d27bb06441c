"""Hotseat under test: its conversation, its models, the scripted engine in the interviewer's place.

The harness starts it: `python -m benchmarks.voice.hotseat_side`.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.voice.costs import Costs
from benchmarks.voice.engine import sentences
from benchmarks.voice.wire import Harness, Kind
from voice.devices import DeviceWish, choose_device
from voice.end_of_turn import SmartTurn
from voice.pipeline import Activity, Conversation
from voice.playback import Playback
from voice.speak import PiperSynthesiser
from voice.speech import FRAME_S, SPEAKING_FRAME, Said
from voice.transcribe import WhisperRecogniser
from voice.turns import TurnSettings
from voice.vad import SpeechDetector


class Models:
    """Loaded once for all calls, as in the product."""

    def __init__(self, config: dict[str, Any]) -> None:
        device = choose_device(DeviceWish(kind="cpu"))
        self.recogniser = WhisperRecogniser.load(Path(config["recogniser"]), device)
        self.synthesiser = PiperSynthesiser.load(Path(config["voice"]), device)
        model = config.get("end_of_turn")
        self.end_of_turn = SmartTurn(Path(model)) if model else None
        self.turns = TurnSettings(**config.get("turns", {}))
        self.delay_s = float(config["engine_delay_s"])


class Interviewer:
    """Listens to one conversation and answers its turns; a player of its own pulls what it says."""

    def __init__(self, number: int, models: Models, harness: Harness) -> None:
        self._number = number
        self._harness = harness
        self._delay_s = models.delay_s
        self._playback = Playback()
        self._answering: asyncio.Task[None] | None = None
        self._keys = 0
        self._open = True
        self.answers: list[str] = []
        self.conversation = Conversation(
            models.recogniser,
            SpeechDetector(),
            models.synthesiser,
            self._playback,
            self,
            models.turns,
            models.end_of_turn,
        )
        threading.Thread(target=self._play, daemon=True).start()

    def said(self, said: Said) -> None:
        """A turn is over: answer it."""
        self._harness.send(Kind.TURN, self._number, said.text)
        self.barged_in()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self._answering = asyncio.create_task(self._answer(answer))

    def barged_in(self) -> None:
        """The candidate has the floor: the engine stops."""
        if self._answering is not None:
            self._answering.cancel()

    def speech(self) -> None:
        """Nothing depends on it here."""

    def partial(self, text: str) -> None:
        """Nobody reads captions here."""

    def activity(self, now: Activity) -> None:
        """Nobody looks at a status here."""

    def check_in(self) -> None:
        """The scripts wait less long than that."""

    def failed(self, what: str) -> None:
        """A failure spoils a measurement: say so."""
        print(what, flush=True)

    async def close(self) -> None:
        """Hang up."""
        self._open = False
        self.barged_in()
        await self.conversation.close()

    async def _answer(self, text: str) -> None:
        self._keys += 1
        key = str(self._keys)
        self.conversation.expect(question=text, patience=1.0, terms=())
        await self.conversation.ready()
        shown = 0
        async for known in sentences(text, self._delay_s):
            shown = await self.conversation.say(key, known, shown)
            if shown < len(known):
                return
        await self.conversation.finish(key)

    def _play(self) -> None:
        """As discord.py's player: a thread that takes a frame every 20 ms."""
        due = time.perf_counter()
        while self._open:
            is_playing = not self._playback.is_empty
            frame = self._playback.read(SPEAKING_FRAME)
            if is_playing or frame.any():
                self._harness.send(Kind.PLAY, self._number, frame.tobytes())
            due += FRAME_S
            time.sleep(max(0.0, due - time.perf_counter()))


def versions() -> dict[str, str]:
    """Of what the figures depend on."""
    names = ("faster-whisper", "ctranslate2", "onnxruntime", "piper-tts")
    return {name: importlib.metadata.version(name) for name in names}


async def serve() -> None:
    """Until the harness has had enough."""
    harness = await Harness().open()
    config = (await harness.next()).json
    models = await asyncio.to_thread(Models, config)
    calls = [Interviewer(number, models, harness) for number in range(config["calls"])]
    costs = Costs()
    harness.send(Kind.READY, 0, versions())
    costs.start()
    while (message := await harness.next()).kind is not Kind.QUIT:
        call = calls[message.call]
        match message.kind:
            case Kind.HEAR:
                call.conversation.hear(np.frombuffer(message.body, np.int16))
            case Kind.ANSWER:
                call.answers = message.json
            case Kind.LISTEN:
                call.conversation.expect(question=message.text, patience=1.0, terms=())
            case _:
                raise ValueError(f"the harness does not send {message.kind.name}")
    harness.send(Kind.REPORT, 0, costs.report())
    for call in calls:
        await call.close()
    models.recogniser.close()
    models.synthesiser.close()


if __name__ == "__main__":
    asyncio.run(serve())
