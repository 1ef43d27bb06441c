"""The gateway, v10: sessions, intents, sequence numbers, resumes, and what can go wrong.

https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.discord_stub import voice_channels
from tests.discord_stub.channels import GUILD_MEMBERS

if TYPE_CHECKING:
    from tests.discord_stub.faults import Disorder
    from tests.discord_stub.messages import Message
    from tests.discord_stub.state import Guild, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11

UNKNOWN_OPCODE, NOT_AUTHENTICATED, WRONG_TOKEN, ALREADY_AUTHENTICATED = 4001, 4003, 4004, 4005
DISALLOWED_INTENTS = 4014

GUILDS, VOICE_STATES, GUILD_PRESENCES = 1 << 0, 1 << 7, 1 << 8
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = {
    "members": GUILD_MEMBERS,
    "presences": GUILD_PRESENCES,
    "message_content": MESSAGE_CONTENT,
}

_IN_GUILD = {
    "GUILD_MEMBER_ADD": GUILD_MEMBERS,
    "GUILD_MEMBER_REMOVE": GUILD_MEMBERS,
    "VOICE_STATE_UPDATE": VOICE_STATES,
    "MESSAGE_CREATE": 1 << 9,
    "MESSAGE_UPDATE": 1 << 9,
    "MESSAGE_DELETE": 1 << 9,
    "MESSAGE_REACTION_ADD": 1 << 10,
    "MESSAGE_REACTION_REMOVE": 1 << 10,
    "TYPING_START": 1 << 11,
}
_IN_DIRECT = {
    "MESSAGE_CREATE": 1 << 12,
    "MESSAGE_UPDATE": 1 << 12,
    "MESSAGE_DELETE": 1 << 12,
    "CHANNEL_PINS_UPDATE": 1 << 12,
    "MESSAGE_REACTION_ADD": 1 << 13,
    "MESSAGE_REACTION_REMOVE": 1 << 13,
    "TYPING_START": 1 << 14,
}
_WITHOUT_INTENT = {"INTERACTION_CREATE", "READY", "RESUMED", "VOICE_SERVER_UPDATE"}

HEARTBEAT_MS = 41_250
RESUMABLE_S = 120.0
"""How long a session without a connection is kept; Discord does not say how long."""

MOST_KEPT = 20_000
"""Events kept for resumes."""


class Session:
    """What one identified client has been sent, and its connection while it has one."""

    def __init__(self, intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.sequence = 0
        self.kept: deque[tuple[int, str]] = deque(maxlen=MOST_KEPT)
        self.outbox: asyncio.Queue[str] | None = None
        self.socket: web.WebSocketResponse | None = None
        self.request: web.Request | None = None
        self.lost_at = 0.0

    @property
    def connected(self) -> bool:
        """Whether somebody is listening now."""
        return self.outbox is not None

    @property
    def gone(self) -> bool:
        """Whether it is too late to resume."""
        return not self.connected and time.monotonic() - self.lost_at > RESUMABLE_S

    def give(self, event: str, data: str) -> None:
        """Number an event, keep it for a resume, and send it if somebody listens."""
        self.sequence += 1
        frame = f'{{"op":0,"t":"{event}","s":{self.sequence},"d":{data}}}'
        self.kept.append((self.sequence, frame))
        self.push(frame)

    def push(self, frame: str) -> None:
        """Send a frame as it is, if somebody listens."""
        if self.outbox is not None:
            self.outbox.put_nowait(frame)


class Gateway:
    """All sessions. The bot connects to `handle`; the world calls `dispatch`.

    Attributes:
        refused_until: monotonic time before which connections are turned away.
        identifies: how often somebody identified; `resumes`, how often somebody resumed.
    """

    def __init__(self, world: World, token: str, disorder: Disorder) -> None:
        self._world = world
        self._token = token
        self._disorder = disorder
        self.sessions: dict[str, Session] = {}
        self.url = ""
        self.refused_until = 0.0
        self.identifies = 0
        self.resumes = 0

    @property
    def connected(self) -> bool:
        """Whether any session hears events now."""
        return any(session.connected for session in self.sessions.values())

    @property
    def reachable(self) -> bool:
        """Whether an event sent now can still reach a session."""
        return any(not session.gone for session in self.sessions.values())

    def dispatch(
        self, event: str, payload: dict[str, Any], *, direct: bool = False, intent: int = ~0
    ) -> None:
        """Send an event to every session that asked for it; `intent` asks for one more."""
        data = None
        for session in self._listening(event, direct=direct):
            if not session.intents & intent:
                continue
            data = data or json.dumps(payload)
            self._disorder.deliver(session, event, data)

    def dispatch_message(self, event: str, message: Message) -> None:
        """The same for a message, whose words some sessions may not read."""
        full = bare = None
        for session in self._listening(event, direct=message.channel.guild is None):
            if session.intents & MESSAGE_CONTENT or message.open_to_bot():
                full = full or json.dumps(_message_event(event, message, with_content=True))
                self._disorder.deliver(session, event, full)
            else:
                bare = bare or json.dumps(_message_event(event, message, with_content=False))
                self._disorder.deliver(session, event, bare)

    def _listening(self, event: str, *, direct: bool) -> list[Session]:
        for session in [each for each in self.sessions.values() if each.gone]:
            del self.sessions[session.id]
        if event in _WITHOUT_INTENT:
            return list(self.sessions.values())
        needed = (_IN_DIRECT if direct else _IN_GUILD).get(event, GUILDS)
        return [each for each in self.sessions.values() if each.intents & needed]

    def guild_gone(self, guild: Guild) -> None:
        """The bot is no member of a guild any more."""
        self.dispatch("GUILD_DELETE", {"id": str(guild.id)})

    def guild_new(self, guild: Guild) -> None:
        """The bot has become a member of a guild."""
        for session in self._listening("GUILD_CREATE", direct=False):
            self._disorder.deliver(session, "GUILD_CREATE", self._guild_data(guild, session))

    def _guild_data(self, guild: Guild, session: Session) -> str:
        payload = guild.payload(
            all_members=bool(session.intents & GUILD_MEMBERS),
            with_voice=bool(session.intents & VOICE_STATES),
        )
        return json.dumps(payload)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection of a client, from HELLO to its end."""
        if time.monotonic() < self.refused_until:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        outbox: asyncio.Queue[str] = asyncio.Queue()
        outbox.put_nowait(_frame(HELLO, {"heartbeat_interval": HEARTBEAT_MS}))
        writer = asyncio.create_task(_write(socket, outbox))
        connection = _Connection(self, request, socket, outbox)
        try:
            await connection.listen()
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer
            connection.ended()
        return socket

    def identify(self, data: dict[str, Any]) -> Session | int:
        """A new session, or the close code for who may not have one."""
        if data.get("token") != self._token:
            return WRONG_TOKEN
        intents = data.get("intents", 0)
        if any(
            intents & bit and name not in self._world.privileged for name, bit in PRIVILEGED.items()
        ):
            return DISALLOWED_INTENTS
        self.identifies += 1
        session = Session(intents)
        self.sessions[session.id] = session
        return session

    def welcome(self, session: Session) -> None:
        """READY, and the guilds one by one."""
        world = self._world
        guilds = [guild for guild in world.guilds.values() if guild.has_bot]
        ready = {
            "v": 10,
            "user": world.bot.payload() | {"verified": True, "mfa_enabled": False},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(world.application_id), "flags": application_flags(world)},
            "private_channels": [],
        }
        session.give("READY", json.dumps(ready))
        for guild in guilds:
            session.give("GUILD_CREATE", self._guild_data(guild, session))

    def resume(self, data: dict[str, Any]) -> Session | int:
        """The session to go on with; INVALID_SESSION where there is none, or a close code."""
        if data.get("token") != self._token:
            return WRONG_TOKEN
        session = self.sessions.get(str(data.get("session_id")))
        if session is None or session.gone or (data.get("seq") or 0) > session.sequence:
            return INVALID_SESSION
        self.resumes += 1
        return session

    def members(self, session: Session, data: dict[str, Any]) -> None:
        """Answer a request for members."""
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        wanted = {int(user) for user in data.get("user_ids", [])}
        query = str(data.get("query") or "").lower()
        found = [
            member.payload()
            for member in guild.members.values()
            if (member.user.id in wanted if wanted else member.user.name.startswith(query))
        ]
        chunk = {"guild_id": str(guild.id), "members": found, "chunk_index": 0, "chunk_count": 1}
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        session.give("GUILD_MEMBERS_CHUNK", json.dumps(chunk))

    def cut(self, *, resumable: bool = True) -> None:
        """Every connection breaks without a word."""
        for session in list(self.sessions.values()):
            if session.request is not None and session.request.transport is not None:
                session.request.transport.abort()
            if not resumable:
                self.forget(session)

    def order(self, op: int, data: Any = None) -> None:
        """Send an operation (RECONNECT, INVALID_SESSION, HEARTBEAT) to everybody connected."""
        for session in list(self.sessions.values()):
            session.push(_frame(op, data))

    def adopted(self) -> None:
        """Somebody listens again."""
        self._world.changes.notify(self._world.bot.id)

    def forget(self, session: Session) -> None:
        """Nobody can resume this session."""
        self.sessions.pop(session.id, None)
        if not self.reachable:
            voice_channels.leave_everywhere(self._world, self._world.bot)
            self._world.changes.notify_all()

    def voice_state(self, data: dict[str, Any]) -> None:
        """The bot wants to be in a voice channel, or in none."""
        voice_channels.obey_bot(self._world, data)


class _Connection:
    """One websocket and the session it speaks for, once it has one."""

    def __init__(
        self,
        gateway: Gateway,
        request: web.Request,
        socket: web.WebSocketResponse,
        outbox: asyncio.Queue[str],
    ) -> None:
        self._gateway = gateway
        self._request = request
        self._socket = socket
        self._outbox = outbox
        self._session: Session | None = None

    async def listen(self) -> None:
        """Take frames until the connection ends."""
        async for frame in self._socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            message = json.loads(frame.data)
            code = self._take(message["op"], message.get("d"))
            if code is not None:
                await self._socket.close(code=code)

    def _take(self, op: int, data: Any) -> int | None:
        """Act on a frame; a close code ends the connection."""
        if op == HEARTBEAT:
            self._outbox.put_nowait(_frame(HEARTBEAT_ACK, None))
        elif op in (IDENTIFY, RESUME):
            return self._open(op, data)
        elif self._session is None:
            return NOT_AUTHENTICATED
        elif op == REQUEST_MEMBERS:
            self._gateway.members(self._session, data)
        elif op == VOICE_STATE:
            self._gateway.voice_state(data)
        elif op != PRESENCE:
            return UNKNOWN_OPCODE
        return None

    def _open(self, op: int, data: dict[str, Any]) -> int | None:
        if self._session is not None:
            return ALREADY_AUTHENTICATED
        found = self._gateway.identify(data) if op == IDENTIFY else self._gateway.resume(data)
        if found == INVALID_SESSION:
            self._outbox.put_nowait(_frame(INVALID_SESSION, False))
            return None
        if isinstance(found, int):
            return found
        self._adopt(found)
        self._gateway.adopted()
        if op == IDENTIFY:
            self._gateway.welcome(found)
        else:
            for sequence, frame in found.kept:
                if sequence > (data.get("seq") or 0):
                    found.push(frame)
            found.give("RESUMED", "{}")
        return None

    def _adopt(self, session: Session) -> None:
        self._session = session
        session.outbox, session.socket, session.request = self._outbox, self._socket, self._request

    def ended(self) -> None:
        """The session waits for a resume, unless the client said that it is over."""
        session = self._session
        if session is None or session.outbox is not self._outbox:
            return
        session.outbox = session.socket = session.request = None
        session.lost_at = time.monotonic()
        if self._socket.close_code in (1000, 1001):
            self._gateway.forget(session)


def application_flags(world: World) -> int:
    """Which privileged intents the application has, as its flags say it."""
    bits = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
    return sum(bits[name] for name in world.privileged)


def _message_event(event: str, message: Message, *, with_content: bool) -> dict[str, Any]:
    payload = message.event_payload(with_content=with_content)
    if event == "MESSAGE_CREATE" and message.nonce is not None:
        payload["nonce"] = message.nonce
    return payload


def _frame(op: int, data: Any) -> str:
    return json.dumps({"op": op, "d": data, "s": None, "t": None})


async def _write(socket: web.WebSocketResponse, outbox: asyncio.Queue[str]) -> None:
    while True:
        frame = await outbox.get()
        await socket.send_str(frame)
