"""A document as one of the pack models, with every fault said in the author's words."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeGuard, TypeVar, Union, cast, get_args, get_origin

from pydantic import ValidationError

from scenarios.documents import Document, Loc, PackError, Problem, child, shorten
from scenarios.model import Strict

Model = TypeVar("Model", bound=Strict)


def validate(document: Document, model: type[Model]) -> Model:
    """The document as a `model`.

    Raises:
        PackError: one problem per fault, each with its line.
    """
    try:
        return model.model_validate(document.values)
    except ValidationError as err:
        faults = [
            _Fault(one["type"], one["loc"], one["msg"], one["input"])
            for one in err.errors(include_url=False, include_context=False)
        ]
    raise PackError([_explain(document, model, one) for one in faults if not _is_echo(one, faults)])


class _Fault(NamedTuple):
    """One error as pydantic gives it; `value` is what stands at `loc`."""

    kind: str
    loc: Loc
    message: str
    value: object


def _is_echo(fault: _Fault, faults: list[_Fault]) -> bool:
    """Whether a list is too short only because its faulty items were taken out of it."""
    depth = len(fault.loc)
    return fault.kind == "too_short" and any(
        len(one.loc) > depth and one.loc[:depth] == fault.loc for one in faults
    )


def _explain(document: Document, model: type[Strict], fault: _Fault) -> Problem:
    loc = _present(document, fault.loc)
    if fault.kind == "missing":
        return document.problem(loc, f"missing key `{fault.loc[-1]}`: add it")
    if fault.kind == "extra_forbidden":
        return document.problem(loc, _unknown_key(model, loc))
    return document.problem(loc, _reason(fault))


def _present(document: Document, loc: Loc) -> Loc:
    """The part of pydantic's `loc` that the file has; the rest names types and missing keys."""
    here: object = document.values
    for depth, step in enumerate(loc):
        if isinstance(here, Mapping) and step not in here:
            return loc[:depth]
        if not isinstance(here, Mapping | list):
            return loc[:depth]
        here = child(cast("Any", here), step)
    return loc


def _unknown_key(model: type[Strict], loc: Loc) -> str:
    known = _keys_at(model, loc[:-1])
    near = get_close_matches(str(loc[-1]), known, n=1)
    advice = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known)}"
    return f"unknown key `{shorten(str(loc[-1]))}`: {advice}"


def _keys_at(model: type[Strict], loc: Loc) -> tuple[str, ...]:
    here: object = model
    for step in loc:
        here = _inside(here, step)
    return tuple(here.model_fields) if _is_model(here) else ()


def _inside(annotation: object, step: str | int) -> object:
    """The type of what stands at `step` of a value of type `annotation`."""
    if _is_model(annotation):
        return _unwrap(annotation.model_fields[str(step)].annotation)
    arguments = get_args(annotation)
    return _unwrap(arguments[-1] if get_origin(annotation) is dict else arguments[0])


def _unwrap(annotation: object) -> object:
    if get_origin(annotation) is Annotated:
        return _unwrap(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return next(_unwrap(kind) for kind in get_args(annotation) if kind is not type(None))
    return annotation


def _is_model(annotation: object) -> TypeGuard[type[Strict]]:
    return isinstance(annotation, type) and issubclass(annotation, Strict)


_REASONS = {
    "string_pattern_mismatch": "an id is lower-case letters, digits and single hyphens, "
    "like `bounded-agent`",
    "dict_type": "must be a mapping of `key: value` lines",
    "model_type": "must be a mapping of `key: value` lines",
    "tuple_type": "must be a list of `- item` lines",
}


def _reason(fault: _Fault) -> str:
    """What is wrong, never the value itself: a case's text stays out of messages."""
    if fault.kind == "string_type" and isinstance(fault.value, bool | int | float):
        return "must be text: put it in quotes"
    if fault.value is None:
        return "is empty: give it a value or leave the key out"
    return _REASONS.get(fault.kind) or _reworded(fault.message)


def _reworded(message: str) -> str:
    message = message.replace("Input should", "must").replace("Value should", "must")
    return message.replace("Tuple should", "the list must").replace(" after validation", "")
