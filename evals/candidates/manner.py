"""How a known point is worded: connected, buried in filler, or as notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from evals.candidates.seat import phrases

Manner = Callable[[Sequence[str], Random], str]
"""Makes one answer of the sentences that are to be said."""

_DROPPED = re.compile(
    r"\b(a|an|the|is|are|was|were|it|its|that|which|so|then|very|really|just|would|there)\b ?",
    re.IGNORECASE,
)


def connected(points: Sequence[str], chance: Random) -> str:
    """Whole sentences, each led in by a phrase of its own."""
    frames = chance.sample(phrases()["connected"], k=len(phrases()["connected"]))
    return " ".join(frames[place % len(frames)].format(point) for place, point in enumerate(points))


def buried(points: Sequence[str], chance: Random) -> str:
    """Each point between stretches of talk that says nothing."""
    parts = [chance.choice(phrases()["filler"])]
    for point in points:
        parts += [point, *chance.sample(phrases()["filler"], k=2)]
    return " ".join(parts)


def as_notes(points: Sequence[str], _: Random) -> str:
    """One line a point, without articles and auxiliary verbs."""
    return "\n".join(f"- {_DROPPED.sub('', point).rstrip('.')}" for point in points)
