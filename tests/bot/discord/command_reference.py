"""The table of commands in docs/discord.md, made from the commands as they are announced."""

from collections.abc import Iterator
from typing import Any

from discord import AppCommandOptionType, app_commands

BEGIN, END = "<!-- commands: made from the program -->", "<!-- end of commands -->"


def reference(tree: app_commands.CommandTree[Any]) -> str:
    """The commands in a table for each first word, with their options."""
    rows = ["| Command | Options | |", "|---|---|---|"]
    found = sorted(commands_of(tree), key=lambda command: command.qualified_name)
    rows += [
        f"| `/{one.qualified_name}` | {'<br>'.join(map(_option, one.parameters))} | "
        f"{one.description}{_only_on_servers(one)} |"
        for one in found
    ]
    return "\n".join([BEGIN, *rows, END])


def commands_of(tree: app_commands.CommandTree[Any]) -> Iterator[app_commands.Command]:
    """Every command that can be run, groups left out."""
    return (one for one in tree.walk_commands() if isinstance(one, app_commands.Command))


def _option(parameter: app_commands.Parameter) -> str:
    name = (
        f"**`{parameter.display_name}`**" if parameter.required else f"`{parameter.display_name}`"
    )
    return f"{name}: {parameter.description}{_values(parameter)}"


def _values(parameter: app_commands.Parameter) -> str:
    if parameter.choices:
        return f" ({', '.join(choice.name for choice in parameter.choices)})"
    if parameter.type is AppCommandOptionType.integer:
        return f" ({parameter.min_value:g} to {parameter.max_value:g})"
    return ""


def _only_on_servers(command: app_commands.Command) -> str:
    contexts = (command.root_parent or command).allowed_contexts
    return "" if contexts is None or contexts.dm_channel else " *On servers only.*"
