"""The scorecard as one HTML file that opens offline.

The file asks nobody for anything: its only style sheet, and where boards were drawn the one script
that turns them over, are inlined and named by their hashes in a Content-Security-Policy that
forbids everything else. Everything that people wrote goes through the template's autoescape. Quotes
link to the turn that they are a slice of, drawn evidence to the board in which it is seen first.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files
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
from scoring.render.passages import anchor, passages
from scoring.render.replay import Replay, replays
from scoring.render.timeline import Drawing
from scoring.scorecard import Scorecard
from scoring.uncertain import MARK, marked_original
from scoring.verdicts import ConceptVerdict, Verdict

if TYPE_CHECKING:
    from jinja2 import Template

_NOTHING_FOUND = frozenset({Verdict.NOT_DETECTED, Verdict.NOT_REACHED})


@dataclass(frozen=True)
class Link:
    """A way from the card to another page."""

    address: str
    words: str


def render_html(
    card: Scorecard,
    notes: CardNotes | None = None,
    drawings: Sequence[Drawing] = (),
    links: Sequence[Link] = (),
    shown: Mapping[int, Replay] | None = None,
) -> str:
    """The whole card, transcript, boards and notes included; the same gives the same bytes.

    `drawings` are all boards of the interview, oldest first; whoever has made their `replays`
    before gives these as `shown`. Without `links`, which stand at the
    top of a card that is served, the page leads nowhere.
    """
    shown = replays(card, drawings) if shown is None else shown
    return _template().render(
        card=card,
        style=_resource("scorecard.css"),
        script=_resource("replay.js") if shown else "",
        policy=card_policy(scripted=bool(shown)),
        links=links,
        replays=shown,
        passages=tuple(passages(card, shown)),
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


def card_policy(*, scripted: bool = True) -> str:
    """The Content-Security-Policy of a card: its own style, its own script if any, no more."""
    script = f"script-src '{_hash(_resource('replay.js'))}'; " if scripted else ""
    return (
        f"default-src 'none'; {script}style-src '{_hash(_resource('scorecard.css'))}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("scorecard.html.j2")


@lru_cache
def _resource(name: str) -> str:
    return files("scoring.render").joinpath(name).read_text("utf-8")


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
    "anchor": anchor,
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
