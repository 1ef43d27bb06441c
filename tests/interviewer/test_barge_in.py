"""Taking the floor from an interviewer whose words come from a model, at every point of a turn."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.engines.model_engine import ModelEngine
from interviewer.grading import JudgeGrader
from interviewer.session import Session
from interviewer.state import PROBING, EventKind, MoveKind
from scoring.judge import JudgeSettings
from storage.scorecards import load_scorecard
from tests.interviewer.live_world import INTERVIEW, RecordingMouth, World, words_of
from tests.interviewer.model_worlds import ANSWER, SECRET, answer, model_world, until
from tests.messages_stub import Fault, MessagesStub, scripted

FIRST = "You want one service for it all."
SAY = f"{FIRST} What would you need to know before that?"
ON = "And it would be cheap, which matters most to me here."


def reply(say: str = "", notes: int = 0) -> dict:
    """An answer of a model; with notes, most of its text is notes."""
    note = {"concept": "scope/ask-volume", "verdict": "not_shown", "quote": "x" * 40}
    return {"move": "m1", "say": say, "assessments": [note] * notes}


async def cut_in(world: World, session: Session, stub: MessagesStub, when: object):
    """Let the candidate answer and take the floor once `when` holds; what was said to it."""
    world.clock.advance(30)
    answering = asyncio.create_task(session.report(EventKind.SAID, ANSWER))
    await until(when)  # type: ignore[arg-type]
    session.interrupt()
    utterance = await asyncio.wait_for(answering, 10)
    await stub.settled()
    assert utterance is not None
    assert stub.calls[-1].left_early
    return utterance


async def check_the_next_is_answered(world: World, session: Session, stub: MessagesStub) -> None:
    """The next answer is taken, answered once, and asked about with both in mind."""
    following = await asyncio.wait_for(answer(world, session, ON), 20)
    answered = await world.services.store.utterances(INTERVIEW)

    assert words_of(following).endswith("?")
    assert [one.seq for one in answered] == [0, 1, 2]
    assert all(one.closed for one in answered)
    assert list(stub.calls[-1].seen.candidate_texts()) == [ANSWER, ON]


async def test_in_the_first_sentence_nothing_is_said(house: Path) -> None:
    """Half a sentence was written and none shown: the interviewer listens on."""
    async with model_world(house, scripted(reply("Well, " * 3 + SAY), reply())) as (world, stub):
        stub.fail(Fault.HANG_MIDSTREAM)
        session = await world.begin()
        utterance = await cut_in(
            world, session, stub, lambda: stub.calls and len(stub.calls[0].sent) > 3
        )
        transcript = await world.services.store.transcript(INTERVIEW)
        await check_the_next_is_answered(world, session, stub)

    assert (utterance.move.kind, words_of(utterance)) == (MoveKind.WAIT, "")
    assert transcript[-1].text == ANSWER


async def test_between_two_sentences_the_first_one_counts(house: Path) -> None:
    """What was shown is in the transcript, and no more."""
    async with model_world(house, scripted(reply(SAY), reply())) as (world, stub):
        stub.fail(Fault.HANG_MIDSTREAM)
        session = await world.begin()
        shown = len(world.mouth.pieces)
        utterance = await cut_in(world, session, stub, lambda: len(world.mouth.pieces) > shown)
        transcript = await world.services.store.transcript(INTERVIEW)
        await check_the_next_is_answered(world, session, stub)

    assert transcript[-1].text == words_of(utterance) == FIRST
    assert utterance.move.kind in PROBING
    assert utterance.degraded is None
    assert FIRST in "\n".join(said.text for said in stub.calls[-1].seen.turns())


async def test_during_the_assessments_the_question_stands(house: Path) -> None:
    """All of it was shown; what the model had not yet noted is given up, and nothing failed."""
    async with model_world(house, scripted(reply(SAY, 12), reply())) as (world, stub):
        stub.fail(Fault.HANG_MIDSTREAM)
        session = await world.begin()
        shown = len(world.mouth.pieces)
        utterance = await cut_in(world, session, stub, lambda: len(world.mouth.pieces) > shown + 1)
        stored = await world.services.store.utterance(INTERVIEW, 1)
        noted = await world.services.store.assessments(INTERVIEW, -1, 99)
        await check_the_next_is_answered(world, session, stub)

    assert words_of(utterance) == SAY
    assert stored is not None
    assert (stored.text, stored.complete, stored.degraded) == (SAY, True, None)
    assert noted == ()


async def test_a_mouth_that_was_interrupted_says_how_far_it_got(house: Path) -> None:
    """In speech the candidate talks over a word: up to there it was heard, and no more comes."""

    class Overtalked(RecordingMouth):
        """Is cut in the middle of the second utterance's first piece."""

        async def say(self, key: str, text: str, offset: int) -> int:
            if ":1:" not in key:
                return await super().say(key, text, offset)
            await super().say(key, text[: len(text) // 2], offset)
            return len(text) // 2

    async with model_world(house, scripted(reply(SAY), reply())) as (world, stub):
        world.mouth = Overtalked(world.clock)
        session = await world.begin()
        world.clock.advance(30)
        utterance = await session.report(EventKind.SAID, ANSWER)
        stored = await world.services.store.utterance(INTERVIEW, 1)
        await check_the_next_is_answered(world, session, stub)

    assert words_of(utterance) == FIRST[: len(FIRST) // 2]
    assert stored is not None
    assert (stored.shown, stored.complete, stored.closed) == (len(FIRST) // 2, False, True)


async def test_during_judging_it_has_no_effect(house: Path) -> None:
    """Who talks on after the end gets the same card, judged as far as the judge answered."""
    async with model_world(house, scripted(reply(SAY))) as (world, stub):
        settings = JudgeSettings(
            model="claude-sonnet-5-5", samples=1, samples_when_split=1, deadline_s=1.0
        )
        engine = world.services.engine
        assert isinstance(engine, ModelEngine)
        grader = JudgeGrader(engine._model, settings, SECRET, within_s=30.0)
        world.services = replace(world.services, grader=grader)
        session = await world.begin()
        await answer(world, session)
        stub.fail(*[Fault.HANG_BEFORE] * 3)
        ending = asyncio.create_task(session.report(EventKind.END))
        await until(lambda: len(stub.calls) > 1)
        session.interrupt()
        closed = await asyncio.wait_for(ending, 30)
        card = await load_scorecard(world.database, INTERVIEW)

    assert closed is not None
    assert closed.move.kind is MoveKind.CLOSE
    assert words_of(closed) == closed.text
    assert card.judging is not None
    assert card.judging.failed_calls > 0


@pytest.mark.parametrize("kind", [EventKind.BEGAN, EventKind.NEXT], ids=["round", "stage"])
async def test_at_an_opening_it_has_no_effect(house: Path, kind: EventKind) -> None:
    """The question of a round or stage is asked to its end, whoever coughs meanwhile."""

    class Coughing(RecordingMouth):
        """The candidate makes a sound whenever something is said."""

        session: Session

        async def say(self, key: str, text: str, offset: int) -> int:
            self.session.interrupt()
            return await super().say(key, text, offset)

    async with model_world(house) as (world, _):
        mouth = world.mouth = Coughing(world.clock)
        mouth.session = session = world.session(mouth)
        opened = await session.begin(world.settings)
        if kind is EventKind.NEXT:
            opened = await session.report(kind)
        state = (await world.services.store.interview(INTERVIEW)).state

    assert opened is not None
    assert opened.move.kind is (MoveKind.OPEN if kind is EventKind.BEGAN else MoveKind.ADVANCE)
    assert words_of(opened) == opened.text
    assert state.stage_index == (kind is EventKind.NEXT)


async def test_what_is_repeated_is_the_whole_of_what_was_asked_last(house: Path) -> None:
    """Also where it came in several sentences, of which the last one asked."""
    async with model_world(house, scripted(reply(SAY))) as (world, _):
        session = await world.begin()
        await answer(world, session)
        again = await answer(world, session, "Could you repeat that, please?")

    assert again.move.kind is MoveKind.REPEAT
    assert words_of(again).endswith(SAY)


async def test_who_asks_for_a_repetition_is_not_told_of_the_failure_again(house: Path) -> None:
    """The question comes again, and not what was owned up to with it."""
    async with model_world(house, faults=(Fault.AUTH_401,)) as (world, _):
        session = await world.begin()
        asked = await answer(world, session)
        again = await answer(world, session, "Could you repeat that, please?")

    assert words_of(asked).startswith("A note: ")
    assert again.move.kind is MoveKind.REPEAT
    assert "A note: " not in words_of(again)
    assert asked.move.line is not None
    assert asked.move.line in words_of(again)
