"""A GPU that fails in the middle of a call costs a moment, and no words."""

import asyncio
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.voice.clips import clip, together
from voice import transcribe
from voice.devices import Device
from voice.ears import Ears, Look, Seen
from voice.model_folder import ModelTraits
from voice.samples import sample_recogniser_folder
from voice.speech import VoiceError
from voice.transcribe import MOST_IN_BATCH, WhisperRecogniser

CPU = Device("cpu", "int8", 1, "tiny-sample", "a test")
GPU = Device("cuda", "float16", 1, "tiny-sample", "GPU")
TEXTS = (
    "we can add a cache in front of the database",
    "I would use postgres as the database",
    "the payment must be exactly once",
)


class GpuEars:
    """The sample model as if it ran on a GPU, which fails when it is told to."""

    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self.fails_from = 10_000
        self.batches: list[int] = []

    def look(self, looks: Sequence[Look]) -> list[Seen]:
        self.batches.append(len(looks))
        if len(looks) >= self.fails_from:
            raise RuntimeError("CUDA failed with error out of memory")
        return self._ears.look(looks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ears, name)


class Machine:
    """Opens the sample model on either device, and can refuse the CPU."""

    def __init__(self, ears: Ears) -> None:
        self.gpu = GpuEars(ears)
        self._ears = ears
        self.refuses_cpu = False
        self.opened: list[str] = []
        self.threads: set[int] = set()

    def open(self, folder: Path, device: Device, traits: ModelTraits) -> Any:
        self.opened.append(device.kind)
        self.threads.add(threading.get_ident())
        if device.kind == "cuda":
            return self.gpu
        if self.refuses_cpu:
            raise VoiceError("no room for the model")
        return self._ears


@pytest.fixture(scope="module")
def ears() -> Iterator[Ears]:
    """The sample model, loaded once."""
    recogniser = WhisperRecogniser.load(sample_recogniser_folder(), CPU)
    yield recogniser._ears
    recogniser.close()


@pytest.fixture
def machine(ears: Ears, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(ears)
    monkeypatch.setattr(transcribe, "_opened", made.open)
    return made


@pytest.fixture
def recogniser(machine: Machine) -> Iterator[WhisperRecogniser]:
    """One that runs on the GPU."""
    made = WhisperRecogniser.load(sample_recogniser_folder(), GPU)
    machine.threads.clear()
    yield made
    made.close()


async def heard(recogniser: WhisperRecogniser, *texts: str) -> list[str]:
    """What is recognised of these, asked for at once."""
    audio = [together(0.3, clip(text), 0.3) for text in texts]
    finals = await asyncio.gather(*(recogniser.final(each, ()) for each in audio))
    return [each.text for each in finals]


async def test_the_requests_at_hand_are_answered_by_the_cpu(
    machine: Machine, recogniser: WhisperRecogniser, caplog: pytest.LogCaptureFixture
) -> None:
    """Those of several calls, by one model that is loaded once; the device says so, and the log."""
    assert await heard(recogniser, TEXTS[0]) == [TEXTS[0]]
    machine.gpu.fails_from = 1

    with caplog.at_level(logging.WARNING):
        assert await heard(recogniser, *TEXTS) == list(TEXTS)

    assert machine.opened == ["cuda", "cpu"]
    assert recogniser.device.kind == "cpu"
    assert "out of memory" in recogniser.device.why
    assert "on the CPU from now on" in caplog.text


async def test_the_loop_goes_on_while_the_model_is_loaded(
    machine: Machine, recogniser: WhisperRecogniser
) -> None:
    """Loading is done in the thread that recognises."""
    machine.gpu.fails_from = 1
    await heard(recogniser, TEXTS[0])

    assert machine.threads
    assert threading.get_ident() not in machine.threads


async def test_a_gpu_that_has_failed_is_asked_no_more(
    machine: Machine, recogniser: WhisperRecogniser
) -> None:
    """Later requests go to the CPU, in batches that suit it."""
    machine.gpu.fails_from = 1
    await heard(recogniser, TEXTS[0])
    asked = len(machine.gpu.batches)

    assert await heard(recogniser, *TEXTS) == list(TEXTS)
    assert len(machine.gpu.batches) == asked
    assert recogniser._batcher.most == MOST_IN_BATCH["cpu"]


async def test_a_batch_that_is_too_large_is_no_failure_of_the_gpu(
    machine: Machine, recogniser: WhisperRecogniser
) -> None:
    """One by one the GPU does them."""
    machine.gpu.fails_from = 2

    spoken = recogniser._ears.prepare(together(0.3, clip(TEXTS[0]), 0.3))
    look = Look(spoken[0].features, (), 10.0, 0.0, final=False)
    asked = (recogniser._batcher.run(look.kind, look, urgent=True) for _ in range(3))
    seen = await asyncio.gather(*asked)

    assert [" ".join(each.guess.words) for each in seen] == [TEXTS[0]] * 3
    assert recogniser.device == GPU


async def test_without_a_cpu_either_the_gpus_error_is_told(
    machine: Machine, recogniser: WhisperRecogniser
) -> None:
    """The model is not loaded again for every request, and the device stays what it was."""
    machine.gpu.fails_from, machine.refuses_cpu = 1, True

    for _ in range(2):
        with pytest.raises(RuntimeError, match="out of memory"):
            await heard(recogniser, TEXTS[0])

    assert machine.opened == ["cuda", "cpu"]
    assert recogniser.device == GPU


async def test_a_cpu_that_fails_is_not_replaced(
    machine: Machine, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to go to."""
    recogniser = WhisperRecogniser.load(sample_recogniser_folder(), CPU)

    def fails(looks: Sequence[Look]) -> list[Seen]:
        raise RuntimeError("broken")

    monkeypatch.setattr(ears, "look", fails)

    with pytest.raises(RuntimeError, match="broken"):
        await heard(recogniser, TEXTS[0])

    assert machine.opened == ["cpu"]
    recogniser.close()
