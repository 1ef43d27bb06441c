"""Work beside other work."""

import asyncio

import pytest

from bot.console.company import in_company_of
from bot.doors import Advice, UsageError


async def fail_with(error: Exception) -> None:
    """A device that breaks off."""
    await asyncio.sleep(0)
    raise error


async def run_for_ever() -> None:
    """A device that does not."""
    await asyncio.Event().wait()


async def test_a_failure_beside_ends_the_work_with_its_error_and_the_advice() -> None:
    """A microphone that is pulled out ends a sitting that says how to go on with it."""

    async def sit() -> None:
        try:
            await run_for_ever()
        except asyncio.CancelledError as err:
            err.add_note(Advice("hotseat resume abc"))
            raise

    with pytest.raises(UsageError, match="gone") as raised:
        async with in_company_of(fail_with(UsageError("the microphone is gone"))):
            await sit()

    assert raised.value.__notes__ == ["hotseat resume abc"]
    await asyncio.sleep(0)  # the cancellation was used up


async def test_what_runs_beside_ends_with_the_work() -> None:
    """Nothing goes on once the card is shown."""
    beside = asyncio.ensure_future(run_for_ever())
    async with in_company_of(beside):
        await asyncio.sleep(0)
    assert beside.cancelled()


async def test_a_cancellation_from_outside_stays_one() -> None:
    """Ctrl+C is no error of the device."""

    async def sit() -> None:
        async with in_company_of(run_for_ever()):
            await run_for_ever()

    sitting = asyncio.create_task(sit())
    await asyncio.sleep(0)
    sitting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sitting
