"""A voice connection that breaks comes back, with everybody listened to and what was playing."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from hearing_call import HERTZ, Call, Listener, Singer, calling, until
from stub_voice_client import hertz_of, opened, tone

from bot.discord.voice import connection
from bot.discord.voice.source import PlaybackSource
from bot.discord.voice_client import HearingClient
from tests.discord_stub import VoiceOptions


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


async def back(call: Call) -> None:
    """The bot has told of an outage and of its end."""
    await until(lambda: call.events[-2:] == ["lost", "restored"])


async def hears_and_is_heard(call: Call) -> None:
    """Both directions work now."""
    call.heard.frames.clear()
    await call.alice.speaks(tone(0.4))
    await call.heard.hears(18)
    await call.alice.hears_speech()
    assert abs(call.heard.hertz() - HERTZ) < 4


@pytest.mark.parametrize("code", [1006, 4006, 4009, 4014, 4015])
async def test_a_closed_connection_comes_back(call: Call, code: int) -> None:
    """Whatever closed it; the person listened to and the song that was playing go on."""
    call.sings()
    await call.alice.hears_speech()
    call.hall.stub.voice.crash(code)

    await back(call)
    await hears_and_is_heard(call)
    assert call.events == ["lost", "restored"]


async def test_a_crash_is_resumed_without_leaving(call: Call) -> None:
    """After 4015 the same session goes on: nobody sees the bot leave."""
    call.hall.client.changes.clear()
    call.hall.stub.voice.crash(4015)
    await back(call)

    assert call.hall.stub.voice.resumes == 1
    assert call.hall.client.changes == []
    assert call.voice.stats["rejoined"] == 0


async def test_a_server_that_restarts_is_followed(call: Call) -> None:
    """The bot goes to the new server, with its new key."""
    call.sings()
    await call.alice.hears_speech()
    await call.hall.stub.voice.restart()

    await back(call)
    await hears_and_is_heard(call)


async def test_what_plays_goes_on_where_it_was(private: Call) -> None:
    """Nothing of the song is lost in an outage: it is not read while it cannot be heard."""
    singer = private.sings()
    await private.alice.hears_speech()
    for _ in range(3):  # So that the next attempt waits for a second.
        private.voice._call._delays.following(private.voice.loop.time())
    private.hall.stub.voice.crash(4006)
    await until(lambda: private.events == ["lost"])
    await asyncio.sleep(0.1)
    read = singer.read
    await asyncio.sleep(0.5)
    assert singer.read - read <= 960

    await back(private)
    await private.alice.hears_speech()
    assert private.voice.is_playing()
    assert abs(hertz_of(private.alice.ear.audio().samples[-9_600:]) - HERTZ) < 8


async def test_silence_goes_on_through_an_outage(private: Call) -> None:
    """The stream of frames does not stop while nothing can be heard."""
    private.hall.stub.voice.crash(4006)
    await until(lambda: "lost" in private.events)
    frames = len(private.heard.frames)
    await until(lambda: len(private.heard.frames) >= frames + 10)


async def test_one_outage_after_another_is_mended(private: Call) -> None:
    """The second time it takes longer, and it still comes back."""
    for code in (4006, 4015, 4014):
        private.events.clear()
        private.hall.stub.voice.crash(code)
        await back(private)

    private.sings()
    await hears_and_is_heard(private)


async def test_a_corrupt_commit_costs_no_more_than_a_moment(private: Call) -> None:
    """A broken change of keys is answered, and the bot is taken in anew."""
    stub = private.hall.stub
    stub.voice.corrupt_commit(private.hall.channel)
    await private.hall.bob.joins(private.hall.channel)
    await until(lambda: stub.voice.invalid_commits > 0)
    await stub.voice.bot_joined(private.hall.channel)

    private.sings()
    await hears_and_is_heard(private)


async def test_a_bot_that_is_moved_goes_on_there(call: Call) -> None:
    """In the other channel it hears the same person, who went along."""
    other = call.hall.guild.voice_channel("Elsewhere")
    call.sings()
    await call.hall.stub.moves(call.hall.client.user, other)
    await call.alice.joins(other)
    await call.hall.stub.voice.bot_joined(other)
    await until(lambda: call.events[-1:] == ["restored"])

    await hears_and_is_heard(call)
    assert call.voice.channel.id == other.id


async def test_a_bot_may_move_itself(call: Call) -> None:
    """The library's own `move_to` works as well."""
    other = call.hall.guild.voice_channel("Elsewhere")
    await until(lambda: call.hall.client.get_channel(other.id) is not None)
    await call.voice.move_to(call.hall.client.get_channel(other.id))
    await call.alice.joins(other)
    await call.hall.stub.voice.bot_joined(other)

    call.sings()
    await hears_and_is_heard(call)


async def test_a_bot_that_is_kicked_stays_out(call: Call) -> None:
    """It tells so once, stops hearing and playing, and does not come back."""
    call.sings()
    await call.hall.stub.kicks_from_voice(call.hall.client.user)
    await until(lambda: "gone" in call.events)
    frames = len(call.heard.frames)
    await asyncio.sleep(0.8)

    assert call.events.count("gone") == 1
    assert "restored" not in call.events
    assert call.hall.client.voice_clients == []
    assert len(call.heard.frames) == frames
    assert not call.voice.is_playing()


async def test_the_bot_may_leave_in_the_middle_of_an_outage(private: Call) -> None:
    """Leaving while the connection is being mended is for good."""
    private.hall.stub.voice.crash(4006)
    await until(lambda: "lost" in private.events)
    await private.voice.disconnect()
    await asyncio.sleep(0.5)

    assert private.events == ["lost", "gone"]
    assert private.hall.client.voice_clients == []


async def test_a_bot_that_cannot_come_back_gives_up(
    private: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it may not join any more and nobody says so, it is gone in the end, and says that."""
    monkeypatch.setattr(connection, "ATTEMPT_S", 0.2)
    monkeypatch.setattr(connection, "GIVE_UP_S", 0.3)
    private.hall.channel.deny_bot("connect")
    private.hall.stub.voice.crash(4006)
    await until(lambda: private.events == ["lost", "gone"])

    assert private.hall.client.voice_clients == []
    assert not private.voice.is_connected()


async def test_the_bot_leaves_and_joins_again(private: Call) -> None:
    """A second client in the same channel works like the first."""
    await private.voice.disconnect()
    await private.hall.joined(cls=HearingClient)

    assert private.events == ["gone"]


async def test_a_group_without_the_bot_is_joined_anew(
    private: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where keys are never agreed on, the watchdog leaves and comes back for new ones."""
    monkeypatch.setattr(private.voice._watchdog, "_patience_s", 0.5)
    session = private.voice._call.dave_session
    assert session is not None
    session.reinit(1, session.user_id, session.channel_id)
    await until(lambda: private.voice.stats["no_dave_session"] == 1)
    await back(private)

    private.sings()
    await hears_and_is_heard(private)


async def test_frames_that_never_decrypt_bring_a_new_start(private: Call) -> None:
    """Three seconds of a person's frames under other keys are a broken session."""
    await private.alice.speaks(tone(3.3), wrong_epoch=1.0)
    await until(lambda: private.voice.stats["unreadable"] == 1)
    await back(private)

    private.sings()
    await hears_and_is_heard(private)


async def test_a_message_of_nonsense_is_survived(private: Call) -> None:
    """What the gateway sends that makes no sense is counted, and the call goes on."""
    session = private.hall.stub.voice.sessions[private.hall.guild.id]
    session.send(5, None)
    session.send(5, {"ssrc": "x"})
    session.send(21, {})
    session.send_binary(27, b"\x07nonsense")
    session.send_binary(25, b"")
    session.send(99, {})
    await until(lambda: private.voice.stats["bad_gateway_message"] >= 4)

    private.sings()
    await hears_and_is_heard(private)


@pytest.mark.parametrize("trusted", [False, True])
async def test_the_audience_of_a_stage_asks_to_speak(trusted: bool) -> None:
    """On a stage the bot is silent until it may speak, and then begins at the beginning."""
    async with opened() as hall:
        guild = hall.stub.add_guild("Lecture", members=[hall.alice], owner=hall.bob)
        stage = guild.stage_channel("Stage")
        if trusted:
            guild.allow_bot("mute_members")
        await hall.alice.joins(stage)
        voice = await hall.client.join(stage, cls=HearingClient)
        await until(lambda: voice.is_silenced)
        singer = Singer()
        voice.play(PlaybackSource(singer))
        await asyncio.sleep(0.1)
        read_in_audience = singer.read

        assert await voice.ask_to_speak() is trusted
        if not trusted:
            await hall.stub.lets_speak(hall.client.user)
        await hall.alice.hears_speech()
        assert read_in_audience <= 960


async def test_speakers_on_a_stage_are_heard() -> None:
    """A stage knows no end-to-end encryption; who speaks there is heard all the same."""
    async with opened() as hall:
        stage = hall.guild.stage_channel("Stage")
        await hall.alice.joins(stage)
        await hall.stub.lets_speak(hall.alice)
        voice = await hall.client.join(stage, cls=HearingClient)
        heard = Listener()
        voice.listen_to(hall.alice.id, heard)
        await hall.alice.speaks(tone(0.4))
        await heard.hears(18)


async def test_the_log_of_an_outage_holds_no_ids_of_people(
    private: Call, caplog: pytest.LogCaptureFixture
) -> None:
    """Lost and restored are logged, nobody is named."""
    with caplog.at_level(logging.INFO, logger="bot"):
        private.hall.stub.voice.crash(4006)
        await back(private)

    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert said == ["voice connection lost, close code 4006", "voice connection restored"]
    assert str(private.alice.id) not in " ".join(said)
