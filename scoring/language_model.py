"""The port to a language model: one structured question, answered as a stream.

Whoever asks hands over an `Ask` and iterates over `LanguageModel.stream`. What comes is, in this
order: the `Usage` of the input once the server has counted it (servers may leave it out), pieces
of the answer's text as they are written, and the `Completion` at the very end. A stream that ends
without a `Completion` raised a `ModelFailureError` before; whoever stops early closes the
iterator, and the call is cancelled.

Wrappers that record, replay or budget calls are language models themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Purpose(StrEnum):
    """What a call is for; each has its own model, effort and deadline in the settings."""

    INTERVIEW = "interview"
    JUDGE = "judge"


class Failure(StrEnum):
    """Why a call brought no usable answer."""

    RATE_LIMITED = "rate limited"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server error"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed out"
    CUT_SHORT = "cut short"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    TOO_LONG = "prompt too long"
    REJECTED = "request rejected"
    DENIED = "access denied"
    NO_BUDGET = "budget used up"
    NO_PRICE = "no price known"


@dataclass(frozen=True)
class Usage:
    """Tokens as the server counted them; `input` excludes what the cache read or wrote."""

    input: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0

    def __add__(self, other: Usage) -> Usage:
        """The sum, field by field."""
        return Usage(
            self.input + other.input,
            self.cache_read + other.cache_read,
            self.cache_write_5m + other.cache_write_5m,
            self.cache_write_1h + other.cache_write_1h,
            self.output + other.output,
        )

    @property
    def prompt(self) -> int:
        """Every token of the input, wherever it was read from."""
        return self.input + self.cache_read + self.cache_write_5m + self.cache_write_1h


class ModelFailureError(Exception):
    """A call failed; the message names server and model and holds no words of any prompt.

    `usage` is what it is known to have cost; `request_id` is the server's name for it.
    """

    def __init__(
        self,
        failure: Failure,
        message: str,
        *,
        usage: Usage | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.usage = usage
        self.request_id = request_id


@dataclass(frozen=True)
class Block:
    """A piece of a prompt; with `cached`, everything up to its end may be kept by the server."""

    text: str
    cached: bool = False


@dataclass(frozen=True)
class Account:
    """Who a call is for: its cost counts for the interview, the person and the server."""

    interview_id: str
    owner: str
    server: str | None = None


@dataclass(frozen=True)
class Ask:
    """One question to a model.

    `system` holds what we wrote ourselves, `user` also what candidates said. `schema` is the JSON
    schema of the answer: an object, `additionalProperties` false, every property required, in the
    order in which they are to be written. `prompt_hash` names the prompt and its version,
    `sample` numbers repetitions of the same question. `seq` is the event that is answered, -1
    where it is none. `deadline_s` counts from the call to its end, retries included;
    `first_text_s` to the first piece of text.
    """

    purpose: Purpose
    model: str
    system: tuple[Block, ...]
    user: tuple[Block, ...]
    schema: Mapping[str, Any]
    max_tokens: int
    account: Account
    effort: str | None = None
    deadline_s: float = 30.0
    first_text_s: float = 15.0
    prompt_hash: str = ""
    sample: int = 0
    seq: int = -1

    @property
    def request_hash(self) -> str:
        """SHA-256 over what is asked and of whom; not over who pays or how long it may take."""
        asked = {
            "purpose": self.purpose.value,
            "model": self.model,
            "effort": self.effort,
            "system": [asdict(block) for block in self.system],
            "user": [asdict(block) for block in self.user],
            "schema": self.schema,
            "max_tokens": self.max_tokens,
            "sample": self.sample,
        }
        text = json.dumps(asked, sort_keys=False, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Completion:
    """The whole answer: JSON text that was not validated yet, and what it took.

    `model` is what the server says has answered, `first_text_s` and `total_s` are seconds from the
    call, `attempts` counts tries.
    """

    text: str
    usage: Usage
    model: str
    request_id: str | None = None
    first_text_s: float = 0.0
    total_s: float = 0.0
    attempts: int = 1
    replayed: bool = False
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


StreamItem = Usage | str | Completion


class LanguageModel(Protocol):
    """Answers questions."""

    name: str

    def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        """The answer as it is written; raises `ModelFailureError`."""
        ...


async def complete(model: LanguageModel, ask: Ask) -> Completion:
    """The whole answer at once; raises `ModelFailureError`."""
    async with aclosing(model.stream(ask)) as items:
        async for item in items:
            if isinstance(item, Completion):
                return item
    raise ModelFailureError(
        Failure.CUT_SHORT, f"{model.name}: the stream of {ask.model} ended without an answer"
    )
