"""The outer door of this edge: every error becomes one clear sentence, or a reference number.

What is known is told to the person who asked; anything else is a fault of ours, logged without
what people said, and told as a number that the log has too.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.discord.permissions import NEEDED
from bot.discord.replies import reply
from bot.doors import UsageError
from bot.regrading import PackGoneError
from interviewer.ports import InterviewNotFoundError
from interviewer.session import InterviewOverError, MessageTooLongError
from scenarios.documents import ContentError
from scoring.corrections import CorrectionRefusedError
from scoring.disputes import DisputeRefusedError
from scoring.groups import GroupError
from scoring.names import BadNameError
from storage.errors import (
    DatabaseCorruptError,
    GroupNotFoundError,
    InvitationNotFoundError,
    RevisionExistsError,
    ScorecardNotFoundError,
    ShareExistsError,
    ShareNotFoundError,
    StorageError,
)
from whiteboard.sketch import SketchError

_LOG = logging.getLogger(__name__)


class OfferError(UsageError):
    """As a `UsageError`, with a view that has the buttons for what is possible."""

    def __init__(self, sentence: str, view: discord.ui.LayoutView) -> None:
        super().__init__(sentence)
        self.view = view


_SAYS_ENOUGH = (
    UsageError,
    MessageTooLongError,
    BadNameError,
    GroupError,
    CorrectionRefusedError,
    DisputeRefusedError,
    ContentError,
)
"""Errors whose message is meant for the person."""

_ABOUT_WHAT_WAS_ASKED = (
    GroupNotFoundError,
    InvitationNotFoundError,
    RevisionExistsError,
    ShareExistsError,
    ShareNotFoundError,
)
"""Errors of storage about what the person asked for; all others are about the file."""

PASSING = (
    discord.DiscordServerError,
    discord.RateLimited,
    aiohttp.ClientError,
    ConnectionError,
    TimeoutError,
)
"""What the network or Discord does for a while; the same thing works later."""

TOO_MANY = 429
"""Discord's status for a limit that the library has waited out in vain."""

PACK_GONE = (
    "That interview cannot be graded again: the pack that it was about is not here any more. Ask "
    "whoever runs the bot to put it back; the card stays as it is."
)

ANSWERED_ALREADY, UNKNOWN_INTERACTION = 40060, 10062
"""Codes of Discord for an answer that comes twice or too late; nobody is there to be told."""


def passes(err: Exception) -> bool:
    """Whether the same attempt may go well later."""
    return isinstance(err, PASSING) or getattr(err, "status", None) == TOO_MANY


async def guarded(interaction: discord.Interaction[Any], work: Awaitable[None]) -> None:
    """Do the work; an error is told to the person who asked for it."""
    try:
        await work
    except Exception as err:  # noqa: BLE001
        await complain(interaction, err)


async def survived(work: Awaitable[object], what: str) -> bool:
    """Do the work and return whether it went well; a fault of ours is logged under `what`."""
    try:
        await work
    except Exception as err:  # noqa: BLE001
        if passes(err):
            _LOG.warning("%s was not done: %s", what, type(err).__name__)
        else:
            log_fault(err, what)
        return False
    return True


@asynccontextmanager
async def undone_on_failure(undo: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Take back what was opened before, where anything inside fails; the failure goes on."""
    async with AsyncExitStack() as failing:
        failing.push_async_callback(undo)
        yield
        failing.pop_all()


async def complain(interaction: discord.Interaction[Any], err: Exception) -> None:
    """Tell the person what went wrong and how to go on; nothing where nobody can be told."""
    cause = err.original if isinstance(err, app_commands.CommandInvokeError) else err
    if isinstance(cause, discord.HTTPException) and cause.code in (
        ANSWERED_ALREADY,
        UNKNOWN_INTERACTION,
    ):
        _LOG.info("interaction %s was answered already or too late", interaction.id)
        return
    sentence = explain(cause)
    if sentence is None:
        sentence = (
            f"Something went wrong on my side (reference {log_fault(cause, 'an interaction')}). "
            "What you said before is kept; please try again."
        )
    try:
        if isinstance(cause, OfferError):
            await reply(interaction, view=cause.view)
        else:
            await reply(interaction, sentence)
    except (discord.HTTPException, aiohttp.ClientError, RuntimeError) as failed:
        # RuntimeError is what a closed connection raises, when the bot is being stopped.
        name = type(failed).__name__
        _LOG.warning("interaction %s: error could not be told: %s", interaction.id, name)


def explain(err: BaseException) -> str | None:
    """What to tell about a known error, None for a fault of ours."""
    if isinstance(err, _SAYS_ENOUGH):
        return PACK_GONE if isinstance(err, PackGoneError) else str(err)
    if isinstance(err, SketchError):
        return f"{str(err).rstrip('.')}. The board is unchanged."
    if isinstance(err, InterviewOverError):
        return "That interview is over: `/scorecard latest` shows its card."
    if isinstance(err, InterviewNotFoundError | ScorecardNotFoundError):
        return "There is no such interview any more: `/scorecard list` shows what there is."
    if isinstance(err, StorageError):
        return _explain_storage(err)
    if isinstance(err, discord.HTTPException):
        return _explain_http(err)
    if isinstance(err, aiohttp.ClientError):
        return "The line to Discord broke while I did that. Please look, and try again if need be."
    return _explain_command(err)


def _explain_storage(err: StorageError) -> str:
    """In words for whoever sits at Discord; what only the operator can mend goes to the log."""
    if isinstance(err, _ABOUT_WHAT_WAS_ASKED):
        return f"What you asked for could not be stored or read: {err}"
    number = log_fault(err, "the database")
    # These messages name files, tables and ids, and none of anybody's words.
    _LOG.error("fault %s: %s", number, err)
    if isinstance(err, DatabaseCorruptError):
        return (
            "One of your cards or interviews cannot be read: ask whoever runs the bot, and give "
            f"them the reference {number}. `/scorecard list` shows which one it is."
        )
    return (
        "That could not be stored or read now. What was stored before is kept; please try again "
        f"later, or ask whoever runs the bot (reference {number})."
    )


def _explain_http(err: discord.HTTPException) -> str:
    if isinstance(err, discord.Forbidden):
        return (
            "Discord does not let me do that here. Ask whoever runs the server to check my "
            f"permissions: {', '.join(one.name for one in NEEDED)}."
        )
    if isinstance(err, discord.NotFound):
        return "That message or channel is gone."
    return f"Discord did not take that (code {err.code or err.status}). Please try again."


def _explain_command(err: BaseException) -> str | None:
    match err:
        case app_commands.BotMissingPermissions() | app_commands.MissingPermissions():
            return f"{err}"
        case app_commands.NoPrivateMessage():
            return "This works on a server only: a study group belongs to one."
        case app_commands.TransformerError() | app_commands.CommandSignatureMismatch():
            return "Discord still shows an older form of this command: reload Discord (Ctrl+R)."
        case app_commands.CheckFailure():
            return f"{err}" or "You may not do that."
        case _:
            return None


def log_fault(err: BaseException, what: str) -> str:
    """Log where it happened, never its message, which may quote someone; returns its number."""
    number = secrets.token_hex(4)
    frames = "".join(traceback.format_tb(err.__traceback__))
    _LOG.error("fault %s in %s: %s\n%s", number, what, type(err).__name__, frames)
    return number
