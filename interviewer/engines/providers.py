"""Which servers speak the Messages API, and what each of them understands of it.

The profiles are data, in `providers.yaml`; each names where its facts were read.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from scoring.language_model import Purpose

KEY_SETTING = "ANTHROPIC_API_KEY"
"""The setting that holds the key of the server, for messages that ask to correct it."""


class ProviderError(Exception):
    """A server cannot be used as it is set up; the message says what to correct."""


class SchemaVia(StrEnum):
    """How a server is told the form of the answer, surest first."""

    OUTPUT_CONFIG = "output_config"
    FORCED_TOOL = "forced_tool"
    PROMPT = "prompt"


class Provider(BaseModel):
    """What a kind of server understands.

    `base_url` is where it listens if nothing else is set. `hour_blocks` says for each purpose how
    many of a prompt's first cached blocks are kept for an hour instead of five minutes. `effort`
    and `count_tokens` say whether the server takes them, `metered` whether its tokens have a
    price, `x_api_key` whether the key is sent in that header too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    base_url: str = Field(pattern=r"^https?://")
    schema_via: SchemaVia
    caching: bool
    hour_blocks: Mapping[Purpose, int] = Field(default_factory=dict[Purpose, int])
    count_tokens: bool
    effort: bool
    metered: bool
    x_api_key: bool
    notes: str
    source: str = Field(pattern=r"^https://")


def provider_named(name: str) -> Provider:
    """The profile of that name; `ProviderError` with the known ones if there is none."""
    known = known_providers()
    if name not in known:
        raise ProviderError(f"no provider is called {name!r}; known are {', '.join(sorted(known))}")
    return known[name]


@lru_cache(maxsize=1)
def known_providers() -> Mapping[str, Provider]:
    """Every profile by name."""
    text = files("interviewer.engines").joinpath("providers.yaml").read_text("utf-8")
    return parse_providers(yaml.safe_load(text))


def parse_providers(document: Mapping[str, Any]) -> Mapping[str, Provider]:
    """The profiles of a document in the form of `providers.yaml`."""
    profiles = document["providers"].items()
    return MappingProxyType({name: Provider(name=name, **profile) for name, profile in profiles})
