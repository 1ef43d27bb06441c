"""One voice server: its websocket with TLS, its UDP port, and the certificates for both tests and
bot."""

from __future__ import annotations

import ssl
from functools import cache
from typing import TYPE_CHECKING

import trustme
from aiohttp import web

from tests.discord_stub.voice_gateway import BotSession, Connection
from tests.discord_stub.voice_media import MediaServer

if TYPE_CHECKING:
    from tests.discord_stub.voice import Voice

HOST = "127.0.0.1"


@cache
def authority() -> trustme.CA:
    """Who signs the certificates of this process."""
    return trustme.CA()


@cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority().issue_cert(HOST).configure_cert(context)
    return context


class VoiceServer:
    """A voice server of the region, which holds some sessions.

    Attributes:
        endpoint: its address as VOICE_SERVER_UPDATE has it.
        media: its UDP port.
        stray: how many packets came that belong to no session.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._by_ssrc: dict[int, BotSession] = {}
        self._by_address: dict[tuple[str, int], BotSession] = {}
        self._runner: web.AppRunner | None = None
        self.connections: set[Connection] = set()
        self.endpoint = ""
        self.stray = 0
        self.media = MediaServer(self)

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_get("/", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0, ssl_context=_context()).start()
        self.endpoint = f"{HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more; every connection ends."""
        self.media.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.WebSocketResponse:
        # discord.py does not answer a close frame; nobody needs to wait long for that.
        socket = web.WebSocketResponse(timeout=0.5, max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        connection = Connection(self._voice, self, request, socket)
        self.connections.add(connection)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)
        return socket

    def admit(self, session: BotSession) -> None:
        """This session's packets will come here."""
        self._by_ssrc[session.ssrc] = session

    def dismiss(self, session: BotSession) -> None:
        """This session is over."""
        self._by_ssrc.pop(session.ssrc, None)
        if session.address is not None:
            self._by_address.pop(session.address, None)

    # --- what comes over UDP ------------------------------------------------------------

    def discovered(self, ssrc: int, address: tuple[str, int]) -> bool:
        """A client asks for its own address."""
        session = self._by_ssrc.get(ssrc)
        if session is None:
            return False
        if session.address is not None:
            self._by_address.pop(session.address, None)
        session.address = address
        self._by_address[address] = session
        return True

    def kept_alive(self, address: tuple[str, int], at: float) -> None:
        """Eight bytes that only say that somebody is there."""
        if (session := self._by_address.get(address)) is not None:
            session.touch(at)
            self._voice.keepalives.append(at)

    def received(self, packet: bytes, address: tuple[str, int], at: float) -> None:
        """A packet of a session's player."""
        session = self._by_address.get(address)
        if session is None:
            self.stray += 1
            return
        session.touch(at)
        session.take_packet(packet, at)
