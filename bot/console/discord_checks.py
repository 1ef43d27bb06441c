"""Whether this machine could run the Discord bot; Discord itself is asked on request only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

from bot.console.checks import Check, Outcome
from bot.doors import UsageError
from bot.settings import Settings

LIBRARIES = ("discord", "aiohttp", "matplotlib")

_HERE = ("localhost", "127.0.0.1", "::1")

_WHERE = "discord.com/developers/applications, Bot"


def discord_checks(settings: Settings, *, ask: bool) -> Iterator[Check]:
    """What there is of the Discord part; with `ask` also what Discord says about the token."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    yield _installed(missing, needed=ask or settings.discord_token is not None)
    yield _token(settings, needed=ask)
    if settings.discord_token is not None:
        yield _content_setting(settings)
        yield _page(settings)
    if ask and not missing and settings.discord_token is not None:
        yield from _account(settings)


def _installed(missing: list[str], *, needed: bool) -> Check:
    if not missing:
        return Check("Discord parts", Outcome.OK, "installed")
    says = f"{', '.join(missing)} not installed: `make bot` does it, or `uv sync --extra discord`"
    return Check("Discord parts", Outcome.PROBLEM if needed else Outcome.NOTE, says)


def _token(settings: Settings, *, needed: bool) -> Check:
    if settings.discord_token is not None:
        return Check("Discord token", Outcome.OK, "set; `hotseat doctor --discord` tries it")
    says = f"none: only the Discord bot needs one; set HOTSEAT_DISCORD_TOKEN ({_WHERE})"
    return Check("Discord token", Outcome.PROBLEM if needed else Outcome.NOTE, says)


def _content_setting(settings: Settings) -> Check:
    if settings.discord_message_content:
        says = f"read in threads too; has to be on for the application ({_WHERE})"
    else:
        says = "not read in threads: one answers by reply, mention or form; direct messages work"
    return Check("message content", Outcome.OK, says)


def _page(settings: Settings) -> Check:
    """Whether the Board button has somewhere to lead."""
    address, what = settings.web_address, "whiteboard page"
    if address is None:
        says = "not served on Discord, boards are drawn as text: HOTSEAT_WEB_ADDRESS turns it on"
        return Check(what, Outcome.OK, says)
    served = f"{address}, which has to lead to {settings.web_host}:{settings.web_port} here"
    if address.startswith("https:") or urlsplit(address).hostname in _HERE:
        return Check(what, Outcome.OK, served)
    return Check(what, Outcome.NOTE, f"{served}; not encrypted: put a proxy with HTTPS before it")


def _account(settings: Settings) -> Iterator[Check]:
    from bot.discord.account import look_up

    try:
        found = asyncio.run(look_up(settings))
    except UsageError as err:
        yield Check("Discord", Outcome.PROBLEM, str(err))
        return
    yield Check("Discord", Outcome.OK, f"logged in as {found.name}")
    yield _content_intent(settings, on=found.message_content)
    yield Check("add to a server", Outcome.OK, found.server_link)
    if found.user_install is False:
        says = "off: discord.com/developers/applications, Installation, User Install"
        yield Check("add to an account", Outcome.NOTE, says)
    else:
        yield Check("add to an account", Outcome.OK, found.user_link)


def _content_intent(settings: Settings, *, on: bool) -> Check:
    wanted, what = settings.discord_message_content, "message-content intent"
    if wanted and not on:
        says = f"off at Discord: switch it on ({_WHERE}), or unset HOTSEAT_DISCORD_MESSAGE_CONTENT"
        return Check(what, Outcome.PROBLEM, says)
    if on and not wanted:
        says = (
            "on at Discord and not used: set HOTSEAT_DISCORD_MESSAGE_CONTENT=true, or turn it off"
        )
        return Check(what, Outcome.NOTE, says)
    return Check(what, Outcome.OK, "on" if on else "off, and not asked for")
