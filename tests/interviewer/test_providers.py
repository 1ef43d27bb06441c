"""The profiles of servers: those that are shipped, and what a profile may hold."""

from typing import Any

import pytest
from pydantic import ValidationError

from interviewer.engines.providers import (
    ProviderError,
    SchemaVia,
    checked_key,
    known_providers,
    parse_providers,
    provider_named,
)
from scoring.language_model import Purpose

PROFILE: dict[str, Any] = {
    "base_url": "http://localhost:1",
    "schema_via": "prompt",
    "caching": False,
    "effort": False,
    "metered": False,
    "x_api_key": True,
    "notes": "None.",
    "source": "https://example.org",
}


@pytest.mark.parametrize(
    ("name", "via", "caching", "effort", "metered", "x_api_key"),
    [
        ("anthropic", SchemaVia.OUTPUT_CONFIG, True, True, True, False),
        ("vllm", SchemaVia.OUTPUT_CONFIG, False, True, False, True),
        ("llama.cpp", SchemaVia.FORCED_TOOL, False, False, False, True),
        ("ollama", SchemaVia.PROMPT, False, False, False, True),
    ],
)
def test_the_shipped_profiles(
    name: str,
    via: SchemaVia,
    caching: bool,
    effort: bool,
    metered: bool,
    x_api_key: bool,
) -> None:
    """What was read about each server, flag by flag."""
    found = provider_named(name)

    assert found.name == name
    assert found.schema_via is via
    assert (found.caching, found.effort) == (caching, effort)
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
        "HOTSEAT_PROVIDER: no provider is called 'claud'; "
        "known are anthropic, llama.cpp, ollama, vllm"
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
        {"count_tokens": True},
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


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8000",
        "http://LOCALHOST",
        "http://127.0.0.1:8788",
        "http://127.9.9.9",
        "http://[::1]:8000",
        "http://10.1.2.3",
        "http://172.31.0.1",
        "http://192.168.1.20:8000",
        "http://[fd00::1]",
        "https://proxy.example",
    ],
)
def test_a_key_goes_to_servers_nearby_and_through_encrypted_connections(address: str) -> None:
    """As it was set, but for the space around it."""
    assert checked_key(" key ", provider_named("vllm"), address) == "key"


@pytest.mark.parametrize(
    "address",
    [
        "http://proxy.example",
        "http://172.32.0.1",
        "http://8.8.8.8:8000",
        "http://0x7f000001",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "http://vllm:8000",
        "http://user@8.8.8.8",
        "http://[2001:db8::1]",
    ],
)
def test_no_key_goes_through_a_network_in_plain_text(address: str) -> None:
    """Not by a name either, whatever it stands for now; without a key there is none to lose."""
    with pytest.raises(ProviderError, match="unencrypted; write https://"):
        checked_key("key", provider_named("vllm"), address)
    assert checked_key("", provider_named("vllm"), address) == "none"


def test_the_key_of_other_servers_has_a_name_of_its_own() -> None:
    """The one that other programs share is Anthropic's."""
    names = {name: provider.key_setting for name, provider in known_providers().items()}

    assert names.pop("anthropic") == "ANTHROPIC_API_KEY"
    assert set(names.values()) == {"HOTSEAT_ANTHROPIC_API_KEY"}
