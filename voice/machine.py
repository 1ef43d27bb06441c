"""What this machine has: cores and memory that we may use, and a GPU where it can be used."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")

_CUBLAS = (
    ("cublasLt64_12.dll", "cublas64_12.dll")
    if sys.platform == "win32"
    else ("libcublasLt.so.12", "libcublas.so.12")
)
_DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_WHEEL_FOLDER = "bin" if sys.platform == "win32" else "lib"


@dataclass(frozen=True)
class Machine:
    """Cores and bytes this process may use; the GPU's are empty where `gpu_fault` says why."""

    cores: int
    memory: int
    cpu_types: frozenset[str]
    gpu_fault: str = ""
    gpu_name: str = ""
    gpu_memory: int = 0
    gpu_types: frozenset[str] = frozenset()


def usable_cores(cgroup: Path = CGROUP) -> int:
    """Cores of the affinity mask, or fewer where a container has a quota; at least one."""
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    quota, _, period = _read(cgroup / "cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit():
        return max(1, min(allowed, int(quota) // int(period)))
    return allowed


def usable_memory(cgroup: Path = CGROUP) -> int:
    """Bytes of memory, or fewer where a container has a limit; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _read(cgroup / "memory.max")
    return min(whole, int(limit)) if limit.isdigit() else whole


def load_cublas() -> bool:
    """Load cuBLAS 12 into the process, so that CTranslate2 finds it; False where that fails.

    A library that is loaded already answers to its name, so the one of the `gpu` extra is found in
    its wheel, without any LD_LIBRARY_PATH.
    """
    return all(any(_loads(place) for place in _places(name)) for name in _CUBLAS)


def gpu_name_and_memory() -> tuple[str, int]:
    """What the driver calls the first GPU, and its bytes; "NVIDIA GPU" and 0 where it is mute."""
    try:
        driver = ctypes.CDLL(_DRIVER)
    except OSError:
        return "NVIDIA GPU", 0
    device, size, name = ctypes.c_int(), ctypes.c_size_t(), ctypes.create_string_buffer(100)
    failed = (
        driver.cuInit(0)
        or driver.cuDeviceGet(ctypes.byref(device), 0)
        or driver.cuDeviceGetName(name, len(name), device)
        or driver.cuDeviceTotalMem_v2(ctypes.byref(size), device)
    )
    return ("NVIDIA GPU", 0) if failed else (name.value.decode(errors="replace"), size.value)


def _places(name: str) -> Iterator[str]:
    """Where a library may be: where the system looks, and in NVIDIA's wheel."""
    yield name
    found = importlib.util.find_spec("nvidia")
    for folder in (found and found.submodule_search_locations) or ():
        yield str(Path(folder) / "cublas" / _WHEEL_FOLDER / name)


def _loads(place: str) -> bool:
    try:
        ctypes.CDLL(place, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""
