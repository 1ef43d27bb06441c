"""What holds for every test: a home of its own, no network, one category each."""

import ipaddress
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

CATEGORIES = ("unit", "audio", "live", "soak")

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("soak", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("ci")


class NetworkRefusedError(AssertionError):
    """A test tried to leave this machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test without a category is a unit test."""
    for item in items:
        if not any(item.get_closest_marker(name) for name in CATEGORIES):
            item.add_marker(pytest.mark.unit)


@pytest.fixture(autouse=True)
def _own_home(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings, keys and data of the person running the tests are out of reach."""
    if request.node.get_closest_marker("live"):
        return
    for name in list(os.environ):
        if name.startswith(("HOTSEAT_", "ANTHROPIC_", "XDG_")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("HOTSEAT_HOME", str(home / "hotseat"))


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to other machines, and the look-up of their names, fail at once."""
    if request.node.get_closest_marker("live"):
        return
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _only_local(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def look_up_locally(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        _refuse_unless_local(host)
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_locally)


def _only_local(connect: Callable[[socket.socket, Any], Any]) -> Callable[..., Any]:
    def guarded(sock: socket.socket, address: Any) -> Any:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_local(address[0])
        return connect(sock, address)

    return guarded


def _refuse_unless_local(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        local = ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkRefusedError(f"tests do not leave this machine: {name}")
