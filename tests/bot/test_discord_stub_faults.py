"""What goes wrong on order reaches the real library as Discord would send it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import pytest
from discord_stub_samples import SampleBot, asking, opened, running

from tests.discord_stub import DiscordStub

MESSAGES = "/channels/*/messages"


async def test_server_errors_are_tried_again() -> None:
    """500, 502 and 504 are repeated by the library, after a second; nothing is posted twice."""
    async with DiscordStub() as stub:
        people = [stub.add_user(name) for name in ("alice", "bob", "cleo")]
        stub.add_guild("Study group", members=people)
        async with running(stub) as bot:
            for person, status in zip(people, (500, 502, 504), strict=True):
                stub.fail("POST", f"/channels/{person.dm().id}/messages", status=status)
            users = [await bot.fetch_user(person.id) for person in people]
            await asyncio.gather(*(user.send("once") for user in users))

            statuses = [done.status for done in stub.requests if done.path.endswith("/messages")]
            assert sorted(statuses) == [200, 200, 200, 500, 502, 504]
            said = [[m.content for m in person.messages(person.dm())] for person in people]
            assert said == [["once"]] * 3


async def test_503_reaches_the_bot() -> None:
    """The library does not repeat a 503."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            stub.fail("POST", MESSAGES, status=503)
            with pytest.raises(discord.DiscordServerError):
                await user.send("x")


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_rate_limit_is_waited_out(is_global: bool) -> None:
    """A 429 with its headers is repeated by the library, for a route and for everything."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            stub.rate_limit("POST", MESSAGES, retry_after=0.02, times=2, is_global=is_global)
            await user.send("in the end")

            assert stub.rest.rate_limited == 2
            assert "in the end" in alice.screen(alice.dm())


async def test_the_message_bucket_is_obeyed() -> None:
    """With the option, posts per channel are limited and the library keeps below."""
    async with DiscordStub(message_bucket=(5, 0.2)) as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            for number in range(12):
                await user.send(str(number))

            assert len(alice.messages(alice.dm())) == 12


async def test_a_full_bucket_is_429() -> None:
    """The request beyond the bucket is refused with how long to wait."""
    async with DiscordStub(message_bucket=(2, 60.0)) as stub, asking(stub) as api:
        path = f"/channels/{stub.add_guild('g').text_channel('c').id}/messages"
        answers = [await api.ask("POST", path, {"content": "x"}) for _ in range(3)]

        assert [answer.status for answer in answers] == [200, 200, 429]
        assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["1", "0", "0"]
        assert answers[2].body["retry_after"] > 50
        assert answers[2].headers["Via"]


async def test_fifty_requests_a_second_and_no_more() -> None:
    """The 51st request of a second is 429 for everything; the busiest second is counted."""
    async with DiscordStub() as stub, asking(stub) as api:
        asked = [api.ask("GET", "/users/@me") for _ in range(60)]
        answers = await asyncio.gather(*asked)
        refused = [answer for answer in answers if answer.status == 429]

        assert refused
        assert refused[0].body["global"] is True
        assert stub.most_requests_in_a_second == 51


async def test_a_lost_answer_is_found_by_its_nonce() -> None:
    """Carried out, line cut: the same enforced nonce brings the message back, once."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            channel = await user.create_dm()
            stub.answered_but_lost("POST", MESSAGES)
            with pytest.raises(aiohttp.ClientError):
                await channel.send("question", nonce="outbox-1")
            again = await channel.send("question", nonce="outbox-1")

            assert [m.id for m in alice.messages(channel_of(stub, channel))] == [again.id]


def channel_of(stub: DiscordStub, channel: discord.DMChannel) -> object:
    return stub.world.channels[channel.id]


async def test_nonces_work_as_documented() -> None:
    """Enforced: same author, a few minutes, any channel; not enforced: never; never in history."""
    async with opened() as place:
        other = place.guild.text_channel("other")

        async def post(channel: int, *, enforce: bool = True) -> dict[str, str]:
            body = {"content": "x", "nonce": "n1", "enforce_nonce": enforce}
            return (await place.api.ask("POST", f"/channels/{channel}/messages", body)).body

        first = await post(place.general.id)
        assert first["nonce"] == "n1"
        assert (await post(place.general.id))["id"] == first["id"]
        assert (await post(other.id))["id"] == first["id"]
        loose = await post(place.general.id, enforce=False)
        assert loose["id"] != first["id"]

        place.stub.advance(600)
        assert (await post(place.general.id))["id"] not in (first["id"], loose["id"])
        history = (await place.api.ask("GET", place.messages)).body
        assert len(history) == 3
        assert all("nonce" not in message for message in history)


async def test_the_nonce_comes_with_the_event() -> None:
    """MESSAGE_CREATE of the bot's own message carries the nonce."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        bot = SampleBot()
        seen: list[object] = []

        async def keep(message: discord.Message) -> None:
            seen.append(message.nonce)

        bot.add_listener(keep, "on_message")
        async with running(stub, bot):
            user = await bot.fetch_user(alice.id)
            await user.send("x", nonce="outbox-7")
            await bot.until_heard("message:x")

            assert seen == ["outbox-7"]


async def test_slow_answers_are_slow() -> None:
    """A delay on order holds the answer back, not the others."""
    async with opened() as place:
        place.stub.slow("GET", "/users/@me", 0.05)
        begun = time.monotonic()
        await place.api.ask("GET", "/users/@me")

        assert time.monotonic() - begun >= 0.05
        assert place.stub.faults.waiting == []


async def test_a_path_star_is_one_part() -> None:
    """`*` stands for one part of a path, `**` for any number of them."""
    async with opened() as place:
        place.stub.fail("GET", "/channels/*")
        assert (await place.api.ask("GET", place.messages)).status == 200
        assert (await place.api.ask("GET", f"/channels/{place.general.id}")).status == 500
        place.stub.fail("*", "/channels/**")
        assert (await place.api.ask("GET", place.messages)).status == 500


async def test_chaos_is_repeatable() -> None:
    """The same seed meets the same requests with the same faults, and `calm` ends them."""

    async def run(seed: int) -> list[str]:
        async with opened() as place:
            chaos = place.stub.chaos(seed, share=0.5)
            for _ in range(20):
                await place.api.ask("GET", "/users/@me")
            place.stub.calm()
            for _ in range(5):
                assert (await place.api.ask("GET", "/users/@me")).status == 200
            return chaos.happened

    assert await run(3) == await run(3)
    assert await run(3) != await run(4)


Deed = Callable[[], Awaitable[object]]


async def test_the_bot_survives_chaos() -> None:
    """With a third of all requests disturbed, twelve answers arrive once each."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub) as bot:
            user = await bot.fetch_user(alice.id)
            channel = await user.create_dm()
            stub.chaos(7, share=0.3)
            for number in range(12):
                await _insist(lambda n=number: channel.send(f"q{n}", nonce=f"n{n}"))
            stub.calm()

            said = [message.content for message in alice.messages(alice.dm())]
            assert said == [f"q{number}" for number in range(12)]


async def _insist(deed: Deed) -> None:
    for _ in range(10):
        try:
            await deed()
        except (aiohttp.ClientError, discord.DiscordServerError):
            continue
        return
    raise AssertionError("ten attempts failed")
