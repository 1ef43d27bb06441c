"""What the outer doors say about errors that have a name.

Errors are recognised by the tree of the room that raised them; anything else is a fault of ours
and keeps its traceback.
"""

from __future__ import annotations


def explain(err: BaseException) -> str | None:
    """The message for a known error, None for a fault of ours."""
    from pydantic import ValidationError

    from interviewer.ports import InterviewNotFoundError
    from scenarios.documents import ContentError
    from storage.errors import StorageError

    if isinstance(err, BrokenPipeError):
        return "The reader of the output went away."
    if isinstance(err, StorageError | ContentError | InterviewNotFoundError | UsageError):
        return f"hotseat: {err}"
    if isinstance(err, ValidationError) and err.title == "Settings":
        places = [f"HOTSEAT_{str(e['loc'][0]).upper()}: {e['msg']}" for e in err.errors()]
        return "hotseat: a setting is wrong; correct the environment or .env\n" + "\n".join(places)
    return None


class UsageError(Exception):
    """What was asked for is not possible; the message says what is."""
