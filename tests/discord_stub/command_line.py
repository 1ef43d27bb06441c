"""What Discord's client does with a typed command: finds it, checks it, fills in its options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_stub.channels import DM, Channel
from tests.discord_stub.messages import attach
from tests.discord_stub.permissions import Permission

if TYPE_CHECKING:
    from tests.discord_stub.state import User, World

Command = dict[str, Any]
Option = dict[str, Any]

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER = 1, 2, 3, 4, 5, 6
CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 7, 8, 9, 10, 11

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3


@dataclass(slots=True)
class Typed:
    """A command that the client accepts.

    Attributes:
        data: the interaction's `data`, without options.
        options: what the last word of the command takes.
        owners: which install it runs under.
        path: kinds and names of the subcommands, outermost first.
    """

    data: dict[str, Any]
    options: list[Option]
    owners: dict[str, str]
    path: list[tuple[int, str]] = field(default_factory=list)

    def filled(self, values: list[dict[str, Any]]) -> dict[str, Any]:
        """The interaction's `data` with these option values."""
        for kind, name in reversed(self.path):
            values = [{"type": kind, "name": name, "options": values}]
        return self.data | ({"options": values} if values else {})


def offered(world: World, user: User, channel: Channel) -> Iterator[tuple[Command, dict[str, str]]]:
    """The commands that the client offers a user in a channel, and under which install."""
    guild = channel.guild
    if guild is not None and guild.has_bot:
        for command in world.commands.get(guild.id, []):
            yield command, {"0": str(guild.id)}
    context = 0 if guild is not None else 1 if channel.kind == DM else 2
    for command in world.commands.get(None, []):
        owners = _owners(world, user, channel, command)
        if context in command["contexts"] and owners:
            yield command, owners


def _owners(world: World, user: User, channel: Channel, command: Command) -> dict[str, str]:
    owners: dict[str, str] = {}
    guild, types = channel.guild, command["integration_types"]
    if guild is not None and guild.has_bot and 0 in types:
        owners["0"] = str(guild.id)
    elif channel.kind == DM and 0 in types:
        shared = any(g.has_bot and user.id in g.members for g in world.guilds.values())
        owners |= {"0": "0"} if shared else {}
    if user.has_installed_app and 1 in types:
        owners["1"] = str(user.id)
    return owners


def type_command(user: User, channel: Channel, line: str) -> Typed:
    """The command `line` names ("/interview start"); AssertionError where it is not offered."""
    words = line.removeprefix("/").split()
    world = channel.world
    found = [
        (command, owners)
        for command, owners in offered(world, user, channel)
        if command["type"] == SLASH and words[0] in _names(command, user)
    ]
    if not found:
        known = sorted({c["name"] for c, _ in offered(world, user, channel)})
        raise AssertionError(f"/{words[0]} is not offered in {channel.name}; offered: {known}")
    command, owners = found[0]
    _require_permission(user, channel, command)
    data = {"id": command["id"], "name": command["name"], "type": SLASH}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    typed = Typed(data, command.get("options") or [], owners)
    for word in words[1:]:
        _descend(typed, word, user, line)
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in typed.options):
        below = [option["name"] for option in typed.options]
        raise AssertionError(f"{line} is not a whole command; below it: {below}")
    return typed


def _names(named: dict[str, Any], user: User) -> set[str]:
    local = (named.get("name_localizations") or {}).get(user.locale)
    return {named["name"], local or named["name"]}


def _require_permission(user: User, channel: Channel, command: Command) -> None:
    needed = command.get("default_member_permissions")
    if needed is None or channel.guild is None:
        return
    held = int(channel.permissions_of(user.id))
    wanted = int(needed) or int(Permission.ADMINISTRATOR)
    if held & wanted != wanted:
        raise AssertionError(f"/{command['name']} is not shown to {user.name}: permissions")


def _descend(typed: Typed, word: str, user: User, line: str) -> None:
    for option in typed.options:
        if option["type"] in (SUBCOMMAND, GROUP) and word in _names(option, user):
            typed.path.append((option["type"], option["name"]))
            typed.options = option.get("options") or []
            return
    names = [option["name"] for option in typed.options]
    raise AssertionError(f"{line}: no {word!r} among {names}")


def fill_options(typed: Typed, channel: Channel, given: dict[str, Any]) -> dict[str, Any]:
    """The interaction's `data` for these options, by name, as the client lets them pass."""
    known = {option["name"]: option for option in typed.options}
    if unknown := given.keys() - known.keys():
        raise AssertionError(f"no such options: {sorted(unknown)}; known: {sorted(known)}")
    missing = [n for n, option in known.items() if option.get("required") and n not in given]
    if missing:
        raise AssertionError(f"required options are missing: {missing}")
    resolved: dict[str, Any] = {}
    values = [
        {
            "type": option["type"],
            "name": name,
            "value": option_value(option, given[name], channel, resolved),
        }
        for name, option in known.items()
        if name in given
    ]
    data = typed.filled(values)
    return data | ({"resolved": resolved} if resolved else {})


def option_value(option: Option, value: Any, channel: Channel, resolved: dict[str, Any]) -> Any:
    """The value as it is sent; AssertionError where the client would not let it be typed."""
    kind = option["type"]
    if option.get("choices"):
        return _chosen(option, value)
    if kind in (STRING, INTEGER, NUMBER, BOOLEAN):
        return _plain(option, value)
    if kind == ATTACHMENT:
        name, data = value
        file = attach(channel.world, channel, name, data)
        resolved.setdefault("attachments", {})[str(file.id)] = file.payload()
        return str(file.id)
    resolve(kind, value, channel, resolved)
    return str(value.id)


def _chosen(option: Option, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["name"], choice["value"]):
            return choice["value"]
    names = [choice["name"] for choice in option["choices"]]
    raise AssertionError(f"{option['name']}: {value!r} is none of {names}")


_TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    NUMBER: (int, float),
    BOOLEAN: (bool,),
}


def _plain(option: Option, value: Any) -> Any:
    kind, name = option["type"], option["name"]
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
        raise AssertionError(f"{name}: {value!r} is not of option type {kind}")
    if kind == BOOLEAN:
        return value
    size = len(value) if isinstance(value, str) else value
    least, most = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
    if size < option.get(least, size) or size > option.get(most, size):
        raise AssertionError(
            f"{name}: {value!r} is outside {option.get(least)}..{option.get(most)}"
        )
    return value


def resolve(kind: int, value: Any, channel: Channel, resolved: dict[str, Any]) -> None:
    """Put what an id stands for among the interaction's resolved things."""
    if isinstance(value, Channel):
        payload = value.payload() | {"permissions": str(int(value.permissions_of(0)))}
        resolved.setdefault("channels", {})[str(value.id)] = payload
        return
    user = channel.world.users.get(value.id)
    if kind in (ROLE, MENTIONABLE) and user is None:
        resolved.setdefault("roles", {})[str(value.id)] = value.payload()
        return
    if user is None:
        raise AssertionError(f"{value!r} is no user")
    resolved.setdefault("users", {})[str(user.id)] = user.payload()
    member = channel.guild.members.get(user.id) if channel.guild else None
    if member is not None:
        held = str(int(channel.permissions_of(user.id)))
        payload = member.payload(with_user=False) | {"permissions": held}
        resolved.setdefault("members", {})[str(user.id)] = payload


def focus_option(
    typed: Typed, channel: Channel, option: str, text: str, given: dict[str, Any]
) -> dict[str, Any]:
    """The `data` of an autocompletion: one option being typed, others filled in or not yet."""
    known = {entry["name"]: entry for entry in typed.options}
    if option not in known or not known[option].get("autocomplete"):
        raise AssertionError(f"{option!r} is not completed; options: {sorted(known)}")
    if unknown := given.keys() - known.keys():
        raise AssertionError(f"no such options: {sorted(unknown)}")
    values: list[dict[str, Any]] = [
        {"type": known[name]["type"], "name": name, "value": value} for name, value in given.items()
    ]
    kind = known[option]["type"]
    values.append({"type": kind, "name": option, "value": text, "focused": True})
    return typed.filled(values)


def menu_command(user: User, channel: Channel, kind: int, name: str) -> Typed:
    """An entry of the menu on a user or a message; AssertionError where there is none."""
    for command, owners in offered(channel.world, user, channel):
        if command["type"] == kind and name in _names(command, user):
            data = {"id": command["id"], "name": command["name"], "type": kind}
            return Typed(data, [], owners)
    raise AssertionError(f"no entry {name!r} in the menu")
