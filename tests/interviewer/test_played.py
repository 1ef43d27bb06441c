"""A mouth whose words take time to play: what counts is what was heard."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from interviewer.clock import ManualClock
from interviewer.session import Session
from interviewer.state import EventKind, MoveKind
from tests.interviewer.live_world import (
    INTERVIEW,
    START,
    RecordingMouth,
    World,
    open_world,
    words_of,
)
from tests.interviewer.worlds import design_plan

PLAN = design_plan()

ANSWER = "I would put a queue between the shop and the mailer, because mail servers are slow."
ON = "And the queue would be durable."


class PlayingMouth(RecordingMouth):
    """Takes whole utterances at once; how much was heard is known at the end only.

    `heard` characters of the next one are heard. While `busy` the candidate speaks.
    """

    spoken = True
    heard: int | None = None
    in_place = True
    reviews: int = 0

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.free = asyncio.Event()
        self.free.set()
        self.waiting = asyncio.Event()

    async def ready(self, text: str) -> bool:
        self.waiting.set()
        await self.free.wait()
        return self.in_place

    async def finish(self, key: str, shown: int) -> int:
        heard, self.heard = self.heard, None
        return shown if heard is None else heard

    async def review(self, interview_id: str) -> None:
        self.reviews += 1


@pytest.fixture
def mouth() -> PlayingMouth:
    return PlayingMouth(ManualClock(START))


async def answer(world: World, session: Session, text: str = ANSWER) -> str:
    """Let the candidate say it; the words that were heard in answer."""
    world.clock.advance(30)
    return words_of(await session.report(EventKind.SAID, text))


async def test_what_was_not_heard_is_not_in_the_transcript(
    house: Path, mouth: PlayingMouth
) -> None:
    """The candidate interrupts while a whole question is playing: it ends where they did."""
    async with open_world(house, PLAN) as world:
        world.mouth = mouth
        session = await world.begin()
        mouth.heard = 9
        said = await answer(world, session)
        stored = await world.services.store.utterance(INTERVIEW, 1)
        last = (await world.services.store.transcript(INTERVIEW))[-1]

    assert len(said) == 9
    assert stored is not None
    assert (stored.shown, stored.complete, stored.closed) == (9, False, True)
    assert last.text == said


async def test_who_goes_on_before_the_first_word_is_answered_once(
    house: Path, mouth: PlayingMouth
) -> None:
    """Nothing is said into an answer that goes on; its parts are answered together."""
    async with open_world(house, PLAN) as world:
        world.mouth = mouth
        session = await world.begin()
        mouth.free.clear()
        mouth.waiting.clear()
        answering = asyncio.create_task(answer(world, session))
        await asyncio.wait_for(mouth.waiting.wait(), 20)
        session.interrupt()
        nothing = await asyncio.wait_for(answering, 20)
        mouth.free.set()
        said = await answer(world, session, ON)
        state = (await world.services.store.interview(INTERVIEW)).state
        moves = await world.moves()

    assert nothing == ""
    assert said != ""
    assert moves[1] == MoveKind.WAIT.value
    assert state.unanswered == ()


async def test_a_question_that_nobody_understood_was_not_asked(
    house: Path, mouth: PlayingMouth
) -> None:
    """Talked over at its beginning it uses up no follow-up; both parts are answered together."""
    async with open_world(house, PLAN) as world:
        world.mouth = mouth
        session = await world.begin()
        before = (await world.services.store.interview(INTERVIEW)).state
        mouth.heard = 3
        await answer(world, session)
        taken_back = (await world.services.store.interview(INTERVIEW)).state
        transcript = await world.services.store.transcript(INTERVIEW)
        await answer(world, session, ON)
        after = (await world.services.store.interview(INTERVIEW)).state
        moves = await world.moves()

    assert len(transcript[-1].text) == 3
    assert taken_back.unanswered == (1,)
    assert taken_back.question == before.question
    assert taken_back.probes_in_stage == 0
    assert moves[1] == MoveKind.WAIT.value
    assert (after.unanswered, after.probes_in_stage) == ((), 1)


async def test_an_opening_that_nobody_understood_is_said_again(
    house: Path, mouth: PlayingMouth
) -> None:
    """The stage is open, and its question comes after what was said over it."""
    async with open_world(house, PLAN) as world:
        world.mouth = mouth
        session = await world.begin()
        mouth.heard = 2
        opened = await session.report(EventKind.NEXT)
        again = await answer(world, session, "Wait, I would also cache the menu of the shop.")
        moves = await world.moves()
        state = (await world.services.store.interview(INTERVIEW)).state

    assert opened is not None
    assert moves[1:] == [MoveKind.ADVANCE.value, MoveKind.REPEAT.value]
    assert state.question in again
    assert not state.unheard


async def test_a_nudge_into_an_answer_is_dropped(house: Path, mouth: PlayingMouth) -> None:
    """What comes of our own accord is out of place once the candidate has said something."""
    async with open_world(house, PLAN) as world:
        world.mouth = mouth
        session = await world.begin()
        mouth.in_place = False
        nothing = words_of(await session.report(EventKind.SILENCE))
        opened = words_of(await session.report(EventKind.NEXT))
        state = (await world.services.store.interview(INTERVIEW)).state

    assert nothing == ""
    assert opened != ""
    assert state.unanswered == ()


async def test_an_opening_waits_for_silence_and_is_not_given_up(
    house: Path, mouth: PlayingMouth
) -> None:
    """Who speaks while the next stage is about to be opened hears its question afterwards."""
    async with open_world(house, PLAN) as world:
        world.mouth = mouth
        session = await world.begin()
        mouth.free.clear()
        mouth.waiting.clear()
        opening = asyncio.create_task(session.report(EventKind.NEXT))
        await asyncio.wait_for(mouth.waiting.wait(), 20)
        session.interrupt()
        before = len(mouth.pieces)
        mouth.free.set()
        opened = await asyncio.wait_for(opening, 20)

    assert before == 1
    assert opened is not None
    assert opened.move.kind is MoveKind.ADVANCE
    assert words_of(opened) == opened.text


async def test_what_was_played_before_a_crash_is_not_played_again(house: Path) -> None:
    """The rest is said from the clause on that was not yet played."""
    async with open_world(house, PLAN) as world:
        session = await world.begin()
        store = world.services.store
        world.mouth.breaks_after = 0
        world.clock.advance(30)
        with pytest.raises(Exception, match=f"{INTERVIEW}:1:"):
            await session.report(EventKind.SAID, ANSWER)
        opened = await store.utterance(INTERVIEW, 1)
        assert opened is not None
        await store.note_shown(opened.key, 7)
        after = PlayingMouth(world.clock)
        await world.session(after).recover()
        closed = await store.utterance(INTERVIEW, 1)

    assert after.pieces == [opened.text[7:]]
    assert closed is not None
    assert (closed.shown, closed.closed) == (len(opened.text), True)


async def test_misheard_words_are_put_right_before_grading_and_once(
    house: Path, mouth: PlayingMouth
) -> None:
    """The candidate is asked where the interview has just ended, and not again."""
    async with open_world(house, PLAN) as world:
        world.mouth = mouth
        session = await world.begin()
        await session.report(EventKind.END)
        await world.session(mouth).recover()
        finished = (await world.services.store.interview(INTERVIEW)).finished_at

    assert mouth.reviews == 1
    assert finished is not None


async def test_nobody_is_told_of_the_time_while_they_speak(house: Path) -> None:
    """The warning waits for a pause."""

    class Talkative(ManualClock):
        """As long as a minute after the time was due, the candidate speaks all the while."""

        session: Session

        async def sleep(self, seconds: float) -> None:
            await super().sleep(min(seconds, 1.0))
            if self.monotonic() < until_s:
                self.session.stir(speaking=True)

    async with open_world(house, PLAN) as world:
        clock = Talkative(START)
        world.clock = clock
        world.services = type(world.services)(
            world.services.store, world.services.library, world.services.engine, clock
        )
        clock.session = session = await world.begin()
        due_s = PLAN.minutes * 60 * PLAN.stages[0].share / sum(s.share for s in PLAN.stages)
        until_s = due_s + 60
        watching = asyncio.create_task(session.watch())
        while (await world.moves())[-1] == "open":  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        told_s = clock.monotonic()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    assert told_s >= until_s
