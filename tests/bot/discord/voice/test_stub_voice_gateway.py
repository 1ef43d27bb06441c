"""The voice gateway of the stand-in, spoken with by hand: close codes, resumes, a killed bot."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from stub_voice_client import HEARD_S, Hall, opened

from tests.discord_stub import VoiceOptions

MODE = "aead_xchacha20_poly1305_rtpsize"


class ByHand(discord.VoiceProtocol):
    """Joins a channel and leaves the voice server to whoever wants to talk to it."""

    def __init__(self, client: discord.Client, channel: Any) -> None:
        super().__init__(client, channel)
        self.state: dict[str, Any] = {}
        self.server: dict[str, Any] = {}
        self.invited = asyncio.Event()

    async def on_voice_state_update(self, data: Any, /) -> None:
        self.state = data

    async def on_voice_server_update(self, data: Any, /) -> None:
        self.server = data
        self.invited.set()

    async def connect(self, **_: Any) -> None:
        await self.channel.guild.change_voice_state(channel=self.channel)
        async with asyncio.timeout(HEARD_S):
            await self.invited.wait()

    async def disconnect(self, *, force: bool = False) -> None:
        self.cleanup()

    @property
    def identity(self) -> dict[str, Any]:
        """The data of an op 0 that is in order."""
        return {
            "server_id": self.server["guild_id"],
            "user_id": self.state["user_id"],
            "session_id": self.state["session_id"],
            "token": self.server["token"],
            "max_dave_protocol_version": 1,
        }


class Wire:
    """A websocket to the voice server."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def say(self, op: int, data: Any) -> None:
        await self._socket.send_str(json.dumps({"op": op, "d": data}))

    async def hear(self, op: int) -> dict[str, Any]:
        """The next frame of this kind; others are skipped."""
        async with asyncio.timeout(HEARD_S):
            while True:
                message = await self._socket.receive()
                assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
                if message.type is aiohttp.WSMsgType.TEXT:
                    frame = json.loads(message.data)
                    if frame["op"] == op:
                        return frame

    async def closed(self) -> int | None:
        """The code with which the other side ends the connection."""
        async with asyncio.timeout(HEARD_S):
            while not self._socket.closed:
                await self._socket.receive()
        return self._socket.close_code


@asynccontextmanager
async def connected(hall: Hall, hand: ByHand) -> AsyncIterator[Wire]:
    """A connection that has said nothing yet."""
    url = f"wss://{hand.server['endpoint']}/?v=8"
    connector = hall.client.http.connector
    session = aiohttp.ClientSession(connector=connector, connector_owner=False)
    async with session, session.ws_connect(url) as socket:
        yield Wire(socket)


async def by_hand(hall: Hall) -> ByHand:
    """The bot in the channel, with its invitation to the voice server."""
    there = hall.client.get_channel(hall.channel.id)
    assert isinstance(there, discord.VoiceChannel)
    return await there.connect(cls=ByHand, timeout=HEARD_S)


WRONG: list[tuple[int, list[tuple[int, dict[str, Any]]]]] = [
    (4003, [(5, {"speaking": 1, "delay": 0, "ssrc": 1})]),
    (4004, [(0, {"token": "another"})]),
    (4006, [(0, {"session_id": "another"})]),
    (4006, [(7, {"session_id": "another"})]),
    (4005, [(0, {}), (0, {})]),
    (4001, [(0, {}), (99, {})]),
    (4012, [(0, {}), (1, {"protocol": "webrtc"})]),
    (4016, [(0, {}), (1, {"protocol": "udp", "data": {"mode": "xsalsa20_poly1305"}})]),
    (
        4017,
        [
            (0, {"max_dave_protocol_version": 0}),
            (1, {"protocol": "udp", "data": {"mode": MODE}}),
        ],
    ),
]


@pytest.mark.parametrize(("code", "frames"), WRONG)
async def test_a_client_that_does_not_keep_to_the_protocol_is_turned_away(
    code: int, frames: list[tuple[int, dict[str, Any]]]
) -> None:
    """Each wrong step ends the connection with Discord's code for it."""
    async with opened() as hall:
        hand = await by_hand(hall)
        async with connected(hall, hand) as wire:
            for op, data in frames:
                await wire.say(op, hand.identity | data if op in (0, 7) else data)

            assert await wire.closed() == code
            assert hall.stub.voice.refused == [code]


async def test_a_session_is_resumed_with_what_was_missed() -> None:
    """After 4015 the session goes on: frames since the acknowledged one come again."""
    async with opened(VoiceOptions(dave=0)) as hall:
        hand = await by_hand(hall)
        async with connected(hall, hand) as wire:
            hello = await wire.hear(8)
            await wire.say(0, hand.identity)
            ready = await wire.hear(2)
            await wire.say(1, {"protocol": "udp", "data": {"mode": MODE}})
            description = await wire.hear(4)
            await wire.say(3, {"t": 7, "seq_ack": 0})
            beat = await wire.hear(6)
            hall.stub.voice.crash(4015)
            assert await wire.closed() == 4015
        await hall.alice.joins(hall.channel)
        async with connected(hall, hand) as wire:
            await wire.say(7, hand.identity | {"seq_ack": description["seq"]})
            await wire.hear(9)
            joined = await wire.hear(11)

        assert hello["d"] == {"v": 8, "heartbeat_interval": 13_750}
        assert MODE in ready["d"]["modes"]
        assert len(description["d"]["secret_key"]) == 32
        assert description["d"]["dave_protocol_version"] == 0
        assert beat["d"] == {"t": 7}
        assert joined["d"] == {"user_ids": [str(hall.alice.id)]}
        assert joined["seq"] == description["seq"] + 1
        assert hall.stub.voice.resumes == 1


async def test_the_bot_is_out_of_voice_when_its_session_ends() -> None:
    """A client that says goodbye to the main gateway leaves its calls too."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        await hall.joined()
        bot = hall.stub.bot.id
        was_there = bot in hall.guild.voice
        await hall.client.close()
        await hall.client.until(lambda: bot not in hall.guild.voice)

        assert was_there
        assert hall.alice.id in hall.guild.voice
