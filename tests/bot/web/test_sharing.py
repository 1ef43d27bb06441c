"""Links that a candidate hands out from the page, and takes back."""

import httpx2
import pytest
from web_world import World, serve_anew

from bot.web.entry import cookie_name
from bot.web.links import Role
from bot.web.sharing import MOST_OPEN


async def post(
    world: World, path: str, cookie: str | None, asked: object = None, **headers: str
) -> httpx2.Response:
    """As the page sends it."""
    sent = {"Origin": world.address, **headers}
    if cookie is not None:
        sent["Cookie"] = cookie
    async with world.browser() as browser:
        return await browser.post(path, json=asked, headers=sent)


async def enter(world: World, address: str) -> httpx2.Response:
    """Follow a link."""
    async with world.browser() as browser:
        return await browser.get(address.removeprefix(world.address))


@pytest.mark.parametrize(
    ("asked", "role", "leads_to"),
    [
        ("edit", Role.EDITOR, "/i/one/"),
        ("view", Role.VIEWER, "/i/one/"),
        ("card", Role.READER, "/i/one/scorecard"),
    ],
)
async def test_a_link_opens_what_it_was_made_for(
    world: World, asked: str, role: Role, leads_to: str
) -> None:
    """Its address is given, and whoever follows it has that role."""
    candidate = await world.cookie(Role.CANDIDATE)

    made = await post(world, "/i/one/links", candidate, {"role": asked})
    entered = await enter(world, made.json()["address"])

    assert made.status_code == 201
    assert entered.headers["location"] == leads_to
    assert entered.headers["set-cookie"].startswith(f"{cookie_name(role)}=")


async def test_all_that_was_handed_out_is_taken_back(world: World) -> None:
    """The candidate's own link stays, and others' links into other interviews too."""
    candidate = await world.cookie(Role.CANDIDATE)
    other = await world.cookie(Role.CANDIDATE, "two", "bob")
    made = [await post(world, "/i/one/links", candidate, {"role": "view"}) for _ in range(2)]
    elsewhere = await post(world, "/i/two/links", other, {"role": "view"})

    told = await post(world, "/i/one/links/revoke", candidate)

    assert told.json() == {"revoked": 2}
    assert [(await enter(world, one.json()["address"])).status_code for one in made] == [410, 410]
    assert (await enter(world, elsewhere.json()["address"])).status_code == 303
    assert (await post(world, "/i/one/links", candidate, {"role": "edit"})).status_code == 201


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.READER])
async def test_who_was_let_in_lets_nobody_in(world: World, role: Role) -> None:
    """A link cannot be turned into another one, nor take others' away."""
    cookie = await world.cookie(role)

    made = await post(world, "/i/one/links", cookie, {"role": "card"})
    revoked = await post(world, "/i/one/links/revoke", cookie)

    assert (made.status_code, revoked.status_code) == (401, 401)


async def test_another_interviews_candidate_makes_none(world: World) -> None:
    """Nor does somebody without a link."""
    other = await world.cookie(Role.CANDIDATE, "two", "bob")

    assert (await post(world, "/i/one/links", other, {"role": "view"})).status_code == 401
    assert (await post(world, "/i/one/links", None, {"role": "view"})).status_code == 401


@pytest.mark.parametrize("asked", [{}, [], {"role": "owner"}, {"role": ["edit"]}, "edit"])
async def test_other_roles_are_not_handed_out(world: World, asked: object) -> None:
    """Neither the candidate's own nor any that there is not."""
    candidate = await world.cookie(Role.CANDIDATE)

    refused = await post(world, "/i/one/links", candidate, asked)

    assert refused.status_code == 400
    assert "edit, view or card" in refused.text


async def test_a_page_from_elsewhere_makes_none(world: World) -> None:
    """Browsers say where a request comes from."""
    candidate = await world.cookie(Role.CANDIDATE)

    refused = await post(
        world, "/i/one/links", candidate, {"role": "edit"}, Origin="https://elsewhere.example"
    )

    assert refused.status_code == 403
    assert [one.role for one in await world.links.of("one")] == [Role.CANDIDATE]


async def test_links_have_a_number(world: World) -> None:
    """Nobody fills the database with them; the candidate's own take nothing of it."""
    candidate = await world.cookie(Role.CANDIDATE)
    for number in range(2 * MOST_OPEN):
        await world.cookie(Role.VIEWER if number % 2 else Role.CANDIDATE)

    refused = await post(world, "/i/one/links", candidate, {"role": "view"})

    revoked = await post(world, "/i/one/links/revoke", candidate)

    assert refused.status_code == 409
    assert "Revoke" in refused.text
    assert revoked.json() == {"revoked": MOST_OPEN}
    assert (await post(world, "/i/one/links", candidate, {"role": "view"})).status_code == 201


@pytest.mark.parametrize(
    ("address", "local"),
    [
        (None, True),
        ("http://localhost:8484", True),
        ("http://[::1]:8484", True),
        ("https://board.example.org", False),
        ("http://192.168.0.7:8484", False),
    ],
)
async def test_it_is_said_where_a_link_can_be_used(
    world: World, address: str | None, local: bool
) -> None:
    """One to this machine is of no use to somebody at another."""
    candidate = await world.cookie(Role.CANDIDATE)
    async with serve_anew(world, web_address=address) as served:
        made = await post(served, "/i/one/links", candidate, {"role": "view"})

    assert made.json()["local"] is local
