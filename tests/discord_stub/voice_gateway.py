"""The voice gateway, v8: one connection of the bot, from HELLO to its end, and its resumes.

https://discord.com/developers/docs/topics/voice-connections and
https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import struct
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.discord_stub.voice_media import MODES, OPUS_PAYLOAD, SPOKEN, Seal, read_header

if TYPE_CHECKING:
    from tests.discord_stub.voice import Voice
    from tests.discord_stub.voice_calls import VoiceCall
    from tests.discord_stub.voice_channels import VoiceState
    from tests.discord_stub.voice_server import VoiceServer

IDENTIFY, SELECT_PROTOCOL, READY, HEARTBEAT, DESCRIPTION, SPEAKING = 0, 1, 2, 3, 4, 5
HEARTBEAT_ACK, RESUME, HELLO, RESUMED, CLIENTS_CONNECT, CLIENT_DISCONNECT = 6, 7, 8, 9, 11, 13
PREPARE_TRANSITION, EXECUTE_TRANSITION, TRANSITION_READY, PREPARE_EPOCH = 21, 22, 23, 24
EXTERNAL_SENDER, KEY_PACKAGE, PROPOSALS, COMMIT_WELCOME = 25, 26, 27, 28
ANNOUNCE_COMMIT, WELCOME, INVALID_COMMIT = 29, 30, 31

UNKNOWN_OPCODE, NOT_AUTHENTICATED, WRONG_TOKEN, ALREADY_AUTHENTICATED = 4001, 4003, 4004, 4005
INVALID_SESSION, UNKNOWN_PROTOCOL, DISCONNECTED, SERVER_CRASHED = 4006, 4012, 4014, 4015
UNKNOWN_MODE, E2EE_REQUIRED = 4016, 4017

ANNOUNCED_WITHIN_S = 0.5
"""How much later than its first packet a talk's op 5 may come."""

SPURT_S = 2.0
"""Packets this long after the first one without op 5 belong to another talk."""

MOST_KEPT = 200
"""Frames that are kept for a resume."""


class BotSession:
    """The bot's voice session in one server.

    Attributes:
        ssrc: the number of its own packets.
        call: the call that it is in, once it has chosen a protocol.
        address: where its packets come from, once it has asked for that.
        is_speaking: what it said last of itself (op 5).
        dave: the version of end-to-end encryption that was agreed on.
    """

    def __init__(self, voice: Voice, server: VoiceServer, state: VoiceState, ssrc: int) -> None:
        self.voice = voice
        self.server = server
        self.state = state
        self.ssrc = ssrc
        self.user_id = state.user.id
        self.seal = Seal()
        self.call: VoiceCall | None = None
        self.address: tuple[str, int] | None = None
        self.is_speaking = False
        self.dave = 0
        self.most_dave = 0
        self._last_packet_at = time.monotonic()
        self._unannounced_since: float | None = None
        self._last_nonce = -1
        self._complaints: set[str] = set()
        self._sequence = -1
        self._kept: deque[tuple[int, str | bytes]] = deque(maxlen=MOST_KEPT)
        self.connection: Connection | None = None

    @property
    def is_connected(self) -> bool:
        """Whether its websocket is open."""
        return self.connection is not None

    # --- to the bot ---------------------------------------------------------------------

    def send(self, op: int, data: Any) -> None:
        """A numbered frame, kept for a resume."""
        self._sequence += 1
        self._give(json.dumps({"op": op, "d": data, "seq": self._sequence}))

    def send_binary(self, op: int, data: bytes) -> None:
        """The same in bytes, as end-to-end encryption needs it."""
        self._sequence += 1
        self._give(struct.pack(">HB", self._sequence & 0xFFFF, op) + data)

    def _give(self, frame: str | bytes) -> None:
        self._kept.append((self._sequence, frame))
        if self.connection is not None:
            self.connection.push(frame)

    def replay(self, after: int) -> None:
        """Send again what came after that number."""
        for sequence, frame in self._kept:
            if sequence > after and self.connection is not None:
                self.connection.push(frame)

    def propose(self, proposals: bytes) -> None:
        """Op 27."""
        self.send_binary(PROPOSALS, proposals)

    def announce(self, transition: int, commit: bytes) -> None:
        """Op 29."""
        self.send_binary(ANNOUNCE_COMMIT, struct.pack(">H", transition) + commit)

    def welcome(self, transition: int, welcome: bytes) -> None:
        """Op 30."""
        self.send_binary(WELCOME, struct.pack(">H", transition) + welcome)

    def execute(self, transition: int) -> None:
        """Op 22."""
        self.send(EXECUTE_TRANSITION, {"transition_id": transition})

    # --- its packets --------------------------------------------------------------------

    def hears(self) -> bool:
        """Whether it gets voice now."""
        limit = self.voice.options.keepalive_timeout_s
        quiet_s = self._check_quiet(time.monotonic())
        return (
            self.address is not None
            and not self.state.is_deaf
            and (limit is None or quiet_s <= limit)
        )

    def touch(self, at: float) -> None:
        """Any packet of it has come."""
        self._check_quiet(at)
        self._last_packet_at = at

    def _check_quiet(self, at: float) -> float:
        """Seconds since the last packet; too many are a violation."""
        quiet_s = at - self._last_packet_at
        longest_s = self.voice.options.longest_quiet_s
        if quiet_s > longest_s:
            self.complain(f"no packet, not even a keepalive, for {longest_s:g} s")
        return quiet_s

    def send_packet(self, packet: bytes) -> None:
        """A packet as it is."""
        if self.address is not None:
            self.server.media.send(packet, self.address)

    def take_packet(self, packet: bytes, at: float) -> None:
        """A packet of the bot's player."""
        rtp = read_header(packet)
        if rtp is None or rtp.payload_type != OPUS_PAYLOAD:
            self.complain("a packet that is no opus in RTP")
        elif rtp.ssrc != self.ssrc:
            self.complain(f"a packet with ssrc {rtp.ssrc}, which is not {self.ssrc}")
        elif self.call is not None:
            self._check_announced(at)
            self._check_nonce(packet)
            try:
                frame = self.seal.open(packet)
            except ValueError as err:
                self.complain(f"a packet of which {err}")
                return
            self.call.from_bot(self, frame, at)

    def _check_announced(self, at: float) -> None:
        """Op 5 comes before the first packet, though the websocket may be slower than UDP."""
        if self.is_speaking:
            self._unannounced_since = None
        elif self._unannounced_since is None or at - self._unannounced_since > SPURT_S:
            self._unannounced_since = at
        elif at - self._unannounced_since > ANNOUNCED_WITHIN_S:
            self.complain("voice without op 5")

    def _check_nonce(self, packet: bytes) -> None:
        nonce = int.from_bytes(packet[-4:], "big")
        if nonce <= self._last_nonce:
            self.complain("a nonce that was used before")
        self._last_nonce = nonce

    def complain(self, violation: str) -> None:
        """Record a violation, once in this session."""
        if violation not in self._complaints:
            self._complaints.add(violation)
            self.voice.record(f"voice: {violation}")

    # --- from the bot -------------------------------------------------------------------

    def take(self, op: int, data: Any) -> int | None:
        """Act on a frame; a close code ends the connection."""
        if op == SELECT_PROTOCOL:
            return self._select(data)
        if op == SPEAKING:
            self._speak(data)
        elif op == TRANSITION_READY:
            self._transition_ready(data["transition_id"])
        elif op == INVALID_COMMIT and self.call is not None and self.call.group is not None:
            self.voice.invalid_commits += 1
            self.call.group.take_invalid()
        elif op not in (INVALID_COMMIT, CLIENTS_CONNECT + 1):
            return UNKNOWN_OPCODE
        return None

    def take_binary(self, data: bytes) -> int | None:
        """Act on a frame of end-to-end encryption."""
        group = self.call.group if self.call is not None else None
        op, body = data[0], data[1:]
        if op not in (KEY_PACKAGE, COMMIT_WELCOME):
            return UNKNOWN_OPCODE
        if group is not None and op == KEY_PACKAGE:
            group.add_bot(self, body)
        elif group is not None:
            group.take_commit(body)
        return None

    def _transition_ready(self, transition: int) -> None:
        call = self.call
        if call is not None and not call.bot_is_ready(transition) and call.group is not None:
            call.group.take_ready(transition)

    def _select(self, data: dict[str, Any]) -> int | None:
        if data["protocol"] != "udp":
            return UNKNOWN_PROTOCOL
        if data["data"]["mode"] != SPOKEN:
            return UNKNOWN_MODE
        call = self.voice.call_in(self.state.channel)
        self.dave = min(call.dave, self.most_dave)
        if self.dave < call.dave:
            return E2EE_REQUIRED
        self.send(
            DESCRIPTION,
            {
                "mode": SPOKEN,
                "secret_key": list(self.seal.key),
                "dave_protocol_version": self.dave,
                "audio_codec": "opus",
                "video_codec": "H264",
                "media_session_id": secrets.token_hex(16),
            },
        )
        call.bot_joins(self)
        return None

    def _speak(self, data: dict[str, Any]) -> None:
        if data["ssrc"] != self.ssrc:
            self.voice.record(f"op 5 with ssrc {data['ssrc']}, which is not {self.ssrc}")
        self.is_speaking = bool(data["speaking"])


class Connection:
    """One websocket, and the session it speaks for once it has one."""

    def __init__(
        self, voice: Voice, server: VoiceServer, request: web.Request, socket: web.WebSocketResponse
    ) -> None:
        self._voice = voice
        self._server = server
        self._request = request
        self._socket = socket
        self._outbox: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.session: BotSession | None = None
        self._code: int | None = None
        self._closed = asyncio.Event()

    def push(self, frame: str | bytes) -> None:
        """Send a frame as it is."""
        self._outbox.put_nowait(frame)

    def _push(self, op: int, data: Any) -> None:
        self.push(json.dumps({"op": op, "d": data}))

    async def run(self) -> None:
        """Everything until the connection ends."""
        self._push(HELLO, {"v": 8, "heartbeat_interval": self._voice.options.heartbeat_ms})
        writer = asyncio.create_task(self._write())
        try:
            await self._listen()
            if self._code is not None:
                # The close frame is on its way; the connection has to live that long.
                await self._closed.wait()
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await writer
            if self.session is not None and self.session.connection is self:
                self.session.connection = None
                code = self._code or self._socket.close_code or 1006
                self._voice.disconnected(self.session, code)

    async def close(self, code: int) -> None:
        """End the connection with a close code."""
        self._code = code
        try:
            with contextlib.suppress(ConnectionError):
                await self._socket.close(code=code)
        finally:
            self._closed.set()

    def abort(self) -> None:
        """Cut the line without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _write(self) -> None:
        while True:
            frame = await self._outbox.get()
            if isinstance(frame, str):
                await self._socket.send_str(frame)
            else:
                await self._socket.send_bytes(frame)

    async def _listen(self) -> None:
        async for frame in self._socket:
            if frame.type is WSMsgType.BINARY and self.session is not None:
                code = self.session.take_binary(frame.data)
            elif frame.type is WSMsgType.TEXT:
                message = json.loads(frame.data)
                code = self._take(message["op"], message.get("d"))
            else:
                code = NOT_AUTHENTICATED
            if code is not None:
                self._voice.refused.append(code)
                await self.close(code)

    def _take(self, op: int, data: Any) -> int | None:
        if op == HEARTBEAT:
            self._push(HEARTBEAT_ACK, {"t": data["t"] if isinstance(data, dict) else data})
            return None
        if op in (IDENTIFY, RESUME):
            if self.session is not None:
                return ALREADY_AUTHENTICATED
            return self._identify(data) if op == IDENTIFY else self._resume(data)
        if self.session is None:
            return NOT_AUTHENTICATED
        return self.session.take(op, data)

    def _identify(self, data: dict[str, Any]) -> int | None:
        session = self._voice.identify(self._server, data)
        if isinstance(session, int):
            return session
        self._adopt(session)
        host, port = self._server.media.address
        ready = {"ssrc": session.ssrc, "ip": host, "port": port, "modes": list(MODES)}
        self._push(READY, ready | {"experiments": [], "streams": []})
        return None

    def _resume(self, data: dict[str, Any]) -> int | None:
        session = self._voice.resume(data)
        if isinstance(session, int):
            return session
        self._adopt(session)
        self._push(RESUMED, None)
        session.replay(data.get("seq_ack", -1))
        return None

    def _adopt(self, session: BotSession) -> None:
        self.session = session
        session.connection = self
