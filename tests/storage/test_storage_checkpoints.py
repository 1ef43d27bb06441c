"""The checkpoint file stays small, holds plain values, and may be lost at any time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from storage.checkpoints import delete_thread, export_thread, open_saver
from storage.saver import TRIM_EVERY


class Counting(TypedDict):
    """The state of the test's graph."""

    seq: int


@dataclass
class Foreign:
    """A type of ours that has no business in a checkpoint."""

    seq: int


def listen(state: Counting) -> dict[str, int]:
    """Wait for the next number."""
    return {"seq": interrupt("next")}


def route(state: Counting) -> dict[str, int]:
    """Take the step that makes a second checkpoint in every turn."""
    return {"seq": state["seq"]}


def graph_on(saver: Any) -> Any:
    """A loop that waits, like the interview's."""
    graph = StateGraph(Counting)
    graph.add_node(listen)
    graph.add_node(route)
    graph.add_edge(START, "listen")
    graph.add_edge("listen", "route")
    graph.add_conditional_edges("route", lambda state: "listen" if state["seq"] < 99 else END)
    return graph.compile(checkpointer=saver)


def config_of(thread: str) -> dict[str, Any]:
    """LangGraph's address of a thread."""
    return {"configurable": {"thread_id": thread}}


async def play(saver: Any, thread: str, numbers: range) -> None:
    """Answer the graph's interrupts with the numbers."""
    graph = graph_on(saver)
    for number in numbers:
        await graph.ainvoke(Command(resume=number), config_of(thread), durability="sync")


async def begin(saver: Any, thread: str) -> None:
    """Run the graph up to its first interrupt."""
    await graph_on(saver).ainvoke({"seq": -1}, config_of(thread), durability="sync")


@pytest.fixture
def checkpoint_file(tmp_path: Path) -> Path:
    """Where the test's checkpoints are."""
    return tmp_path / "hotseat.db.checkpoints"


async def test_thread_does_not_grow(checkpoint_file: Path) -> None:
    """After many turns a thread has no more rows than after a few."""
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "one")
        await play(saver, "one", range(60))

    thread = await export_thread(checkpoint_file, "one")
    assert 0 < len(thread["checkpoints"]) <= TRIM_EVERY
    assert len(thread["writes"]) <= 4 * TRIM_EVERY


async def test_file_is_for_its_owner_only(checkpoint_file: Path) -> None:
    """Neither the file nor those that SQLite puts beside it can be opened by others."""
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "one")
        files = list(checkpoint_file.parent.glob("*.checkpoints*"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in files}

    assert len(modes) == 3
    assert set(modes.values()) == {0o600}


async def test_trimmed_thread_resumes_where_it_stood(checkpoint_file: Path) -> None:
    """A new process finds the last number and the open question."""
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "one")
        await play(saver, "one", range(40))
    async with open_saver(checkpoint_file) as saver:
        state = await graph_on(saver).aget_state(config_of("one"))
        assert (state.values, len(state.interrupts)) == ({"seq": 39}, 1)
        await play(saver, "one", range(99, 100))
        assert (await graph_on(saver).aget_state(config_of("one"))).values == {"seq": 99}


async def test_trimming_spares_other_threads(checkpoint_file: Path) -> None:
    """One interview's progress takes nothing from another's."""
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "two")
        before = await export_thread(checkpoint_file, "two")
        await begin(saver, "one")
        await play(saver, "one", range(20))

    assert await export_thread(checkpoint_file, "two") == before


async def test_thread_is_deleted_beside_an_open_saver(checkpoint_file: Path) -> None:
    """Only the named thread goes, also while the saver is in use."""
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "one")
        await begin(saver, "two")
        await delete_thread(checkpoint_file, "one")
        await play(saver, "two", range(3))
        assert await saver.aget_tuple(config_of("one")) is None

    assert (await export_thread(checkpoint_file, "two"))["checkpoints"] != []


async def test_only_plain_values_are_read_back(checkpoint_file: Path) -> None:
    """An object in the file is not built again, whoever wrote it there."""
    async with open_saver(checkpoint_file) as saver:
        stored = saver.serde.dumps_typed(Foreign(3))
        assert not isinstance(saver.serde.loads_typed(stored), Foreign)
        plain = {"seq": 3, "stage": "scope", "turns": ["c0001"]}
        assert saver.serde.loads_typed(saver.serde.dumps_typed(plain)) == plain


@pytest.mark.parametrize("content", [b"no database " * 500, b""], ids=["damaged", "empty"])
async def test_unusable_file_is_replaced(
    checkpoint_file: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Interviews go on without their checkpoints; only a loss is worth a warning."""
    checkpoint_file.write_bytes(content)  # noqa: ASYNC240
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "one")

    assert len(caplog.records) == int(bool(content))
    assert all("replaced" in record.getMessage() for record in caplog.records)
    assert (await export_thread(checkpoint_file, "one"))["checkpoints"] != []


async def test_damage_inside_the_file_is_noticed(checkpoint_file: Path) -> None:
    """A file whose first page is fine and whose others are not is replaced as well."""
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "one")
    content = bytearray(checkpoint_file.read_bytes())  # noqa: ASYNC240
    content[4096:] = b"\xff" * (len(content) - 4096)
    checkpoint_file.write_bytes(content)  # noqa: ASYNC240
    async with open_saver(checkpoint_file) as saver:
        await begin(saver, "two")

    assert await export_thread(checkpoint_file, "one") == {"checkpoints": [], "writes": []}


async def test_damaged_file_does_not_stop_a_deletion(checkpoint_file: Path) -> None:
    """What cannot be read is removed as a whole."""
    checkpoint_file.write_bytes(b"no database " * 500)  # noqa: ASYNC240
    await delete_thread(checkpoint_file, "one")

    assert await export_thread(checkpoint_file, "one") == {}


async def test_connection_is_durable_and_clean(checkpoint_file: Path) -> None:
    """WAL with synchronous=NORMAL; the saver alone would leave it at FULL."""
    async with open_saver(checkpoint_file) as saver:
        names = ("journal_mode", "synchronous", "secure_delete")
        found = [saver.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert found == ["wal", 1, 1]
