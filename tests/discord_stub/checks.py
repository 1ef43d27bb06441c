"""What a request may hold: messages, embeds, commands, autocompletion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.discord_stub.components import check_message_components, length_of
from tests.discord_stub.errors import (
    EMPTY_MESSAGE,
    FILE_TOO_LARGE,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    ApiError,
    Problems,
)
from tests.discord_stub.limits import LIMITS, NEEDS
from tests.discord_stub.permissions import Permission

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel

_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
CONTEXT_MENUS = (2, 3)
"""Command types whose names may hold spaces and capitals."""


def require(channel: Channel, doing: str) -> None:
    """Refuse unless the bot may do this here; `doing` is a row of `limits.NEEDS`."""
    held = channel.permissions_of(channel.world.bot.id)
    missing = [name for name in NEEDS[doing] if not held & Permission[name]]
    if not missing:
        return
    where = f"#{channel.name} ({channel.id})"
    if not held & Permission.VIEW_CHANNEL:
        raise ApiError(MISSING_ACCESS, violation=f"{doing} without access to {where}")
    raise ApiError(MISSING_PERMISSIONS, violation=f"{doing} without {missing} in {where}")


def check_files(files: dict[int, tuple[str, bytes]]) -> None:
    """Refuse too many and too large files."""
    most = LIMITS["attachment.bytes"].most
    for name, data in files.values():
        if len(data) > most:
            raise ApiError(FILE_TOO_LARGE, violation=f"{name} has {len(data)} bytes of {most}")
    total = sum(len(data) for _, data in files.values())
    if total > LIMITS["request.bytes"].most:
        raise ApiError(FILE_TOO_LARGE, violation=f"{total} bytes in one request")


def check_message(body: dict[str, Any], *, files: int, v2: bool) -> None:
    """Refuse a message, or an edit of one, that breaks a limit.

    Args:
        body: the request, which may leave out what it does not change.
        files: how many files the message will have.
        v2: whether the message is, or becomes, one of components alone.
    """
    problems = Problems()
    length_of(problems, ("content",), body.get("content"), "message.content")
    length_of(problems, ("nonce",), str(body.get("nonce") or ""), "message.nonce")
    length_of(problems, ("attachments",), range(files), "message.files")
    _check_embeds(problems, body.get("embeds") or [])
    check_message_components(problems, body.get("components") or [], v2=v2)
    if v2:
        for key in ("content", "embeds", "sticker_ids", "poll"):
            if body.get(key):
                text = "The 'content', 'embeds', 'stickers' and 'poll' fields cannot be used"
                problems.add((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
    _check_allowed_mentions(problems, body.get("allowed_mentions") or {})
    problems.raise_if_any()


def require_content(body: dict[str, Any], *, files: int) -> None:
    """Refuse a new message with nothing in it."""
    keys = ("content", "embeds", "components", "sticker_ids", "poll")
    if not files and not any(body.get(key) for key in keys):
        raise ApiError(EMPTY_MESSAGE, violation="a message with nothing in it")


def _check_embeds(problems: Problems, embeds: list[dict[str, Any]]) -> None:
    length_of(problems, ("embeds",), embeds, "message.embeds")
    total = 0
    for index, embed in enumerate(embeds):
        for path, text, limit in _embed_texts(embed):
            length_of(problems, ("embeds", index, *path), text, limit)
            total += len(text)
        length_of(problems, ("embeds", index, "fields"), embed.get("fields", []), "embed.fields")
    if total > LIMITS["embeds.characters"].most:
        text = f"Embed size exceeds maximum size of {LIMITS['embeds.characters'].most}"
        problems.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", text)


def _embed_texts(embed: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str, str]]:
    texts: list[tuple[tuple[str | int, ...], str, str]] = [
        (("title",), embed.get("title") or "", "embed.title"),
        (("description",), embed.get("description") or "", "embed.description"),
        (("footer", "text"), (embed.get("footer") or {}).get("text") or "", "embed.footer.text"),
        (("author", "name"), (embed.get("author") or {}).get("name") or "", "embed.author.name"),
    ]
    for index, field in enumerate(embed.get("fields", [])):
        texts.extend(
            (("fields", index, key), field.get(key) or "", f"embed.field.{key}")
            for key in ("name", "value")
        )
    return texts


def _check_allowed_mentions(problems: Problems, allowed: dict[str, Any]) -> None:
    for key in ("users", "roles"):
        named = allowed.get(key, [])
        length_of(problems, ("allowed_mentions", key), named, f"allowed_mentions.{key}")
        if named and key in allowed.get("parse", []):
            text = f"parse:[{key!r}] and {key}: [ids...] are mutually exclusive."
            problems.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Refuse a command list that breaks a limit or names one thing twice."""
    problems = Problems()
    length_of(problems, (), commands, "commands.global")
    names = [(command.get("type", 1), command.get("name")) for command in commands]
    if len(set(names)) < len(names):
        text = "Application command names must be unique"
        problems.add((), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
    for index, command in enumerate(commands):
        _check_command(problems, (index,), command)
        if _characters(command) > LIMITS["command.characters"].most:
            problems.add((index,), "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size")
    problems.raise_if_any()


def _check_command(
    problems: Problems, path: tuple[str | int, ...], command: dict[str, Any]
) -> None:
    name = command.get("name") or ""
    length_of(problems, (*path, "name"), name, "command.name")
    if len(path) == 1 and command.get("type", 1) in CONTEXT_MENUS:
        return
    if not _COMMAND_NAME.fullmatch(name) or name != name.lower():
        text = "Command name is invalid"
        problems.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", text)
    length_of(problems, (*path, "description"), command.get("description"), "command.description")
    _check_choices(problems, path, command)
    options = command.get("options") or []
    length_of(problems, (*path, "options"), options, "command.options")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        text = "Required options must be placed before non-required options"
        problems.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
    names = [option.get("name") for option in options]
    if len(set(names)) < len(names):
        text = "Option names must be unique"
        problems.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", text)
    for index, option in enumerate(options):
        _check_command(problems, (*path, "options", index), option)


def _check_choices(problems: Problems, path: tuple[str | int, ...], option: dict[str, Any]) -> None:
    choices = option.get("choices") or []
    length_of(problems, (*path, "choices"), choices, "command.choices")
    if choices and option.get("autocomplete"):
        text = "Options with choices cannot be autocompleted"
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", text)
    check_choices(problems, (*path, "choices"), choices)


def check_choices(
    problems: Problems, path: tuple[str | int, ...], choices: list[dict[str, Any]]
) -> None:
    """Note choices whose name or text value has the wrong length."""
    for index, choice in enumerate(choices):
        length_of(problems, (*path, index, "name"), choice.get("name"), "choice.name")
        if isinstance(choice.get("value"), str):
            length_of(problems, (*path, index, "value"), choice["value"], "choice.value")


def _characters(command: dict[str, Any]) -> int:
    own = len(command.get("name") or "") + len(command.get("description") or "")
    choices = command.get("choices") or []
    own += sum(len(choice["name"]) + len(str(choice["value"])) for choice in choices)
    return own + sum(map(_characters, command.get("options") or []))
