"""Rows that people have graded, as the files of a data folder hold them.

`realsumm_concepts*.jsonl.gz` says of each concept and text whether the concept is present
(REALSumm, Bhandari et al., EMNLP 2020, CC BY 4.0); `saf_networks*.csv.gz` holds graded answers of a
course on networks (SAF, Filighera et al., ACL 2022, MIT). Neither is part of this project.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

CONCEPTS = "realsumm_concepts*.jsonl.gz"
ANSWERS = "saf_networks*.csv.gz"

Text = Annotated[str, Field(min_length=1)]


class GradedDataError(Exception):
    """The folder, one of its files, or a row is not what it should be."""


class _Row(BaseModel):
    """Columns that are not used are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ConceptRow(_Row):
    """Whether a text of a document holds a concept; `present` is None where votes were tied."""

    doc: Text
    concept_id: Text
    concept: Text
    text: str
    present: Literal[0, 1] | None = None


class AnswerRow(_Row):
    """An answer with its grade, from 0 to 1."""

    qid: Text
    question: Text
    reference: Text
    answer: str
    score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    is_empty: Literal["0", "1"]


Row = TypeVar("Row", bound=_Row)


def find_files(folder: Path, pattern: str) -> list[Path]:
    """The folder's files by that pattern, by name. `GradedDataError` if it is no folder."""
    if not folder.is_dir():
        raise GradedDataError(f"{folder} is not a folder")
    return sorted(folder.glob(pattern))


def read_concepts(file: Path) -> list[ConceptRow]:
    """The rows that are no ties. Raises `GradedDataError` with file and line."""
    rows: list[ConceptRow] = []
    told: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(_lines(file), 1):
        place = f"{file}, line {number}"
        row = _checked(place, lambda line=line: ConceptRow.model_validate_json(line))
        _keep(told, (row.doc, row.concept_id), row.concept, place)
        if row.present is not None:
            rows.append(row)
    return _some(rows, file)


def read_answers(file: Path) -> list[AnswerRow]:
    """The answers that are not empty. Raises `GradedDataError` with file and line.

    An answer may hold line breaks; the line is the last one of its row.
    """
    rows: list[AnswerRow] = []
    told: dict[tuple[str, ...], str] = {}
    reader = csv.DictReader(_lines(file), strict=True)
    for cells in _cells(reader, file):
        place = f"{file}, line {reader.line_num}"
        row = _checked(place, lambda cells=cells: AnswerRow.model_validate(cells))
        _keep(told, (row.qid, "question"), row.question, place)
        _keep(told, (row.qid, "reference"), row.reference, place)
        if row.is_empty == "0":
            rows.append(row)
    return _some(rows, file)


def _lines(file: Path) -> Iterator[str]:
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
            yield from opened
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as err:
        raise GradedDataError(f"{file} cannot be read: {err}") from err


def _cells(reader: csv.DictReader[str], file: Path) -> Iterator[dict[str, str]]:
    try:
        for cells in reader:
            if None in cells:
                raise GradedDataError(f"{file}, line {reader.line_num}: more cells than columns")
            yield cells
    except csv.Error as err:
        raise GradedDataError(f"{file}, line {reader.line_num}: {err}") from err


def _checked(place: str, parse: Callable[[], Row]) -> Row:
    try:
        return parse()
    except ValidationError as err:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in err.errors())
        raise GradedDataError(f"{place}: {wrong.removeprefix(': ')}") from None


def _keep(told: dict[tuple[str, ...], str], key: tuple[str, ...], text: str, place: str) -> None:
    """Refuse a second text for what has one."""
    if told.setdefault(key, text) != text:
        raise GradedDataError(f"{place}: another text for {' '.join(key)} than before")


def _some(rows: list[Row], file: Path) -> list[Row]:
    if not rows:
        raise GradedDataError(f"{file} holds no row that counts")
    return rows
