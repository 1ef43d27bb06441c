"""What was misheard is put right before it is graded; nothing else gets in that way."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from call_hall import HEARD_S, CallHall, call_hall

from bot.discord.calls import misheard
from bot.discord.calls.call import CallTimes
from bot.doors import UsageError
from interviewer.state import EventKind
from scoring.transcript import Speaker, Turn
from tests.discord_stub.channels import Channel
from voice import speech

SENTENCE = "I would use a load balancer in front"


async def transcript(here: CallHall) -> list[Turn]:
    """The candidate's answers as they stand."""
    app = here.hall.bot.app
    room = here.hall.bot.house.room_of(f"discord:{here.alice.id}")
    assert room is not None
    turns = await app.services.store.transcript(room.place.interview_id)
    return [turn for turn in turns if turn.words]


async def says_unsurely(here: CallHall, thread: Channel) -> str:
    """Alice says something that the recogniser is not sure of; returns what it wrote."""
    with pytest.MonkeyPatch.context() as patch:
        # How sure it is of what is hard to understand differs from call to call.
        patch.setattr(speech, "SURE", 1.1)
        await here.says(SENTENCE)
        shown = await here.alice.sees(thread, "\\(\\?\\)", within=HEARD_S)
    await here.alice.hears_silence(for_s=1.0, within=HEARD_S)
    return shown.text


async def test_the_list_before_grading(tmp_path: Path) -> None:
    """Doubtful answers are listed, put right by their forms, and graded as meant."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        await says_unsurely(here, thread)
        heard = (await transcript(here))[0].text
        await here.alice.presses(thread, "End")
        await here.alice.presses(thread, "End it")
        listed = await here.alice.sees(thread, "Before I grade", within=HEARD_S)
        assert "(?)" in listed.text

        form = await here.alice.presses(thread, "Answer 1")
        assert form.modal is not None
        refused = await here.alice.fills(
            form, {"What you said": "I would fine-tune a large model."}
        )
        assert "Before I grade" in here.alice.screen(thread)
        assert "That was not taken: " in refused.message.text
        assert "sounds different" in refused.message.text
        assert (await transcript(here))[0].text == heard

        await here.alice.presses(thread, "Grade now")
        await here.alice.sees(thread, "Graded as heard", within=HEARD_S)
        await here.alice.sees(thread, "not calibrated", within=HEARD_S)


async def test_grading_does_not_wait_for_ever(tmp_path: Path) -> None:
    """After the time that was said it goes on by itself."""
    async with call_hall(tmp_path, times=CallTimes(review_s=0.5)) as here:
        thread = await here.begins()
        await says_unsurely(here, thread)
        await here.alice.presses(thread, "End")
        await here.alice.presses(thread, "End it")
        await here.alice.sees(thread, "not calibrated", within=HEARD_S)


async def test_the_list_outlives_the_call(tmp_path: Path) -> None:
    """Whoever is no longer heard can still use it: it is about what they said before."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        await says_unsurely(here, thread)
        await here.alice.presses(thread, "End")
        await here.alice.presses(thread, "End it")
        await here.alice.sees(thread, "Before I grade", within=HEARD_S)
        await here.alice.presses(thread, "Stop hearing me")
        form = await here.alice.presses(thread, "Answer 1")
        await here.alice.fills(form, {"What you said": "I would fine-tune a large model."})
        assert "Before I grade" in here.alice.screen(thread)
        pressed = await here.alice.presses(thread, "Grade now")
        await pressed.finished(within=HEARD_S)
        await here.alice.sees(thread, "Graded as heard", within=HEARD_S)
        await here.alice.sees(thread, "not calibrated", within=HEARD_S)


async def test_an_answer_is_put_right_at_once(tmp_path: Path) -> None:
    """By its own button; both versions are kept, and nobody is asked about it again."""
    async with call_hall(tmp_path) as here:
        thread = await here.begins()
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)
        form = await here.alice.presses(thread, "Misheard?")
        meant = SENTENCE.replace("load", "lode")
        await here.alice.fills(form, {"What you said": meant})
        await here.alice.sees(thread, f"put right\n> {meant}")

        turn = (await transcript(here))[0]
        assert (turn.text, turn.original) == (meant, SENTENCE)
        said = [one.text for one in await here.events() if one.kind is EventKind.SAID]
        assert said == [SENTENCE]


async def test_nobody_else_corrects_it(tmp_path: Path) -> None:
    """A stranger's press opens nothing."""
    async with call_hall(tmp_path) as here:
        bob = here.stub.add_user("bob")
        here.guild.add_member(bob)
        thread = await here.begins()
        thread.add_thread_member(bob.id)
        await here.says(SENTENCE)
        await here.alice.sees(thread, SENTENCE, within=HEARD_S)
        for button in ("Misheard?", "I'm done"):
            pressed = await bob.presses(thread, button)
            assert "That is not your interview" in pressed.message.text


async def test_words_that_are_shown_but_not_stored_yet_are_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The caption stands a moment before its answer does; one that never comes is said so."""
    stored = [
        None,
        None,
        Turn("c0001", 0, Speaker.CANDIDATE, SENTENCE, 0, "product", datetime.now(UTC)),
    ]

    async def look(*_: object) -> Turn:
        found = stored.pop(0) if stored else None
        if found is None:
            raise UsageError(misheard.NOT_FOUND)
        return found

    monkeypatch.setattr(misheard, "_turn", look)
    monkeypatch.setattr(misheard, "_LOOKS_S", 0.0)
    shown = partial(misheard._shown_turn, None, "one", "caption")
    assert (await shown()).text == SENTENCE
    monkeypatch.setattr(misheard, "STORED_WITHIN_S", 0.0)
    with pytest.raises(UsageError, match="still being taken"):
        await shown()
