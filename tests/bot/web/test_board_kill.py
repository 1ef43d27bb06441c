"""The server is killed while people draw: nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from web_world import DAY, PATIENCE_S, Page, box, free_port, settings_of
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bot.web.links import Links, Role
from bot.web.merging import Contents
from interviewer.clock import SystemClock
from storage.database import open_database
from storage.interviews import SqlStore
from storage.scenes import scene_at

ROOT = Path(__file__).parents[3]
PER_S = 20
LATEST = 2**31


class Server:
    """A board that is served by another process."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self.port = free_port()

    def start(self) -> None:
        self._tell(json.dumps({"folder": str(self._folder), "port": self.port}))

    def kill(self) -> None:
        assert self._tell("kill") == str(-signal.SIGKILL)

    def _tell(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def server_on(folder: Path) -> Iterator[Server]:
    """The process that starts and kills servers."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bot.web.board_child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Server(process, folder)
        assert process.stdin is not None
        process.stdin.close()


class Drawer:
    """A browser that draws on and on, and keeps what it drew as our client does."""

    def __init__(self, name: str, cookie: str, port: int) -> None:
        self._name = name
        self._cookie = cookie
        self._address = f"127.0.0.1:{port}"
        self._count = 0
        self._sent: dict[int, tuple[str, int]] = {}
        self.mine = Contents()
        self.acked: dict[str, int] = {}
        self.page: Page | None = None

    async def come(self) -> None:
        """As soon as the server is there; then send what it lacks."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(OSError, EOFError):
                    socket = await connect(
                        f"ws://{self._address}/i/one/board",
                        origin=f"http://{self._address}",  # pyright: ignore[reportArgumentType]
                        additional_headers={"Cookie": self._cookie},
                    )
                    break
                await asyncio.sleep(0.02)
        page = self.page = Page(socket)
        await page.until(lambda: page.you != "")
        lost = {
            name: (version, page.contents.elements.get(name, {}).get("version"))
            for name, version in self.acked.items()
            if page.contents.elements.get(name, {}).get("version", -1) < version
        }
        assert lost == {}, "acknowledged, and not there after the kill"
        newer = [one for one in self.mine.elements.values() if page.contents.is_behind(one)]
        self.mine.put(page.contents.elements.values())
        if newer:
            await page.drawn(*newer)

    async def draw(self, chance: random.Random) -> None:
        """One element more, or one of those there anew."""
        assert self.page is not None
        self._count += 1
        name = f"{self._name}{self._count}"
        if chance.random() < 0.6 and self.mine.elements:
            name = chance.choice(sorted(self.mine.elements))
        known = self.mine.elements.get(name)
        version = 1 if known is None else known["version"] + 1
        element = box(name, version, chance.randrange(2**31))
        self.mine.put([element])
        self._sent[await self.page.draw(element)] = (name, version)

    async def draw_on(self, chance: random.Random) -> None:
        """Until the server is gone."""
        self._sent = {}
        with suppress(ConnectionClosed):
            while True:
                await self.draw(chance)
                await asyncio.sleep(1 / PER_S)

    async def listen(self, until_acked: int) -> None:
        """Take what comes, until so much was acknowledged."""
        assert self.page is not None
        page = self.page
        await page.until(lambda: len(page.acked) >= until_acked)

    async def listen_on(self) -> None:
        """Take what is still on its way when the server is gone."""
        assert self.page is not None
        with suppress(ConnectionClosed):
            await self.page.until(lambda: False)
        for seq in self.page.acked:
            if seq in self._sent:
                name, version = self._sent[seq]
                self.acked[name] = max(version, self.acked.get(name, 0))
        self.mine.put(self.page.contents.elements.values())


async def prepared(folder: Path) -> list[str]:
    """An interview with two people who may draw; their cookies."""
    async with open_database(folder / "hotseat.sqlite") as database:
        clock = SystemClock()
        await SqlStore(database).create_interview("one", settings_of("ada"), clock.now())
        links = Links(database, clock)
        tokens = [await links.make(Role.EDITOR, "one", who, lasts=DAY) for who in ("ada", "bob")]
        return [f"hotseat_editor={await links.cookie_of(token)}" for token in tokens]


async def one_life(server: Server, drawers: list[Drawer], chance: random.Random) -> None:
    """Both draw, and at some moment the server dies."""
    server.start()
    await asyncio.gather(*(drawer.come() for drawer in drawers))
    drawing = [asyncio.create_task(drawer.draw_on(chance)) for drawer in drawers]
    await asyncio.gather(*(drawer.listen(chance.randrange(2, 8)) for drawer in drawers))
    await asyncio.sleep(chance.random() / PER_S)
    server.kill()
    await asyncio.gather(*(drawer.listen_on() for drawer in drawers), *drawing)


async def kill_again_and_again(folder: Path, kills: int) -> None:
    chance = random.Random(kills)  # noqa: S311 - it decides when to kill
    cookies = await prepared(folder)
    with server_on(folder) as server:
        drawers = [
            Drawer(name, cookie, server.port) for name, cookie in zip("ab", cookies, strict=True)
        ]
        for _ in range(kills):
            await one_life(server, drawers, chance)
        server.start()
        for _ in range(2):
            await asyncio.gather(*(drawer.come() for drawer in drawers))
        server.kill()
    async with open_database(folder / "hotseat.sqlite") as database:
        stored = {one["id"]: one for one in await scene_at(database, "one", LATEST)}
    assert len(stored) > kills
    for drawer in drawers:
        assert drawer.acked.keys() <= stored.keys()
        assert drawer.mine.elements == stored


async def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    """What was acknowledged is there each time; in the end both see what is stored."""
    await kill_again_and_again(tmp_path, 10)


@pytest.mark.soak
async def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    """The same for longer."""
    await kill_again_and_again(tmp_path, 200)
