"""From what the finder saw, turn by turn, to one verdict per concept.

How sightings of one concept are merged:

- a hit with no contradiction after it: `hit` (whoever corrects a slip has shown the concept);
- a hit with a contradiction after it, or in the same turn with no word of correction between
  them: `unsure`, since both were said;
- a contradiction and no hit: `contradicted`, whatever weaker traces there are;
- traces only: `unsure`;
- nothing: `not_detected` where the stage was opened, `not_reached` where it was not. Evidence
  from another stage of a design counts where it is corroborated (`scoring.crossing`), for a
  curveball nothing counts that was said before it.

The quotes are the sightings worded most like the concept, whichever came first.

How a verdict was obtained is read from the interviewer's moves before the sighting that first
earned it: a hint about that very concept makes it `hinted`, a probe `probed`, nothing
`unprompted`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scenarios.model import Concept
from scenarios.rounds import CURVEBALL
from scoring.evidence import EvidenceFinder, Finding
from scoring.transcript import Speaker, Turn
from scoring.verdicts import ConceptVerdict, Evidence, HowObtained, Verdict

MOST_QUOTES = 2
LONGEST_QUOTE = 220
"""Characters up to which a quote is widened to its whole sentence."""

_BOUNDARY = re.compile(r"[.!?]+(?:\s+|$)|\n+")
HINT_MOVE = "hint"
PROBE_MOVES = frozenset({"probe", "board_probe", "red_flag_probe", "contradiction_probe"})

CORRECTED = "Contradicted at first, then corrected."
TAKEN_BACK = "Said, then contradicted."
BOTH_WAYS = "Said and contradicted in one answer."

_CORRECTION = re.compile(
    r"\b(?:sorry|correction|scratch that|take (?:that|it) back|no,? wait|wait,? no|or rather"
    r"|actually,|second thought|let me correct|i was wrong|that was wrong)|\bactually no\b",
    re.IGNORECASE,
)
"""What people say who correct themselves."""


@dataclass(frozen=True)
class Sighting:
    """A finding in a candidate turn."""

    turn: Turn
    finding: Finding

    @property
    def order(self) -> tuple[int, int]:
        """Sorts sightings by when they were said."""
        return self.turn.index, self.finding.start

    def quoted(self) -> Evidence:
        """The sighting itself, as an exact slice of its turn."""
        found = self.finding
        return Evidence(self.turn.id, found.start, found.end, found.quote, found.found_by)

    def evidence(self) -> Evidence:
        """The sighting with the sentence around it, as an exact slice of its turn."""
        start, end = widen(self.turn.text, self.finding.start, self.finding.end)
        return Evidence(self.turn.id, start, end, self.turn.text[start:end], self.finding.found_by)

    def surroundings(self) -> str:
        """The sentences that hold the sighting, with the one before and the one after them."""
        text = self.turn.text
        edges = [0, *(match.end() for match in _BOUNDARY.finditer(text)), len(text)]
        before = [edge for edge in edges if edge <= self.finding.start]
        after = [edge for edge in edges if edge >= self.finding.end]
        return text[before[-2:][0] : after[:2][-1]]


def widen(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the rest of its sentence, where that leaves it short enough to quote."""
    boundaries = list(_BOUNDARY.finditer(text))
    left = max((match.end() for match in boundaries if match.end() <= start), default=0)
    after = next((match for match in boundaries if match.end() >= end), None)
    right = len(text) if after is None else after.start() + len(after[0].rstrip())
    left += len(text[left:start]) - len(text[left:start].lstrip())
    right = end + len(text[end:right].rstrip())
    return (left, right) if right - left <= LONGEST_QUOTE else (start, end)


Sightings = Mapping[str, Sequence[Sighting]]


@dataclass(frozen=True)
class Ruling:
    """A judge's verdict on one concept, verified: every quote is a slice of a candidate turn.

    `sightings` are the quotes, the most telling first; `note` is a reason in a few words.
    """

    verdict: Verdict
    sightings: tuple[Sighting, ...] = ()
    note: str = ""


def observe(
    finder: EvidenceFinder, turns: Sequence[Turn], curveball_turn: str | None = None
) -> Sightings:
    """Every sighting of the round's concepts by key, in the order in which they were said.

    `finder` and `turns` are those of the round, the turns over both speakers; `curveball_turn` is
    the id of the one that threw the curveball, whose concepts nothing before it can show.
    """
    thrown = False
    found: defaultdict[str, list[Sighting]] = defaultdict(list)
    heard: list[str] = []
    for turn in turns:
        thrown = thrown or turn.id == curveball_turn
        if turn.speaker is Speaker.INTERVIEWER:
            heard.append(turn.text)
            continue
        for finding in finder.find(turn.text, tuple(heard), turn.stage or None):
            if thrown or not finding.key.startswith(f"{CURVEBALL}/"):
                found[finding.key].append(Sighting(turn, finding))
    return {key: tuple(sorted(seen, key=lambda s: s.order)) for key, seen in found.items()}


def settle(
    address: str, concept: Concept, seen: Sequence[Sighting], turns: Sequence[Turn], *, opened: bool
) -> ConceptVerdict:
    """The one verdict on `concept`, known as `address` (`stage/concept-id`), from its sightings."""
    verdict, carrying, note = _merge(seen, opened=opened)
    supports = [sighting for sighting in carrying if _supports(sighting)]
    quoted = carrying if note in {TAKEN_BACK, BOTH_WAYS} else _quoted(carrying)
    return ConceptVerdict(
        key=address,
        stage=address.partition("/")[0],
        concept_id=concept.id,
        statement=concept.statement,
        weight=concept.weight,
        level=concept.level.value,
        verdict=verdict,
        how=how_obtained(address, supports[0].turn.index, turns) if supports else None,
        evidence=tuple(sighting.evidence() for sighting in quoted),
        note=note,
    )


def settle_by_ruling(
    address: str, concept: Concept, ruling: Ruling, seen: Sequence[Sighting], turns: Sequence[Turn]
) -> ConceptVerdict:
    """The verdict of a judge, its quotes as they are.

    `seen` is what the finder saw. It moves no verdict, but what was seen before the judge's quote
    says when the concept came up first, and so whether help came before it.
    """
    supports = [] if ruling.verdict is Verdict.CONTRADICTED else list(ruling.sightings)
    earlier = _of(seen, Verdict.HIT) if supports else []
    first = min((one.turn.index for one in (*supports, *earlier)), default=None)
    return ConceptVerdict(
        key=address,
        stage=address.partition("/")[0],
        concept_id=concept.id,
        statement=concept.statement,
        weight=concept.weight,
        level=concept.level.value,
        verdict=ruling.verdict,
        how=None if first is None else how_obtained(address, first, turns),
        evidence=tuple(one.quoted() for one in ruling.sightings[:MOST_QUOTES]),
        note=ruling.note,
    )


def how_obtained(address: str, before: int, turns: Iterable[Turn]) -> HowObtained:
    """Which help with the concept `address` came before the turn with index `before`."""
    moves = {turn.move for turn in turns if turn.aims_at == address and turn.index < before}
    if HINT_MOVE in moves:
        return HowObtained.HINTED
    return HowObtained.PROBED if moves & PROBE_MOVES else HowObtained.UNPROMPTED


def _merge(seen: Sequence[Sighting], *, opened: bool) -> tuple[Verdict, Sequence[Sighting], str]:
    """The verdict, the sightings that carry it in their order, and a note."""
    hits = _of(seen, Verdict.HIT)
    against = _of(seen, Verdict.CONTRADICTED)
    if hits and against and not any(_outlasts(hit, against[-1]) for hit in hits):
        note = TAKEN_BACK if against[-1].order > hits[-1].order else BOTH_WAYS
        return Verdict.UNSURE, (hits[0], against[-1]), note
    if hits:
        return Verdict.HIT, hits, CORRECTED if against else ""
    if against:
        return Verdict.CONTRADICTED, against, against[0].finding.note
    traces = _of(seen, Verdict.UNSURE)
    if traces:
        return Verdict.UNSURE, traces, traces[0].finding.note
    return Verdict.NOT_DETECTED if opened else Verdict.NOT_REACHED, (), ""


def _outlasts(hit: Sighting, against: Sighting) -> bool:
    """Whether the hit corrects the contradiction: in a later turn, or after a word that says so."""
    if hit.turn is not against.turn or hit.order < against.order:
        return hit.order > against.order
    between = hit.turn.text[against.finding.end : hit.finding.start]
    return _CORRECTION.search(between) is not None


def _of(seen: Sequence[Sighting], verdict: Verdict) -> list[Sighting]:
    return [sighting for sighting in seen if sighting.finding.verdict is verdict]


def _quoted(seen: Sequence[Sighting]) -> Sequence[Sighting]:
    """The sightings to quote, the most telling first."""
    return sorted(seen, key=lambda one: (-one.finding.aptness, one.order))[:MOST_QUOTES]


def _supports(sighting: Sighting) -> bool:
    return sighting.finding.verdict is not Verdict.CONTRADICTED
