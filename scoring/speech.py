"""How it was said: pace, pauses, fillers, share of the talk. Never part of a score.

Figures come from the word times of spoken turns. Whoever spoke for less than `FEWEST_SECONDS` gets
none, and each figure stands only on what it needs, so that nothing unmeasured is commented on.
None of them says anything about quality: pace differs by language, age and person, and where a
usual range is known it is context with a source, no aim.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

from scoring.fillers import tell_apart
from scoring.transcript import Speaker, Turn, Word

FEWEST_SECONDS = 30.0
"""Speaking time below which nothing is measured: a rate of a few sentences is chance."""

FEWEST_PAUSES = 5
"""Pauses below which they have no middle."""

FEWEST_ANSWERS = 3
"""Answers to the interviewer below which there is no usual time to begin one."""

PAUSE_S = 0.25
"""Silence between words from which it is a pause; shorter ones belong to articulation (De Jong &
Bosker 2013)."""

LONG_PAUSE_S = 2.0
"""Silence from which a pause is called long: our convention, no norm."""


class Usual(NamedTuple):
    """What is known about a figure: a range where there is one, and where it is from."""

    low: float | None
    high: float | None
    words: str
    source: str


USUAL: Mapping[str, Usual] = MappingProxyType(
    {
        "words_per_minute": Usual(
            110,
            170,
            "usual in US English: 110 to 170; differs by first language, age and topic",
            "National Center for Voice and Speech, as cited by L. B. Marshall; "
            "Yuan, Liberman & Cieri 2006",
        ),
        "fillers_per_minute": Usual(
            None,
            5,
            "listeners minded 12 a minute and not 5",
            "Laske & DiGennaro Reed 2024, doi:10.1002/jaba.1093",
        ),
    }
)
"""Context by the name of the figure. For the others no norm was found, and none is given."""


@dataclass(frozen=True)
class Delivery:
    """Figures of the candidate's spoken turns, rounded; None where there was too little to measure.

    `speaking_s` runs from the first to the last word of each turn. `words_per_minute` counts words
    without fillers in that time, `articulation_per_minute` in that time without pauses.
    `fillers_per_100_words` and `hedges_per_100_words` are by words that are no fillers. Pauses are
    within turns: `median_pause_s` (long pauses are few and would pull a mean),
    `long_pauses_per_minute` and `long_pause_share` of the speaking time. `talk_share` is the
    candidate's part of all words, from 0 to 1, where every answer was spoken. `answer_latency_s` is
    the median time from the interviewer's end to the candidate's first word.
    """

    speaking_s: float
    words_per_minute: float
    articulation_per_minute: float | None
    fillers_per_minute: float
    fillers_per_100_words: float | None
    hedges_per_100_words: float | None
    median_pause_s: float | None
    long_pauses_per_minute: float
    long_pause_share: float
    talk_share: float | None
    answer_latency_s: float | None


def delivery(turns: Sequence[Turn]) -> Delivery | None:
    """The figures of a transcript over both speakers; None for typed or hardly spoken ones."""
    spoken = [turn for turn in turns if _is_timed(turn)]
    speaking_s = sum(turn.words[-1].end_s - turn.words[0].start_s for turn in spoken)
    if speaking_s < FEWEST_SECONDS:
        return None
    counts = [tell_apart([word.text for word in turn.words]) for turn in spoken]
    content = sum(count.content for count in counts)
    fillers = sum(count.fillers for count in counts)
    pauses = sorted(pause for turn in spoken for pause in _pauses(turn.words))
    long = [pause for pause in pauses if pause > LONG_PAUSE_S]
    minutes = speaking_s / 60
    return Delivery(
        speaking_s=round(speaking_s, 1),
        words_per_minute=round(content / minutes, 1),
        articulation_per_minute=_ratio(60 * content, speaking_s - sum(pauses), 1),
        fillers_per_minute=round(fillers / minutes, 1),
        fillers_per_100_words=_ratio(100 * fillers, content, 1),
        hedges_per_100_words=_ratio(100 * sum(count.hedges for count in counts), content, 1),
        median_pause_s=round(median(pauses), 2) if len(pauses) >= FEWEST_PAUSES else None,
        long_pauses_per_minute=round(len(long) / minutes, 1),
        long_pause_share=round(sum(long) / speaking_s, 2),
        talk_share=_talk_share(turns),
        answer_latency_s=_answer_latency(turns),
    )


def _is_timed(turn: Turn) -> bool:
    """Whether the candidate spoke and the times of the words can be true."""
    if turn.speaker is not Speaker.CANDIDATE or not turn.words:
        return False
    times = [time for word in turn.words for time in (word.start_s, word.end_s)]
    in_order = all(word.start_s <= word.end_s for word in turn.words) and all(
        before.start_s <= after.start_s and before.end_s <= after.end_s
        for before, after in pairwise(turn.words)
    )
    return in_order and times[0] >= 0 and all(map(math.isfinite, times))


def _pauses(words: Sequence[Word]) -> Iterator[float]:
    for before, after in pairwise(words):
        if after.start_s - before.end_s >= PAUSE_S:
            yield after.start_s - before.end_s


def _talk_share(turns: Sequence[Turn]) -> float | None:
    """By words with fillers, as the interviewer's are counted; None where anything was typed."""
    own = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE and turn.text.strip()]
    if not all(_is_timed(turn) for turn in own):
        return None
    mine = sum(len(turn.words) for turn in own)
    others = sum(len(turn.text.split()) for turn in turns if turn.speaker is Speaker.INTERVIEWER)
    return _ratio(mine, mine + others, 2)


def _answer_latency(turns: Sequence[Turn]) -> float | None:
    """Word times count from the moment that the candidate has the floor.

    A turn that begins at nought says nothing of the wait: its times count from its first word, or
    the candidate cut in.
    """
    waits = [
        turn.words[0].start_s
        for before, turn in pairwise(turns)
        if before.speaker is Speaker.INTERVIEWER and _is_timed(turn) and turn.words[0].start_s > 0
    ]
    if len(waits) < FEWEST_ANSWERS:
        return None
    return round(median(waits), 1)


def _ratio(part: float, whole: float, places: int) -> float | None:
    """Rounded, since more places would be false precision; None of nothing."""
    return round(part / whole, places) if whole > 0 else None
