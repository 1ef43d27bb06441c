"""Sessions, resumes, intents, and events that come twice or late, with the real library."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import discord
import pytest
from discord_stub_samples import SampleBot, point_at, running

from tests.discord_stub import DiscordStub, NotAnsweredError

Break = Callable[[DiscordStub], None]


@pytest.mark.parametrize(
    "break_it",
    [
        DiscordStub.drop_gateway,
        DiscordStub.order_reconnect,
        lambda stub: stub.invalidate_session(resumable=True),
    ],
    ids=["cut", "reconnect", "resumable"],
)
async def test_a_resumed_session_misses_nothing(break_it: Break) -> None:
    """Events between the break and the resume are replayed, in order, once."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            await alice.says(alice.dm(), "before")
            await bot.until_heard("message:before")
            break_it(stub)
            await asyncio.sleep(0)
            for number in range(5):
                await alice.says(alice.dm(), f"m{number}")
            await bot.until_heard("resumed", "message:m4")

            heard = [what for what in bot.heard if what.startswith("message:")]
            assert heard == ["message:before", *(f"message:m{number}" for number in range(5))]
            assert (stub.gateway.identifies, stub.gateway.resumes) == (1, 1)


async def test_an_invalid_session_starts_anew() -> None:
    """After a session that cannot be resumed, what was sent meanwhile never comes."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            stub.invalidate_session()
            await alice.says(alice.dm(), "unheard")
            await bot.until_heard("ready", times=2)
            await alice.says(alice.dm(), "heard")
            await bot.until_heard("message:heard")

            assert "message:unheard" not in bot.heard
            assert stub.gateway.resumes == 0


async def test_a_dead_bot_hears_nothing_afterwards() -> None:
    """After a process death the next session starts empty; history still has the words."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub):
            pass
        said = await alice.says(alice.dm(), "while you were away")
        stub.world.first_answer_s = 0.0
        with pytest.raises(NotAnsweredError, match="did not respond to 'interview card'"):
            await alice.runs(alice.dm(), "/interview card")
        stub.drop_gateway(resumable=False)
        with pytest.raises(NotAnsweredError, match="not connected"):
            await alice.runs(alice.dm(), "/interview card")
        async with running(stub) as bot:
            await alice.says(alice.dm(), "back?")
            await bot.until_heard("message:back?")
            user = await bot.fetch_user(alice.id)
            channel = await user.create_dm()
            history = [message.id async for message in channel.history()]

            assert "message:while you were away" not in bot.heard
            assert said.id in history


ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import asyncio, sys
sys.path.insert(0, "tests/bot")
from discord_stub_samples import SampleBot, point_at_urls
point_at_urls(sys.argv[1], sys.argv[2])
asyncio.run(SampleBot().start(sys.argv[3]))
"""


async def test_a_bot_in_another_process_is_killed() -> None:
    """The stand-in serves other processes; what is said after a kill waits in the history."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        urls = (stub.api_url, stub.gateway_url, stub.token)
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, *urls, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await stub.synced(within=60)
            await stub.connected(within=60)
            call = await alice.runs(alice.dm(), "/interview start", round="drill")
            assert call.message.content == "drill on any"
        finally:
            child.kill()
            await child.wait()
        await alice.says(alice.dm(), "are you there?")
        async with running(stub) as bot:
            await alice.says(alice.dm(), "back?")
            await bot.until_heard("message:back?")

            assert bot.heard == ["ready", "message:back?"]


async def test_members_of_threads_need_the_members_intent() -> None:
    """Without it the bot hears only of itself joining."""
    for privileged, expected in (((), []), (("members",), ["joined:alice"])):
        async with DiscordStub(privileged=privileged) as stub:
            alice = stub.add_user("alice")
            general = stub.add_guild("Study group", members=[alice]).text_channel("general")
            intents = discord.Intents.default()
            intents.members = bool(privileged)
            async with running(stub, SampleBot(intents=intents)) as bot:
                await alice.runs(general, "/interview thread")
                await alice.sees(await alice.sees_thread(), "Welcome")
                await bot.until_heard("message:Welcome", *expected)

                assert [what for what in bot.heard if what.startswith("joined:")] == expected


async def test_events_come_twice_and_in_another_order() -> None:
    """Duplicates and reorderings on order."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            stub.duplicate_events(1)
            await alice.says(alice.dm(), "twice")
            stub.reorder_events(3)
            for number in range(3):
                await alice.says(alice.dm(), str(number))
            await bot.until_heard("message:0")

            heard = [what for what in bot.heard if what.startswith("message:")]
            assert heard == [f"message:{what}" for what in ("twice", "twice", 2, 1, 0)]


async def test_a_wrong_token_and_a_switched_off_intent_end_the_login() -> None:
    """401 on login; close code 4014 for the message content intent that is not switched on."""
    async with DiscordStub() as stub:
        point_at(stub)
        with pytest.raises(discord.LoginFailure):
            await SampleBot().login("wrong")
        intents = discord.Intents.default()
        intents.message_content = True
        bot = SampleBot(intents=intents)
        try:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(stub.token)
        finally:
            await bot.close()


@pytest.mark.parametrize("switched_on", [False, True])
async def test_words_need_the_content_intent(switched_on: bool) -> None:
    """Without it: only DMs, own messages, mentions, and replies that ping the bot."""
    privileged = ["message_content"] if switched_on else []
    async with DiscordStub(privileged=privileged) as stub:
        alice = stub.add_user("alice")
        general = stub.add_guild("Study group", members=[alice]).text_channel("general")
        intents = discord.Intents.default()
        intents.message_content = switched_on
        async with running(stub, SampleBot(intents=intents)) as bot:
            own = await bot.get_channel(general.id).send("own")
            mine = general.messages[own.id]
            await alice.says(general, "plain")
            await alice.says(general, f"hi {bot.user.mention}")
            await alice.says(general, "ping", reply_to=mine)
            await alice.says(general, "quiet", reply_to=mine, mention=False)
            await alice.says(alice.dm(), "direct")
            await bot.until_heard("message:direct")

            heard = [what.removeprefix("message:") for what in bot.heard[1:]]
            mention = f"hi {bot.user.mention}"
            hidden = ["own", "", mention, "ping", "", "direct"]
            everything = ["own", "plain", mention, "ping", "quiet", "direct"]
            assert heard == (everything if switched_on else hidden)


async def test_intents_that_were_not_asked_for_bring_nothing() -> None:
    """Without the DM and typing intents the bot hears of neither."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        general = stub.add_guild("Study group", members=[alice]).text_channel("general")
        intents = discord.Intents(guilds=True, guild_messages=True)
        async with running(stub, SampleBot(intents=intents)) as bot:
            await alice.says(alice.dm(), "direct")
            await alice.types(general)
            await alice.says(general, bot.user.mention)
            await bot.until_heard(f"message:{bot.user.mention}")

            assert bot.heard == ["ready", f"message:{bot.user.mention}"]
