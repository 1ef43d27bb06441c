"""`/help`: everything a newcomer needs, true for the place where it is asked."""

import re

import pytest
from conftest import Hall

from bot.discord.views.help import Guide, help_view
from tests.discord_stub.person import Person

PAGES = 12


async def test_the_first_page_says_how_to_begin(hall: Hall, alice: Person) -> None:
    """Commands can be clicked, as their ids are known, and answering is explained."""
    shown = await (await alice.runs(alice.dm(), "/help")).finished()

    commands = {one["name"]: one["id"] for one in await hall.stub.synced()}
    assert f"</interview start:{commands['interview']}>" in shown.text
    assert "Just write your answers here." in shown.text


@pytest.mark.parametrize(("content", "says"), [(False, "reply.* to me"), (True, "in this thread")])
async def test_it_says_how_to_answer_on_this_server(
    hall: Hall, alice: Person, content: bool, says: str
) -> None:
    """With and without the message-content intent, whichever is on."""
    hall.stub.world.privileged = frozenset({"message_content"} if content else ())
    await hall.restart(discord_message_content=content)
    channel = hall.stub.add_guild("Study", members=[alice]).text_channel("general")

    await (await alice.runs(channel, "/help")).finished()

    await alice.sees(channel, says)


async def test_without_membership_it_says_what_is_not_possible(hall: Hall, alice: Person) -> None:
    """Where the bot is a guest an interview is one message, and the help says so."""
    guild = hall.stub.add_guild("Elsewhere", members=[alice]).without_bot()

    shown = await (await alice.runs(guild.text_channel("general"), "/help")).finished()

    assert "no member of this place" in shown.text


async def test_every_topic_opens_from_the_menu_after_a_restart(hall: Hall, alice: Person) -> None:
    """The menu draws the pages into the same message; the stages have a line each."""
    dm = alice.dm()
    shown = await (await alice.runs(dm, "/help")).finished()
    await hall.restart()

    await (await alice.picks(shown, "Show …", ["The six stages"])).finished()

    for stage in ("Scope", "Loop", "Models", "Evals", "Trust boundary", "Operations"):
        assert f"**{stage}**" in shown.text
    await (await alice.presses(shown, "Previous")).finished()
    assert "Employers differ" in shown.text


async def test_every_command_is_listed(hall: Hall, alice: Person) -> None:
    """The list is the tree itself."""
    guide = Guide(tuple(hall.bot.tree.walk_commands()), {}, "", 90)

    pages = "\n".join(_texts(help_view(guide, page)) for page in range(1, PAGES))

    for command in hall.bot.tree.walk_commands():
        if not hasattr(command, "commands"):
            assert f"`/{command.qualified_name}`" in pages


async def test_commands_that_the_help_names_exist(hall: Hall) -> None:
    """Each name in the texts is a command of the tree."""
    guide = Guide((), {}, "", 90)

    named = {
        name
        for page in range(1, PAGES)
        for name in re.findall(r"`/([a-z ]+)`", _texts(help_view(guide, page)))
    }

    assert named - {one.qualified_name for one in hall.bot.tree.walk_commands()} == set()
    assert len(named) > 10


def _texts(view) -> str:
    return "\n".join(getattr(item, "content", "") for item in view.walk_children())
