"""The board as a graph.

The part classes are plain data; `Board` answers the questions that checks ask of a drawing.
Everything here is pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict, deque
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


class Trust(StrEnum):
    """How far a way may be read into a drawing; each goes along what those before it do."""

    SURE = "sure"
    """Arrows with a head, of which both ends are plain."""

    LIKELY = "likely"
    """Lines, either way, and arrows of which an end is a guess."""

    POSSIBLE = "possible"
    """Whatever else an arrow may mean."""


@dataclass(frozen=True)
class Board:
    """A whole drawing. Parts are sorted, so equal drawings are equal boards.

    `guesses` are arrows that a drawing may mean without saying so: one that points from afar may
    mean what it points at, one that ends at a zone any component in it. Those that are likely are
    among `arrows` as well; the others are said by no text and shown in no picture.
    """

    components: tuple[Component, ...] = field(default=())
    arrows: tuple[Arrow, ...] = field(default=())
    zones: tuple[Zone, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    guesses: tuple[Arrow, ...] = field(default=())

    def component(self, component_id: str) -> Component:
        """The component with this id; KeyError if there is none."""
        return _by_id(self.components, component_id, "component")

    def zone(self, zone_id: str) -> Zone:
        """The zone with this id; KeyError if there is none."""
        return _by_id(self.zones, zone_id, "zone")

    def successors(self, component_id: str, trust: Trust = Trust.SURE) -> tuple[str, ...]:
        """Ids that an arrow leads to from this component, sorted, each once.

        An undirected one leads nowhere, or either way where it may be trusted.
        """
        return tuple(sorted(self._leads(trust)[component_id]))

    def _leads(self, trust: Trust) -> defaultdict[str, set[str]]:
        """Where one step leads from each component."""
        unsure = frozenset(self.guesses if trust is Trust.SURE else ())
        arrows = (*self.arrows, *(self.guesses if trust is Trust.POSSIBLE else ()))
        leads: defaultdict[str, set[str]] = defaultdict(set)
        for arrow in arrows:
            if arrow.directed and arrow not in unsure:
                leads[arrow.source].add(arrow.target)
            elif not arrow.directed and trust is not Trust.SURE:
                leads[arrow.source].add(arrow.target)
                leads[arrow.target].add(arrow.source)
        return leads

    def path(
        self,
        source: str,
        target: str,
        avoiding: frozenset[str] = frozenset(),
        trust: Trust = Trust.SURE,
    ) -> tuple[str, ...] | None:
        """The ids along a shortest way from `source` to `target`, both ends included, or None.

        A way has at least one arrow, so a component leads to itself only through a loop. Nothing
        in `avoiding` stands in between; the two ends are not asked. Of equally short ways the
        same one is always given.
        """
        leads = self._leads(trust)
        waiting: deque[tuple[str, ...]] = deque([(source,)])
        seen = {source}
        while waiting:
            way = waiting.popleft()
            for step in sorted(leads[way[-1]]):
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
