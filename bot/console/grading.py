"""`hotseat grade`: written answers without an interview, one on a card or many as JSON lines.

Nothing is stored. The card and the verdicts come from the code that grades interviews.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, TypeVar

import typer

from bot.console.runtime import (
    STOPPED,
    CardForm,
    LevelName,
    new_console,
    read_library,
    read_settings,
    run,
)
from bot.doors import StoppedError, UsageError

if TYPE_CHECKING:
    from bot.console.batch import Grader
    from scenarios.load import Library
    from scoring.scorecard import Scorecard

STANDARD = Path("-")
LONG_BATCH = 50
"""Rows from which a terminal sees a progress bar."""

Thing = TypeVar("Thing")


def grade(  # noqa: PLR0913, PLR0917 - typer reads the options from the parameters
    file: Annotated[
        Path | None, typer.Argument(help="The answer as a text file; standard input if left out.")
    ] = None,
    item: Annotated[
        str | None, typer.Option("--item", help="Id of a question, scenario or story prompt.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option("--stage", help="The stage that it answers; all if left out.")
    ] = None,
    level: Annotated[
        LevelName | None, typer.Option("--level", help="The level asked, if not the item's own.")
    ] = None,
    form: Annotated[CardForm, typer.Option("--form", help="How to show the card.")] = "terminal",
    batch: Annotated[
        Path | None, typer.Option("--batch", help="Many answers, as JSON lines; - is the input.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where their verdicts go; - is the output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Grade written answers without an interview; nothing is stored."""
    if batch is None:
        _refuse(("--out", out), ("--force", force), reason="belongs to --batch")
        _grade_one(item, stage, level, file, form)
        return
    _refuse(("FILE", file), ("--item", item), ("--stage", stage), reason="has no place in a batch")
    if form != "terminal":
        raise UsageError("--form has no place in a batch: verdicts are JSON lines")
    if not _grade_batch(batch, out or STANDARD, level, force=force):
        raise typer.Exit(1)


def _refuse(*given: tuple[str, object], reason: str) -> None:
    for name, value in given:
        if value:
            raise UsageError(f"{name} {reason}: leave it out, see `hotseat grade --help`")


def _grade_one(
    item: str | None, stage: str | None, level: LevelName | None, file: Path | None, form: CardForm
) -> None:
    from bot.console.cards import print_card

    if item is None:
        raise UsageError("say with --item what was answered; `hotseat packs list` shows the ids")
    library = read_library(read_settings(None))
    library.pack_of(item)
    text = _decoded(read_input(file or STANDARD), file or STANDARD)
    card = grade_answer(library, item, stage, text, level)

    async def show() -> None:
        print_card(card, new_console(), form)

    run(show())


def grade_answer(
    library: Library, item: str, stage: str | None, text: str, level: LevelName | None = None
) -> Scorecard:
    """The card of one answer, taken now; raises `UsageError` and `ContentError`."""
    from bot.console.batch import written_answer
    from interviewer.clock import SystemClock
    from scenarios.model import Level
    from scoring.written import AnswerError, grade_written, shared_finders

    try:
        answer = written_answer(library, item, stage, text, Level(level) if level else None)
    except AnswerError as err:
        raise UsageError(str(err)) from err
    return grade_written(answer, SystemClock().now(), shared_finders()).card


def _grade_batch(rows: Path, out: Path, level: LevelName | None, *, force: bool) -> bool:
    """Whether every row could be graded."""
    from bot.console.batch import Grader, lines_of
    from scenarios.model import Level

    if out != STANDARD:
        _check_target(rows, out, force=force)
    library = read_library(read_settings(None))
    lines = list(lines_of(read_input(rows)))
    if not lines:
        raise UsageError(f"{_named(rows)} holds no row: write one JSON object a line")
    failed: list[int] = []
    run(_write_verdicts(Grader(library, Level(level) if level else None), lines, out, failed))
    if failed:
        typer.echo(
            f"hotseat: {len(failed):,} of {len(lines):,} rows could not be graded, the first is "
            f"line {failed[0]:,}; their lines in {_named(out, output=True)} say why",
            err=True,
        )
    return not failed


def _check_target(rows: Path, out: Path, *, force: bool) -> None:
    if out.is_dir():
        raise UsageError(f"{out} is a folder: name a file in it")
    if not (out.exists() or out.is_symlink()):
        return
    if out.exists() and not out.is_file():
        raise UsageError(f"{out} is no ordinary file: name one, or `-` for standard output")
    if rows != STANDARD and rows.exists() and out.exists() and out.samefile(rows):
        raise UsageError(f"{out} holds the rows themselves: choose another file for the verdicts")
    if not force:
        raise UsageError(f"{out} exists already: choose another place, or overwrite with --force")


async def _write_verdicts(
    grader: Grader, lines: list[tuple[int, bytes]], out: Path, failed: list[int]
) -> None:
    """Write a line a row; adds the numbers of those that could not be graded to `failed`."""
    with _opened(out) as file:
        for number, line in _shown(lines, out):
            graded = grader.grade(number, line)
            if not graded.ok:
                failed.append(number)
            file.write(graded.line.encode("utf-8") + b"\n")
            # Lets Ctrl+C and SIGTERM in, which end a task only where it waits.
            await asyncio.sleep(0)


@contextmanager
def _opened(out: Path) -> Iterator[BinaryIO]:
    from bot.console.files import replacing

    if out != STANDARD:
        with replacing(out) as file:
            yield file
        return
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is still to be written would be tried again at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _shown(lines: list[Thing], out: Path) -> Iterable[Thing]:
    """The lines, with a progress bar where somebody watches and nothing else is printed there."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    printing = out == STANDARD and sys.stdout.isatty()
    if len(lines) < LONG_BATCH or printing or not console.is_terminal:
        return lines
    return track(lines, "Grading", console=console, transient=True)


def read_input(path: Path) -> bytes:
    """Everything in the file, or in standard input for `-`; raises `UsageError`."""
    if path == STANDARD:
        return _read_standard_input()
    try:
        return path.read_bytes()
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise UsageError(f"{path} cannot be read ({reason}): check the name") from err


def _read_standard_input() -> bytes:
    if sys.stdin.isatty():
        typer.echo("Type or paste, then end with Ctrl+D on a line of its own.", err=True)
    try:
        return sys.stdin.buffer.read()
    except KeyboardInterrupt as err:
        raise StoppedError.by(err, STOPPED, 130) from err


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise UsageError(
            f"{_named(path)} is not UTF-8 text (byte {err.start + 1}): save it as UTF-8"
        ) from err


def _named(path: Path, *, output: bool = False) -> str:
    if path == STANDARD:
        return "the output" if output else "standard input"
    return str(path)
