"""Which servers speak the Messages API, and what each of them understands of it.

The profiles are data, in `providers.yaml`; each names where its facts were read.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field

from scoring.language_model import Purpose

ANTHROPIC = "anthropic"
"""The profile of Anthropic itself, whose key other programs on a machine may share."""

KEYLESS = "none"
"""What stands for the key of a server that wants none."""

_NEAR = tuple(
    ip_network(block)
    for block in (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
    )
)
"""This machine and private networks: where a key may travel without encryption."""


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
    says whether the server takes it, `metered` whether its tokens have a price, `x_api_key`
    whether the key is sent in that header too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    base_url: str = Field(pattern=r"^https?://")
    schema_via: SchemaVia
    caching: bool
    hour_blocks: Mapping[Purpose, int] = Field(default_factory=dict[Purpose, int])
    effort: bool
    metered: bool
    x_api_key: bool
    notes: str
    source: str = Field(pattern=r"^https://")

    @property
    def key_setting(self) -> str:
        """The setting that holds its key, for messages that ask to correct it."""
        return "ANTHROPIC_API_KEY" if self.name == ANTHROPIC else "HOTSEAT_ANTHROPIC_API_KEY"


def provider_named(name: str) -> Provider:
    """The profile of that name; `ProviderError` with the known ones if there is none."""
    known = known_providers()
    if name not in known:
        names = ", ".join(sorted(known))
        raise ProviderError(f"HOTSEAT_PROVIDER: no provider is called {name!r}; known are {names}")
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


def server_name(base_url: str) -> str:
    """Host and port of an address; `ProviderError` where it cannot be one."""
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError as err:
        raise ProviderError(f"{base_url!r} is no address of a server: {err}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ProviderError(f"{base_url!r} is no address of a server; write http(s)://host:port")
    return parts.hostname if port is None else f"{parts.hostname}:{port}"


def checked_key(api_key: str, provider: Provider, base_url: str) -> str:
    """The key that is sent to that address, `KEYLESS` where there is none.

    Raises `ProviderError` for a key that is missing, cannot be one, or would be sent through a
    network that is not private for everybody to read.
    """
    key = api_key.strip()
    if not key and provider.metered:
        raise ProviderError(f"{provider.name} wants a key; set {provider.key_setting}")
    if not (key.isascii() and key.isprintable()):
        raise ProviderError(
            f"the key holds characters that no key has; correct {provider.key_setting}"
        )
    parts = urlsplit(base_url)
    if key and parts.scheme == "http" and not _is_near(parts.hostname or ""):
        raise ProviderError(
            f"the key would be sent to {parts.hostname} unencrypted; write https://, or the "
            "private address of a server of your own (HOTSEAT_ANTHROPIC_BASE_URL)"
        )
    return key or KEYLESS


def _is_near(host: str) -> bool:
    """Whether the host is this machine or in a private network.

    No name but `localhost` counts: what a name stands for is for others to say.
    """
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in block for block in _NEAR)
