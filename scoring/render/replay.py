"""The boards of a round, one after the other, as pictures with what changed in each.

A picture is an image of its own in the page (a `data:` address): nothing that is drawn can run or
load anything there, whatever its labels say. It is light or dark as its reader prefers. All
pictures of a card together are limited in size; see `allowance.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from urllib.parse import quote

from scoring.drawn_parts import DrawnPart, find_part, first_showing
from scoring.render.allowance import SAFE, Allowance, allow
from scoring.render.timeline import (
    Drawing,
    Element,
    clock_words,
    round_begins,
    stage_ends,
    thin_out,
    turn_before,
    without_repeats,
)
from scoring.scorecard import RoundCard, Scorecard
from scoring.transcript import Turn
from scoring.verdicts import Evidence
from whiteboard.board import Arrow, Board
from whiteboard.changed import arrow_elements, changed_elements, named_elements
from whiteboard.difference import Difference, compare, describe
from whiteboard.excalidraw import SceneReading, read_scene
from whiteboard.geometry import Rect, around
from whiteboard.picture import scene_bounds, scene_svg
from whiteboard.scene import board_elements

MOST_CHANGES = 6
"""Sentences about one step; of what is more, the number is given."""

_MOST_ROOM = 2.0
LONGEST_ALT = 600
"""Characters of the description of a picture."""


@dataclass(frozen=True)
class Picture:
    """A board as a `data:` address and in words.

    The address is empty where the card would be too large with it. Width and height are its own,
    in pixels; `middle` is how far from its left edge to the right what is marked is, from 0 to 1,
    None where nothing is.
    """

    address: str
    alt: str
    width: int
    height: int
    middle: float | None = None


@dataclass(frozen=True)
class Sight:
    """A part of a board that is evidence, ringed in the picture in which it is seen first."""

    id: str
    time: str
    picture: Picture


@dataclass(frozen=True)
class Frame:
    """One step of a replay.

    `ends` are the titles of the stages at whose end the board stood like this, `changes` what
    became different since the frame before and `more_changes` how many sentences were left out;
    `after` is the last turn before it.
    """

    id: str
    time: str
    stage: str
    ends: tuple[str, ...]
    changes: tuple[str, ...]
    more_changes: int
    picture: Picture
    after: Turn | None
    sights: tuple[Sight, ...]


@dataclass(frozen=True)
class Replay:
    """A round's boards. `count` is how many there were before they were thinned out.

    `crowded` says that pictures were left out because the card would be too large with them.
    """

    frames: tuple[Frame, ...]
    count: int
    seen: Mapping[Evidence, Sight]
    crowded: bool = False

    @property
    def stops(self) -> tuple[tuple[int, Frame], ...]:
        """The frames at the ends of stages, with their places from 0."""
        return tuple((place, one) for place, one in enumerate(self.frames) if one.ends)


@dataclass(frozen=True)
class _Step:
    """A drawing with its scene, and what became different since the one before that is shown."""

    drawing: Drawing
    difference: Difference | None
    scene: Sequence[Element]
    reading: SceneReading
    room: Rect | None
    pictured: bool
    rings: int

    @property
    def place(self) -> str:
        """What its ids end with."""
        return f"{self.drawing.round_index + 1}-{self.drawing.revision}"


@dataclass(frozen=True)
class _Round:
    """What all frames of a round need."""

    held: RoundCard
    turns: Sequence[Turn]
    begun: datetime
    ends: Mapping[int, tuple[str, ...]]
    evidence: Mapping[int, tuple[Evidence, ...]]

    @property
    def kept(self) -> frozenset[int]:
        """The revisions that are always shown."""
        return frozenset((*self.ends, *self.evidence))

    @property
    def rings(self) -> Mapping[int, int]:
        """In how many pictures each revision has something ringed, at most."""
        return {
            revision: len({one.element for one in found})
            for revision, found in self.evidence.items()
        }


def chosen_drawings(card: Scorecard, drawings: Sequence[Drawing]) -> tuple[Drawing, ...]:
    """Those of an interview's boards that its card shows; their scenes are not looked at.

    The boards at the ends of stages and those that are evidence are always among them.
    """
    distinct = [one for one in without_repeats(drawings) if one.round_index < len(card.rounds)]
    rounds = {one.round_index for one in distinct}
    kept = chain.from_iterable(_round(card, index, distinct).kept for index in rounds)
    return thin_out(distinct, frozenset(kept))


def replays(card: Scorecard, drawings: Sequence[Drawing]) -> Mapping[int, Replay]:
    """The replay of each round in which something was drawn, by the round's index.

    `drawings` are all boards of the interview, oldest first; those that are not chosen need no
    elements.
    """
    distinct = without_repeats(drawings)
    chosen = chosen_drawings(card, drawings)
    rounds = {
        index: _round(card, index, distinct)
        for index in sorted({one.round_index for one in chosen})
    }
    rings = {revision: count for held in rounds.values() for revision, count in held.rings.items()}
    kept = frozenset(chain.from_iterable(held.kept for held in rounds.values()))
    allowed = allow(chosen, kept, rings)
    return {
        index: _replay(held, index, allowed, sum(one.round_index == index for one in distinct))
        for index, held in rounds.items()
    }


def _round(card: Scorecard, index: int, distinct: Sequence[Drawing]) -> _Round:
    held = card.rounds[index]
    drawings = [one for one in distinct if one.round_index == index]
    evidence: dict[int, tuple[Evidence, ...]] = {}
    for one in _drawn_evidence(held):
        revision = _seen_in(one, drawings)
        if revision is not None:
            evidence[revision] = (*evidence.get(revision, ()), one)
    return _Round(
        held=held,
        turns=card.transcript,
        begun=round_begins(card).get(index, card.started_at),
        ends=stage_ends(held, drawings),
        evidence=evidence,
    )


def _drawn_evidence(held: RoundCard) -> tuple[Evidence, ...]:
    """What the round's verdicts quote from the board, each part once."""
    verdicts = [verdict for stage in held.stages for verdict in stage.verdicts]
    verdicts += held.curveball.verdicts if held.curveball else ()
    found = (one for verdict in verdicts for one in verdict.evidence if one.element is not None)
    return tuple(dict.fromkeys(found))


def _seen_in(evidence: Evidence, drawings: Sequence[Drawing]) -> int | None:
    """The revision to show it in: the one that the card names, where it is still there."""
    boards = {one.revision: one.board for one in drawings}
    named = [(one, boards[one]) for one in (evidence.revision,) if one in boards]
    return first_showing((*named, *boards.items()), evidence)


def _replay(held: _Round, index: int, allowed: Allowance, count: int) -> Replay:
    steps = tuple(_steps([one for one in allowed.drawings if one.round_index == index], allowed))
    sights = [_sights(held, step) for step in steps]
    return Replay(
        frames=tuple(
            _frame(held, step, tuple(dict.fromkeys(seen.values())))
            for step, seen in zip(steps, sights, strict=True)
        ),
        count=count,
        seen={evidence: sight for seen in sights for evidence, sight in seen.items()},
        crowded=allowed.crowded,
    )


def _steps(drawings: Sequence[Drawing], allowed: Allowance) -> Iterator[_Step]:
    scenes = [
        board_elements(one.board) if one.elements is None else one.elements for one in drawings
    ]
    readings = [read_scene(scene) for scene in scenes]
    room = _room(scenes)
    for place, drawing in enumerate(drawings):
        difference = None
        if place > 0:
            before = drawings[place - 1].board
            difference = compare(before, drawing.board, readings[place - 1], readings[place])
        pictured = drawing.revision in allowed.pictured
        rings = allowed.rings.get(drawing.revision, 0)
        yield _Step(drawing, difference, scenes[place], readings[place], room, pictured, rings)


def _room(scenes: Iterable[Sequence[Element]]) -> Rect | None:
    """What all pictures show, so that boxes stay where they are from one to the next.

    None where that would make the last board small: something was once drawn far away.
    """
    bounds = [one for one in map(scene_bounds, scenes) if one is not None]
    if not bounds:
        return None
    whole, last = around(bounds), bounds[-1]
    fits = whole.width <= _MOST_ROOM * last.width and whole.height <= _MOST_ROOM * last.height
    return whole if fits else None


def _frame(held: _Round, step: _Step, sights: tuple[Sight, ...]) -> Frame:
    drawing = step.drawing
    titles = {stage.name: stage.title for stage in held.held.stages}
    found = step.difference
    changes = () if found is None else tuple(describe(found))
    changed = frozenset[str]() if found is None else changed_elements(found, step.reading)
    return Frame(
        id=f"board-{step.place}",
        time=clock_words(held.begun, drawing.at),
        stage=titles.get(drawing.stage, drawing.stage),
        ends=held.ends.get(drawing.revision, ()),
        changes=changes[:MOST_CHANGES],
        more_changes=max(0, len(changes) - MOST_CHANGES),
        picture=_picture(step, _alt(drawing.board), changed=changed),
        after=turn_before(held.turns, drawing),
        sights=sights,
    )


def _sights(held: _Round, step: _Step) -> Mapping[Evidence, Sight]:
    """What is evidence in this frame; the same part has one picture, whatever it shows."""
    by_element: dict[str, Sight] = {}
    seen: dict[Evidence, Sight] = {}
    for one in held.evidence.get(step.drawing.revision, ()):
        part = find_part(step.drawing.board, one.element or "")
        if part is not None and one.element is not None:
            if one.element not in by_element and len(by_element) < step.rings:
                by_element[one.element] = _sight(held, step, part, len(by_element) + 1)
            if one.element in by_element:
                seen[one] = by_element[one.element]
    return seen


def _sight(held: _Round, step: _Step, part: DrawnPart, number: int) -> Sight:
    arrows = [Arrow(*ends, "", directed) for ends in part.arrows for directed in (True, False)]
    shapes = step.reading.zones if part.is_zone else step.reading.elements
    ringed = (*named_elements(shapes, part.ids), *arrow_elements(step.reading, arrows))
    return Sight(
        id=f"seen-{step.place}-{number}",
        time=clock_words(held.begun, step.drawing.at),
        picture=_picture(
            step, f"“{part.label}” is ringed. {_alt(step.drawing.board)}", ringed=ringed
        ),
    )


def _picture(
    step: _Step, alt: str, changed: Collection[str] = (), ringed: Collection[str] = ()
) -> Picture:
    if not step.pictured:
        return Picture("", alt, 0, 0)
    svg = scene_svg(
        step.scene, theme=None, changed=changed, highlighted=ringed, legend="", room=step.room
    )
    view = _view(svg)
    marked = scene_bounds([one for one in step.scene if one.get("id") in {*changed, *ringed}])
    middle = None if marked is None else round((marked.centre.x - view.x) / view.width, 3)
    return Picture(_address(svg), alt, round(view.width), round(view.height), middle)


def _view(svg: str) -> Rect:
    """What the drawing says that it shows, so that a page can leave room before it does."""
    box = svg.split('viewBox="', 1)[1].split('"', 1)[0]
    return Rect(*map(float, box.split()))


def _address(svg: str) -> str:
    """The drawing as a `data:` address, in characters that need no escaping in an attribute."""
    return f"data:image/svg+xml,{quote(svg, safe=SAFE)}"


def _alt(board: Board) -> str:
    """What is drawn, in words."""
    names = {part.id: part.label or "unnamed" for part in board.components}
    arrows = (
        f"{names[one.source]} {'→' if one.directed else '—'} {names[one.target]}"
        for one in board.arrows
    )
    lists = (
        ("Boxes", ", ".join(names.values())),
        ("Zones", ", ".join(zone.label or "unnamed" for zone in board.zones)),
        ("Arrows", "; ".join(arrows)),
    )
    words = ". ".join(f"{title}: {items}" for title, items in lists if items)
    whole = f"Whiteboard. {words or 'Nothing that could be read as a box.'}"
    return whole if len(whole) <= LONGEST_ALT else f"{whole[: LONGEST_ALT - 1].rstrip()}…"
