"""How often a candidate who thinks is cut off, against how long one who has finished waits.

    python -m benchmarks.voice_frontier [--quick] [--repeats N] [--pipecat-python PYTHON]

The delays of both systems are swept, so that cut-ins can be compared at equal waits; the scripts
are the same for every point, and pipecat is the tuned one. A second table is the policy alone, in
the time of the audio. The speech is synthetic, and its pauses are of our making: one third in
mid-sentence, one third between two sentences, one third after "let me think about that".
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
from collections.abc import Sequence
from random import Random

from benchmarks.figures import percentile, print_table
from benchmarks.voice import measures, scenes
from benchmarks.voice.calls import Recorded, System
from benchmarks.voice.interviewer import Models
from benchmarks.voice.measures import Reply
from benchmarks.voice.person import Scene
from benchmarks.voice.systems import (
    arguments,
    hotseat,
    pipecat,
    pipecat_systems,
    shared_config,
    smart_turn_model,
)
from benchmarks.voice.virtual import hold_virtually
from benchmarks.voice_talk import Halves, conditions, cut_sentences, held
from voice.turns import TurnSettings

SCALES = (0.6, 1.0, 1.6)
TIMEOUTS_S = (0.3, 0.6, 1.2, 2.4)
SMART_STOPS_S = (3.0,)
TURN_CALLS = 2
PAUSE_CALLS = 4

Counted = tuple[str, list[Recorded]]


def scaled(scale: float) -> dict[str, float]:
    """The waits of our policy, all longer or shorter by a factor."""
    usual = TurnSettings()
    waits = ("release_s", "complete_s", "perhaps_s", "neutral_s", "hold_s", "occupied_s")
    names = (*waits, "ceiling_s", "hold_ceiling_s")
    return {name: round(getattr(usual, name) * scale, 3) for name in names}


def points(options: argparse.Namespace) -> list[System]:
    """What is compared: each system with several waits, by turns."""
    scales, timeouts = (SCALES[1:2], TIMEOUTS_S[1:3]) if options.quick else (SCALES, TIMEOUTS_S)
    ours = [
        hotseat(options, f"Hotseat, waits x {scale:g}", turns=scaled(scale)) for scale in scales
    ]
    if not pipecat_systems(options):
        return ours
    theirs = [
        pipecat(options, f"pipecat, silence {s:g} s", tuned=True, turn_end="timeout", timeout_s=s)
        for s in timeouts
    ]
    if not options.quick:
        model = smart_turn_model(options.pipecat_python)
        ours.append(hotseat(options, "Hotseat, Smart Turn", end_of_turn=str(model)))
        theirs += [
            pipecat(options, f"pipecat, Smart Turn, {stop:g} s", tuned=True, stop_s=stop)
            for stop in SMART_STOPS_S
        ]
    turn_about = itertools.zip_longest(ours, theirs)
    return [system for pair in turn_about for system in pair if system is not None]


def scripts(seed: int, halves: Halves, *, quick: bool) -> list[list[Scene]]:
    """Calls of turns that are over, and calls of turns with a pause."""
    dice = Random(seed)
    pauses = scenes.PauseMaker(dice, halves)
    each = 2 if quick else 5
    over = [[scenes.warm_up(), *scenes.turns(dice, 3 if quick else 9)] for _ in range(TURN_CALLS)]
    counts = [each] * PAUSE_CALLS if quick else [5, 4, 5, 4]
    starts = [sum(counts[:call]) for call in range(PAUSE_CALLS)]
    thinking = [
        [scenes.warm_up(), *pauses.scenes(count, start)]
        for count, start in zip(counts, starts, strict=True)
    ]
    return [*over, *thinking]


def row(name: str, calls: Sequence[Recorded]) -> tuple[str, ...]:
    """Waits by kind of end, turns left without an answer, and cut-ins by kind of pause."""
    paused = measures.replies(calls, "pause")
    groups = [[r for r in paused if r.scene.group == group] for group in scenes.PAUSE_GROUPS]
    return (
        name,
        *(_waited(calls, kind) for kind in scenes.TURN_KINDS),
        f"{_mean_wait(calls) * 1000:.0f}",
        _missed(calls),
        *(_cut(replies) for replies in [*groups, paused]),
    )


HEAD = (
    "",
    *scenes.TURN_KINDS,
    "mean",
    "missed",
    "mid-sentence",
    "between",
    "“let me think”",
    "all pauses",
)


def by_length(calls: Sequence[Recorded]) -> list[tuple[str, ...]]:
    """Cut-ins by length of the pause."""
    paused = measures.replies(calls, "pause")
    return [
        (
            f"{length:g} s",
            *(
                _cut([r for r in paused if (r.scene.pause_s, r.scene.group) == (length, group)])
                for group in scenes.PAUSE_GROUPS
            ),
        )
        for length in scenes.PAUSES_S
    ]


def at_equal_wait(ours: Counted, theirs: Sequence[Counted]) -> str:
    """The cut-ins of pipecat's silence timeout at the mean wait of ours, between two points."""
    name, calls = ours
    wait, share = _mean_wait(calls), _cut_share(calls)
    known = sorted((_mean_wait(other), _cut_share(other)) for _, other in theirs)
    for (low, low_share), (high, high_share) in itertools.pairwise(known):
        if low <= wait <= high:
            part = (wait - low) / (high - low) if high > low else 0.0
            other = low_share + part * (high_share - low_share)
            return f"{name}: {wait * 1000:.0f} ms and {share:.0%}; pipecat at that wait {other:.0%}"
    return f"{name}: {wait * 1000:.0f} ms and {share:.0%}; outside pipecat's range"


def _waited(calls: Sequence[Recorded], kind: str) -> str:
    waits = measures.waits_s(measures.replies(calls, kind))
    return f"{percentile(waits, 0.5) * 1000:.0f} / {percentile(waits, 0.95) * 1000:.0f}"


def _mean_wait(calls: Sequence[Recorded]) -> float:
    """Of all kinds alike; the median would jump from one kind to another."""
    waits = [measures.waits_s(measures.replies(calls, kind)) for kind in scenes.TURN_KINDS]
    return statistics.mean(statistics.mean(each) if each else 0.0 for each in waits)


def _missed(calls: Sequence[Recorded]) -> str:
    left = measures.missed(measures.replies(calls, *scenes.TURN_KINDS, "pause"))
    return f"{sum(left)} of {len(left)}"


def _cut(replies: Sequence[Reply]) -> str:
    return f"{sum(reply.cut_in for reply in replies)} of {len(replies)}"


def _cut_share(calls: Sequence[Recorded]) -> float:
    cut = [reply.cut_in for reply in measures.replies(calls, "pause")]
    return sum(cut) / max(1, len(cut))


async def virtually(options: argparse.Namespace, halves: Halves) -> list[Counted]:
    """The policy alone, at more waits and on more turns."""
    counted: list[Counted] = []
    count = 18 if options.quick else 36
    for scale in SCALES[1:2] if options.quick else SCALES:
        models = await asyncio.to_thread(
            Models.load, {**shared_config(options), "turns": scaled(scale)}
        )
        dice = Random(options.seed)
        pauses = scenes.PauseMaker(dice, halves)
        turns = scenes.turns(dice, count)
        calls = [
            await hold_virtually(models, scenes.in_a_call(script))
            for script in (turns, *(pauses.scenes(9, first) for first in range(0, count, 9)))
        ]
        models.close()
        counted.append((f"waits x {scale:g}", calls))
    return counted


def main() -> None:
    """Measure and print the frontier."""
    options = arguments(__doc__ or "").parse_args()
    halves = cut_sentences(options)
    systems = points(options)
    blocks = [
        held(system, scripts(options.seed + repeat, halves, quick=options.quick))
        for repeat in range(options.repeats)
        for system in systems
    ]
    live = [
        (system.name, measures.all_calls([b for b in blocks if b.system.name == system.name]))
        for system in systems
    ]
    alone = asyncio.run(virtually(options, halves))
    print_table(
        "Six calls at once; waits in ms, p50 / p95 and the mean of all kinds; cut-ins",
        HEAD,
        [row(name, calls) for name, calls in live],
    )
    timeouts = [(name, calls) for name, calls in live if "silence" in name]
    for counted in live:
        if counted[0].startswith("Hotseat") and len(timeouts) > 1:
            print(f"\n{at_equal_wait(counted, timeouts)}")
    print_table(
        "The policy alone, in the time of the audio",
        HEAD,
        [row(name, calls) for name, calls in alone],
    )
    usual = next(calls for name, calls in alone if name == "waits x 1")
    print_table(
        "Its cut-ins by length, waits x 1", ("pause", *scenes.PAUSE_GROUPS), by_length(usual)
    )
    print(f"\n{conditions(blocks)}")


if __name__ == "__main__":
    main()
