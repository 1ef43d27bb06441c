"""What holds for every request: headers, origins, sizes; faults are told without words."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from web_world import World, serve_anew

from bot.web.limits import (
    MOST_BODY_BYTES,
    MOST_PER_ADDRESS,
    MOST_PER_BOARD,
    Allowance,
    Seats,
    TooManyError,
)
from bot.web.security import BOARD_POLICY, PAGE_POLICY, read_json
from interviewer.clock import ManualClock
from storage.errors import DiskFullError

OUTSIDE = ("http:", "https:", "//", "*", "unsafe-eval")
WORDS = "unmistakable"


async def change(request: Request) -> Response:
    """Counts, whether it reads the body or not."""
    request.app.state.changes = getattr(request.app.state, "changes", 0) + 1
    return PlainTextResponse("changed")


async def length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def echo(request: Request) -> Response:
    return JSONResponse(await read_json(request))


async def fault(request: Request) -> Response:
    words = request.headers["words"]
    raise ZeroDivisionError(words)


async def full_disk(request: Request) -> Response:
    raise DiskFullError(f"the disk of {WORDS} is full")


ROUTES = [
    Route("/change", change, methods=["POST"]),
    Route("/length", length, methods=["POST"]),
    Route("/echo", echo, methods=["POST"]),
    Route("/fault", fault),
    Route("/full", full_disk),
]


@pytest.fixture
async def served(world: World) -> AsyncIterator[World]:
    """The page with routes that change something and that fail."""
    async with serve_anew(world, routes=ROUTES) as served:
        yield served


def own(world: World) -> dict[str, str]:
    """As a browser says that our own page asks."""
    return {"Origin": world.address, "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("policy", [PAGE_POLICY, BOARD_POLICY])
def test_nothing_is_loaded_from_elsewhere(policy: str) -> None:
    """Nor is text run as a script, nor may another page show ours."""
    directives = dict(part.split(" ", 1) for part in policy.split("; "))

    assert not [part for part in OUTSIDE if part in policy]
    assert directives["script-src"] == "'self'"
    assert directives["default-src"] == directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"


@pytest.mark.parametrize("path", ["/i/one/", "/nowhere", "/l/none", "/fault", "/full"])
async def test_every_answer_has_its_headers(served: World, path: str) -> None:
    """Also one of an error."""
    async with served.browser(headers={"words": WORDS}) as browser:
        headers = (await browser.get(path)).headers

    assert headers["content-security-policy"] == PAGE_POLICY
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "own", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "own"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "own", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "own", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "own", "Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "file://own"}, 403),
    ],
)
async def test_only_our_pages_change_anything(
    served: World, headers: dict[str, str], status: int
) -> None:
    """Whatever else a browser is made to send, the route behind does not run."""
    given = {name: value.replace("own", served.address) for name, value in headers.items()}
    async with served.browser(headers=given) as browser:
        answer = await browser.post("/change")

    assert answer.status_code == status
    assert (answer.text == "changed") == (status == 200)
    if status == 403:
        assert "This came from another page" in answer.text


async def test_pages_at_the_public_address_are_ours(world: World) -> None:
    """Behind a proxy that asks for another host than browsers do."""
    async with serve_anew(world, routes=ROUTES, web_address="https://hotseat.example/") as served:
        async with served.browser(headers={"Origin": "https://hotseat.example"}) as browser:
            assert (await browser.post("/change")).status_code == 200
        async with served.browser(headers={"Origin": "https://hotseat.example.evil"}) as browser:
            assert (await browser.post("/change")).status_code == 403


async def test_a_body_may_be_only_so_large(served: World) -> None:
    """Announced or not."""

    async def drops() -> AsyncIterator[bytes]:
        for _ in range(MOST_BODY_BYTES // 1024 + 1):
            yield b"x" * 1024

    async with served.browser(headers=own(served)) as browser:
        fits = await browser.post("/length", content=b"x" * MOST_BODY_BYTES)
        announced = await browser.post("/length", content=b"x" * (MOST_BODY_BYTES + 1))
        dropped = await browser.post("/length", content=drops())

    assert fits.text == str(MOST_BODY_BYTES)
    assert (announced.status_code, dropped.status_code) == (413, 413)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"a": 1}', "application/json", 200),
        (b'{"a": 1}', "application/json; charset=utf-8", 200),
        (b'{"a": 1}', "text/plain", 415),
        (b'{"a": 1}', "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 30_000, "application/json", 400),
    ],
)
async def test_json_is_taken_as_json_only(
    served: World, content: bytes, kind: str, status: int
) -> None:
    """A form of another page cannot pretend to be our client."""
    async with served.browser(headers=own(served) | {"Content-Type": kind}) as browser:
        answer = await browser.post("/echo", content=content)

    assert answer.status_code == status


async def test_a_fault_has_a_number_and_no_words(
    served: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The person gets a page with the number under which the log says where it was."""
    async with served.browser(headers={"words": WORDS}) as browser:
        answer = await browser.get("/fault")

    number = answer.text.partition("reference ")[2][:8]
    assert answer.status_code == 500
    assert f"fault {number} in a page: ZeroDivisionError" in caplog.text
    assert WORDS not in caplog.text + answer.text


async def test_a_full_disk_is_told_without_paths(served: World) -> None:
    """As something that passes."""
    async with served.browser() as browser:
        answer = await browser.get("/full")

    assert answer.status_code == 503
    assert "cannot be stored or read now" in answer.text
    assert WORDS not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/change", 405)]
)
async def test_what_is_not_there_says_so(
    served: World, method: str, path: str, status: int
) -> None:
    """In words, not in the name of a status."""
    async with served.browser(headers=own(served)) as browser:
        answer = await browser.request(method, path)

    assert answer.status_code == status
    assert "There is no such page." in answer.text


def test_an_allowance_fills_up_again(clock: ManualClock) -> None:
    """So much a second, and no more than its most."""
    allowance = Allowance(clock, per_s=2, at_once=3)

    assert [allowance.take() for _ in range(4)] == [True, True, True, False]
    clock.advance(0.5)
    assert [allowance.take() for _ in range(2)] == [True, False]
    clock.advance(3_600)
    assert [allowance.take(3), allowance.take()] == [True, False]


def test_seats_are_counted_by_board_and_by_address() -> None:
    """Who is sent away takes none, and who leaves frees theirs."""
    seats = Seats()
    with pytest.raises(TooManyError):
        _sit(seats, "board", "here", MOST_PER_BOARD + 1)
    with pytest.raises(TooManyError):
        _sit(seats, "", "here", MOST_PER_ADDRESS + 1)
    _sit(seats, "board", "here", MOST_PER_BOARD)


def _sit(seats: Seats, board: str, address: str, count: int) -> None:
    """So many at once; without a board each at one of their own."""
    if count:
        with seats.taken(board or str(count), address):
            _sit(seats, board, address, count - 1)


async def test_a_request_that_is_given_up_is_nobody_s_fault(
    served: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The browser left in the middle of its body."""
    host, _, port = served.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /length HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {served.address}\r\n"
    writer.write(f"{head}Content-Length: 100\r\n\r\nabc".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with served.browser(headers=own(served)) as browser:
        assert (await browser.post("/change")).status_code == 200

    assert "fault" not in caplog.text
    assert reader is not None
