"""What a page is told about errors, and what of them goes to the log."""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from collections.abc import Coroutine
from typing import Any

from bot.doors import UsageError
from interviewer.ports import InterviewNotFoundError
from interviewer.session import InterviewOverError, MessageTooLongError
from scenarios.documents import ContentError
from scenarios.load import UnknownItem
from storage.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    DiskFailedError,
    DiskFullError,
    StorageError,
)
from whiteboard.sketch import SketchError

_LOG = logging.getLogger(__name__)

PASSING = (
    DatabaseLockedError,
    DiskFullError,
    DiskFailedError,
    ConnectionError,
    TimeoutError,
)
"""What is wrong for a while; the same thing works later."""

PACK_GONE = (
    "This interview needs a pack that is gone: put it back into the folder of your packs to go on. "
    "What you said is kept."
)

NOT_STORED = (
    "That cannot be stored or read now; what you said before is kept. `hotseat doctor` says what "
    "is wrong with the database."
)


def explain(err: BaseException) -> str | None:
    """What to tell about a known error; None for a fault of ours."""
    if isinstance(err, UsageError | MessageTooLongError):
        return str(err)
    if isinstance(err, InterviewOverError):
        return "This interview is over; its scorecard is there."
    if isinstance(err, InterviewNotFoundError):
        return "There is no such interview any more."
    if isinstance(err, UnknownItem):
        return PACK_GONE
    if isinstance(err, SketchError | ContentError):
        return str(err)
    if isinstance(err, DatabaseCorruptError):
        return "What is stored of this interview cannot be read; `hotseat doctor` says more."
    return NOT_STORED if isinstance(err, StorageError) else None


def tell(err: BaseException, what: str) -> str:
    """A sentence for the person, whatever it is; a fault of ours gets a number that the log has."""
    sentence = explain(err)
    if sentence is not None:
        return sentence
    return (
        f"Something went wrong on this side (reference {log_fault(err, what)}). What you said "
        "before is kept; please try that again."
    )


async def failure(work: Coroutine[Any, Any, object], name: str) -> BaseException | None:
    """Do the work, and give back what it failed with, if it did; cancelled together with it.

    It runs as a task of its own, so that a fault in it ends nothing else.
    """
    task = asyncio.create_task(work, name=name)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return None if task.cancelled() else task.exception()


async def survived(work: Coroutine[Any, Any, object], what: str) -> bool:
    """Do the work and return whether it went well; what failed is in the log under `what`."""
    err = await failure(work, what)
    if isinstance(err, StorageError | InterviewNotFoundError):
        _LOG.warning("%s: %s", what, type(err).__name__)
    elif err is not None:
        log_fault(err, what)
    return err is None


def log_fault(err: BaseException, what: str) -> str:
    """Log where it happened, never its message, which may quote someone; returns its number."""
    number = secrets.token_hex(4)
    frames = "".join(traceback.format_tb(err.__traceback__))
    _LOG.error("fault %s in %s: %s\n%s", number, what, type(err).__name__, frames)
    return number
