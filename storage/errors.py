"""What can go wrong with the database file, and what to do about it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError


class StorageError(Exception):
    """Base of this package's errors."""


class DatabaseLockedError(StorageError):
    """Another process uses the file."""


class DatabaseTooNewError(StorageError):
    """A newer version of Hotseat made the file."""


class DatabaseReadOnlyError(StorageError):
    """The file or its folder cannot be written."""


class DiskFullError(StorageError):
    """There is no room for another page."""


class DiskFailedError(StorageError):
    """The disk did not take or give the data."""


class DatabaseCorruptError(StorageError):
    """The file is no database, or a damaged one."""


class InterviewExistsError(StorageError):
    """An interview with this id is already stored."""


class EventNotFoundError(StorageError):
    """The interview has no event with this number."""


class GradingBegunError(StorageError):
    """The interview is being graded, or was: what was heard in it stays as it stands."""


class UtteranceConflictError(StorageError):
    """Another utterance already answers this event."""


class UtteranceNotFoundError(StorageError):
    """No utterance has this key."""


class TurnNotFoundError(StorageError):
    """The interviewer said nothing under this turn id."""


class ScorecardNotFoundError(StorageError):
    """The interview has no such scorecard revision."""


class RevisionExistsError(StorageError):
    """The interview was graded again meanwhile."""


class GroupNotFoundError(StorageError):
    """This server has no such group."""


class InvitationNotFoundError(StorageError):
    """No group of this server can be joined by this code."""


class ShareNotFoundError(StorageError):
    """This server has no such shared scorecard."""


class ShareExistsError(StorageError):
    """The interview is shared with the group already."""


_OTHER_FILE = "choose another file with --database"

_BY_CODE: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_BUSY: (
        DatabaseLockedError,
        f"another program holds {{path}}; close it, or {_OTHER_FILE}",
    ),
    sqlite3.SQLITE_READONLY: (
        DatabaseReadOnlyError,
        f"{{path}} cannot be written; make it writable, or {_OTHER_FILE}",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        DatabaseReadOnlyError,
        f"{{path}} cannot be opened for writing; make it and its folder writable, or {_OTHER_FILE}",
    ),
    sqlite3.SQLITE_FULL: (
        DiskFullError,
        "the disk of {path} is full; make room and go on, what was stored is intact",
    ),
    sqlite3.SQLITE_IOERR: (
        DiskFailedError,
        "{path} could not be read or written ({reason}); see whether its disk is full, over quota "
        "or gone, then go on: what was stored is intact",
    ),
    sqlite3.SQLITE_CORRUPT: (
        DatabaseCorruptError,
        f"{{path}} is damaged; restore a copy of it, or {_OTHER_FILE}",
    ),
    sqlite3.SQLITE_NOTADB: (
        DatabaseCorruptError,
        f"{{path}} is not a Hotseat database; {_OTHER_FILE}",
    ),
}

_UNNAMED = (StorageError, "{path} could not be used: {reason}")


_NO_TEXT = "Could not decode to UTF-8"
"""How the driver's message begins that goes on with the text itself."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def unwritable(path: Path, err: OSError) -> StorageError:
    """The error for a file that the system does not let us open, make or write."""
    if err.errno in _NO_ROOM:
        kind, message = _BY_CODE[sqlite3.SQLITE_FULL]
        return kind(message.format(path=path))
    return DatabaseReadOnlyError(
        f"{path} cannot be opened for writing ({err.strerror or type(err).__name__}); make it and "
        f"its folder writable, or {_OTHER_FILE}"
    )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into the errors of this module.

    A broken rule of the tables or a mistake in a statement is not about the file and passes.
    """
    try:
        yield
    except (DatabaseError, sqlite3.Error) as err:
        if _reason(err).startswith(_NO_TEXT):
            raise DatabaseCorruptError(
                f"{path} holds a text that is not UTF-8; restore a copy of it, or {_OTHER_FILE}"
            ) from None
        kind, message = _BY_CODE.get(extended_code(err) & 0xFF, _UNNAMED)
        if kind is StorageError and not isinstance(
            err, OperationalError | sqlite3.OperationalError
        ):
            raise
        raise kind(message.format(path=path, reason=_reason(err))) from err


@contextmanager
def readable(table: str, interview_id: str) -> Iterator[None]:
    """Say of a row that does not validate where it is, and nothing of what it holds.

    What the models say of it may quote it, and it holds what people said.
    """
    try:
        yield
    except ValueError:
        raise DatabaseCorruptError(
            f"a row of the table {table!r} of interview {interview_id!r} cannot be read; "
            f"`hotseat scorecards export {interview_id} --as data` saves what is stored, "
            f"`hotseat scorecards delete {interview_id}` removes it"
        ) from None


@contextmanager
def readable_in_group(table: str, group_id: str) -> Iterator[None]:
    """As `readable`, for a row that belongs to a study group."""
    try:
        yield
    except ValueError:
        raise DatabaseCorruptError(
            f"a row of the table {table!r} of group {group_id!r} cannot be read; restore a copy of "
            "the database, or close the group and found it anew"
        ) from None


def _reason(err: DatabaseError | sqlite3.Error) -> str:
    return str(err.orig) if isinstance(err, DatabaseError) else str(err)


def extended_code(err: DatabaseError | sqlite3.Error) -> int:
    """SQLite's extended result code behind `err`, -1 where there is none."""
    cause: object = err.orig if isinstance(err, DatabaseError) else err
    return getattr(cause, "sqlite_errorcode", -1)


def breaks_foreign_key(err: IntegrityError) -> bool:
    """Whether the row names a parent that is not there."""
    return extended_code(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY


def is_damage(err: sqlite3.Error) -> bool:
    """Whether the file itself is at fault."""
    return extended_code(err) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
