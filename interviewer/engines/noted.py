"""What a model noted about the latest turn, as far as code can verify it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from interviewer.ports import Occasion
from interviewer.state import Finding, candidate_turn_id
from scenarios.rounds import CURVEBALL
from scoring.claims import Claim, ClaimChecker
from scoring.observations import Sighting
from scoring.record import RoundRecord
from scoring.verdicts import Verdict

NOT_SHOWN = "not_shown"

_VERDICTS: Mapping[str, Verdict] = {
    "hit": Verdict.HIT,
    "partial": Verdict.UNSURE,
    "contradicted": Verdict.CONTRADICTED,
}


def noted_findings(
    occasion: Occasion, model: str, entries: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    """The entries that name a concept of the round and quote the latest turn for it.

    An entry that takes a belief back needs no quote. Everything else is dropped without a trace:
    the beliefs only steer the questions, and the verdicts are made after the interview.
    """
    checker = _claims(occasion)
    keys = {address for address, _ in occasion.plan.concepts()}
    if occasion.state.round_index not in occasion.state.curveball_turns:
        keys = {address for address in keys if not address.startswith(f"{CURVEBALL}/")}
    for entry in entries:
        key, verdict, quote = (entry.get(name) for name in ("concept", "verdict", "quote"))
        if not isinstance(key, str) or key not in keys or not isinstance(quote, str):
            continue
        if verdict == NOT_SHOWN:
            yield _finding(key, Verdict.NOT_DETECTED, model)
        elif isinstance(verdict, str) and verdict in _VERDICTS:
            yield from _verified(checker, occasion, model, key, Claim(_VERDICTS[verdict], quote))


def _claims(occasion: Occasion) -> ClaimChecker:
    index = occasion.state.round_index
    held = RoundRecord(
        plan=occasion.plan,
        reached=(),
        spent_s={},
        budget_s={},
        curveball_turn=occasion.state.curveball_turns.get(index),
    )
    return ClaimChecker(held, [turn for turn in occasion.turns if turn.round_index == index])


def _verified(
    checker: ClaimChecker, occasion: Occasion, model: str, key: str, claim: Claim
) -> Iterator[Finding]:
    latest = candidate_turn_id(occasion.seq)
    found = checker.check(key, claim._replace(turn=latest))
    if isinstance(found, Sighting) and found.turn.id == latest:
        span = (found.finding.start, found.finding.end, found.finding.quote)
        yield _finding(key, claim.verdict, model, *span)


def _finding(
    key: str, verdict: Verdict, model: str, start: int = 0, end: int = 0, quote: str = ""
) -> Finding:
    return Finding(
        key=key, verdict=verdict, start=start, end=end, quote=quote, score=1.0, found_by=model
    )
