"""pipecat under test: its own pipeline, turn strategies and services, between the harness's pipes.

The harness starts it with the Python of pipecat's environment. What is ours is the transport (two
pipes), the scripted engine in the model's place, and, for the tuned variant, the way to Whisper.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from loguru import logger
from pipecat.audio.turn.smart_turn.base_smart_turn import SmartTurnParams
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    OutputAudioRawFrame,
    StartFrame,
    TranscriptionFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import LLMService
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.turns.user_stop import (
    SpeechTimeoutUserTurnStopStrategy,
    TurnAnalyzerUserTurnStopStrategy,
)
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.utils.time import time_now_iso8601
from pipecat.workers.runner import WorkerRunner

from benchmarks.voice.costs import Costs
from benchmarks.voice.engine import stream
from benchmarks.voice.wire import Harness, Kind

HEARING_RATE, SPEAKING_RATE = 16_000, 48_000
TUNED_CHUNKS = 2
"""10 ms each, as in a frame of Discord; pipecat's default is 4."""


class PipeInput(BaseInputTransport):
    """Audio as the harness sends it."""

    async def start(self, frame: StartFrame) -> None:
        """Ready at once."""
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def hear(self, audio: bytes) -> None:
        """20 ms of the candidate."""
        await self.push_audio_frame(
            InputAudioRawFrame(audio=audio, sample_rate=HEARING_RATE, num_channels=1)
        )


class PipeOutput(BaseOutputTransport):
    """Audio to the harness, a piece ahead of what is heard, as pipecat's own transports do."""

    def __init__(self, params: TransportParams, harness: Harness, number: int) -> None:
        super().__init__(params)
        self._harness = harness
        self._number = number
        self._over_at = 0.0

    async def start(self, frame: StartFrame) -> None:
        """Ready at once."""
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        """Play it; returns when all but this piece was heard."""
        self._harness.send(Kind.PLAY, self._number, frame.audio)
        length_s = len(frame.audio) / 2 / SPEAKING_RATE
        now = time.monotonic()
        self._over_at = max(self._over_at, now) + length_s
        await asyncio.sleep(max(0.0, self._over_at - length_s - now))
        return True


class ScriptedModel(LLMService):
    """The engine of the harness in a language model's place."""

    def __init__(self, harness: Harness, number: int, delay_s: float) -> None:
        super().__init__()
        self._harness = harness
        self._number = number
        self._delay_s = delay_s
        self.answers: list[str] = []

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a turn; everything else goes on its way."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        said = frame.context.get_messages()[-1]
        self._harness.send(Kind.TURN, self._number, str(said.get("content", "")))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await self.push_frame(LLMFullResponseStartFrame())
        async for token in stream(answer, self._delay_s):
            await self.push_frame(LLMTextFrame(token))
        await self.push_frame(LLMFullResponseEndFrame())


class CroppedModel(WhisperModel):
    """Looks at no more than was said, as Hotseat does; the sample recogniser allows it."""

    def encode(self, features: np.ndarray[Any, Any]) -> Any:
        """Without the silence that transcribe() pads with."""
        batch = features if features.ndim == 3 else features[None]
        spoken = np.flatnonzero(np.abs(batch).max(axis=(0, 1)) > 0)
        frames = min(batch.shape[-1], int(spoken[-1]) + 20 if len(spoken) else batch.shape[-1])
        return super().encode(np.ascontiguousarray(batch[..., :frames]))


class TunedWhisper(WhisperSTTService):
    """The same service with one beam, one temperature, no times, and a cropped window."""

    async def run_stt(self, audio: bytes) -> Any:
        """Transcribe a segment."""
        samples = np.frombuffer(audio, dtype=np.int16).astype(np.float32) / 32768.0

        def transcribe() -> str:
            segments, _ = self._model.transcribe(
                samples,
                language="en",
                beam_size=1,
                temperature=0.0,
                without_timestamps=True,
                condition_on_previous_text=False,
            )
            return " ".join(segment.text for segment in segments)

        text = await asyncio.to_thread(transcribe)
        if text.strip():
            yield TranscriptionFrame(text, self._user_id, time_now_iso8601(), "en")


def _recogniser(config: dict[str, Any]) -> WhisperSTTService:
    settings = WhisperSTTService.Settings(model=config["recogniser"])
    if not config["tuned"]:
        return WhisperSTTService(device="cpu", settings=settings)
    service = TunedWhisper(device="cpu", settings=settings)
    service._model = _shared_model(config["recogniser"])
    return service


@cache
def _shared_model(folder: str) -> CroppedModel:
    """One for all calls; as shipped, each pipeline loads its own."""
    return CroppedModel(folder, device="cpu")


def _turn_end(config: dict[str, Any]) -> UserTurnStrategies | None:
    """None is pipecat's default."""
    if config["turn_end"] == "timeout":
        wait = SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=config["timeout_s"])
        return UserTurnStrategies(stop=[wait])
    if "stop_s" not in config:
        return None
    analyzer = LocalSmartTurnAnalyzerV3(params=SmartTurnParams(stop_secs=config["stop_s"]))
    return UserTurnStrategies(stop=[TurnAnalyzerUserTurnStopStrategy(turn_analyzer=analyzer)])


class Call:
    """One pipeline, from pipe to pipe."""

    def __init__(self, number: int, config: dict[str, Any], harness: Harness) -> None:
        params = TransportParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            audio_in_sample_rate=HEARING_RATE,
            audio_out_sample_rate=SPEAKING_RATE,
            **({"audio_out_10ms_chunks": TUNED_CHUNKS} if config["tuned"] else {}),
        )
        self.ear = PipeInput(params)
        self.model = ScriptedModel(harness, number, config["engine_delay_s"])
        voice = Path(config["voice"])
        both = LLMContextAggregatorPair(
            LLMContext(),
            user_params=LLMUserAggregatorParams(
                user_turn_strategies=_turn_end(config),
                vad_analyzer=SileroVADAnalyzer(params=VADParams()),
            ),
        )
        speaks = PiperTTSService(
            download_dir=voice.parent, settings=PiperTTSService.Settings(voice=voice.stem)
        )
        parts = [
            self.ear,
            _recogniser(config),
            both.user(),
            self.model,
            speaks,
            PipeOutput(params, harness, number),
            both.assistant(),
        ]
        self.worker = PipelineWorker(
            Pipeline(parts),
            params=PipelineParams(
                audio_in_sample_rate=HEARING_RATE, audio_out_sample_rate=SPEAKING_RATE
            ),
            idle_timeout_secs=None,
            enable_rtvi=False,
            enable_turn_tracking=False,
        )
        self.started = asyncio.Event()
        self.worker.add_event_handler("on_pipeline_started", self._started)

    async def _started(self, *_: object) -> None:
        self.started.set()


def versions() -> dict[str, str]:
    """Of what the figures depend on."""
    names = ("pipecat-ai", "faster-whisper", "ctranslate2", "onnxruntime", "piper-tts")
    return {name: importlib.metadata.version(name) for name in names}


async def serve() -> None:
    """Until the harness has had enough."""
    logger.remove()
    harness = await Harness().open()
    config = (await harness.next()).json
    calls = [Call(number, config, harness) for number in range(config["calls"])]
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(*(call.worker for call in calls))
    running = asyncio.create_task(runner.run())
    for call in calls:
        await call.started.wait()
    costs = Costs()
    harness.send(Kind.READY, 0, versions())
    costs.start()
    while (message := await harness.next()).kind is not Kind.QUIT:
        call = calls[message.call]
        match message.kind:
            case Kind.HEAR:
                await call.ear.hear(message.body)
            case Kind.ANSWER:
                call.model.answers = message.json
            case Kind.LISTEN:
                pass  # pipecat's turns do not depend on what was asked
            case _:
                raise ValueError(f"the harness does not send {message.kind.name}")
    harness.send(Kind.REPORT, 0, costs.report())
    await runner.cancel()
    await running


if __name__ == "__main__":
    asyncio.run(serve())
