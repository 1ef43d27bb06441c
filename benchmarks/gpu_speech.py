"""Whisper of real shapes by batch: time, real-time factor, memory, calls held.

    python -m benchmarks.gpu_speech [--shapes base small large-v3-turbo] [--model FOLDER]

Runs on a GPU where CTranslate2 finds one that works, else on the CPU with fewer sizes. Weights are
random unless `--model` names a folder with real ones: they cost the same. Every utterance is 5 s
long and ends after 22 tokens, the pace of speech.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.figures import machine, print_table
from benchmarks.voice.costs import resident_mib
from benchmarks.voice.shapes import SHAPES, build
from voice.devices import Device, DeviceWish, choose_device

SPEECH_S, TOKENS = 5.0, 22
WINDOW_S, WHOLE_S = 10.0, 30.0
"""What Hotseat shows a real model for 5 s of speech, and what faster-whisper shows."""
GUESS_EVERY_S = 0.5
BATCHES = {"cuda": (1, 2, 4, 8, 16, 32), "cpu": (1, 2, 4, 8)}
USUAL_SHAPES = {"cuda": ("base", "small", "large-v3-turbo"), "cpu": ("base", "small")}
REPEATS = 5
MIB = 2**20


@dataclass(frozen=True)
class Timed:
    """Seconds for one batch: a guess (one beam), a final (two), and a final on 30 s."""

    batch: int
    guess_s: float
    final_s: float
    whole_s: float
    memory_mib: float

    @property
    def real_time_factor(self) -> float:
        """Of finals: seconds of work for a second of speech."""
        return self.final_s / (self.batch * SPEECH_S)

    @property
    def calls(self) -> float:
        """People who can speak at once: a guess every half second each, and a final at the end."""
        guesses = SPEECH_S / GUESS_EVERY_S
        return self.batch * SPEECH_S / (guesses * self.guess_s + self.final_s)


class Model:
    """A model on a device, fed with noise."""

    def __init__(self, folder: Path, device: Device) -> None:
        from faster_whisper import WhisperModel

        self._model: Any = WhisperModel(
            str(folder),
            device=device.kind,
            compute_type=device.compute_type,
            cpu_threads=device.threads,
            local_files_only=True,
        )
        self._bands = self._model.feature_extractor.mel_filters.shape[0]
        tokenizer = self._model.hf_tokenizer
        names = ("startoftranscript", "en", "transcribe", "notimestamps", "endoftext")
        *self._prompt, self._end = [tokenizer.token_to_id(f"<|{name}|>") for name in names]

    def run(self, batch: int, window_s: float, beam: int) -> float:
        """Seconds for encoding and decoding a batch."""
        frames = int(window_s * 100)
        noise = np.random.default_rng(batch).normal(size=(batch, self._bands, frames))
        features = noise.astype(np.float32)
        prompt = [token for token in self._prompt if token is not None]
        began = time.perf_counter()
        self._model.model.generate(
            self._model.encode(features),
            [prompt] * batch,
            beam_size=beam,
            max_length=len(prompt) + TOKENS,
            suppress_tokens=[self._end],
        )
        return time.perf_counter() - began


def measure(folder: Path, device: Device, batches: tuple[int, ...]) -> list[Timed]:
    """All batches of one model."""
    memory = _memory(device)
    before = memory()
    model = Model(folder, device)
    model.run(1, WINDOW_S, 1)
    timed: list[Timed] = []
    for batch in batches:
        guess_s, final_s, whole_s = (
            _median(lambda b=batch, w=window, k=beam: model.run(b, w, k))
            for window, beam in ((WINDOW_S, 1), (WINDOW_S, 2), (WHOLE_S, 2))
        )
        timed.append(Timed(batch, guess_s, final_s, whole_s, memory() - before))
    return timed


def show(name: str, timed: list[Timed]) -> None:
    """One row a batch."""
    rows = [
        (
            each.batch,
            f"{each.guess_s * 1000:.0f}",
            f"{each.final_s * 1000:.0f}",
            f"{each.whole_s * 1000:.0f}",
            f"{each.real_time_factor:.4f}",
            f"{each.memory_mib:.0f}",
            f"{each.calls:.1f}",
        )
        for each in timed
    ]
    head = ("batch", "guess ms", "final ms", "on 30 s", "RTF", "MiB", "speaking at once")
    print_table(name, head, rows)


def describe(device: Device) -> str:
    """Device, driver and versions."""
    wanted = ("ctranslate2", "faster-whisper", "nvidia-cublas-cu12")
    found = {name: _version(name) for name in wanted}
    versions = ", ".join(f"{name} {version}" for name, version in found.items() if version)
    gpu = _nvidia("name,driver_version") if device.kind == "cuda" else ""
    return f"{gpu or machine()}; {device.kind}, {device.compute_type}; {versions}; {device.why}"


@contextmanager
def folders(names: list[str], model: Path | None, quantization: str) -> Iterator[dict[str, Path]]:
    """Model folders by name; those with random weights are gone afterwards."""
    with TemporaryDirectory() as made:
        if model is not None:
            yield {model.name: model}
        else:
            yield {name: build(SHAPES[name], Path(made) / name, quantization) for name in names}


def _median(work: Callable[[], float]) -> float:
    work()
    return statistics.median(work() for _ in range(REPEATS))


def _memory(device: Device) -> Callable[[], float]:
    """MiB in use: of the GPU as a whole, or resident in this process."""
    if device.kind == "cuda" and shutil.which("nvidia-smi"):
        return lambda: float(_nvidia("memory.used").split()[0])
    return resident_mib


def _nvidia(fields: str) -> str:
    """What nvidia-smi says of the first GPU; empty where it is not there."""
    if not shutil.which("nvidia-smi"):
        return ""
    command = ["nvidia-smi", f"--query-gpu={fields}", "--format=csv,noheader,nounits"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return lines[0] if lines else ""


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def main() -> None:
    """Measure and print a table for each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", nargs="+", choices=tuple(SHAPES), help="random models")
    parser.add_argument("--model", type=Path, help="a folder with a real model, instead")
    parser.add_argument("--batches", nargs="+", type=int)
    options = parser.parse_args()
    device = choose_device(DeviceWish())
    batches = tuple(options.batches or BATCHES[device.kind])
    shapes = list(options.shapes or USUAL_SHAPES[device.kind])
    if device.kind == "cpu":
        print("No GPU that CTranslate2 can use: measured on the CPU.", flush=True)
    quantization = "float16" if device.kind == "cuda" else "int8"
    with folders(shapes, options.model, quantization) as models:
        for name, folder in models.items():
            show(f"{name}, {SPEECH_S:g} s each", measure(folder, device, batches))
    print(f"\n{describe(device)}")


if __name__ == "__main__":
    main()
