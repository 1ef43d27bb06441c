"""What a glossary costs the recogniser: tokens read before each stretch, and milliseconds.

    python -m benchmarks.voice_glossary [MODEL_FOLDER]

Without a folder the model has the shape of Whisper base and random weights. The terms are those of
the shipped scenarios; numbers of terms take turns, so that a busy machine slows down all of them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Sample, machine, median, print_table
from benchmarks.voice.shapes import SHAPES, build
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Scenario
from voice.devices import DeviceWish, choose_device
from voice.transcribe import WhisperRecogniser

COUNTS = (0, 10, 20, 40)
SPEECH_S = 5.0
ROUNDS = 11


def terms() -> list[str]:
    """The glossaries of the shipped design rounds, each term once."""
    items = load_library(builtin_packs_folder())
    designs = [item for item in items if isinstance(item, Scenario)]
    return list(dict.fromkeys(term.term for design in designs for term in design.glossary))


def measure(folder: Path) -> None:
    """Print the table."""
    recogniser = WhisperRecogniser.load(folder, choose_device(DeviceWish(kind="cpu")))
    known = terms()
    samples = {count: Sample() for count in COUNTS}
    for _ in range(ROUNDS):
        for count, sample in samples.items():
            with sample:
                recogniser.exercise(SPEECH_S, known[:count])
    tokens = {count: recogniser.prompt_tokens(known[:count]) for count in COUNTS}
    recogniser.close()
    bare = median(samples[0].wall_ms)
    rows = [
        (
            count,
            tokens[count],
            f"{median(sample.wall_ms):.0f}",
            f"{median(sample.wall_ms) - bare:+.0f}",
            f"{median(sample.cpu_ms):.0f}",
        )
        for count, sample in samples.items()
    ]
    head = ("terms", "tokens", "ms", "more", "CPU ms")
    print_table(f"A final recognition of {SPEECH_S:g} s, medians of {ROUNDS}", head, rows)
    print(f"\n{machine()}; load {os.getloadavg()[0]:.1f}; {recogniser.device.why}")


def main() -> None:
    """Measure the model of the command line, or one of random weights."""
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with TemporaryDirectory() as made:
        measure(build(SHAPES["base"], Path(made) / "base", "int8"))


if __name__ == "__main__":
    main()
