"""Written answers in bulk: JSON lines in, JSON lines out, in the same order.

The format is described in docs/grading.md. It is an interface: keys are added, never renamed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from scenarios.documents import ContentError
from scenarios.load import Library
from scenarios.model import Level, RoundKind
from scoring.scorecard import FinderOf, StageCard
from scoring.verdicts import ConceptVerdict
from scoring.written import (
    AnswerError,
    WrittenAnswer,
    WrittenGrade,
    grade_written,
    shared_finders,
)

KEYS = ("id", "item", "stage", "text")
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Verdict lines hold no time, so the same rows give the same bytes."""

_EXAMPLE = '{"id": "1", "item": "ITEM", "stage": null, "text": "ANSWER"}'


class RowError(ValueError):
    """A row cannot be graded; the message says why and what to do, and quotes no answer."""


class Graded(NamedTuple):
    """One line of the output, without its end, and whether the row could be graded."""

    line: str
    ok: bool


class Row(NamedTuple):
    """One row as it was given."""

    id: str
    item: str
    stage: str | None
    text: str


@dataclass
class Grader:
    """Grades rows against one library; `level` None takes each item's own."""

    library: Library
    level: Level | None = None
    _finder_of: FinderOf = field(default_factory=shared_finders, init=False)
    _seen: dict[str, int] = field(default_factory=dict[str, int], init=False)

    def grade(self, number: int, line: bytes) -> Graded:
        """The output line for line `number` of the input."""
        row_id = None
        try:
            found = _parse(line)
            row_id = _text_of(found, "id")
            self._claim(row_id, number)
            verdict = self._verdict(_row(found))
        except (RowError, AnswerError, ContentError) as err:
            return Graded(_dump({"id": row_id, "error": f"line {number}: {err}"}), ok=False)
        return Graded(_dump(verdict), ok=True)

    def _claim(self, row_id: str, number: int) -> None:
        first = self._seen.setdefault(row_id, number)
        if first != number:
            raise RowError(f"the id is that of line {first} already: give each row its own")

    def _verdict(self, row: Row) -> dict[str, Any]:
        answer = written_answer(self.library, row.item, row.stage, row.text, self.level)
        return describe(row, grade_written(answer, UNDATED, self._finder_of))


def written_answer(
    library: Library, item: str, stage: str | None, text: str, level: Level | None
) -> WrittenAnswer:
    """The answer to an item of the library; raises `ContentError` and `AnswerError`."""
    pack = library.pack_of(item)
    plan = library.round_for(item)
    return WrittenAnswer(plan, stage, text, level or plan.level, pack.hash)


def lines_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank with their numbers from 1; a byte order mark is dropped."""
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line


def describe(row: Row, graded: WrittenGrade) -> dict[str, Any]:
    """The output object: flat for one question or stage, by stage where the answer spans several.

    Quotes are exact slices of the row's text: `text[start:end] == quote`.
    """
    held = graded.card.rounds[0]
    stages = [stage for stage in held.stages if stage.name in graded.answer.stages]
    by_stage = row.stage is None and held.kind is not RoundKind.DRILL
    return {
        "id": row.id,
        "item": row.item,
        "stage": row.stage,
        "concepts": {
            (verdict.key if by_stage else verdict.concept_id): _concept(verdict)
            for stage in stages
            for verdict in stage.verdicts
        },
        **(_by_stage(stages) if by_stage else _rated(stages[0])),
        "flags": [*graded.gates, *_red_flags(stages)],
    }


def _rated(stage: StageCard) -> dict[str, Any]:
    return {
        "rating": stage.rating,
        "rating_high": stage.rating_high,
        "level": stage.level_low,
        "level_high": stage.level_high,
    }


def _by_stage(stages: Sequence[StageCard]) -> dict[str, dict[str, Any]]:
    rated = {stage.name: _rated(stage) for stage in stages}
    names = ("rating", "rating_high", "level", "level_high")
    return {name: {stage: values[name] for stage, values in rated.items()} for name in names}


def _concept(verdict: ConceptVerdict) -> dict[str, Any]:
    best = verdict.evidence[0] if verdict.evidence else None
    return {
        "state": verdict.verdict,
        "quote": best.quote if best else None,
        "start": best.start if best else None,
        "end": best.end if best else None,
        "note": verdict.note,
        "weight": verdict.weight,
        "level": verdict.level,
    }


def _red_flags(stages: Sequence[StageCard]) -> Iterator[str]:
    for stage in stages:
        for flag in stage.red_flags:
            yield f"red flag: {flag.id}" if flag.standing else f"red flag taken back: {flag.id}"


def _parse(line: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as err:
        raise RowError(f"byte {err.start + 1} is not UTF-8: save the file as UTF-8") from err
    except json.JSONDecodeError as err:
        reason = f"{err.msg}, at character {err.pos + 1}"
        raise RowError(f"not JSON ({reason}): write one object a line, as {_EXAMPLE}") from err
    except (ValueError, RecursionError) as err:
        raise RowError(
            f"not JSON that can be read: write one object a line, as {_EXAMPLE}"
        ) from err
    if not isinstance(found, dict):
        raise RowError(f"not a JSON object: write one a line, as {_EXAMPLE}")
    return found  # pyright: ignore[reportUnknownVariableType]


def _row(found: Mapping[str, Any]) -> Row:
    stage = None if found.get("stage", "") is None else _text_of(found, "stage")
    return Row(_text_of(found, "id"), _text_of(found, "item"), stage, _text_of(found, "text"))


LONGEST_ID = 64
"""Characters of an id; what is longer may be an answer, which no error repeats."""


def _text_of(found: Mapping[str, Any], key: str) -> str:
    """The string under `key`, which can be written as UTF-8."""
    if key not in found:
        raise RowError(f"`{key}` is missing: a row holds {', '.join(KEYS)}")
    value = found[key]
    if not isinstance(value, str):
        also = " or null" if key == "stage" else ""
        raise RowError(f"`{key}` is {_kind_of(value)}: give a string{also}")
    if key in {"item", "stage"} and len(value) > LONGEST_ID:
        raise RowError(
            f"`{key}` holds {len(value):,} characters and no id: are the columns swapped?"
        )
    if not value and key != "text":
        raise RowError(f"`{key}` is empty: give {'null or a stage' if key == 'stage' else 'one'}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as err:
        raise RowError(f"`{key}` holds half a character: save the file as UTF-8") from err
    return value


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    return {list: "a list", dict: "an object"}.get(type(value), "a number")


def _dump(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False)
