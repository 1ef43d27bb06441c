"""Calls whose bot loses its session on the main gateway, or its process."""

from pathlib import Path

from call_hall import HEARD_S, CallHall, call_hall

from bot.discord.calls.call import CallTimes
from tests.discord_stub.channels import Channel

ANSWER = "I would use a load balancer in front"


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
