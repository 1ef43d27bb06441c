"""Who comes to a board, by which link, and for how long."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from web_world import PATIENCE_S, Page, World, box
from websockets.exceptions import InvalidStatus

from bot.web.links import Links, Role
from bot.web.sockets import LOOKS_S
from interviewer.clock import ManualClock
from storage.database import Database
from storage.errors import DiskFullError
from storage.scorecards import delete_interview
from tests.bot.web.hand_clock import HandClock

Refused = Callable[[World], Awaitable[str | None]]


async def nothing(world: World) -> str | None:
    return None


async def forged(world: World) -> str | None:
    return (await world.cookie(Role.EDITOR))[:-3] + "abc"


async def a_token(world: World) -> str | None:
    token = await world.links.make(Role.EDITOR, "one", "ada", lasts=timedelta(hours=1))
    return f"hotseat_editor={token}"


async def of_another(world: World) -> str | None:
    return await world.cookie(Role.EDITOR, "two")


async def of_a_reader(world: World) -> str | None:
    return await world.cookie(Role.READER)


async def of_another_owner(world: World) -> str | None:
    return await world.cookie(Role.OWNER, None, "bob")


async def expired(world: World) -> str | None:
    cookie = await world.cookie(Role.EDITOR)
    clock = world.web.app.services.clock
    assert isinstance(clock, ManualClock)
    clock.advance(25 * 3_600)
    return cookie


async def revoked(world: World) -> str | None:
    cookie = await world.cookie(Role.EDITOR)
    await world.links.revoke_of("one")
    return cookie


@pytest.mark.parametrize(
    "cookie",
    [nothing, forged, a_token, of_another, of_a_reader, of_another_owner, expired, revoked],
)
async def test_without_a_link_nobody_comes_in(world: World, cookie: Refused) -> None:
    """The page is told by the code, and nothing of the board."""
    async with world.socket("one", await cookie(world)) as socket:
        page = Page(socket)
        assert await page.closed() == 4401
        assert page.seen == []


async def test_an_unknown_interview_looks_like_a_closed_one(world: World) -> None:
    """Nobody learns which interviews there are."""
    async with world.socket("none", await world.cookie(Role.OWNER, None)) as socket:
        assert await Page(socket).closed() == 4401


async def test_the_owner_comes_into_all_of_theirs(world: World) -> None:
    """With the one link that names none of them."""
    cookie = await world.cookie(Role.OWNER, None, "ada")
    async with world.page(cookie=cookie) as ada:
        await ada.drawn(box("a"))
        assert ada.role == "edit"


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1"])
async def test_pages_of_other_servers_get_no_connection(world: World, origin: str | None) -> None:
    """Though the browser sends our cookie along."""
    with pytest.raises(InvalidStatus) as refused:
        async with world.socket("one", await world.cookie(Role.EDITOR), origin):
            pass

    assert refused.value.response.status_code == 403


async def test_revoking_a_link_closes_what_it_opened(world: World) -> None:
    """At once, and nothing that other links opened."""
    token = await world.links.make(Role.EDITOR, "one", "bob", lasts=timedelta(hours=1))
    link = (await world.links.read(token)).link
    async with (
        world.page() as ada,
        world.page(cookie=await world.cookie_of(token, Role.EDITOR)) as bob,
    ):
        await world.links.revoke(link)
        assert await bob.closed() == 4403
        await ada.drawn(box("a"))


async def test_a_link_that_expires_closes_what_it_opened(world: World, clock: HandClock) -> None:
    """On the moment, by the clock of the application."""
    token = await world.links.make(Role.EDITOR, "one", "bob", lasts=timedelta(seconds=90))
    async with world.page(cookie=await world.cookie_of(token, Role.EDITOR)) as bob:
        await until_asleep(clock, 89)
        await bob.drawn(box("a"))
        await until_asleep(clock, 1)
        assert await bob.closed() == 4403


async def test_an_owner_is_not_put_out_of_a_long_round(world: World, clock: HandClock) -> None:
    """The link is renewed as long as its page is open."""
    async with world.page(cookie=await world.cookie(Role.OWNER, None)) as ada:
        for hours in range(60):
            await until_asleep(clock, 3_600)
            await ada.drawn(box("a", 1 + hours))


@pytest.mark.parametrize("how", ["revoked", "deleted", "all"])
async def test_what_another_process_ends_is_left_within_a_minute(
    world: World, clock: HandClock, how: str
) -> None:
    """As `hotseat scorecards delete` beside a page that is served: owner and guests are put out."""
    app = world.web.app
    cookies = [await world.cookie(Role.OWNER, None), await world.cookie(Role.VIEWER)]
    async with world.page(cookie=cookies[0]) as ada, world.page(cookie=cookies[1]) as eve:
        other = Links(app.database, clock)
        if how == "revoked":
            await other.revoke_of("one")
        elif how == "deleted":
            await delete_interview(app.database, "one")
        else:
            await other.end_all()
        await until_asleep(clock, LOOKS_S, sleepers=2)
        assert await eve.closed() == 4403
        if how == "revoked":
            await ada.drawn(box("a"))
        else:
            assert await ada.closed() == 4403


async def test_a_database_that_cannot_be_read_puts_nobody_out(
    world: World, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that nobody can look up at the moment has not ended."""

    async def locked(self: Database, work: object) -> object:
        raise DiskFullError("the disk is full")

    async with world.page() as ada:
        await until_asleep(clock, 0)
        with monkeypatch.context() as patch:
            patch.setattr(Database, "run", locked)
            for _ in range(3):
                await until_asleep(clock, LOOKS_S)
        await ada.drawn(box("a"))


async def until_asleep(clock: HandClock, seconds: float, sleepers: int = 1) -> None:
    """Let the time pass once so many pages, which look at their links, wait for it again."""
    async with asyncio.timeout(PATIENCE_S):
        while clock.sleepers < sleepers:
            await clock.pass_time(0)
    await clock.pass_time(seconds)
