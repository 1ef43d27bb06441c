"""The transcript as the page shows it: stage by stage, with times, marked quotes and boards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from scoring.render import wording
from scoring.render.replay import Frame, Replay
from scoring.render.timeline import clock_words, round_begins
from scoring.scorecard import Scorecard
from scoring.transcript import Speaker, Turn
from scoring.uncertain import uncertain_spans
from scoring.verdicts import Evidence


@dataclass(frozen=True)
class Segment:
    """A piece of a turn; `anchors` are the ids of the quotes that start with it.

    `unsure` says that it ends with a word that may have been another.
    """

    text: str
    quoted: bool
    anchors: tuple[str, ...] = ()
    unsure: bool = False


@dataclass(frozen=True)
class Line:
    """A turn as the transcript shows it: `time` is how far into its round it was said.

    Nothing was timed where everything came at once, as written answers do; `time` is empty then.
    `drew` are the boards that were drawn between it and the next turn.
    """

    turn: Turn
    number: int
    time: str
    candidate: bool
    segments: tuple[Segment, ...]
    drew: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Passage:
    """Consecutive turns of one stage."""

    title: str
    lines: tuple[Line, ...]


def segments(turn: Turn, quotes: Iterable[Evidence]) -> tuple[Segment, ...]:
    """The turn's text cut where quotes begin and end, so that quotes may overlap.

    And behind words that may have been others.
    """
    spans = sorted({(quote.start, quote.end) for quote in quotes})
    unsure = {stop for _, stop in uncertain_spans(turn)}
    edges = sorted({0, len(turn.text), *unsure, *(edge for span in spans for edge in span)})
    starts = {start for start, _ in spans}
    return tuple(
        Segment(
            text=turn.text[left:right],
            quoted=any(start <= left and right <= end for start, end in spans),
            anchors=(_anchor_id(turn.id, left),) if left in starts else (),
            unsure=right in unsure,
        )
        for left, right in pairwise(edges)
    )


def anchor(evidence: Evidence) -> str:
    """The id of the mark with which a quote begins in the transcript."""
    return _anchor_id(evidence.turn_id, evidence.start)


def _anchor_id(turn_id: str, start: int) -> str:
    return f"quote-{turn_id}-{start}"


@dataclass(frozen=True)
class _Reading:
    """What every line of the transcript is made with."""

    numbers: Mapping[str, int]
    begins: Mapping[int, datetime]
    timed: bool
    quotes: Mapping[str, Sequence[Evidence]]
    drew: Mapping[str, Sequence[Frame]]

    def line(self, turn: Turn) -> Line:
        return Line(
            turn=turn,
            number=self.numbers[turn.id],
            time=clock_words(self.begins[turn.round_index], turn.at) if self.timed else "",
            candidate=turn.speaker is Speaker.CANDIDATE,
            segments=segments(turn, self.quotes.get(turn.id, ())),
            drew=tuple(self.drew.get(turn.id, ())),
        )


def passages(card: Scorecard, shown: Mapping[int, Replay]) -> Iterator[Passage]:
    """The transcript stage by stage, with the boards of `shown` where they were drawn."""
    titles = {
        (index, stage.name): (held.title, stage.title)
        for index, held in enumerate(card.rounds)
        for stage in held.stages
    }
    reading = _Reading(
        numbers=wording.turn_numbers(card),
        begins=round_begins(card),
        timed=len({turn.at for turn in card.transcript}) > 1,
        quotes=_quotes_by_turn(card),
        drew=_drew(shown),
    )
    for place, turns in groupby(card.transcript, key=lambda turn: (turn.round_index, turn.stage)):
        held, stage = titles.get(place, ("", place[1] or wording.WHOLE_ROUND_TITLE))
        title = f"{held}: {stage}" if len(card.rounds) > 1 and held else stage
        yield Passage(title, tuple(map(reading.line, turns)))


def _drew(shown: Mapping[int, Replay]) -> Mapping[str, Sequence[Frame]]:
    """The boards by the turn after which they were drawn."""
    drew: defaultdict[str, list[Frame]] = defaultdict(list)
    for frame in (frame for replay in shown.values() for frame in replay.frames):
        if frame.after is not None:
            drew[frame.after.id].append(frame)
    return drew


def _quotes_by_turn(card: Scorecard) -> Mapping[str, Sequence[Evidence]]:
    quotes: defaultdict[str, list[Evidence]] = defaultdict(list)
    for evidence in wording.all_evidence(card):
        quotes[evidence.turn_id].append(evidence)
    return quotes
