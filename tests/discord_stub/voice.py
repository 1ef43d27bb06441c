"""Voice of the stand-in as tests see it: the servers, the calls, and what goes wrong on order."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.discord_stub.voice_calls import VoiceCall
from tests.discord_stub.voice_channels import find_state, leave, present
from tests.discord_stub.voice_ear import Ear
from tests.discord_stub.voice_gateway import (
    DISCONNECTED,
    INVALID_SESSION,
    SERVER_CRASHED,
    WRONG_TOKEN,
    BotSession,
)
from tests.discord_stub.voice_mouth import Line
from tests.discord_stub.voice_opus import load_opus
from tests.discord_stub.voice_server import VoiceServer, authority

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.state import Guild, User, World
    from tests.discord_stub.voice_channels import VoiceState
    from tests.discord_stub.voice_options import VoiceOptions

RESUMABLE = (1006, SERVER_CRASHED)
"""Close codes after which a session may be resumed; 1006 is a connection that broke."""

RESUMABLE_S = 30.0
"""How long a session waits for that; Discord does not say how long."""


class Invitation(NamedTuple):
    """What VOICE_SERVER_UPDATE told the bot."""

    server: VoiceServer
    token: str


class Voice:
    """The voice servers. `stub.voice`.

    Attributes:
        ca: a PEM file with the certificate that the servers' are signed by.
        keepalives: monotonic times at which the bot kept its line open.
        refused: close codes with which the bot's connections were turned away.
        unheard: why frames of the bot reached nobody, and how many.
        invalid_commits: how often the bot could not use a commit or a welcome (op 31).
        resumes: how often the bot resumed a session.
    """

    def __init__(self, world: World, options: VoiceOptions, record: Callable[[str], None]) -> None:
        load_opus()
        self.world = world
        self.options = options
        self.record = record
        self.keepalives: list[float] = []
        self.refused: list[int] = []
        self.unheard: Counter[str] = Counter()
        self.invalid_commits = 0
        self.resumes = 0
        self.sessions: dict[int, BotSession] = {}
        self._random = Random(options.seed)  # noqa: S311 - repeatable, not secret
        self._ssrc = 1_000
        self._is_away = False
        self._calls: dict[int, VoiceCall] = {}
        self._ears: dict[int, Ear] = {}
        self._invitations: dict[int, Invitation] = {}
        self._servers: list[VoiceServer] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._folder = tempfile.TemporaryDirectory(prefix="voice-ca-")
        self.ca = Path(self._folder.name) / "ca.pem"

    async def start(self) -> None:
        """Open the first server."""
        authority().cert_pem.write_to_path(str(self.ca))
        await self._open_server()

    async def stop(self) -> None:
        """Close everything."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for session in list(self.sessions.values()):
            self._end(session)
        for call in self._calls.values():
            call.close()
        for server in self._servers:
            await server.stop()
        self._folder.cleanup()

    async def _open_server(self) -> None:
        server = VoiceServer(self)
        await server.start()
        self._servers.append(server)

    def _do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- who is where -------------------------------------------------------------------

    def call_in(self, channel: Channel) -> VoiceCall:
        """The call in a channel."""
        if channel.id not in self._calls:
            self._calls[channel.id] = VoiceCall(self, channel)
        return self._calls[channel.id]

    def ear_of(self, user: User) -> Ear:
        """What a person has heard of the bot in all their calls."""
        if user.id not in self._ears:
            self._ears[user.id] = Ear(self.options.ear_keeps_s)
        return self._ears[user.id]

    def entered(self, state: VoiceState) -> None:
        """Somebody is in a channel now: a person in the call at once, the bot is invited."""
        if state.user is self.world.bot:
            self.invite(state)
        else:
            line = Line(self._next_ssrc(), self._random)
            self.call_in(state.channel).person_joins(state, self.ear_of(state.user), line)

    def left(self, state: VoiceState) -> None:
        """Somebody is no longer in a channel."""
        if state.user is not self.world.bot:
            self.call_in(state.channel).person_leaves(state.user.id)
        elif (session := self.sessions.get(state.guild.id)) is not None:
            self._end(session)
            if session.connection is not None:
                self._do(session.connection.close(DISCONNECTED))
        self._close_if_empty(state.channel)

    def _close_if_empty(self, channel: Channel) -> None:
        if not present(channel) and (call := self._calls.pop(channel.id, None)) is not None:
            call.close()

    def is_connected(self, state: VoiceState) -> bool:
        """Whether the bot talks to a voice server about this voice state."""
        session = self.sessions.get(state.guild.id)
        return session is not None and session.state is state and session.is_connected

    def invite(self, state: VoiceState) -> None:
        """Tell the bot which server to connect to, and with which token."""
        guild = state.guild
        invitation = Invitation(self._servers[-1], secrets.token_hex(8))
        self._invitations[guild.id] = invitation
        self.world.tell_guild(
            guild,
            "VOICE_SERVER_UPDATE",
            {
                "token": invitation.token,
                "guild_id": str(guild.id),
                "endpoint": None if self._is_away else invitation.server.endpoint,
            },
        )

    def _next_ssrc(self) -> int:
        self._ssrc += 1
        return self._ssrc

    # --- the bot's connections ----------------------------------------------------------

    def identify(self, server: VoiceServer, data: dict[str, Any]) -> BotSession | int:
        """A new session for whoever was invited to this server, or a close code."""
        guild = self.world.guilds.get(int(data["server_id"]))
        invitation = self._invitations.get(guild.id) if guild is not None else None
        if guild is None or invitation is None or data["token"] != invitation.token:
            return WRONG_TOKEN
        state = guild.voice.get(self.world.bot.id)
        if invitation.server is not server or int(data["user_id"]) != self.world.bot.id:
            return WRONG_TOKEN
        if state is None or data["session_id"] != state.session_id:
            return INVALID_SESSION
        if (before := self.sessions.get(guild.id)) is not None:
            self._end(before)
        session = BotSession(self, server, state, self._next_ssrc())
        session.most_dave = data.get("max_dave_protocol_version", 0)
        self.sessions[guild.id] = session
        server.admit(session)
        return session

    def resume(self, data: dict[str, Any]) -> BotSession | int:
        """The session to go on with, or a close code."""
        session = self.sessions.get(int(data["server_id"]))
        invitation = self._invitations.get(int(data["server_id"]))
        if session is None or session.state.session_id != data["session_id"]:
            return INVALID_SESSION
        if invitation is None or invitation.token != data["token"]:
            return WRONG_TOKEN
        self.resumes += 1
        return session

    def disconnected(self, session: BotSession, code: int) -> None:
        """A connection has ended; the session with it, at once or when nobody resumes it."""
        if code in RESUMABLE:
            loop = asyncio.get_running_loop()
            loop.call_later(RESUMABLE_S, self._expire, session)
        else:
            self._end(session)

    def _expire(self, session: BotSession) -> None:
        """Nobody has come back: the bot is no longer seen in the channel."""
        guild, state = session.state.guild, session.state
        if self.sessions.get(guild.id) is not session or session.is_connected:
            return
        self._end(session)
        if guild.voice.get(session.user_id) is state:
            leave(guild, state.user)

    def _end(self, session: BotSession) -> None:
        guild_id = session.state.guild.id
        if self.sessions.get(guild_id) is session:
            del self.sessions[guild_id]
        session.server.dismiss(session)
        if session.call is not None:
            session.call.bot_leaves(session)
            session.call = None

    def _of(self, guild: Guild | None) -> list[BotSession]:
        """The sessions in one server, or in all."""
        return [s for s in self.sessions.values() if guild is None or s.state.guild is guild]

    async def bot_joined(self, channel: Channel, within: float = 5.0) -> VoiceCall:
        """Wait until the bot can hear and be heard in a channel, end-to-end encryption and all."""
        call = self.call_in(channel)

        def look() -> VoiceCall | None:
            bot, group = call.bot, call.group
            if bot is None or bot.address is None:
                return None
            in_group = group is None or not call.dave or bot.user_id in group.members
            return call if in_group and (group is None or not group.is_changing) else None

        return await call.changes.until(0, look, within)

    # --- what goes wrong on order -------------------------------------------------------

    def crash(self, code: int = INVALID_SESSION, *, guild: Guild | None = None) -> None:
        """Close the bot's websockets with a code; 1006 cuts the line without a word."""
        for session in self._of(guild):
            if (connection := session.connection) is None:
                continue
            if code == 1006:
                connection.abort()
                continue
            if code not in RESUMABLE:
                self._end(session)
            self._do(connection.close(code))

    def restart(self, *, away_s: float = 0.0) -> asyncio.Task[None]:
        """The server goes; the bot is told of a new one, with a new token and soon a new key.

        Await what comes back to know that the new server listens.

        Args:
            away_s: seconds for which there is none. The bot's connections break at once, and
                it is told of an endpoint that is null, as Discord does.
        """
        return self._do(self._restart(away_s))

    async def _restart(self, away_s: float) -> None:
        old = self._servers[-1]
        old.media.paused = True
        if away_s:
            self._is_away = True
            self.crash(1006)
            self._invite_again()
            await asyncio.sleep(away_s)
            self._is_away = False
        await self._open_server()
        self._invite_again()

    def _invite_again(self) -> None:
        """No session goes on; the bot is told of the server that there is now, if any."""
        for session in self._of(None):
            self._end(session)
        for guild in self.world.guilds.values():
            if (state := guild.voice.get(self.world.bot.id)) is not None:
                self.invite(state)

    def pause_media(self) -> None:
        """No packet goes through in either direction until `resume_media`."""
        self._servers[-1].media.paused = True

    def resume_media(self) -> None:
        """Packets go through again."""
        self._servers[-1].media.paused = False

    def corrupt_commit(self, channel: Channel) -> None:
        """The next commit or welcome that the bot is sent for this channel arrives broken."""
        group = self.call_in(channel).group
        if group is None:
            raise AssertionError("no end-to-end encryption in this channel")
        group.corrupt_next = True

    async def downgrade(self, channel: Channel, *, within: float = 5.0) -> None:
        """End-to-end encryption ends in a call (ops 21 and 22)."""
        await self.call_in(channel).downgrade(within)

    async def upgrade(self, channel: Channel, *, within: float = 5.0) -> None:
        """It begins again (op 24, with a new group)."""
        await self.call_in(channel).upgrade(within)

    def send_raw(self, packet: bytes, *, guild: Guild | None = None) -> None:
        """Any bytes over UDP to the bot, from the media server's address."""
        for session in self._of(guild):
            session.send_packet(packet)

    def send_sealed(self, header: bytes, body: bytes, *, guild: Guild | None = None) -> None:
        """A packet of one's own making that the transport's key opens."""
        for session in self._of(guild):
            session.send_packet(session.seal.close(header, body))

    def ssrc_of(self, who: Any) -> int:
        """The ssrc of somebody who is in a call."""
        if who.id == self.world.bot.id:
            return next(iter(self.sessions.values())).ssrc
        state = find_state(self.world, who.id)
        if state is None:
            raise AssertionError("they are in no call")
        return self.call_in(state.channel).people[who.id].line.ssrc
