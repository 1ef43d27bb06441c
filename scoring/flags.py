"""Red flags: where the candidate raised one, and whether it still stands.

A flag counts where its cue is affirmed in the stage that it belongs to. It is taken back where

- every concept that it denies (`RedFlag.withdrawn_by`) was hit in the turn that raised it last or
  later in the stage, or
- the interviewer asked about a red flag after that, and what the candidate said next in the stage
  was a hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scenarios.model import RedFlag
from scenarios.rounds import StagePlan
from scoring.cues import match_cues
from scoring.observations import Sighting, widen
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Evidence, Verdict

FOUND_BY = "red flag"
QUESTION = "red_flag_probe"


@dataclass(frozen=True)
class RaisedFlag:
    """A red flag with the words that raised it last."""

    flag: RedFlag
    evidence: Evidence
    standing: bool


def raised_flags(
    stage: StagePlan, turns: Sequence[Turn], seen: Sequence[Sighting]
) -> Iterator[RaisedFlag]:
    """The stage's red flags that were raised; `seen` are the sightings of its concepts."""
    within = [turn for turn in turns if turn.falls_in(stage.name)]
    for flag in stage.red_flags:
        raised = [pair for turn in within if (pair := _raised(flag, turn)) is not None]
        if raised:
            turn, evidence = raised[-1]
            yield RaisedFlag(
                flag,
                evidence,
                standing=not (_denied(flag, turn, seen) or _taken_back(turn.index, within, seen)),
            )


def _raised(flag: RedFlag, turn: Turn) -> tuple[Turn, Evidence] | None:
    if turn.speaker is not Speaker.CANDIDATE:
        return None
    span = match_cues(flag.cues, turn.text, affirmed=True)
    if span is None:
        return None
    start, end = widen(turn.text, *span)
    return turn, Evidence(turn.id, start, end, turn.text[start:end], FOUND_BY)


def _denied(flag: RedFlag, raised: Turn, seen: Iterable[Sighting]) -> bool:
    """Whether all that the flag denies was shown in its turn or later in its stage."""
    shown = {
        sighting.finding.key.partition("/")[2]
        for sighting in seen
        if sighting.finding.verdict is Verdict.HIT
        and sighting.turn.stage == raised.stage
        and sighting.turn.index >= raised.index
    }
    return bool(flag.withdrawn_by) and shown.issuperset(flag.withdrawn_by)


def _taken_back(raised: int, within: Iterable[Turn], seen: Iterable[Sighting]) -> bool:
    asked = [turn.index for turn in within if turn.move == QUESTION and turn.index > raised]
    return bool(asked) and any(
        sighting.finding.verdict is Verdict.HIT and sighting.turn.index > asked[0]
        for sighting in seen
    )
