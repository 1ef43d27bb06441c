"""Where answers come from: a person at the keyboard, or a pipe.

A person types into a multi-line field: Enter sends, Alt+Enter (or Esc then Enter) starts a new
line. In a pipe an empty line ends an answer and a line with a leading `/` is a command.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import IO, Protocol, TypeAlias

from interviewer.state import EventKind
from scoring.transcript import Word

COMMANDS = {
    "/hint": "a hint for what was last asked",
    "/think": "I am thinking; nobody speaks over it",
    "/pause": "stop the clock until you type /go",
    "/go": "go on after a pause",
    "/next": "on to the next stage",
    "/facts": "facts given and assumptions agreed so far",
    "/board": "add to the board; asks for the sketch",
    "/flag": "object to what the interviewer said last; your reason may follow",
    "/end": "end the interview and show the card",
    "/help": "this list",
}


_COMMAND_LINE = re.compile(r"\s*/[a-z]+\s*", re.IGNORECASE)
_FLAG_LINE = re.compile(r"\s*/flag(?:\s(?P<note>.*))?", re.IGNORECASE | re.DOTALL)


def is_command(line: str) -> bool:
    """Whether the line is one word after a slash, so meant as a command even where none has it.

    A path such as `/v1/orders` is not. `/flag` alone takes words behind it.
    """
    return _COMMAND_LINE.fullmatch(line) is not None or flag_note(line) is not None


def flag_note(answer: str) -> str | None:
    """What is said behind `/flag`; None where the answer is something else."""
    found = _FLAG_LINE.fullmatch(answer)
    return None if found is None else (found["note"] or "").strip()


@dataclass(frozen=True)
class SpokenAnswer:
    """An answer that was heard; `origin` tells it apart from every other."""

    text: str
    words: tuple[Word, ...]
    origin: str


Answer: TypeAlias = str | SpokenAnswer | EventKind
"""What is typed, a command included; what was heard; or what happened without a word."""


class Answers(Protocol):
    """A source of answers; `live` says whether silence means anything in it."""

    live: bool

    def on_typing(self, call: Callable[[], None]) -> None:
        """Call `call` whenever the person types."""
        ...

    async def next(self, status: Callable[[], str]) -> Answer | None:
        """The next answer or command; None where there will be no more.

        `status` gives the line to show beside the field.
        """
        ...

    async def next_block(self) -> str | None:
        """Several lines, up to an empty one."""
        ...


class PipedAnswers:
    """Answers from a file or another program."""

    live = False

    def on_typing(self, call: Callable[[], None]) -> None:
        """Nobody types here."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._held: str | None = None

    async def next(self, status: Callable[[], str]) -> str | None:
        """The lines up to an empty one or a command, which is an answer of its own.

        What only looks like a command is one at the beginning and a line of the answer within it.
        """
        lines: list[str] = []
        while (line := await self._line()) is not None:
            if not lines and is_command(line):
                return line
            if line.strip().casefold() in COMMANDS or flag_note(line) is not None:
                self._held = line
                break
            if line.strip():
                lines.append(line)
            elif lines:
                break
        return "\n".join(lines) if lines else None

    async def next_block(self) -> str | None:
        """The lines up to an empty one, whatever they begin with."""
        lines: list[str] = []
        while (line := await self._line()) is not None and line.strip():
            lines.append(line)
        return "\n".join(lines) or None

    async def _line(self) -> str | None:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        line = await self._read()
        return line.rstrip("\r\n") if line else None

    async def _read(self) -> str:
        """One line, read where it does not keep the process alive once it is told to stop."""
        loop = asyncio.get_running_loop()
        line: asyncio.Future[str] = loop.create_future()

        def deliver(text: str, err: OSError | None) -> None:
            if line.cancelled():
                return
            if err is None:
                line.set_result(text)
            else:
                line.set_exception(err)

        def read() -> None:
            text, failed = "", None
            try:
                text = self._stream.readline()
            except OSError as err:
                failed = err
            with suppress(RuntimeError):  # the loop is closed: nobody waits for it
                loop.call_soon_threadsafe(deliver, text, failed)

        Thread(target=read, daemon=True).start()
        return await line


class TypedAnswers:
    """A person at a terminal, with history, editing and completion of commands."""

    live = True

    def __init__(self) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.history import InMemoryHistory

        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(),
            completer=WordCompleter(
                list(COMMANDS), meta_dict=COMMANDS, sentence=True, match_middle=False
            ),
            complete_while_typing=True,
            multiline=True,
            key_bindings=_bindings(),
            prompt_continuation="  ",
        )

    def on_typing(self, call: Callable[[], None]) -> None:
        """Call `call` at every change of the field."""
        self._session.default_buffer.on_text_changed += lambda _: call()

    async def next(self, status: Callable[[], str]) -> str | None:
        """What the person typed; Ctrl+D and Ctrl+C end the input."""
        from prompt_toolkit.patch_stdout import patch_stdout

        try:
            with patch_stdout(raw=True):  # the interviewer may speak while the field is open
                return await self._session.prompt_async(
                    "> ", bottom_toolbar=status, refresh_interval=1.0
                )
        except (EOFError, KeyboardInterrupt):
            return None

    async def next_block(self) -> str | None:
        """A field of its own for the board."""
        try:
            text = await self._session.prompt_async("| ", bottom_toolbar=None)
        except (EOFError, KeyboardInterrupt):
            return None
        return text or None


async def edit_text(question: str, text: str) -> str | None:
    """The text as a person at a terminal changes it; None where they give up."""
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession(
        multiline=True, key_bindings=_bindings(), prompt_continuation="  "
    )
    try:
        return await session.prompt_async(f"{question}\n> ", default=text)
    except (EOFError, KeyboardInterrupt):
        return None


def _bindings():
    from prompt_toolkit.key_binding import KeyBindings

    bindings = KeyBindings()

    @bindings.add("enter")
    def send(event) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    def new_line(event) -> None:
        event.current_buffer.insert_text("\n")

    return bindings


def is_interactive() -> bool:
    """Whether a person sits at both ends; a closed end is None."""
    return all(end is not None and end.isatty() for end in (sys.stdin, sys.stdout))


def open_answers() -> Answers:
    """Typed answers at a terminal, piped ones elsewhere."""
    if is_interactive():
        return TypedAnswers()
    if sys.stdin is None:
        return PipedAnswers(io.StringIO())
    stream = open(  # noqa: SIM115 - lives as long as the process
        sys.stdin.fileno(), encoding="utf-8-sig", errors="replace", closefd=False
    )
    return PipedAnswers(stream)
