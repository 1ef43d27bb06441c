"""Reading values that came from outside: each answer has the type that it says, or is None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


def mapping_in(value: object) -> Mapping[str, Any] | None:
    """`value` if it is a JSON object; its values are as untrusted as it was."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def items_in(value: object) -> list[object]:
    """The items of a JSON array, for reading only; none of anything else."""
    if isinstance(value, list):
        return cast("list[object]", value)
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else []


def number_in(value: object, least: float, most: float) -> float | None:
    """`value` if it is a number from `least` to `most`; not a boolean, not NaN.

    Compared rather than converted: an integer may be too large for a float.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
        return value
    return None


def whole_in(value: object, least: int, most: int) -> int | None:
    """`value` if it is an integer from `least` to `most`."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    return None


def text_in(value: object) -> str | None:
    """`value` if it is a text."""
    return value if isinstance(value, str) else None
