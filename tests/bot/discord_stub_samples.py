"""A small real discord.py client, and a way to run it against the stand-in."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.ext import commands

from tests.discord_stub import DiscordStub, Person
from tests.discord_stub.channels import Channel
from tests.discord_stub.state import Guild

READY_WITHIN_S = 10
V2 = 1 << 15


class Press(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"press:(?P<what>\w+)"):
    """A button that works after a restart."""

    def __init__(self, what: str) -> None:
        super().__init__(discord.ui.Button(label=what.title(), custom_id=f"press:{what}"))
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Any, match: re.Match[str], /
    ) -> Press:
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction) -> None:
        if self.what == "form":
            await interaction.response.send_modal(Form())
        elif self.what == "late":
            await asyncio.sleep(0.15)
            await interaction.response.defer()
        else:
            await interaction.response.edit_message(content=f"pressed {self.what}")


class Form(discord.ui.Modal, title="Self rating"):
    """One field that has to be filled in and one that need not."""

    why = discord.ui.Label(
        text="Why", component=discord.ui.TextInput(max_length=20, custom_id="why")
    )
    more = discord.ui.TextInput(label="More", required=False, custom_id="more")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        text = f"because {self.why.component.value}"  # type: ignore[attr-defined]
        await interaction.response.send_message(text, ephemeral=True)


class Card(discord.ui.LayoutView):
    """A message of components with every kind that holds text."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
            discord.ui.Button(label="Hint", custom_id="card:hint", emoji="💡"),
            discord.ui.Button(label="Off", custom_id="card:off", disabled=True),
            discord.ui.Button(label="Docs", url="https://example.org"),
        )
        menu: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
            discord.ui.Select(
                placeholder="Round",
                custom_id="card:round",
                options=[discord.SelectOption(label="Design", value="d")],
            )
        )
        section: discord.ui.Section[Any] = discord.ui.Section(
            "Scope\n12 of 20 minutes",
            accessory=discord.ui.Button(label="More", custom_id="card:more"),
        )
        self.add_item(
            discord.ui.Container(
                discord.ui.TextDisplay("# System design"),
                discord.ui.Separator(),
                section,
                row,
                menu,
                accent_colour=0x5865F2,
            )
        )


class SampleBot(commands.Bot):
    """Commands and listeners that the tests play with.

    `heard` holds what came over the gateway, in order: "message:<text>" and names of events.
    """

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", discord.Intents.default())
        super().__init__(
            "!",
            intents=intents,
            guild_ready_timeout=0.1,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.heard: list[str] = []
        self._news = asyncio.Condition()
        self.add_dynamic_items(Press)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library would wait five seconds before it identifies anew."""

    async def setup_hook(self) -> None:
        self.tree.add_command(Interview())
        await self.tree.sync()

    async def _hear(self, what: str) -> None:
        self.heard.append(what)
        async with self._news:
            self._news.notify_all()

    async def on_message(self, message: discord.Message) -> None:
        await self._hear(f"message:{message.content}")

    async def on_resumed(self) -> None:
        await self._hear("resumed")

    async def on_ready(self) -> None:
        await self._hear("ready")

    async def on_thread_create(self, thread: discord.Thread) -> None:
        await self._hear(f"thread:{thread.name}")

    async def on_thread_member_join(self, member: discord.ThreadMember) -> None:
        name = (await member.thread.guild.fetch_member(member.id)).name
        await self._hear(f"joined:{name}")

    async def on_typing(self, channel: Any, user: Any, when: Any) -> None:
        await self._hear("typing")

    async def until_heard(self, *wanted: str, times: int = 1) -> None:
        """Wait until all of these were heard so often."""
        async with asyncio.timeout(READY_WITHIN_S), self._news:
            await self._news.wait_for(
                lambda: all(self.heard.count(what) >= times for what in wanted)
            )


class Interview(app_commands.Group):
    """`/interview start|slow|card|thread`."""

    def __init__(self) -> None:
        super().__init__(
            name="interview",
            description="Practice",
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    @app_commands.command(name="start", description="Begin")
    @app_commands.rename(kind="round")
    @app_commands.choices(
        kind=[
            app_commands.Choice(name="System design", value="design"),
            app_commands.Choice(name="Drill", value="drill"),
        ]
    )
    async def start(
        self, interaction: discord.Interaction, kind: str, scenario: str = "any"
    ) -> None:
        view = discord.ui.View(timeout=None)
        for what in ("hint", "form", "late"):
            view.add_item(Press(what))
        await interaction.response.send_message(f"{kind} on {scenario}", view=view)

    @start.autocomplete("scenario")
    async def complete(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        names = ["support-agent", "search"]
        return [app_commands.Choice(name=n, value=n) for n in names if n.startswith(current)]

    @app_commands.command(name="slow", description="Think first")
    async def slow(self, interaction: discord.Interaction, secret: bool = False) -> None:
        await interaction.response.defer(thinking=True, ephemeral=secret)
        await interaction.followup.send("the answer")
        await interaction.followup.send("and one more", ephemeral=secret)

    @app_commands.command(name="card", description="A card of components")
    async def card(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Card())

    @app_commands.command(name="thread", description="A room of one's own")
    async def thread(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        assert isinstance(interaction.channel, discord.TextChannel)
        room = await interaction.channel.create_thread(
            name="Interview", type=discord.ChannelType.private_thread, invitable=False
        )
        await room.add_user(interaction.user)
        await room.send("Welcome")
        await interaction.edit_original_response(content=room.mention)


@asynccontextmanager
async def running(stub: DiscordStub, bot: commands.Bot | None = None) -> AsyncIterator[Any]:
    """The bot, logged in and ready; stopped at the end."""
    bot = bot or SampleBot()
    point_at(stub)
    task = asyncio.create_task(bot.start(stub.token))
    try:
        ready = asyncio.create_task(bot.wait_until_ready())
        await asyncio.wait({task, ready}, return_when="FIRST_COMPLETED", timeout=READY_WITHIN_S)
        if task.done():
            ready.cancel()
            await task
        yield bot
    finally:
        await bot.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def point_at(stub: DiscordStub) -> None:
    """Send discord.py to the stand-in."""
    point_at_urls(stub.api_url, stub.gateway_url)


def point_at_urls(api: str, gateway: str) -> None:
    """The same, by addresses."""
    discord.http.Route.BASE = api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


class Api:
    """Requests as a bot of one's own making would send them."""

    def __init__(self, stub: DiscordStub, session: aiohttp.ClientSession) -> None:
        self._stub = stub
        self._session = session

    async def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """Send a request under the bot's token."""
        headers = {"Authorization": f"Bot {options.pop('token', self._stub.token)}"}
        url = f"{self._stub.api_url}{path}"
        if body is not None:
            options["json"] = body
        async with self._session.request(method, url, headers=headers, **options) as response:
            raw = await response.read()
            return Answer(response.status, json.loads(raw) if raw else None, response.headers)


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: Any
    headers: Any


@asynccontextmanager
async def asking(stub: DiscordStub) -> AsyncIterator[Api]:
    """A session of requests."""
    async with aiohttp.ClientSession() as session:
        yield Api(stub, session)


class Place(NamedTuple):
    """A server with one person and one channel, and requests that are sent by hand."""

    stub: DiscordStub
    api: Api
    alice: Person
    guild: Guild
    general: Channel

    @property
    def messages(self) -> str:
        return f"/channels/{self.general.id}/messages"


@asynccontextmanager
async def opened() -> AsyncIterator[Place]:
    """A place without a bot."""
    async with DiscordStub() as stub, asking(stub) as api:
        alice = stub.add_user("alice")
        guild = stub.add_guild("Study group", members=[alice])
        yield Place(stub, api, alice, guild, guild.text_channel("general"))


def text(content: str) -> dict[str, Any]:
    """A TextDisplay."""
    return {"type": 10, "content": content}


def v2(*components: dict[str, Any]) -> dict[str, Any]:
    """A message of components."""
    return {"flags": V2, "components": list(components)}
