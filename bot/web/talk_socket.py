"""The talk over a websocket: a page is told everything at once, and then what changes."""

from __future__ import annotations

from typing import Protocol

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from bot.web.context import Web
from bot.web.errors import tell
from bot.web.limits import Pace, Paces, Seats
from bot.web.links import Grant
from bot.web.mouth import FellBehindError, Listener
from bot.web.sockets import Close, HangUpError, first_of, next_frame, serve_socket
from bot.web.talk import Talk
from bot.web.talk_wire import (
    NotUnderstoodError,
    Request,
    Typing,
    read_request,
    refused_message,
    too_long,
    write,
)
from interviewer.ports import InterviewNotFoundError
from scenarios.load import UnknownItem

NOT_YOURS = "This link is for watching."


class Talks(Protocol):
    """Whoever holds the interviews of this process, as pages follow them."""

    async def talk(self, interview_id: str) -> Talk:
        """The talk of an interview.

        Raises `InterviewNotFoundError`, and `UnknownItem` where its pack is gone.
        """
        ...

    def hear(self, interview_id: str, request: Request) -> None:
        """Take what a page asks for, whose talk is open."""
        ...


def talk_routes(web: Web) -> list[BaseRoute]:
    """The socket beside the board."""
    seats, paces = Seats(), Paces(web.app.services.clock)

    async def follow(websocket: WebSocket) -> None:
        interview = websocket.path_params["interview"]

        async def attend(grant: Grant) -> None:
            with paces.taken(grant.link) as pace:
                await _attend(web, websocket, interview, grant, pace)

        await serve_socket(websocket, web, seats, lambda grant: grant.may_see_board, attend)

    return [WebSocketRoute("/i/{interview}/talk", follow)]


async def _attend(web: Web, websocket: WebSocket, interview: str, grant: Grant, pace: Pace) -> None:
    try:
        talk = await web.talks.talk(interview)
    except (InterviewNotFoundError, UnknownItem) as err:
        await websocket.send_text(write(refused_message("", tell(err, "a talk"))))
        raise HangUpError(Close.NOT_NOW, "This talk cannot be followed.") from err
    with talk.audience.joined(answers=grant.may_talk) as listener:
        await first_of(
            _tell(websocket, talk, listener, guest=not grant.may_talk),
            _hear(web, websocket, interview, grant, pace),
            _until_ended(talk),
        )


async def _tell(websocket: WebSocket, talk: Talk, listener: Listener, *, guest: bool) -> None:
    """Everything that is there, and then what comes."""
    await websocket.send_text(write(await talk.state(guest=guest)))
    if not guest:
        await websocket.send_text(write(await talk.turns()))
        ending = await talk.ending()
        if ending is not None:
            await websocket.send_text(write(ending))
    try:
        while True:
            await websocket.send_text(await listener.next())
    except FellBehindError as err:
        raise HangUpError(Close.TOO_SLOW, "This page reads too slowly.") from err


async def _until_ended(talk: Talk) -> None:
    await talk.ended.wait()
    raise HangUpError(Close.RESTARTING, "This talk is not followed here any more.")


async def _hear(web: Web, websocket: WebSocket, interview: str, grant: Grant, pace: Pace) -> None:
    while (frame := await next_frame(websocket, pace)) is not None:
        try:
            request = read_request(frame)
        except NotUnderstoodError as err:
            raise HangUpError(Close.NOT_UNDERSTOOD, str(err)) from err
        reason = too_long(request) if grant.may_talk else NOT_YOURS
        if reason is None:
            web.talks.hear(interview, request)
        elif not isinstance(request, Typing):
            await websocket.send_text(write(refused_message(request.origin, reason)))
