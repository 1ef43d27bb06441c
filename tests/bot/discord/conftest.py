"""A running bot and a local Discord for it: the real client, spoken to by scripted people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.discord.client import HotseatBot
from bot.discord.serve import open_bot
from bot.settings import Settings
from scenarios.load import Library, builtin_packs_folder, load_library
from storage.tables import INBOX, OUTBOX
from tests.discord_stub import DiscordStub, Person

READY_S = 20.0
QUIET_S = 0.1


def settings_for(stub: DiscordStub, home: Path, **more: object) -> Settings:
    """Settings of a bot that lives in `home` and takes the stand-in for Discord."""
    return Settings.model_validate(
        {
            "home": home,
            "discord_token": stub.token,
            "discord_api": stub.api_url,
            "discord_gateway": stub.gateway_url,
            **more,
        }
    )


@cache
def _library() -> Library:
    """The built-in packs, read once for all tests of this process."""
    return load_library(builtin_packs_folder())


@asynccontextmanager
async def running_bot(settings: Settings) -> AsyncIterator[HotseatBot]:
    """The bot, logged in and with its rooms open; stopped gracefully at the end."""
    token = settings.discord_token
    assert token is not None
    async with open_bot(settings, _library()) as bot:
        running = asyncio.create_task(bot.start(token.get_secret_value()))
        ready = asyncio.create_task(bot.house.ready())
        done, _ = await asyncio.wait(
            {running, ready}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED
        )
        assert ready in done, "the bot did not become ready" if not done else running.exception()
        try:
            yield bot
        finally:
            await bot.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


class Hall:
    """A local Discord and the bot on it, which can be stopped and started again."""

    def __init__(self, stub: DiscordStub, home: Path) -> None:
        self.stub = stub
        self.home = home
        self._stack = AsyncExitStack()
        self._bot: HotseatBot | None = None

    @property
    def bot(self) -> HotseatBot:
        """The bot that runs now."""
        assert self._bot is not None, "the bot is stopped"
        return self._bot

    async def start(self, **more: object) -> HotseatBot:
        """Start the bot; `more` are settings."""
        self._bot = await self._stack.enter_async_context(
            running_bot(settings_for(self.stub, self.home, **more))
        )
        return self._bot

    async def stop(self) -> None:
        """Stop the bot as a signal would."""
        self._bot = None
        await self._stack.aclose()

    async def settled(self) -> None:
        """Wait until every event is answered and nothing more is sent."""
        events = select(func.count()).select_from(INBOX)
        answers = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.closed)
        sent = -1
        while True:
            asked, answered = await self.bot.app.database.run(
                lambda c: (c.execute(events).scalar_one(), c.execute(answers).scalar_one())
            )
            if asked == answered and sent == len(self.stub.requests):
                return
            sent = len(self.stub.requests)
            await asyncio.sleep(QUIET_S)

    async def restart(self, **more: object) -> HotseatBot:
        """Stop and start."""
        await self.stop()
        return await self.start(**more)


@pytest.fixture
async def stub() -> AsyncIterator[DiscordStub]:
    """A local Discord; what the bot did against its rules fails the test at the end."""
    async with DiscordStub() as running:
        yield running


@pytest.fixture
async def hall(stub: DiscordStub, tmp_path: Path) -> AsyncIterator[Hall]:
    """The bot on the local Discord."""
    hall = Hall(stub, tmp_path / "bot")
    await hall.start()
    try:
        yield hall
    finally:
        await hall.stop()


@pytest.fixture
async def alice(hall: Hall) -> Person:
    """Somebody who has installed the application."""
    return hall.stub.add_user("alice", installed=True)
