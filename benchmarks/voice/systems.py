"""The systems that are compared, and where pipecat's environment is."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.voice.calls import ROOT, System
from voice.samples import sample_recogniser_folder, sample_voice

PIPECAT_PYTHON = ROOT / "benchmarks" / "pipecat" / ".venv" / "bin" / "python"
SMART_TURN = "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that the voice benchmarks share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="less of everything: two minutes")
    parser.add_argument("--repeats", type=int, default=1, help="rounds through all systems")
    parser.add_argument("--seed", type=int, default=1, help="of what is said when")
    parser.add_argument(
        "--pipecat-python",
        type=Path,
        default=Path(os.environ.get("HOTSEAT_BENCH_PIPECAT", PIPECAT_PYTHON)),
        help="the Python of an environment with pipecat (benchmarks/pipecat/README.md)",
    )
    parser.add_argument("--recogniser", type=Path, default=sample_recogniser_folder())
    parser.add_argument("--voice", type=Path, default=sample_voice())
    return parser


def shared_config(options: argparse.Namespace) -> dict[str, Any]:
    """What every system is told: the same models, the same engine."""
    return {
        "recogniser": str(options.recogniser),
        "voice": str(options.voice),
        "engine_delay_s": 0.0,
    }


def hotseat(options: argparse.Namespace, name: str = "Hotseat", **more: Any) -> System:
    """Our conversation; `turns` are settings of `voice.turns`, `end_of_turn` is a model's path."""
    command = (sys.executable, "-m", "benchmarks.voice.hotseat_side")
    return System(name, command, {**shared_config(options), **more})


def pipecat(options: argparse.Namespace, name: str, **more: Any) -> System:
    """A pipecat whose `turn_end` is "smart" (its default) or "timeout" (after `timeout_s`)."""
    command = (str(options.pipecat_python), "-m", "benchmarks.pipecat.driver")
    config = {**shared_config(options), "turn_end": "smart", "tuned": False, **more}
    return System(name, command, config)


def with_engine_delay(system: System, delay_s: float) -> System:
    """The same with a slower engine."""
    return replace(system, config={**system.config, "engine_delay_s": delay_s})


def pipecat_systems(options: argparse.Namespace) -> list[System]:
    """The three variants; none where pipecat is not installed, which is said."""
    if why := _why_no_pipecat(options.pipecat_python):
        print(f"pipecat not installed: {why}; benchmarks/pipecat/README.md says how", flush=True)
        return []
    return [
        pipecat(options, "pipecat, defaults"),
        pipecat(options, "pipecat, 0.6 s", turn_end="timeout", timeout_s=0.6),
        pipecat(options, "pipecat, tuned", tuned=True, turn_end="timeout", timeout_s=0.6),
    ]


def smart_turn_model(pipecat_python: Path) -> Path | None:
    """The end-of-turn model in pipecat's environment."""
    found = sorted(pipecat_python.parent.parent.glob(f"lib/python3*/site-packages/{SMART_TURN}"))
    return found[0] if found else None


def _why_no_pipecat(python: Path) -> str:
    if not python.exists():
        return f"no {python}"
    check = "import pipecat.services.whisper.stt, pipecat.services.piper.tts"
    tried = subprocess.run([python, "-c", check], capture_output=True, text=True, check=False)
    return tried.stderr.strip().splitlines()[-1] if tried.returncode else ""
