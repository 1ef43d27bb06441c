"""Our conversation with the scripted engine in the interviewer's place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voice.devices import DeviceWish, choose_device
from voice.end_of_turn import SmartTurn
from voice.pipeline import Activity, Conversation
from voice.playback import Playback
from voice.speak import PiperSynthesiser
from voice.speech import Said
from voice.transcribe import WhisperRecogniser
from voice.turns import TurnSettings
from voice.vad import SpeechDetector


@dataclass
class Models:
    """Loaded once for all calls, as in the product."""

    recogniser: WhisperRecogniser
    synthesiser: PiperSynthesiser
    end_of_turn: SmartTurn | None = None
    turns: TurnSettings = field(default_factory=TurnSettings)

    @classmethod
    def load(cls, config: dict[str, Any]) -> Models:
        """As a system's configuration says; blocks."""
        device = choose_device(DeviceWish(kind="cpu"))
        model = config.get("end_of_turn")
        return cls(
            WhisperRecogniser.load(Path(config["recogniser"]), device),
            PiperSynthesiser.load(Path(config["voice"]), device),
            SmartTurn(Path(model)) if model else None,
            TurnSettings(**config.get("turns", {})),
        )

    def close(self) -> None:
        """End their threads."""
        self.recogniser.close()
        self.synthesiser.close()
        if self.end_of_turn is not None:
            self.end_of_turn.close()


class Interviewer:
    """Listens to one conversation and answers its turns.

    `asked` is told what was understood of each turn; `stream` gives an answer as far as it is known
    by now, again and again.
    """

    def __init__(
        self,
        models: Models,
        asked: Callable[[str], None],
        stream: Callable[[str], AsyncIterator[str]],
    ) -> None:
        self._asked = asked
        self._stream = stream
        self._answering: asyncio.Task[None] | None = None
        self._keys = 0
        self.answers: list[str] = []
        self.playback = Playback()
        self.conversation = Conversation(
            models.recogniser,
            SpeechDetector(),
            models.synthesiser,
            self.playback,
            self,
            models.turns,
            models.end_of_turn,
        )

    def said(self, said: Said) -> None:
        """A turn is over: answer it."""
        self._asked(said.text)
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

    def asks(self, question: str) -> None:
        """What the next turn answers."""
        self.conversation.expect(question=question, patience=1.0, terms=())

    async def close(self) -> None:
        """Hang up."""
        self.barged_in()
        await self.conversation.close()

    async def _answer(self, text: str) -> None:
        self._keys += 1
        key = str(self._keys)
        self.asks(text)
        shown = 0
        async for known in self._stream(text):
            if not shown:
                await self.conversation.ready(known)
            shown = await self.conversation.say(key, known, shown)
            if shown < len(known):
                return
        await self.conversation.finish(key)
