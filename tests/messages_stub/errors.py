"""Refusals in the Messages API's form.

Types and statuses: https://platform.claude.com/docs/en/api/errors
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PASSING = frozenset({408, 409, 429, 500, 529})
"""Statuses after which trying again may help."""


class ApiError(Exception):
    """A refused request; `violation` says that the client should have known better."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        violation: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.violation = violation
        self.headers = {"x-should-retry": "true" if status in PASSING else "false"}
        self.headers.update(headers or {})

    def body(self, request_id: str) -> dict[str, Any]:
        """The answer's JSON."""
        error = {"type": self.kind, "message": str(self)}
        return {"type": "error", "error": error, "request_id": request_id}


def invalid(message: str) -> ApiError:
    """A request that breaks the API's rules."""
    return ApiError(400, "invalid_request_error", message, violation=True)
