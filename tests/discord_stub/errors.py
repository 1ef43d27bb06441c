"""Refusals, in Discord's words and numbers.

Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from typing import Any

UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_USER = (404, 10013, "Unknown User")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
FILE_TOO_LARGE = (413, 40005, "Request entity too large")
ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
MISSING_ACCESS = (403, 50001, "Missing Access")
CANNOT_EDIT_OTHERS = (403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
CANNOT_DM = (403, 50007, "Cannot send messages to this user")
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
INVALID_TOKEN = (401, 50027, "Invalid Webhook Token")
INVALID_FORM = (400, 50035, "Invalid Form Body")
THREAD_ARCHIVED = (400, 50083, "Thread is archived")
WRONG_TOKEN = (401, 0, "401: Unauthorized")
UNKNOWN_ROUTE = (404, 0, "404: Not Found")


class ApiError(Exception):
    """A refused request.

    Attributes:
        violation: what the bot did that it should have known not to do; None where a bot that
            behaves well can be refused too (a message that somebody deleted meanwhile).
    """

    def __init__(
        self,
        refusal: tuple[int, int, str],
        *,
        violation: str | None = None,
        errors: dict[str, Any] | None = None,
    ) -> None:
        self.status, self.code, text = refusal
        super().__init__(text)
        self.violation = violation
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        body: dict[str, Any] = {"message": str(self), "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


class Problems:
    """Everything that is wrong with one form, with the place of each."""

    def __init__(self) -> None:
        self._found: list[tuple[tuple[str | int, ...], str, str]] = []

    def add(self, path: tuple[str | int, ...], code: str, text: str) -> None:
        """Note that the value at `path` is wrong."""
        self._found.append((path, code, text))

    def raise_if_any(self) -> None:
        """Refuse the form as Discord does: code 50035 and a tree of errors."""
        if not self._found:
            return
        tree: dict[str, Any] = {}
        for path, code, text in self._found:
            node = tree
            for part in path:
                node = node.setdefault(str(part), {})
            node.setdefault("_errors", []).append({"code": code, "message": text})
        words = "; ".join(f"{'.'.join(map(str, path))}: {text}" for path, _, text in self._found)
        raise ApiError(INVALID_FORM, violation=words, errors=tree)
