"""Where answers come from: a person at the keyboard, or a pipe.

A person types into a multi-line field: Enter sends, Alt+Enter (or Esc then Enter) starts a new
line. In a pipe an empty line ends an answer and a line with a leading `/` is a command.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import IO, Protocol

COMMANDS = {
    "/hint": "a hint for what was last asked",
    "/think": "I am thinking; nobody speaks over it",
    "/pause": "stop the clock until you type /go",
    "/go": "go on after a pause",
    "/next": "on to the next stage",
    "/facts": "facts given and assumptions agreed so far",
    "/board": "draw, as in client -> gateway ; gateway -> service : query",
    "/end": "end the interview and show the card",
    "/help": "this list",
}


class Answers(Protocol):
    """A source of answers."""

    async def next(self, status: Callable[[], str]) -> str | None:
        """The next answer or command; None where there will be no more.

        `status` gives the line to show beside the field.
        """
        ...

    async def next_block(self, title: str) -> str | None:
        """Several lines, up to an empty one."""
        ...


class PipedAnswers:
    """Answers from a file or another program."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._held: str | None = None

    async def next(self, status: Callable[[], str]) -> str | None:
        """The lines up to an empty one or a command, which is an answer of its own."""
        lines: list[str] = []
        while (line := await self._line()) is not None:
            if line.strip().casefold() in COMMANDS:
                if not lines:
                    return line
                self._held = line
                break
            if line.strip():
                lines.append(line)
            elif lines:
                break
        return "\n".join(lines) if lines else None

    async def next_block(self, title: str) -> str | None:
        """The lines up to an empty one, whatever they begin with."""
        lines: list[str] = []
        while (line := await self._line()) is not None and line.strip():
            lines.append(line)
        return "\n".join(lines) or None

    async def _line(self) -> str | None:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        line = await asyncio.to_thread(self._stream.readline)
        return line.rstrip("\r\n") if line else None


class TypedAnswers:
    """A person at a terminal, with history, editing and completion of commands."""

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

    async def next(self, status: Callable[[], str]) -> str | None:
        """What the person typed; Ctrl+D and Ctrl+C end the input."""
        try:
            return await self._session.prompt_async(
                "> ", bottom_toolbar=status, refresh_interval=1.0
            )
        except (EOFError, KeyboardInterrupt):
            return None

    async def next_block(self, title: str) -> str | None:
        """A field of its own with the given title."""
        try:
            text = await self._session.prompt_async(f"{title}\n| ", bottom_toolbar=None)
        except (EOFError, KeyboardInterrupt):
            return None
        return text or None


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
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_answers() -> Answers:
    """Typed answers at a terminal, piped ones elsewhere."""
    if is_interactive():
        return TypedAnswers()
    stream = open(  # noqa: SIM115 - lives as long as the process
        sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False
    )
    return PipedAnswers(stream)
