"""LangGraph's SQLite saver, kept small. Importing this loads LangGraph."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, ParamSpec, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

_LOG = logging.getLogger(__name__)

TRIM_EVERY = 16
"""Checkpoints between two clean-ups of a thread: about three turns."""

_OLDER = "WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"

Given = ParamSpec("Given")
Result = TypeVar("Result")


class TrimmedSaver(SqliteSaver):
    """Forgets the checkpoints that a newer one replaces.

    A thread resumes from its newest checkpoint and that one's writes; without this the file
    would grow with every step of every turn. Values other than plain ones are not read back.

    The synchronous saver in a thread of its own: LangGraph's asynchronous one waits for its
    thread at every statement, which costs twice as much as the statements.
    """

    def __init__(self, connection: sqlite3.Connection, thread: Executor) -> None:
        super().__init__(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self._thread = thread

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The named or the newest checkpoint of a thread."""
        return await self._run(self.get_tuple, config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint, and every so often remove those that it replaces."""
        return await self._run(self.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Save what a step of the graph wrote."""
        await self._run(self.put_writes, config, writes, task_id, task_path)

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The named or the newest checkpoint; one that cannot be read counts as none."""
        try:
            found = super().get_tuple(config)
            if found is None or "channel_values" in found.checkpoint:
                return found
        except (AttributeError, LookupError, TypeError, ValueError) as err:
            reason = type(err).__name__
        else:
            reason = "not a checkpoint"
        thread = str(config.get("configurable", {})["thread_id"])
        _LOG.warning("checkpoint of %s is unreadable (%s) and not used", thread, reason)
        self.delete_thread(thread)
        return None

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint, and every so often remove those that it replaces."""
        written = super().put(config, checkpoint, metadata, new_versions)
        if metadata.get("step", 0) % TRIM_EVERY == 0:
            self._forget_older(written)
        return written

    def _forget_older(self, config: RunnableConfig) -> None:
        place = config.get("configurable", {})
        newest = (str(place["thread_id"]), place["checkpoint_ns"], place["checkpoint_id"])
        with self.cursor() as cursor:
            for table in ("writes", "checkpoints"):
                cursor.execute(f"DELETE FROM {table} {_OLDER}", newest)  # noqa: S608

    async def _run(
        self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))
