"""The unmodified library logs in, syncs, and talks with people on the stand-in."""

import discord
import pytest
from discord_stub_samples import SampleBot, running

from tests.discord_stub import DiscordStub


async def test_a_command_with_options_is_answered() -> None:
    """Login, sync, slash command with a choice and an option, and its message on the screen."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        guild = stub.add_guild("Study group", members=[alice])
        general = guild.text_channel("general")
        async with running(stub):
            call = await alice.runs(general, "/interview start", round="System design")

            assert call.message.content == "design on any"
            assert not call.ephemeral
            screen = alice.screen(general)
            assert "> alice used /interview start" in screen
            assert "[Hint] [Form] [Late]" in screen


async def test_a_press_edits_the_message_and_a_form_answers_in_private() -> None:
    """A DynamicItem reacts to a press; a modal opens, is filled in, and answers one person."""
    async with DiscordStub() as stub:
        alice, bob = stub.add_user("alice"), stub.add_user("bob")
        guild = stub.add_guild("Study group", members=[alice, bob])
        general = guild.text_channel("general")
        async with running(stub):
            await alice.runs(general, "/interview start", round="drill")
            opened = await alice.presses(general, "Form")
            sent = await alice.fills(opened, {"Why": "it scales"})
            for answers, refusal in [
                ({}, "'Why' is required"),
                ({"Why": "x" * 21}, "0 to 20 characters"),
                ({"Why": "x", "Other": "y"}, "no such fields"),
            ]:
                with pytest.raises(AssertionError, match=refusal):
                    await alice.fills(opened, answers)
            pressed = await bob.presses(general, "Hint")

            assert opened.modal is not None
            assert opened.modal.text == "Self rating\nWhy*:\nMore:"
            assert sent.ephemeral
            assert "because it scales" in alice.screen(general)
            assert "because it scales" not in bob.screen(general)
            assert pressed.message.content == "pressed hint"


async def test_a_deferred_answer_fills_in() -> None:
    """After a deferral the first followup takes the place of "thinking", ephemeral or not."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        async with running(stub):
            guild = stub.add_guild("Study group", members=[alice])
            general = guild.text_channel("general")
            call = await alice.runs(general, "/interview slow", secret=True)
            await alice.sees(general, "and one more")

            assert call.deferred
            assert call.ephemeral
            assert [m.content for m in call.messages] == ["the answer", "and one more"]
            assert all(m.ephemeral for m in call.messages)


async def test_direct_messages_go_both_ways() -> None:
    """A person's DM reaches the bot with its words; the bot answers, edits and deletes there."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            await alice.says(alice.dm(), "hello bot")
            await bot.until_heard("message:hello bot")
            user = await bot.fetch_user(alice.id)
            sent = await user.send("first")
            await alice.sees(alice.dm(), "first")
            await sent.edit(content="second")
            await alice.sees(alice.dm(), "second")
            await sent.delete()

            await alice.no_longer_sees(alice.dm(), "second")


async def test_a_private_thread_is_for_its_members() -> None:
    """The bot makes a private thread and adds a person; others cannot open it."""
    async with DiscordStub() as stub:
        alice, bob = stub.add_user("alice"), stub.add_user("bob")
        guild = stub.add_guild("Study group", members=[alice, bob])
        general = guild.text_channel("general")
        async with running(stub) as bot:
            await alice.runs(general, "/interview thread")
            room = await alice.sees_thread("Interview")
            await alice.sees(room, "Welcome")
            await alice.says(room, "ready")

            await bot.until_heard("thread:Interview")
            with pytest.raises(AssertionError, match="cannot open"):
                bob.screen(room)


async def test_history_is_read_in_every_direction() -> None:
    """before, after, around and limit give what Discord gives, without nonces."""
    async with DiscordStub(privileged=["message_content"]) as stub:
        alice = stub.add_user("alice")
        guild = stub.add_guild("Study group", members=[alice])
        general = guild.text_channel("general")
        said = [await alice.says(general, f"m{index}") for index in range(10)]
        async with running(stub) as bot:
            channel = bot.get_channel(general.id)

            async def read(**options: object) -> list[str]:
                return [m.content async for m in channel.history(**options)]

            middle = discord.Object(said[5].id)
            assert await read(limit=2) == ["m9", "m8"]
            assert await read(limit=2, before=middle) == ["m4", "m3"]
            assert await read(limit=2, after=middle) == ["m6", "m7"]
            assert set(await read(limit=3, around=middle)) == {"m4", "m5", "m6"}
            assert await read(limit=None, oldest_first=True) == [f"m{n}" for n in range(10)]


async def test_completion_offers_what_the_bot_says() -> None:
    """Autocompletion carries what is typed and brings back names and values."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub):
            offered = await alice.completes(
                alice.dm(), "/interview start", option="scenario", typed="sup", round="drill"
            )

            assert [choice["value"] for choice in offered] == ["support-agent"]


async def test_a_card_of_components_is_drawn() -> None:
    """Containers, sections, rows and menus stand on the screen as a person sees them."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub):
            call = await alice.runs(alice.dm(), "/interview card")

            assert call.text.split("\n")[1:] == [
                "| # System design",
                "| ---",
                "| Scope [More]",
                "| 12 of 20 minutes",
                "| [💡 Hint] [Off off] [Docs ->]",
                "| <Round: Design>",
            ]


async def test_the_client_refuses_what_people_cannot_do() -> None:
    """Unknown commands and options, missing and disabled buttons, wrong places: AssertionError."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub):
            here = alice.dm()
            await alice.runs(here, "/interview card")

            for attempt, words in [
                (alice.runs(here, "/nothing"), "not offered"),
                (alice.runs(here, "/interview"), "not a whole command"),
                (alice.runs(here, "/interview start"), "required options are missing"),
                (alice.runs(here, "/interview start", round="x"), "is none of"),
                (alice.runs(here, "/interview card", x=1), "no such options"),
                (alice.presses(here, "Off"), "is disabled"),
                (alice.presses(here, "Docs"), "is a link"),
                (alice.presses(here, "Absent"), "sees no 'Absent'"),
                (alice.picks(here, "Round", ["Z"]), "is none of"),
                (alice.says(here, "x" * 2001), "2001 characters"),
            ]:
                with pytest.raises(AssertionError, match=words):
                    await attempt


async def test_a_user_install_works_where_the_bot_is_not() -> None:
    """In a server without the bot, whoever installed the app runs it; others are not offered it."""
    async with DiscordStub() as stub:
        alice, bob = stub.add_user("alice", installed=True), stub.add_user("bob")
        guild = stub.add_guild("Elsewhere", members=[alice, bob]).without_bot()
        general = guild.text_channel("general")
        bot = SampleBot()
        seen: list[discord.Interaction] = []
        bot.add_listener(_keep(seen), "on_interaction")
        async with running(stub, bot):
            await alice.runs(general, "/interview start", round="drill")

            assert not bot.guilds
            assert seen[0].context.guild
            assert seen[0].is_user_integration()
            assert not seen[0].is_guild_integration()
            assert not seen[0].app_permissions.send_messages
            with pytest.raises(AssertionError, match="not offered"):
                await bob.runs(general, "/interview start", round="drill")


def _keep(seen: list[discord.Interaction]):
    async def keep(interaction: discord.Interaction) -> None:
        seen.append(interaction)

    return keep
