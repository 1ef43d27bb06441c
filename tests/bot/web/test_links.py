"""A link opens what it was made for, for as long as it was made for."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer
from web_world import DAY, World

from bot.web.links import ENTRANCE_LASTS, Grant, LinkError, Links, Role
from interviewer.clock import ManualClock
from interviewer.ports import InterviewNotFoundError
from storage.errors import DatabaseCorruptError
from storage.people import delete_person, export_person
from storage.scorecards import delete_interview
from storage.tables import MARKS


@pytest.fixture
def links(world: World) -> Links:
    """Those of the served page."""
    return world.links


async def test_a_link_says_whose_it_is(links: Links, clock: ManualClock) -> None:
    """Role, interview, person, name and end are read from the token."""
    token = await links.make(Role.EDITOR, "one", "bob", "Bob", lasts=DAY)

    grant = await links.read(token)
    assert grant == Grant(grant.link, Role.EDITOR, "one", "bob", "Bob", clock.now() + DAY)
    assert links.seconds_left(grant) == DAY.total_seconds()
    assert await links.of("one") == (grant,)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OWNER, "draw see talk card"),
        (Role.CANDIDATE, "draw see talk card"),
        (Role.EDITOR, "draw see"),
        (Role.VIEWER, "see"),
        (Role.READER, "card"),
        (Role.ENTRANCE, ""),
    ],
)
def test_roles_allow_what_they_say(role: Role, may: str, clock: ManualClock) -> None:
    """And nothing else."""
    grant = Grant("l", role, "one", "ada", "", clock.now())
    allowed = {
        "draw": grant.may_draw,
        "see": grant.may_see_board,
        "talk": grant.may_talk,
        "card": grant.may_see_card,
    }

    assert [name for name, holds in allowed.items() if holds] == may.split()


@pytest.mark.parametrize("change", ["", "x", "cut", "swapped", "x" * 10_000, "ünï.cödé"])
async def test_what_was_not_signed_here_opens_nothing(links: Links, change: str) -> None:
    """Whatever is changed in a token; the reason is a sentence for people."""
    token = await links.make(Role.VIEWER, "one", "ada", lasts=DAY)
    other = await links.make(Role.VIEWER, "one", "ada", lasts=DAY)
    changed = {
        "cut": token[:-1],
        "swapped": token.rpartition(".")[0] + "." + other.rpartition(".")[2],
    }.get(change, change)

    with pytest.raises(LinkError, match=r"^This link was not made here"):
        await links.read(changed)


async def test_a_cookie_is_no_token_and_a_token_no_cookie(links: Links) -> None:
    """What a browser keeps cannot be passed on as a link."""
    token = await links.make(Role.VIEWER, "one", "ada", lasts=DAY)
    cookie = await links.cookie_of(token)

    assert await links.read_cookie(cookie) == await links.read(token)
    for wrong in (links.read(cookie), links.read_cookie(token), links.cookie_of(cookie)):
        with pytest.raises(LinkError):
            await wrong


async def test_another_signature_with_the_right_id_opens_nothing(links: Links) -> None:
    """Knowing an id is not enough."""
    grant = await links.read(await links.make(Role.VIEWER, "one", "ada", lasts=DAY))
    forged = URLSafeSerializer("guess", "hotseat link").dumps(grant.link)

    with pytest.raises(LinkError):
        await links.read(forged)


async def test_a_link_ends_on_the_moment(links: Links, clock: ManualClock) -> None:
    """One second before it is good."""
    token = await links.make(Role.VIEWER, "one", "ada", lasts=timedelta(hours=1))
    clock.advance(3_599)
    grant = await links.read(token)
    clock.advance(1)

    with pytest.raises(LinkError, match="expired"):
        await links.read(token)
    assert await links.renewed(grant, DAY) is None
    assert await links.of("one") == ()


async def test_a_revoked_link_is_over(links: Links) -> None:
    """The others are not, and whoever has it open is told."""
    first = await links.make(Role.EDITOR, "one", "bob", lasts=DAY)
    second = await links.make(Role.VIEWER, "one", "eve", lasts=DAY)
    grants = [await links.read(first), await links.read(second)]
    with links.watching(grants[0]) as gone, links.watching(grants[1]) as stays:
        await links.revoke(grants[0].link)
        assert (gone.is_set(), stays.is_set()) == (True, False)

    with pytest.raises(LinkError, match="revoked"):
        await links.read(first)
    assert await links.read(second) == grants[1]


async def test_all_links_into_an_interview_can_be_revoked(links: Links) -> None:
    """But those of other interviews and of the owner."""
    home = await links.make(Role.OWNER, None, "ada", lasts=DAY)
    elsewhere = await links.make(Role.VIEWER, "two", "eve", lasts=DAY)
    ended = await links.make(Role.VIEWER, "one", "eve", lasts=DAY)

    await links.revoke_of("one")

    for token in (home, elsewhere):
        await links.read(token)
    with pytest.raises(LinkError):
        await links.read(ended)


async def test_all_links_can_be_ended(links: Links, world: World, clock: ManualClock) -> None:
    """Whatever they are to, in every process, and whoever has one open is told; new ones work."""
    other = Links(world.web.app.database, clock)
    home = await links.make(Role.OWNER, None, "ada", lasts=DAY)
    board = await links.make(Role.VIEWER, "one", "eve", lasts=DAY)
    cookie, grant = await other.cookie_of(home), await other.read(board)
    with links.watching(grant) as gone:
        await links.end_all()
        assert gone.is_set()
    new = await links.make(Role.OWNER, None, "ada", lasts=DAY)

    for process in (links, other):
        for opening in (process.read(home), process.read(board), process.read_cookie(cookie)):
            with pytest.raises(LinkError, match="not made here"):
                await opening
        assert await process.renewed(grant, DAY) is None
        assert (await process.read(new)).role is Role.OWNER
    assert await links.of("one") == ()


async def test_an_owner_s_link_is_renewed_as_it_is_used(links: Links, clock: ManualClock) -> None:
    """It ends a day after its last use; those of others and revoked ones when they were to."""
    tokens = [
        await links.make(Role.OWNER, None, "ada", lasts=DAY),
        await links.make(Role.OWNER, None, "ada", lasts=DAY),
        await links.make(Role.CANDIDATE, "one", "ada", lasts=DAY),
    ]
    used, unused, candidate = [await links.read(token) for token in tokens]
    clock.advance(0.4 * DAY.total_seconds())
    assert await links.renewed(used, DAY) == used
    clock.advance(0.4 * DAY.total_seconds())
    for grant in (used, candidate):
        await links.renewed(grant, DAY)
    clock.advance(0.4 * DAY.total_seconds())

    assert (await links.read(tokens[0])).expires_at == used.expires_at + 0.8 * DAY
    assert [await links.renewed(grant, DAY) for grant in (unused, candidate)] == [None, None]
    await links.revoke(used.link)
    assert await links.renewed(used, DAY) is None


async def test_an_entrance_is_good_once(links: Links) -> None:
    """Whoever follows it first has an owner's link, which the second follower ends."""
    entrance = await links.make(Role.ENTRANCE, None, "ada", lasts=ENTRANCE_LASTS)
    first = await links.follow(entrance, DAY)
    grant = await links.read(first)
    assert (grant.role, grant.person, grant.interview) == (Role.OWNER, "ada", None)
    with links.watching(grant) as gone:
        with pytest.raises(LinkError, match="followed before"):
            await links.follow(entrance, DAY)
        assert gone.is_set()

    with pytest.raises(LinkError, match="revoked"):
        await links.read(first)
    with pytest.raises(LinkError, match="revoked"):
        await links.follow(entrance, DAY)


async def test_an_entrance_closes_soon(links: Links, clock: ManualClock) -> None:
    """Nobody finds it open later; other links are followed as often as one likes."""
    entrance = await links.make(Role.ENTRANCE, None, "ada", lasts=ENTRANCE_LASTS)
    board = await links.make(Role.VIEWER, "one", "ada", lasts=DAY)
    clock.advance(ENTRANCE_LASTS.total_seconds())

    with pytest.raises(LinkError, match="expired"):
        await links.follow(entrance, DAY)
    for _ in range(2):
        assert await links.follow(board, DAY) == board


async def test_damaged_keys_are_named(world: World, clock: ManualClock) -> None:
    """With what to do about it."""
    database = world.web.app.database
    await database.run(
        lambda c: c.execute(MARKS.insert(), {"name": "web link keys", "value": '["", 3]'})
    )

    with pytest.raises(DatabaseCorruptError, match="'web link keys'"):
        await Links(database, clock).make(Role.VIEWER, "one", "ada", lasts=DAY)


async def test_an_owner_s_link_is_to_no_interview(links: Links) -> None:
    """And every other is to one that there is."""
    for role, interview in ((Role.OWNER, "one"), (Role.VIEWER, None)):
        with pytest.raises(ValueError, match="no single interview"):
            await links.make(role, interview, "ada", lasts=DAY)
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await links.make(Role.VIEWER, "none", "ada", lasts=DAY)


async def test_no_token_is_in_the_database(links: Links, world: World) -> None:
    """Whoever reads the file has ids and keys, but no link stands in it as it is sent."""
    token = await links.make(Role.VIEWER, "one", "ada", lasts=DAY)
    with closing(sqlite3.connect(world.web.app.database.path)) as connection:
        written = "\n".join(connection.iterdump())

    assert token not in written
    assert token.rpartition(".")[2] not in written


async def test_links_go_with_their_interview(links: Links, world: World) -> None:
    """And the page says so."""
    token = await links.make(Role.VIEWER, "one", "ada", lasts=DAY)
    await delete_interview(world.web.app.database, "one")

    with pytest.raises(LinkError, match="has been deleted"):
        await links.read(token)


async def test_links_go_with_their_person(links: Links, world: World) -> None:
    """Those to interviews of others as well; the export has them before."""
    token = await links.make(Role.EDITOR, "one", "bob", "Bob", lasts=DAY)
    database = world.web.app.database
    exported = await export_person(database, "bob")
    await delete_person(database, "bob")

    assert [row["name"] for row in exported["web_links"]] == ["Bob"]
    with pytest.raises(LinkError):
        await links.read(token)


async def test_what_a_deleted_person_drew_stays_without_their_name(world: World) -> None:
    """It is on the board of somebody else."""
    log = world.log
    await log.accept("one", 0, [{"id": "a", "version": 1, "versionNonce": 1}], "bob")
    database = world.web.app.database
    await delete_person(database, "bob")
    with closing(sqlite3.connect(database.path)) as connection:
        rows = connection.execute("SELECT element_id, person FROM strokes").fetchall()

    assert rows == [("a", "deleted")]


async def test_links_of_long_ago_are_forgotten(links: Links, clock: ManualClock) -> None:
    """When a new one is made."""
    token = await links.make(Role.OWNER, None, "ada", lasts=DAY)
    clock.advance(40 * DAY.total_seconds())
    with pytest.raises(LinkError, match="expired"):
        await links.read(token)
    await links.make(Role.OWNER, None, "ada", lasts=DAY)

    with pytest.raises(LinkError, match="deleted"):
        await links.read(token)
