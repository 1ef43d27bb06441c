"""Buttons and writing in a call work at any moment, also while the bot speaks."""

from pathlib import Path

from call_hall import HEARD_S, CallHall, call_hall, speech_settings

from bot.discord.calls.call import CallTimes
from interviewer.state import EventKind
from scoring.transcript import Source
from tests.fixtures.voice.clips import clip, together

SENTENCE = "I would use a load balancer in front"
OTHER = "users follow other users"


async def said(here: CallHall) -> list[tuple[str, Source]]:
    """The answers as they are stored."""
    events = await here.events()
    return [(one.text, one.source) for one in events if one.kind is EventKind.SAID]


async def test_buttons_while_the_bot_speaks(tmp_path: Path) -> None:
    """A hint does not wait until the question was spoken to its end, nor does writing."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        began = await here.alice.hears_speech(within=HEARD_S, since=0)
        asked = await here.alice.sees(thread, "This stage should end")
        typed = await here.alice.says(thread, "A token is a piece of a word.", reply_to=asked)
        await here.alice.sees(thread, "\\?|Again: ", after=typed)
        # Three times as long as it takes: spoken to its end the question takes longer.
        assert await here.alice.hears_silence(for_s=0.3, within=HEARD_S) > began

        await here.alice.hears_speech(within=HEARD_S, since=0)
        await here.alice.presses(thread, "Hint")
        await here.alice.sees(thread, "[Hh]int", after=typed)
        assert await said(here) == [("A token is a piece of a word.", Source.TYPED)]


async def test_done_hands_an_answer_in_at_once(tmp_path: Path) -> None:
    """In the middle of a sentence that would otherwise be waited for."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        await here.says("let me think about that for a second")
        await here.alice.sees(thread, "Thinking", within=HEARD_S)
        await here.alice.speaks(clip(SENTENCE))
        await here.alice.presses(thread, "I'm done")
        # The recogniser that ships knows no answer of these two sentences, only parts of it.
        await here.alice.sees(thread, "load balancer", within=HEARD_S)


async def test_the_end_takes_what_was_being_said(tmp_path: Path) -> None:
    """Nothing said before it is lost."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        await here.says(SENTENCE)
        await here.alice.presses(thread, "End")
        await here.alice.presses(thread, "End it")
        await here.alice.sees(thread, "Drill: |Scorecard", within=HEARD_S)

        assert [text for text, _ in await said(here)] == [SENTENCE]
        await here.until_left()


async def test_a_pause_is_not_heard(tmp_path: Path) -> None:
    """Whoever talks in a pause does not talk to the interviewer; what was said before it counts."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        await here.alice.hears_silence(for_s=0.4, within=HEARD_S)
        await here.alice.presses(thread, "Pause")
        await here.alice.sees(thread, "what you say is not heard")
        await here.alice.speaks(clip(OTHER))
        await here.alice.presses(thread, "Resume")
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)
        await here.until_taken(1)

        assert [text for text, _ in await said(here)] == [SENTENCE]


async def test_live_captions_become_the_answer(tmp_path: Path) -> None:
    """One message that grows, and in the end says what was understood, with its button."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins(captions="Live, while I speak")
        await here.alice.hears_silence(for_s=0.4, within=HEARD_S)
        seen = await here.alice.sees(thread, "This stage should end")
        speech = together(
            clip(SENTENCE), 0.2, clip(OTHER), 0.2, clip("replication is asynchronous")
        )
        await here.alice.speaks(speech)
        await here.alice.sees(thread, "Misheard\\?", within=HEARD_S)

        shown = [one for one in here.alice.messages(thread) if one.id > seen.id]
        captions = [one for one in shown if SENTENCE in one.text]
        assert len(captions) == 1
        assert "so far" not in captions[0].text


async def test_a_restart_goes_on_in_writing(tmp_path: Path) -> None:
    """The candidate is told, with the way back to the voice; consent has not outlived it."""
    async with call_hall(tmp_path, times=CallTimes()) as here:
        thread = await here.begins()
        await here.says(SENTENCE)
        heard = await here.alice.sees(thread, SENTENCE, within=HEARD_S)
        await here.alice.sees(thread, "\\?", after=heard, within=HEARD_S)
        await here.hall.restart(**speech_settings(here.stub))
        told = await here.alice.sees(thread, "We go on here", within=HEARD_S)
        assert "Join again" in told.text
        assert here.hall.bot.calls.hearing(here.alice.id) is None

        # No answer, since a quick question ends with the answer to its one follow-up.
        typed = await here.alice.says(thread, "Could you repeat that?", reply_to=told)
        await here.alice.sees(thread, "Again: ", after=typed)
        joined = await here.alice.presses(thread, "Join again")
        await joined.finished(within=HEARD_S)
        await here.alice.hears_speech(within=HEARD_S, since=0)
        await here.says(OTHER)
        await here.alice.sees(thread, OTHER, within=HEARD_S)


async def test_an_answer_before_a_restart_is_answered_in_writing(tmp_path: Path) -> None:
    """The candidate interrupted nobody: the question that could not be spoken can be read."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        await here.says(SENTENCE)
        heard = await here.alice.sees(thread, SENTENCE, within=HEARD_S)
        await here.until_taken(1)
        await here.hall.restart(**speech_settings(here.stub))

        told = await here.alice.sees(thread, "We go on here", within=HEARD_S)
        shown = here.alice.messages(thread)
        asked = [one.text for one in shown if heard.id < one.id < told.id]
        assert len(asked) == 1
        assert f"> {asked[0]}\n" in told.text


async def test_an_outage_stops_the_clock(tmp_path: Path) -> None:
    """From its first moment; a short one is not mentioned, a long one is, and writing works."""
    async with call_hall(tmp_path, times=CallTimes(lost_s=0.5)) as here:
        thread = await here.begins()
        await here.alice.hears_silence(for_s=0.4, within=HEARD_S)
        gone = here.stub.voice.restart(away_s=4.0)
        told = await here.alice.sees(thread, "The line to the voice channel is down")
        typed = await here.alice.says(thread, "A token is a piece of a word.", reply_to=told)
        await here.alice.sees(thread, "\\?", after=typed)
        await gone
        await here.alice.sees(thread, "The line is back", within=HEARD_S)
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)

        kinds = [one.kind for one in await here.events()]
        assert kinds.index(EventKind.PAUSED) < kinds.index(EventKind.RESUMED)
