"""Who may do what: every kind of link on every route, with every method, and on both sockets."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from console_samples import FINISHED, OPEN
from console_samples import START as PLAYED_AT
from talk_world import DAY, SCENARIO, Follower, Hall, open_hall
from web_world import Page, box

from bot.web.links import Role
from bot.web.live_board import ONLY_WATCHING
from bot.web.sockets import Close
from bot.web.talk_socket import NOT_YOURS
from interviewer.state import EventKind
from scenarios.load import Library
from tests.bot.web.hand_clock import HandClock

LINKS: dict[str, tuple[Role, bool, str] | None] = {
    "owner": (Role.OWNER, False, "local"),
    "candidate": (Role.CANDIDATE, True, "local"),
    "editor": (Role.EDITOR, True, "local"),
    "viewer": (Role.VIEWER, True, "local"),
    "reader": (Role.READER, True, "local"),
    "nobody": None,
    "another owner": (Role.OWNER, False, "somebody else"),
    "candidate of another": (Role.CANDIDATE, False, "local"),
    "editor of another": (Role.EDITOR, False, "local"),
    "reader of another": (Role.READER, False, "local"),
}
"""Role, whether it is for the interview that is asked for, and person of each link."""

OWN = ("owner", "candidate")
AT_BOARD = (*OWN, "editor", "viewer")
AT_CARD = (*OWN, "reader")
METHODS = ("PUT", "PATCH", "DELETE", "POST")
ANSWER = "A token is a piece of a word, and both context and price are counted in tokens."


@pytest.fixture
async def hall(tmp_path: Path, played_home: Path, library: Library) -> AsyncIterator[Hall]:
    """A served page with an interview that goes on and one that is over."""
    home = tmp_path / "played"
    shutil.copytree(played_home, home)
    async with open_hall(home, library, HandClock(PLAYED_AT + DAY)) as opened:
        yield opened


async def cookie_of(hall: Hall, who: str, interview: str) -> str:
    """What the browser of such a person sends; empty for nobody."""
    if (link := LINKS[who]) is None:
        return ""
    role, matches, person = link
    other = FINISHED if interview == OPEN else OPEN
    target = None if role is Role.OWNER else interview if matches else other
    return await hall.cookie(role, target, person)


def expected(who: str, allowed: tuple[str, ...], status: int = 200) -> int:
    """What they get: the status where they are allowed, else that they need a link."""
    return status if who in allowed else 401


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("who", LINKS)
async def test_what_is_shown_while_an_interview_goes_on(hall: Hall, who: str, method: str) -> None:
    """The board to those at it, to nobody a card, and nothing of the board to readers."""
    wanted = {
        f"/i/{OPEN}/": expected(who, AT_BOARD),
        f"/i/{OPEN}/scorecard": expected(who, AT_CARD, 404),
        f"/i/{OPEN}/scorecard.html": expected(who, AT_CARD, 404),
    }
    for picture in ("board.svg", "board.png", "board.svg?revision=1"):
        early = 404 if "revision" in picture else 200
        path = f"/i/{OPEN}/{picture}"
        wanted[path] = 404 if who == "reader" else expected(who, AT_BOARD, early)
    async with hall.browser(await cookie_of(hall, who, OPEN)) as browser:
        seen = {path: (await browser.request(method, path)).status_code for path in wanted}

    assert seen == wanted


@pytest.mark.parametrize("who", LINKS)
async def test_what_is_shown_of_an_interview_that_is_over(hall: Hall, who: str) -> None:
    """The card to its readers, the boards to everybody who was let in."""
    wanted = {
        f"/i/{FINISHED}/": expected(who, AT_BOARD),
        f"/i/{FINISHED}/scorecard": expected(who, AT_CARD),
        f"/i/{FINISHED}/scorecard.html": expected(who, AT_CARD),
        f"/i/{FINISHED}/board.svg": expected(who, (*AT_BOARD, "reader")),
        f"/i/{FINISHED}/board.png?revision=1": expected(who, (*AT_BOARD, "reader")),
    }
    async with hall.browser(await cookie_of(hall, who, FINISHED)) as browser:
        seen = {path: (await browser.get(path)).status_code for path in wanted}

    assert seen == wanted


@pytest.mark.parametrize("who", LINKS)
async def test_who_changes_anything_by_a_request(hall: Hall, who: str) -> None:
    """The candidate hands out links and takes them back; the owner begins rounds."""
    cookie = await cookie_of(hall, who, OPEN)
    before = await hall.links.of(OPEN)
    async with hall.browser(cookie) as browser:
        home = await browser.get("/")
        begun = await browser.post("/rounds", data={"item": SCENARIO})
        made = await browser.post(f"/i/{OPEN}/links", json={"role": "view"})
        revoked = await browser.post(f"/i/{OPEN}/links/revoke")
        others = {
            (await browser.request(method, f"/i/{OPEN}/{path}")).status_code
            for method in METHODS
            for path in ("", "scorecard", "scorecard.html", "board.svg", "board.png", "board")
        }

    owns = ("owner", "another owner")
    assert home.status_code == expected(who, owns)
    assert begun.status_code == expected(who, owns, 303)
    assert made.status_code == expected(who, OWN, 201)
    assert revoked.status_code == expected(who, OWN)
    assert others <= {404, 405}
    assert await hall.links.of(OPEN) == before


@pytest.mark.parametrize("who", LINKS)
async def test_who_draws(hall: Hall, who: str) -> None:
    """Editors do, viewers are refused by the server, and nobody else is at the board."""
    await hall.house.talk(OPEN)
    socket = hall._socket(OPEN, "board", Role.VIEWER, await cookie_of(hall, who, OPEN) or "none=")
    async with socket as connection:
        page = Page(connection)
        if who not in AT_BOARD:
            assert await page.closed() == Close.NO_LINK
            assert page.seen == []
            return
        await page.until(lambda: page.you != "")
        seq = await page.draw(box("a"))
        await page.until(lambda: seq in page.acked or seq in page.refused)
    stored = (await hall.web.boards.read(OPEN)).elements

    if who == "viewer":
        assert (page.role, page.refused[seq], stored) == ("view", ONLY_WATCHING, {})
    else:
        assert (page.role, list(stored)) == ("edit", ["a"])


@pytest.mark.parametrize("who", LINKS)
async def test_who_talks(hall: Hall, who: str) -> None:
    """The candidate does; guests hear nothing of it, and nobody else is told anything at all."""
    cookie = await cookie_of(hall, who, OPEN) or "none="
    async with hall._socket(OPEN, "talk", Role.VIEWER, cookie) as connection:
        page = Follower(connection)
        if who not in AT_BOARD:
            assert await page.closed() == Close.NO_LINK
            return
        await page.until(lambda: bool(page.state))
        asked = [await page.do("hint"), await page.say(ANSWER)]
        await page.until(lambda: {*asked} <= {*page.taken, *page.refused})
    kinds = await hall.kinds(OPEN)

    if who in OWN:
        assert page.taken == asked
        assert {EventKind.HINT, EventKind.SAID} <= {*kinds}
    else:
        assert page.refused == dict.fromkeys(asked, NOT_YOURS)
        assert kinds == [EventKind.BEGAN]
        assert {told["type"] for told in page.seen} == {"state", "refused"}


@pytest.mark.parametrize("how", ["revoked", "all ended", "expired"])
@pytest.mark.parametrize("who", ["owner", "candidate", "viewer", "reader"])
async def test_a_link_that_is_over_opens_nothing(hall: Hall, who: str, how: str) -> None:
    """No page, no picture, no change and no socket, with the cookie of better days."""
    cookie = await cookie_of(hall, who, OPEN)
    if how == "expired":
        hall.clock.advance(2 * DAY.total_seconds())
    elif how == "revoked":
        await hall.links.revoke((await hall.links.read_cookie(cookie.partition("=")[2])).link)
    else:
        await hall.links.end_all()
    async with hall.browser(cookie) as browser:
        shown = [await browser.get(f"/i/{OPEN}/{path}") for path in ("", "scorecard", "board.svg")]
        sent = [await browser.post(f"/i/{OPEN}/{path}") for path in ("links", "links/revoke")]
        home = [await browser.get("/"), await browser.post("/rounds", data={"item": SCENARIO})]
    codes = []
    for name in ("board", "talk"):
        async with hall._socket(OPEN, name, Role.VIEWER, cookie) as connection:
            codes.append(await Page(connection).closed())

    assert {answer.status_code for answer in (*shown, *sent, *home)} == {401}
    assert codes == [Close.NO_LINK, Close.NO_LINK]
