"""A pause has its reasons: it ends with the last of them, and the candidate's own is theirs."""

from pathlib import Path

from call_hall import HEARD_S, CallHall, call_hall

from bot.discord.calls.call import Call, CallTimes
from interviewer.state import EventKind
from tests.discord_stub.channels import Channel

ANSWER = "A token is a piece of a word."
LEFT = "You left <#\\d+>, so the clock stands still"
DOWN = "The line to the voice channel is down"


async def kinds(here: CallHall) -> list[EventKind]:
    """What happened to the interview, without the clock's own events."""
    return [one.kind for one in await here.events() if one.kind is not EventKind.CLOCK]


async def begun(here: CallHall) -> tuple[Channel, Call]:
    """A call in which the first question was spoken."""
    thread = await here.begins()
    await here.alice.hears_speech(within=HEARD_S, since=0)
    await here.alice.hears_silence(for_s=0.5, within=HEARD_S)
    await here.hall.settled()
    assert here.hall.bot.calls is not None
    call = here.hall.bot.calls.in_thread(str(thread.id))
    assert call is not None
    return thread, call


async def test_who_leaves_in_an_outage_is_waited_for(tmp_path: Path) -> None:
    """The line comes back to nobody: the clock stands until the candidate does too."""
    async with call_hall(tmp_path, times=CallTimes(lost_s=0.3)) as here:
        thread, call = await begun(here)
        gone = here.stub.voice.restart(away_s=3.0)
        await here.alice.sees(thread, DOWN)
        here.alice.leaves_voice()
        await here.alice.sees(thread, LEFT)
        await gone
        await here.alice.sees(thread, "The line is back. I wait in", within=HEARD_S)
        await here.hall.settled()
        assert (await kinds(here))[-1] is EventKind.PAUSED
        assert call.chores.waits_for("away")

        await here.alice.joins(here.voice)
        await here.alice.hears_speech(within=HEARD_S)
        await here.hall.settled()
        assert (await kinds(here))[-1] is EventKind.RESUMED


async def test_an_outage_does_not_end_the_wait(tmp_path: Path) -> None:
    """Who left before it and stays away is not waited for beyond the time."""
    async with call_hall(tmp_path, times=CallTimes(lost_s=0.2, away_s=12.0)) as here:
        thread, _ = await begun(here)
        here.alice.leaves_voice()
        await here.alice.sees(thread, LEFT)
        gone = here.stub.voice.restart(away_s=2.0)
        await here.alice.sees(thread, DOWN)
        await gone
        await here.alice.sees(thread, "The line is back", within=HEARD_S)
        await here.alice.sees(thread, "You were away for .* its clock stands", within=HEARD_S)
        await here.hall.settled()
        assert here.hall.bot.user.id not in here.guild.voice


async def test_a_line_that_stays_down_is_given_up(tmp_path: Path) -> None:
    """The candidate, who was there, is not told that they were away; coming and going ends it not.

    An answer in writing has started the clock again, and so it is told.
    """
    async with call_hall(tmp_path, times=CallTimes(lost_s=0.2, away_s=4.0)) as here:
        thread, _ = await begun(here)
        gone = here.stub.voice.restart(away_s=60.0)
        told = await here.alice.sees(thread, DOWN)
        here.alice.leaves_voice()
        await here.alice.joins(here.voice)
        await here.alice.says(thread, ANSWER, reply_to=told)
        await here.alice.sees(thread, "did not come back .* its clock runs", within=HEARD_S)
        assert not [one for one in here.alice.messages(thread) if "You were away" in one.text]
        gone.cancel()


async def test_coming_back_does_not_end_the_candidates_own_pause(tmp_path: Path) -> None:
    """A written answer has ended ours; what they pause after it goes on until they say so."""
    async with call_hall(tmp_path) as here:
        thread, call = await begun(here)
        here.alice.leaves_voice()
        told = await here.alice.sees(thread, LEFT)
        await here.hall.settled()
        await here.alice.says(thread, ANSWER, reply_to=told)
        await here.alice.sees(thread, "\\?", after=told)
        await here.hall.settled()
        paused = await here.alice.presses(thread, "Pause")
        await paused.finished(within=HEARD_S)
        await here.alice.joins(here.voice)
        await here.alice.no_longer_sees(thread, "Come back, and we go on", within=HEARD_S)
        await here.hall.settled()

        assert (await kinds(here))[-1] is EventKind.PAUSED
        assert call.room is not None
        assert call.room.is_paused


async def test_a_bot_that_is_dragged_away_says_so(tmp_path: Path) -> None:
    """The candidate did not move, and joins it where it is."""
    async with call_hall(tmp_path) as here:
        other = here.guild.voice_channel("Quiet")
        thread, _ = await begun(here)
        await here.stub.moves(here.hall.bot.user, other)
        told = await here.alice.sees(thread, f"I am in <#{other.id}> now and you are not")
        assert "You left" not in told.text
        await here.alice.joins(other)
        await here.alice.hears_speech(within=HEARD_S)
        await here.hall.settled()
        assert (await kinds(here))[-1] is EventKind.RESUMED


async def test_a_move_that_does_not_come_about(tmp_path: Path) -> None:
    """Discord takes the request and nothing follows: the clock stands, and it is told why."""
    async with call_hall(tmp_path) as here:
        other = here.guild.voice_channel("Quiet")
        thread, call = await begun(here)

        async def ignored(_channel: object) -> None:
            await here.hall.settled()

        call.client.move_to = ignored
        await here.stub.moves(here.alice, other)
        await here.alice.sees(thread, "I cannot follow you: Discord did not let me in")
        await here.hall.settled()
        assert (await kinds(here))[-1] is EventKind.PAUSED
