"""Content at the terminal: what there is, and whether it is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import open_library
from scenarios.documents import Document, PackError, Problem, parse_document, read_bytes
from scenarios.lint import Keyed, lint
from scenarios.load import (
    CASES,
    FOLDERS,
    MANIFEST,
    Item,
    Library,
    Pack,
    builtin_packs_folder,
    load_library,
    load_pack,
)
from scenarios.model import (
    CaseFile,
    Cue,
    PackManifest,
    Plan,
    Question,
    Scenario,
    StoryPrompt,
)
from scenarios.outline import placed_concepts
from scenarios.references import check_cases
from scenarios.validation import validate
from scoring.evidence import EvidenceFinder, match_cues
from scoring.text import content_stems
from scoring.verdicts import Verdict
from whiteboard.board import strip_unseen

_KINDS: Mapping[type[Item], str] = MappingProxyType(
    {Scenario: "scenario", Question: "question", StoryPrompt: "story", Plan: "plan"}
)
_TELLING_KEYS: tuple[tuple[str, type[Item]], ...] = (
    ("facts", Scenario),
    ("topic", Question),
    ("rounds", Plan),
)
"""What tells the kind of a file that stands in no pack; a story has none of these keys."""


class Checked(NamedTuple):
    """Packs to be checked, and those beside them to which they may refer."""

    packs: tuple[Pack, ...]
    beside: tuple[Pack, ...] = ()


def check_packs(settings: Settings, path: Path | None, console: Console) -> bool:
    """Print every problem with its line, place and reason; returns whether there was none.

    `path` is a pack, a folder of packs or one YAML file; without it all packs are checked that an
    interview would use. Raises `UsageError` where there is nothing to check.
    """
    try:
        checked = _load(settings, path)
        problems = find_problems(checked)
    except PackError as err:
        problems = err.problems
    else:
        if not problems:
            console.print(Text(f"{_count(checked, path)}, no problem"))
            return True
    for problem in problems:
        console.print(Text(strip_unseen(str(problem))), soft_wrap=True)
    console.print(Text(_number(len(problems), "problem"), "bold red"))
    return False


def list_packs(settings: Settings, console: Console) -> None:
    """Print every item with the id by which it is chosen; raises `PackError`."""
    for pack in open_library(settings).packs:
        manifest = pack.manifest
        title = f"{manifest.title} ({manifest.id} {manifest.version}, {manifest.language})"
        console.print(Text(strip_unseen(title), "bold"))
        table = Table(box=None, pad_edge=False)
        for name in ("id", "kind", "level", "min", "about"):
            table.add_column(name, overflow="fold", justify="right" if name == "min" else "left")
        for item in pack.items.values():
            row = (item.id, _KINDS[type(item)], item.level.value, _minutes(item), _about(item))
            table.add_row(*(Text(strip_unseen(cell)) for cell in row))
        console.print(table)


def find_problems(checked: Checked) -> tuple[Problem, ...]:
    """What the linter says of the packs to be checked, with the product's evidence finder."""
    library = Library((*checked.packs, *checked.beside))
    return (*_taken_ids(checked), *lint(library, OfflineFinder(), checked.packs))


class OfflineFinder:
    """`scenarios.lint.Finder` on the product's evidence finder; keeps the index of one round."""

    def __init__(self) -> None:
        self._concepts: Keyed = ()
        self._finder = EvidenceFinder(())

    def hits(self, concepts: Keyed, text: str, heard: Sequence[str] = ()) -> frozenset[str]:
        """The keys of plain hits."""
        if concepts is not self._concepts:
            self._concepts, self._finder = concepts, EvidenceFinder(concepts)
        found = self._finder.find(text, heard)
        return frozenset(one.key for one in found if one.verdict is Verdict.HIT)

    def matches(self, cues: Sequence[Cue], text: str) -> bool:
        """Whether any of the cues matches the text."""
        return match_cues(cues, text) is not None

    def stems(self, text: str) -> Sequence[str]:
        """The stems of its content words."""
        return content_stems(text)


def _load(settings: Settings, path: Path | None) -> Checked:
    if path is None:
        return Checked(open_library(settings).packs)
    if path.is_dir():
        packs = (load_pack(path),) if _is_pack(path) else load_library(path).packs
        if not packs:
            raise UsageError(f"{path} holds no pack: a pack is a folder with a {MANIFEST}")
        return Checked(packs, _builtin_beside([pack.folder for pack in packs]))
    if not path.exists():
        raise UsageError(f"there is no {path}: give a pack, a folder of packs or a YAML file")
    return _load_file(path)


def _is_pack(folder: Path) -> bool:
    return (folder / MANIFEST).exists() or any((folder / name).is_dir() for name in FOLDERS)


def _builtin_beside(folders: Sequence[Path]) -> tuple[Pack, ...]:
    own = {folder.resolve() for folder in folders}
    packs = load_library(builtin_packs_folder()).packs
    return tuple(pack for pack in packs if pack.folder.resolve() not in own)


def _load_file(path: Path) -> Checked:
    """One file as a pack of its own, its `folder` being the file; PackError for its problems.

    The rest of its own pack stands beside it, unless that cannot be loaded.
    """
    document = parse_document(path, read_bytes(path))
    beside = _beside_file(path)
    if path.name == MANIFEST:
        validate(document, PackManifest)
        return Checked(())
    if path.parent.name == CASES:
        cases = validate(document, CaseFile)
        faults = check_cases(cases, Library(beside))
        problems = [document.problem(loc, reason) for loc, reason in faults]
        if problems:
            raise PackError(problems)
        return Checked(())
    item = validate(document, _model_of(document))
    manifest = PackManifest(
        id="one-file",
        title=path.name,
        version="0",
        language="en",
        licence="none",
        description="One file, checked by itself.",
    )
    pack = Pack(manifest, path, {item.id: item}, {item.id: path}, hash="")
    return Checked((pack,), beside)


def _beside_file(path: Path) -> tuple[Pack, ...]:
    home = path.parent if path.name == MANIFEST else path.parent.parent
    builtin = _builtin_beside([home])
    try:
        return (load_pack(home), *builtin)
    except PackError:
        return builtin


def _model_of(document: Document) -> type[Item]:
    named = FOLDERS.get(document.path.parent.name)
    if named is not None:
        return named
    told = (model for telling, model in _TELLING_KEYS if telling in document.values)
    return next(told, StoryPrompt)


def _taken_ids(checked: Checked) -> Iterator[Problem]:
    """Items of the checked packs whose id an item beside them has already."""
    for pack in checked.packs:
        for item_id, path in pack.files.items():
            for other in checked.beside:
                home = other.files.get(item_id)
                if home is not None and home.resolve() != path.resolve():
                    yield Problem(path, "id", None, f"`{item_id}` is taken by {home}: rename one")


def _count(checked: Checked, path: Path | None) -> str:
    files = sum(len(pack.files) + (pack.folder / MANIFEST).is_file() for pack in checked.packs)
    items = [item for pack in checked.packs for item in pack.items.values()]
    concepts = sum(len(list(placed_concepts(one))) for one in items if not isinstance(one, Plan))
    alone = path is not None and path.is_file()
    return f"{_number(1 if alone else files, 'file')}, {_number(concepts, 'concept')}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _minutes(item: Item) -> str:
    if not isinstance(item, Plan):
        return f"{item.minutes:g}"
    given = [held.minutes for held in item.rounds]
    return f"{sum(filter(None, given)):g}" if all(given) else ""


def _about(item: Item) -> str:
    """What the item is about: a title, and for a question its topic."""
    match item:
        case Question():
            return f"{item.topic.value}: {item.ask}"
        case Plan():
            return f"{item.title} ({item.role})"
        case Scenario() | StoryPrompt():
            return item.title
