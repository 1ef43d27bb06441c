"""The guards in conftest.py guard."""

import os
import socket
from pathlib import Path

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_another_machine_is_refused(host: str) -> None:
    """A connection that leaves the machine fails loudly, by address and by name."""
    with pytest.raises(AssertionError, match="do not leave this machine"):
        socket.create_connection((host, 80), timeout=0.1)


def test_a_socket_of_its_own_is_refused() -> None:
    """The guard stands in the socket too, where no name is looked up."""
    with (
        socket.socket() as sock,
        pytest.raises(AssertionError, match=r"do not leave this machine: 192\.0\.2\.1"),
    ):
        sock.connect(("192.0.2.1", 80))


def test_this_machine_is_reachable() -> None:
    """Loopback servers work, so the web edge can be tested."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_home_is_a_temporary_folder(tmp_path: Path) -> None:
    """Nothing a test writes to its home survives it."""
    assert Path(os.environ["HOTSEAT_HOME"]).is_relative_to(tmp_path)
    assert Path.home().is_relative_to(tmp_path)


def test_the_default_category_is_unit(request: pytest.FixtureRequest) -> None:
    """A test that names no category can be selected with `-m unit`."""
    assert request.node.get_closest_marker("unit") is not None
