"""Whether this machine has what Hotseat needs, and what to do where it has not."""

from __future__ import annotations

import asyncio
import locale
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.console.checks import Check, Outcome
from bot.console.discord_checks import discord_checks
from bot.console.model_checks import model_checks
from bot.console.packs import Checked, find_problems
from bot.console.voice_checks import voice_checks
from bot.settings import Settings
from interviewer.clock import Clock, SystemClock
from scenarios.documents import PackError
from scenarios.load import Library, Pack, builtin_packs_folder, load_library
from storage.database import open_database
from storage.errors import DatabaseCorruptError, DatabaseLockedError, StorageError
from storage.revisions import known_revisions
from whiteboard.board import strip_unseen

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35)
"""The first SQLite that gives inserted rows back (RETURNING)."""

RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this is wrong."""

LITTLE_SPACE, TOO_LITTLE_SPACE = 500_000_000, 20_000_000
"""Free bytes below which the disk is a note and a problem; an interview takes well under 1 MB."""

CLOCK_ROOM = timedelta(minutes=5)
LARGE_LOG = 50_000_000
NARROW = 60


_COLOURS = {Outcome.OK: "green", Outcome.NOTE: "yellow", Outcome.PROBLEM: "bold red"}


def run_doctor(
    settings: Settings,
    console: Console,
    clock: Clock | None = None,
    *,
    ask_discord: bool = False,
    ask_model: bool = False,
    ask_voice: bool = False,
) -> bool:
    """Print every check with what to do; returns whether there was no problem.

    With `ask_discord` it logs in to Discord, with `ask_model` it asks each language model for a
    word and notes what that cost; otherwise nothing leaves this machine. With `ask_voice` it
    measures how fast the speech models are here. Changes nothing else but for bringing an older
    database up to date, as every start does.
    """
    clock = clock or SystemClock()
    checks = [
        _python(),
        _sqlite(),
        *_packs(settings),
        *_database(settings.database_path),
        _disk(settings.database_path),
        _checkpoints(settings.database_path),
        *_terminal(console),
        _language(),
        _time(clock, settings.database_path),
        *model_checks(settings, clock, ask=ask_model),
        *voice_checks(settings, ask=ask_voice),
        *discord_checks(settings, ask=ask_discord),
    ]
    console.print(_table(checks))
    problems = sum(check.outcome is Outcome.PROBLEM for check in checks)
    console.print(Text(f"\n{problems} to be solved" if problems else "\nReady: hotseat practice"))
    return problems == 0


def _table(checks: Iterable[Check]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("check", overflow="fold", ratio=2)
    table.add_column("", no_wrap=True)
    table.add_column("what was found", overflow="fold", ratio=7)
    for check in checks:
        table.add_row(
            Text(check.what),
            Text(check.outcome.value, _COLOURS[check.outcome]),
            Text(strip_unseen(check.says)),
        )
    return table


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Check("Python", Outcome.PROBLEM, f"{version}: install 3.11 or newer")
    return Check("Python", Outcome.OK, version)


def _sqlite() -> Check:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Check("SQLite", Outcome.PROBLEM, f"{version}: a Python with 3.35 or newer is needed")
    return Check("SQLite", Outcome.OK, version)


def _packs(settings: Settings) -> Iterator[Check]:
    yield _content("built-in content", (builtin_packs_folder(),))
    folder = settings.packs_path
    if not folder.is_dir():
        says = f"none; put a folder per pack into {folder}"
        yield Check("your own packs", Outcome.OK, says)
        return
    yield _content("your own packs", (builtin_packs_folder(), folder))


def _content(what: str, folders: tuple[Path, ...]) -> Check:
    """Whether the packs of the last folder load beside the others and mean what they should."""
    try:
        library = load_library(*folders)
        packs = tuple(pack for pack in library.packs if pack.folder.parent == folders[-1])
        problems = find_problems(Checked(packs, _others(library, packs)))
    except PackError as err:
        problems = err.problems
    else:
        if not problems:
            items = sum(len(pack.items) for pack in packs)
            return Check(what, Outcome.OK, f"{items} items in {folders[-1]}")
    return Check(
        what,
        Outcome.PROBLEM,
        f"{problems[0]}\n{len(problems)} in all, see: hotseat packs check",
    )


def _others(library: Library, packs: tuple[Pack, ...]) -> tuple[Pack, ...]:
    return tuple(pack for pack in library.packs if pack not in packs)


def _database(path: Path) -> Iterator[Check]:
    if not path.exists():
        yield _absent(path)
        return
    try:
        asyncio.run(_open_once(path))
    except DatabaseLockedError as err:
        yield Check("database", Outcome.NOTE, f"{err}. If that is your bot, all is well")
        return
    except StorageError as err:
        yield Check("database", Outcome.PROBLEM, str(err))
        return
    size = f"{path.stat().st_size / 1e6:,.1f} MB, schema {known_revisions()[-1]}"
    yield Check("database", Outcome.OK, f"{path}, {size}")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > LARGE_LOG:
        says = f"{log.stat().st_size / 1e6:,.0f} MB; it shrinks when no Hotseat is running"
        yield Check("write-ahead log", Outcome.NOTE, says)


def _absent(path: Path) -> Check:
    """A database that is made later: whether there is a folder to make it in."""
    home = _existing(path)
    if home.is_dir() and _can_write(home):
        return Check("database", Outcome.OK, f"{path} is made with the first interview")
    return Check(
        "database",
        Outcome.PROBLEM,
        f"{path} cannot be made in {home}; make it writable, or set HOTSEAT_HOME",
    )


async def _open_once(path: Path) -> None:
    """Open and read the whole file; StorageError says what is wrong with it."""
    async with open_database(path) as database:
        verdict = await database.run(
            lambda connection: connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        )
    if verdict != "ok":
        raise DatabaseCorruptError(f"{path} is damaged ({verdict}); restore a copy of it")


def _disk(path: Path) -> Check:
    free = shutil.disk_usage(_existing(path)).free
    says = f"{free / 1e9:,.1f} GB free"
    if free < TOO_LITTLE_SPACE:
        return Check("disk", Outcome.PROBLEM, f"{says}: make room")
    if free < LITTLE_SPACE:
        return Check("disk", Outcome.NOTE, f"{says}: soon too little")
    return Check("disk", Outcome.OK, says)


def _existing(path: Path) -> Path:
    """The nearest folder around `path` that is there."""
    return next(folder for folder in path.absolute().parents if folder.exists())


def _can_write(path: Path) -> bool:
    return os.access(path, os.W_OK)


def _checkpoints(database: Path) -> Check:
    """Their loss costs nothing, so nothing about them is a problem."""
    path = database.with_name(f"{database.name}.checkpoints")
    if not path.exists():
        return Check("checkpoints", Outcome.OK, "made when needed")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, ValueError) as err:
        verdict = str(err)
    if verdict == "ok":
        return Check("checkpoints", Outcome.OK, f"{path.stat().st_size / 1e6:,.1f} MB")
    says = f"not readable ({verdict}); a damaged file is made anew at the next start"
    return Check("checkpoints", Outcome.NOTE, says)


def _terminal(console: Console) -> Iterator[Check]:
    if not console.is_terminal:
        yield Check("terminal", Outcome.NOTE, "output is a pipe: no colour, no line editing")
    elif console.width < NARROW:
        says = f"{console.width} columns: works, {NARROW} or more read better"
        yield Check("terminal", Outcome.NOTE, says)
    else:
        colours = console.color_system or "no"
        yield Check("terminal", Outcome.OK, f"{console.width} columns, {colours} colours")
    encoding = console.encoding.lower()
    if encoding.replace("-", "") == "utf8":
        yield Check("characters", Outcome.OK, "UTF-8")
    else:
        says = f"{encoding}: set PYTHONUTF8=1, or signs like ✓ are lost"
        yield Check("characters", Outcome.NOTE, says)


def _language() -> Check:
    language, encoding = locale.getlocale()
    if language is None:
        return Check("locale", Outcome.NOTE, "none set; the interview is in English all the same")
    return Check("locale", Outcome.OK, f"{language}, {encoding}")


def _time(clock: Clock, database: Path) -> Check:
    """Cards carry dates and retention counts days, so the clock has to be about right."""
    now = clock.now()
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < RELEASED:
        return Check("clock", Outcome.PROBLEM, f"{shown} is in the past: set this computer's clock")
    if database.exists():
        changed = datetime.fromtimestamp(database.stat().st_mtime, UTC)
        if changed > now + CLOCK_ROOM:
            says = f"{shown}, but the database was changed at {changed:%Y-%m-%d %H:%M}: check it"
            return Check("clock", Outcome.NOTE, says)
    return Check("clock", Outcome.OK, shown)
