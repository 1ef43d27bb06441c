"""The device is chosen from what the machine has, and the choice is explained."""

from dataclasses import replace
from pathlib import Path

import pytest

from voice import devices
from voice.devices import (
    EXERCISE_S,
    GIB,
    NO_CUBLAS,
    NO_GPU,
    Device,
    DeviceWish,
    choose_device,
    cpu_instead,
    measure_rtf,
    this_machine,
)
from voice.machine import Machine, usable_cores, usable_memory
from voice.speech import VoiceError

CPU = Machine(4, 16 * GIB, frozenset({"int8", "float32"}), gpu_fault=NO_GPU)
GPU = replace(
    CPU,
    gpu_fault="",
    gpu_name="NVIDIA L4",
    gpu_memory=24 * GIB,
    gpu_types=frozenset({"float16", "float32", "int8_float16"}),
)


@pytest.mark.parametrize(
    ("cores", "gibibytes", "model", "threads"),
    [
        (1, 1, "tiny.en", 1),
        (2, 1, "tiny.en", 1),
        (2, 4, "base.en", 1),
        (8, 16, "small.en", 7),
        (64, 256, "small.en", 8),
    ],
)
def test_a_cpu_gets_the_model_it_keeps_up_with(
    cores: int, gibibytes: int, model: str, threads: int
) -> None:
    """And one core stays free for the rest, where there is more than one."""
    chosen = choose_device(DeviceWish(), replace(CPU, cores=cores, memory=gibibytes * GIB))

    assert chosen.kind == "cpu"
    assert (chosen.model_name, chosen.threads, chosen.compute_type) == (model, threads, "int8")
    assert "no NVIDIA GPU was found" in chosen.why


def test_a_gpu_is_taken_where_it_can_be_used() -> None:
    """With half precision and the large model."""
    chosen = choose_device(DeviceWish(), GPU)

    assert (chosen.kind, chosen.compute_type, chosen.model_name) == (
        "cuda",
        "float16",
        "large-v3-turbo",
    )
    assert "NVIDIA L4, 24 GiB" in chosen.why


def test_a_small_or_silent_gpu_gets_a_smaller_model() -> None:
    """Memory that is not known is not counted on, and the sentence says so."""
    assert choose_device(DeviceWish(), replace(GPU, gpu_memory=4 * GIB)).model_name == "small.en"
    unknown = choose_device(DeviceWish(), replace(GPU, gpu_memory=0))

    assert unknown.model_name == "base.en"
    assert "memory unknown" in unknown.why


@pytest.mark.parametrize("kind", ["auto", "cuda"])
def test_a_gpu_without_cublas_falls_back_to_the_cpu(kind: str) -> None:
    """The sentence names the extra and the note."""
    wish = DeviceWish(kind="cuda" if kind == "cuda" else "auto")
    chosen = choose_device(wish, replace(CPU, gpu_fault=NO_CUBLAS))

    assert chosen.kind == "cpu"
    assert "hotseat-interviewer[gpu]" in chosen.why
    assert "CUDA 13" in chosen.why


def test_wishes_are_granted() -> None:
    """Device, number format, threads and model."""
    chosen = choose_device(DeviceWish("cpu", "float32", 3, "medium.en"), GPU)

    assert (chosen.kind, chosen.compute_type, chosen.threads) == ("cpu", "float32", 3)
    assert chosen.model_name == "medium.en"
    assert "the settings ask for it" in chosen.why


def test_a_number_format_that_is_not_there_is_refused() -> None:
    """The message lists what there is."""
    with pytest.raises(VoiceError, match=r"'float16'. Choose one of float32, int8"):
        choose_device(DeviceWish(compute_type="float16"), CPU)


class _Library:
    """Stands in for CTranslate2 on a machine with a GPU."""

    def __init__(self, gpus: int | str) -> None:
        self.gpus = gpus

    def get_cuda_device_count(self) -> int:
        if isinstance(self.gpus, str):
            raise RuntimeError(self.gpus)
        return self.gpus

    def get_supported_compute_types(self, _device: str) -> set[str]:
        return {"int8", "float16"}


@pytest.mark.parametrize(
    ("gpus", "loads", "fault"),
    [
        (0, True, NO_GPU),
        (1, False, NO_CUBLAS),
        ("driver version is insufficient", True, "the GPU's driver refuses (driver version is"),
        (1, True, ""),
    ],
)
def test_a_machine_says_why_its_gpu_is_of_no_use(
    monkeypatch: pytest.MonkeyPatch, gpus: int | str, loads: bool, fault: str
) -> None:
    """No GPU, no cuBLAS and an old driver are told apart; the CPU is always there."""
    monkeypatch.setitem(__import__("sys").modules, "ctranslate2", _Library(gpus))
    monkeypatch.setattr(devices, "load_cublas", lambda: loads)
    monkeypatch.setattr(devices, "gpu_name_and_memory", lambda: ("NVIDIA T4", 16 * GIB))
    this_machine.cache_clear()
    machine = this_machine()
    this_machine.cache_clear()

    assert machine.gpu_fault.startswith(fault)
    assert bool(machine.gpu_fault) == bool(fault)
    assert machine.gpu_name == ("" if fault else "NVIDIA T4")
    assert machine.cpu_types == {"int8", "float16"}


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of an import."""
    monkeypatch.setitem(__import__("sys").modules, "ctranslate2", None)
    this_machine.cache_clear()

    with pytest.raises(VoiceError, match=r"pip install 'hotseat-interviewer\[voice\]'"):
        this_machine()


def test_a_gpu_that_fails_in_use_is_replaced_and_the_reason_kept() -> None:
    """With the model that was asked for, and a warning that it may be slow."""
    failed = Device("cuda", "float16", 1, "large-v3-turbo", "GPU")
    spare = cpu_instead(failed, "the GPU failed (out of memory).")

    assert (spare.kind, spare.model_name) == ("cpu", "large-v3-turbo")
    assert "out of memory" in spare.why
    assert "may be slow" in spare.why


def test_the_real_time_factor_is_the_middle_of_three_warm_passes() -> None:
    """The first pass does not count, and one that was held up does not either."""
    times = iter([99.0, 0.5, 7.0, 1.0])

    class Timed:
        def exercise(self, seconds: float) -> float:
            assert seconds == EXERCISE_S
            return next(times)

    assert measure_rtf(Timed()) == pytest.approx(1.0 / EXERCISE_S)


@pytest.mark.parametrize(
    ("quota", "cores"), [("50000 100000", 1), ("100000 100000", 1), ("max 100000", None)]
)
def test_a_container_s_quota_limits_the_cores(
    tmp_path: Path, quota: str, cores: int | None
) -> None:
    """Half a core counts as one; no quota leaves all."""
    (tmp_path / "cpu.max").write_text(f"{quota}\n")

    assert usable_cores(tmp_path) == (cores or usable_cores(tmp_path / "none"))


def test_a_container_s_limit_limits_the_memory(tmp_path: Path) -> None:
    """Where there is one."""
    (tmp_path / "memory.max").write_text("1048576\n")

    assert usable_memory(tmp_path) == 1_048_576
    assert usable_memory(tmp_path / "none") > 1_048_576
