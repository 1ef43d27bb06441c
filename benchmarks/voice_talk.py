"""Hotseat beside pipecat in the same calls: waits, cut-ins, interruptions, noise, cost.

    python -m benchmarks.voice_talk [--quick] [--repeats N] [--pipecat-python PYTHON]

Both run in processes of their own on the same Whisper model, Piper voice, clips and scripted
engine; audio goes in and out in real time, and the harness times it. The systems take turns. The
speech is synthetic (espeak-ng), and so is what a turn detector hears in it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.figures import machine, percentile, print_table
from benchmarks.voice import measures, scenes
from benchmarks.voice.calls import Block, System, hold
from benchmarks.voice.person import Scene
from benchmarks.voice.systems import (
    arguments,
    hotseat,
    pipecat_systems,
    smart_turn_model,
    with_engine_delay,
)
from voice.devices import DeviceWish, choose_device
from voice.speech import Samples
from voice.transcribe import WhisperRecogniser

ENGINE_DELAY_S = 0.3
CALLS_AT_ONCE = (1, 2, 8)
CUT_SENTENCES = 8

Halves = Sequence[tuple[Samples, Samples]]


def talks(seed: int, halves: Halves, *, quick: bool) -> list[list[Scene]]:
    """Four calls at once in which everything happens that is measured."""
    dice = Random(seed)
    pauses = scenes.PauseMaker(dice, halves)
    count = 2 if quick else 4
    return [
        [scenes.warm_up(), *scenes.turns(dice, 3 if quick else 9)],
        [scenes.warm_up(), *pauses.scenes(count, seed * count)],
        [scenes.warm_up(), *scenes.interruptions(dice, count)],
        [
            scenes.warm_up(),
            *scenes.backchannels(dice, 1 if quick else 2),
            *scenes.noises(dice, 2),
        ],
    ]


def load(seed: int, calls: int) -> list[list[Scene]]:
    """So many calls at once, each of three turns."""
    dice = Random(seed)
    return [[scenes.warm_up(), *scenes.turns(dice, 3)] for _ in range(calls)]


def held(system: System, scripts: Sequence[Sequence[Scene]]) -> Block:
    """The calls, with a line on what goes on."""
    print(f"  {system.name}, {len(scripts)} at once", flush=True)
    return hold(system, [scenes.in_a_call(script) for script in scripts])


def cut_sentences(options: argparse.Namespace) -> Halves:
    """Sentences to pause in."""
    recogniser = WhisperRecogniser.load(options.recogniser, choose_device(DeviceWish(kind="cpu")))
    try:
        return asyncio.run(scenes.cut_in_two(recogniser, CUT_SENTENCES))
    finally:
        recogniser.close()


def conditions(blocks: Sequence[Block]) -> str:
    """What the figures depend on."""
    versions = {name: number for block in blocks for name, number in block.versions.items()}
    listed = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    load_now = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{machine()}; load {load_now}; synthetic speech; {listed}"


def show_talks(by_system: dict[str, list[Block]]) -> None:
    """One column a system, one row a measure."""
    rows = [
        (name, *(measure(blocks) for blocks in by_system.values())) for name, measure in _MEASURES
    ]
    print_table("Four calls at once", ("", *by_system), rows)


def show_loads(blocks: Sequence[Block]) -> None:
    """One row for each number of calls and system."""
    head = ("calls", "system", "wait p50", "p95", "CPU s", "MiB", "stall p50", "p99 ms", "late")
    print_table("Waits by calls at once", head, [_load_row(block) for block in blocks])
    print("\nWaits of all kinds of ends. CPU s: of processor for a minute of one call.")


def _load_row(block: Block) -> tuple[object, ...]:
    waits = measures.waits_s(measures.replies(block.calls, *scenes.TURN_KINDS))
    calls, report = len(block.calls), block.report
    delay_s = block.system.config["engine_delay_s"]
    engine = f", engine {delay_s * 1000:.0f} ms" if delay_s else ""
    return (
        calls,
        f"{block.system.name}{engine}",
        _ms(percentile(waits, 0.5)),
        _ms(percentile(waits, 0.95)),
        f"{report['cpu_s'] / (block.seconds / 60) / calls:.1f}",
        f"{report['rss_mib']:.0f}",
        f"{report['stall_p50_ms']:.1f}",
        f"{report['stall_p99_ms']:.1f}",
        _share_of(*measures.late_pieces(block.calls)),
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _share_of(count: int, total: int) -> str:
    return f"{count} of {total}"


def _both(values: Sequence[float]) -> str:
    if not values:
        return "-"
    middle, high = percentile(values, 0.5), percentile(values, 0.95)
    return f"{middle * 1000:.0f} / {high * 1000:.0f} ms (n {len(values)})"


def _waits(kind: str) -> Callable[[Sequence[Block]], str]:
    return lambda blocks: _both(
        measures.waits_s(measures.replies(measures.all_calls(blocks), kind))
    )


def _made(blocks: Sequence[Block]) -> str:
    return _both(measures.made_s(measures.replies(measures.all_calls(blocks), *scenes.TURN_KINDS)))


def _missed(blocks: Sequence[Block]) -> str:
    answered = measures.replies(measures.all_calls(blocks), *scenes.TURN_KINDS, "pause")
    left = measures.missed(answered)
    return _share_of(sum(left), len(left))


def _cut_ins(*kinds: str) -> Callable[[Sequence[Block]], str]:
    def measure(blocks: Sequence[Block]) -> str:
        cut = [reply.cut_in for reply in measures.replies(measures.all_calls(blocks), *kinds)]
        return _share_of(sum(cut), len(cut))

    return measure


def _stops(blocks: Sequence[Block]) -> str:
    stops = measures.stops_s(measures.all_calls(blocks))
    return _both([stop for stop in stops if stop is not None])


def _unstopped(blocks: Sequence[Block]) -> str:
    stops = measures.stops_s(measures.all_calls(blocks))
    return _share_of(stops.count(None), len(stops))


def _lost(kind: str) -> Callable[[Sequence[Block]], str]:
    def measure(blocks: Sequence[Block]) -> str:
        lost = measures.lost_answers(measures.all_calls(blocks), kind)
        return _share_of(sum(lost), len(lost))

    return measure


def _false(blocks: Sequence[Block]) -> str:
    turns = measures.false_turns(measures.all_calls(blocks))
    return _share_of(sum(turns), len(turns))


def _late(blocks: Sequence[Block]) -> str:
    return _share_of(*measures.late_pieces(measures.all_calls(blocks)))


_MEASURES: tuple[tuple[str, Callable[[Sequence[Block]], str]], ...] = (
    ("last sample to first sound, handed over, p50 / p95", _waits("handed over")),
    ("the same, a sentence on a question for a fact", _waits("fact")),
    ("the same, a sentence on an open question", _waits("open")),
    ("engine asked to first sound, p50 / p95", _made),
    ("turns without an answer", _missed),
    ("cut-ins on pauses of 1 to 8 s", _cut_ins("pause")),
    ("interruption to our last sound, p50 / p95", _stops),
    ("interruptions talked over", _unstopped),
    ("answers lost to a backchannel", _lost("backchannel")),
    ("answers lost to a noise", _lost("noise over us")),
    ("noises taken for a turn", _false),
    ("late pieces of audio", _late),
)


def main() -> None:
    """Measure and print both tables."""
    options = arguments(__doc__ or "").parse_args()
    halves = cut_sentences(options)
    ours, others = hotseat(options), pipecat_systems(options)
    model = smart_turn_model(options.pipecat_python) if others else None
    extra = [hotseat(options, "Hotseat, Smart Turn", end_of_turn=str(model))] if model else []
    systems = [ours, *([] if options.quick else extra), *others]
    by_system: dict[str, list[Block]] = defaultdict(list)
    for repeat in range(options.repeats):
        for system in systems[: 3 if options.quick else None]:
            script = talks(options.seed + repeat, halves, quick=options.quick)
            by_system[system.name].append(held(system, script))
    loads = [] if options.quick else _loads(options, [ours, *others[2:]])
    show_talks(by_system)
    if loads:
        show_loads(loads)
    print(f"\n{conditions([block for blocks in by_system.values() for block in blocks])}")


def _loads(options: argparse.Namespace, systems: Sequence[System]) -> list[Block]:
    blocks = [
        held(system, load(options.seed, calls)) for calls in CALLS_AT_ONCE for system in systems
    ]
    slower = [with_engine_delay(system, ENGINE_DELAY_S) for system in systems]
    return blocks + [held(system, load(options.seed, 2)) for system in slower]


if __name__ == "__main__":
    main()
