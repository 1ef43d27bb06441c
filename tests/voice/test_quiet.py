"""Nothing that hears or speaks tells its maker that it does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEARS = (
    "from voice.vad import SpeechDetector as D; import numpy as n; D().probability(n.zeros(512))"
)
SPEAKS = (
    "from voice.speak import PiperSynthesiser as P; from voice.samples import sample_voice as v;"
    "from voice.devices import DeviceWish, choose_device as c; P.load(v(), c(DeviceWish()))"
)


@pytest.mark.parametrize("work", [HEARS, SPEAKS], ids=["hears", "speaks"])
def test_no_identifier_is_made_and_nothing_queued(tmp_path: Path, work: str) -> None:
    """ONNX Runtime writes both under the home folder where it is not told to leave it."""
    told = ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in told}
    subprocess.run(
        [sys.executable, "-c", work],
        env={**environment, "HOME": str(tmp_path)},
        cwd=ROOT,
        check=True,
    )

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
