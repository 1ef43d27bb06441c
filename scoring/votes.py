"""From the samples of a judge to one ruling on a concept.

Of n samples, which are those that were answered and at least as many as were asked for at first,
so that a call that failed supports nothing, the first line counts that more than half support:

| more than half of n say | ruling |
|---|---|
| contradicted | contradicted |
| hit | hit |
| hit or partial | partial |
| hit, partial or unsure | unsure |
| missed | missed |
| none of these, all answered | an abstention: unsure without evidence |
| none of these, some not answered | none: the offline verdict stands |

So where claims are evenly split the lower one stands, and `missed` is never had for want of
anything better. A sample that gave nothing that could be verified is an abstention: it was
answered and supports nothing. Within one sample a sentence carries two concepts at most
(`overused`).
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
MOST_CONCEPTS = 2
"""Concepts that a sentence may carry in one sample; no reader of `docs/examples` needed more."""

_CLAIMS = (Verdict.HIT, Verdict.PARTIAL, Verdict.UNSURE)
_RAISING = frozenset({Verdict.HIT, Verdict.UNSURE})
"""What counts in a rating or in its upper end."""


class Vote(NamedTuple):
    """What one sample says of a concept; `verdict` None is an abstention."""

    verdict: Verdict | None
    sighting: Sighting | None = None
    reason: str = ""


ABSTAINED = Vote(None)


def is_split(votes: Sequence[Vote]) -> bool:
    """Whether the samples differ."""
    return len({vote.verdict for vote in votes}) > 1


def is_judged(votes: Sequence[Vote], asked: int) -> bool:
    """Whether enough of the `asked` samples were answered for a ruling."""
    return len(votes) >= asked or majority(votes, asked) is not None


def majority(votes: Sequence[Vote], asked: int = 0) -> Verdict | None:
    """The verdict that more than half support, by the table above; None where there is none.

    `asked` is how many samples were asked for at first.
    """
    counts = tally(votes)
    least = max(asked, len(votes)) // 2 + 1
    if counts.get(Verdict.CONTRADICTED, 0) >= least:
        return Verdict.CONTRADICTED
    backing = 0
    for verdict in _CLAIMS:
        backing += counts.get(verdict, 0)
        if backing >= least:
            return verdict
    return Verdict.MISSED if counts.get(Verdict.MISSED, 0) >= least else None


def overused(votes: Mapping[str, Vote]) -> frozenset[str]:
    """The concepts of one sample whose quotes stand in a sentence that carries enough others.

    The concepts that a sentence is worded most like keep it. Only what raises a rating or its upper
    end is counted.
    """
    raising = [
        (key, vote.sighting)
        for key, vote in votes.items()
        if vote.verdict in _RAISING and vote.sighting is not None
    ]
    kept: list[Sighting] = []
    refused: set[str] = set()
    for key, one in sorted(raising, key=lambda pair: (-pair[1].finding.aptness, pair[0])):
        if sum(_share_a_sentence(one, other) for other in kept) >= MOST_CONCEPTS:
            refused.add(key)
        else:
            kept.append(one)
    return frozenset(refused)


def _share_a_sentence(one: Sighting, other: Sighting) -> bool:
    """Whether they stand in one; of a very long sentence the quotes themselves have to overlap."""
    left, right = one.evidence(), other.evidence()
    return left.turn_id == right.turn_id and left.start < right.end and right.start < left.end


def tally(votes: Iterable[Vote]) -> Mapping[Verdict, int]:
    """How often each verdict was given, in the order of the scale."""
    counts = Counter(vote.verdict for vote in votes)
    return {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}


def rule(votes: Sequence[Vote], asked: int = 0) -> Ruling:
    """The ruling; its quotes are those of the samples that support it, the most quoted first."""
    verdict = majority(votes, asked)
    if verdict is None:
        return Ruling(Verdict.UNSURE)
    said = _CLAIMS[: _CLAIMS.index(verdict) + 1] if verdict in _CLAIMS else (verdict,)
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
