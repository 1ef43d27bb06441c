"""A voice client that also hears: the people it was told to listen to, and nobody else."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord
from discord.enums import SpeakingState
from discord.gateway import DiscordVoiceWebSocket as Gateway
from discord.opus import OPUS_SILENCE
from discord.player import AudioPlayer

from bot.discord.voice.connection import RESTART, HearingConnection
from bot.discord.voice.dave import unwrap
from bot.discord.voice.opus import load_libopus
from bot.discord.voice.receiver import Receiver, Sink
from bot.discord.voice.rtp import Refused
from bot.discord.voice.source import SILENT_FRAME
from bot.discord.voice.ticker import Ticker
from bot.discord.voice.watchdog import HEALTHY_S, Delays, Vitals, Watchdog

_LOG = logging.getLogger(__name__)

KEEP_ALIVE_S = 5.0
"""Discord stops sending voice after 5 to 9 minutes in which nothing came by UDP
(https://github.com/Pycord-Development/pycord/issues/3388)."""

LOOK_S = 1.0
"""How often the watchdog looks."""

WAITING_DATAGRAMS = 4_096
"""Datagrams that may wait for a stalled event loop; beyond that the oldest go."""

TAIL_FRAMES = 6
"""Silent frames sent after speech: one flushes the encoder, five end the stream as Discord asks."""

CHECK_S = 0.02
"""How often a player that may not send looks whether it may."""

After = Callable[[Exception | None], Any]


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What is to be played until it is stopped, by one player after another if need be."""

    source: discord.AudioSource
    after: After | None
    encoder: dict[str, Any]


class HearingClient(discord.VoiceClient):
    """Joined with `await channel.connect(cls=HearingClient)`; raises `VoiceError` without libopus.

    A lost connection is mended for as long as the bot is not removed; people listened to and
    what is playing stay. `on_lost` and `on_restored` are called on the event loop around such an
    outage, `on_gone` when the bot is out of the channel for good. `stats` holds counts only.
    """

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        load_libopus()
        self.on_lost: Callable[[], None] | None = None
        self.on_restored: Callable[[], None] | None = None
        self.on_gone: Callable[[], None] | None = None
        self.stats: Counter[str] = Counter()
        super().__init__(client, channel)
        self._receiver = Receiver(self.loop, self._unwrap, self.stats)
        self._inbox: deque[bytes] = deque(maxlen=WAITING_DATAGRAMS)
        self._is_draining = False
        self._watchdog = Watchdog()
        self._tickers: list[Ticker] = []
        self._closing: asyncio.Task[None] | None = None
        self._gone = threading.Event()
        self._last_word_s = 0.0
        self._failed_sends = 0
        self._kept_alive = 0
        self._silent = 0
        self._wanted: _Wanted | None = None
        self._replays = Delays()
        self._player_failures = 0
        self._player_failed_s = 0.0

    def create_connection_state(self) -> HearingConnection:
        """The library's hook for a connection of one's own."""
        self._call = HearingConnection(self, self._on_gateway, self._on_change, self.stats)
        return self._call

    async def connect(
        self,
        *,
        reconnect: bool,
        timeout: float,  # noqa: ASYNC109 (the library's signature)
        self_deaf: bool = False,
        self_mute: bool = False,
    ) -> None:
        """Join; called by the library."""
        await super().connect(
            reconnect=reconnect, timeout=timeout, self_deaf=self_deaf, self_mute=self_mute
        )
        self._tickers = [
            Ticker(self.loop, KEEP_ALIVE_S, self._keep_alive),
            Ticker(self.loop, LOOK_S, self._look),
        ]

    async def disconnect(self, *, force: bool = True) -> None:
        """Leave for good, also in the middle of an outage."""
        del force
        await super().disconnect(force=True)

    def cleanup(self) -> None:
        """Stop everything; called by the library whenever the bot is out of the channel for good.

        Does nothing the second time.
        """
        super().cleanup()
        self._receiver.close()
        for ticker in self._tickers:
            ticker.stop()
        was_in_call = bool(self._tickers) and not self._gone.is_set()
        self._gone.set()
        if was_in_call and self.on_gone:
            self.on_gone()

    def look_again(self) -> None:
        """The main gateway has a new session: have its news of the call come here again.

        The library forgets its voice clients with the old one, and has no public way to tell it.
        """
        if not self._gone.is_set():
            self.client._connection._add_voice_client(self.guild.id, self)

    async def rejoin(self, channel: discord.VoiceChannel | discord.StageChannel) -> None:
        """Go on in the new session's `channel`, as an outage: Discord dropped the old session."""
        self.channel = channel
        if not self._gone.is_set():
            await self.ws.close(RESTART)

    # Hearing

    def listen_to(self, user_id: int, sink: Sink) -> None:
        """Give `sink` 50 frames a second of that person from now on, on the event loop.

        A frame is 320 samples, silence where nothing comes, also in an outage. Raises `ValueError`
        for a bot. Replaces the sink of somebody listened to already.
        """
        user = self.guild.get_member(user_id) or self.client.get_user(user_id)
        if user_id == self.user.id or (user is not None and user.bot):
            raise ValueError(f"{user_id} is a bot: bots are never listened to")
        self._receiver.listen_to(user_id, sink)

    def stop_listening(self, user_id: int) -> None:
        """Hear nothing of that person from the next frame on; what was waiting is gone."""
        self._receiver.stop_listening(user_id)

    def _unwrap(self, user_id: int, frame: bytes) -> bytes | Refused:
        call = self._call
        return unwrap(call.dave_session, call.dave_protocol_version, user_id, frame)

    def _on_datagram(self, datagram: bytes) -> None:
        """Called by the library's reader thread."""
        if datagram:
            self._inbox.append(datagram)
        if not self._is_draining:
            self._is_draining = True
            with suppress(RuntimeError):  # The loop is closed.
                self.loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        self._is_draining = False
        while self._inbox:
            self._receiver.take(self._inbox.popleft())

    async def _on_gateway(self, _socket: Gateway, message: dict[str, Any]) -> None:
        """Called by the library with each JSON message that it has handled."""
        self._last_word_s = self.loop.time()
        content = message["d"]
        match message["op"]:
            case Gateway.READY:
                self._receiver.begin_session()
                self._call.dave_pending_transitions.clear()
            case Gateway.SESSION_DESCRIPTION:
                self._receiver.use_key(bytes(content["secret_key"]))
                self._call.remove_socket_listener(self._on_datagram)
                self._call.add_socket_listener(self._on_datagram)
            case Gateway.SPEAKING:
                self._receiver.assign(int(content["ssrc"]), int(content["user_id"]))
            case Gateway.CLIENT_DISCONNECT:
                self._receiver.left(int(content["user_id"]))

    # Speaking

    def is_connected(self) -> bool:
        """Whether the bot can be heard now.

        That is: connected, with keys where the call is end-to-end encrypted (there are none while
        the bot is alone), and neither muted by the server nor in the audience of a stage.
        """
        return self._call.may_send and not self.is_silenced

    @property
    def is_silenced(self) -> bool:
        """Whether Discord lets nobody hear the bot: it is muted, or in the audience of a stage."""
        voice = self._call.self_voice_state
        return voice is not None and (voice.suppress or voice.mute)

    def wait_until_connected(self, timeout: float | None = 30.0) -> bool:
        """Wait, in the player's thread, until the bot can be heard; False when it is gone.

        However long an outage takes, the player goes on where it was.
        """
        del timeout
        while not self._gone.wait(CHECK_S):
            if self.is_connected():
                return True
        return False

    def play(
        self,
        source: discord.AudioSource,
        *,
        after: After | None = None,
        **encoder: Any,
    ) -> None:
        """Play `source`, which is first read when the bot can be heard, until it ends or `stop`.

        An error on the way costs a frame, or a pause where it comes again and again: the source is
        played on, also after its `cleanup`. `after` is called at the end, as the library does.
        `encoder` are options of `discord.opus.Encoder`. Raises `ClientException` where something
        plays already.
        """
        if self.is_playing():
            raise discord.ClientException("already playing")
        self._wanted = _Wanted(
            source,
            after,
            {"application": "voip", "bitrate": 64, "signal_type": "voice", **encoder},
        )
        self._start_player(self._wanted)

    def stop(self) -> None:
        """Play nothing any more."""
        self._wanted = None
        super().stop()

    def _start_player(self, wanted: _Wanted) -> None:
        if self._wanted is not wanted or self._gone.is_set():
            return
        self.encoder = discord.opus.Encoder(**wanted.encoder)
        self._player = AudioPlayer(
            wanted.source, self, after=lambda error: self._on_player_end(wanted, error)
        )
        self._player.start()

    def _on_player_end(self, wanted: _Wanted, error: Exception | None) -> None:
        """Called by the library in the player's thread, which ends then."""
        if error is not None and self._wanted is wanted and not self._gone.is_set():
            with suppress(RuntimeError):  # The loop is closed.
                self.loop.call_soon_threadsafe(self._play_on, wanted, type(error).__name__)
        elif wanted.after is not None:
            wanted.after(error)

    def _play_on(self, wanted: _Wanted, fault: str) -> None:
        now_s = self.loop.time()
        if now_s - self._player_failed_s > HEALTHY_S:
            self._player_failures = 0
        self._player_failures += 1
        self._player_failed_s = now_s
        self.stats["player_failed"] += 1
        delay_s = self._replays.following(now_s)
        _LOG.warning("the voice player failed (%s); it goes on in %.1f s", fault, delay_s)
        self.loop.call_later(delay_s, self._start_player, wanted)

    def send_audio_packet(self, data: bytes, *, encode: bool = True) -> None:
        """Send 20 ms; of a longer silence nothing is sent, and the bot is not shown as speaking."""
        if not encode:
            self._send(data, encode=False)
            return
        is_silent = data == SILENT_FRAME
        if self._silent > TAIL_FRAMES and not is_silent:
            self._show_speaking(SpeakingState.voice)
        self._silent = self._silent + 1 if is_silent else 0
        if self._silent > TAIL_FRAMES:
            if self._silent == TAIL_FRAMES + 1:
                self._show_speaking(SpeakingState.none)
            self.checked_add("timestamp", discord.opus.Encoder.SAMPLES_PER_FRAME, 2**32 - 1)
        elif self._silent > 1:
            self._send(OPUS_SILENCE, encode=False)
        else:
            self._send(data, encode=True)

    def _send(self, data: bytes, *, encode: bool) -> None:
        """Send a frame, unless it cannot be encrypted as the call is."""
        if not self._call.may_send:
            self.stats["held_back"] += 1
            return
        try:
            super().send_audio_packet(data, encode=encode)
        except ValueError:
            self.stats["held_back"] += 1

    def _show_speaking(self, state: SpeakingState) -> None:
        asyncio.run_coroutine_threadsafe(self.ws.speak(state), self.loop)

    async def ask_to_speak(self) -> bool:
        """Whether the bot may speak; on a stage it becomes a speaker, or asks to be made one.

        Raises `discord.Forbidden` where it may not even ask.
        """
        if not self.is_silenced or not isinstance(self.channel, discord.StageChannel):
            return not self.is_silenced
        me = self.guild.me
        if self.channel.permissions_for(me).mute_members:
            await me.edit(suppress=False)
            return True
        await me.request_to_speak()
        return False

    # Looking after the connection

    def _on_change(self, is_back: bool) -> None:
        callback = self.on_restored if is_back else self.on_lost
        if is_back and self.is_playing() and self._silent <= TAIL_FRAMES:
            self._show_speaking(SpeakingState.voice)
        if callback:
            callback()

    def _keep_alive(self) -> None:
        if not self._call.is_connected():
            return
        try:
            self._call.send_packet(self._kept_alive.to_bytes(8, "big"))
        except OSError:
            self._failed_sends += 1
        else:
            self._kept_alive += 1
            self._failed_sends = 0

    def _look(self) -> None:
        self._receiver.expire()
        if not self._call.is_connected() or self._call.is_mending:
            self._last_word_s = self.loop.time()
            self._failed_sends = self._player_failures = 0
            return
        ailment = self._watchdog.examine(self._vitals())
        if ailment is not None:
            _LOG.warning("voice connection is of no use: %s", ailment)
            self.stats[ailment] += 1
            self._closing = self.loop.create_task(self.ws.close(RESTART))

    def _vitals(self) -> Vitals:
        now_s = self.loop.time()
        return Vitals(
            now_s=now_s,
            gateway_silent_s=now_s - self._last_word_s,
            socket_open=self._call.socket.fileno() != -1,
            failed_sends=self._failed_sends,
            unreadable=self._receiver.unreadable,
            waits_for_keys=self._call.waits_for_keys,
            player_failures=self._player_failures,
        )
