"""The turn loop and its checkpoints, which hold ids and counters and may be lost."""

from __future__ import annotations

import logging
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
from langgraph.errors import UnknownInterruptError
from langgraph.types import Command

from benchmarks.crash import forget_checkpoints
from interviewer.desk import TurnDesk
from interviewer.graph import STRICT_RESUME, TurnContext, TurnLoop
from interviewer.state import EventKind
from storage.scorecards import load_scorecard
from tests.interviewer.live_world import INTERVIEW, World, open_world
from tests.interviewer.worlds import design_plan

PLAN = design_plan()
ANSWER = "Quokkas cap the wombat steps at eight iterations at most."
QUESTION = "How many conversations are there per day?"
CHECKPOINTS = "hotseat.sqlite.checkpoints"


def desk_of(world: World) -> TurnDesk:
    return TurnDesk(world.services, INTERVIEW, world.mouth)


def config(*, strict: bool = True) -> Any:
    return {"configurable": {"thread_id": INTERVIEW, STRICT_RESUME: strict}}


def bytes_of(folder: Path, names: str) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(names))


async def waiting_id(world: World) -> str:
    """The id of the interrupt that the thread waits at."""
    snapshot = await world.graph.aget_state(config())
    (pending,) = snapshot.interrupts
    return pending.id


async def test_a_used_interrupt_id_is_an_error(house: Path) -> None:
    """LangGraph's internal switch still does what `STRICT_RESUME` says."""
    async with open_world(house, PLAN) as world:
        session = await world.begin()
        used = await waiting_id(world)
        await session.report(EventKind.SAID, QUESTION)

        with pytest.raises(UnknownInterruptError):
            await world.graph.ainvoke(
                Command(resume={used: 1}),
                config(),
                context=TurnContext(desk_of(world)),
                durability="sync",
            )
        assert await world.moves() == ["open", "answer"]


async def test_without_the_switch_a_used_id_is_passed_over_in_silence(house: Path) -> None:
    """Why the switch is there: by default LangGraph drops the event without a word."""
    async with open_world(house, PLAN) as world:
        session = await world.begin()
        used = await waiting_id(world)
        await session.report(EventKind.SAID, QUESTION)
        await world.graph.ainvoke(
            Command(resume={used: 1}),
            config(strict=False),
            context=TurnContext(desk_of(world)),
            durability="sync",
        )

        assert await world.moves() == ["open", "answer"]


async def test_a_loop_that_is_not_listening_takes_nothing(house: Path) -> None:
    """An event handed over too early is an error, never dropped."""
    async with open_world(house, PLAN) as world:
        await world.begin()

        with pytest.raises(RuntimeError, match=r"take_up\(\) comes first"):
            await TurnLoop(world.graph, INTERVIEW).resume(1, desk_of(world))


async def test_checkpoints_hold_no_words(house: Path) -> None:
    """Neither an answer nor a question is in the bytes of the checkpoint files."""
    async with open_world(house, PLAN) as world:
        session = await world.begin()
        await session.report(EventKind.SAID, ANSWER)
        await session.draw("quokka -> wombat")
        await session.report(EventKind.HINT)

        kept, told = bytes_of(house, f"{CHECKPOINTS}*"), bytes_of(house, "hotseat.sqlite*")
        for words in (b"uokka", b"wombat", b"What do you need to know", b"pointer towards"):
            assert words not in kept
            assert words in told


async def test_a_checkpoint_holds_an_id_and_counters(house: Path) -> None:
    """The whole state of the thread."""
    async with open_world(house, PLAN) as world:
        session = await world.begin()
        await session.report(EventKind.SAID, ANSWER)

        values = (await world.graph.aget_state(config())).values
        assert values == {"interview_id": INTERVIEW, "seq": 1, "over": False}


async def test_an_interview_goes_on_without_its_checkpoints(house: Path) -> None:
    """Deleting the file in mid-round costs nothing."""
    async with open_world(house, PLAN) as world:
        session = await world.begin()
        await session.report(EventKind.SAID, QUESTION)
    forget_checkpoints(house)
    async with open_world(house, PLAN) as world:
        session = world.session()
        await session.recover()
        await session.report(EventKind.SAID, ANSWER)
        await session.report(EventKind.END)

        assert await world.moves() == ["open", "answer", "probe", "close"]
        assert world.mouth.pieces[0].endswith("question on ask-cost?")
        await load_scorecard(world.database, INTERVIEW)


@pytest.mark.parametrize("later", [EventKind.HINT, EventKind.END])
async def test_the_tables_are_right_where_a_checkpoint_is_ahead_of_them(
    house: Path, later: EventKind
) -> None:
    """After a power cut, or with an older copy put back, the interview goes on from the tables."""
    async with open_world(house, PLAN) as world:
        session = await world.begin()
        await session.report(EventKind.SAID, QUESTION)
    copy = shutil.copyfile(house / "hotseat.sqlite", house / "copy")
    async with open_world(house, PLAN) as world:
        session = world.session()
        await session.report(EventKind.SAID, ANSWER)
        await session.report(later)
    shutil.copyfile(copy, house / "hotseat.sqlite")
    async with open_world(house, PLAN) as world:
        session = world.session()
        await session.recover()
        await session.report(EventKind.SAID, ANSWER)
        await session.report(EventKind.END)

        assert await world.moves() == ["open", "answer", "probe", "close"]
        await load_scorecard(world.database, INTERVIEW)


async def test_langgraph_knows_every_type_that_it_stores(
    house: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No warning of an unregistered type appears, neither logged nor raised."""
    caplog.set_level(logging.WARNING)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with open_world(house, PLAN) as world:
            session = await world.begin()
            await session.report(EventKind.SAID, ANSWER)
        async with open_world(house, PLAN) as world:
            await world.session().recover()
            await world.session().report(EventKind.END)

    said = caplog.text + "".join(str(warning.message) for warning in caught)
    assert "unregistered" not in said.lower()
    assert "langgraph" not in said.lower()
