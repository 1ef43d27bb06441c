"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.console.runtime import LevelName

StyleName = Literal["supportive", "neutral", "sceptical"]
ExtraTime = Literal["1", "1.25", "1.5", "2"]

Database = Annotated[
    Path | None, typer.Option("--database", help="Database file, if not the usual one.")
]
LevelOption = Annotated[
    LevelName | None, typer.Option("--level", help="The level that you prepare for.")
]
Minutes = Annotated[
    float | None, typer.Option("--minutes", min=1, max=180, help="Length, if not the usual one.")
]
StyleOption = Annotated[
    StyleName | None, typer.Option("--style", help="The interviewer's tone, if not neutral.")
]
Extra = Annotated[ExtraTime | None, typer.Option("--extra-time", help="Multiplies all the times.")]
Voice = Annotated[
    bool, typer.Option("--voice", help="Speak and listen: microphone and speakers of this machine.")
]
VoiceFile = Annotated[
    Path | None,
    typer.Option("--voice-file", help="Take the answers from a WAV file, faster than real time."),
]
VoiceOut = Annotated[
    Path | None, typer.Option("--voice-out", help="Write what is said to this WAV file.")
]
Board = Annotated[
    bool, typer.Option("--board", help="Draw on a page of this machine while you talk here.")
]
