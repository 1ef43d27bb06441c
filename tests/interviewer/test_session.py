"""An interview as an edge sees it, on the real tables and the real graph."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interviewer.clock import ManualClock
from interviewer.policy import GRACE_S
from interviewer.session import (
    MAX_CHARS,
    InterviewOverError,
    MessageTooLongError,
    Session,
    clean,
    new_interview_id,
)
from interviewer.state import Event, EventKind, Utterance
from interviewer.view import Phase
from scenarios.model import BoardExpectation, ExpectedComponent, RoundKind
from scenarios.rounds import StagePlan
from scoring.record import Ending, GivenKind
from scoring.transcript import Speaker
from scoring.verdicts import Verdict
from storage.errors import DiskFullError
from storage.scorecards import load_scorecard
from tests.interviewer.live_world import (
    INTERVIEW,
    MouthBrokenError,
    RecordingMouth,
    StreamingEngine,
    World,
    open_world,
    words_of,
)
from tests.interviewer.worlds import COST, START, STEP_CAP, VOLUME, design_plan
from whiteboard.sketch import SketchError

PLAN = design_plan()
ORDERS = ExpectedComponent(
    id="orders",
    title="order service",
    names=("orders",),
    concept="step-cap",
    probe="What does the order service answer?",
)
DRAWN_PLAN = replace(PLAN, board=BoardExpectation(components=(ORDERS,)))
DRILL = replace(
    PLAN,
    kind=RoundKind.DRILL,
    item="ask-volume+step-cap",
    brief="",
    minutes=4,
    stages=(
        StagePlan("ask-volume", "Volume", "What would you ask first?", 0.5, (VOLUME, COST)),
        StagePlan("step-cap", "Cap", "What ends a loop?", 0.5, (STEP_CAP,)),
    ),
    facts=(),
    curveball=None,
)
VOLUME_QUESTION = "How many conversations are there per day, and at peak?"
CAP = "There is a cap on the steps, eight iterations at most."


@pytest.fixture
async def world(house: Path) -> AsyncIterator[World]:
    """An open world without an interview."""
    async with open_world(house, PLAN) as opened:
        yield opened


async def say(world: World, session: Session, text: str, seconds: float = 10) -> Utterance | None:
    """The candidate speaks after `seconds`."""
    world.clock.advance(seconds)
    return await session.report(EventKind.SAID, text)


async def test_a_design_round_from_the_first_question_to_the_card(world: World) -> None:
    """Facts are given, stages entered, and the end stores a card of what was said."""
    session = await world.begin()
    assert words_of(await say(world, session, VOLUME_QUESTION)) == (
        "There are 30,000 conversations a day."
    )
    await session.report(EventKind.NEXT)
    await say(world, session, CAP)
    world.clock.advance(5)
    closing = await session.report(EventKind.END)

    assert closing is not None
    assert closing.move.ending is Ending.ENDED_EARLY
    card = await load_scorecard(world.database, INTERVIEW)
    assert card.ending is Ending.ENDED_EARLY
    verdicts = {v.key: v.verdict for s in card.rounds[0].stages for v in s.verdicts}
    assert verdicts["loop/step-cap"] is Verdict.HIT
    assert verdicts["models/routing"] is Verdict.NOT_REACHED
    assert [stage.spent_s for stage in card.rounds[0].stages] == [10, 15, 0, 0]


async def test_a_drill_ends_by_itself(house: Path) -> None:
    """A drill goes from question to question and closes as completed."""
    async with open_world(house, DRILL) as world:
        session = await world.begin()
        for _ in range(2):
            await session.report(EventKind.NEXT)

        card = await load_scorecard(world.database, INTERVIEW)
        assert await world.moves() == ["open", "advance", "close"]
        assert card.ending is Ending.COMPLETED
        assert [stage.reached for stage in card.rounds[0].stages] == [True, True]


async def test_every_utterance_is_shown_once_and_closed(world: World) -> None:
    """What was shown is what the tables say, and nothing stays open."""
    session = await world.begin()
    for text in (VOLUME_QUESTION, "Which colours does the shop use?", "", CAP):
        await say(world, session, text)

    said = await world.services.store.utterances(INTERVIEW)
    assert {u.key: u.text for u in said if u.text} == world.mouth.shown
    assert all(u.closed and u.complete and u.shown == len(u.text) for u in said)


async def test_hint_and_thinking(world: World) -> None:
    """A hint names the concept that it is about; thinking is a phase that an answer ends."""
    session = await world.begin()
    hint = await session.report(EventKind.HINT)
    quiet = await session.report(EventKind.THINK)
    thinking = (await session.view()).phase
    await say(world, session, VOLUME_QUESTION)

    assert hint is not None
    assert hint.move.concept == "scope/ask-volume"
    assert words_of(quiet) == ""
    assert thinking is Phase.THINKING
    assert (await session.view()).phase is Phase.LISTENING


async def test_only_the_candidates_own_time_is_charged(world: World) -> None:
    """The interviewer's speech and pauses cost nothing; everything else does."""
    world.mouth.speaks_s = 30
    session = await world.begin()
    await say(world, session, VOLUME_QUESTION, seconds=20)
    world.clock.advance(5)
    await session.report(EventKind.PAUSED)
    world.clock.advance(600)
    await session.report(EventKind.RESUMED)
    await say(world, session, "Which colours does the shop use?", seconds=7)

    assert await world.charged_s() == 32


@pytest.mark.parametrize("kind", [EventKind.HINT, EventKind.THINK, EventKind.SILENCE])
async def test_a_pause_outlasts_what_happens_in_it(world: World, kind: EventKind) -> None:
    """The clock stands still until the pause is ended, whatever is reported meanwhile."""
    session = await world.begin()
    await session.report(EventKind.PAUSED)
    world.clock.advance(100)
    await session.report(kind)
    world.clock.advance(100)
    await session.draw("user -> agent")
    paused = (await session.view()).phase
    await say(world, session, VOLUME_QUESTION, seconds=100)

    assert paused is Phase.PAUSED
    assert await world.charged_s() == 0


async def test_ending_a_pause_that_is_none_gives_no_free_time(world: World) -> None:
    """`RESUMED` outside a pause is charged like anything else."""
    session = await world.begin()
    world.clock.advance(50)
    await session.report(EventKind.RESUMED)

    assert await world.charged_s() == 50


async def test_a_pause_outlasts_a_restart(world: World) -> None:
    """An interview that was paused when the process died is still paused after it."""
    session = await world.begin()
    await session.report(EventKind.PAUSED)
    restarted = world.session()
    await restarted.recover()
    world.clock.advance(500)
    await restarted.report(EventKind.SAID, VOLUME_QUESTION)

    assert await world.charged_s() == 0


async def test_a_drawing_is_stored_and_asked_about(house: Path) -> None:
    """A board is a revision and an event; a later question cites what was drawn."""
    async with open_world(house, DRAWN_PLAN) as world:
        session = await world.begin()
        await session.report(EventKind.NEXT)
        quiet = await session.draw("user -> agent -> orders")
        asked = await say(world, session, "The agent looks it up and then tells the customer.")

        (revision,) = await world.services.store.boards(INTERVIEW)
        assert words_of(quiet) == ""
        assert (revision.revision, revision.stage) == (1, "loop")
        assert asked is not None
        assert asked.move.kind.value == "board_probe"
        assert asked.move.element == "orders"
        assert "orders" in words_of(asked)


async def test_a_sketch_adds_to_the_board(world: World) -> None:
    """What was drawn before stays, unless the sketch begins with `new`."""
    session = await world.begin()
    await session.draw("user -> agent")
    await session.draw("agent -> orders : token\nzone trusted { orders }")
    added = await session.board()
    await session.draw("NEW ; user -> shop")

    assert added == "zone trusted {\n  orders\n}\nagent -> orders : token\nuser -> agent"
    assert await session.board() == "user -> shop"


async def test_a_drawing_that_cannot_be_read_changes_nothing(world: World) -> None:
    """Neither a revision nor an event comes from a faulty sketch."""
    session = await world.begin()
    with pytest.raises(SketchError):
        await session.draw("-> -> ->")

    assert await world.services.store.boards(INTERVIEW) == ()
    assert len(await world.services.store.events(INTERVIEW)) == 1


async def test_a_message_that_is_too_long_is_refused_whole(world: World) -> None:
    """Nothing is stored, and the next message is taken."""
    session = await world.begin()
    with pytest.raises(MessageTooLongError, match="20,001 characters; 20,000 is the most"):
        await session.report(EventKind.SAID, "x" * (MAX_CHARS + 1))

    assert len(await world.services.store.events(INTERVIEW)) == 1
    assert await say(world, session, VOLUME_QUESTION) is not None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("line\r\nnext\tcell", "line\nnext\tcell"),
        ("\u202eabc\u2069", "abc"),
        ("half \ud83d emoji", "half  emoji"),
        ("naïve 日本 👍🏽", "naïve 日本 👍🏽"),
    ],
)
async def test_control_characters_do_not_reach_the_tables(
    world: World, typed: str, kept: str
) -> None:
    """Only what disturbs a screen is taken out of a message."""
    session = await world.begin()
    await session.report(EventKind.SAID, typed)

    assert (await world.services.store.events(INTERVIEW))[1].event.text == kept == clean(typed)


async def test_nothing_can_be_reported_after_the_end(world: World) -> None:
    """The end is final, also for a session that comes later."""
    session = await world.begin()
    await session.report(EventKind.END)
    for late in (session, world.session()):
        with pytest.raises(InterviewOverError):
            await late.report(EventKind.SAID, CAP)
        with pytest.raises(InterviewOverError):
            await late.draw("a -> b")

    assert (await session.view()).phase is Phase.OVER
    assert len(await world.services.store.events(INTERVIEW)) == 2


async def test_reports_at_the_same_moment_are_taken_one_by_one(world: World) -> None:
    """Nothing is lost or answered twice when an edge reports from several tasks."""
    session = await world.begin()
    texts = [f"We cap the steps at {n} iterations." for n in range(6)]
    answers = await asyncio.gather(*(session.report(EventKind.SAID, text) for text in texts))

    events = await world.services.store.events(INTERVIEW)
    assert sorted(item.event.text for item in events[1:]) == sorted(texts)
    assert sorted(answer.seq for answer in answers if answer) == [1, 2, 3, 4, 5, 6]
    assert (await world.services.store.interview(INTERVIEW)).state.seq == 6


async def test_the_view_follows_the_clock(world: World) -> None:
    """Spent and left seconds stand beside the stage bar; what was given is listed."""
    session = await world.begin()
    await say(world, session, VOLUME_QUESTION, seconds=60)
    world.clock.advance(40)
    view = await session.view()

    assert [stage.reached for stage in view.stages] == [True, False, False, False]
    assert view.stages[0].spent_s == 60
    assert (view.stage_left_s, view.round_left_s) == (200, 1100)
    assert [(given.kind, given.fact_id) for given in view.given] == [(GivenKind.FACT, "volume")]
    assert (view.title, view.round_index, view.rounds) == ("A small shop", 0, 1)


async def test_the_clock_warns_and_moves_on_until_the_end(world: World) -> None:
    """Left alone, every stage is warned of and left, and the interview is closed and graded."""
    session = await world.begin()
    await asyncio.wait_for(session.watch(), timeout=60)

    moves = await world.moves()
    assert moves[:3] == ["open", "warn", "advance"]
    assert moves[-1] == "close"
    assert (await load_scorecard(world.database, INTERVIEW)).ending is Ending.COMPLETED
    assert await world.charged_s() == pytest.approx(PLAN.minutes * 60 + GRACE_S, abs=GRACE_S)


@pytest.mark.parametrize("before", ["thought", "talk"])
async def test_nobody_is_moved_on_with_the_pen_in_hand(world: World, before: str) -> None:
    """Nobody was warned who thought or talked past the end, but it is not left during a stroke."""
    session = await world.begin()
    if before == "thought":
        await session.report(EventKind.THINK)
    world.clock.advance(PLAN.minutes * 60)
    session.stir(speaking=before == "talk")
    world.clock.advance(3)
    session.stir()
    watching = asyncio.create_task(session.watch())
    while (await world.moves())[-1] in ("open", "wait"):  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0)
    moved_s = world.clock.monotonic()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)

    assert moved_s >= PLAN.minutes * 60 + 3 + 10


async def test_the_clock_stops_without_a_word_when_somebody_else_ends_it(world: World) -> None:
    """An end that comes between the clock's look and its report is no error."""
    session = await world.begin()
    world.clock.advance(PLAN.minutes * 60)

    class Overtaken(Session):
        """Ends the interview just before the clock reports."""

        async def report(self, kind: EventKind, text: str = "", **more: Any) -> Utterance | None:
            await super().report(EventKind.END)
            return await super().report(kind, text, **more)

    overtaken = Overtaken(world.services, world.graph, INTERVIEW, world.mouth)
    await overtaken.recover()
    world.clock.advance(PLAN.minutes * 60)
    await asyncio.wait_for(overtaken.watch(), timeout=60)

    assert (await session.view()).phase is Phase.OVER


async def test_the_clock_waits_while_the_interview_is_paused(world: World) -> None:
    """No warning comes in a pause, however long."""
    session = await world.begin()
    await session.report(EventKind.PAUSED)
    asked: list[float] = []

    class Impatient(ManualClock):
        """Lets time pass until the candidate has been away for three rounds."""

        async def sleep(self, seconds: float) -> None:
            asked.append(seconds)
            await super().sleep(seconds)
            if sum(asked) > 3 * PLAN.minutes * 60:
                raise asyncio.CancelledError

    services = replace(world.services, clock=Impatient(START))
    with pytest.raises(asyncio.CancelledError):
        await Session(services, world.graph, INTERVIEW, world.mouth).watch()

    assert await world.moves() == ["open", "wait"]


@pytest.mark.parametrize("cuts", [(5, 20), (0, 0, 12), (1, 2, 3, 4)])
async def test_a_streamed_utterance_is_in_the_tables_before_it_is_shown(
    house: Path, cuts: Sequence[int]
) -> None:
    """Every part is decided on disk first; together they are one utterance."""

    class Checking(RecordingMouth):
        """Looks into the tables before it shows anything."""

        async def say(self, key: str, text: str, offset: int) -> int:
            seq = int(key.split(":")[1])
            stored = await world.services.store.utterance(INTERVIEW, seq)
            assert stored is not None
            assert (stored.key, stored.text, stored.closed) == (key, text, False)
            return await super().say(key, text, offset)

    async with open_world(house, PLAN, StreamingEngine(cuts)) as world:
        world.mouth = Checking(world.clock)
        session = await world.begin()
        answer = await say(world, session, VOLUME_QUESTION)

        assert words_of(answer) == "There are 30,000 conversations a day."
        assert answer is not None
        assert answer.complete
        assert world.mouth.shown[answer.key] == words_of(answer)
        parts = 1 + sum(1 for cut in cuts if cut)
        assert len(world.mouth.pieces) == 2 * parts


@pytest.mark.parametrize("shown", [0, 9])
async def test_what_a_broken_mouth_had_not_shown_comes_after_recovery(
    world: World, shown: int
) -> None:
    """The rest is shown, not the whole again, and the answer stays the same."""
    session = await world.begin()
    world.mouth.breaks_after = shown
    with pytest.raises(MouthBrokenError):
        await say(world, session, VOLUME_QUESTION)
    await world.session().recover()

    answer = await world.services.store.utterance(INTERVIEW, 1)
    assert words_of(answer) == "There are 30,000 conversations a day."
    assert world.mouth.pieces[-1] == words_of(answer)[shown:]
    assert len(await world.services.store.utterances(INTERVIEW)) == 2


async def test_a_stream_that_broke_off_is_cut_and_not_worded_again(house: Path) -> None:
    """What was decided by then is shown to its end; the engine is not asked for more."""
    async with open_world(house, PLAN, StreamingEngine((9, 20))) as world:
        session = await world.begin()
        world.mouth.breaks_after = 4
        with pytest.raises(MouthBrokenError):
            await say(world, session, VOLUME_QUESTION)
        await world.session().recover()

        cut = await world.services.store.utterance(INTERVIEW, 1)
        assert cut is not None
        assert (cut.text, cut.shown, cut.closed, cut.complete) == ("There are", 9, True, False)
        assert world.mouth.shown[cut.key] == "There are"


async def test_the_next_report_repairs_what_a_broken_mouth_left(world: World) -> None:
    """Without a restart the rest is shown before the next answer; both events are answered."""
    session = await world.begin()
    world.mouth.breaks_after = 3
    with pytest.raises(MouthBrokenError):
        await say(world, session, VOLUME_QUESTION)
    answer = await say(world, session, "What may it cost?")

    assert world.mouth.pieces[-3:] == [
        "The",
        "re are 30,000 conversations a day.",
        "Two cents a conversation at most.",
    ]
    assert answer is not None
    assert answer.seq == 2


async def test_the_end_is_graded_although_the_mouth_broke(world: World) -> None:
    """A closing that could not be shown does not cost the card."""
    session = await world.begin()
    world.mouth.breaks_after = 0
    with pytest.raises(MouthBrokenError):
        await session.report(EventKind.END)
    with pytest.raises(InterviewOverError):
        await session.report(EventKind.SAID, CAP)

    assert (await load_scorecard(world.database, INTERVIEW)).ending is Ending.ENDED_EARLY


async def test_a_cancelled_report_is_answered_by_the_next(world: World) -> None:
    """An edge may give up waiting: the event stays, and its answer comes first."""

    class Stuck(RecordingMouth):
        """Never returns from the first words."""

        async def say(self, key: str, text: str, offset: int) -> int:
            speaking.set()
            await asyncio.Event().wait()
            raise AssertionError

    speaking = asyncio.Event()
    await world.begin()
    session = world.session(Stuck(world.clock))
    task = asyncio.create_task(session.report(EventKind.SAID, VOLUME_QUESTION))
    await speaking.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await world.session().report(EventKind.SAID, "What may it cost?")

    assert world.mouth.pieces[1:] == [
        "There are 30,000 conversations a day.",
        "Two cents a conversation at most.",
    ]


async def test_a_session_that_was_not_recovered_catches_up_by_itself(world: World) -> None:
    """An event that a dead process had committed is answered before the new one."""
    await world.begin()
    committed = Event(kind=EventKind.SAID, at=world.clock.now(), text=VOLUME_QUESTION)
    await world.services.store.commit_event(INTERVIEW, committed, round_index=0, stage="scope")
    await world.session().report(EventKind.SAID, "What may it cost?")

    assert await world.moves() == ["open", "answer", "answer"]


async def test_an_interview_that_was_only_created_is_begun_by_recovery(world: World) -> None:
    """A death between the first row and the first event costs no question."""
    await world.services.store.create_interview(INTERVIEW, world.settings, world.clock.now())
    await world.session().recover()

    assert await world.moves() == ["open"]
    assert world.mouth.pieces == ["A shop wants a chat agent. Design it. What do you need to know?"]


async def test_recovery_of_what_is_in_order_changes_nothing(world: World) -> None:
    """Neither an open nor a finished interview gets another word from it."""
    session = await world.begin()
    await say(world, session, VOLUME_QUESTION)
    await session.recover()
    await session.report(EventKind.END)
    pieces = list(world.mouth.pieces)
    await session.recover()
    await world.session().recover()

    assert world.mouth.pieces == pieces
    assert await world.moves() == ["open", "answer", "close"]


async def set_page_limit(world: World, pages: int) -> None:
    """SQLite's stand-in for the size of the disk; the pool has one connection."""
    await world.database.run(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages}").close())


async def test_a_full_disk_is_told_and_nothing_that_was_taken_is_lost(world: World) -> None:
    """Reports fail while the disk is full; after that every taken event has one answer."""
    session = await world.begin()
    await set_page_limit(world, 1)
    refused = 0
    for n in range(4):
        try:
            await say(world, session, f"{'We cap the steps. ' * 400}{n}")
        except DiskFullError:
            refused += 1
    await set_page_limit(world, 1_000_000)
    await say(world, session, VOLUME_QUESTION)

    events = await world.services.store.events(INTERVIEW)
    said = await world.services.store.utterances(INTERVIEW)
    assert refused >= 2
    assert [u.seq for u in said] == [item.seq for item in events]
    assert world.mouth.shown == {u.key: u.text for u in said if u.text}


class FailsOnce:
    """The real store, of which one call fails before or after its work."""

    def __init__(self, store: Any, method: str, *, after: bool) -> None:
        self._store, self._method, self._after = store, method, after

    def __getattr__(self, name: str) -> Any:
        return self._fail if name == self._method else getattr(self._store, name)

    async def _fail(self, *args: Any, **kwargs: Any) -> None:
        name, self._method = self._method, ""
        if self._after:
            await getattr(self._store, name)(*args, **kwargs)
        raise DiskFullError(name)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("method", ["commit_event", "open_utterance", "close_utterance"])
async def test_a_store_that_fails_once_loses_and_repeats_nothing(
    world: World, method: str, after: bool
) -> None:
    """Wherever a turn breaks off, the next report finishes it; time is charged once."""
    await world.begin()
    store: Any = FailsOnce(world.services.store, method, after=after)
    session = Session(replace(world.services, store=store), world.graph, INTERVIEW, world.mouth)
    await session.recover()
    with pytest.raises(DiskFullError):
        await say(world, session, VOLUME_QUESTION, seconds=30)
    taken = len(await world.services.store.events(INTERVIEW)) - 1
    await say(world, session, "What may it cost?", seconds=0)

    assert taken == int(method != "commit_event" or after)
    assert await world.moves() == ["open", *["answer"] * (taken + 1)]
    assert len(world.mouth.pieces) == taken + 2
    assert await world.charged_s() == 30


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_card_that_could_not_be_stored_is_stored_by_recovery(
    world: World, after: bool
) -> None:
    """A failure at the very end leaves an interview that recovery finishes."""
    await world.begin()
    store: Any = FailsOnce(world.services.store, "finish_interview", after=after)
    session = Session(replace(world.services, store=store), world.graph, INTERVIEW, world.mouth)
    with pytest.raises(DiskFullError):
        await session.report(EventKind.END)
    await session.recover()

    card = await load_scorecard(world.database, INTERVIEW)
    assert card.revision == 1
    assert card.transcript[-1].speaker is Speaker.INTERVIEWER
    assert await world.moves() == ["open", "close"]


def test_ids_are_easy_to_read_out() -> None:
    """Eight characters, none of which is mistaken for another."""
    ids = {new_interview_id() for _ in range(200)}

    assert len(ids) == 200
    assert all(len(one) == 8 and not set(one) & set("ilo01") for one in ids)
