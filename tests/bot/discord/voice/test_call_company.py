"""People in a call come, go, are muted and moved; whatever happens, the interview is kept."""

from pathlib import Path

from call_hall import HEARD_S, CallHall, call_hall

from bot.discord.calls.call import CallTimes
from interviewer.state import EventKind
from tests.discord_stub.channels import Channel

SENTENCE = "I would use a load balancer in front"


async def kinds(here: CallHall) -> list[EventKind]:
    """What happened to the interview, without the clock's own events."""
    return [one.kind for one in await here.events() if one.kind is not EventKind.CLOCK]


async def begun(here: CallHall) -> Channel:
    """A call in which the first question was spoken."""
    thread = await here.begins()
    await here.alice.hears_speech(within=HEARD_S, since=0)
    await here.alice.hears_silence(for_s=0.5, within=HEARD_S)
    await here.hall.settled()
    return thread


async def test_leaving_pauses_and_coming_back_resumes(tmp_path: Path) -> None:
    """The clock stands meanwhile; the bot waits, says where we were, and hears at once."""
    async with call_hall(tmp_path) as here:
        thread = await begun(here)
        here.alice.leaves_voice()
        await here.alice.sees(thread, "You left <#\\d+>, so the clock stands still")
        await here.alice.sees(thread, "Come back, and we go on")
        await here.hall.settled()
        assert (await kinds(here))[-1] is EventKind.PAUSED
        assert here.hall.bot.user.id in here.guild.voice

        await here.alice.joins(here.voice)
        await here.alice.hears_speech(within=HEARD_S)
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)
        await here.hall.settled()
        assert (await kinds(here))[-2:] == [EventKind.RESUMED, EventKind.SAID]


async def test_who_stays_away_finds_the_interview_kept(tmp_path: Path) -> None:
    """The bot leaves in the end; Join again brings the voice back, and is consent."""
    async with call_hall(tmp_path, times=CallTimes(away_s=0.5)) as here:
        thread = await begun(here)
        here.alice.leaves_voice()
        await here.alice.sees(thread, "You were away for .* Your interview is kept")
        await here.hall.settled()
        await here.until_left()

        alone = await here.alice.presses(thread, "Join again")
        assert "Join a voice channel" in alone.message.text
        await here.alice.joins(here.voice)
        joined = await here.alice.presses(thread, "Join again")
        await joined.finished(within=HEARD_S)
        await here.alice.hears_speech(within=HEARD_S)
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)


async def test_the_bot_follows_where_it_may(tmp_path: Path) -> None:
    """To another channel of the server; where it may not, it says why and waits."""
    async with call_hall(tmp_path) as here:
        quiet, locked = (here.guild.voice_channel(name) for name in ("Quiet", "Locked"))
        locked.deny_bot("CONNECT")
        thread = await begun(here)
        await here.stub.moves(here.alice, quiet)
        await here.alice.sees(thread, "Listening", within=HEARD_S)
        await here.hall.settled()
        assert here.guild.voice[here.hall.bot.user.id].channel is quiet
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)

        await here.alice.joins(locked)
        await here.alice.sees(thread, "I cannot follow you: I lack permissions")
        await here.hall.settled()
        assert (await kinds(here))[-1] is EventKind.PAUSED
        await here.alice.joins(quiet)
        await here.alice.hears_speech(within=HEARD_S)


async def test_muted_and_deafened_candidates_are_told(tmp_path: Path) -> None:
    """Muted is silence, and the clock runs; to the deafened the bot writes."""
    async with call_hall(tmp_path) as here:
        thread = await begun(here)
        here.alice.mutes()
        await here.alice.sees(thread, "You are muted: I hear nothing")
        here.alice.mutes(muted=False)
        await here.alice.no_longer_sees(thread, "You are muted")
        here.alice.deafens()
        await here.alice.sees(thread, "You are deafened and cannot hear me, so I write")
        call = here.hall.bot.calls.in_thread(str(thread.id))
        assert not call.is_audible
        await here.alice.presses(thread, "Hint")
        await here.alice.sees(thread, "A hint|hint", within=HEARD_S)
        here.alice.deafens(deafened=False)
        await here.alice.no_longer_sees(thread, "You are deafened: I write")
        assert EventKind.PAUSED not in await kinds(here)


async def test_removed_from_the_channel(tmp_path: Path) -> None:
    """Paused and told; `/interview resume` comes back and asks again, since consent has died."""
    async with call_hall(tmp_path) as here:
        thread = await begun(here)
        await here.stub.kicks_from_voice(here.hall.bot.user)
        await here.alice.sees(thread, "I am no longer in <#\\d+>")
        await here.hall.settled()
        assert (await kinds(here))[-1] is EventKind.PAUSED

        resumed = await here.alice.runs(here.text, "/interview resume")
        await resumed.finished(within=HEARD_S)
        call = here.hall.bot.calls.in_thread(str(thread.id))
        assert not call.attention.hears(here.alice.id)
        await here.alice.presses(thread, "Go on: you may hear me")
        await here.alice.hears_speech(within=HEARD_S)
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)


async def test_a_channel_that_is_deleted(tmp_path: Path) -> None:
    """Nothing is lost: an answer in writing goes on."""
    async with call_hall(tmp_path) as here:
        thread = await begun(here)
        here.voice.delete()
        told = await here.alice.sees(thread, "I am no longer in <#\\d+>")
        await here.alice.says(thread, "A token is a piece of a word.", reply_to=told)
        await here.hall.settled()

        assert (await kinds(here))[-2:] == [EventKind.RESUMED, EventKind.SAID]


async def test_the_permission_to_speak_is_taken_away(tmp_path: Path) -> None:
    """It writes, still hears, and speaks again when it may."""
    async with call_hall(tmp_path) as here:
        thread = await begun(here)
        here.voice.deny_bot("SPEAK")
        await here.alice.sees(thread, "I may not speak in <#\\d+>")
        await here.alice.speaks(_clip())
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)
        await here.hall.settled()
        here.voice.allow_bot("SPEAK")
        await here.alice.no_longer_sees(thread, "I may not speak in that channel")


async def test_a_stage(tmp_path: Path) -> None:
    """In the audience it asks to speak and writes; as a speaker it speaks."""
    async with call_hall(tmp_path) as here:
        stage = here.guild.stage_channel("Stage")
        await here.alice.joins(stage)
        await here.stub.lets_speak(here.alice)
        thread = await here.begins()
        await here.alice.sees(thread, "is a stage and I am in its audience")
        assert here.guild.voice[here.hall.bot.user.id].asked_at is not None
        await here.stub.lets_speak(here.hall.bot.user)
        await here.alice.no_longer_sees(thread, "I may not speak in that channel")
        await here.alice.presses(thread, "Hint")
        await here.alice.hears_speech(within=HEARD_S)


def _clip():
    from tests.fixtures.voice.clips import clip

    return clip(SENTENCE)
