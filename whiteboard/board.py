"""The board as a graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
    """A directed connection between two component ids; the label may be empty."""

    source: str
    target: str
    label: str = ""


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
