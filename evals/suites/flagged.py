"""Turns that were complained about: the same situation must not bring the same fault again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evals.cases import FOLDER, FlaggedCase, load_cases, replay
from evals.documents import CaseError
from evals.metrics import Checked, Metric, none_of
from evals.suites.conduct import faults_of
from evals.worlds import World
from interviewer.state import interviewer_turn_id
from scoring.conduct import Fault

SUITE = "flagged"


async def measure(world: World) -> list[Metric]:
    """The kept cases, and the private ones where there are any on this machine.

    Raises `evals.documents.CaseError` where there is no kept case.
    """
    kept = load_cases(world.library, private=False)
    if not kept:
        raise CaseError(f"{FOLDER}: there are no cases, and a suite without cases says nothing")
    private = load_cases(world.library, private=True)
    found = [await _measure(world, "fault again", kept)]
    if private:
        metric = await _measure(world, "fault again (private cases)", private)
        found.append(replace(metric, local=True))
    return found


async def _measure(world: World, what: str, cases: Sequence[FlaggedCase]) -> Metric:
    return none_of(SUITE, world.engine, what, [await _check(world, case) for case in cases])


async def _check(world: World, case: FlaggedCase) -> Checked:
    """Whether the answer to the last event has the fault that was claimed.

    A complaint that code cannot check holds the answer against every rule there is.
    """
    played = await replay(world, case)
    asked = [one for one in played.utterances if one.text][:-1]
    if not asked:
        return Checked(1, ())
    turn = interviewer_turn_id(asked[-1].seq)
    claimed = {case.fault} & {fault.value for fault in Fault} or {fault.value for fault in Fault}
    faults = [one.fault.value for one in faults_of(played) if one.turn_id == turn]
    again = [fault for fault in faults if fault in claimed]
    return Checked(1, tuple(f"{case.id}: {fault}" for fault in again[:1]))
