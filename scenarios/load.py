"""Reads packs from folders and merges them into one library.

A folder of packs holds one folder per pack; a pack is laid out as `scenarios.model` says. Every
problem of every pack is collected before anything is raised. Cases are test material: they are
read by `load_cases` only, so that an interview never pays for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from scenarios.documents import (
    ContentError,
    PackError,
    Problem,
    parse_document,
    read_bytes,
)
from scenarios.model import (
    CaseFile,
    PackManifest,
    Plan,
    Question,
    Scenario,
    StoryPrompt,
    Strict,
)
from scenarios.rounds import RoundPlan, design_round, drill_round, story_round
from scenarios.validation import validate

Item: TypeAlias = Scenario | Question | StoryPrompt | Plan
ItemT = TypeVar("ItemT", Scenario, Question, StoryPrompt, Plan)
Model = TypeVar("Model", bound=Strict)

MANIFEST = "pack.yaml"
CASES = "cases"
FOLDERS: Mapping[str, type[Item]] = MappingProxyType(
    {"design": Scenario, "drill": Question, "behavioural": StoryPrompt, "plans": Plan}
)
_NAMES: Mapping[type[Item], str] = MappingProxyType(
    {Scenario: "scenario", Question: "question", StoryPrompt: "story prompt", Plan: "plan"}
)


class UnknownItem(ContentError, LookupError):  # noqa: N818 - the name is the message
    """No pack has an item of that id and kind; the message names what comes near."""


@dataclass(frozen=True)
class Pack:
    """One pack's content by id.

    `files` says which file holds which item. `hash` is a SHA-256 over the names and bytes of all
    files that an interview reads (not the cases), the same on every machine.
    """

    manifest: PackManifest
    folder: Path
    items: Mapping[str, Item]
    files: Mapping[str, Path]
    hash: str

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The system-design rounds."""
        return _only(Scenario, self.items)

    @property
    def questions(self) -> Mapping[str, Question]:
        """The drill questions."""
        return _only(Question, self.items)

    @property
    def prompts(self) -> Mapping[str, StoryPrompt]:
        """The behavioural rounds."""
        return _only(StoryPrompt, self.items)

    @property
    def plans(self) -> Mapping[str, Plan]:
        """The interview loops."""
        return _only(Plan, self.items)


@dataclass(frozen=True)
class Library:
    """All packs as one; an id stands for one item, whatever its kind. Iterates over the items."""

    packs: tuple[Pack, ...]
    _rounds: dict[tuple[str, ...], RoundPlan] = field(
        default_factory=dict[tuple[str, ...], RoundPlan], init=False, repr=False, compare=False
    )

    def __iter__(self) -> Iterator[Item]:
        return chain.from_iterable(pack.items.values() for pack in self.packs)

    def scenario(self, item_id: str) -> Scenario:
        """The scenario of that id; UnknownItem if there is none."""
        return self._get(Scenario, item_id)

    def question(self, item_id: str) -> Question:
        """The drill question of that id; UnknownItem if there is none."""
        return self._get(Question, item_id)

    def prompt(self, item_id: str) -> StoryPrompt:
        """The story prompt of that id; UnknownItem if there is none."""
        return self._get(StoryPrompt, item_id)

    def plan(self, item_id: str) -> Plan:
        """The plan of that id; UnknownItem if there is none."""
        return self._get(Plan, item_id)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario, in the order of packs and file names."""
        return tuple(item for item in self if isinstance(item, Scenario))

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every drill question, in the order of packs and file names."""
        return tuple(item for item in self if isinstance(item, Question))

    @property
    def prompts(self) -> tuple[StoryPrompt, ...]:
        """Every story prompt, in the order of packs and file names."""
        return tuple(item for item in self if isinstance(item, StoryPrompt))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Every plan, in the order of packs and file names."""
        return tuple(item for item in self if isinstance(item, Plan))

    def pack_of(self, item_id: str) -> Pack:
        """The pack that holds the item; UnknownItem if none does."""
        for pack in self.packs:
            if item_id in pack.items:
                return pack
        raise UnknownItem(self._say_unknown("item", item_id, [item.id for item in self]))

    def round_for(self, *item_ids: str) -> RoundPlan:
        """The round that a scenario, a story prompt or one or more questions make.

        A `RoundPlan.item` is taken as well, so a stored round is found again by its own name. Made
        once and kept, since every turn asks for it.

        Raises:
            UnknownItem: an id is unknown, or is not a question where several are given.
            ValueError: no id is given.
        """
        if item_ids not in self._rounds:
            self._rounds[item_ids] = self._make_round(item_ids)
        return self._rounds[item_ids]

    def _make_round(self, item_ids: tuple[str, ...]) -> RoundPlan:
        ids = [part for item_id in item_ids for part in item_id.split("+")]
        first = self._find(ids[0]) if len(ids) == 1 else None
        if isinstance(first, Scenario):
            return design_round(first)
        if isinstance(first, StoryPrompt):
            return story_round(first)
        return drill_round([self.question(item_id) for item_id in ids])

    def _find(self, item_id: str) -> Item | None:
        return next((pack.items[item_id] for pack in self.packs if item_id in pack.items), None)

    def _get(self, kind: type[ItemT], item_id: str) -> ItemT:
        found = self._find(item_id)
        if isinstance(found, kind):
            return found
        if found is not None:
            raise UnknownItem(f"`{item_id}` is a {_NAMES[type(found)]}, not a {_NAMES[kind]}")
        known = [item.id for item in self if isinstance(item, kind)]
        raise UnknownItem(self._say_unknown(_NAMES[kind], item_id, known))

    def _say_unknown(self, name: str, item_id: str, known: list[str]) -> str:
        near = get_close_matches(item_id, known, n=3) or known[:8]
        advice = f"there is {', '.join(f'`{one}`' for one in near)}" if near else "there is none"
        return f"no {name} `{item_id}`: {advice}"


def builtin_packs_folder() -> Path:
    """The folder of the packs that come with Hotseat, in a checkout as in an installed wheel."""
    return Path(str(files("scenarios").joinpath("packs")))


def load_library(*folders: Path) -> Library:
    """Every pack of every folder; a folder that does not exist holds none.

    Raises:
        PackError: any pack has a problem, or two items or packs share an id.
    """
    packs: list[Pack] = []
    problems: list[Problem] = []
    for folder in chain.from_iterable(map(_pack_folders, folders)):
        try:
            packs.append(load_pack(folder))
        except PackError as err:
            problems += err.problems
    problems += _shared_ids((pack.manifest.id, pack.folder / MANIFEST) for pack in packs)
    problems += _shared_ids(chain.from_iterable(pack.files.items() for pack in packs))
    if problems:
        raise PackError(problems)
    return Library(tuple(packs))


def load_pack(folder: Path) -> Pack:
    """The pack in `folder`, without its cases.

    Raises:
        PackError: with all problems of all its files.
    """
    reader = _Reader(folder)
    manifest = reader.read(folder / MANIFEST, PackManifest) if reader.has_manifest() else None
    found = [
        (path, item)
        for name, model in FOLDERS.items()
        for path in reader.list_files(name)
        if (item := reader.read(path, model)) is not None
    ]
    reader.report_strays()
    reader.problems += _shared_ids((item.id, path) for path, item in found)
    if not found and not reader.problems:
        reader.report(folder, f"no content: put files into {', '.join(FOLDERS)}")
    if reader.problems or manifest is None:
        raise PackError(reader.problems)
    return Pack(
        manifest=manifest,
        folder=folder,
        items=MappingProxyType({item.id: item for _, item in found}),
        files=MappingProxyType({item.id: path for path, item in found}),
        hash=_hash(reader.contents, folder),
    )


def load_cases(pack: Pack) -> Mapping[str, CaseFile]:
    """The pack's cases by the id of their item, each read from `cases/<item id>.yaml`.

    Raises:
        PackError: with all problems of all case files.
    """
    reader = _Reader(pack.folder)
    cases: dict[str, CaseFile] = {}
    for path in reader.list_files(CASES):
        found = reader.read(path, CaseFile)
        if found is not None and path.stem != found.item:
            reader.report(path, f"holds cases of `{found.item}`: name it {found.item}.yaml")
        elif found is not None:
            cases[found.item] = found
    if reader.problems:
        raise PackError(reader.problems)
    return MappingProxyType(cases)


def _only(kind: type[ItemT], items: Mapping[str, Item]) -> Mapping[str, ItemT]:
    return MappingProxyType({name: item for name, item in items.items() if isinstance(item, kind)})


def _pack_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in _visible(folder) if path.is_dir()]


def _visible(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))
    except OSError as err:
        reason = f"cannot be read: {err.strerror or type(err).__name__}"
        raise PackError([Problem(folder, "", None, reason)]) from err


def _shared_ids(homes: Iterable[tuple[str, Path]]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for item_id, path in homes:
        if item_id in first:
            yield Problem(path, "id", None, f"`{item_id}` is taken by {first[item_id]}: rename one")
        first.setdefault(item_id, path)


def _hash(contents: Mapping[Path, bytes], folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(contents):
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\0{len(contents[path])}\0".encode())
        digest.update(contents[path])
    return digest.hexdigest()


@dataclass
class _Reader:
    """Reads the files of one pack and keeps what went wrong and what was read."""

    folder: Path
    problems: list[Problem] = field(default_factory=list[Problem])
    contents: dict[Path, bytes] = field(default_factory=dict[Path, bytes])

    def report(self, path: Path, reason: str) -> None:
        self.problems.append(Problem(path, "", None, reason))

    def has_manifest(self) -> bool:
        if (self.folder / MANIFEST).exists() or (self.folder / MANIFEST).is_symlink():
            return True
        self.report(self.folder, f"not a pack: {MANIFEST} is missing, add it")
        return False

    def read(self, path: Path, model: type[Model]) -> Model | None:
        """The file as a `model`, or None with its problems noted."""
        if not self._stays_inside(path):
            return None
        try:
            self.contents[path] = read_bytes(path)
            return validate(parse_document(path, self.contents[path]), model)
        except PackError as err:
            self.problems += err.problems
            return None

    def list_files(self, name: str) -> Iterator[Path]:
        """The YAML files of the pack's folder `name`, by name; what is not read is reported."""
        folder = self.folder / name
        if folder.is_symlink() and not self._stays_inside(folder):
            return
        if not folder.is_dir():
            return
        for path in _visible(folder):
            if path.suffix == ".yaml":
                yield path
            elif path.suffix == ".yml":
                self.report(path, "is not read: rename it to end in .yaml")
            elif path.is_dir():
                self.report(path, f"is not read: put its files straight into {name}/")

    def report_strays(self) -> None:
        """Note YAML files that stand where nothing reads them."""
        if not self.folder.is_dir():
            return
        known = (*FOLDERS, CASES)
        for path in _visible(self.folder):
            if path.suffix in {".yaml", ".yml"} and path.name != MANIFEST:
                self.report(path, f"is not read: put it into {', '.join(known)}")
            elif path.is_dir() and path.name not in known and any(path.glob("*.y*ml")):
                near = get_close_matches(path.name, known, n=1) or known
                self.report(path, f"is not read: did you mean {' or '.join(near)}?")

    def _stays_inside(self, path: Path) -> bool:
        try:
            inside = path.resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError):  # a loop of symbolic links
            inside = False
        if not inside:
            self.report(path, "is a link that leaves the pack: put the file itself here")
        return inside
