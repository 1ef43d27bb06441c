"""A channel as text, the way a person sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.discord_stub.components import (
    BUTTON,
    CONTAINER,
    FILE,
    GALLERY,
    LINK_STYLE,
    ROW,
    SECTION,
    SELECT,
    SEPARATOR,
    TEXT,
    THUMBNAIL,
)
from tests.discord_stub.forms import face, fields

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.messages import Message
    from tests.discord_stub.state import User

THINKING = "(thinking)"
ONLY_YOU = "(only you can see this)"

Component = dict[str, Any]


def visible(channel: Channel, user: User) -> list[Message]:
    """The messages on a person's screen, oldest first."""
    return [m for m in channel.messages.values() if m.only_for in (None, user)]


def draw_channel(channel: Channel, user: User) -> str:
    """The channel's name, then who wrote what, each message after its author's name."""
    title = f"@{channel.world.bot.display_name}" if channel.guild is None else f"#{channel.name}"
    lines = [title]
    for message in visible(channel, user):
        first, *rest = draw_message(message).split("\n")
        lines.append(f"{_author(message)}: {first}".rstrip())
        lines.extend(f"    {line}".rstrip() for line in rest)
    return "\n".join(lines)


def _author(message: Message) -> str:
    return f"{message.author.display_name}{' [APP]' if message.author.is_bot else ''}"


def draw_message(message: Message) -> str:
    """Everything in a message that can be seen, top to bottom."""
    lines = _above(message)
    if message.loading:
        lines.append(THINKING)
    if message.content:
        lines.append(message.content + (" (edited)" if message.edited_at else ""))
    for embed in message.embeds:
        lines.extend(f"| {line}" for line in _embed(embed))
    for component in message.components:
        lines.extend(_component(component))
    shown = {part["name"] for part in _files(message.components)}
    lines.extend(_file(a.name, a.size) for a in message.attachments if a.name not in shown)
    if message.reactions:
        lines.append(" ".join(f"{name} {len(who)}" for name, who in message.reactions.items()))
    if message.ephemeral:
        lines.append(ONLY_YOU)
    return "\n".join(lines)


def _above(message: Message) -> list[str]:
    if message.answers_command and message.interaction is not None:
        name = message.interaction.user.display_name
        return [f"> {name} used /{message.interaction.command_name}"]
    if message.reply_to is not None:
        return [f"> reply to {message.reply_to.author.display_name}"]
    return []


def _embed(embed: dict[str, Any]) -> list[str]:
    parts = [
        (embed.get("author") or {}).get("name"),
        embed.get("title"),
        embed.get("description"),
        *(f"{field['name']}: {field['value']}" for field in embed.get("fields", [])),
        f"[image {embed['image']['url']}]" if embed.get("image") else None,
        (embed.get("footer") or {}).get("text"),
    ]
    return [line for part in parts if part for line in str(part).split("\n")]


def _component(component: Component) -> list[str]:
    kind = component["type"]
    if kind == TEXT:
        return component["content"].split("\n")
    if kind == ROW:
        return [" ".join(_control(child) for child in component["components"])]
    if kind == CONTAINER:
        inside = (line for child in component["components"] for line in _component(child))
        return [f"| {line}".rstrip() for line in inside]
    if kind == SECTION:
        return _section(component)
    return [_still(component)]


def _still(component: Component) -> str:
    kind = component["type"]
    if kind == SEPARATOR:
        return "---" if component.get("divider", True) else ""
    if kind == GALLERY:
        names = [item.get("description") or _name(item["media"]) for item in component["items"]]
        return " ".join(f"[image {name}]" for name in names)
    if kind == THUMBNAIL:
        return f"[image {component.get('description') or _name(component['media'])}]"
    if kind == FILE:
        return _file(component.get("name") or _name(component["file"]), component.get("size", 0))
    return _control(component)


def _name(media: dict[str, Any]) -> str:
    return str(media["url"]).rsplit("/", 1)[-1]


def _section(section: Component) -> list[str]:
    lines = [line for child in section["components"] for line in _component(child)]
    accessory = section["accessory"]
    beside = _control(accessory) if accessory["type"] == BUTTON else _still(accessory)
    return [f"{lines[0]} {beside}", *lines[1:]]


def _control(component: Component) -> str:
    off = " off" if component.get("disabled") else ""
    if component["type"] == BUTTON:
        arrow = " ->" if component.get("style") == LINK_STYLE else ""
        return f"[{face(component)}{arrow}{off}]"
    options = component.get("options", [])
    chosen = [option["label"] for option in options if option.get("default")]
    title = ", ".join(chosen) or component.get("placeholder") or "Make a selection"
    labels = " | ".join(option["label"] for option in options)
    return f"<{title}{off}: {labels}>" if component["type"] == SELECT else f"<{title}{off}>"


def _file(name: str, size: int) -> str:
    return f"[file {name}, {size} bytes]"


def _files(components: Iterable[Component]) -> Iterable[Component]:
    for component in components:
        if component["type"] == FILE and "name" in component:
            yield component
        yield from _files(component.get("components", ()))


def draw_modal(modal: dict[str, Any]) -> str:
    """A form: its title, its texts, its fields with what they hold."""
    lines = [modal["title"]]
    lines.extend(part["content"] for part in modal["components"] if part["type"] == TEXT)
    for label, field in fields(modal):
        star = "*" if field.get("required", True) else ""
        lines.append(
            f"{label}{star}: {field.get('value') or field.get('placeholder') or ''}".rstrip()
        )
    return "\n".join(lines)
