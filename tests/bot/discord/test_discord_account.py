"""`hotseat doctor --discord`, and the permissions that the invitation asks for."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from conftest import settings_for
from console_samples import screen_of

from bot.console.doctor import run_doctor
from bot.discord.account import look_up
from bot.discord.permissions import (
    NEEDED,
    PERMISSIONS,
    Use,
    missing_for,
    server_link,
    user_link,
)
from bot.doors import UsageError
from bot.settings import Settings
from tests.discord_stub import DiscordStub


@pytest.fixture(autouse=True)
def _without_lint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linting the built-in content takes seconds."""
    monkeypatch.setattr("bot.console.doctor.find_problems", lambda checked: ())


async def examine(settings: Settings, *, ask: bool = True) -> tuple[bool, str]:
    """The verdict and the report on one line."""
    screen = screen_of(400)
    healthy = await asyncio.to_thread(run_doctor, settings, screen.console, ask_discord=ask)
    return healthy, " ".join(screen.text().split())


async def test_a_good_token(stub: DiscordStub, tmp_path: Path) -> None:
    """Name and link are shown; the token is not."""
    healthy, report = await examine(settings_for(stub, tmp_path))

    assert healthy
    assert "logged in as Hotseat" in report
    assert server_link(stub.application_id) in report
    assert stub.token not in report


async def test_nothing_is_asked_without_the_option(stub: DiscordStub, tmp_path: Path) -> None:
    """A plain check goes nowhere."""
    healthy, report = await examine(settings_for(stub, tmp_path), ask=False)

    assert healthy
    assert "hotseat doctor --discord" in report
    assert stub.requests == []


async def test_a_wrong_token(stub: DiscordStub, tmp_path: Path) -> None:
    """It says where to get a right one."""
    healthy, report = await examine(settings_for(stub, tmp_path, discord_token="wrong"))  # noqa: S106

    assert not healthy
    assert "Discord does not know this token" in report
    stub.take_violations()


async def test_no_token(tmp_path: Path) -> None:
    """Asked for Discord, a missing token is a problem; otherwise a note."""
    healthy, report = await examine(Settings(home=tmp_path))
    assert not healthy
    assert "HOTSEAT_DISCORD_TOKEN" in report
    with pytest.raises(UsageError, match="no Discord token"):
        await look_up(Settings(home=tmp_path))

    assert (await examine(Settings(home=tmp_path), ask=False))[0]


async def test_no_network(tmp_path: Path) -> None:
    """What could not be reached is said, with what to check."""
    settings = Settings.model_validate(
        {"home": tmp_path, "discord_token": "x", "discord_api": "http://127.0.0.1:9/api/v10"}
    )

    healthy, report = await examine(settings)

    assert not healthy
    assert "Discord could not be reached" in report


async def test_an_intent_that_is_not_on(stub: DiscordStub, tmp_path: Path) -> None:
    """Wanted here and off there: the switch and the setting are named."""
    healthy, report = await examine(settings_for(stub, tmp_path, discord_message_content=True))

    assert not healthy
    assert "off at Discord: switch it on" in report


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (None, "not served on Discord"),
        ("https://hotseat.example.org", "has to lead to 127.0.0.1:8484"),
        ("http://hotseat.example.org", "not encrypted"),
        ("http://localhost:8484", "has to lead to 127.0.0.1:8484"),
    ],
)
async def test_the_page_s_address(tmp_path: Path, address: str | None, says: str) -> None:
    """Whether the page is served, at which address, and whether that is a safe one."""
    settings = Settings.model_validate(
        {"home": tmp_path, "discord_token": "x", "web_address": address}
    )

    _, report = await examine(settings, ask=False)

    assert says in report
    assert ("not encrypted" in report) is (says == "not encrypted")


def test_the_number_is_the_permissions() -> None:
    """The integer in the links holds what is needed, no more and no less."""
    assert sum(getattr(discord.Permissions, one.flag).flag for one in NEEDED) == PERMISSIONS


@pytest.mark.parametrize("use", Use)
def test_what_was_invited_is_enough(use: Use) -> None:
    """A server that grants what the link asks for is told of nothing that lacks."""
    assert missing_for(use, discord.Permissions(PERMISSIONS)) == ""


@pytest.mark.parametrize(
    ("use", "without", "named"),
    [
        (Use.INTERVIEW, "create_private_threads", "Create Private Threads"),
        (Use.CARD, "create_public_threads", "Create Public Threads"),
        (Use.INTERVIEW, "create_public_threads", ""),
        (Use.CARD, "attach_files", ""),
    ],
)
def test_what_lacks_is_named_where_it_is_needed(use: Use, without: str, named: str) -> None:
    """By Discord's own name, and only where the thing cannot be done without it."""
    granted = discord.Permissions(PERMISSIONS)
    granted.update(**{without: False})

    assert missing_for(use, granted) == named


def test_every_permission_that_lacks_is_named() -> None:
    """In one sentence, so that nobody has to ask twice."""
    named = missing_for(Use.CARD, discord.Permissions.none())

    assert named == "View Channel, Send Messages, Create Public Threads, Read Message History"


def test_the_links() -> None:
    """A server takes bot and commands; a person the commands only."""
    server, user = (parse_qs(urlsplit(link(42)).query) for link in (server_link, user_link))

    assert server["client_id"] == user["client_id"] == ["42"]
    assert server["scope"] == ["bot applications.commands"]
    assert server["permissions"] == [str(PERMISSIONS)]
    assert user["integration_type"] == ["1"]
    assert user["scope"] == ["applications.commands"]
