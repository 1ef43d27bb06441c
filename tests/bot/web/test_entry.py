"""A link is exchanged for a cookie, and pages say what to do without one."""

import logging
from http.cookies import SimpleCookie

import httpx2
import pytest
from web_world import DAY, World, serve_anew

from bot.web.entry import cookie_name
from bot.web.links import Role
from interviewer.clock import ManualClock

HOMES = {
    Role.OWNER: ("/", "/"),
    Role.CANDIDATE: ("/i/one/", "/i/one"),
    Role.EDITOR: ("/i/one/", "/i/one"),
    Role.VIEWER: ("/i/one/", "/i/one"),
    Role.READER: ("/i/one/scorecard", "/i/one"),
    Role.ENTRANCE: ("/", "/"),
}
TO_ALL = (Role.OWNER, Role.ENTRANCE)


async def token_of(world: World, role: Role) -> str:
    return await world.links.make(role, None if role in TO_ALL else "one", "ada", lasts=DAY)


def cookie_in(answer: httpx2.Response, role: Role) -> dict[str, str]:
    """The one cookie of the answer, with its attributes."""
    role = Role.OWNER if role is Role.ENTRANCE else role
    cookies = SimpleCookie(answer.headers["set-cookie"])
    assert list(cookies) == [cookie_name(role)]
    morsel = cookies[cookie_name(role)]
    return {"value": morsel.value, **{name: str(value) for name, value in morsel.items()}}


@pytest.mark.parametrize("role", Role)
async def test_a_link_leads_home_with_a_cookie(world: World, role: Role) -> None:
    """The cookie is for this place alone and out of reach of scripts; the token is left behind."""
    token = await token_of(world, role)
    async with world.browser() as browser:
        answer = await browser.get(f"/l/{token}")

    home, path = HOMES[role]
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = cookie_in(answer, role)
    # An owner's is as long as browsers keep one: it is renewed on this side.
    lasts = "34560000" if role in TO_ALL else "86400"
    assert (cookie["path"], cookie["max-age"]) == (path, lasts)
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == ("True", "lax", "")
    assert token not in cookie["value"]
    grant = await world.links.read_cookie(cookie["value"])
    assert grant.role is (Role.OWNER if role is Role.ENTRANCE else role)


AHEAD = (
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Purpose": "preview"},
    {"X-Moz": "prefetch"},
)


@pytest.mark.parametrize("role", [Role.ENTRANCE, Role.VIEWER])
async def test_who_only_looks_at_a_link_does_not_follow_it(world: World, role: Role) -> None:
    """Neither what asks for its head, nor a browser that loads it ahead, uses a link up."""
    token = await token_of(world, role)
    async with world.browser() as browser:
        looks = [await browser.head(f"/l/{token}")]
        looks += [await browser.get(f"/l/{token}", headers=sent) for sent in AHEAD]
        entered = await browser.get(f"/l/{token}")

    assert {look.status_code for look in looks} == {204, 503}
    assert not any("set-cookie" in look.headers for look in looks)
    assert entered.status_code == 303


async def test_no_token_is_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Of a link that is good, revoked or not ours, and of its cookie."""
    caplog.set_level(logging.DEBUG)
    good, ended = await token_of(world, Role.EDITOR), await token_of(world, Role.VIEWER)
    await world.links.revoke((await world.links.read(ended)).link)
    cookie = await world.links.cookie_of(good)
    async with world.browser(headers={"Cookie": f"hotseat_editor={cookie}"}) as browser:
        for path in (f"/l/{good}", f"/l/{ended}", f"/l/{good}x", "/i/one/", "/i/two/"):
            await browser.get(path)
    # The browser of the test notes what it asks for.
    ours = [one for one in caplog.records if not one.name.startswith("http")]
    written = "".join(one.getMessage() + str(one.exc_info) for one in ours)

    assert not [secret for secret in (good, ended, cookie) if secret in written]


@pytest.mark.parametrize("role", Role)
async def test_behind_https_the_cookie_keeps_to_it(world: World, role: Role) -> None:
    """Where the proxy says so."""
    token = await token_of(world, role)
    async with world.browser(headers={"X-Forwarded-Proto": "https"}) as browser:
        assert cookie_in(await browser.get(f"/l/{token}"), role)["secure"]


async def test_behind_a_public_address_with_https_too(world: World) -> None:
    """Where the settings say so."""
    token = await token_of(world, Role.OWNER)
    async with serve_anew(world, web_address="https://hotseat.example") as public:
        assert public.public == "https://hotseat.example"
        async with public.browser() as browser:
            assert cookie_in(await browser.get(f"/l/{token}"), Role.OWNER)["secure"]


@pytest.mark.parametrize("what", ["forged", "expired", "revoked"])
async def test_a_link_that_opens_nothing_says_why(
    world: World, clock: ManualClock, what: str
) -> None:
    """On a page for people, with what to do, and without a cookie."""
    token = await token_of(world, Role.EDITOR)
    if what == "forged":
        token = "x" + token
    elif what == "expired":
        clock.advance(DAY.total_seconds())
    else:
        await world.links.revoke_of("one")
    async with world.browser() as browser:
        answer = await browser.get(f"/l/{token}")

    reason = {"forged": "not made here", "expired": "expired", "revoked": "revoked"}[what]
    assert answer.status_code == 410
    assert "set-cookie" not in answer.headers
    assert "<h1>This link is over</h1>" in answer.text
    assert reason in answer.text
    assert "Ask for a new one" in answer.text


async def test_a_page_without_a_link_says_how_to_get_one(world: World) -> None:
    """An interview that there is looks like one that there is not."""
    async with world.browser() as browser:
        answers = [await browser.get(f"/i/{interview}/") for interview in ("one", "none")]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text == answers[1].text
    assert "<h1>You need a link</h1>" in answers[0].text
    assert "make one with `hotseat web`" in answers[0].text


async def test_our_client_is_told_in_json(world: World) -> None:
    """The same reason, where it asks for JSON."""
    async with world.browser(headers={"Accept": "application/json"}) as browser:
        answer = await browser.get("/i/one/")

    assert answer.status_code == 401
    assert answer.json() == {
        "error": "This page opens with a link, and this browser has none for it."
    }


async def test_an_expired_cookie_is_told_from_none(world: World, clock: ManualClock) -> None:
    """So that people know that they need a new link, not another browser."""
    cookie = await world.cookie(Role.EDITOR)
    clock.advance(DAY.total_seconds())
    async with world.browser(headers={"Cookie": cookie}) as browser:
        answer = await browser.get("/i/one/")

    assert answer.status_code == 401
    assert "expired" in answer.text


async def test_an_owner_who_comes_every_day_is_never_put_out(
    world: World, clock: ManualClock
) -> None:
    """Though the link was made for one; who stays away for longer needs a new one."""
    async with world.browser(headers={"Cookie": await world.cookie(Role.OWNER, None)}) as browser:
        seen = []
        for hours in (20, 20, 20, 25):
            clock.advance(3_600 * hours)
            seen.append((await browser.get("/i/one/")).status_code)

    assert 401 not in seen[:3]
    assert seen[3] == 401


async def test_one_s_own_link_counts_beside_one_for_others(world: World) -> None:
    """Trying out the link for viewers takes nothing from a candidate."""
    cookies = [await world.cookie(role) for role in (Role.VIEWER, Role.CANDIDATE)]
    async with world.page(cookie="; ".join(cookies)) as page:
        assert page.role == "edit"


async def test_a_reader_s_link_does_not_open_the_board(world: World) -> None:
    """It is good for the card alone."""
    async with world.browser(headers={"Cookie": await world.cookie(Role.READER)}) as browser:
        answer = await browser.get("/i/one/")

    assert answer.status_code == 401
    assert "does not open this page" in answer.text
