"""The voice client in a call: it hears whom it may, and is heard."""

import asyncio
import struct
from collections.abc import AsyncIterator

import numpy as np
import pytest
from hearing_call import HERTZ, Call, Listener, Singer, calling, until
from stub_voice_client import hertz_of, opened, tone

from bot.discord.voice.source import PlaybackSource
from bot.discord.voice_client import HearingClient
from tests.discord_stub import VoiceOptions
from voice.speech import HEARING_FRAME


@pytest.fixture(params=[0, 1], ids=["plain", "dave"])
async def call(request: pytest.FixtureRequest) -> AsyncIterator[Call]:
    """A call without and with end-to-end encryption."""
    async with calling(VoiceOptions(dave=request.param)) as ready:
        yield ready


@pytest.fixture
async def private() -> AsyncIterator[Call]:
    """A call with end-to-end encryption."""
    async with calling() as ready:
        yield ready


async def test_a_person_listened_to_is_heard(call: Call) -> None:
    """What alice says arrives at 16 kHz, all of it, with its pitch."""
    await call.alice.speaks(tone(1.0))
    await call.heard.hears(48)

    assert abs(call.heard.hertz() - HERTZ) < 3
    assert len(call.heard.loud) - call.voice.stats["concealed"] <= 53
    assert call.voice.stats["corrupt"] == 0


async def test_frames_come_whether_anybody_speaks_or_not(private: Call) -> None:
    """The stream is steady from the first moment on: silence is frames too."""
    await until(lambda: len(private.heard.frames) >= 25)

    assert private.heard.loud == []


async def test_the_bot_is_heard(call: Call) -> None:
    """What the bot plays arrives in alice's ear."""
    singer = call.sings()
    await call.alice.hears_speech()
    await until(lambda: singer.read > 48_000)

    audio = call.alice.ear.audio().samples
    assert abs(hertz_of(audio[-24_000:]) - HERTZ) < 3
    assert call.alice.ear.undecryptable == 0


async def test_nothing_is_sent_while_there_is_nothing_to_say(private: Call) -> None:
    """In silence no packets leave and the bot is not shown as speaking; then it goes on."""
    singer = private.sings()
    await private.alice.hears_speech()
    singer.sings = False
    session = private.hall.stub.voice.sessions[private.hall.guild.id]
    await until(lambda: not session.is_speaking)
    frames = len(private.alice.ear.frames)
    await private.alice.hears_silence(for_s=0.3)
    quiet = len(private.alice.ear.frames)
    singer.sings = True
    await private.alice.hears_speech()

    assert quiet - frames <= 2
    assert session.is_speaking


async def test_the_bot_waits_for_keys_before_it_speaks() -> None:
    """Alone in an encrypted call nothing is sent or read; whoever comes first hears the start."""
    async with opened() as hall:
        there = hall.client.get_channel(hall.channel.id)
        voice = await there.connect(cls=HearingClient)
        singer = Singer()
        voice.play(PlaybackSource(singer))
        await asyncio.sleep(0.2)
        read_alone = singer.read
        await hall.alice.joins(hall.channel)
        await hall.alice.hears_speech()

        assert read_alone <= 960
        assert hall.stub.voice.unheard["not encrypted"] == 0


async def test_people_not_listened_to_are_dropped_undecoded(call: Call) -> None:
    """Bob's frames are counted, neither decrypted nor decoded; alice's are heard."""
    await call.hall.bob.joins(call.hall.channel)
    await call.hall.stub.voice.bot_joined(call.hall.channel)

    await asyncio.gather(call.hall.bob.speaks(tone(0.5, hertz=1_000)), call.alice.speaks(tone(0.5)))
    await call.heard.hears(23)

    assert abs(call.heard.hertz() - HERTZ) < 4
    assert call.voice.stats["not_listened_to"] >= 25
    session = call.voice._connection.dave_session
    stats = session.get_decryption_stats(call.hall.bob.id) if session else None
    assert stats is None or stats.attempts == 0


async def test_withdrawn_consent_takes_effect_on_the_next_frame(call: Call) -> None:
    """After `stop_listening` the sink is not called again, and nothing is kept."""
    speaking = asyncio.create_task(call.alice.speaks(tone(1.0)))
    await call.heard.hears(5)
    call.voice.stop_listening(call.alice.id)
    frames, heard = len(call.heard.frames), call.voice.stats["heard"]
    await speaking

    assert len(call.heard.frames) == frames
    assert call.voice.stats["heard"] == heard
    assert call.voice.stats["not_listened_to"] > 0


async def test_what_was_said_before_consent_is_not_heard(call: Call) -> None:
    """A listener who comes later hears from then on only, not what came early."""
    call.voice.stop_listening(call.alice.id)
    later = Listener()
    speaking = asyncio.create_task(call.alice.speaks(tone(1.0), announced_after=0.6))
    await until(lambda: call.voice.stats["early"] >= 20)
    call.voice.listen_to(call.alice.id, later)
    await speaking
    await later.hears(10)

    assert len(later.loud) - call.voice.stats["concealed"] <= 50 - 19


async def test_a_late_announcement_costs_no_word(call: Call) -> None:
    """Packets that outrun the news of whose they are, are kept and heard."""
    await call.alice.speaks(tone(1.0), announced_after=0.3)
    await call.heard.hears(48)

    assert call.voice.stats["early"] >= 10


async def test_bots_are_never_listened_to(call: Call) -> None:
    """Neither another bot nor the bot itself."""
    other = call.hall.stub.world.bot
    with pytest.raises(ValueError, match="never listened to"):
        call.voice.listen_to(other.id, Listener())


@pytest.mark.parametrize("faults", [{"loss": 0.05}, {"loss": 0.2}, {"reorder": 0.2}])
async def test_a_bad_line_costs_little(private: Call, faults: dict[str, float]) -> None:
    """With packets lost or out of order nearly all of the second is there."""
    await private.alice.speaks(tone(1.0), **faults)
    await private.heard.hears(44)

    assert abs(private.heard.hertz() - HERTZ) < 3


async def test_replayed_packets_are_not_heard_twice(call: Call) -> None:
    """Old packets that arrive again change nothing."""
    await call.alice.speaks(tone(1.0), replay=0.5)
    await call.heard.hears(48)
    await asyncio.sleep(0.2)

    # Frames that bridge a late packet are not of what arrived again.
    assert len(call.heard.loud) - call.voice.stats["concealed"] <= 53
    names = ("late_or_replayed", "duplicate", "dave_refused")
    assert sum(call.voice.stats[name] for name in names) > 5


async def test_ten_thousand_unknown_sources_change_nothing(private: Call) -> None:
    """Packets from sources that nobody announced are bounded, and alice is heard through them."""
    stub = private.hall.stub
    early = private.voice._receiver._speakers._early
    for ssrc in range(100_000, 110_000):
        header = struct.pack(">BBHII", 0x80, 0x78, 1, 960, ssrc)
        stub.voice.send_sealed(header, bytes(60))
        if ssrc % 200 == 0:
            await asyncio.sleep(0.001)
    await private.alice.speaks(tone(0.5))
    await private.heard.hears(23)

    assert private.voice.stats["early"] > 5_000
    assert len(early) <= 64


async def test_packets_of_nobody_known_do_not_stay(private: Call) -> None:
    """A source that nobody announces leaves nothing behind in the call."""
    early = private.voice._receiver._speakers._early
    private.hall.stub.voice.send_sealed(struct.pack(">BBHII", 0x80, 0x78, 1, 960, 5), bytes(60))
    await until(lambda: bool(early))

    await until(lambda: not early)

    assert private.voice.stats["early"] == 1


async def test_crafted_packets_change_nothing(call: Call) -> None:
    """RTCP, video, lying headers, noise and oversized frames neither stop nor fool the bot."""
    voice = call.hall.stub.voice
    ssrc = voice.ssrc_of(call.alice)
    extended = struct.pack(">BBHIIHH", 0x9F, 0x78, 9, 9, ssrc, 0, 0) + bytes(60)
    for packet in (b"", b"\x80", bytes(8), bytes(74), bytes(1_400), b"\x80\xc8" + bytes(60)):
        voice.send_raw(packet)
    voice.send_raw(struct.pack(">BBHII", 0x80, 0x78, 1, 1, ssrc) + bytes(80))
    voice.send_sealed(extended[:24], bytes(40))
    voice.send_sealed(struct.pack(">BBHIIHH", 0x90, 0x78, 9, 9, ssrc, 0xBEDE, 0xFFFF), bytes(40))
    voice.send_sealed(struct.pack(">BBHII", 0x80, 0x65, 9, 9, ssrc), bytes(40))
    voice.send_sealed(struct.pack(">BBHII", 0x80, 0x78, 9, 9, ssrc), b"\xff" * 1_460)

    await call.alice.speaks(tone(0.5))
    await call.heard.hears(23)

    assert abs(call.heard.hertz() - HERTZ) < 4


async def test_frames_of_a_wrong_epoch_are_dropped(private: Call) -> None:
    """What was encrypted for another group costs itself only."""
    await private.alice.speaks(tone(1.0), wrong_epoch=0.2)
    await private.heard.hears(35)

    assert private.voice.stats["dave_refused"] > 2
    assert abs(private.heard.hertz() - HERTZ) < 4


async def test_encryption_ends_and_begins_in_the_middle(private: Call) -> None:
    """A call that turns end-to-end encryption off and on again is heard throughout."""
    await private.hall.stub.voice.downgrade(private.hall.channel)
    await private.alice.speaks(tone(0.4))
    await private.heard.hears(18)
    await private.hall.stub.voice.upgrade(private.hall.channel)
    await private.alice.speaks(tone(0.4))
    await private.heard.hears(36)

    assert private.voice.stats["corrupt"] == 0


async def test_the_line_is_kept_open() -> None:
    """The bot, though silent, sends a packet every five seconds, or it would hear no more."""
    async with calling(VoiceOptions(keepalive_timeout_s=6.0)) as call:
        await until(lambda: len(call.hall.stub.voice.keepalives) >= 1)
        await asyncio.sleep(2.0)
        await call.alice.speaks(tone(0.3))
        await call.heard.hears(12)


async def test_no_audio_is_shared_between_people(private: Call) -> None:
    """Each person listened to has a stream of their own."""
    await private.hall.bob.joins(private.hall.channel)
    await private.hall.stub.voice.bot_joined(private.hall.channel)
    bob = Listener()
    private.voice.listen_to(private.hall.bob.id, bob)

    await asyncio.gather(
        private.hall.bob.speaks(tone(0.6, hertz=1_000)), private.alice.speaks(tone(0.6))
    )
    await private.heard.hears(28)
    await bob.hears(28)

    assert abs(private.heard.hertz() - HERTZ) < 4
    assert abs(bob.hertz() - 1_000) < 4
    assert {frame.shape for frame in bob.frames} == {(HEARING_FRAME,)}
    assert all(frame.dtype == np.int16 for frame in bob.frames)
