"""The library's voice connection, mended where it stays broken.

discord.py 2.7.1 takes up to 30 s to come back after an abnormal close (its reader thread waits on
the old socket), never succeeds in resuming, gives up on errors other than a close, and sends frames
in the clear where the keys of an encrypted call are not there yet. It has no public way to change
that; `tests/bot/discord/voice/test_voice_pin.py` guards the names used here.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiohttp
from discord import ConnectionClosed
from discord.gateway import DiscordVoiceWebSocket
from discord.utils import MISSING
from discord.voice_state import ConnectionFlowState, VoiceConnectionState

from bot.discord.voice.watchdog import Cure, Delays, cure_for

if TYPE_CHECKING:
    from discord import VoiceClient
    from discord.types.voice import GuildVoiceState, VoiceServerUpdate

_LOG = logging.getLogger(__name__)

CLOSING_S = 0.3
"""Time that the other side has to answer a close; one that has crashed never does."""

NEWS_S = 0.5
"""Time in which the main gateway tells of a move or a kick that closed the connection."""

RESUME_S = 1.0
ATTEMPT_S = 8.0
"""Time for one attempt to resume, and to join anew."""

GIVE_UP_S = 600.0
"""Time after which the bot is taken to be out of the channel for good, though nobody said so."""

LINGERING_S = 1.0
"""Time that the reader thread has to let go of a socket."""

RESTART = 4_000
"""Close code that the bot gives when it starts anew."""

_LOST = (ConnectionClosed, aiohttp.ClientError, OSError)
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, struct.error)
_HANDSHAKING = (
    ConnectionFlowState.got_both_voice_updates,
    ConnectionFlowState.websocket_connected,
    ConnectionFlowState.got_ip_discovery,
)


class HearingSocket(DiscordVoiceWebSocket):
    """The websocket to a voice server; outlives messages that make no sense, closes in no time."""

    stats: Counter[str]

    async def poll_event(self) -> None:
        """Wait for a message and act on it; one that cannot be acted on is counted."""
        try:
            await super().poll_event()
        except _MALFORMED:
            self.stats["bad_gateway_message"] += 1

    async def received_message(self, msg: dict[str, Any]) -> None:
        """Act on a message; a session that was resumed goes on with its key."""
        if msg["op"] == self.RESUMED:
            self.secret_key = self._connection.secret_key
        await super().received_message(msg)

    async def close(self, code: int = 1000) -> None:
        """Close without waiting long for an answer."""
        with suppress(TimeoutError):
            await asyncio.wait_for(super().close(code), CLOSING_S)


class HearingConnection(VoiceConnectionState):
    """Keeps connected until the bot leaves, is removed, or cannot come back for `GIVE_UP_S`.

    `stats` counts what happened. `changed` is called with False when the connection is lost, with
    True when the call can be heard again.
    """

    def __init__(
        self,
        voice_client: VoiceClient,
        hook: Callable[..., Any],
        changed: Callable[[bool], None],
        stats: Counter[str],
    ) -> None:
        super().__init__(voice_client, hook=hook)
        self.stats = stats
        self.is_mending = False
        self._changed = changed
        self._is_lost = False
        self._delays = Delays()

    @property
    def can_encrypt(self) -> bool:
        """Whether frames are end-to-end encrypted: wherever the call is.

        Without keys the encryption raises; the library's own answer would let the frame out in the
        clear.
        """
        return self.dave_protocol_version != 0

    @property
    def may_send(self) -> bool:
        """Whether sound can be sent, encrypted where the call is."""
        whole = self.is_connected() and not self.is_mending
        return whole and (not self.can_encrypt or self._has_keys)

    @property
    def waits_for_keys(self) -> bool:
        """Whether people are in this encrypted call with whom no keys are agreed on."""
        return self.can_encrypt and not self._has_keys and not self._is_alone

    @property
    def _has_keys(self) -> bool:
        return self.dave_session is not None and self.dave_session.ready

    @property
    def _is_alone(self) -> bool:
        return set(self.voice_client.channel.voice_states) <= {self.user.id}

    async def disconnect(
        self, *, force: bool = True, cleanup: bool = True, wait: bool = False
    ) -> None:
        """Leave the channel; for good where `cleanup` is."""
        self._release_reader()
        if cleanup and self._runner and not self._inside_runner():
            self._runner.cancel()
        wait = wait and self.is_connected()
        await super().disconnect(force=force, cleanup=cleanup, wait=wait)

    async def soft_disconnect(
        self,
        *,
        with_state: ConnectionFlowState = ConnectionFlowState.got_both_voice_updates,
    ) -> None:
        """Close the connection to the voice server, to open another."""
        self._release_reader()
        await super().soft_disconnect(with_state=with_state)

    async def voice_state_update(self, data: GuildVoiceState) -> None:
        """The bot joined, was moved or was removed."""
        channel_id = int(data["channel_id"] or 0)
        elsewhere = channel_id not in (0, self.voice_client.channel.id)
        if elsewhere and self.is_mending and self.state in _HANDSHAKING:
            self._update_voice_channel(channel_id)
            await self.ws.close(RESTART)
            return
        await super().voice_state_update(data)
        if elsewhere and self.voice_client.channel.id != channel_id:
            self._update_voice_channel(channel_id)

    async def voice_server_update(self, data: VoiceServerUpdate) -> None:
        """The call has another voice server; an attempt that is under way begins again."""
        if self.is_mending and self.state in _HANDSHAKING:
            if data["token"] != self.token:
                await self.ws.close(RESTART)
            return
        await super().voice_server_update(data)

    def _update_voice_channel(self, channel_id: int | None) -> None:
        if channel_id is None or self.guild.get_channel(channel_id) is not None:
            super()._update_voice_channel(channel_id)

    def _release_reader(self) -> None:
        """Wake the reader thread, which may wait on this socket for 30 s, and have it pause.

        The socket is closed later. Were its number given to the next one at once, a thread that is
        just waking would go on waiting: for a socket that is not the one it was told of.
        """
        self._socket_reader.pause()
        if self.socket is MISSING:
            return
        old, self.socket = self.socket, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        with suppress(OSError):
            old.shutdown(socket.SHUT_RDWR)
        self.voice_client.loop.call_later(LINGERING_S, old.close)

    def _create_socket(self) -> None:
        self._release_reader()
        if self.socket is not MISSING:
            self.socket.close()
        super()._create_socket()

    async def _connect_websocket(self, resume: bool) -> DiscordVoiceWebSocket:
        heard = self.ws.seq_ack if resume else -1
        ws = await HearingSocket.from_connection_state(
            self, resume=resume, hook=self.hook, seq_ack=heard
        )
        ws.stats = self.stats
        self.state = ConnectionFlowState.websocket_connected
        return ws

    async def _poll_voice_ws(self, reconnect: bool) -> None:
        """Handle the gateway's messages, and mend the connection whenever it breaks."""
        while self.state is not ConnectionFlowState.disconnected:
            try:
                await self.ws.poll_event()
            except _LOST as err:
                await self._mend(err.code if isinstance(err, ConnectionClosed) else None)
            self._tell_if_restored()

    async def _mend(self, code: int | None) -> None:
        _LOG.warning("voice connection lost, close code %s", code)
        self.stats["lost"] += 1
        if not self._is_lost:
            self._is_lost = True
            self._changed(False)
        self.is_mending = True
        try:
            await self.ws.close(RESTART)
            await self._apply(cure_for(code))
        finally:
            self.is_mending = False
            if self.is_connected():
                self._expecting_disconnect = False

    async def _apply(self, cure: Cure) -> None:
        if cure is Cure.END:
            await self.disconnect()
            return
        with suppress(*_LOST):
            if cure is Cure.RESUME:
                await asyncio.wait_for(self._resume(), RESUME_S)
                return
            if cure is Cure.FOLLOW:
                await self._follow()
                return
        deadline = self.voice_client.loop.time() + GIVE_UP_S
        while not await self._rejoins():
            if self.voice_client.loop.time() > deadline:
                await self.disconnect()
                return

    async def _resume(self) -> None:
        """The same session again: nobody sees the bot leave, and keys and sources stay."""
        self.ws = await self._connect_websocket(True)
        await self._handshake_websocket()

    async def _follow(self) -> None:
        """Go to the voice server that the main gateway names; raises `TimeoutError` without news.

        A removal needs nothing: its news cancel this.
        """
        states = ConnectionFlowState
        news = self._wait_for_state(states.got_voice_server_update, states.got_both_voice_updates)
        await asyncio.wait_for(news, NEWS_S)
        if not await asyncio.wait_for(self._potential_reconnect(), ATTEMPT_S):
            raise TimeoutError

    async def _rejoins(self) -> bool:
        """Whether one more attempt succeeded."""
        voice = self.self_voice_state or self
        deaf, mute = voice.self_deaf, voice.self_mute
        await asyncio.sleep(self._delays.following(self.voice_client.loop.time()))
        await self.disconnect(cleanup=False)
        try:
            await asyncio.wait_for(self._inner_connect(True, deaf, mute, False), ATTEMPT_S)
        except _LOST as err:
            _LOG.warning("no voice connection yet: %s", type(err).__name__)
            return False
        self.stats["rejoined"] += 1
        return self.is_connected()

    def _tell_if_restored(self) -> None:
        if self._is_lost and self.is_connected() and not self.waits_for_keys:
            self._is_lost = False
            _LOG.info("voice connection restored")
            self._changed(True)
