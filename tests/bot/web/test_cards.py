"""Scorecards and pictures of the board in the browser: who sees them, and how they are sent."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import httpx2
import pytest
from console_samples import ANSWER, FINISHED, OPEN

from bot.console.cards import OWNER
from bot.rendering import PictureError
from bot.web.cards import card_routes
from bot.web.context import Web
from bot.web.links import Links, Role
from bot.web.live_boards import LiveBoards
from bot.web.serving import open_web
from bot.wiring import App
from scoring.render.replay import Replay, replays
from scoring.render.timeline import Drawing
from scoring.scorecard import Scorecard
from storage.scenes import SceneLog
from storage.scorecards import delete_interview, insert_card, load_scorecard
from storage.tables import BOARDS, PLACES, SCORECARDS, STROKES

HOUR = timedelta(hours=1)
PNG = b"\x89PNG\r\n\x1a\n"
Browser = Callable[[Role, str | None], Awaitable[httpx2.AsyncClient]]


@pytest.fixture
async def web(app: App) -> Web:
    """The routes' collaborators on the played home; nobody talks here."""
    clock = app.services.clock
    boards = LiveBoards(SceneLog(app.database, clock), app.services.store)
    return Web(app, Links(app.database, clock), boards, interviews=None, talks=None)


@pytest.fixture
async def browser(web: Web) -> AsyncIterator[Browser]:
    """Browsers that came in by a link of a role."""
    opened: list[httpx2.AsyncClient] = []

    async def come_in(role: Role, interview: str | None = FINISHED) -> httpx2.AsyncClient:
        client = httpx2.AsyncClient(base_url=address)
        opened.append(client)
        token = await web.links.make(role, interview, OWNER, lasts=HOUR)
        assert (await client.get(f"/l/{token}")).status_code == 303
        return client

    async with open_web(web, "127.0.0.1", 0, card_routes(web)) as address:
        yield come_in
        for one in opened:
            await one.aclose()


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.READER])
async def test_a_card_is_shown_to_whom_it_belongs_and_to_its_readers(
    browser: Browser, role: Role
) -> None:
    """With transcript and board, and a way to take it along."""
    page = await (await browser(role)).get(f"/i/{FINISHED}/scorecard")
    assert page.status_code == 200
    assert ANSWER.split(";")[0] in page.text
    assert 'class="frame end"' in page.text
    assert 'href="scorecard.html"' in page.text
    assert "All your interviews" not in page.text


async def test_an_owner_has_a_way_back(browser: Browser) -> None:
    """To the other interviews."""
    page = await (await browser(Role.OWNER, None)).get(f"/i/{FINISHED}/scorecard")
    assert "All your interviews" in page.text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
@pytest.mark.parametrize("path", ["scorecard", "scorecard.html"])
async def test_a_link_to_the_board_opens_no_card(browser: Browser, role: Role, path: str) -> None:
    """Neither the page nor the file."""
    answer = await (await browser(role)).get(f"/i/{FINISHED}/{path}")
    assert answer.status_code == 401
    assert ANSWER.split(";")[0] not in answer.text


async def test_without_a_link_there_is_nothing(browser: Browser) -> None:
    """Neither with one to another interview; one that there is not looks the same."""
    other = await browser(Role.READER, OPEN)
    for interview in (FINISHED, "nowhere1"):
        for path in ("scorecard", "scorecard.html", "board.svg", "board.png"):
            assert (await other.get(f"/i/{interview}/{path}")).status_code == 401


async def test_a_revoked_link_shows_nothing_more(browser: Browser, web: Web) -> None:
    """From the next request on."""
    reader = await browser(Role.READER)
    await web.links.revoke_of(FINISHED)
    assert (await reader.get(f"/i/{FINISHED}/scorecard")).status_code == 401


async def test_the_page_may_run_its_own_script_alone(browser: Browser) -> None:
    """The header allows what the page's own policy does, and nobody may frame it or keep it."""
    page = await (await browser(Role.READER)).get(f"/i/{FINISHED}/scorecard")
    header = page.headers["content-security-policy"]
    own = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page.text)
    assert own is not None
    assert header == f"{own[1]}; frame-ancestors 'none'"
    assert "unsafe" not in header
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_the_file_leads_nowhere(browser: Browser) -> None:
    """It is sent to be kept, under a name of its own, without ways to other pages."""
    answer = await (await browser(Role.READER)).get(f"/i/{FINISHED}/scorecard.html")
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="hotseat-{FINISHED}.html"'
    )
    assert 'href="scorecard.html"' not in answer.text
    assert all(one.startswith(("#", "data:")) for one in re.findall(r'href="([^"]*)"', answer.text))


async def test_an_open_interview_says_how_to_go_on(browser: Browser) -> None:
    """Its candidate is led back; a reader is told to wait."""
    mine = await (await browser(Role.CANDIDATE, OPEN)).get(f"/i/{OPEN}/scorecard")
    theirs = await (await browser(Role.READER, OPEN)).get(f"/i/{OPEN}/scorecard.html")
    assert (mine.status_code, theirs.status_code) == (404, 404)
    assert "still going on" in mine.text
    assert "Go on with the interview" in mine.text
    assert "Go on with the interview" not in theirs.text


async def test_a_card_that_is_not_made_yet_says_so(browser: Browser, app: App) -> None:
    """As after a crash right at the end."""
    await app.database.run(lambda connection: connection.execute(SCORECARDS.delete()))
    page = await (await browser(Role.READER)).get(f"/i/{FINISHED}/scorecard")
    assert page.status_code == 404
    assert "not made yet" in page.text


async def test_a_damaged_card_is_no_fault_of_the_page(browser: Browser, app: App) -> None:
    """It says where to look, and nothing of what is stored."""
    await app.database.run(lambda c: c.execute(SCORECARDS.update().values(card="{half a card")))
    page = await (await browser(Role.READER)).get(f"/i/{FINISHED}/scorecard")
    assert page.status_code == 503
    assert "hotseat doctor" in page.text
    assert "half a card" not in page.text


async def place(app: App, *, rate_first: bool) -> None:
    row = {
        "interview_id": FINISHED,
        "kind": "dm",
        "channel": "1",
        "heard": "1",
        "rate_first": rate_first,
        "closed": False,
    }
    await app.database.run(lambda connection: connection.execute(PLACES.insert().values(row)))


async def test_a_card_to_be_rated_first_stays_closed(browser: Browser, app: App) -> None:
    """Also to readers; and asking does not open it."""
    await place(app, rate_first=True)
    for role in (Role.CANDIDATE, Role.READER, Role.CANDIDATE):
        page = await (await browser(role)).get(f"/i/{FINISHED}/scorecard")
        assert page.status_code == 404
        assert "still closed" in page.text


@pytest.mark.parametrize(("role", "seen"), [(Role.CANDIDATE, True), (Role.READER, False)])
async def test_whoever_has_seen_their_card_rates_no_longer_blind(
    browser: Browser, app: App, role: Role, *, seen: bool
) -> None:
    """A reader's look is not the candidate's."""
    await place(app, rate_first=False)
    await (await browser(role)).get(f"/i/{FINISHED}/scorecard")
    rows = await app.database.run(
        lambda connection: connection.exec_driver_sql("SELECT card_opened_at FROM own_sheets").all()
    )
    assert bool(rows) is seen


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.READER])
async def test_the_board_is_a_picture_for_everybody_who_may_come_in(
    browser: Browser, role: Role
) -> None:
    """In both forms and both themes, the latest unless a revision is named."""
    client = await browser(role)
    light, dark, first = [
        await client.get(f"/i/{FINISHED}/board.svg{query}")
        for query in ("", "?theme=dark", "?revision=1")
    ]
    assert light.headers["content-type"] == "image/svg+xml"
    assert light.content == first.content != dark.content
    assert "model" in light.text
    assert light.headers["content-security-policy"].startswith("default-src 'none'")
    png = await client.get(f"/i/{FINISHED}/board.png")
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(PNG)


async def test_a_picture_that_cannot_be_drawn_is_said_so(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is there, the picture is not, and the answer says when to try again."""

    def broken(*_: object, **more: object) -> bytes:
        raise PictureError

    monkeypatch.setattr("bot.web.cards.scene_png", broken)
    client = await browser(Role.OWNER, None)
    answer = await client.get(f"/i/{FINISHED}/board.png")
    assert answer.status_code == 503
    assert "could not be drawn" in answer.text


@pytest.mark.parametrize("path", ["board.svg", "board.png", "board.svg?revision=1"])
async def test_a_link_to_the_card_shows_no_board_before_there_is_one(
    browser: Browser, path: str
) -> None:
    """What is drawn is for those who were let in to see it; a second link lets them."""
    reader = await browser(Role.READER, OPEN)
    answer = await reader.get(f"/i/{OPEN}/{path}")
    viewer = await browser(Role.VIEWER, OPEN)
    viewer.cookies.update(reader.cookies)

    assert answer.status_code == 404
    assert "when the interview is over" in answer.text
    assert (await viewer.get(f"/i/{OPEN}/board.svg")).status_code == 200


async def draw_live(app: App) -> None:
    """Something was drawn, and something else after the interviewer had looked."""
    log = SceneLog(app.database, app.services.clock)
    base = {"type": "rectangle", "x": 0, "y": 0, "width": 9, "height": 9, "versionNonce": 1}
    label = base | {"type": "text", "originalText": "", "fontSize": 18, "containerId": None}
    first = [label | {"id": "a", "version": 1, "text": "Early"}]
    seq = await log.accept(FINISHED, 0, first, OWNER)
    log.pin(FINISHED, seq)
    await log.accept(FINISHED, 0, [label | {"id": "a", "version": 2, "text": "Late"}], OWNER)
    await app.database.run(lambda c: c.execute(BOARDS.update().values(scene=seq)))


async def test_a_board_that_was_drawn_live_is_shown_as_it_was(browser: Browser, app: App) -> None:
    """At the stroke of its revision, not as it became."""
    await draw_live(app)
    reader = await browser(Role.READER)
    assert "Early" in (await reader.get(f"/i/{FINISHED}/board.svg")).text
    card = (await reader.get(f"/i/{FINISHED}/scorecard")).text
    assert "Early" in card
    assert "Late" not in card


async def test_a_card_whose_strokes_cannot_be_read_shows_what_was_read_of_them(
    browser: Browser, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    """Pictures of the boxes and arrows, and a line in the log without what was drawn."""
    await draw_live(app)
    await app.database.run(lambda c: c.execute(STROKES.update().values(element='{"id": "Early')))
    page = await (await browser(Role.READER)).get(f"/i/{FINISHED}/scorecard")
    assert page.status_code == 200
    assert 'class="frame end"' in page.text
    assert f"strokes of {FINISHED} cannot be read" in caplog.text
    assert "Early" not in page.text + caplog.text


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The revisions of the cards whose boards were drawn, each time that they were."""
    found: list[int] = []

    def noting(card: Scorecard, drawings: Sequence[Drawing]) -> Mapping[int, Replay]:
        found.append(card.revision)
        return replays(card, drawings)

    monkeypatch.setattr("bot.web.cards.replays", noting)
    return found


async def test_boards_of_a_card_are_drawn_once_for_many_looks(
    browser: Browser, drawn: list[int]
) -> None:
    """For the page and the file, for everybody who may see it."""
    pages = [
        await (await browser(role)).get(f"/i/{FINISHED}/{path}")
        for role in (Role.CANDIDATE, Role.READER)
        for path in ("scorecard", "scorecard.html")
    ]
    assert all('class="frame end"' in one.text for one in pages)
    assert drawn == [1]


async def test_another_revision_of_a_card_has_its_boards_drawn_anew(
    browser: Browser, drawn: list[int], app: App
) -> None:
    """What is evidence may have changed."""
    reader = await browser(Role.READER)
    await reader.get(f"/i/{FINISHED}/scorecard")
    card = await load_scorecard(app.database, FINISHED)
    later = card.model_copy(update={"revision": 2})
    now = app.services.clock.now()
    await app.database.run(lambda connection: insert_card(connection, FINISHED, later, now))
    assert "revision 2" in (await reader.get(f"/i/{FINISHED}/scorecard")).text
    assert drawn == [1, 2]


async def test_a_deleted_card_is_not_served_of_what_was_kept(
    browser: Browser, drawn: list[int], app: App
) -> None:
    """From the next request on, whatever is in memory still."""
    owner = await browser(Role.OWNER, None)
    assert "data:image/svg+xml" in (await owner.get(f"/i/{FINISHED}/scorecard")).text
    await delete_interview(app.database, FINISHED)
    page = await owner.get(f"/i/{FINISHED}/scorecard")
    assert (page.status_code, drawn) == (401, [1])
    assert "data:image/svg+xml" not in page.text


@pytest.mark.parametrize(
    ("query", "status"),
    [("?revision=99", 404), ("?revision=x", 404), ("?theme=pink", 400)],
)
async def test_what_there_is_not_is_said(browser: Browser, query: str, status: int) -> None:
    """Of revisions and themes."""
    answer = await (await browser(Role.READER)).get(f"/i/{FINISHED}/board.svg{query}")
    assert answer.status_code == status


async def test_a_board_before_anything_was_drawn_is_an_empty_picture(browser: Browser) -> None:
    """Which says so."""
    answer = await (await browser(Role.VIEWER, OPEN)).get(f"/i/{OPEN}/board.svg")
    assert "Nothing is on the board yet" in answer.text
