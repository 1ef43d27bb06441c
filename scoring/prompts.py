"""Prompts: versioned Markdown files with named variables, and no language to write programs in.

A file holds a front matter and a body. Variables stand in the body as `{{name}}` and are replaced
once, verbatim: what a value holds is never read as a variable again.

    ---
    name: judge_concepts
    version: 3
    date: 2026-11-21
    variables: [words]
    change: Partial verdicts are explained by an example.
    ---
    Give a reason of at most {{words}} words.

`versions.yaml` beside the prompts lists every version with the SHA-256 of its file and its change,
so that nobody changes a prompt without saying so (a test holds that).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

_FILE = re.compile(r"---\n(?P<matter>.*?)\n---\n(?P<body>.*)", re.DOTALL)
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_SHOWN_OF_HASH = 12


class PromptError(ValueError):
    """A prompt cannot be read or filled; the message names it and holds none of the values."""


class FrontMatter(BaseModel):
    """What a prompt says of itself; `change` is what this version changed, on one line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: int
    date: date
    variables: tuple[str, ...]
    change: str


class Release(BaseModel):
    """A version of a prompt in `versions.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    hash: str
    change: str


_RELEASES = TypeAdapter(dict[str, tuple[Release, ...]])


@dataclass(frozen=True)
class Prompt:
    """A prompt as its file has it; `hash` is the SHA-256 of the file's bytes in hex."""

    matter: FrontMatter
    body: str
    hash: str

    @property
    def name(self) -> str:
        """What it is called, which is its file's name."""
        return self.matter.name

    @property
    def version(self) -> int:
        """Counts from 1."""
        return self.matter.version

    @cached_property
    def id(self) -> str:
        """`judge_concepts@3:ab12cd34ef56`: name, version and the beginning of the hash."""
        return f"{self.name}@{self.version}:{self.hash[:_SHOWN_OF_HASH]}"

    def fill(self, **values: str) -> str:
        """The body with its variables replaced; `PromptError` names a missing or unknown one."""
        wanted = set(self.matter.variables)
        for variable in sorted(wanted.symmetric_difference(values)):
            what = "is missing" if variable in wanted else "is unknown"
            raise PromptError(f"{self.id}: variable {variable!r} {what}")
        return _VARIABLE.sub(lambda match: values[match[1]], self.body)


def load_prompt(package: str, name: str) -> Prompt:
    """The prompt `name` of a folder, written as a package: `load_prompt("scoring.prompts", ...)`.

    Raises:
        PromptError: there is none, or its front matter and its body do not fit each other.
    """
    return parse_prompt(f"{package}/{name}", name, _read(package, f"{name}.md"))


def prompt_names(package: str) -> tuple[str, ...]:
    """The names of the prompts in a folder, sorted."""
    return tuple(sorted(name.removesuffix(".md") for name in _names(package)))


def releases(package: str) -> Mapping[str, tuple[Release, ...]]:
    """Every version of every prompt in a folder, oldest first; `PromptError` if unreadable."""
    try:
        return _RELEASES.validate_python(yaml.safe_load(_read(package, "versions.yaml")))
    except (yaml.YAMLError, ValidationError) as err:
        raise PromptError(f"{package}/versions.yaml: {err}") from err


def parse_prompt(place: str, name: str, content: bytes) -> Prompt:
    """The prompt in a file's bytes; `place` is what errors call it."""
    found = _FILE.fullmatch(content.decode("utf-8"))
    if found is None:
        raise PromptError(f"{place}: no front matter between two lines of ---")
    try:
        matter = FrontMatter.model_validate(yaml.safe_load(found["matter"]))
    except (yaml.YAMLError, ValidationError) as err:
        raise PromptError(f"{place}: {err}") from err
    body = found["body"].strip()
    for problem in _problems(matter, name, body):
        raise PromptError(f"{place}: {problem}")
    return Prompt(matter, body, hashlib.sha256(content).hexdigest())


def _problems(matter: FrontMatter, name: str, body: str) -> Iterator[str]:
    if matter.name != name:
        yield f"it calls itself {matter.name!r}"
    if matter.version < 1 or "\n" in matter.change or not matter.change.strip():
        yield "a version counts from 1 and has a change of one line"
    used = set(_VARIABLE.findall(body))
    for variable in sorted(used.symmetric_difference(matter.variables)):
        yield f"variable {variable!r} is {'used' if variable in used else 'declared'} only"


def _names(package: str) -> Iterator[str]:
    parent, _, folder = package.rpartition(".")
    for file in files(parent).joinpath(folder).iterdir():
        if file.name.endswith(".md"):
            yield file.name


def _read(package: str, file: str) -> bytes:
    # The folder stands beside a module of its name, so it is no package of its own.
    parent, _, folder = package.rpartition(".")
    try:
        return files(parent).joinpath(folder, file).read_bytes()
    except FileNotFoundError as err:
        raise PromptError(f"{package}/{file}: there is no such file") from err
