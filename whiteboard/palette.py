"""What each kind of component looks like, on the canvas, in text boards and in pictures alike.

The browser client draws from `bot/web/client/src/palette.json`, which is `palette_json()`; a test
holds the two equal. Fills are pale, so that dark text reads on them; strokes are the same hue, dark
enough to be told apart from a white page (WCAG 3:1).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from whiteboard.board import ComponentKind

TRUST_BOUNDARY: Final = "trust_boundary"
"""The `customData.kind` of a zone."""


class Shape(StrEnum):
    """The outline of a part; a zone is a dashed rectangle without fill around other parts."""

    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    DIAMOND = "diamond"
    ZONE = "zone"


@dataclass(frozen=True)
class Look:
    """How one kind is drawn: outline, colours as `#rrggbb`, and its size when new, in pixels."""

    kind: str
    title: str
    shape: Shape
    fill: str
    stroke: str
    width: int = 160
    height: int = 70


def _box(kind: ComponentKind, title: str, fill: str, stroke: str) -> Look:
    return Look(kind.value, title, Shape.RECTANGLE, fill, stroke)


def _round(kind: ComponentKind, title: str, fill: str, stroke: str) -> Look:
    return Look(kind.value, title, Shape.ELLIPSE, fill, stroke, width=170, height=84)


def _diamond(kind: ComponentKind, title: str, fill: str, stroke: str) -> Look:
    return Look(kind.value, title, Shape.DIAMOND, fill, stroke, width=210, height=110)


PALETTE: Final[tuple[Look, ...]] = (
    _round(ComponentKind.USER, "User", "#e9ecef", "#495057"),
    _box(ComponentKind.CLIENT, "Client", "#f1f3f5", "#495057"),
    _box(ComponentKind.GATEWAY, "API gateway", "#a5d8ff", "#1971c2"),
    _box(ComponentKind.SERVICE, "Service", "#d0ebff", "#1971c2"),
    _box(ComponentKind.QUEUE, "Queue", "#ffec99", "#b76a00"),
    _round(ComponentKind.CACHE, "Cache", "#fff3bf", "#b76a00"),
    _round(ComponentKind.DATABASE, "Database", "#b2f2bb", "#2b8a3e"),
    _round(ComponentKind.VECTOR_STORE, "Vector store", "#96f2d7", "#087f5b"),
    _box(ComponentKind.LLM, "LLM", "#d0bfff", "#6741d9"),
    _box(ComponentKind.SMALL_MODEL, "Small model", "#e5dbff", "#6741d9"),
    _box(ComponentKind.RETRIEVER, "Retriever", "#99e9f2", "#0b7285"),
    _box(ComponentKind.RERANKER, "Re-ranker", "#c5f6fa", "#0b7285"),
    _box(ComponentKind.TOOL, "Tool", "#d8f5a2", "#5c940d"),
    _diamond(ComponentKind.POLICY_ENGINE, "Policy engine", "#ffc9c9", "#c92a2a"),
    _diamond(ComponentKind.GUARDRAIL, "Guardrail", "#ffe3e3", "#c92a2a"),
    _box(ComponentKind.EVAL_HARNESS, "Eval harness", "#ffd8a8", "#d9480f"),
    _round(ComponentKind.HUMAN_REVIEW, "Human review", "#fcc2d7", "#a61e4d"),
    _round(ComponentKind.TRACE_STORE, "Trace store", "#eebefa", "#862e9c"),
    Look(TRUST_BOUNDARY, "Trust boundary", Shape.ZONE, "transparent", "#c92a2a", 380, 260),
)

OTHER: Final = _box(ComponentKind.OTHER, "Box", "#ffffff", "#1e1e1e")
"""The look of a box that says nothing about its kind."""

ZONE: Final = PALETTE[-1]

_BY_KIND: Final = {look.kind: look for look in PALETTE}


def look_of(kind: ComponentKind) -> Look:
    """The look of a component of this kind."""
    return _BY_KIND.get(kind.value, OTHER)


def palette_json() -> str:
    """The palette as the browser client reads it: a JSON list, one object per look."""
    return json.dumps([asdict(look) for look in PALETTE], indent=2) + "\n"
