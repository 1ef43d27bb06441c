"""Work that goes on beside other work, and takes it down with it when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import cast


@asynccontextmanager
async def in_company_of(other: Awaitable[None]) -> AsyncIterator[None]:
    """Run `other` meanwhile; when that fails, what is going on here ends with its error.

    The error carries the notes that were added to the end of the work here.
    """
    me = cast("asyncio.Task[None]", asyncio.current_task())
    beside = asyncio.ensure_future(other)

    def stop(done: asyncio.Future[None]) -> None:
        if not done.cancelled() and done.exception() is not None:
            me.cancel()

    beside.add_done_callback(stop)
    try:
        yield
    except asyncio.CancelledError as stopped:
        failure = beside.exception() if beside.done() and not beside.cancelled() else None
        if failure is None:
            raise
        me.uncancel()
        for note in getattr(stopped, "__notes__", ()):
            failure.add_note(note)
        raise failure from None
    finally:
        beside.remove_done_callback(stop)
        beside.cancel()
        await asyncio.gather(beside, return_exceptions=True)
