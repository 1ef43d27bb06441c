"""The process that gets killed: serves a board until then.

Run as `python -m tests.bot.web.board_child` it is a fork server: it imports everything once, starts
a child for each line with the folder and the port, and kills it at the line `kill`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from bot.settings import Settings
from bot.web.serving import open_web
from bot.wiring import open_app
from scenarios.load import Library
from tests.bot.web.web_world import world_of


async def serve_board(folder: Path, port: int) -> None:
    """Serve it for ever."""
    async with (
        open_app(Settings(home=folder), Library(())) as app,
        open_web(world_of(app).web, "127.0.0.1", port),
    ):
        await asyncio.Event().wait()


def main() -> None:
    """Start and kill, one at a time; each line is answered."""
    child = 0
    for line in sys.stdin:
        if line.strip() == "kill":
            os.kill(child, signal.SIGKILL)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
            continue
        life = json.loads(line)
        child = os.fork()
        if child == 0:
            asyncio.run(serve_board(Path(life["folder"]), life["port"]))
        print(child, flush=True)


if __name__ == "__main__":
    main()
