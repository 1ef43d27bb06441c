"""What goes wrong with voice on order, and what the stand-in notes of a bot that does wrong."""

import asyncio
import struct
import time
from random import Random

import pytest
from stub_voice_client import Hall, Microphone, Tone, opened, tone

from tests.discord_stub import VoiceOptions


async def _hear(hall: Hall, seconds: float = 0.8, **faults: float) -> Microphone:
    """The client's microphone after alice has spoken over a bad line."""
    await hall.alice.joins(hall.channel)
    microphone = Microphone(await hall.joined())
    await hall.alice.speaks(tone(seconds), **faults)
    await microphone.drained(hall.stub)
    return microphone


async def test_packets_are_lost() -> None:
    """A lost packet leaves a gap in the sequence; about as many are lost as were ordered."""
    async with opened(VoiceOptions(dave=0)) as hall:
        microphone = await _hear(hall, loss=0.4)
        numbers = [header.sequence for header, _ in microphone.frames()]

        assert 15 < len(numbers) < 40
        assert len(numbers) == len(set(numbers))


async def test_packets_are_late_and_come_twice() -> None:
    """Late ones come after those sent later; old ones come again, byte by byte."""
    async with opened(VoiceOptions(dave=0)) as hall:
        microphone = await _hear(hall, reorder=0.2)
        numbers = [header.timestamp for header, _ in microphone.frames()]
        await hall.alice.speaks(tone(0.4), replay=0.3)
        await microphone.drained(hall.stub)

        assert len(set(numbers)) == len(numbers) == 45
        assert numbers != sorted(numbers)
        assert len(set(microphone.packets)) == 45 + 25
        assert 2 < len(microphone.packets) - (45 + 25) < 20


@pytest.mark.parametrize(
    ("fault", "opens"), [("corrupt", True), ("wrong_epoch", True), ("tampered", False)]
)
async def test_frames_are_damaged(fault: str, opens: bool) -> None:
    """End to end, by a stranger's key, or in the transport: the layer that notices differs."""
    async with opened() as hall:
        microphone = await _hear(hall, seconds=0.4, **{fault: 0.4})
        unopened = [frame for _, frame in microphone.frames() if frame is None]
        heard = microphone.decoded(hall.alice.id)

        assert bool(unopened) != opens
        assert 3 <= heard.failed <= 17
        assert len(heard.samples) == 960 * (25 - heard.failed)


async def test_the_client_is_told_late_whose_voice_it_is() -> None:
    """The first packets come before op 5."""
    async with opened(VoiceOptions(dave=0)) as hall:
        told: list[tuple[int, int]] = []
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        microphone = Microphone(voice)

        async def hook(ws: object, message: dict[str, object]) -> None:
            if message["op"] == 5:
                told.append((len(microphone.packets), message["d"]["ssrc"]))  # type: ignore[index]

        voice.ws._hook = hook  # type: ignore[method-assign]
        await hall.alice.speaks(tone(0.3), announced_after=0.1)

        assert len(told) == 1
        assert 4 <= told[0][0] <= 15
        assert told[0][1] == hall.stub.voice.ssrc_of(hall.alice)


@pytest.mark.parametrize("code", [4006, 4014, 1006])
async def test_the_voice_websocket_closes(code: int) -> None:
    """With the code that was ordered, or without a word."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        socket = voice.ws.ws
        hall.stub.voice.crash(code)
        await hall.client.until(lambda: socket.close_code is not None)

        assert socket.close_code == code
        assert bool(hall.stub.voice.sessions) == (code == 1006)


async def test_the_servers_restart() -> None:
    """A new endpoint, token and key: the client connects there by itself; both are heard again."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        before = (voice.endpoint, voice.token, bytes(voice.secret_key), voice.ssrc)
        await hall.stub.voice.restart()
        await hall.complete(voice, hall.channel)
        after = (voice.endpoint, voice.token, bytes(voice.secret_key), voice.ssrc)
        microphone = Microphone(voice)
        voice.play(Tone(15))
        await hall.alice.hears_speech(within=5)
        await hall.alice.speaks(tone(0.2))
        await microphone.until(15)

        assert not set(before) & set(after)
        assert microphone.decoded(hall.alice.id).failed == 0


async def test_the_servers_are_away_for_a_while() -> None:
    """The line breaks, the endpoint is null, and after that the client is told of a new one."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        endpoint, socket = voice.endpoint, voice.ws.ws
        back = hall.stub.voice.restart(away_s=0.2)
        await hall.client.until(lambda: socket.close_code is not None)
        at_first = voice.endpoint
        await back
        await hall.client.until(lambda: voice.endpoint != endpoint)

        assert socket.close_code == 1006
        assert at_first == endpoint


async def test_media_pauses() -> None:
    """While the media server is paused nothing goes through, then everything again."""
    async with opened(VoiceOptions(dave=0)) as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        microphone = Microphone(voice)
        hall.stub.voice.pause_media()
        voice.play(Tone(5))
        await hall.alice.speaks(tone(0.1))
        paused = len(microphone.packets), len(hall.alice.ear.frames)
        hall.stub.voice.resume_media()
        await hall.client.until(lambda: not voice.is_playing())
        voice.play(Tone(5))
        await hall.alice.hears_speech(within=5)
        await hall.alice.speaks(tone(0.1))
        await microphone.until(10)

        assert paused == (0, 0)


async def test_a_line_that_is_not_kept_open_falls_silent() -> None:
    """Without a packet from the client for a while it gets no more voice, until it sends one."""
    async with opened(VoiceOptions(dave=0, keepalive_timeout_s=0.25)) as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        microphone = Microphone(voice)
        await hall.alice.speaks(tone(0.5))
        silent = len(microphone.packets)
        voice._connection.send_packet(bytes(7) + b"\1")
        await hall.client.until(lambda: len(hall.stub.voice.keepalives) == 1)
        await hall.alice.speaks(tone(0.1))
        await microphone.until(silent + 10)

        assert silent < 20
        assert bytes(7) + b"\1" in microphone.packets


async def test_a_client_that_sends_nothing_is_noted() -> None:
    """Too long without even a keepalive is a violation, here after 0.2 seconds."""
    async with opened(VoiceOptions(dave=0, longest_quiet_s=0.2)) as hall:
        await hall.alice.joins(hall.channel)
        await hall.joined()
        await hall.alice.speaks(tone(0.4))

        expected = ["voice: no packet, not even a keepalive, for 0.2 s"]
        assert hall.stub.take_violations() == expected


async def test_a_broken_commit_is_mended() -> None:
    """The client reports the broken commit, is let in anew, and is heard."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        hall.stub.voice.corrupt_commit(hall.channel)
        await hall.bob.joins(hall.channel)
        await hall.client.until(lambda: hall.stub.voice.invalid_commits == 1)
        await hall.complete(voice, hall.channel)
        voice.play(Tone(15))
        for person in (hall.alice, hall.bob):
            await person.hears_speech(within=5)

        assert hall.stub.voice.invalid_commits == 1


async def test_encryption_ends_and_begins_again() -> None:
    """Somebody's client has none: both sides go on in the clear; then a new group begins."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        microphone = Microphone(voice)
        await hall.stub.voice.downgrade(hall.channel)
        await hall.client.until(lambda: voice._connection.dave_protocol_version == 0)
        voice.play(Tone(10))
        await hall.alice.hears_speech(within=5)
        await hall.alice.speaks(tone(0.1))
        await microphone.until(10)
        in_the_clear = microphone.frames()[0][1]
        await hall.client.until(lambda: not voice.is_playing())
        await hall.stub.voice.upgrade(hall.channel)
        await hall.complete(voice, hall.channel)
        voice.play(Tone(10))
        await hall.alice.hears_speech(within=5)
        microphone.packets.clear()
        await hall.alice.speaks(tone(0.1))
        await microphone.until(10)

        assert in_the_clear is not None
        assert not in_the_clear.endswith(b"\xfa\xfa")
        assert microphone.decoded(hall.alice.id).failed == 0
        assert (microphone.frames()[0][1] or b"").endswith(b"\xfa\xfa")


async def test_somebody_else_commits_first() -> None:
    """Where people are quicker the client's own commit comes too late, and it takes theirs."""
    async with opened(VoiceOptions(bot_commits=False)) as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        await hall.bob.joins(hall.channel)
        await hall.complete(voice, hall.channel)
        await hall.alice.leaves()
        await hall.complete(voice, hall.channel)
        voice.play(Tone(10))
        await hall.bob.hears_speech(within=5)

        assert hall.bob.ear.undecryptable == 0


@pytest.mark.parametrize("seed", range(2))
async def test_the_group_holds_whoever_comes_and_goes(seed: int) -> None:
    """People come and go at once, commits break: in the end everybody hears and is heard."""
    chance = Random(seed)  # noqa: S311 - repeatable, not secret
    async with opened(VoiceOptions(bot_commits=chance.random() < 0.5)) as hall:
        people = [hall.alice, hall.bob, hall.stub.add_user("carol")]
        hall.guild.add_member(people[2])
        voice = await hall.client.join(hall.channel)
        for _ in range(14):
            person = chance.choice(people)
            if person.id in hall.guild.voice:
                await person.leaves()
            else:
                await person.joins(hall.channel)
            if chance.random() < 0.15:
                hall.stub.voice.corrupt_commit(hall.channel)
            await asyncio.sleep(chance.choice((0, 0.002, 0.02)))
        for person in people:
            if person.id not in hall.guild.voice:
                await person.joins(hall.channel)
        await hall.complete(voice, hall.channel)
        since, microphone = time.monotonic(), Microphone(voice)
        voice.play(Tone(10))
        for person in people:
            await person.hears_speech(within=5, since=since)
        await hall.alice.speaks(tone(0.1))
        await microphone.drained(hall.stub)

        assert microphone.decoded(hall.alice.id).failed == 0
        assert [person.ear.undecryptable for person in people] == [0, 0, 0]


async def test_crafted_packets_reach_the_client() -> None:
    """Any bytes, and packets with any header and body under the right key."""
    async with opened(VoiceOptions(dave=0)) as hall:
        await hall.alice.joins(hall.channel)
        microphone = Microphone(await hall.joined())
        header = struct.pack(">BBHII", 0x80, 0x78, 1, 960, 77)
        hall.stub.voice.send_raw(b"\x80\xc8rubbish")
        hall.stub.voice.send_sealed(header, b"body")
        await hall.client.until(lambda: len(microphone.packets) == 2)

        assert microphone.packets[0] == b"\x80\xc8rubbish"
        found, body = microphone.frames()[0]
        assert (found.ssrc, body) == (77, b"body")


async def test_a_client_that_does_wrong_is_noted() -> None:
    """Opus in the clear, without op 5, from another ssrc, under another key, a nonce again."""
    async with opened() as hall:
        voice = await hall.client.join(hall.channel)
        await hall.stub.voice.bot_joined(hall.channel)
        voice.play(Tone(3))
        await hall.client.until(lambda: len(hall.stub.violations) == 1)
        await hall.client.until(lambda: not voice.is_playing())
        in_the_clear = hall.stub.take_violations()
        voice._incr_nonce = 0
        voice.send_audio_packet(b"\xf8\xff\xfe", encode=False)
        voice._connection.ssrc += 1
        voice.send_audio_packet(b"\xf8\xff\xfe", encode=False)
        voice._connection.ssrc -= 1
        voice._incr_nonce = 100
        voice._connection.secret_key = [0] * 32
        voice.send_audio_packet(b"\xf8\xff\xfe", encode=False)
        voice._connection.send_packet(b"no voice at all, though long enough")
        await hall.client.until(lambda: len(hall.stub.violations) == 4)

        assert in_the_clear == ["voice: opus without end-to-end encryption"]
        assert [violation[:30] for violation in hall.stub.take_violations()] == [
            "voice: a nonce that was used b",
            f"voice: a packet with ssrc {voice.ssrc + 1}"[:30],
            "voice: a packet of which the t",
            "voice: a packet that is no opu",
        ]


async def test_voice_that_was_not_announced_is_noted() -> None:
    """Half a second of packets without op 5 is a violation."""
    async with opened(VoiceOptions(dave=0)) as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()

        async def nothing(state: object) -> None:
            """Say nothing of the own speech."""

        voice.ws.speak = nothing  # type: ignore[method-assign]
        voice.play(Tone(35))
        await hall.client.until(lambda: bool(hall.stub.violations))

        assert hall.stub.take_violations() == ["voice: voice without op 5"]
