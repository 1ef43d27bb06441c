"""Two cards side by side in words: sections of plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scoring.comparison import NOISE_POINTS, Comparison, ConceptChange, Movement, StageChange
from scoring.render.wording import (
    NOT_SCORED,
    VERDICT_WORDS,
    card_title,
    delivery_figures,
    is_timed,
    level_words,
    minutes,
    rating_number,
    rating_words,
    when,
)
from scoring.scorecard import Scorecard, StageCard
from scoring.verdicts import Verdict

NOISE = (
    "Two interviews of one person differ by chance: a rating within one point says nothing, "
    "and what was not found now may only have been said in other words."
)
_MOVED = {
    Movement.SAME: "the same",
    Movement.WITHIN_NOISE: "within one point, which is noise",
    Movement.UNRATED: "rated in one of the two at most",
}


@dataclass(frozen=True)
class Section:
    """A title with plain lines, which hold what candidates and packs wrote as they wrote it."""

    title: str
    lines: tuple[str, ...]


def comparison_sections(compared: Comparison) -> Iterator[Section]:
    """The whole comparison; sections without anything in them are left out."""
    sections = (
        Section("Then and now", (_card("Then", compared.earlier), _card("Now", compared.later))),
        Section("Keep in mind", (NOISE, *compared.differing)),
        Section("Stages", tuple(map(_stage, compared.stages))),
        Section("Newly shown", tuple(map(_concept, compared.newly_shown))),
        Section("Shown then, not found now", tuple(map(_concept, compared.lost))),
        Section("As before", tuple(_unchanged(compared))),
        Section(NOT_SCORED, tuple(_delivery(compared))),
    )
    yield from (section for section in sections if section.lines)


def _card(name: str, card: Scorecard) -> str:
    revision = f", revision {card.revision}" if card.revision > 1 else ""
    level = f"level asked: {card.level.value}"
    return f"{name}: {card_title(card)}, {when(card.started_at)}, {level}{revision}"


def _stage(change: StageChange) -> str:
    then, now = change.then, change.now
    parts = [f"{now.title}: {_rating(then)} then, {_rating(now)} now ({_moved(change)})"]
    if change.movement is not Movement.UNRATED:
        parts.append(f"level {level_words(then)} then, {level_words(now)} now")
    if is_timed(then) and is_timed(now):
        parts.append(f"{minutes(then.spent_s)} min then, {minutes(now.spent_s)} min now")
    return "; ".join(parts)


def _rating(stage: StageCard) -> str:
    return rating_number(stage) or rating_words(stage)


def _moved(change: StageChange) -> str:
    if change.points <= NOISE_POINTS:
        return _MOVED[change.movement]
    return f"{change.points} points {'more' if change.movement is Movement.UP else 'fewer'}"


def _concept(change: ConceptChange) -> str:
    words = f"{VERDICT_WORDS[change.then]} then, {VERDICT_WORDS[change.now]} now"
    proves = ", which proves nothing" if change.now is Verdict.NOT_DETECTED else ""
    return f"{change.stage_title}: {change.statement} ({words}{proves})"


def _unchanged(compared: Comparison) -> Iterator[str]:
    for words, changes in (
        ("shown both times", compared.shown_twice),
        ("not shown either time", compared.open_twice),
    ):
        if changes:
            yield f"{_count(changes)} {words}"


def _count(changes: Sequence[ConceptChange]) -> str:
    return "1 concept" if len(changes) == 1 else f"{len(changes)} concepts"


def _delivery(compared: Comparison) -> Iterator[str]:
    if compared.earlier.delivery is None or compared.later.delivery is None:
        return
    then = {one.title: one.value for one in delivery_figures(compared.earlier.delivery)}
    for figure in delivery_figures(compared.later.delivery):
        if figure.title in then:
            yield f"{figure.title}: {then[figure.title]} then, {figure.value} now"
