"""What the outer doors say about errors that have a name.

Errors are recognised by the tree of the room that raised them; anything else is a fault of ours
and keeps its traceback. `Advice` that was added to an error on its way out is said after it.
"""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_OUTPUT_FAILS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class UsageError(Exception):
    """What was asked for is not possible; the message says what is."""


class Advice(str):
    """A note on an error that is meant for the person; libraries add notes of their own."""

    __slots__ = ()


class StoppedError(Exception):
    """The person, the system or a closed output ended the command; `status` is its exit status."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status

    @classmethod
    def by(cls, cause: BaseException, reason: str, status: int) -> StoppedError:
        """With the notes of what stopped it."""
        stopped = cls(reason, status)
        for note in _advice(cause):
            stopped.add_note(note)
        return stopped


def explain(err: BaseException) -> str | None:
    """The message for a known error, with its advice; None for a fault of ours."""
    message = _message(err)
    if message is None:
        return None
    return "\n".join([message, *_advice(err)])


def _advice(err: BaseException) -> list[Advice]:
    return [note for note in getattr(err, "__notes__", ()) if isinstance(note, Advice)]


def _message(err: BaseException) -> str | None:
    from pydantic import ValidationError

    from interviewer.engines.providers import ProviderError
    from interviewer.ports import InterviewNotFoundError
    from interviewer.prices import PriceFileError
    from interviewer.recordings import RecordingError
    from scenarios.documents import ContentError, PackError
    from storage.errors import StorageError

    if isinstance(err, PackError):
        return f"hotseat: a pack cannot be used\n{err}"
    known = (
        StorageError
        | ContentError
        | InterviewNotFoundError
        | PriceFileError
        | ProviderError
        | RecordingError
        | UsageError
        | StoppedError
    )
    if isinstance(err, known) or _is_of_voice(err):
        return f"hotseat: {err}"
    if isinstance(err, ValidationError) and err.title == "Settings":
        places = [f"{_setting(str(e['loc'][0]))}: {_wrong(e)}" for e in err.errors()]
        return "hotseat: a setting is wrong; correct the environment or .env\n" + "\n".join(places)
    return _system_message(err) if isinstance(err, OSError) else None


def _is_of_voice(err: BaseException) -> bool:
    """Voice is an extra: where its errors were never loaded, this is none of them."""
    speech = sys.modules.get("voice.speech")
    return speech is not None and isinstance(err, speech.VoiceError)


def _setting(place: str) -> str:
    """The environment variable behind the place of a wrong setting."""
    name = place.upper()
    return name if name.startswith(("HOTSEAT_", "ANTHROPIC_")) else f"HOTSEAT_{name}"


def _wrong(error: ErrorDetails) -> str:
    """What is wrong with a setting; patterns are those of addresses, and told in words."""
    if error["type"] != "string_pattern_mismatch":
        return error["msg"]
    schemes = (
        "ws:// or wss://"
        if "ws" in error.get("ctx", {}).get("pattern", "")
        else "http:// or https://"
    )
    return f"an address begins with {schemes}"


def _system_message(err: OSError) -> str | None:
    """For what the system refused about a named file, or about the output, which has no name."""
    if err.filename is not None:
        return f"hotseat: {err.filename}: {err.strerror}; correct this and try again"
    if err.errno in _OUTPUT_FAILS:
        return f"hotseat: the output could not be written: {err.strerror}"
    return None
