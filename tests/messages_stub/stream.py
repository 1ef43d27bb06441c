"""Server-sent events, at a chosen pace, broken off where that was ordered.

Events: https://platform.claude.com/docs/en/build-with-claude/streaming
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.messages_stub.accounting import count
from tests.messages_stub.answers import Answer, half, tool_block
from tests.messages_stub.calls import Call
from tests.messages_stub.faults import BROKEN_OFF, Fault
from tests.messages_stub.wire import dump


@dataclass(frozen=True)
class Pace:
    """How fast an answer comes.

    Attributes:
        first_token_s: seconds before the first event.
        per_token_s: seconds before each token.
        chunk: characters in one event.
    """

    first_token_s: float = 0.0
    per_token_s: float = 0.0
    chunk: int = 12

    @property
    def at_once(self) -> bool:
        """Whether nothing waits for anything, so that one write will do."""
        return not (self.first_token_s or self.per_token_s)

    def pieces(self, text: str) -> Iterator[str]:
        """The text in the pieces of its events."""
        for at in range(0, len(text), self.chunk):
            yield text[at : at + self.chunk]

    def slowed_to(self, seconds: float, text: str) -> Pace:
        """The pace at which this text takes so long."""
        each = seconds / 2 / max(1, count(text))
        return Pace(seconds / 2, each, self.chunk)


class EventStream:
    """One streamed answer.

    `closing` is set when the server shuts down, so that nobody hangs on to it.
    """

    def __init__(
        self, request: web.Request, call: Call, pace: Pace, closing: asyncio.Event
    ) -> None:
        self._request = request
        self._call = call
        self._pace = pace
        self._closing = closing
        self._waiting = bytearray()
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        headers["request-id"] = call.request_id
        self.response = web.StreamResponse(headers=headers)

    async def write(self, message: Mapping[str, Any], answer: Answer) -> None:
        """Write the whole answer, or as much as the call's fault lets through."""
        await asyncio.sleep(self._pace.first_token_s)
        await self.response.prepare(self._request)
        self._put("message_start", message=message)
        self._put("ping")
        broken = self._call.fault in BROKEN_OFF
        written = answer.text[: half(answer.text)] if broken else answer.text
        await self._write_block(answer, written, stop=not broken)
        if broken:
            await self._break_off()
            return
        self._put("message_delta", **self._ending(answer))
        self._put("message_stop")
        await self._end()
        self._call.finished = True

    async def _write_block(self, answer: Answer, text: str, *, stop: bool) -> None:
        if not text:
            return
        opened = tool_block(answer.tool, {}) if answer.tool else {"type": "text", "text": ""}
        self._put("content_block_start", index=0, content_block=opened)
        for piece in self._pace.pieces(text):
            if self._pace.per_token_s:
                await self._flush()
                await asyncio.sleep(self._pace.per_token_s * count(piece))
            self._put("content_block_delta", index=0, delta=_delta(answer, piece))
            self._call.sent.append((time.perf_counter(), piece))
        if stop:
            self._put("content_block_stop", index=0)

    def _ending(self, answer: Answer) -> dict[str, Any]:
        delta: dict[str, Any] = {"stop_reason": answer.stop_reason, "stop_sequence": None}
        if answer.stop_details:
            delta["stop_details"] = answer.stop_details
        usage = self._call.usage
        counted = {
            "input_tokens": usage.input,
            "cache_creation_input_tokens": usage.cache_write_5m + usage.cache_write_1h,
            "cache_read_input_tokens": usage.cache_read,
            "output_tokens": usage.output,
        }
        return {"delta": delta, "usage": counted}

    async def _break_off(self) -> None:
        """End as the fault has it."""
        await self._flush()
        self.response.force_close()
        if self._call.fault is Fault.HANG_MIDSTREAM:
            await self._closing.wait()
        if self._call.fault in {Fault.TORN, Fault.HANG_MIDSTREAM}:
            tear(self._request)
            return
        if self._call.fault is Fault.MIDSTREAM_ERROR:
            error = {"type": "overloaded_error", "message": "Overloaded"}
            self._put("error", error=error, request_id=self._call.request_id)
        await self._end()

    def _put(self, event: str, **data: Any) -> None:
        text = dump({"type": event, **data})
        self._waiting += f"event: {event}\ndata: {text}\n\n".encode("utf-8", "replace")

    async def _flush(self) -> None:
        if self._waiting:
            data, self._waiting = bytes(self._waiting), bytearray()
            await self.response.write(data)

    async def _end(self) -> None:
        await self._flush()
        await self.response.write_eof()


def tear(request: web.Request) -> None:
    """Lose the connection, without another word, once what was written is out."""
    if request.transport is not None:
        request.transport.close()


def _delta(answer: Answer, piece: str) -> dict[str, str]:
    if answer.tool:
        return {"type": "input_json_delta", "partial_json": piece}
    return {"type": "text_delta", "text": piece}
