"""A drawing that grows statement by statement: identity of names, labels, kinds and places."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from whiteboard.board import (
    LABEL_LENGTH,
    Arrow,
    Board,
    Component,
    ComponentKind,
    Zone,
    clean_label,
)
from whiteboard.kinds import infer_kind


def identify(name: str) -> str:
    """The id of a component or zone of this name: canonical, without case."""
    folded = unicodedata.normalize("NFD", clean_label(name)).casefold()
    return unicodedata.normalize("NFC", folded)[:LABEL_LENGTH].rstrip()


class Mention(NamedTuple):
    """A component as one statement names it; None where the statement does not say."""

    name: str
    label: str | None
    kind: ComponentKind | None
    drum: bool
    at: int


class _Claim(NamedTuple):
    """How strongly a zone holds a component; the greater claim wins."""

    alone: bool = False
    depth: int = 0


@dataclass
class _Box:
    """A component while the text is read."""

    label: str
    kind: ComponentKind | None = None
    drum: bool = False
    zone: str | None = None
    claim: _Claim = field(default_factory=_Claim)

    def learn(self, mention: Mention) -> None:
        self.label = mention.label or self.label
        self.kind = mention.kind or self.kind
        self.drum = self.drum or mention.drum

    def settled_kind(self) -> ComponentKind:
        kind = self.kind or infer_kind(self.label)
        if kind is ComponentKind.OTHER and self.kind is None and self.drum:
            return ComponentKind.DATABASE
        return kind


@dataclass
class Draft:
    """What was drawn so far."""

    boxes: dict[str, _Box] = field(default_factory=dict[str, _Box])
    arrows: set[Arrow] = field(default_factory=set[Arrow])
    zones: dict[str, Zone] = field(default_factory=dict[str, Zone])
    depths: dict[str | None, int] = field(default_factory=lambda: {None: 0})
    notes: set[str] = field(default_factory=set[str])

    def place(self, mention: Mention, zone: str | None, *, alone: bool) -> str:
        """Draw or update a component; its id."""
        component_id = identify(mention.name)
        box = self.boxes.setdefault(component_id, _Box(label=mention.name))
        box.learn(mention)
        claim = _Claim(alone, self.depths[zone]) if zone is not None else _Claim()
        if claim > box.claim:
            box.zone, box.claim = zone, claim
        return component_id

    def enclose(self, name: str, label: str | None, parent: str | None) -> str:
        """Draw a zone, or go on with it where it is; its id."""
        zone_id = identify(name)
        known = self.zones.get(zone_id)
        if known is None:
            self.depths[zone_id] = self.depths[parent] + 1
            self.zones[zone_id] = Zone(zone_id, label or name, parent)
        elif label is not None:
            self.zones[zone_id] = Zone(zone_id, label, known.parent)
        return zone_id

    def board(self) -> Board:
        """The drawing with its parts sorted."""
        components = (
            Component(component_id, box.label, box.settled_kind(), box.zone)
            for component_id, box in self.boxes.items()
        )
        return Board(
            components=tuple(sorted(components)),
            arrows=tuple(sorted(self.arrows)),
            zones=tuple(sorted(self.zones.values())),
            notes=tuple(sorted(self.notes)),
        )


def draft_of(board: Board) -> Draft:
    """A draft in which the board is drawn already, as if its own text had been read."""
    zones = {zone.id: zone for zone in board.zones}
    depths: dict[str | None, int] = {None: 0}
    for zone in zones:
        depths[zone] = _depth(zone, zones)
    return Draft(
        boxes={part.id: _drawn_box(part, depths) for part in board.components},
        arrows=set(board.arrows),
        zones=zones,
        depths=depths,
        notes=set(board.notes),
    )


def _depth(zone: str | None, zones: Mapping[str, Zone]) -> int:
    """How many zones there are from this one outward, itself counted."""
    around: list[str] = []
    while zone is not None and zone in zones and zone not in around:
        around.append(zone)
        zone = zones[zone].parent
    return len(around)


def _drawn_box(part: Component, depths: Mapping[str | None, int]) -> _Box:
    """A component with its kind where that is not what its label says anyway."""
    zone = part.zone if part.zone in depths else None
    return _Box(
        label=part.label,
        kind=None if part.kind is infer_kind(part.label) else part.kind,
        zone=zone,
        claim=_Claim() if zone is None else _Claim(True, depths[zone]),
    )
