"""Recorded answers: what a file holds, what it must not, and what comes out again."""

import json
import stat
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviewer.recordings import Recorder, RecordingError, Replayed, read_recordings
from scoring.language_model import (
    Account,
    Ask,
    Block,
    Completion,
    Failure,
    ModelFailureError,
    Purpose,
    StreamItem,
    Usage,
    complete,
)

HIDDEN = "marzipan"
ANSWER = '{"say": "How would you bound the loop, and by what?", "assessments": []}'
USAGE = Usage(100, 20, 3, 4, 50)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def ask(**changes: Any) -> Ask:
    usual: dict[str, Any] = {
        "purpose": Purpose.INTERVIEW,
        "model": "claude-haiku-5-5",
        "system": (Block("You interview."),),
        "user": (Block(f"Here is {HIDDEN}."),),
        "schema": {"type": "object"},
        "max_tokens": 300,
        "account": Account("interview-7", "owner"),
        "prompt_hash": "abc",
    }
    return Ask(**usual | changes)


class Scripted:
    """A model with one answer to everything, or a failure in the middle of it."""

    name = "scripted.example"

    def __init__(self, text: str = ANSWER, *, fails: bool = False, **extra: str) -> None:
        self.asked: list[Ask] = []
        self.text = text
        self.fails = fails
        self.extra = extra
        self.closed = False

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        self.asked.append(ask)
        try:
            yield replace(USAGE, output=0)
            yield self.text[:9]
            if self.fails:
                raise ModelFailureError(Failure.CUT_SHORT, "on order")
            yield self.text[9:]
            yield Completion(self.text, USAGE, "claude-haiku-5-5-x", "req_1", extra=self.extra)
        finally:
            self.closed = True


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "round.jsonl"


def recorder(model: Any, file: Path, **options: Any) -> Recorder:
    return Recorder(model, file, now=lambda: NOON, **options)


def lines(file: Path) -> list[dict[str, Any]]:
    """What was recorded; nothing where there is no file."""
    text = file.read_text("utf-8") if file.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as end:
        end.write(text)


async def test_what_is_recorded_passes_unchanged(file: Path) -> None:
    """Whoever asks sees the same items as without a recorder."""
    plain = [item async for item in Scripted().stream(ask())]

    seen = [item async for item in recorder(Scripted(), file).stream(ask())]

    assert seen == plain


async def test_a_line_holds_the_answer_and_its_label(file: Path) -> None:
    """Everything about the exchange but the prompt, readable for its owner only."""
    await complete(recorder(Scripted(server="127.0.0.1:8788"), file), ask())

    (line,) = lines(file)
    assert line == {
        "request_hash": ask().request_hash,
        "purpose": "interview",
        "model": "claude-haiku-5-5",
        "prompt_hash": "abc",
        "sample": 0,
        "server": "127.0.0.1:8788",
        "answered_by": "claude-haiku-5-5-x",
        "request_id": "req_1",
        "recorded_at": "2026-05-04T12:00:00Z",
        "usage": {
            "input": 100,
            "cache_read": 20,
            "cache_write_5m": 3,
            "cache_write_1h": 4,
            "output": 50,
        },
        "text": ANSWER,
    }
    assert HIDDEN not in json.dumps(line)
    assert mode(file) == 0o600


async def test_prompts_are_kept_only_if_asked_for(file: Path) -> None:
    """They hold what people said."""
    await complete(recorder(Scripted(), file, with_prompts=True), ask(user=(Block("a\ud83d"),)))

    (line,) = lines(file)
    assert line["system"] == ["You interview."]
    assert line["user"] == ["a?"]
    assert line["server"] == "scripted.example"


async def test_only_whole_answers_are_recorded(file: Path) -> None:
    """A failure and a stream that was left leave no line, and the model's stream is closed."""
    with pytest.raises(ModelFailureError):
        await complete(recorder(Scripted(fails=True), file), ask())
    left = Scripted()
    async with aclosing(recorder(left, file).stream(ask())) as items:
        await anext(items)

    assert left.closed
    assert lines(file) == []


async def test_a_recording_is_replayed_in_pieces(file: Path) -> None:
    """The count, several pieces, and a completion that says that it is none of today's."""
    await complete(recorder(Scripted(server="api.anthropic.com"), file), ask())

    first, *pieces, last = [item async for item in Replayed(file).stream(ask())]

    assert first == replace(USAGE, output=0)
    assert len(pieces) > 1
    assert "".join(map(str, pieces)) == ANSWER
    assert last == Completion(
        ANSWER,
        USAGE,
        "claude-haiku-5-5-x",
        "req_1",
        replayed=True,
        extra={"server": "api.anthropic.com"},
    )


async def test_the_account_and_the_deadline_are_no_part_of_the_request(file: Path) -> None:
    """The same question of somebody else, in more of a hurry, finds the same answer."""
    await complete(recorder(Scripted(), file), ask())

    other = ask(account=Account("interview-8", "another"), deadline_s=1.0)

    assert (await complete(Replayed(file), other)).text == ANSWER


async def test_a_miss_names_the_request(file: Path) -> None:
    """Twelve characters of its hash, its purpose and model, and nothing of the prompt."""
    await complete(recorder(Scripted(), file), ask())
    missing = ask(sample=1)

    with pytest.raises(ModelFailureError) as raised:
        await complete(Replayed(file), missing)

    assert raised.value.failure is Failure.UNREACHABLE
    assert str(raised.value) == (
        f"recordings in round.jsonl: no answer to request {missing.request_hash[:12]} "
        "(interview, claude-haiku-5-5)"
    )


async def test_a_miss_goes_to_the_fallback(file: Path) -> None:
    """And a hit does not; leaving early closes the fallback's stream."""
    await complete(recorder(Scripted(), file), ask())
    fallback = Scripted('{"say": "other"}')
    replayed = Replayed(file, fallback)

    assert (await complete(replayed, ask())).text == ANSWER
    assert (await complete(replayed, ask(sample=1))).text == '{"say": "other"}'
    async with aclosing(replayed.stream(ask(sample=2))) as items:
        await anext(items)

    assert [asked.sample for asked in fallback.asked] == [1, 2]
    assert fallback.closed


async def test_what_was_replayed_is_not_recorded_again(file: Path, tmp_path: Path) -> None:
    """A recorder around a replay with a fallback adds the new answers only."""
    await complete(recorder(Scripted(), file), ask())
    added = tmp_path / "added.jsonl"
    both = recorder(Replayed(file, Scripted()), added)

    await complete(both, ask())
    await complete(both, ask(sample=1))

    assert [line["sample"] for line in lines(added)] == [1]


async def test_the_latest_recording_counts(file: Path) -> None:
    """A request that was recorded twice is answered as it was the last time."""
    await complete(recorder(Scripted(), file), ask())
    await complete(recorder(Scripted("{}"), file), ask())

    assert len(lines(file)) == 2
    assert (await complete(Replayed(file), ask())).text == "{}"


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ('{"text": "marzipan', "Invalid JSON"),
        ('"marzipan"', "Input should be an object"),
        ('{"text": "marzipan"}', "request_hash: Field required"),
        ('{"marzipan": 1}', "Field required"),
        ("\x00marzipan", "Invalid JSON"),
    ],
)
async def test_a_damaged_line_is_named(file: Path, damage: str, says: str) -> None:
    """By file and number, without its words."""
    await complete(recorder(Scripted(), file), ask())
    append(file, f"\n{damage}\n")

    with pytest.raises(RecordingError) as raised:
        read_recordings(file)

    assert str(raised.value).startswith(f"{file}:3: no recording: ")
    assert says in str(raised.value)
    assert HIDDEN not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_missing_file_is_an_os_error(file: Path) -> None:
    """The outer doors know how to say that."""
    with pytest.raises(FileNotFoundError):
        Replayed(file)


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    """It is a file of recordings all the same."""
    (tmp_path / "empty.jsonl").write_text("\n", "utf-8")

    assert read_recordings(tmp_path / "empty.jsonl") == {}
