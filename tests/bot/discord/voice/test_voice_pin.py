"""What the voice client leans on in discord.py is there; a new version is looked at first."""

import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import davey
import discord
import pytest
from discord.gateway import DiscordVoiceWebSocket
from discord.player import AudioPlayer
from discord.state import ConnectionState
from discord.voice_state import ConnectionFlowState, SocketReader, VoiceConnectionState

ROOT = Path(__file__).resolve().parents[4]
PIN = "2.7.1"

CONNECTION_METHODS = {
    "_connect_websocket": ["self", "resume"],
    "_create_socket": ["self"],
    "_handshake_websocket": ["self"],
    "_inner_connect": ["self", "reconnect", "self_deaf", "self_mute", "resume"],
    "_inside_runner": ["self"],
    "_poll_voice_ws": ["self", "reconnect"],
    "_potential_reconnect": ["self"],
    "_update_voice_channel": ["self", "channel_id"],
    "_wait_for_state": ["self", "state", "other_states", "timeout"],
    "add_socket_listener": ["self", "callback"],
    "remove_socket_listener": ["self", "callback"],
    "disconnect": ["self", "force", "cleanup", "wait"],
    "soft_disconnect": ["self", "with_state"],
    "send_packet": ["self", "packet"],
    "voice_server_update": ["self", "data"],
    "voice_state_update": ["self", "data"],
}
CONNECTION_VALUES = (
    "_expecting_disconnect",
    "_runner",
    "_socket_reader",
    "dave_pending_transitions",
    "dave_protocol_version",
    "dave_session",
    "hook",
    "secret_key",
    "socket",
    "token",
)
STATES = (
    "disconnected",
    "got_voice_server_update",
    "got_both_voice_updates",
    "websocket_connected",
    "got_ip_discovery",
    "connected",
)
OPS = {"READY": 2, "SESSION_DESCRIPTION": 4, "SPEAKING": 5, "RESUMED": 9, "CLIENT_DISCONNECT": 13}


def test_the_pin_is_exact() -> None:
    """pyproject names one version of discord.py, which is the one that is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert f"discord.py=={PIN}" in project["optional-dependencies"]["discord"]
    assert version("discord.py") == PIN


@pytest.mark.parametrize(("name", "parameters"), CONNECTION_METHODS.items())
def test_the_connection_has_the_methods_leant_on(name: str, parameters: list[str]) -> None:
    """Those that are overridden or called, with the parameters they are given."""
    method = getattr(VoiceConnectionState, name)

    assert list(inspect.signature(method).parameters) == parameters


def test_the_connection_has_the_values_leant_on() -> None:
    """The constructor sets them."""
    source = inspect.getsource(VoiceConnectionState.__init__)

    assert [name for name in CONNECTION_VALUES if f"self.{name}" not in source] == []
    assert isinstance(VoiceConnectionState.can_encrypt, property)
    assert isinstance(VoiceConnectionState.self_voice_state, property)
    assert {state.name for state in ConnectionFlowState} >= set(STATES)


def test_the_reader_pauses_and_waits_for_its_socket() -> None:
    """The fault that is mended is still the library's: a thread that waits on an old socket."""
    assert callable(SocketReader.pause)
    assert "select.select([self.state.socket], [], [], 30)" in inspect.getsource(
        SocketReader._do_run
    )


def test_the_websocket_has_what_is_leant_on() -> None:
    """Its messages, its way in and out, and the numbers of its operations."""
    source = inspect.getsource(DiscordVoiceWebSocket)

    assert {name: getattr(DiscordVoiceWebSocket, name) for name in OPS} == OPS
    assert {"resume", "hook", "seq_ack"} <= set(
        inspect.signature(DiscordVoiceWebSocket.from_connection_state).parameters
    )
    for method in ("poll_event", "received_message", "close", "speak"):
        assert inspect.iscoroutinefunction(getattr(DiscordVoiceWebSocket, method))
    assert "await self._hook(self, msg)" in source
    assert "self.secret_key" in source


def test_the_client_has_what_is_leant_on() -> None:
    """Its hook for a connection, its player, and where it decides to encrypt."""
    client = discord.VoiceClient

    assert "self.create_connection_state()" in inspect.getsource(client.__init__)
    assert "self._connection.can_encrypt" in inspect.getsource(client._get_voice_packet)
    assert "self._player" in inspect.getsource(client.play)
    assert callable(client.checked_add)
    assert list(inspect.signature(client.send_audio_packet).parameters) == [
        "self",
        "data",
        "encode",
    ]


def test_the_library_can_be_told_of_a_voice_client() -> None:
    """It still forgets them with a session of the main gateway, and takes them back."""
    state = ConnectionState

    assert "self.clear(" in inspect.getsource(state.parse_ready)
    assert "self._voice_clients" in inspect.getsource(state.clear)
    assert list(inspect.signature(state._add_voice_client).parameters) == [
        "self",
        "guild_id",
        "voice",
    ]
    assert "self._connection" in inspect.getsource(discord.Client.__init__)


def test_the_player_asks_the_client_whether_it_may() -> None:
    """Each frame waits for `is_connected`, and a player that waited keeps its frame."""
    source = inspect.getsource(AudioPlayer._do_run)

    read = source.index("self.source.read()")
    asked = source.index("client.is_connected()")
    waited = source.index("client.wait_until_connected(client.timeout)")
    sent = source.index("play_audio(data, encode=not self.source.is_opus())")
    assert read < asked < waited < sent


def test_encryption_without_keys_is_an_error() -> None:
    """davey refuses to encrypt before a group exists; so nothing leaves in the clear."""
    session = davey.DaveSession(1, 1, 2)

    assert not session.ready
    with pytest.raises(ValueError, match="NotReady"):
        session.encrypt_opus(b"frame")
