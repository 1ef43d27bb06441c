"""A call ends with its interview, and with the consent to it, at whatever moment that is."""

import asyncio
from pathlib import Path

import pytest
from call_hall import HEARD_S, START, CallHall, call_hall

from bot.discord.interviews.house import House
from interviewer.state import EventKind
from tests.discord_stub.channels import Channel

GO_ON = "Go on: you may hear me"


async def asked_again(here: CallHall) -> Channel:
    """The call was lost, and Alice is asked anew whether she may be heard; returns the thread."""
    thread = await here.begins()
    await here.stub.kicks_from_voice(here.hall.bot.user)
    await here.alice.sees(thread, "I am no longer in <#\\d+>")
    await here.hall.settled()
    resumed = await here.alice.runs(here.text, "/interview resume")
    await resumed.finished(within=HEARD_S)
    await here.alice.sees(thread, GO_ON)
    return thread


async def nobody_is_heard(here: CallHall) -> bool:
    """Whether the bot has left, and the server's call is free."""
    await here.hall.settled()
    calls = here.hall.bot.calls
    with calls.reserved(here.guild.id):
        return here.hall.bot.user.id not in here.guild.voice and not calls.hearing(here.alice.id)


async def test_a_call_that_waits_ends_with_its_interview(tmp_path: Path) -> None:
    """Its button has gone by then, so that nothing is heard for a card that is written."""
    async with call_hall(tmp_path) as here:
        thread = await asked_again(here)
        await here.alice.presses(thread, "End")
        await here.alice.presses(thread, "End it")
        await here.alice.sees(thread, "That interview is closed, so I left", within=HEARD_S)

        assert GO_ON not in here.alice.screen(thread)
        assert await nobody_is_heard(here)


async def test_a_press_that_comes_after_the_end(tmp_path: Path, monkeypatch) -> None:
    """Where the news of the end is late, the press itself finds the interview over."""
    async with call_hall(tmp_path) as here:
        thread = await asked_again(here)
        monkeypatch.setattr(here.hall.bot.house, "on_forgotten", None)
        await here.alice.presses(thread, "End")
        await here.alice.presses(thread, "End it")
        await here.alice.sees(thread, "Drill: |Scorecard|not calibrated", within=HEARD_S)
        await here.hall.settled()
        pressed = await here.alice.presses(thread, GO_ON)
        await pressed.finished(within=HEARD_S)

        await here.alice.sees(thread, "That call is over, or its interview is")
        assert await nobody_is_heard(here)


async def test_leaving_while_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interview that was agreed to begins in writing, with the way back to the voice."""
    async with call_hall(tmp_path) as here:
        thread = await here.calls_in()
        begin, stored = House.begin, asyncio.Event()

        async def slow(self, *args):
            await stored.wait()
            return await begin(self, *args)

        monkeypatch.setattr(House, "begin", slow)
        press = asyncio.create_task(here.alice.presses(thread, START))
        await here.alice.sees(thread, "I hear you in")
        here.alice.leaves_voice()
        await here.alice.sees(thread, "You left <#\\d+> before we began")
        stored.set()
        await press
        asked = await here.alice.sees(thread, "This stage should end", within=HEARD_S)

        assert "Join again" in here.alice.screen(thread)
        assert "Stop hearing me" not in asked.text
        assert await nobody_is_heard(here)
        await here.alice.joins(here.voice)
        joined = await here.alice.presses(thread, "Join again")
        await joined.finished(within=HEARD_S)
        await here.alice.hears_speech(within=HEARD_S, since=0)


async def test_a_yes_before_the_start_can_be_taken_back(tmp_path: Path) -> None:
    """By whoever gave it: nobody is listened to who has withdrawn, whenever the call begins."""
    async with call_hall(tmp_path) as here:
        bob = here.stub.add_user("bob")
        here.guild.add_member(bob)
        await bob.joins(here.voice)
        thread = await here.calls_in()
        await bob.sees(here.voice, "I do not hear you")
        await bob.presses(here.voice, "You may hear me")
        calls = here.hall.bot.calls
        call = calls.in_thread(str(thread.id))
        assert calls.hearing(bob.id) is call
        calls.withdraw(bob.id)
        await here.alice.presses(thread, START)
        await here.alice.sees(thread, "This stage should end", within=HEARD_S)

        assert call.attention.hears(here.alice.id)
        assert not call.attention.hears(bob.id)
        assert calls.hearing(bob.id) is None


async def test_whoever_deletes_everything_is_not_waited_for(tmp_path: Path) -> None:
    """A call that was never begun ends with the wish of its candidate, and nothing is stored."""
    async with call_hall(tmp_path) as here:
        await here.calls_in()
        here.hall.bot.calls.withdraw(here.alice.id)
        await here.hall.settled()

        assert await nobody_is_heard(here)
        assert EventKind.BEGAN not in [one.kind for one in await here.events()]


async def test_who_has_gone_is_not_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading takes seconds: who left meanwhile is told so, who moved is met there."""
    async with call_hall(tmp_path) as here:
        calls = here.hall.bot.calls
        load, other = calls.models, here.guild.voice_channel("Other")

        async def leaving():
            if here.alice.id in here.guild.voice:
                here.alice.leaves_voice()
                await here.hall.settled()
            return await load()

        monkeypatch.setattr(calls, "models", leaving)
        wished = {"round": "Drill", "mode": "Voice", "captions": "After each answer"}
        call = await here.alice.runs(here.text, "/interview start", **wished)
        await call.finished(within=HEARD_S)
        assert "You left the voice channel" in call.message.text
        assert await nobody_is_heard(here)

        async def moving():
            await here.alice.joins(other)
            return await load()

        await here.alice.joins(here.voice)
        monkeypatch.setattr(calls, "models", moving)
        await here.calls_in()
        assert here.hall.bot.user.id in here.guild.voice


async def test_a_failure_after_joining_leaves_nobody_behind(tmp_path: Path) -> None:
    """Where the question cannot be asked, the bot goes."""
    async with call_hall(tmp_path) as here:
        here.stub.fail("POST", "/channels/*/messages", status=403)
        wished = {"round": "Drill", "mode": "Voice", "captions": "After each answer"}
        call = await here.alice.runs(here.text, "/interview start", **wished)
        await call.finished(within=HEARD_S)

        assert await nobody_is_heard(here)
