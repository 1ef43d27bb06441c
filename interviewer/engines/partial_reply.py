"""A JSON object that is still being written, read field by field."""

from __future__ import annotations

from typing import Any, cast

from pydantic_core import from_json


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
        if not self._text.strip():
            return
        value: object = from_json(self._text, allow_partial="trailing-strings")
        if not isinstance(value, dict):
            raise ValueError("the answer is not a JSON object")
        self._fields = cast("dict[str, Any]", value)

    def close(self) -> None:
        """All text has come; raises ValueError where it is no whole JSON object."""
        value: object = from_json(self._text)
        if not isinstance(value, dict):
            raise ValueError("the answer is not a JSON object")
        self._fields = cast("dict[str, Any]", value)
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
        whole: object = from_json(self._text, allow_partial=True)
        value = cast("dict[str, Any]", whole).get(field) if isinstance(whole, dict) else None
        return isinstance(value, str)
