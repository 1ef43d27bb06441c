"""Cases as YAML: read, checked, and named in every error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from scenarios.load import Library
from scenarios.rounds import RoundPlan


class CaseError(Exception):
    """A case file cannot be used; the message names file, field and reason."""


class Document(BaseModel):
    """Base of what stands in a case file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Document)


def read_document(path: Path, model: type[Model]) -> Model:
    """The file as a model; raises `CaseError`."""
    try:
        return model.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as err:
        raise CaseError(f"{path}: no YAML: {err}") from err
    except ValidationError as err:
        places = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in err.errors()]
        raise CaseError(f"{path}: {'; '.join(places)}") from err


def documents_in(folder: Path) -> list[Path]:
    """The case files of a folder; raises `CaseError` where it has none."""
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise CaseError(f"{folder}: there are no cases, and a suite without cases says nothing")
    return found


def plan_of(library: Library, items: Sequence[str], case: str) -> RoundPlan:
    """The round of the items; raises `CaseError` where a pack lacks one."""
    try:
        return library.round_for(*items)
    except LookupError as err:
        raise CaseError(f"case {case}: {err}") from err


def refuse_unknown(names: Sequence[str], known: Sequence[str], case: str) -> None:
    """Raise `CaseError` where a case speaks of a stage or concept that its round lacks."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise CaseError(f"case {case}: the round has no {', '.join(unknown)}")
