"""Who is heard in a call: the candidate once they agree, others only that they speak."""

from pathlib import Path

from call_hall import HEARD_S, START, call_hall

from bot.discord.calls.call import CallTimes
from interviewer.state import EventKind
from tests.fixtures.voice.clips import clip

SENTENCE = "I would use a load balancer in front"
OTHER = "users follow other users"


async def test_nobody_is_heard_before_they_agree(tmp_path: Path) -> None:
    """The bot is there, and not a frame of anybody is decoded."""
    async with call_hall(tmp_path) as here:
        thread = await here.calls_in()
        asked = here.alice.screen(thread)
        await here.alice.speaks(clip(SENTENCE))
        call = here.hall.bot.calls.in_thread(str(thread.id))

        assert "I hear you**, in this call only" in asked
        assert "Sound is never kept" in asked
        assert not call.attention.hears(here.alice.id)
        assert call.client.stats["heard"] == 0
        assert await here.events() == []


async def test_bystanders(tmp_path: Path) -> None:
    """Asked in the voice channel; who agrees is noticed, whose words are nowhere; a no holds."""
    async with call_hall(tmp_path) as here:
        bob, carol, mallory = (here.stub.add_user(one) for one in ("bob", "carol", "mallory"))
        for one in (bob, carol, mallory):
            here.guild.add_member(one)
        await bob.joins(here.voice)
        thread = await here.calls_in(captions="None")
        await bob.sees(here.voice, "I do not hear you")
        refused = await mallory.presses(here.voice, "You may hear me")
        assert "You are not in" in refused.message.text
        await bob.presses(here.voice, "You may hear me")
        await bob.sees(here.voice, f"Agreed: <@{bob.id}>")
        await here.alice.presses(thread, START)
        await here.alice.sees(thread, "This stage should end", within=HEARD_S)
        call = here.hall.bot.calls.in_thread(str(thread.id))
        heard = _told_of_others(call)
        await carol.joins(here.voice)
        await carol.sees(here.voice, f"Asked: <@{carol.id}>")

        await bob.speaks(clip(OTHER))
        await carol.speaks(clip(OTHER))
        assert heard == [True, False]
        assert not call.attention.hears(carol.id)

        await bob.presses(here.voice, "No")
        assert not call.attention.hears(bob.id)
        await bob.speaks(clip(OTHER))
        assert heard == [True, False]
        assert all(one.kind is not EventKind.SAID for one in await here.events())


def _told_of_others(call) -> list[bool]:
    """What the line is told of others from now on."""
    told: list[bool] = []
    line, pass_on = call._line, call._line.others

    def others(speaking: bool) -> None:
        told.append(speaking)
        pass_on(speaking)

    line.others = others
    return told


async def test_consent_withdrawn_ends_the_call(tmp_path: Path) -> None:
    """On the next frame, by the card or by `/privacy`; the interview goes on in writing."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        shown = await here.alice.runs(here.text, "/privacy show")
        await shown.finished()
        await here.alice.sees(here.text, "I hear you right now")
        call = here.hall.bot.calls.in_thread(str(thread.id))
        await here.alice.presses(thread, "Stop hearing me")
        assert not call.attention.hears(here.alice.id)
        decoded = call.client.stats["heard"]
        await here.alice.sees(thread, "We go on in writing here", within=HEARD_S)
        assert call.client.stats["heard"] == decoded
        await here.alice.sees(thread, "Join again")

        asked = await here.alice.sees(thread, "This stage should end")
        typed = await here.alice.says(thread, "A token is a piece of a word.", reply_to=asked)
        await here.alice.sees(thread, "\\?", after=typed)
        assert [e.text for e in await here.events() if e.kind is EventKind.SAID] == [
            "A token is a piece of a word."
        ]


async def test_only_the_candidate_presses_start(tmp_path: Path) -> None:
    """Somebody else in the thread is told whose button it is."""
    async with call_hall(tmp_path) as here:
        bob = here.stub.add_user("bob")
        here.guild.add_member(bob)
        thread = await here.calls_in()
        thread.add_thread_member(bob.id)
        for button in (START, "No, in writing"):
            pressed = await bob.presses(thread, button)
            assert "for the candidate" in pressed.message.text
        assert await here.events() == []


async def test_no_means_in_writing(tmp_path: Path) -> None:
    """The same interview in the same thread; the bot leaves the channel and hears nobody."""
    async with call_hall(tmp_path) as here:
        thread = await here.calls_in()
        await here.alice.presses(thread, "No, in writing")
        await here.alice.sees(thread, "This stage should end", within=HEARD_S)

        assert "We go on in writing here" in here.alice.screen(thread)
        assert "Stop hearing me" not in here.alice.screen(thread)
        await here.until_left()


async def test_a_call_that_nobody_starts_ends(tmp_path: Path) -> None:
    """The channel is left, the thread goes out of the way, and another one can begin."""
    async with call_hall(tmp_path, times=CallTimes(start_s=0.5)) as here:
        thread = await here.calls_in()
        await here.alice.sees(thread, "Nobody pressed the button")

        assert await here.events() == []
        here.hall.bot.calls.times = CallTimes()
        await here.begins()
