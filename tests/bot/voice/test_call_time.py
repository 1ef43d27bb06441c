"""A clock that goes with the audio of a call."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.console.call_time import CallTime

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def test_who_sleeps_wakes_when_the_time_has_passed_and_not_before() -> None:
    """Frames move the clock; nothing else does."""
    clock = CallTime(START)
    sleeping = asyncio.create_task(clock.sleep(1.0))
    await asyncio.sleep(0)

    clock.advance(0.98)
    await asyncio.sleep(0)
    assert (sleeping.done(), clock.sleepers) == (False, 1)

    clock.advance(0.02)
    assert clock.sleepers == 0
    await sleeping
    assert clock.monotonic() == 1.0
    assert clock.now() == START + timedelta(seconds=1)


async def test_who_gave_up_is_not_counted() -> None:
    """A cancelled sleep leaves nothing behind that would seem to wait for the call."""
    clock = CallTime(START)
    sleeping = asyncio.create_task(clock.sleep(5.0))
    await asyncio.sleep(0)

    sleeping.cancel()
    await asyncio.gather(sleeping, return_exceptions=True)

    assert clock.sleepers == 0
    clock.advance(10.0)


async def test_no_time_is_slept_at_once() -> None:
    """Nothing waits for a frame that is not needed."""
    clock = CallTime(START)
    await clock.sleep(0.0)
    assert clock.monotonic() == 0.0
