"""The bot process that gets killed: `python -m bot bot`, born quickly.

Run as `python -m tests.bot.discord.bot_child` it is a fork server: it imports once what the bot
imports, since that takes seconds, and reads one order (JSON: `env`, `log`) per line. Each gives
birth to a child that lives as the command does and writes to the log; its process id is answered
at once, its wait status when it is over.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1

_NEEDED = (
    "bot.console.service",
    "bot.discord.serve",
    "bot.discord.cogs.listing",
    "interviewer.graph",
    "storage.checkpoints",
    "storage.interviews",
)


def _import_everything() -> None:
    """What the command imports when it runs."""
    for name in _NEEDED:
        import_module(name)


def _die_with_parent() -> None:
    """Where the system knows how: nobody is left behind when a test run is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _live(order: Mapping[str, Any]) -> int:
    """Be the bot until it stops; returns the exit status of the command."""
    from bot.console.service import bot
    from bot.doors import UsageError

    os.environ.update(order["env"])
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    try:
        bot(None)
    except UsageError as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
    return 0


def _give_birth(order: Mapping[str, Any]) -> int:
    """The child's process id; the child itself never returns from here."""
    child = os.fork()
    if child:
        return child
    status = 1
    _die_with_parent()
    try:
        status = _live(order)
    except BaseException:  # noqa: BLE001 - nothing may get past the fork
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    """Give birth as ordered, until standard input ends."""
    _die_with_parent()
    os.chdir(Path(__file__).resolve().parents[3])
    _import_everything()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        child = _give_birth(json.loads(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
