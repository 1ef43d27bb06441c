"""An edit of one board, done to another that has changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from whiteboard.board import Arrow, Board, Component, Zone
from whiteboard.kinds import infer_kind

Part = TypeVar("Part", Component, Zone)
Mark = TypeVar("Mark", Arrow, str)


def transfer_edit(base: Board, edited: Board, now: Board) -> Board:
    """`now` with what was changed from `base` to `edited`.

    Taken away is what is in `base` and not in `edited`, with the arrows that end there; what is in
    neither stays. What was taken from `now` meanwhile comes back only where the edit changed it,
    or needs it as the end of an arrow or the zone around something.
    """
    new_arrows = set(edited.arrows) - set(base.arrows)
    ends = {end for arrow in new_arrows for end in (arrow.source, arrow.target)}
    known = set(base.components)
    parts = _transfer(base.components, edited.components, now.components, ends, _plain_component)
    above = {zone.id: zone.parent for zone in edited.zones}
    homes = [part.zone for part in edited.components if part.id in ends or part not in known]
    homes += [zone.parent for zone in set(edited.zones) - set(base.zones)]
    around = {zone for home in homes for zone in _chain(home, above)}
    zones = _transfer(base.zones, edited.zones, now.zones, around, _plain_zone)
    decided = set(base.arrows) ^ set(edited.arrows)
    guesses = (arrow for arrow in now.guesses if arrow not in decided)
    return Board(
        components=tuple(sorted(_housed(parts, zones, now))),
        arrows=_between(_exchange(base.arrows, edited.arrows, now.arrows), parts),
        zones=tuple(sorted(_nested(zones, now))),
        notes=tuple(_exchange(base.notes, edited.notes, now.notes)),
        guesses=_between(guesses, parts),
    )


def _between(arrows: Iterable[Arrow], parts: Container[str]) -> tuple[Arrow, ...]:
    return tuple(one for one in arrows if one.source in parts and one.target in parts)


def _transfer(
    base: Iterable[Part],
    edited: Iterable[Part],
    now: Iterable[Part],
    needed: Container[str],
    plain: Callable[[Part], Part],
) -> dict[str, Part]:
    """The parts by id; `plain` is how a part would be if nothing but its name were said of it."""
    before = {part.id: part for part in base}
    after = {part.id: part for part in edited}
    parts = {part.id: part for part in now if part.id in after or part.id not in before}
    for name, part in after.items():
        present, known = parts.get(name), before.get(name)
        if present is not None:
            parts[name] = _with_changes(present, known or plain(part), part)
        elif part != known or name in needed:
            parts[name] = part
    return parts


def _with_changes(present: Part, before: Part, after: Part) -> Part:
    changes: dict[str, Any] = {
        one.name: getattr(after, one.name)
        for one in fields(after)
        if getattr(after, one.name) != getattr(before, one.name)
    }
    return replace(present, **changes)


def _plain_component(part: Component) -> Component:
    return Component(part.id, part.label, infer_kind(part.label))


def _plain_zone(zone: Zone) -> Zone:
    return Zone(zone.id, zone.label)


def _exchange(base: Iterable[Mark], edited: Iterable[Mark], now: Iterable[Mark]) -> list[Mark]:
    before, after = set(base), set(edited)
    return sorted(set(now) - (before - after) | (after - before))


def _housed(
    parts: Mapping[str, Component], zones: Mapping[str, Zone], now: Board
) -> Iterator[Component]:
    """The components, each in what is left of the zones that were around it."""
    above = {zone.id: zone.parent for zone in now.zones}
    for part in parts.values():
        yield replace(part, zone=_left_of(part.zone, above, zones))


def _nested(zones: Mapping[str, Zone], now: Board) -> Iterator[Zone]:
    """The zones, each in what is left of those around it, and none in itself."""
    above = {zone.id: zone.parent for zone in now.zones}
    parents = {name: _left_of(zone.parent, above, zones) for name, zone in zones.items()}
    for name, zone in zones.items():
        if name in _chain(parents[name], parents):
            parents[name] = None
        yield replace(zone, parent=parents[name])


def _left_of(
    zone: str | None, above: Mapping[str, str | None], zones: Container[str]
) -> str | None:
    return next((one for one in _chain(zone, above) if one in zones), None)


def _chain(zone: str | None, above: Mapping[str, str | None]) -> list[str]:
    """The zone and those around it."""
    chain: list[str] = []
    while zone is not None and zone not in chain:
        chain.append(zone)
        zone = above.get(zone)
    return chain
