"""How large the parts of a text board are, by their labels and the arrows that end at them."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from whiteboard.board import Component
from whiteboard.lettering import text_size, text_width, wrap
from whiteboard.palette import Look, Shape, look_of

LABEL_SIZE: Final = 18
ARROW_LABEL_SIZE: Final = 16
TITLE_SIZE: Final = 16
NOTE_SIZE: Final = 16

_LONG_LABEL: Final = 320
_ARROW_LABEL_WIDTH: Final = 150
LEAST_PORT_GAP: Final = 16.0
"""Between the arrows that end on one side, in pixels."""
PORT_SHARE: Final = {Shape.RECTANGLE: 0.7, Shape.ELLIPSE: 0.55, Shape.DIAMOND: 0.4}
"""The middle part of a side, by outline, at which arrows may end."""


class Label(NamedTuple):
    """A text in lines and its size in pixels."""

    lines: tuple[str, ...]
    width: float
    height: float


class Box(NamedTuple):
    """A component as it will be drawn."""

    look: Look
    label: Label
    width: float
    height: float


def measure_label(text: str, width: float, size: float) -> Label:
    """The text in lines of at most `width` pixels; without lines where there is no text."""
    if not text:
        return Label((), 0, 0)
    lines = wrap(text, width, size)
    return Label(lines, *text_size(lines, size))


def measure_arrow_label(text: str) -> Label:
    """The label of an arrow."""
    return measure_label(text, _ARROW_LABEL_WIDTH, ARROW_LABEL_SIZE)


def measure_box(
    part: Component, wide: float = 0, high: float = 0, least: tuple[float, float] = (0, 0)
) -> Box:
    """A box around its label; arrows end on so much of its width and of its height.

    It is not smaller than `least`, its width and height.
    """
    look = look_of(part.kind)
    room = 160 if look.shape is Shape.RECTANGLE else 120
    if text_width(part.label, LABEL_SIZE) > _LONG_LABEL:
        room += 50
    label = measure_label(part.label, room, LABEL_SIZE)
    width, height = _outline(look.shape, label)
    share = PORT_SHARE[look.shape]
    width, height = max(width, wide / share, least[0]), max(height, high / share, least[1])
    return Box(look, label, _even(width), _even(height))


def _outline(shape: Shape, label: Label) -> tuple[float, float]:
    """The least size at which the canvas leaves the label as it is broken here."""
    if shape is Shape.ELLIPSE:
        stretch = math.sqrt(2)
        return max(140, (label.width + 22) * stretch), max(76, (label.height + 18) * stretch)
    if shape is Shape.DIAMOND:
        return max(160, (label.width + 22) * 2), max(100, (label.height + 16) * 2)
    return max(130, label.width + 40), max(66, label.height + 36)


def _even(size: float) -> float:
    return 2.0 * math.ceil(size / 2)
