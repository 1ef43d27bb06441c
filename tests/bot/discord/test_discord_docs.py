"""docs/discord.md against the program: every command, no other, and what the links ask for."""

import re
from pathlib import Path

from command_reference import BEGIN, END, commands_of, reference
from conftest import Hall
from discord import AppCommandType

from bot.discord.permissions import NEEDED, PERMISSIONS
from bot.discord.views.help import COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
DISCORD = (ROOT / "docs/discord.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "docs/privacy.md")}


async def test_the_table_of_commands_is_the_program_s(hall: Hall) -> None:
    """Every command with its options as they are announced, and no other."""
    written = DISCORD[DISCORD.index(BEGIN) : DISCORD.index(END) + len(END)]
    made = reference(hall.bot.tree)

    assert written == made, f"put this into docs/discord.md:\n\n{made}"


async def test_commands_that_the_texts_name_exist(hall: Hall) -> None:
    """Whatever stands in backquotes behind a slash can be typed."""
    names = {command.qualified_name for command in hall.bot.tree.walk_commands()}
    for document in (DISCORD, *TEXTS.values()):
        for written in re.findall(r"`/([a-z]+(?: [a-z]+)?)(?: [a-z_]+:[^`]*)?`", document):
            terminal = written in {"board", "next", "end", "facts", "hint", "pause", "think"}
            assert written in names or terminal, written


async def test_names_of_commands_do_not_clash(hall: Hall) -> None:
    """Each name belongs to one command, also where cogs share a first word."""
    names = [command.qualified_name for command in hall.bot.tree.walk_commands()]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+( [a-z]+)?", name) for name in names)


async def test_every_option_says_what_it_is_for(hall: Hall) -> None:
    """Discord shows the sentences while one types; "…" would be none."""
    for command in commands_of(hall.bot.tree):
        sentences = [command.description, *(str(one.description) for one in command.parameters)]
        assert all(len(sentence) > 3 for sentence in sentences), command.qualified_name


async def test_the_help_sorts_every_command(hall: Hall) -> None:
    """No command is missing from the help for want of a place in it."""
    placed = {root for roots in COMMANDS.values() for root in roots}

    slash = hall.bot.tree.get_commands(type=AppCommandType.chat_input)
    assert placed == {command.name for command in slash}


def test_the_readme_names_the_permissions() -> None:
    """The integer of the invite link, and each permission by Discord's name."""
    assert str(PERMISSIONS) in README
    assert all(one.name in README for one in NEEDED)


def test_settings_that_the_texts_name_exist() -> None:
    """A setting that was renamed is renamed in the docs."""
    for document in (DISCORD, *TEXTS.values()):
        for name in re.findall(r"HOTSEAT_([A-Z_]+)", document):
            assert name.lower() in Settings.model_fields, name
