"""The board as a graph.

The part classes are plain data; `Board` answers the questions that checks ask of a drawing.
Everything here is pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

LABEL_LENGTH = 80
"""Characters that a label keeps; what is longer is cut."""


class ComponentKind(StrEnum):
    """What a box stands for; `OTHER` where neither label nor shape says."""

    USER = "user"
    CLIENT = "client"
    GATEWAY = "gateway"
    SERVICE = "service"
    QUEUE = "queue"
    CACHE = "cache"
    DATABASE = "database"
    VECTOR_STORE = "vector_store"
    LLM = "llm"
    SMALL_MODEL = "small_model"
    RETRIEVER = "retriever"
    RERANKER = "reranker"
    TOOL = "tool"
    POLICY_ENGINE = "policy_engine"
    GUARDRAIL = "guardrail"
    EVAL_HARNESS = "eval_harness"
    HUMAN_REVIEW = "human_review"
    TRACE_STORE = "trace_store"
    OTHER = "other"


@dataclass(frozen=True, order=True)
class Component:
    """A labelled box. `zone` is the id of the innermost zone around it, or None."""

    id: str
    label: str
    kind: ComponentKind = ComponentKind.OTHER
    zone: str | None = None


@dataclass(frozen=True, order=True)
class Arrow:
    """A connection between two component ids; the label may be empty.

    One that is not directed was drawn as a line without heads. Nobody can tell its ends apart, so
    that they are kept in the order of ids, whichever way they are given.
    """

    source: str
    target: str
    label: str = ""
    directed: bool = True

    def __post_init__(self) -> None:
        if not self.directed and self.target < self.source:
            source, target = self.target, self.source
            object.__setattr__(self, "source", source)
            object.__setattr__(self, "target", target)


@dataclass(frozen=True, order=True)
class Zone:
    """A labelled boundary; `parent` is the zone around it, or None."""

    id: str
    label: str
    parent: str | None = None


@dataclass(frozen=True)
class Board:
    """A whole drawing. Parts are sorted, so equal drawings are equal boards."""

    components: tuple[Component, ...] = field(default=())
    arrows: tuple[Arrow, ...] = field(default=())
    zones: tuple[Zone, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())

    def component(self, component_id: str) -> Component:
        """The component with this id; KeyError if there is none."""
        return _by_id(self.components, component_id, "component")

    def zone(self, zone_id: str) -> Zone:
        """The zone with this id; KeyError if there is none."""
        return _by_id(self.zones, zone_id, "zone")

    def successors(self, component_id: str, *, lines: bool = False) -> tuple[str, ...]:
        """Ids that an arrow leads to from this component, sorted, each once.

        An undirected one leads nowhere, or either way where `lines` says so.
        """
        found = {one.target for one in self.arrows if one.source == component_id and one.directed}
        if lines:
            joined = [(a.source, a.target) for a in self.arrows if not a.directed]
            found |= {target for source, target in joined if source == component_id}
            found |= {source for source, target in joined if target == component_id}
        return tuple(sorted(found))

    def path(
        self,
        source: str,
        target: str,
        avoiding: frozenset[str] = frozenset(),
        *,
        lines: bool = False,
    ) -> tuple[str, ...] | None:
        """The ids along a shortest way from `source` to `target`, both ends included, or None.

        A way has at least one arrow, so a component leads to itself only through a loop. Nothing
        in `avoiding` stands in between; the two ends are not asked. Undirected arrows are gone
        along only where `lines` says so, and then either way. Of equally short ways the same one
        is always given.
        """
        waiting: deque[tuple[str, ...]] = deque([(source,)])
        seen = {source}
        while waiting:
            way = waiting.popleft()
            for step in self.successors(way[-1], lines=lines):
                if step == target:
                    return (*way, step)
                if step not in seen and step not in avoiding:
                    seen.add(step)
                    waiting.append((*way, step))
        return None

    def zones_around(self, component_id: str) -> tuple[str, ...]:
        """Ids of the zones around a component, innermost first; KeyError for an unknown id."""
        parents = {zone.id: zone.parent for zone in self.zones}
        around: list[str] = []
        zone = self.component(component_id).zone
        while zone is not None and zone not in around:
            around.append(zone)
            zone = parents.get(zone)
        return tuple(around)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Identified = TypeVar("Identified", bound=_Identified)


def _by_id(parts: Iterable[Identified], wanted: str, what: str) -> Identified:
    for part in parts:
        if part.id == wanted:
            return part
    raise KeyError(f"the board has no {what} with the id {wanted!r}")


_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def strip_unseen(text: str) -> str:
    """`text` without characters that nobody sees but that change what is seen.

    Control and format characters (among them the right-to-left overrides, zero-width characters
    and tag characters) and lone surrogates go; every blank but the line feed becomes a space.
    """
    if text.isascii() and text.isprintable():
        return text
    blanked = ("\n" if char == "\n" else " " if char.isspace() else char for char in text)
    return "".join(char for char in blanked if char == "\n" or _seen(char))


def _seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN


def clean_label(text: str, length: int = LABEL_LENGTH) -> str:
    """`text` as a label: one line, nothing unseen, single spaces, at most `length` characters.

    `<br>` becomes a space, as Mermaid users write line breaks. Cleaning twice changes nothing.
    """
    text = unicodedata.normalize("NFC", strip_unseen(text))
    while _LINE_BREAK_TAG.search(text):
        text = _LINE_BREAK_TAG.sub(" ", text)
    return " ".join(text.split())[:length].rstrip()
