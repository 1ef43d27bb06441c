"""Whether a round is held by voice, and where the voices come from and go to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.console.speech_models import INSTALL, missing_libraries
from bot.doors import UsageError


@dataclass(frozen=True)
class Aloud:
    """A round by voice: through this machine's microphone and speakers, or from and to files."""

    file: Path | None = None
    out: Path | None = None


def aloud_of(*, voice: bool, file: Path | None, out: Path | None) -> Aloud | None:
    """What the options ask for; None for a round in writing. Raises `UsageError`."""
    if out is not None and file is None:
        raise UsageError("--voice-out goes with --voice-file: give the file with the answers too")
    if file is not None and not file.is_file():
        raise UsageError(f"--voice-file: {file} is not there; give a WAV file with your answers")
    return Aloud(file, out) if voice or file is not None else None


def require_voice() -> None:
    """Raise `UsageError` where the libraries of the extra are missing."""
    if missing := missing_libraries():
        raise UsageError(
            f"{', '.join(missing)} not installed, which speech needs: {INSTALL}. Without "
            "--voice the round is held in writing"
        )
