"""The unmodified library joins calls on the stand-in, hears people there and is heard by them."""

import asyncio
import subprocess
import sys
from itertools import pairwise

import numpy as np
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


async def test_somebody_goes_in_the_middle_of_a_word() -> None:
    """Who leaves while speaking is not heard any more; who comes back is."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        await hall.bob.joins(hall.channel)
        microphone = Microphone(await hall.joined())
        speech = asyncio.create_task(hall.alice.speaks(tone(0.6)))
        await microphone.until(5)
        with pytest.raises(AssertionError, match="alice is speaking already"):
            await hall.alice.speaks(tone(0.1))
        await hall.alice.leaves()
        await speech
        await microphone.drained(hall.stub)
        cut = len(microphone.packets)
        await hall.alice.joins(hall.channel)
        await hall.stub.voice.bot_joined(hall.channel)
        await hall.alice.speaks(tone(0.1))
        await microphone.drained(hall.stub)

        assert cut < 30
        assert len(microphone.packets) == cut + 10


async def test_what_was_heard_has_its_place_in_time() -> None:
    """The timeline holds silence where nothing came; `since` leaves out what was before."""
    async with opened(VoiceOptions(dave=0, ear_keeps_s=0.4)) as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        voice.play(Tone(30))
        began = await hall.alice.hears_speech(within=5)
        ended = await hall.alice.hears_silence(for_s=0.3, within=5)
        whole = hall.alice.ear.timeline(ended - 0.2, ended + 0.3)
        later = hall.alice.ear.audio(since=ended + 0.01)

        assert began < ended
        assert len(whole) == 24_000
        assert np.abs(whole[:7_000]).max() > 5_000
        assert np.abs(whole[-9_600:]).max() < 100
        assert len(later.samples) < 20 * 960
        assert len(hall.alice.ear.frames) <= 40
        with pytest.raises(AssertionError, match="no speech of the bot within"):
            await hall.alice.hears_speech(within=0.05)


def test_text_needs_none_of_the_libraries_for_voice() -> None:
    """The stand-in without voice works where the extra is not installed."""
    code = (
        "import sys, tests.discord_stub as stub; stub.DiscordStub();"
        "print(sorted({'av', 'davey', 'nacl', 'numpy', 'soxr'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
