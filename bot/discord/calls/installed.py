"""Whether the voice extra is installed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.doors import UsageError

if TYPE_CHECKING:
    from bot.discord.calls.switchboard import Calls
    from bot.discord.client import HotseatBot

NEEDED = ("davey", "nacl", "numpy", "soxr", "onnxruntime", "faster_whisper", "piper")

IN_WRITING = "In writing it works as ever: leave `mode` out."

NOT_INSTALLED = (
    "I cannot hear or speak here: whoever runs me has not installed the voice extra "
    f"(`docs/voice.md` says how). {IN_WRITING}"
)


@cache
def is_installed() -> bool:
    """Whether calls are possible in this installation; looks only, loads nothing."""
    return all(find_spec(name) is not None for name in NEEDED)


def require_calls(bot: HotseatBot) -> Calls:
    """The bot's calls; raises `UsageError` where the voice extra is not installed."""
    if bot.calls is None:
        raise UsageError(NOT_INSTALLED)
    return bot.calls
