"""Starting and stopping the bot: what is wrong is said with what to do about it."""

import asyncio
import os
import signal
import ssl
import sys
from pathlib import Path

import pytest
import trustme
from conftest import running_bot, settings_for

from bot.discord.serve import HOW_TO_SIGN_IN, NO_INTENT, SIGN_IN_REFUSED, serve
from bot.doors import UsageError
from bot.settings import Settings
from tests.discord_stub import DiscordStub
from tests.discord_stub.person import Person

STARTED_S = 30.0


async def test_no_token(tmp_path: Path) -> None:
    """Where to get one and where to put it."""
    with pytest.raises(UsageError, match="HOTSEAT_DISCORD_TOKEN") as refused:
        await serve(Settings(home=tmp_path))

    assert str(refused.value) == HOW_TO_SIGN_IN


async def test_a_wrong_token(stub: DiscordStub, tmp_path: Path) -> None:
    """Discord says no at once; it is not tried for ever."""
    settings = settings_for(stub, tmp_path, discord_token="nonsense")  # noqa: S106
    with pytest.raises(UsageError) as refused:
        await serve(settings)

    assert str(refused.value) == SIGN_IN_REFUSED
    assert "nonsense" not in str(refused.value)
    stub.take_violations()


async def test_an_intent_that_is_not_switched_on(stub: DiscordStub, tmp_path: Path) -> None:
    """Both ways out are named: the switch, and doing without."""
    with pytest.raises(UsageError) as refused:
        await serve(settings_for(stub, tmp_path, discord_message_content=True))

    assert str(refused.value) == NO_INTENT
    stub.take_violations()


async def test_no_network(tmp_path: Path) -> None:
    """What was tried, and what to check."""
    settings = Settings.model_validate(
        {"home": tmp_path, "discord_token": "x", "discord_api": "http://127.0.0.1:9/api/v10"}
    )
    with pytest.raises(UsageError, match="could not be reached"):
        await serve(settings)


async def test_a_certificate_of_ones_own(tmp_path: Path) -> None:
    """With the CA file the whole conversation is encrypted; without it nothing is trusted."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    async with DiscordStub(ssl_context=context) as stub:
        alice = stub.add_user("alice", installed=True)
        async with running_bot(settings_for(stub, tmp_path / "trusting", discord_ca=ca)):
            call = await alice.runs(alice.dm(), "/interview status")
            assert "/interview start" in call.text
        with pytest.raises(UsageError, match="could not be reached"):
            await serve(settings_for(stub, tmp_path / "doubting"))


async def test_a_ca_file_that_is_none(stub: DiscordStub, tmp_path: Path) -> None:
    """The setting and the file are named."""
    wrong = tmp_path / "ca.pem"
    wrong.write_text("no certificate")
    with pytest.raises(UsageError, match=r"HOTSEAT_DISCORD_CA: .*ca\.pem"):
        await serve(settings_for(stub, tmp_path, discord_ca=wrong))


async def test_sigterm_stops_it_gracefully(stub: DiscordStub, tmp_path: Path) -> None:
    """The turn in hand is finished, the status is 0, nothing personal is in the log."""
    alice = stub.add_user("alice", installed=True)
    process = await start_process(stub, tmp_path)
    words = "the customer is called Marlowe"
    dm = alice.dm()
    await play_a_turn(alice, words)
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()

    assert process.returncode == 0
    assert "Marlowe" not in log.decode()
    assert stub.token not in log.decode()
    assert "Traceback" not in log.decode()
    assert "Marlowe" in alice.screen(dm)


async def test_sigterm_with_the_page(stub: DiscordStub, tmp_path: Path) -> None:
    """The web server leaves the signal to the bot, and both leave in good order."""
    more = {"HOTSEAT_WEB_ADDRESS": "https://hotseat.example.org", "HOTSEAT_WEB_PORT": "0"}
    process = await start_process(stub, tmp_path, **more)
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()

    assert process.returncode == 0
    assert "https://hotseat.example.org" in log.decode()
    assert "Traceback" not in log.decode()
    assert "fault" not in log.decode()


async def start_process(stub: DiscordStub, home: Path, **more: str) -> asyncio.subprocess.Process:
    """The bot as its operator runs it; `more` are variables of its environment."""
    environment = os.environ | {
        "HOTSEAT_HOME": str(home),
        "HOTSEAT_DISCORD_TOKEN": stub.token,
        "HOTSEAT_DISCORD_API": stub.api_url,
        "HOTSEAT_DISCORD_GATEWAY": stub.gateway_url,
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "bot", env=environment, stderr=asyncio.subprocess.PIPE
    )
    await stub.synced(STARTED_S)
    await stub.connected(STARTED_S)
    return process


async def play_a_turn(person: Person, text: str) -> None:
    """Start an interview and say something."""
    dm = person.dm()
    await (await person.runs(dm, "/interview start")).finished(STARTED_S)
    await person.sees(dm, "Listening", within=STARTED_S)
    said = await person.says(dm, text)
    await person.sees(dm, r"\w", after=said, within=STARTED_S)
