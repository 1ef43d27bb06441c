"""The websocket of a board: what a page draws goes in, what others draw comes out."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from bot.web.board_wire import NoBoardFrameError, Pointer, Sent, read_frame
from bot.web.context import Web
from bot.web.limits import Pace, Paces, Seats
from bot.web.links import Grant, Role
from bot.web.live_board import Client, LiveBoard
from bot.web.sockets import Close, HangUpError, first_of, next_frame, serve_socket

LARGE_FRAME = 64 * 1024
"""Characters of a frame that is read beside the loop, since that takes longer than its turn."""

BETWEEN_SENDS_S = 0.015
"""What comes meanwhile is sent together: eyes see no difference, and many who draw cost less."""

STALLED_S = 30.0
"""How long a connection waits whose updates find no room."""

_NAMES = {Role.OWNER: "Candidate", Role.CANDIDATE: "Candidate", Role.EDITOR: "Guest"}


def board_routes(web: Web) -> list[BaseRoute]:
    """The board of each interview."""
    seats, paces = Seats(), Paces(web.app.services.clock)

    async def board(websocket: WebSocket) -> None:
        attend = partial(_attend, websocket, web, paces)
        await serve_socket(websocket, web, seats, lambda grant: grant.may_see_board, attend)

    return [WebSocketRoute("/i/{interview}/board", board)]


async def _attend(websocket: WebSocket, web: Web, paces: Paces, grant: Grant) -> None:
    interview = websocket.path_params["interview"]
    async with web.boards.open(interview) as board:
        name = grant.name or _NAMES.get(grant.role, "Viewer")
        client = board.join(grant.person, name, edits=grant.may_draw)
        try:
            with paces.taken(grant.link) as pace:
                await first_of(
                    _receive(websocket, board, client, pace),
                    _send(websocket, client),
                    _until_overflow(client),
                    _until_ended(board),
                )
        finally:
            board.leave(client)


async def _receive(websocket: WebSocket, board: LiveBoard, client: Client, pace: Pace) -> None:
    while (frame := await next_frame(websocket, pace)) is not None:
        sent = await _read(frame)
        if not isinstance(sent, Pointer):
            await _room_on(board)
            board.draw(client, sent)
        elif pace.allows_pointer():
            board.point(client, sent.x, sent.y)


async def _room_on(board: LiveBoard) -> None:
    """Read no further while too much waits; raises `HangUpError` where that lasts."""
    try:
        async with asyncio.timeout(STALLED_S):
            await board.room()
    except TimeoutError:
        reason = "What is drawn cannot be stored right now; your browser keeps it."
        raise HangUpError(Close.NOT_NOW, reason) from None


async def _read(frame: str) -> Sent:
    try:
        if len(frame) > LARGE_FRAME:
            return await asyncio.to_thread(read_frame, frame)
        return read_frame(frame)
    except NoBoardFrameError as err:
        raise HangUpError(Close.NOT_UNDERSTOOD, "This is not a message of our page.") from err


async def _send(websocket: WebSocket, client: Client) -> None:
    while True:
        for frame in await client.outbox.take():
            await websocket.send_text(frame)
        await asyncio.sleep(BETWEEN_SENDS_S)


async def _until_overflow(client: Client) -> None:
    await client.outbox.overflowing.wait()
    raise HangUpError(Close.TOO_SLOW, "This browser reads too slowly; it begins again.")


async def _until_ended(board: LiveBoard) -> None:
    await board.ended.wait()
    raise HangUpError(Close.RESTARTING, "The server stops or restarts.")
