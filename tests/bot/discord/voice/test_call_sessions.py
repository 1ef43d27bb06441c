"""Calls whose bot loses its session on the main gateway, or its process."""

from pathlib import Path

from call_hall import HEARD_S, CallHall, call_hall, speech_settings

from bot.discord.calls.call import CallTimes
from interviewer.state import EventKind
from tests.discord_stub.channels import Channel
from tests.fixtures.voice.clips import clip

ANSWER = "I would use a load balancer in front"
TYPED = "A token is a piece of a word."


async def begun(here: CallHall) -> Channel:
    """An interview whose first question was asked and heard."""
    thread = await here.begins()
    await here.alice.hears_speech(within=HEARD_S, since=0)
    await here.alice.hears_silence(for_s=0.5, within=HEARD_S)
    await here.hall.settled()
    return thread


async def test_a_call_outlives_a_session_of_the_main_gateway(tmp_path: Path) -> None:
    """The bot joins anew, hears the candidate, and knows when it is removed from the channel."""
    async with call_hall(tmp_path, times=CallTimes(lost_s=0.0)) as here:
        thread = await begun(here)
        here.stub.drop_gateway(resumable=False)
        await here.alice.sees(thread, "The line is back", within=HEARD_S)

        await here.says(ANSWER)
        await here.alice.sees(thread, ANSWER, within=HEARD_S)

        await here.stub.kicks_from_voice(here.stub.world.bot)
        await here.alice.sees(thread, "I am no longer in", within=HEARD_S)


async def answers(here: CallHall) -> list[str]:
    """What is stored that the candidate said."""
    return [event.text for event in await here.events() if event.kind is EventKind.SAID]


async def test_an_answer_that_was_heard_before_a_pause_outlives_a_restart(tmp_path: Path) -> None:
    """It is stored once, and answered when the bot is back."""
    async with call_hall(tmp_path) as here:
        thread = await begun(here)
        await here.alice.speaks(clip(ANSWER))
        await here.alice.presses(thread, "Pause")
        await here.alice.sees(thread, ANSWER, within=HEARD_S)

        await here.hall.restart(**speech_settings(here.stub))
        greeting = await here.alice.sees(thread, "We go on here", within=HEARD_S)
        await here.alice.says(thread, TYPED, reply_to=greeting)
        await here.hall.settled()

        assert await answers(here) == [ANSWER, TYPED]


async def test_an_answer_that_waits_when_the_bot_is_stopped_is_kept(tmp_path: Path) -> None:
    """It was in the queue behind another request, and is answered at the next start."""
    async with call_hall(tmp_path) as here:
        thread = await begun(here)
        calls = here.hall.bot.calls
        assert calls is not None
        call = calls.in_thread(str(thread.id))
        assert call is not None
        assert call.room is not None
        call.room.hear_spoken("voice:test:1", ANSWER, ())

        await here.hall.restart(**speech_settings(here.stub))
        await here.alice.sees(thread, "We go on here", within=HEARD_S)
        await here.hall.settled()

        assert await answers(here) == [ANSWER]
