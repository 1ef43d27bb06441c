"""One websocket from its admission to its end: who is let in, and why it closes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from enum import IntEnum
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.web.context import Web
from bot.web.entry import Allowed, grant_for, seconds_left
from bot.web.errors import tell
from bot.web.limits import MOST_FRAME_BYTES, Pace, Seats, TooManyError
from bot.web.links import Grant
from bot.web.problems import NoGrantError
from bot.web.security import has_own_origin
from interviewer.ports import InterviewNotFoundError
from storage.errors import StorageError

CLOSING_S = 2.0
"""How long a browser that reads nothing is waited for."""

LOOKS_S = 60.0
"""How often it is looked whether a link still opens what it opened."""

_LONGEST_REASON = 120
"""The protocol takes 123 bytes; our sentences are ASCII."""


class Close(IntEnum):
    """Why a connection is closed, as the page is told."""

    RESTARTING = 1012
    NOT_NOW = 1013
    NOT_UNDERSTOOD = 4400
    NO_LINK = 4401
    LINK_ENDED = 4403
    TOO_SLOW = 4408
    TOO_LARGE = 4413
    TOO_FAST = 4429


class HangUpError(Exception):
    """The connection is to be closed; the message is for the person."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code


async def serve_socket(
    websocket: WebSocket,
    web: Web,
    seats: Seats,
    allowed: Allowed,
    attend: Callable[[Grant], Coroutine[Any, Any, None]],
) -> None:
    """Attend to a connection until the page leaves, its link ends, or `HangUpError` says so.

    A page of another server gets no connection. Whoever else may not come in is told by the code
    with which it closes, for which it has to be open first.
    """
    if not has_own_origin(websocket.headers, web.app.settings.web_address):
        await websocket.close()
        return
    await websocket.accept()
    address = websocket.client.host if websocket.client else ""
    interview = websocket.path_params["interview"]
    try:
        grant = await grant_for(websocket, interview, allowed)
        with seats.taken(interview, address):
            await _while_open(web, grant, interview, attend)
    except WebSocketDisconnect:
        return
    except NoGrantError as err:
        await _hang_up(websocket, Close.NO_LINK, str(err))
    except TooManyError as err:
        await _hang_up(websocket, Close.TOO_FAST, str(err))
    except HangUpError as err:
        await _hang_up(websocket, err.code, str(err))
    except (InterviewNotFoundError, StorageError) as err:
        await _hang_up(websocket, Close.NOT_NOW, tell(err, "a connection"))


async def next_frame(websocket: WebSocket, pace: Pace) -> str | None:
    """What the page sends next, None once it has left; raises `HangUpError`."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    frame = message.get("text")
    if frame is None:
        raise HangUpError(Close.NOT_UNDERSTOOD, "This is not a message of our page.")
    if len(frame) > MOST_FRAME_BYTES:
        raise HangUpError(Close.TOO_LARGE, "That is more than can be sent at once.")
    if not pace.allows(len(frame)):
        raise HangUpError(Close.TOO_FAST, "That was too much in too short a time.")
    return frame


async def first_of(*works: Awaitable[None]) -> None:
    """Do the works side by side until one ends, and stop the others; raises what it raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _while_open(
    web: Web, grant: Grant, interview: str, attend: Callable[[Grant], Coroutine[Any, Any, None]]
) -> None:
    with web.links.watching(grant) as revoked:
        await first_of(attend(grant), _until_revoked(revoked), _until_over(web, grant, interview))


async def _until_revoked(revoked: asyncio.Event) -> None:
    await revoked.wait()
    raise HangUpError(Close.LINK_ENDED, "This link has been revoked.")


async def _until_over(web: Web, grant: Grant, interview: str) -> None:
    """Look again and again: links end by time, and by what other processes revoke and delete."""
    while (left := await _seconds_left(web, grant, interview)) > 0:
        await web.app.services.clock.sleep(min(left, LOOKS_S))
    raise HangUpError(Close.LINK_ENDED, "This link has ended.")


async def _seconds_left(web: Web, grant: Grant, interview: str) -> float:
    try:
        return await seconds_left(web, grant, interview)
    except StorageError:
        # A database that cannot be read for a while puts nobody out.
        return LOOKS_S


async def _hang_up(websocket: WebSocket, code: Close, reason: str) -> None:
    with suppress(WebSocketDisconnect, TimeoutError):
        async with asyncio.timeout(CLOSING_S):
            await websocket.close(code, reason[:_LONGEST_REASON])
