"""Buttons, menus and forms that still work after a restart.

What a control does stands in its custom id, `hs:action:target:argument`, so nothing need be
remembered about the message that it is on. A custom id comes from outside: whoever handles one
looks the target up and asks whether this person may.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import discord
from discord import ui

from bot.discord.errors import guarded
from bot.discord.limits import PRESSES, Limits
from bot.discord.people import owner_of

MAX_CUSTOM_ID = 96
"""Discord's limit on a custom id is 100; four are for `pick`, with which a menu's begins."""

MODAL_S = 15 * 60
"""How long the library remembers a form; ours are recognised by their id all the same."""

_TEMPLATE = re.compile(
    r"hs:(?P<action>[a-z_]+):(?P<target>[A-Za-z0-9_-]*)(?::(?P<argument>[^:]*))?"
)


class Control(NamedTuple):
    """What pressing it asks for, of what."""

    action: str
    target: str = ""
    argument: str = ""

    @property
    def custom_id(self) -> str:
        """The id that carries it; ValueError where it is longer than Discord takes."""
        found = f"hs:{self.action}:{self.target}"
        found += f":{self.argument}" if self.argument else ""
        if len(found) > MAX_CUSTOM_ID or _TEMPLATE.fullmatch(found) is None:
            raise ValueError(f"{found!r} is no custom id")
        return found

    @classmethod
    def parse(cls, custom_id: str) -> Control | None:
        """The control of a custom id, None if it is not one of ours."""
        match = _TEMPLATE.fullmatch(custom_id)
        return None if match is None else cls.of(match)

    @classmethod
    def of(cls, match: re.Match[str]) -> Control:
        """The control of a custom id that the template fits."""
        return cls(match["action"], match["target"], match["argument"] or "")


Press = Callable[[discord.Interaction[Any], Control], Awaitable[None]]
Pick = Callable[[discord.Interaction[Any], Control, Sequence[str]], Awaitable[None]]
Submit = Callable[[discord.Interaction[Any], Control, Mapping[str, str]], Awaitable[None]]


class Controls:
    """Which handler belongs to which action; too many uses in a short time are refused."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._presses: dict[str, Press] = {}
        self._picks: dict[str, Pick] = {}
        self._submits: dict[str, Submit] = {}

    def on_press(self, action: str, handler: Press) -> None:
        """Call `handler` when a button with this action is pressed."""
        _add(self._presses, action, handler)

    def on_pick(self, action: str, handler: Pick) -> None:
        """Call `handler` with the values that were picked in a menu with this action."""
        _add(self._picks, action, handler)

    def on_submit(self, action: str, handler: Submit) -> None:
        """Call `handler` with the fields of a form with this action."""
        _add(self._submits, action, handler)

    async def press(self, interaction: discord.Interaction[Any], control: Control) -> None:
        """Handle a press; KeyError for an action that nobody handles."""
        self._count(interaction)
        await self._presses[control.action](interaction, control)

    async def pick(
        self, interaction: discord.Interaction[Any], control: Control, values: Sequence[str]
    ) -> None:
        """Handle a choice; KeyError for an action that nobody handles."""
        self._count(interaction)
        await self._picks[control.action](interaction, control, values)

    async def submit(self, interaction: discord.Interaction[Any]) -> None:
        """Handle a form that was sent in, if it is one of ours."""
        data: Any = interaction.data or {}
        control = Control.parse(data.get("custom_id", ""))
        if control is not None and control.action in self._submits:
            self._count(interaction)
            fields = dict(_fields(data.get("components", ())))
            await self._submits[control.action](interaction, control, fields)

    def _count(self, interaction: discord.Interaction[Any]) -> None:
        self._limits.take(owner_of(interaction.user), PRESSES)


def _add(handlers: dict[str, Any], action: str, handler: object) -> None:
    if action in handlers:
        raise ValueError(f"two handlers for {action!r}")
    handlers[action] = handler


def _fields(components: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Custom id and value of every field, wherever it is nested; of a menu the chosen values."""
    for component in components:
        inner = component.get("components") or [component.get("component")]
        yield from _fields([one for one in inner if one])
        if "value" in component:
            yield component["custom_id"], component["value"] or ""
        elif "values" in component:
            yield component["custom_id"], ",".join(component["values"])


class ControlButton(ui.DynamicItem[ui.Button[Any]], template=_TEMPLATE):
    """A button with a control."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed, made anew from its id."""
        assert isinstance(item, ui.Button)  # noqa: S101 - the template is a button's
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand it to whoever handles the action."""
        control = Control.parse(self.custom_id)
        assert control is not None  # noqa: S101 - the template matched
        if interaction.client.is_new(interaction):
            await guarded(interaction, interaction.client.controls.press(interaction, control))


class ControlSelect(
    ui.DynamicItem[ui.Select[Any]], template=re.compile("pick" + _TEMPLATE.pattern)
):
    """A menu with a control."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The menu that was used, made anew from its id."""
        assert isinstance(item, ui.Select)  # noqa: S101 - the template is a menu's
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand it to whoever handles the action."""
        control = Control.parse(self.custom_id.removeprefix("pick"))
        assert control is not None  # noqa: S101 - the template matched
        values = self.item.values
        if interaction.client.is_new(interaction):
            picked = interaction.client.controls.pick(interaction, control, values)
            await guarded(interaction, picked)


def control_button(
    label: str,
    control: Control,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
    disabled: bool = False,
) -> ControlButton:
    """A button that asks for `control`."""
    return ControlButton(
        ui.Button(
            label=label, custom_id=control.custom_id, style=style, emoji=emoji, disabled=disabled
        )
    )


def control_select(
    control: Control,
    options: Sequence[discord.SelectOption],
    *,
    placeholder: str | None = None,
    max_values: int = 1,
) -> ControlSelect:
    """A menu that asks for `control` with what was picked."""
    return ControlSelect(
        ui.Select(
            custom_id="pick" + control.custom_id,
            options=list(options),
            placeholder=placeholder,
            max_values=max_values,
        )
    )


def control_modal(title: str, control: Control, items: Sequence[ui.Item[Any]]) -> ui.Modal:
    """A form; what is sent in goes to whoever handles `control`."""
    modal = ui.Modal(title=title[:45], custom_id=control.custom_id, timeout=MODAL_S)
    for item in items:
        modal.add_item(item)
    return modal


def text_field(
    label: str,
    custom_id: str,
    *,
    value: str = "",
    description: str | None = None,
    long: bool = True,
    required: bool = True,
    max_length: int = 4000,
) -> ui.Label[Any]:
    """A field for text in a form."""
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=custom_id,
        style=style,
        default=value or None,
        required=required,
        max_length=max_length,
    )
    return ui.Label(text=label[:45], description=description, component=field)
