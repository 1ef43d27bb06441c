"""The scripted engine of both systems: given sentences, 50 tokens a second, after a given delay."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator

TOKENS_PER_S = 50.0

_TOKEN = re.compile(r"\S+\s*")
_SENTENCE_END = re.compile(r"[.?!]\s*$")


async def stream(text: str, delay_s: float) -> AsyncIterator[str]:
    """The tokens of an answer, each when it is due; a word counts as one."""
    began = time.monotonic()
    for number, token in enumerate(_TOKEN.findall(text), start=1):
        due = began + delay_s + number / TOKENS_PER_S
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield token


async def sentences(text: str, delay_s: float) -> AsyncIterator[str]:
    """The answer as far as its sentences are whole, each time that one more is."""
    known = ""
    async for token in stream(text, delay_s):
        known += token
        if _SENTENCE_END.search(token):
            yield known
