"""JSON as it goes over the wire: compact, in UTF-8."""

from __future__ import annotations

import json
from typing import Any

from tests.messages_stub.errors import invalid

dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as compact JSON; one encoder for all, since making one takes longer than using it."""


def load(data: bytes) -> Any:
    """The JSON of a request, refused as the API does where it is none or no Unicode."""
    try:
        value = json.loads(data)
        if b"\\u" in data:
            dump(value).encode()
    except ValueError as err:
        raise invalid("The request body is not valid JSON.") from err
    return value
