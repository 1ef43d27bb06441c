"""Where recognition runs: GPU or CPU, number format, threads, model; chosen and explained."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, Protocol

from voice.machine import (
    Machine,
    gpu_name_and_memory,
    load_cublas,
    usable_cores,
    usable_memory,
)
from voice.speech import VoiceError

Kind = Literal["cpu", "cuda"]

GIB = 2**30

EXERCISE_S = 5.0
"""Seconds of an utterance of usual length, for the measured real-time factor."""

_EXERCISES = 3

_CPU_MODELS = ((6, 4 * GIB, "small.en"), (2, 2 * GIB, "base.en"), (1, 0, "tiny.en"))
"""Cores and memory from which a model keeps up with a guess every half second.

For five seconds of speech base takes about 0.15 s on a core and small 0.35 s
(docs/voice.md has the measured figures).
"""

_GPU_MODELS = ((6 * GIB, "large-v3-turbo"), (3 * GIB, "small.en"), (0, "base.en"))
"""GPU memory from which a model fits with batches; turbo in float16 takes 2.5 GB for one call."""

NO_GPU = "no NVIDIA GPU was found."
NO_CUBLAS = (
    "a GPU is there, but cuBLAS 12 does not load, which CTranslate2 needs. Install the extra: "
    "pip install 'hotseat-interviewer[gpu]'; the README has a note on machines with CUDA 13 only."
)

_CPU_TYPES = ("int8", "int8_float32", "float32")
_GPU_TYPES = ("float16", "bfloat16", "float32")
_MOST_THREADS = 8


@dataclass(frozen=True)
class DeviceWish:
    """What the settings ask for; None and "auto" leave it to `choose_device`."""

    kind: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str | None = None
    threads: int | None = None
    model_name: str | None = None


@dataclass(frozen=True)
class Device:
    """Where and how the model runs, and why, in a sentence for `hotseat doctor`."""

    kind: Kind
    compute_type: str
    threads: int
    model_name: str
    why: str


class Exercised(Protocol):
    """A recogniser that can be put to work for a measurement."""

    def exercise(self, seconds: float) -> float:
        """Seconds of work for so many seconds of speech at a usual pace; blocks."""
        ...


def choose_device(wish: DeviceWish, machine: Machine | None = None) -> Device:
    """The device for a wish on a machine (this one by default).

    A GPU that cannot be used is never an error: the CPU takes its place and `why` says what is
    missing. Raises `VoiceError` for a number format that the device does not offer.
    """
    machine = machine or this_machine()
    if wish.kind != "cpu" and not machine.gpu_fault:
        return _on_gpu(wish, machine)
    reason = "the settings ask for it." if wish.kind == "cpu" else machine.gpu_fault
    return _on_cpu(wish, machine, reason)


@cache
def this_machine() -> Machine:
    """What is found here, looked up once.

    Raises `VoiceError` where speech recognition is not installed.
    """
    try:
        import ctranslate2
    except ImportError as error:
        raise VoiceError(
            "Speech recognition is not installed (no CTranslate2). "
            "Install the extra: pip install 'hotseat-interviewer[voice]'"
        ) from error
    types = frozenset(ctranslate2.get_supported_compute_types("cpu"))
    found = Machine(usable_cores(), usable_memory(), types)
    try:
        gpus = ctranslate2.get_cuda_device_count()
    except RuntimeError as error:
        return replace(found, gpu_fault=f"the GPU's driver refuses ({error}); update the driver.")
    if gpus == 0 or not load_cublas():
        return replace(found, gpu_fault=NO_CUBLAS if gpus else NO_GPU)
    name, memory = gpu_name_and_memory()
    types = frozenset(ctranslate2.get_supported_compute_types("cuda"))
    return replace(found, gpu_name=name, gpu_memory=memory, gpu_types=types)


def cpu_instead(device: Device, reason: str) -> Device:
    """The CPU in place of a GPU that failed when it was used, with the same model."""
    chosen = _on_cpu(DeviceWish(model_name=device.model_name), this_machine(), reason)
    return replace(chosen, why=f"{chosen.why} The model was chosen for a GPU and may be slow here.")


def measure_rtf(recogniser: Exercised) -> float:
    """Seconds of work for a second of speech; below 1 is faster than people speak. Blocks.

    The middle of three passes over five seconds of speech, after one that does not count.
    """
    recogniser.exercise(EXERCISE_S)
    return (
        statistics.median(recogniser.exercise(EXERCISE_S) for _ in range(_EXERCISES)) / EXERCISE_S
    )


def _on_gpu(wish: DeviceWish, machine: Machine) -> Device:
    fits = next(name for memory, name in _GPU_MODELS if machine.gpu_memory >= memory)
    type_ = _compute_type(wish, machine.gpu_types, _GPU_TYPES, machine.gpu_name)
    size = f", {machine.gpu_memory / GIB:.0f} GiB" if machine.gpu_memory else ", memory unknown"
    why = f"GPU with {type_}: {machine.gpu_name}{size}; cuBLAS 12 loads."
    return Device("cuda", type_, wish.threads or 1, wish.model_name or fits, why)


def _on_cpu(wish: DeviceWish, machine: Machine, reason: str) -> Device:
    fits = next(
        name
        for cores, memory, name in _CPU_MODELS
        if cores == 1 or (machine.cores >= cores and machine.memory >= memory)
    )
    type_ = _compute_type(wish, machine.cpu_types, _CPU_TYPES, "This CPU")
    threads = wish.threads or min(max(1, machine.cores - 1), _MOST_THREADS)
    cores = "1 core" if machine.cores == 1 else f"{machine.cores} cores"
    why = f"CPU with {type_}, {threads} of {cores}: {reason}"
    return Device("cpu", type_, threads, wish.model_name or fits, why)


def _compute_type(
    wish: DeviceWish, offered: frozenset[str], liked: tuple[str, ...], owner: str
) -> str:
    if wish.compute_type is None:
        return next((type_ for type_ in liked if type_ in offered), "default")
    if wish.compute_type not in offered:
        raise VoiceError(
            f"{owner} does not offer the compute type {wish.compute_type!r}. "
            f"Choose one of {', '.join(sorted(offered))}, or leave the setting out."
        )
    return wish.compute_type
