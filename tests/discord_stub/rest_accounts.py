"""Routes of users, the application, its commands, guilds and the gateway's address."""

from __future__ import annotations

from typing import Any

from tests.discord_stub import errors
from tests.discord_stub.checks import check_commands
from tests.discord_stub.errors import ApiError, Problems
from tests.discord_stub.gateway import application_flags
from tests.discord_stub.rest import Ask, Handler
from tests.discord_stub.state import Guild, User


def get_me(ask: Ask) -> dict[str, Any]:
    """Get Current User."""
    return ask.world.bot.payload() | {"verified": True, "mfa_enabled": False}


def get_user(ask: Ask) -> dict[str, Any]:
    """Get User."""
    return _user(ask, ask.id("user")).payload()


def _user(ask: Ask, user_id: int) -> User:
    if (user := ask.world.users.get(user_id)) is None:
        raise ApiError(errors.UNKNOWN_USER)
    return user


def post_dm(ask: Ask) -> dict[str, Any]:
    """Create DM; the channel that is there already, if there is one."""
    user = _user(ask, int(ask.body["recipient_id"]))
    if user.is_bot:
        raise ApiError(errors.CANNOT_DM, violation="a direct message to a bot")
    return ask.world.dm_with(user).payload()


def get_application(ask: Ask) -> dict[str, Any]:
    """Get Current Application."""
    world = ask.world
    owner = next((user for user in world.users.values() if not user.is_bot), world.bot)
    return {
        "id": str(world.application_id),
        "name": world.bot.display_name,
        "icon": None,
        "description": "",
        "summary": "",
        "verify_key": "0" * 64,
        "bot_public": True,
        "bot_require_code_grant": False,
        "flags": application_flags(world),
        "owner": owner.payload(),
        "team": None,
        "bot": world.bot.payload(),
        "integration_types_config": {"0": {}, "1": {}},
    }


def put_commands(ask: Ask) -> list[dict[str, Any]]:
    """Bulk Overwrite Commands, of the application or of one guild."""
    scope = _scope(ask)
    check_commands(ask.body)
    known = {(c.get("type", 1), c["name"]): c["id"] for c in ask.world.commands.get(scope, [])}
    commands = [
        _command(ask, scope, body, known.get((body.get("type", 1), body["name"])))
        for body in ask.body
    ]
    ask.world.commands[scope] = commands
    ask.world.changes.notify(ask.world.application_id)
    return commands


def get_commands(ask: Ask) -> list[dict[str, Any]]:
    """Get Commands, of the application or of one guild."""
    return ask.world.commands.get(_scope(ask), [])


def get_command(ask: Ask) -> dict[str, Any]:
    """Get Command."""
    for command in get_commands(ask):
        if command["id"] == ask.ids["command"]:
            return command
    raise ApiError(errors.UNKNOWN_COMMAND)


def delete_command(ask: Ask) -> None:
    """Delete Command."""
    ask.world.commands[_scope(ask)].remove(get_command(ask))


def _command(
    ask: Ask, scope: int | None, body: dict[str, Any], command_id: str | None
) -> dict[str, Any]:
    world = ask.world
    command: dict[str, Any] = {
        "type": 1,
        "description": "",
        "nsfw": False,
        "default_member_permissions": None,
        **body,
        "id": command_id or str(world.next_id()),
        "application_id": str(world.application_id),
        "version": str(world.next_id()),
    }
    if scope is not None:
        return command | {"guild_id": str(scope)}
    # Discord fills these in from the application's settings; both installs are switched on here.
    command["integration_types"] = body.get("integration_types") or [0]
    if body.get("contexts") is None:
        command["contexts"] = [0] if body.get("dm_permission") is False else [0, 1, 2]
    return command


def _scope(ask: Ask) -> int | None:
    if ask.id("application") != ask.world.application_id:
        raise ApiError((403, 20012, "You are not authorized to perform this action"))
    return find_guild(ask).id if "guild" in ask.ids else None


def find_guild(ask: Ask) -> Guild:
    """The guild of the path, of which the bot has to be a member."""
    guild = ask.world.guilds.get(ask.id("guild"))
    if guild is None:
        raise ApiError(errors.UNKNOWN_GUILD)
    if not guild.has_bot:
        raise ApiError(errors.MISSING_ACCESS, violation=f"the bot is no member of {guild.name}")
    return guild


def get_guild(ask: Ask) -> dict[str, Any]:
    """Get Guild."""
    return find_guild(ask).settings()


def get_guild_channels(ask: Ask) -> list[dict[str, Any]]:
    """Get Guild Channels: no threads."""
    return [c.payload() for c in find_guild(ask).channels.values() if not c.is_thread]


def get_roles(ask: Ask) -> list[dict[str, Any]]:
    """Get Guild Roles."""
    return [role.payload() for role in find_guild(ask).roles.values()]


def get_member(ask: Ask) -> dict[str, Any]:
    """Get Guild Member."""
    member = find_guild(ask).members.get(ask.id("user"))
    if member is None:
        raise ApiError(errors.UNKNOWN_MEMBER)
    return member.payload()


def get_members(ask: Ask) -> list[dict[str, Any]]:
    """List Guild Members, which the members intent guards."""
    if "members" not in ask.world.privileged:
        raise ApiError(errors.MISSING_ACCESS, violation="list of members without the intent")
    after = int(ask.query.get("after", 0))
    found = [m for m in find_guild(ask).members.values() if m.user.id > after]
    return [m.payload() for m in sorted(found, key=lambda m: m.user.id)][
        : int(ask.query.get("limit", 1))
    ]


def get_active_threads(ask: Ask) -> dict[str, Any]:
    """List Active Guild Threads."""
    bot = ask.world.bot.id
    threads = [
        channel
        for channel in find_guild(ask).channels.values()
        if channel.is_thread and channel.bot_sees() and not channel.archived
    ]
    return {
        "threads": [thread.payload() for thread in threads],
        "members": [thread.thread_member(bot) for thread in threads if bot in thread.joined],
    }


def get_my_guilds(ask: Ask) -> list[dict[str, Any]]:
    """Get Current User Guilds."""
    after = int(ask.query.get("after", 0))
    return [
        {"id": str(guild.id), "name": guild.name, "icon": None, "owner": False, "features": []}
        | {"permissions": str(int(guild.base_permissions(ask.world.bot.id)))}
        for guild in ask.world.guilds.values()
        if guild.has_bot and guild.id > after
    ]


def leave_guild(ask: Ask) -> None:
    """Leave Guild."""
    find_guild(ask).remove_bot()


def patch_me(ask: Ask) -> dict[str, Any]:
    """Modify Current User: the name."""
    problems = Problems()
    name = (ask.body or {}).get("username", ask.world.bot.name)
    if not 2 <= len(name) <= 32:
        problems.add(("username",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 32 in length.")
    problems.raise_if_any()
    ask.world.bot.name = name
    return get_me(ask)


def get_gateway(ask: Ask) -> dict[str, Any]:
    """Get Gateway."""
    return {"url": ask.stub.gateway_url}


def get_gateway_bot(ask: Ask) -> dict[str, Any]:
    """Get Gateway Bot."""
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": ask.stub.gateway_url, "shards": 1, "session_start_limit": limit}


_COMMANDS = "/applications/{application}/commands"
_GUILD_COMMANDS = "/applications/{application}/guilds/{guild}/commands"

ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/users/@me", get_me),
    ("PATCH", "/users/@me", patch_me),
    ("GET", "/users/@me/guilds", get_my_guilds),
    ("DELETE", "/users/@me/guilds/{guild}", leave_guild),
    ("POST", "/users/@me/channels", post_dm),
    ("GET", "/users/{user}", get_user),
    ("GET", "/oauth2/applications/@me", get_application),
    ("GET", "/applications/@me", get_application),
    *(
        route
        for base in (_COMMANDS, _GUILD_COMMANDS)
        for route in (
            ("PUT", base, put_commands),
            ("GET", base, get_commands),
            ("GET", f"{base}/{{command}}", get_command),
            ("DELETE", f"{base}/{{command}}", delete_command),
        )
    ),
    ("GET", "/guilds/{guild}", get_guild),
    ("GET", "/guilds/{guild}/channels", get_guild_channels),
    ("GET", "/guilds/{guild}/roles", get_roles),
    ("GET", "/guilds/{guild}/members", get_members),
    ("GET", "/guilds/{guild}/members/{user}", get_member),
    ("GET", "/guilds/{guild}/threads/active", get_active_threads),
    ("GET", "/gateway", get_gateway),
    ("GET", "/gateway/bot", get_gateway_bot),
]
