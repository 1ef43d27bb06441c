"""What keeps a call from beginning is said before anything is opened, and writing is offered."""

from pathlib import Path

import pytest
from call_hall import CallHall, call_hall, speech_settings

from tests.discord_stub import VoiceOptions

WISH = {"round": "Drill", "mode": "Voice"}


async def refused(here: CallHall, *, by=None, place=None, **options: object) -> str:
    """What the bot answers to `/interview start mode:voice`."""
    person = by or here.alice
    call = await person.runs(place or here.text, "/interview start", **{**WISH, **options})
    await call.finished()
    assert call.ephemeral
    return call.message.text


async def test_what_is_in_the_way_is_said(tmp_path: Path) -> None:
    """Nowhere, forbidden, full, or taken: each with the next step, and nothing is left behind."""
    async with call_hall(tmp_path) as here:
        stub, alice = here.stub, here.alice
        alice.leaves_voice()
        assert "Join a voice channel" in await refused(here)

        locked = here.guild.voice_channel("Locked")
        locked.deny_bot("CONNECT", "SPEAK")
        await alice.joins(locked)
        assert "I lack permissions" in (said := await refused(here))
        assert "Connect, Speak" in said

        small = here.guild.voice_channel("Small", limit=1)
        await alice.joins(small)
        assert "is full (1 people)" in await refused(here)

        await alice.joins(here.voice)
        with_captions = await here.alice.runs(
            here.text, "/interview start", round="Drill", captions="None"
        )
        assert "Captions belong to a call" in with_captions.message.text

        bob = stub.add_user("bob")
        here.guild.add_member(bob)
        other = here.guild.voice_channel("Other")
        await bob.joins(other)
        await here.calls_in()
        assert "A call is going on in this server" in await refused(here, by=bob)
        assert len([one for one in here.guild.channels.values() if one.is_thread]) == 1


async def test_a_second_interview_is_not_begun(tmp_path: Path) -> None:
    """By voice as little as in writing; the one that goes on is named."""
    async with call_hall(tmp_path) as here:
        started = await here.alice.runs(here.text, "/interview start", round="Drill")
        await started.finished()
        again = await here.alice.runs(here.text, "/interview start", **WISH)
        await again.finished()

        assert "You have an interview going on" in again.message.text


async def test_in_direct_messages_there_is_no_voice(tmp_path: Path) -> None:
    """It is said where there is."""
    async with call_hall(tmp_path) as here:
        call = await here.alice.runs(here.alice.dm(), "/interview start", **WISH)

        assert "on a server only" in call.message.text


@pytest.mark.parametrize("lacking", ["speech_model", "voice"])
async def test_without_models_it_says_what_to_do(tmp_path: Path, lacking: str) -> None:
    """The command that fetches them, and that writing works; no thread is opened in vain."""
    async with call_hall(tmp_path, VoiceOptions()) as here:
        settings = speech_settings(here.stub)
        del settings[lacking]
        await here.hall.restart(**settings)
        said = await refused(here)

        assert "hotseat models download" in said
        assert "leave `mode` out" in said
        assert not [one for one in here.guild.channels.values() if one.is_thread]


async def test_without_the_extra_text_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot asks for no voice states, and says what is missing."""
    async with call_hall(tmp_path) as here:
        monkeypatch.setattr("bot.discord.client.is_installed", lambda: False)
        bot = await here.hall.restart(**speech_settings(here.stub))
        said = await refused(here)

        assert bot.calls is None
        assert not bot.intents.voice_states
        assert "has not installed the voice extra" in said
        call = await here.alice.runs(here.text, "/interview start", round="Drill")
        await call.finished()


async def test_buttons_of_a_call_that_is_over(tmp_path: Path) -> None:
    """Whoever presses one that could not be taken back is told so, and is not heard."""
    async with call_hall(tmp_path) as here:
        bob = here.stub.add_user("bob")
        here.guild.add_member(bob)
        await bob.joins(here.voice)
        await here.calls_in()
        await bob.sees(here.voice, "I do not hear you")
        here.stub.fail("DELETE", "/channels/*/messages/*", status=403)
        await here.hall.restart(**speech_settings(here.stub))
        pressed = await bob.presses(here.voice, "You may hear me")

        assert "I was restarted since" in pressed.message.text
