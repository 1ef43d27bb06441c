"""The stand-in itself: start it, point a bot at it, make people, look at what went wrong."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Iterable
from random import Random
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.discord_stub import (
    rest_accounts,
    rest_channels,
    rest_interactions,
    rest_marks,
    rest_messages,
    rest_voice,
    voice_channels,
)
from tests.discord_stub.channels import GROUP_DM, Channel
from tests.discord_stub.faults import Chaos, Disorder, Fault, Faults, Kind
from tests.discord_stub.gateway import INVALID_SESSION, RECONNECT, Gateway
from tests.discord_stub.limits import LIMITS
from tests.discord_stub.person import Person
from tests.discord_stub.rest import PREFIX, Done, Handler, Rest
from tests.discord_stub.state import Guild, User, World
from tests.discord_stub.voice_options import VoiceOptions

if TYPE_CHECKING:
    from tests.discord_stub.voice import Voice
    from tests.discord_stub.voice_channels import VoiceState

ROUTES: list[tuple[str, str, Handler]] = [
    *rest_accounts.ROUTES,
    *rest_marks.ROUTES,
    *rest_messages.ROUTES,
    *rest_channels.ROUTES,
    *rest_interactions.ROUTES,
    *rest_voice.ROUTES,
]


class DiscordStub:
    """Discord on a port of this machine, for one bot.

    Args:
        bot_name: the bot's display name; it is also the application's.
        privileged: names of the privileged intents that are switched on in the application:
            "message_content", "members", "presences".
        message_bucket: the limit of posts, and separately of edits, per channel as
            (requests, seconds), for example (5, 5.0); None for none.
        requests_per_second: the limit of everything; Discord's 50, or more for a bot that was
            given more.
        first_answer_s: real seconds for the first answer to an interaction; Discord's 3, or
            less to see quickly what happens after them.
        ssl_context: with one, addresses are https and wss.
        port: the port to listen on; 0 takes a free one.
        voice: with these, there are voice servers too; they need the extra `voice`.

    Attributes:
        token: what the bot has to log in with.
        violations: what the bot did wrong so far.
        world: everything that exists, for tests that need to look closer.
    """

    def __init__(
        self,
        *,
        bot_name: str = "Hotseat",
        privileged: Iterable[str] = (),
        message_bucket: tuple[int, float] | None = None,
        requests_per_second: int = LIMITS["requests.global"].most,
        first_answer_s: float | None = None,
        ssl_context: ssl.SSLContext | None = None,
        port: int = 0,
        voice: VoiceOptions | None = None,
    ) -> None:
        self.token = f"stub.{secrets.token_urlsafe(24)}"
        self.world = World(bot_name, frozenset(privileged))
        self.world.first_answer_s = first_answer_s or self.world.first_answer_s
        self.violations: list[str] = []
        self.faults = Faults()
        self._disorder = Disorder()
        self.gateway = self.world.gateway = Gateway(self.world, self.token, self._disorder)
        self.rest = Rest(self, message_bucket, requests_per_second)
        self._voice_options = voice
        self._ssl = ssl_context
        self._port = port
        self._runner: web.AppRunner | None = None
        self._base = ""

    # --- addresses ----------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """The base of the HTTP API, for `discord.http.Route.BASE`."""
        return f"{self._base}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """The gateway, for `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"ws{self._base.removeprefix('http')}/gateway"

    @property
    def voice(self) -> Voice:
        """The voice servers."""
        if self.world.voice is None:
            raise AssertionError("start the stand-in with `voice=VoiceOptions()`")
        return self.world.voice

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def application_id(self) -> int:
        """The application's id, which is its bot's too."""
        return self.world.application_id

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/attachments/{channel}/{file}/{name}", self._serve_file)
        for method, route, handler in ROUTES:
            endpoint = self.rest.endpoint(route, handler)
            app.router.add_route(method, f"{PREFIX}{route}", endpoint)
        unknown = self.rest.endpoint("unknown", self.rest.unknown)
        app.router.add_route("*", "/{anything:.*}", unknown)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, ssl_context=self._ssl)
        await site.start()
        port = self._runner.addresses[0][1]
        self._base = f"{'https' if self._ssl else 'http'}://127.0.0.1:{port}"
        self.world.file_url = self._base
        self.gateway.url = self.gateway_url
        if self._voice_options is not None:
            from tests.discord_stub.voice import Voice

            self.world.voice = Voice(self.world, self._voice_options, self.record)
            await self.world.voice.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.world.voice is not None:
            await self.world.voice.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if kind is None and self.violations:
            raise AssertionError("the bot broke Discord's rules:\n" + "\n".join(self.violations))

    async def _serve_file(self, request: web.Request) -> web.Response:
        data = self.world.files.get(int(request.match_info["file"]))
        if data is None:
            return web.Response(status=404)
        return web.Response(body=data, content_type="application/octet-stream")

    # --- what went wrong, and how much was asked ---------------------------------------

    def record(self, violation: str) -> None:
        """Note what the bot did wrong."""
        self.violations.append(violation)

    def take_violations(self) -> list[str]:
        """What the bot did wrong since the last call; these no longer fail the test."""
        taken, self.violations = self.violations, []
        return taken

    @property
    def most_requests_in_a_second(self) -> int:
        """The busiest second so far, in requests under the bot's token."""
        return self.rest.everything.peak

    @property
    def requests(self) -> list[Done]:
        """The answered requests, oldest first: method, path below the API, status."""
        return list(self.rest.done)

    # --- who is there -------------------------------------------------------------------

    def add_user(self, name: str, *, locale: str = "en-US", installed: bool = False) -> Person:
        """A person; `installed` puts the application among their own."""
        user = self.world.add_user(name, locale=locale)
        user.has_installed_app = installed
        return Person(self.world, user)

    def add_guild(
        self,
        name: str,
        *,
        members: Iterable[Person] = (),
        owner: Person | None = None,
        locale: str = "en-US",
    ) -> Guild:
        """A server with the bot and these people; `guild.without_bot()` takes the bot out."""
        guild = self.world.add_guild(name, locale)
        guild.owner = owner.user if owner else None
        for person in [*members, *([owner] if owner else [])]:
            if person.id not in guild.members:
                guild.add_member(person)
        self.gateway.guild_new(guild)
        return guild

    def add_group(self, *people: Person) -> Channel:
        """Direct messages among people, where the bot is a guest of who installed it."""
        users = [person.user for person in people]
        channel = Channel(self.world, self.world.next_id(), GROUP_DM, "group", recipients=users)
        self.world.channels[channel.id] = channel
        return channel

    def advance(self, seconds: float) -> None:
        """Let time pass for tokens, nonces and message times; the three seconds are real."""
        self.world.skipped += seconds

    # --- what moderators do in voice ----------------------------------------------------

    async def moves(self, who: Person | User, channel: Channel) -> None:
        """Put somebody, or the bot, who is in a call into another voice channel."""
        voice_channels.move(self._voice_state(who), channel)

    async def kicks_from_voice(self, who: Person | User) -> None:
        """Put somebody, or the bot, out of their call."""
        voice_channels.leave(self._voice_state(who).guild, self.world.users[who.id])

    async def server_mutes(self, who: Person | User, muted: bool = True) -> None:
        """Let nobody hear somebody, or the bot, any more; or let them be heard again."""
        state = self._voice_state(who)
        state.guild.members[who.id].mute = muted
        voice_channels.tell(state)

    async def server_deafens(self, who: Person | User, deafened: bool = True) -> None:
        """Let somebody, or the bot, hear nobody any more; or let them hear again."""
        state = self._voice_state(who)
        state.guild.members[who.id].deaf = deafened
        voice_channels.tell(state)

    async def lets_speak(self, who: Person | User, allowed: bool = True) -> None:
        """Bring somebody, or the bot, from a stage's audience among the speakers, or back."""
        state = self._voice_state(who)
        state.in_audience, state.asked_at = not allowed, None
        voice_channels.tell(state)

    def _voice_state(self, who: Person | User) -> VoiceState:
        state = voice_channels.find_state(self.world, who.id)
        if state is None:
            raise AssertionError("they are in no call")
        return state

    # --- the bot's side -----------------------------------------------------------------

    async def synced(self, within: float = 5.0) -> list[dict[str, Any]]:
        """The global commands, as soon as the bot has sent them."""
        world = self.world
        return await world.changes.until(
            world.application_id, lambda: world.commands.get(None), within
        )

    async def connected(self, within: float = 5.0) -> None:
        """Wait until the bot listens to the gateway."""
        await self.world.changes.until(
            self.world.bot.id, lambda: self.gateway.connected or None, within
        )

    # --- faults -------------------------------------------------------------------------

    def fail(self, method: str, path: str, *, status: int = 500, times: int = 1) -> None:
        """Answer the next requests of a route with a server error.

        `path` is below the API; `*` stands for one part of it, `**` for any number of parts;
        method `*` is every method.
        """
        self.faults.plan(Fault(Kind.STATUS, method, path, times, status=status))

    def rate_limit(
        self,
        method: str,
        path: str,
        *,
        retry_after: float = 0.05,
        times: int = 1,
        is_global: bool = False,
    ) -> None:
        """Answer the next requests of a route with 429."""
        fault = Fault(Kind.RATE_LIMIT, method, path, times, seconds=retry_after)
        fault.is_global = is_global
        self.faults.plan(fault)

    def slow(self, method: str, path: str, seconds: float, *, times: int = 1) -> None:
        """Let the next requests of a route wait before they are carried out."""
        self.faults.plan(Fault(Kind.SLOW, method, path, times, seconds=seconds))

    def answered_but_lost(self, method: str, path: str, *, times: int = 1) -> None:
        """Carry the next requests of a route out, and cut the line before the answer."""
        self.faults.plan(Fault(Kind.LOST, method, path, times))

    def drop_gateway(self, *, resumable: bool = True) -> None:
        """Cut the websocket; the session waits for a resume, or is forgotten."""
        self.gateway.cut(resumable=resumable)

    def order_reconnect(self) -> None:
        """Op 7: the client has to connect again and resume."""
        self.gateway.order(RECONNECT)

    def invalidate_session(self, *, resumable: bool = False) -> None:
        """Op 9: the session is over; resumable ones may be resumed all the same."""
        sessions = list(self.gateway.sessions.values())
        self.gateway.order(INVALID_SESSION, resumable)
        if not resumable:
            for session in sessions:
                self.gateway.forget(session)

    def duplicate_events(self, count: int) -> None:
        """Deliver each of the next events twice."""
        self._disorder.twice += count

    def reorder_events(self, count: int) -> None:
        """Hold the next events back and deliver them last first."""
        self._disorder.reorder += count

    def chaos(self, seed: int, *, share: float = 0.05) -> Chaos:
        """Random faults on this share of requests, until `calm`; the same seed, the same ones."""
        disturb = [self.drop_gateway, self.order_reconnect, self._stutter]
        chaos = Chaos(Random(seed), share, disturb)  # noqa: S311 - repeatable, not secret
        self.faults.unleash(chaos)
        return chaos

    def _stutter(self) -> None:
        self.duplicate_events(2)

    def calm(self) -> None:
        """No more random faults."""
        self.faults.unleash(None)
