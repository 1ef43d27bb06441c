"""From the samples of a judge to one ruling on a concept.

The ruling is the highest claim that more than half of the samples make or exceed, in the order hit,
partial, unsure, missed; so where they are evenly split the lower claim stands. `contradicted` is
outside that order and needs more than half by itself. A sample that gave nothing that could be
verified is an abstention: it counts as a sample and supports no claim, and where none is supported
the ruling is an abstention too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scoring.gates import Trigram, heard_trigrams, parrot, trigrams
from scoring.observations import Ruling, Sighting
from scoring.text import tokenise
from scoring.verdicts import Verdict
from whiteboard.board import strip_unseen

MOST_REASON_WORDS = 25
_ORDER = (Verdict.HIT, Verdict.PARTIAL, Verdict.UNSURE, Verdict.MISSED)
_CLAIMS = _ORDER[:-1]


class Vote(NamedTuple):
    """What one sample says of a concept; `verdict` None is an abstention."""

    verdict: Verdict | None
    sighting: Sighting | None = None
    reason: str = ""


ABSTAINED = Vote(None)


def is_split(votes: Sequence[Vote]) -> bool:
    """Whether the samples differ."""
    return len({vote.verdict for vote in votes}) > 1


def majority(votes: Sequence[Vote]) -> Verdict | None:
    """The verdict that the samples support; None for an abstention."""
    counts = tally(votes)
    against, missed = counts.get(Verdict.CONTRADICTED, 0), counts.get(Verdict.MISSED, 0)
    if 2 * against > len(votes):
        return Verdict.CONTRADICTED
    backing = 0
    for verdict in _ORDER:
        backing += counts.get(verdict, 0)
        if 2 * backing > len(votes):
            # Said and contradicted about as often: that is no finding that nothing was said.
            unclear = verdict is Verdict.MISSED and against > missed
            return None if unclear else verdict
    return None


def tally(votes: Iterable[Vote]) -> Mapping[Verdict, int]:
    """How often each verdict was given, in the order of the scale."""
    counts = Counter(vote.verdict for vote in votes)
    return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}


def rule(votes: Sequence[Vote]) -> Ruling:
    """The ruling; its quotes are those of the samples that support it, the most quoted first."""
    verdict = majority(votes)
    if verdict is None:
        return Ruling(Verdict.UNSURE)
    said = _ORDER[: _ORDER.index(verdict) + 1] if verdict in _CLAIMS else (verdict,)
    found = [vote.sighting for vote in votes if vote.verdict in said and vote.sighting is not None]
    reasons = (vote.reason for vote in votes if vote.verdict is verdict and vote.reason)
    return Ruling(verdict, tuple(_apart(found)), next(reasons, ""))


def _apart(found: Sequence[Sighting]) -> list[Sighting]:
    """The sightings that do not overlap: the most quoted first, then the earliest."""
    counts = Counter(map(_place, found))
    kept: list[Sighting] = []
    for one in sorted(found, key=lambda one: (-counts[_place(one)], one.order)):
        if not any(_overlap(one, other) for other in kept):
            kept.append(one)
    return kept


def _place(one: Sighting) -> tuple[str, int, int]:
    return one.turn.id, one.finding.start, one.finding.end


def _overlap(one: Sighting, other: Sighting) -> bool:
    return (
        one.turn.id == other.turn.id
        and one.finding.start < other.finding.end
        and other.finding.start < one.finding.end
    )


def _all_trigrams(texts: Iterable[str]) -> frozenset[Trigram]:
    return frozenset[Trigram]().union(*map(heard_trigrams, texts))


_LINK = re.compile(r"://|\bwww\.|\b[\w-]+\.(?:com|net|org|io|dev|gg|example)\b", re.IGNORECASE)
_MARKUP = re.compile(r"[`*_#<>\[\]|~@\\{}]|!(?=\[)")
_PRAISE = re.compile(
    r"\b(?:excellent|impressi|outstanding|brilliant|superb|amazing|fantastic|exceptional|wonderful"
    r"|congrat)\w*"
    r"|\b(?:perfect(?:ly)?|great|awesome|remarkabl[ey]|well done|good (?:job|work|answer)|hire"
    r"|strong (?:candidate|answer)|full (?:marks|score|credit))\b",
    re.IGNORECASE,
)
"""What is no reason."""


def plain_reason(reason: str, injected: Iterable[str] = (), anchors: Iterable[str] = ()) -> str:
    """A model's reason as one short line of plain text, or nothing.

    Nothing is left of one that praises, links, repeats three words in a row of `injected`, which is
    what a candidate wrote to a grader, or is mostly made of `anchors`, which nobody is shown.
    """
    line = " ".join(strip_unseen(_MARKUP.sub(" ", reason)).split())
    if _LINK.search(reason) or _PRAISE.search(line):
        return ""
    said = tokenise(line)
    if not _all_trigrams(injected).isdisjoint(trigrams(said)):
        return ""
    if parrot(said, _all_trigrams(anchors)):
        return ""
    words = line.split()
    return line if len(words) <= MOST_REASON_WORDS else f"{' '.join(words[:MOST_REASON_WORDS])} …"
