"""When Discord is told to wait: once, in time, and only where an answer takes long."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.discord.replies import QUICK_S, in_time, note_arrival


class FakeInteraction:
    """A command that was used, and its first answer."""

    def __init__(self) -> None:
        self.extras: dict[Any, Any] = {}
        self.message = None
        self.response = self
        self.told = asyncio.Event()

    def is_done(self) -> bool:
        return self.told.is_set()

    async def defer(self, **_: object) -> None:
        self.told.set()


@pytest.fixture
async def interaction() -> Any:
    """One that has just come."""
    fake = FakeInteraction()
    note_arrival(fake)  # pyright: ignore[reportArgumentType]
    return fake


async def soon() -> str:
    return "done"


async def test_what_comes_soon_is_the_only_answer(interaction: Any) -> None:
    """Nobody is told to wait for it."""
    assert await in_time(interaction, soon()) == "done"
    assert not interaction.told.is_set()


async def test_what_was_done_before_counts(
    interaction: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several things one after the other have the time of one."""

    async def later() -> str:
        await interaction.told.wait()
        return "done"

    loop = asyncio.get_running_loop()
    came = loop.time()
    monkeypatch.setattr(loop, "time", lambda: came + QUICK_S)
    assert await asyncio.wait_for(in_time(interaction, later()), None) == "done"
    assert interaction.told.is_set()


async def test_what_fails_is_raised(interaction: Any) -> None:
    """After the wait was told or before."""

    async def fail(*, late: bool) -> None:
        if late:
            await interaction.told.wait()
        raise ValueError("no")

    for late in (False, True):
        interaction.extras = {key: value - QUICK_S for key, value in interaction.extras.items()}
        with pytest.raises(ValueError, match="no"):
            await in_time(interaction, fail(late=late))
