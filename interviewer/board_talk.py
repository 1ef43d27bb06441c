"""What the board makes worth asking: drawn but not said, said but not drawn, and dangerous."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BoardQuestion:
    """A question about the drawing: the pack's sentence, the concept and the element it cites."""

    probe: str
    reason: str
    concept: str | None = None
    element: str | None = None
