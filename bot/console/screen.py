"""What the terminal shows during an interview."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.reading import READING, is_closing
from interviewer.ports import Mouth
from interviewer.view import Phase, SessionView
from scoring.record import GivenKind
from whiteboard.board import strip_unseen

INTERVIEWER = "Interviewer"
CANDIDATE = "You"
_INDENT = 2
_BAR = 8
_PLAIN = str.maketrans("·▶✓–—’‘“”█░─│→≥≤", "->*--''''#.-|>><")
"""What stands for a character in an output that does not have it."""


class Screen(Mouth):
    """Prints an interview; also the `Mouth` through which the interviewer speaks.

    With `reads`, a judge reads the answers after the last word, and the candidate is told so.
    """

    def __init__(self, console: Console, *, reads: bool = False) -> None:
        self.console = console
        self._reads = reads

    piecewise = True

    async def say(self, key: str, text: str, offset: int) -> int:
        """Show the rest of an utterance, under the interviewer's name where it begins."""
        rest = text[offset:]
        if rest.strip():
            if offset == 0:
                self.console.print()
                self.console.print(Text(INTERVIEWER, style="bold cyan"))
            self.show_words(rest.strip() if offset else rest)
        if self._reads and is_closing(key):
            self.note(READING)
        return len(text)

    def show_turn(self, name: str, text: str, style: str) -> None:
        """One utterance under the speaker's name, wrapped and without any markup of its own."""
        self.console.print(Text(name, style=style))
        self.show_words(text)

    def show_words(self, text: str) -> None:
        """Words of an utterance, wrapped and without any markup of their own."""
        self.console.print(Padding(Text(strip_unseen(text)), (0, 0, 0, _INDENT)))

    def show_start(self, interview_id: str, title: str, minutes: float) -> None:
        """Title, id, length and the commands, once at the beginning."""
        self.console.print(Rule(_literal(title, "bold"), align="left"))
        self.console.print(f"Interview [bold]{interview_id}[/]  ·  {minutes:g} minutes")
        self.console.print(
            "[dim]Enter sends, Alt+Enter starts a new line, /help lists the commands.[/]"
        )

    def show_stage(self, view: SessionView) -> None:
        """The stage bar, whenever the stage changes."""
        self.console.print(Rule(style="dim"))
        self.console.print(stage_bar(view))

    def show_facts(self, view: SessionView) -> None:
        """The ledger: facts given and assumptions agreed."""
        if not view.given:
            self.note("No facts given and no assumptions agreed yet. Ask for what you need.")
            return
        table = Table(title="What holds for this round", title_justify="left", show_edge=False)
        table.add_column("kind")
        table.add_column("about", overflow="fold")
        table.add_column("said", overflow="fold")
        for given in view.given:
            kind = "fact" if given.kind is GivenKind.FACT else "your assumption"
            table.add_row(kind, _literal(given.topic), _literal(given.text))
        self.console.print(table)

    def show_board(self, sketch: str) -> None:
        """The whole board as the interviewer has it."""
        self.note("Your board now, as the interviewer has it:")
        self.console.print(Padding(Text(sketch), (0, 0, 0, _INDENT)))

    def note(self, text: str) -> None:
        """A line from the program itself, not from the interviewer."""
        self.console.print(_literal(text, "dim"))

    def problem(self, text: str) -> None:
        """Something went wrong; says what to do."""
        self.console.print(_literal(text, "bold red"))


def open_console() -> Console:
    """The terminal; in a pipe 100 columns wide and without colour.

    An output that lacks a character gets a plain one in its place.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        codecs.register_error("hotseat", _in_plain_characters)
        sys.stdout.reconfigure(errors="hotseat")
    console = _Terminal(highlight=False)
    return console if console.is_terminal else _Terminal(highlight=False, width=100)


class _Terminal(Console):
    """A console that says so when nobody reads it any more."""

    def on_broken_pipe(self) -> None:
        """Drop what is still to be written, so that the interpreter does not try it at its end."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise BrokenPipeError


def _in_plain_characters(err: UnicodeError) -> tuple[str, int]:
    if not isinstance(err, UnicodeEncodeError):
        raise err
    part = unicodedata.normalize("NFKD", err.object[err.start : err.end].translate(_PLAIN))
    seen = (char for char in part if not unicodedata.combining(char))
    return "".join(char if char.isascii() else "?" for char in seen), err.end


def _literal(text: str, style: str = "") -> Text:
    """Text that is shown as it is: no markup, and nothing that would disturb a terminal."""
    return Text(strip_unseen(text), style=style)


def stage_bar(view: SessionView) -> Text:
    """`Scope ███░░ | Loop ...` with the current stage marked and the time left."""
    bar = Text()
    for index, stage in enumerate(view.stages):
        current = index == view.stage_index
        style = "bold cyan" if current else ("green" if stage.reached else "dim")
        mark = "▶ " if current else ("✓ " if stage.reached else "· ")
        bar.append(f"{mark}{stage.title}", style=style)
        bar.append("  ")
    bar.append(f"{_minutes(view.stage_left_s)} of {_minutes(view.round_left_s)} left", style="dim")
    return bar


def toolbar(view: SessionView) -> str:
    """The line under the input field."""
    stage = view.stages[view.stage_index]
    filled = min(_BAR, round(_BAR * max(0.0, view.stage_left_s) / max(1.0, stage.budget_s)))
    bar = "█" * filled + "░" * (_BAR - filled)
    where = f"{stage.title} ({view.stage_index + 1}/{len(view.stages)})"
    if view.rounds > 1:
        where = f"Round {view.round_index + 1}/{view.rounds} · {where}"
    phase = {Phase.PAUSED: "paused: /go", Phase.THINKING: "thinking"}.get(view.phase, "listening")
    left = f"{bar} {_minutes(view.stage_left_s)} here, {_minutes(view.round_left_s)} in all"
    return f" {where} · {left} · {phase} · /help "


def _minutes(seconds: float) -> str:
    sign = "-" if seconds <= -1 else ""
    whole = round(abs(seconds))
    return f"{sign}{whole // 60}:{whole % 60:02d}"
