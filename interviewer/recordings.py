"""Answers of language models on file: recorded once, replayed for the same request.

A file has a line of JSON for each answer. Its label says which server gave it, so what a local
stand-in said is never taken for Claude's. An answer may quote what a candidate said: recordings
of real rounds are as private as their transcripts, with prompts and without.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from scoring.language_model import (
    Ask,
    Block,
    Completion,
    Failure,
    LanguageModel,
    ModelFailureError,
    Purpose,
    StreamItem,
    Usage,
)

HASH_SHOWN = 12
"""How many characters of a request's hash name it in a message."""

_PIECE = 24
_ONLY_MINE = 0o600


class RecordingError(Exception):
    """A file of recordings cannot be used; the message names file and line."""


class Recording(BaseModel):
    """One answer: `model` was asked on `server`, and `answered_by` is what that server said.

    `system` and `user` are the prompt's blocks, there only if prompts were to be kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    request_hash: str
    purpose: Purpose
    model: str
    prompt_hash: str
    sample: int
    server: str
    answered_by: str
    request_id: str | None
    recorded_at: AwareDatetime
    usage: Usage
    text: str
    system: tuple[str, ...] | None = None
    user: tuple[str, ...] | None = None


class Recorder:
    """Answers as `model` does and appends each whole answer to the file.

    What was replayed is not recorded again. The file is made where there is none, readable for
    its owner only.
    """

    def __init__(
        self,
        model: LanguageModel,
        file: Path,
        *,
        with_prompts: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = model.name
        self._model = model
        self._file = file
        self._with_prompts = with_prompts
        self._now = now

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        """See `LanguageModel`."""
        async with aclosing(self._model.stream(ask)) as items:
            async for item in items:
                if isinstance(item, Completion) and not item.replayed:
                    self._append(ask, item)
                yield item

    def _append(self, ask: Ask, completion: Completion) -> None:
        recording = Recording(
            request_hash=ask.request_hash,
            purpose=ask.purpose,
            model=ask.model,
            prompt_hash=ask.prompt_hash,
            sample=ask.sample,
            server=completion.extra.get("server", self.name),
            answered_by=completion.model,
            request_id=completion.request_id,
            recorded_at=self._now(),
            usage=completion.usage,
            text=completion.text,
            system=_texts(ask.system) if self._with_prompts else None,
            user=_texts(ask.user) if self._with_prompts else None,
        )
        line = recording.model_dump_json(exclude_none=True) + "\n"
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _ONLY_MINE)
        with os.fdopen(descriptor, "ab") as file:
            file.write(line.encode("utf-8"))


class Replayed:
    """Answers from a file of recordings, the latest one where there are several for a request.

    What the file lacks is asked of `fallback`, or is a failure where there is none.
    """

    def __init__(self, file: Path, fallback: LanguageModel | None = None) -> None:
        self.name = f"recordings in {file.name}"
        self._recordings = read_recordings(file)
        self._fallback = fallback

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        """See `LanguageModel`; a replayed answer comes in pieces too."""
        recording = self._recordings.get(ask.request_hash)
        if recording is not None:
            for item in _replay(recording):
                yield item
            return
        if self._fallback is None:
            raise ModelFailureError(
                Failure.UNREACHABLE,
                f"{self.name}: no answer to request {ask.request_hash[:HASH_SHOWN]} "
                f"({ask.purpose}, {ask.model})",
            )
        async with aclosing(self._fallback.stream(ask)) as items:
            async for item in items:
                yield item


def read_recordings(file: Path) -> Mapping[str, Recording]:
    """The latest recording of each request by its hash; raises `RecordingError`, OSError."""
    found: dict[str, Recording] = {}
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            recording = Recording.model_validate_json(line)
        except ValidationError as err:
            # The whole error would quote the line, and with it what somebody said.
            raise RecordingError(f"{file}:{number}: no recording: {_reason(err)}") from None
        found[recording.request_hash] = recording
    return MappingProxyType(found)


def _reason(err: ValidationError) -> str:
    """The first thing wrong, without the line's own words."""
    problem = err.errors(include_input=False, include_url=False)[0]
    field = problem["loc"][0] if problem["loc"] else None
    return f"{field}: {problem['msg']}" if field in Recording.model_fields else problem["msg"]


def _replay(recording: Recording) -> Iterator[StreamItem]:
    if recording.usage.prompt:
        yield replace(recording.usage, output=0)
    for at in range(0, len(recording.text), _PIECE):
        yield recording.text[at : at + _PIECE]
    yield Completion(
        text=recording.text,
        usage=recording.usage,
        model=recording.answered_by,
        request_id=recording.request_id,
        replayed=True,
        extra={"server": recording.server},
    )


def _texts(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    return tuple(block.text.encode("utf-8", "replace").decode("utf-8") for block in blocks)
