"""The unmodified library joins calls on the stand-in, hears people there and is heard by them."""

from itertools import pairwise

import pytest
from stub_voice_client import Microphone, Tone, hertz_of, opened, tone

from tests.discord_stub import VoiceOptions


@pytest.mark.parametrize("dave", [0, 1])
async def test_the_client_is_heard_by_everybody_in_the_call(dave: int) -> None:
    """Two people decrypt and decode what the client plays, with and without DAVE."""
    async with opened(VoiceOptions(dave=dave)) as hall:
        await hall.alice.joins(hall.channel)
        await hall.bob.joins(hall.channel)
        voice = await hall.joined()
        voice.play(Tone(20))
        began = await hall.alice.hears_speech(within=5)
        ended = await hall.alice.hears_silence(for_s=0.2, within=5)

        assert (voice.voice_privacy_code is not None) == bool(dave)
        assert 0.3 < ended - began < 1.0
        for person in (hall.alice, hall.bob):
            heard = person.ear.audio()
            assert len(heard.samples) == 960 * len(heard.times)
            assert len(heard.times) >= 20
            assert hertz_of(heard.samples[:19_200]) == pytest.approx(440, abs=5)
            assert person.ear.undecryptable == person.ear.undecodable == 0
        await voice.disconnect()


@pytest.mark.parametrize("dave", [0, 1])
async def test_a_person_is_heard_by_the_client(dave: int) -> None:
    """What somebody says reaches the client's socket and opens: transport, DAVE, opus."""
    async with opened(VoiceOptions(dave=dave)) as hall:
        await hall.alice.joins(hall.channel)
        microphone = Microphone(await hall.joined())
        spoken = await hall.alice.speaks(tone(0.4, hertz=660.0))
        await microphone.until(25)
        heard = microphone.decoded(hall.alice.id)
        headers = [header for header, _ in microphone.frames()]

        assert heard.failed == 0
        assert len(heard.samples) == 25 * 960
        assert hertz_of(heard.samples[960 : 19 * 960]) == pytest.approx(660, abs=5)
        assert 0.35 < spoken.ended - spoken.began < 0.8
        assert {header.ssrc for header in headers} == {hall.stub.voice.ssrc_of(hall.alice)}
        steps = [b.timestamp - a.timestamp for a, b in pairwise(headers)]
        assert {step % (1 << 32) for step in steps} == {960}


async def test_the_client_commits_when_people_come_and_go() -> None:
    """In mid-call somebody joins and another leaves; the client is a member and is heard on."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        first = voice.voice_privacy_code
        await hall.bob.joins(hall.channel)
        call = await hall.stub.voice.bot_joined(hall.channel)
        second = voice.voice_privacy_code
        assert call.group is not None
        assert sorted(call.group.members) == sorted([hall.alice.id, hall.bob.id, hall.stub.bot.id])
        await hall.alice.leaves()
        await hall.stub.voice.bot_joined(hall.channel)
        voice.play(Tone(15))
        await hall.bob.hears_speech(within=5)

        assert len({first, second, voice.voice_privacy_code}) == 3
        assert hall.bob.ear.undecryptable == 0
        assert not hall.alice.ear.frames
        assert call.group.sender.epoch == 3
