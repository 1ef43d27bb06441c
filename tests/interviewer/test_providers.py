"""The profiles of servers: those that are shipped, and what a profile may hold."""

from typing import Any

import pytest
from pydantic import ValidationError

from interviewer.engines.providers import (
    ProviderError,
    SchemaVia,
    known_providers,
    parse_providers,
    provider_named,
)
from scoring.language_model import Purpose

PROFILE: dict[str, Any] = {
    "base_url": "http://localhost:1",
    "schema_via": "prompt",
    "caching": False,
    "count_tokens": False,
    "effort": False,
    "metered": False,
    "x_api_key": True,
    "notes": "None.",
    "source": "https://example.org",
}


@pytest.mark.parametrize(
    ("name", "via", "caching", "counts", "effort", "metered", "x_api_key"),
    [
        ("anthropic", SchemaVia.OUTPUT_CONFIG, True, True, True, True, False),
        ("vllm", SchemaVia.OUTPUT_CONFIG, False, True, True, False, True),
        ("llama.cpp", SchemaVia.FORCED_TOOL, False, True, False, False, True),
        ("ollama", SchemaVia.PROMPT, False, False, False, False, True),
    ],
)
def test_the_shipped_profiles(
    name: str,
    via: SchemaVia,
    caching: bool,
    counts: bool,
    effort: bool,
    metered: bool,
    x_api_key: bool,
) -> None:
    """What was read about each server, flag by flag."""
    found = provider_named(name)

    assert found.name == name
    assert found.schema_via is via
    assert (found.caching, found.count_tokens, found.effort) == (caching, counts, effort)
    assert (found.metered, found.x_api_key) == (metered, x_api_key)
    assert found.notes


def test_only_anthropic_has_a_price_and_a_name_on_the_internet() -> None:
    """The others listen on this machine unless an address is set."""
    for name, found in known_providers().items():
        assert found.metered is (name == "anthropic")
        assert found.base_url.startswith("http://localhost:") is (name != "anthropic")


def test_rules_are_kept_for_an_hour_and_rounds_of_interviews_too() -> None:
    """The choice that the file gives its reasons for."""
    assert provider_named("anthropic").hour_blocks == {Purpose.INTERVIEW: 2, Purpose.JUDGE: 1}


def test_an_unknown_provider_is_told_the_known_ones() -> None:
    """The message lists them in order."""
    with pytest.raises(ProviderError) as raised:
        provider_named("claud")

    assert str(raised.value) == (
        "no provider is called 'claud'; known are anthropic, llama.cpp, ollama, vllm"
    )


def test_a_profile_cannot_change() -> None:
    """Whoever holds one may rely on it."""
    with pytest.raises(ValidationError):
        provider_named("vllm").caching = True


@pytest.mark.parametrize(
    "change",
    [
        {"schema_via": "telepathy"},
        {"base_url": "localhost:1"},
        {"source": "somebody said"},
        {"hour_blocks": {"small talk": 1}},
        {"temperature": 0},
        {"caching": None},
    ],
)
def test_a_profile_is_checked(change: dict[str, Any]) -> None:
    """Unknown keys, unknown words and missing sources are refused."""
    with pytest.raises(ValidationError):
        parse_providers({"providers": {"mine": PROFILE | change}})


def test_a_profile_of_ones_own() -> None:
    """The name comes from its key."""
    assert parse_providers({"providers": {"mine": PROFILE}})["mine"].name == "mine"
