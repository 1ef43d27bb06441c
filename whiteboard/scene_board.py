"""The things of a scene as a board of limited size; what exceeds it is in the notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter

from whiteboard.board import Arrow, Board, Component, ComponentKind, Zone, clean_label
from whiteboard.scene_arrows import Homes, ReadArrow, read_arrows
from whiteboard.scene_ends import Joint, component_shapes
from whiteboard.scene_groups import Seen, near_shapes
from whiteboard.scene_labels import Labels
from whiteboard.scene_naming import UNNAMED, UNNAMED_ZONE, Name, kind_of, name_parts
from whiteboard.scene_parts import Form, Shape, Text
from whiteboard.scene_zones import find_parents, home_of
from whiteboard.sketch import (
    MAX_ARROWS,
    MAX_COMPONENTS,
    MAX_NESTING,
    MAX_NOTES,
    MAX_ZONES,
    NOTE_LENGTH,
)

MAX_NOTE_CHARACTERS = 8_000
"""Of all notes together."""

_PROSE_CHARACTERS = 60
_PROSE_WORDS = 10


@dataclass(frozen=True)
class Drawn:
    """A board, the arrows as they were read, and the names of its parts by element."""

    board: Board
    arrows: tuple[ReadArrow, ...]
    components: Mapping[str, Name]
    zones: Mapping[str, Name]


def draw_board(
    seen: Seen, zones: Collection[str], labels: Labels, joints: list[Joint], notes: Iterable[str]
) -> Drawn:
    """Name the things of a scene and put them on a board."""
    parents, deep = _kept_zones(find_parents(seen, zones))
    kept = {key: seen.shapes[key] for key in sorted(parents)}
    parts, spare = _kept_parts(seen, zones, labels, joints)
    titles = {key: _title(zone, labels) for key, zone in kept.items()}
    zone_names = name_parts(titles, _made(kept), "z:", UNNAMED_ZONE)
    names = name_parts({key: _label(key, labels) for key in parts}, _made(parts), "c:", UNNAMED)
    near = near_shapes(kept.values())
    homes = Homes({key: home_of(part, near, kept) for key, part in parts.items()}, parents)
    read = read_arrows(joints, {key: name.id for key, name in names.items()}, labels.of, homes)
    arrows = _sorted(arrow for one in read for arrow in one.board_arrows())
    written = [*notes, *(_label(key, labels) for key in spare)]
    written += [_title(seen.shapes[key], labels) for key in deep]
    board = Board(
        components=_components(parts, names, zone_names, homes),
        arrows=tuple(arrows[:MAX_ARROWS]),
        zones=_zones(zone_names, parents),
        notes=_board_notes(written, arrows),
        guesses=_guesses(read),
    )
    return Drawn(board, tuple(read), names, zone_names)


def _sorted(arrows: Iterable[Arrow]) -> list[Arrow]:
    """Each arrow once, in order."""
    known = {(one.source, one.target, one.label, one.directed): one for one in arrows}
    return [known[fields] for fields in sorted(known)]


def _guesses(read: Sequence[ReadArrow]) -> tuple[Arrow, ...]:
    """What the drawing may mean: nothing that it says elsewhere."""
    meant = {arrow for one in read if one.guessed for arrow in one.board_arrows()}
    meant.update(arrow for one in read for arrow in one.possible)
    if not meant:
        return ()
    said = {arrow for one in read if not one.guessed for arrow in one.board_arrows()}
    return tuple(_sorted(meant - said)[:MAX_ARROWS])


def _kept_zones(parents: Mapping[str, str | None]) -> tuple[dict[str, str | None], list[str]]:
    """The zones of a board with the kept zones around them, and those that nest too deep."""
    depths = {key: len(_around(key, parents)) for key in parents}
    known = sorted(parents, key=lambda key: (depths[key], key))
    kept = {key for key in known[:MAX_ZONES] if depths[key] < MAX_NESTING}
    around = {key: _around(key, parents) for key in kept}
    return {key: around[key][0] if around[key] else None for key in kept}, [
        key for key in known if key not in kept
    ]


def _around(zone: str, parents: Mapping[str, str | None]) -> list[str]:
    """The zones around one, from the innermost."""
    around: list[str] = []
    outer = parents[zone]
    while outer is not None:
        around.append(outer)
        outer = parents[outer]
    return around


def _kept_parts(
    seen: Seen, zones: Collection[str], labels: Labels, joints: Iterable[Joint]
) -> tuple[dict[str, Shape | Text], list[str]]:
    """The components of a board, and what is rather a note or too much."""
    met = {end.part for joint in joints for end in (joint.start, joint.end)}
    parts: dict[str, Shape | Text] = dict(labels.nodes)
    spare: list[str] = []
    for shape in component_shapes(seen, zones, labels):
        if shape.id not in met and _is_prose(shape, labels):
            spare.append(shape.id)
        else:
            parts[shape.id] = shape
    known = sorted(parts, key=lambda key: (not key.startswith("c:"), not _label(key, labels), key))
    spare += known[MAX_COMPONENTS:]
    return {key: parts[key] for key in sorted(known[:MAX_COMPONENTS])}, spare


def _is_prose(shape: Shape, labels: Labels) -> bool:
    """Whether a box holds a remark rather than a name; no arrow meets it."""
    words = _label(shape.id, labels)
    ours = shape.id.startswith("c:") or shape.form is Form.ICON
    return not ours and len(words) > _PROSE_CHARACTERS and len(words.split()) >= _PROSE_WORDS


def _made(parts: Mapping[str, Shape | Text]) -> dict[str, str | None]:
    return {key: one.hint_label for key, one in parts.items() if isinstance(one, Shape)}


def _label(key: str, labels: Labels) -> str:
    node = labels.nodes.get(key)
    return labels.of.get(key, "") if node is None else node.words


def _title(zone: Shape, labels: Labels) -> str:
    return labels.of.get(zone.id, "Frame" if zone.form is Form.FRAME else "")


def _components(
    parts: Mapping[str, Shape | Text],
    names: Mapping[str, Name],
    zones: Mapping[str, Name],
    homes: Homes,
) -> tuple[Component, ...]:
    components: list[Component] = []
    for key, name in names.items():
        part, home = parts[key], homes.of_part[key]
        zone = zones[home].id if home is not None else None
        components.append(Component(name.id, name.label, _kind(part, name.label), zone))
    return tuple(sorted(components, key=attrgetter("id")))


def _kind(part: Shape | Text, label: str) -> ComponentKind:
    if isinstance(part, Shape):
        return kind_of(label, part.hint, part.hint_label)
    return kind_of(label, "", None)


def _zones(names: Mapping[str, Name], parents: Mapping[str, str | None]) -> tuple[Zone, ...]:
    around = {key: names[parent].id if parent else None for key, parent in parents.items()}
    return tuple(sorted(Zone(name.id, name.label, around[key]) for key, name in names.items()))


def _board_notes(written: Iterable[str], arrows: Collection[Arrow]) -> tuple[str, ...]:
    notes = sorted({note for text in written if (note := clean_label(text, NOTE_LENGTH))})
    ends = accumulate(len(note) for note in notes[:MAX_NOTES])
    kept = notes[: sum(end <= MAX_NOTE_CHARACTERS for end in ends)]
    more = [f"{len(notes) - len(kept)} more notes"] if len(notes) > len(kept) else []
    if len(arrows) > MAX_ARROWS:
        more.append(f"{len(arrows) - MAX_ARROWS} more arrows")
    return tuple(sorted({*kept, *more}))
