"""LangGraph's SQLite saver, kept small. Importing this loads LangGraph."""

from __future__ import annotations

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

TRIM_EVERY = 16
"""Checkpoints between two clean-ups of a thread: about three turns."""

_OLDER = "WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"


class TrimmedSaver(AsyncSqliteSaver):
    """Forgets the checkpoints that a newer one replaces.

    A thread resumes from its newest checkpoint and that one's writes; without this the file
    would grow with every step of every turn. Values other than plain ones are not read back.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint, and every so often remove those that it replaces."""
        written = await super().aput(config, checkpoint, metadata, new_versions)
        if metadata.get("step", 0) % TRIM_EVERY == 0:
            await self._forget_older(written)
        return written

    async def _forget_older(self, config: RunnableConfig) -> None:
        place = config.get("configurable", {})
        newest = (str(place["thread_id"]), place["checkpoint_ns"], place["checkpoint_id"])
        async with self.lock:
            for table in ("writes", "checkpoints"):
                await self.conn.execute(f"DELETE FROM {table} {_OLDER}", newest)  # noqa: S608
            await self.conn.commit()
