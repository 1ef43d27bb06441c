"""Files, menus, threads, membership and the rest of what a text bot uses."""

import io

import discord
import pytest
from discord import app_commands
from discord_stub_samples import Card, SampleBot, opened, running

from tests.discord_stub import DiscordStub

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x08"


async def test_files_go_up_and_come_down() -> None:
    """An upload can be read by the person and by the library, and an edit replaces it."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            sent = await user.send(file=discord.File(io.BytesIO(PNG), "a chart.png"))
            message = await alice.sees(alice.dm(), "a_chart.png|a chart.png")
            name = sent.attachments[0].filename

            assert alice.downloads(message, name) == PNG
            assert await sent.attachments[0].read() == PNG
            assert (sent.attachments[0].width, sent.attachments[0].height) == (16, 8)

            new = discord.File(io.BytesIO(b"two"), "b.txt")
            edited = await sent.edit(attachments=[new])
            assert alice.downloads(message, "b.txt") == b"two"
            await edited.add_files(discord.File(io.BytesIO(b"three"), "c.txt"))
            assert [a.name for a in message.attachments] == ["b.txt", "c.txt"]


async def test_a_file_stands_in_a_card() -> None:
    """`attachment://` of a component becomes the file's address."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            view = discord.ui.LayoutView()
            view.add_item(discord.ui.File("attachment://card.md"))
            view.add_item(discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://a.png")))
            user = await bot.fetch_user(alice.id)
            files = [
                discord.File(io.BytesIO(b"# card"), "card.md"),
                discord.File(io.BytesIO(PNG), "a.png"),
            ]
            await user.send(view=view, files=files)
            message = await alice.sees(alice.dm(), r"\[file card.md, 6 bytes\]")

            assert "[image a.png]" in message.text
            assert "data:image/png;base64," in alice.page(alice.dm())


async def test_a_person_uploads() -> None:
    """Files of a person's message reach the bot."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            said = await alice.says(alice.dm(), "look", files={"board.png": PNG})
            await bot.until_heard("message:look")
            seen = await (await bot.fetch_user(alice.id)).create_dm()
            message = await seen.fetch_message(said.id)

            assert await message.attachments[0].read() == PNG


async def test_menus_bring_values_and_people() -> None:
    """A string menu brings values, a user menu members."""
    chosen: list[object] = []

    class Menus(discord.ui.View):
        @discord.ui.select(
            placeholder="Round",
            options=[discord.SelectOption(label="Design", value="d")],
        )
        async def first(self, interaction: discord.Interaction, menu: discord.ui.Select) -> None:
            chosen.extend(menu.values)
            await interaction.response.defer()

        @discord.ui.select(cls=discord.ui.UserSelect, placeholder="Peer")
        async def second(
            self, interaction: discord.Interaction, menu: discord.ui.UserSelect
        ) -> None:
            chosen.extend(user.name for user in menu.values)
            await interaction.response.defer()

    async with DiscordStub() as stub:
        alice, bob = stub.add_user("alice"), stub.add_user("bob")
        general = stub.add_guild("Study group", members=[alice, bob]).text_channel("general")
        async with running(stub) as bot:
            await bot.get_channel(general.id).send("pick", view=Menus())
            await alice.picks(general, "Round", ["Design"])
            await alice.picks(general, "Peer", [bob])

            assert chosen == ["d", "bob"]


async def test_an_entry_of_the_message_menu() -> None:
    """A context menu command brings the message, with its words."""
    bot = SampleBot()
    seen: list[str] = []

    @app_commands.context_menu(name="Ask about this")
    async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
        seen.append(message.content)
        await interaction.response.send_message("asked", ephemeral=True)

    bot.tree.add_command(ask)
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        general = stub.add_guild("Study group", members=[alice]).text_channel("general")
        async with running(stub, bot):
            said = await alice.says(general, "why retries?")
            call = await alice.chooses(said, "Ask about this")

            assert call.ephemeral
            assert seen == ["why retries?"]


async def test_threads_from_messages_archive_and_open_again() -> None:
    """A thread on a message; archived by the bot; opened again by the next message."""
    async with DiscordStub(privileged=["members"]) as stub:
        alice = stub.add_user("alice")
        general = stub.add_guild("Study group", members=[alice]).text_channel("general")
        async with running(stub) as bot:
            sent = await bot.get_channel(general.id).send("question")
            thread = await sent.create_thread(name="Answers")
            place = stub.world.channels[thread.id]
            await thread.add_user(discord.Object(alice.id))
            await thread.edit(name="Done", archived=True)
            assert place.archived
            await alice.says(place, "one more")

            assert not place.archived
            assert (await alice.sees_thread("Done")) is place
            members = await thread.fetch_members()
            assert {member.id for member in members} == {bot.user.id, alice.id}
            assert general.guild is not None
            general.guild.allow_bot("manage_threads")
            await thread.delete()
            assert thread.id not in stub.world.channels


async def test_reactions_and_pins() -> None:
    """Reactions of both sides are counted; pins are listed."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            sent = await user.send("card")
            await sent.add_reaction("👍")
            message = await alice.sees(alice.dm(), "👍 1")
            await alice.reacts(message, "👍")
            await alice.sees(alice.dm(), "👍 2")
            await sent.pin()
            pins = [pin.id async for pin in (await user.create_dm()).pins()]
            await sent.remove_reaction("👍", bot.user)

            assert pins == [sent.id]
            assert "👍 1" in message.text


async def test_membership_changes_reach_the_bot() -> None:
    """Deleted channels and lost guilds leave the library's cache; routes answer 403 and 404."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        guild = stub.add_guild("Study group", members=[alice])
        general, other = guild.text_channel("general"), guild.text_channel("other")
        bot = SampleBot()
        async with running(stub, bot):
            gone = bot.get_channel(other.id)
            other.delete()
            with pytest.raises(discord.NotFound):
                await gone.send("x")
            kept = bot.get_channel(general.id)
            guild.remove_bot()
            with pytest.raises(discord.Forbidden):
                await kept.send("x")
            await alice.says(alice.dm(), "still there?")
            await bot.until_heard("message:still there?")

            assert not bot.guilds
            assert len(stub.take_violations()) == 1


async def test_a_group_where_the_bot_is_a_guest() -> None:
    """Among people who write each other, a user install answers and cannot do more."""
    async with DiscordStub() as stub:
        alice, bob = stub.add_user("alice", installed=True), stub.add_user("bob")
        group = stub.add_group(alice, bob)
        async with running(stub):
            call = await alice.runs(group, "/interview start", round="drill")

            assert call.interaction.context == 2
            assert "drill on any" in bob.screen(group)


async def test_messages_of_others_are_not_the_bots_to_change() -> None:
    """An edit of a person's message is 403, and so is deleting one from direct messages."""
    async with opened() as place:
        hers = await place.alice.says(place.general, "mine")
        direct = await place.alice.says(place.alice.dm(), "mine")
        edit = await place.api.ask("PATCH", f"{place.messages}/{hers.id}", {"content": "x"})
        path = f"/channels/{direct.channel.id}/messages/{direct.id}"
        delete = await place.api.ask("DELETE", path)

        assert (edit.body["code"], delete.body["code"]) == (50005, 50013)
        assert len(place.stub.take_violations()) == 2


async def test_the_bot_is_seen_typing() -> None:
    """`typing()` shows until the message comes."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            channel = await (await bot.fetch_user(alice.id)).create_dm()
            async with channel.typing():
                await alice.sees_typing(alice.dm())
                assert "Hotseat</b> is typing" in alice.page(alice.dm())
            await channel.send("done")

            assert "is typing" not in alice.page(alice.dm())


async def test_lookups_find_what_is_there() -> None:
    """Guilds, channels, roles, members, commands and addresses, by request."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        guild = stub.add_guild("Study group", members=[alice], owner=alice)
        general = guild.text_channel("general")
        async with running(stub) as bot:
            found = await bot.fetch_guild(guild.id)
            assert found.owner_id == alice.id
            assert [c.id for c in await found.fetch_channels()] == [general.id]
            assert {r.name for r in await found.fetch_roles()} == {"@everyone", "Hotseat"}
            assert (await found.fetch_member(alice.id)).name == "alice"
            with pytest.raises(discord.NotFound):
                await found.fetch_member(1)
            assert [c.name for c in await bot.tree.fetch_commands()] == ["interview"]
            assert (await bot.application_info()).id == stub.application_id
            assert [g.id async for g in bot.fetch_guilds()] == [guild.id]
            assert bot.get_guild(guild.id).me.guild_permissions.send_messages


async def test_ids_of_components_are_given_and_kept() -> None:
    """Every component has a number that no other one of the message has."""
    async with opened() as place:
        await place.api.ask(
            "POST", place.messages, {"flags": 1 << 15, "components": Card().to_components()}
        )
        (message,) = place.alice.messages(place.general)

        from tests.discord_stub.components import walk

        numbers = [component["id"] for _, component in walk(message.components)]
        assert len(set(numbers)) == len(numbers) == 12
