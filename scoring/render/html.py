"""The scorecard as one HTML file that opens offline.

The file asks nobody for anything: its only style sheet is inlined and named by its hash in a
Content-Security-Policy that forbids everything else, scripts included. Everything that people
wrote goes through the template's autoescape. Quotes link to the turn that they are a slice of.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from scoring.conduct_report import TITLE as CONDUCT_TITLE
from scoring.conduct_report import conduct_lines
from scoring.disputes import CardNotes
from scoring.render import wording
from scoring.render.beside import (
    all_notices,
    how_it_came,
    labels_of,
    legend,
    marked_quote,
    turn_labels,
)
from scoring.render.judged import judging_lines
from scoring.scorecard import Scorecard
from scoring.transcript import Speaker, Turn
from scoring.uncertain import MARK, marked_original, uncertain_spans
from scoring.verdicts import ConceptVerdict, Evidence, Verdict

if TYPE_CHECKING:
    from jinja2 import Template

_NOTHING_FOUND = frozenset({Verdict.NOT_DETECTED, Verdict.NOT_REACHED})


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
    """A turn as the transcript shows it."""

    turn: Turn
    number: int
    candidate: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Passage:
    """Consecutive turns of one stage."""

    title: str
    lines: tuple[Line, ...]


def render_html(card: Scorecard, notes: CardNotes | None = None) -> str:
    """The whole card, transcript and notes included; the same gives the same bytes."""
    style = _resource("scorecard.css")
    return _template().render(
        card=card,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        passages=tuple(_passages(card)),
        labels=labels_of(card, notes),
        notices=all_notices(card, notes),
        judging=judging_lines(card),
        conduct=conduct_lines(card.conduct),
        conduct_title=CONDUCT_TITLE,
        legend=legend(card),
        quoted=partial(marked_quote, said={turn.id: turn for turn in card.transcript}),
        numbers=turn_labels(card),
        words=wording,
        **_FORMS,
    )


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


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_resource("scorecard.html.j2"))


def _resource(name: str) -> str:
    return files("scoring.render").joinpath(name).read_text("utf-8")


def _anchor(evidence: Evidence) -> str:
    return _anchor_id(evidence.turn_id, evidence.start)


def _anchor_id(turn_id: str, start: int) -> str:
    return f"quote-{turn_id}-{start}"


def _found(verdicts: Sequence[ConceptVerdict]) -> list[ConceptVerdict]:
    return [verdict for verdict in verdicts if verdict.verdict not in _NOTHING_FOUND]


def _not_found(verdicts: Sequence[ConceptVerdict]) -> list[ConceptVerdict]:
    return [verdict for verdict in verdicts if verdict.verdict in _NOTHING_FOUND]


def _noted(verdicts: Sequence[ConceptVerdict], beside: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether people said something about one of the verdicts."""
    return any(verdict.key in beside for verdict in verdicts)


def _share(spent_s: float, budget_s: float) -> int:
    """Percent of the budget that was spent, at most 100, for the length of a bar."""
    return min(100, round(100 * spent_s / budget_s)) if budget_s > 0 else 0


_FORMS = {
    "anchor": _anchor,
    "came": how_it_came,
    "first_version": marked_original,
    "mark": MARK,
    "found": _found,
    "not_found": _not_found,
    "noted": _noted,
    "share": _share,
    "number": wording.rating_number,
    "rating": wording.rating_words,
    "level": wording.level_words,
    "minutes": wording.minutes,
    "when": wording.when,
    "dollars": wording.dollars,
    "tally": wording.tally,
}
"""What the template calls to put a value into words."""


def _passages(card: Scorecard) -> Iterator[Passage]:
    titles = {
        (index, stage.name): (held.title, stage.title)
        for index, held in enumerate(card.rounds)
        for stage in held.stages
    }
    quotes = _quotes_by_turn(card)
    numbers = wording.turn_numbers(card)
    for place, turns in groupby(card.transcript, key=lambda turn: (turn.round_index, turn.stage)):
        held, stage = titles.get(place, ("", place[1] or wording.WHOLE_ROUND_TITLE))
        title = f"{held}: {stage}" if len(card.rounds) > 1 and held else stage
        yield Passage(title, tuple(_line(turn, numbers, quotes) for turn in turns))


def _line(turn: Turn, numbers: Mapping[str, int], quotes: Mapping[str, Sequence[Evidence]]) -> Line:
    return Line(
        turn=turn,
        number=numbers[turn.id],
        candidate=turn.speaker is Speaker.CANDIDATE,
        segments=segments(turn, quotes.get(turn.id, ())),
    )


def _quotes_by_turn(card: Scorecard) -> Mapping[str, Sequence[Evidence]]:
    quotes: defaultdict[str, list[Evidence]] = defaultdict(list)
    for evidence in wording.all_evidence(card):
        quotes[evidence.turn_id].append(evidence)
    return quotes
