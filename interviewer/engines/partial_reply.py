"""A JSON object that is still being written, read field by field."""

from __future__ import annotations

from typing import Any, Literal, cast

from pydantic_core import from_json


def read_object(
    text: str, partial: Literal["off", "on", "trailing-strings"] = "off"
) -> dict[str, Any]:
    """The JSON object that the text is, or begins; raises ValueError where it is none.

    Every answer is read here, so that one that counts as whole is also one that can be used. With
    `partial` the text may break off: `on` leaves out what is open, `trailing-strings` keeps it.
    """
    value: object = from_json(text, allow_partial=partial)
    if not isinstance(value, dict):
        raise ValueError("the answer is not a JSON object")
    return cast("dict[str, Any]", value)


class PartialObject:
    """The fields of an object as far as its text has come.

    A field is complete once the next one has begun or the object is closed, a string already with
    its closing mark: what follows it can take a server several tokens.
    """

    def __init__(self) -> None:
        self._text = ""
        self._fields: dict[str, Any] = {}
        self._closed = False

    def feed(self, piece: str) -> None:
        """Add the next piece of text; raises ValueError where the text is no JSON object."""
        self._text += piece
        if self._text.strip():
            self._fields = read_object(self._text, "trailing-strings")

    def close(self) -> None:
        """All text has come; raises ValueError where it is no whole JSON object."""
        self._fields = read_object(self._text)
        self._closed = True

    def so_far(self, field: str) -> Any:
        """The value of a field as far as it came; None where it has not begun."""
        return self._fields.get(field)

    def is_complete(self, field: str) -> bool:
        """Whether nothing can be added to the field any more."""
        if self._closed:
            return True
        names = list(self._fields)
        return field in names and (names[-1] != field or self._is_closed_string(field))

    def _is_closed_string(self, field: str) -> bool:
        """Whether the string was closed; what is still open is left out without the option."""
        return isinstance(read_object(self._text, "on").get(field), str)
