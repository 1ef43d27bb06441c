"""What a person uses on a message or in a form: buttons, menus, fields; the client's checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.discord_stub.channels import Channel
from tests.discord_stub.command_line import MENTIONABLE, ROLE, USER, resolve
from tests.discord_stub.components import (
    BUTTON,
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOXES,
    INPUT,
    LABEL,
    LINK_STYLE,
    RADIO,
    ROLE_SELECT,
    SELECT,
    SELECTS,
    TEXT,
    UPLOAD,
    USER_SELECT,
    walk,
)
from tests.discord_stub.messages import attach

if TYPE_CHECKING:
    from tests.discord_stub.messages import Message

Component = dict[str, Any]


def face(button: Component) -> str:
    """What a button shows: its emoji and its label."""
    emoji = (button.get("emoji") or {}).get("name") or ""
    return f"{emoji} {button.get('label') or ''}".strip()


def find_button(message: Message, wanted: str) -> Component | None:
    """The button with this label, emoji, both, or custom id."""
    for _, button in walk(message.components):
        if button["type"] == BUTTON:
            emoji = (button.get("emoji") or {}).get("name")
            names = (button.get("label"), emoji, face(button), button.get("custom_id"))
            if wanted in names:
                return button
    return None


def find_menu(message: Message, wanted: str) -> Component | None:
    """The select menu with this placeholder or custom id."""
    for _, menu in walk(message.components):
        if menu["type"] in SELECTS and wanted in (menu.get("placeholder"), menu.get("custom_id")):
            return menu
    return None


def require_pressable(button: Component) -> None:
    """AssertionError for a button that does nothing, or nothing that a bot hears of."""
    if button.get("disabled"):
        raise AssertionError(f"the button {face(button)!r} is disabled")
    if button.get("style") == LINK_STYLE:
        raise AssertionError(f"the button {face(button)!r} is a link to {button.get('url')}")


def pick(menu: Component, chosen: list[Any], channel: Channel) -> dict[str, Any]:
    """The `values`, and what they stand for, of choices in a menu.

    Args:
        chosen: labels or values; people, roles or channels in the menus of those.
    """
    if menu.get("disabled"):
        raise AssertionError(f"the menu {menu.get('custom_id')!r} is disabled")
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    if not least <= len(chosen) <= most:
        raise AssertionError(f"{len(chosen)} chosen; the menu takes {least} to {most}")
    if menu["type"] == SELECT:
        return {"values": [_option(menu, choice) for choice in chosen]}
    resolved: dict[str, Any] = {}
    kind = {USER_SELECT: USER, ROLE_SELECT: ROLE, CHANNEL_SELECT: 7}.get(menu["type"], MENTIONABLE)
    for choice in chosen:
        resolve(kind, choice, channel, resolved)
    return {"values": [str(choice.id) for choice in chosen], "resolved": resolved}


def _option(component: Component, wanted: Any) -> str:
    for option in component.get("options", []):
        if wanted in (option["label"], option["value"]):
            return option["value"]
    labels = [option["label"] for option in component.get("options", [])]
    raise AssertionError(f"{wanted!r} is none of {labels}")


def fields(modal: dict[str, Any]) -> Iterator[tuple[str, Component]]:
    """The fields of a form with their labels."""
    for component in modal["components"]:
        if component["type"] == LABEL:
            yield component["label"], component["component"]
        for inner in component.get("components", []):
            if inner["type"] == INPUT:
                yield inner.get("label") or "", inner


def fill(modal: dict[str, Any], given: dict[str, Any], channel: Channel) -> dict[str, Any]:
    """The `data` of a form sent with these answers, by label or custom id.

    Fields that are not named keep what they hold. AssertionError for an answer that the client
    does not let be sent.
    """
    names = {name for label, field in fields(modal) for name in (label, field["custom_id"])}
    if unknown := given.keys() - names:
        raise AssertionError(f"no such fields: {sorted(unknown)}; fields: {sorted(names)}")
    resolved: dict[str, Any] = {}
    sent: list[Component] = []
    for component in modal["components"]:
        shell: Component = {"type": component["type"], "id": component["id"]}
        if component["type"] == TEXT:
            sent.append(shell)
        elif component["type"] == LABEL:
            answer = _answer(component["label"], component["component"], given, channel, resolved)
            sent.append(shell | {"component": answer})
        else:
            inner = component["components"]
            answers = [_answer(f.get("label", ""), f, given, channel, resolved) for f in inner]
            sent.append(shell | {"components": answers})
    data: dict[str, Any] = {"custom_id": modal["custom_id"], "components": sent}
    return data | ({"resolved": resolved} if resolved else {})


def _answer(
    label: str,
    field: Component,
    given: dict[str, Any],
    channel: Channel,
    resolved: dict[str, Any],
) -> Component:
    answer: Component = {
        "type": field["type"],
        "id": field["id"],
        "custom_id": field["custom_id"],
    }
    value = given.get(label, given.get(field["custom_id"]))
    kind = field["type"]
    if kind == INPUT:
        answer["value"] = _text(label, field, value)
    elif kind == CHECKBOX:
        answer["value"] = bool(field.get("default") if value is None else value)
    elif kind == RADIO:
        answer["value"] = _radio(label, field, value)
    elif kind == UPLOAD:
        answer["values"] = _upload(label, field, value or [], channel, resolved)
    else:
        chosen = _chosen(field, value)
        if not chosen and not field.get("required", True):
            answer["values"] = []
        else:
            picked = pick(_with_bounds(field), chosen, channel)
            answer["values"] = picked["values"]
            for key, entries in picked.get("resolved", {}).items():
                resolved.setdefault(key, {}).update(entries)
    return answer


def _text(label: str, field: Component, value: Any) -> str:
    text = field.get("value") or "" if value is None else str(value)
    if not text and field.get("required", True):
        raise AssertionError(f"the field {label!r} is required")
    least, most = field.get("min_length", 0), field.get("max_length", 4000)
    if text and not least <= len(text) <= most:
        raise AssertionError(f"the field {label!r} takes {least} to {most} characters")
    return text


def _radio(label: str, field: Component, value: Any) -> str | None:
    if value is not None:
        return _option(field, value)
    preset = [option["value"] for option in field["options"] if option.get("default")]
    if not preset and field.get("required", True):
        raise AssertionError(f"the field {label!r} is required")
    return preset[0] if preset else None


def _upload(
    label: str,
    field: Component,
    files: list[tuple[str, bytes]],
    channel: Channel,
    resolved: dict[str, Any],
) -> list[str]:
    least = field.get("min_values", 1) if field.get("required", True) else 0
    if not least <= len(files) <= field.get("max_values", 1):
        raise AssertionError(f"{len(files)} files do not fit the field {label!r}")
    kept = [attach(channel.world, channel, name, data) for name, data in files]
    for file in kept:
        resolved.setdefault("attachments", {})[str(file.id)] = file.payload()
    return [str(file.id) for file in kept]


def _chosen(field: Component, value: Any) -> list[Any]:
    if value is None:
        return [option["value"] for option in field.get("options", []) if option.get("default")]
    return list(value) if isinstance(value, list | tuple) else [value]


def _with_bounds(field: Component) -> Component:
    """A checkbox group takes up to all of its options; then it is a menu like others."""
    if field["type"] != CHECKBOXES:
        return field
    bounds = {"min_values": 1, "max_values": len(field["options"])}
    return bounds | field | {"type": SELECT}
