"""Voice channels of the stand-in: who gets in, who is moved, put out, muted, and who is told."""

import asyncio

import discord
import pytest
from stub_voice_client import HEARD_S, Microphone, Tone, opened, running, tone

from tests.discord_stub import DiscordStub, VoiceOptions


async def test_the_client_knows_who_is_in_which_channel() -> None:
    """From GUILD_CREATE and from what happens later; not from channels that it cannot see."""
    async with DiscordStub(voice=VoiceOptions()) as stub:
        alice, bob = stub.add_user("alice"), stub.add_user("bob")
        guild = stub.add_guild("Study group", members=[alice, bob])
        practice, secret = guild.voice_channel("Practice", limit=9), guild.voice_channel("Secret")
        secret.deny_bot("view_channel")
        await alice.joins(practice)
        await bob.joins(secret)
        async with running(stub) as client:
            there = client.get_channel(practice.id)
            assert isinstance(there, discord.VoiceChannel)
            before = list(there.voice_states)
            await bob.joins(practice)
            alice.mutes()
            await client.until_changed(bob.id, practice.id)
            await client.until_changed(alice.id, practice.id)
            states = dict(there.voice_states)
            await bob.joins(secret)
            await client.until_changed(bob.id, None)

            assert before == [alice.id]
            assert there.user_limit == 9
            assert sorted(states) == sorted([alice.id, bob.id])
            assert states[alice.id].self_mute
            assert not states[bob.id].self_mute
            assert list(there.voice_states) == [alice.id]


async def test_nothing_is_told_without_the_intent() -> None:
    """Without the intent for voice states there are none, and joining comes to nothing."""
    async with opened(intents=discord.Intents(guilds=True)) as hall:
        await hall.alice.joins(hall.channel)
        there = hall.client.get_channel(hall.channel.id)
        assert isinstance(there, discord.VoiceChannel)
        with pytest.raises(asyncio.TimeoutError):
            await there.connect(timeout=0.3)
        assert not there.voice_states
        assert not hall.client.changes


@pytest.mark.parametrize("obstacle", ["connect", "view_channel", "full"])
async def test_there_is_no_answer_where_the_client_may_not_join(obstacle: str) -> None:
    """Without the permission, and where the channel is full, no event follows."""
    async with opened() as hall:
        small = hall.guild.voice_channel("Small", limit=1)
        if obstacle == "full":
            await hall.alice.joins(small)
            with pytest.raises(AssertionError, match="it is full"):
                await hall.bob.joins(small)
        there = hall.client.get_channel(small.id) or await hall.client.fetch_channel(small.id)
        if obstacle != "full":
            small.deny_bot(obstacle)
        assert isinstance(there, discord.VoiceChannel)
        with pytest.raises(asyncio.TimeoutError):
            await there.connect(timeout=0.3)
        assert hall.stub.bot.id not in hall.guild.voice
        if obstacle == "full":
            small.allow_bot("move_members")
            await (await there.connect(timeout=HEARD_S)).disconnect()


async def test_a_client_that_is_moved_goes_on_in_the_other_channel() -> None:
    """A moderator moves the bot: it connects anew and is heard and hears there, encrypted."""
    async with opened() as hall:
        other = hall.guild.voice_channel("Other")
        await hall.alice.joins(hall.channel)
        await hall.bob.joins(other)
        voice = await hall.joined()
        await hall.stub.moves(hall.stub.bot, other)
        await hall.complete(voice, other)
        microphone = Microphone(voice)
        voice.play(Tone(15))
        await hall.bob.hears_speech(within=5)
        await hall.bob.speaks(tone(0.2))
        await microphone.until(15)

        assert voice.channel.id == other.id
        assert not hall.alice.ear.frames
        assert microphone.decoded(hall.bob.id).failed == 0


async def test_a_person_who_is_moved_takes_part_there() -> None:
    """Somebody moved into the client's call joins its encrypted group."""
    async with opened() as hall:
        other = hall.guild.voice_channel("Other")
        await hall.alice.joins(other)
        voice = await hall.client.join(hall.channel)
        await hall.stub.moves(hall.alice, hall.channel)
        await hall.complete(voice, hall.channel)
        voice.play(Tone(10))
        await hall.alice.hears_speech(within=5)
        await hall.stub.kicks_from_voice(hall.alice)
        await hall.client.until_changed(hall.alice.id, None)

        assert hall.alice.id not in hall.guild.voice


@pytest.mark.parametrize("how", ["kicked", "deleted", "removed"])
async def test_a_client_that_is_put_out_is_disconnected(how: str) -> None:
    """Kicked by a moderator, the channel deleted, the bot removed: the library gives up."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        if how == "kicked":
            await hall.stub.kicks_from_voice(hall.stub.bot)
        elif how == "deleted":
            hall.channel.delete()
        else:
            hall.guild.remove_bot()
        await hall.client.until(lambda: not hall.client.voice_clients)

        assert not voice.is_connected()
        assert not hall.stub.voice.sessions
        assert (hall.alice.id in hall.guild.voice) == (how != "deleted")


async def test_a_muted_client_is_not_heard_and_a_deaf_one_hears_nothing() -> None:
    """A moderator mutes the bot, takes its permission to speak, deafens it; and undoes it."""
    async with opened(VoiceOptions(dave=0)) as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        await hall.stub.server_mutes(hall.stub.bot)
        voice.play(Tone(10))
        await hall.client.until(lambda: not voice.is_playing())
        muted = len(hall.alice.ear.frames)
        await hall.stub.server_mutes(hall.stub.bot, False)
        hall.channel.deny_bot("speak")
        own = hall.guild.voice[hall.stub.bot.id]
        await hall.client.until(lambda: voice.guild.me.voice.suppress)
        voice.play(Tone(10))
        await hall.client.until(lambda: not voice.is_playing())
        suppressed = len(hall.alice.ear.frames)
        hall.channel.allow_bot("speak")
        voice.play(Tone(10))
        await hall.alice.hears_speech(within=5)
        await hall.stub.server_deafens(hall.stub.bot)
        microphone = Microphone(voice)
        await hall.alice.speaks(tone(0.1))

        assert muted == suppressed == 0
        assert hall.stub.voice.unheard["muted or suppressed"] >= 20
        assert not own.suppressed
        assert not microphone.packets


async def test_people_mute_and_deafen_themselves() -> None:
    """Who is muted cannot speak, who is deaf hears nothing, and the client is told of both."""
    async with opened() as hall:
        await hall.alice.joins(hall.channel)
        voice = await hall.joined()
        hall.alice.deafens()
        await hall.client.until_changed(hall.alice.id, hall.channel.id)
        with pytest.raises(AssertionError, match="alice is muted"):
            await hall.alice.speaks(tone(0.1))
        voice.play(Tone(10))
        await hall.client.until(lambda: not voice.is_playing())
        deaf = len(hall.alice.ear.frames)
        hall.alice.deafens(False)
        voice.play(Tone(10))
        await hall.alice.hears_speech(within=5)

        assert deaf == 0
        assert not voice.channel.voice_states[hall.alice.id].self_deaf


async def test_a_stage_begins_in_the_audience_and_without_encryption() -> None:
    """On a stage the client is suppressed until it is let speak; it may ask; DAVE is off."""
    async with opened() as hall:
        stage = hall.guild.stage_channel("Auditorium")
        await hall.alice.joins(stage)
        voice = await hall.client.join(stage)
        me = voice.guild.me
        began = me.voice.suppress
        voice.play(Tone(5))
        await hall.client.until(lambda: not voice.is_playing())
        with pytest.raises(discord.Forbidden):
            await me.edit(suppress=False)
        refused = hall.stub.take_violations()
        await me.request_to_speak()
        await hall.client.until(lambda: me.voice.requested_to_speak_at is not None)
        hall.guild.allow_bot("mute_members")
        await me.edit(suppress=False)
        await hall.client.until(lambda: not me.voice.suppress)
        heard_before = len(hall.alice.ear.frames)
        voice.play(Tone(10))
        await hall.alice.hears_speech(within=5)
        with pytest.raises(AssertionError, match="alice is muted"):
            await hall.alice.speaks(tone(0.1))
        await hall.stub.lets_speak(hall.alice)
        microphone = Microphone(voice)
        await hall.alice.speaks(tone(0.1))
        await microphone.until(10)

        assert began
        assert heard_before == 0
        assert "MUTE_MEMBERS" in refused[0]
        assert voice.voice_privacy_code is None


async def test_members_are_moved_and_muted_by_request() -> None:
    """The REST routes move, mute and put out, with the permissions; states can be fetched."""
    async with opened() as hall:
        other = hall.guild.voice_channel("Other")
        guild = hall.client.get_guild(hall.guild.id)
        assert guild is not None
        member = await guild.fetch_member(hall.alice.id)
        with pytest.raises(discord.NotFound):
            await member.fetch_voice()
        await hall.alice.joins(hall.channel)
        with pytest.raises(discord.Forbidden):
            await member.edit(mute=True)
        assert "MUTE_MEMBERS" in hall.stub.take_violations()[0]
        hall.guild.allow_bot("mute_members", "move_members")
        await member.edit(mute=True)
        there = guild.get_channel(other.id)
        assert isinstance(there, discord.VoiceChannel)
        await member.move_to(there)
        state = await member.fetch_voice()
        await member.move_to(None)

        assert state.mute
        assert state.channel == there
        assert hall.alice.id not in hall.guild.voice


async def test_a_voice_channel_has_a_chat() -> None:
    """People and the bot write there; threads cannot be started."""
    async with opened() as hall:
        there = hall.client.get_channel(hall.channel.id)
        assert isinstance(there, discord.VoiceChannel)
        sent = await there.send("welcome")

        assert (await hall.alice.sees(hall.channel, "welcome")).id == sent.id
