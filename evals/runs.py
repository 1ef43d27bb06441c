"""What is run: every suite on one world, and the worlds of the gate, spread over two processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing import get_context
from typing import Any

from evals.metrics import Metric
from evals.play import Played
from evals.stand_in import open_stand_in
from evals.suites import attacks, conduct, degraded, flagged, golden, hostile, simulated
from evals.worlds import World, open_world

PROCESSES = 2

IN_DESIGN = (*simulated.LADDER, "silent", "injecting")
"""Who takes the long round on the stand-in, where each costs seconds; offline all of them do."""


@dataclass(frozen=True)
class Findings:
    """What a run has brought so far: figures, and the rounds that simulated candidates took."""

    metrics: list[Metric] = field(default_factory=list[Metric])
    rounds: list[Played] = field(default_factory=list[Played])


Begin = Callable[[str], None]
"""Is told the name of each suite that begins."""


def _unheard(_: str) -> None:
    """Nobody wants to know which suite begins."""


async def measure_cases(world: World, findings: Findings, begin: Begin = _unheard) -> None:
    """The suites that have cases on file; what is measured whole is added at once.

    Raises `evals.worlds.HaltedError` where the world was halted.
    """
    begin(golden.SUITE)
    findings.metrics.extend(await golden.measure(world))
    begin(attacks.SUITE)
    pairs = await attacks.play_attacks(world)
    findings.metrics.extend(attacks.measure(world.engine, pairs))
    findings.metrics.extend(conduct.measure(world.engine, [pair.attacked for pair in pairs]))
    begin(flagged.SUITE)
    findings.metrics.extend(await flagged.measure(world))


async def measure_rounds(
    world: World,
    findings: Findings,
    rounds: Sequence[simulated.Fixture] = simulated.ROUNDS,
    names: Sequence[str] | None = None,
    begin: Begin = _unheard,
) -> None:
    """The simulated candidates on the rounds; see `measure_cases`."""
    begin(simulated.SUITE)
    played = await simulated.play_all(world, rounds, names)
    findings.rounds.extend(played)
    findings.metrics.extend(simulated.measure(world.engine, played))
    findings.metrics.extend(conduct.measure(world.engine, played))


def measure_all() -> list[Metric]:
    """The suites on both engines and the rounds full of faults, merged by name."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        found = pool.map(_run, _PARTS)
        return merged(chain.from_iterable(found))


def merged(metrics: Iterable[Metric]) -> list[Metric]:
    """One metric of each name, with the cases of all that have it, by engine and suite."""
    by_name: dict[str, Metric] = {}
    for one in metrics:
        known = by_name.get(one.name)
        by_name[one.name] = one if known is None else _joined(known, one)
    return sorted(by_name.values(), key=lambda one: (one.engine, one.suite))


def _joined(one: Metric, other: Metric) -> Metric:
    return replace(one, units=(*one.units, *other.units), faults=(*one.faults, *other.faults))


async def _design_on_stand_in() -> list[Metric]:
    return await _rounds_on_stand_in(simulated.ROUNDS[:1], IN_DESIGN)


async def _others_on_stand_in() -> list[Metric]:
    return await _rounds_on_stand_in(simulated.ROUNDS[1:-1])


async def _rounds_on_stand_in(
    rounds: Sequence[simulated.Fixture], names: Sequence[str] | None = None
) -> list[Metric]:
    findings = Findings()
    async with open_stand_in() as (world, _):
        await measure_rounds(world, findings, rounds, names)
    return findings.metrics


async def _cases_on_stand_in() -> list[Metric]:
    findings = Findings()
    async with open_stand_in() as (world, _):
        await measure_cases(world, findings)
    return findings.metrics


async def _offline() -> list[Metric]:
    findings = Findings()
    async with open_world() as world:
        await measure_cases(world, findings)
        await measure_rounds(world, findings)
        return [*findings.metrics, *attacks.sweep(world)]


async def _degraded() -> list[Metric]:
    return await degraded.measure()


async def _hostile() -> list[Metric]:
    return await hostile.measure()


_Part = Callable[[], Coroutine[Any, Any, list[Metric]]]

_PARTS: tuple[_Part, ...] = (
    _offline,
    _hostile,
    _cases_on_stand_in,
    _design_on_stand_in,
    _others_on_stand_in,
    _degraded,
)
"""Longest first, so that neither process waits long for the other at the end."""


def _run(part: _Part) -> list[Metric]:
    return asyncio.run(part())
