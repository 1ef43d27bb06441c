"""The bot as a process that is killed and born again, and the weather that its requests meet."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.discord_stub import DiscordStub
from tests.discord_stub.faults import Chaos, Fault, Kind

ROOT = Path(__file__).resolve().parents[3]
CHILD = "tests.bot.discord.bot_child"

READY_S = 30.0
STOP_S = 20.0

CALLBACK = re.compile(r"/interactions/(\d+)/")


class Births:
    """The fork server, one child at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._read() == "ready"

    async def bear(self, env: dict[str, str], log: Path) -> int:
        """The process id of a new bot."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"env": env, "log": str(log)}) + "\n")
        self._process.stdin.flush()
        return await asyncio.to_thread(self._read)

    async def end(self) -> int:
        """Wait for the end of the child; its exit code, negative for a signal."""
        return await asyncio.to_thread(self._read)

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the fork server died; see its traceback")
        return json.loads(line)


@contextmanager
def open_births() -> Iterator[Births]:
    """The fork server."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen([sys.executable, "-m", CHILD], **pipes) as process:
        try:
            yield Births(process)
        finally:
            process.kill()


class Dark:
    """The times in which nobody can expect an answer: bot dead, gateway cut, requests held up."""

    def __init__(self, stub: DiscordStub) -> None:
        self._stub = stub
        self._spans: list[tuple[float, float]] = []
        self._since: float | None = None

    async def watch(self) -> None:
        """Note when nobody listens at the gateway, and what was ordered to go wrong."""
        while True:
            self.look()
            await asyncio.sleep(0.02)

    def look(self) -> None:
        """Note whether somebody listens now."""
        now = time.monotonic()
        if not self._stub.gateway.connected:
            self._since = self._since or now
        elif self._since is not None:
            self._spans.append((self._since, now))
            self._since = None

    def falls(self, seconds: float = 0.5) -> None:
        """From now on it is dark, for as long at least."""
        now = time.monotonic()
        self._spans.append((now, now + seconds))

    async def ends(self) -> None:
        """Wait until somebody listens."""
        while not self._stub.gateway.connected:  # noqa: ASYNC110 - the stand-in has no event
            await asyncio.sleep(0.02)

    def overlaps(self, start: float, end: float) -> bool:
        """Whether it was dark at any moment from `start` to `end`."""
        if self._since is not None and self._since < end:
            return True
        return any(since < end and start < until for since, until in self._spans)


class RunningBot:
    """One bot after the other on the same files; `kills` counts those that did not want to go."""

    def __init__(self, births: Births, stub: DiscordStub, home: Path, dark: Dark) -> None:
        home.mkdir(parents=True)
        self.home = home
        self.log = home / "bot.log"
        self.kills = 0
        self.gave_up = 0
        self._births = births
        self._stub = stub
        self._dark = dark
        self._child: int | None = None
        self._env = {
            "HOTSEAT_HOME": str(home),
            "HOTSEAT_DISCORD_TOKEN": stub.token,
            "HOTSEAT_DISCORD_API": stub.api_url,
            "HOTSEAT_DISCORD_GATEWAY": stub.gateway_url,
            "HOTSEAT_DISCORD_MESSAGE_CONTENT": "true",
        }

    async def start(self) -> None:
        """Start it, and wait until it listens."""
        self._child = await self._births.bear(self._env, self.log)
        async with asyncio.timeout(READY_S):
            await self._dark.ends()

    async def kill(self) -> None:
        """End it without a word."""
        assert self._child is not None
        self._dark.falls()
        os.kill(self._child, signal.SIGKILL)
        status = await self._births.end()
        self._child = None
        self.kills += status == -signal.SIGKILL
        self.gave_up += status != -signal.SIGKILL
        for session in list(self._stub.gateway.sessions.values()):
            self._stub.gateway.forget(session)
        self._dark.look()

    async def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self._child is not None
        os.kill(self._child, signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            status = await self._births.end()
        self._child = None
        return status


class Weather(Chaos):
    """Random faults of requests, fiercer for the answers that get lost.

    `killing` is called in the middle of a request, which is carried out or not. Requests that
    sign the bot in are left alone: a service manager would start it again, after a while.
    """

    def __init__(self, dice: Random, share: float, dark: Dark, killing: Callable[[], None]) -> None:
        super().__init__(dice, share)
        self.kinds: dict[str, int] = {}
        self.struck: set[int] = set()
        self._dark = dark
        self._killing = killing

    def roll(self, method: str, path: str) -> list[Fault]:
        """What happens to this request, mostly nothing."""
        if self.random.random() >= self.share or not path.startswith(_PLAYED):
            return []
        kind = self.random.choice((*Kind, Kind.LOST, None))
        deadly = kind in (None, Kind.LOST) and self.random.random() < 0.3
        if deadly:
            self._killing()
        if kind is None or (kind is Kind.LOST and method not in ("POST", "PATCH")):
            return []
        self.kinds[kind.name] = self.kinds.get(kind.name, 0) + 1
        if (answered := CALLBACK.match(path)) is not None:
            self.struck.add(int(answered[1]))
        status = self.random.choice((500, 502, 503, 504))
        return [Fault(kind, method, path, status=status, seconds=self.random.uniform(0.01, 0.4))]


_PLAYED = ("/channels/", "/interactions/", "/webhooks/")
