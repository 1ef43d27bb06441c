"""The server starts, says where it is, stops in order; and what it serves of the built page."""

import gzip
import signal
import socket
from pathlib import Path

import pytest
from web_world import World, box, serve_anew

from bot.doors import UsageError
from bot.web.links import Role
from bot.web.security import BOARD_POLICY
from bot.web.serving import open_web
from bot.web.static_files import Bundle
from storage.scenes import scene_at

SCRIPT = "console.log('hotseat');" * 100


async def test_a_taken_port_is_said_with_what_to_do(world: World) -> None:
    """Before anything is served."""
    port = int(world.address.rpartition(":")[2])
    with pytest.raises(UsageError, match=rf"127\.0\.0\.1:{port} .*HOTSEAT_WEB_PORT"):
        async with open_web(world.web, "127.0.0.1", port):
            pass


@pytest.mark.parametrize("host", ["203.0.113.9", "no such host"])
async def test_an_address_of_elsewhere_is_said_too(
    world: World, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And names the setting."""

    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    if host == "no such host":
        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    else:
        monkeypatch.setattr(socket.socket, "bind", lambda *_: _not_ours())
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [_anywhere(host)])
    with pytest.raises(UsageError, match="HOTSEAT_WEB_HOST"):
        async with open_web(world.web, host, 0):
            pass


def _not_ours() -> None:
    raise OSError(99, "Cannot assign requested address")


def _anywhere(host: str) -> tuple[object, ...]:
    return (socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, 0))


async def test_everywhere_is_shown_as_this_machine(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that a browser can open."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [_anywhere("127.0.0.1")])
    async with open_web(world.web, "0.0.0.0", 0) as address:  # noqa: S104
        assert address.startswith("http://localhost:")


async def test_signals_stay_with_the_process(world: World) -> None:
    """Who runs the server decides what Ctrl+C does."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with world.page():
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_a_stop_stores_what_was_drawn_and_tells_the_pages(world: World) -> None:
    """They are told to come again, and the strokes of the last moment are there."""
    async with serve_anew(world) as served, served.page() as ada:
        await ada.draw(box("a"))
        await ada.draw(box("b"))
        await ada.until(lambda: 2 in ada.acked)
        assert served.stop is not None
        await served.stop()
        assert await ada.closed() == 1012
    stored = await scene_at(world.web.app.database, "one", 9)
    assert {one["id"] for one in stored} == {"a", "b"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A page as the build makes it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Board</title>")
    (folder / "assets" / "index-AbC123.js").write_text(SCRIPT)
    (folder / "assets" / "font-AbC123.woff2").write_bytes(b"wOF2")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


async def test_hashed_files_are_kept_for_ever_and_others_asked_for(
    world: World, built: Path
) -> None:
    """Compressed where that helps; a copy that is good is not sent again."""
    async with serve_anew(world, built=built) as served, served.browser() as browser:
        script = await browser.get("/static/assets/index-AbC123.js")
        font = await browser.get("/static/assets/font-AbC123.woff2")
        index = await browser.get("/static/index.html")
        again = await browser.get(
            "/static/index.html", headers={"If-None-Match": index.headers["etag"]}
        )
        plain = await browser.get(
            "/static/assets/index-AbC123.js", headers={"Accept-Encoding": "identity"}
        )

    assert script.text == plain.text == SCRIPT
    assert script.headers["content-encoding"] == "gzip"
    assert int(script.headers["content-length"]) == len(gzip.compress(SCRIPT.encode(), 6, mtime=0))
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert "content-encoding" not in font.headers | plain.headers
    assert (font.content, font.headers["content-type"]) == (b"wOF2", "font/woff2")
    assert index.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "%2e%2e/secret.txt", "assets/../../secret.txt", "", "assets", "//etc/passwd"],
)
async def test_nothing_else_is_served(world: World, built: Path, path: str) -> None:
    """Whatever the path is made of."""
    async with serve_anew(world, built=built) as served, served.browser() as browser:
        answer = await browser.get(f"/static/{path}")

    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_the_page_opens_for_those_with_a_link(world: World, built: Path) -> None:
    """Under the policy that the whiteboard needs."""
    cookie = await world.cookie(Role.VIEWER)
    async with (
        serve_anew(world, built=built) as served,
        served.browser(headers={"Cookie": cookie}) as browser,
    ):
        answer = await browser.get("/i/one/")
        elsewhere = await browser.get("/i/two/")

    assert (answer.status_code, elsewhere.status_code) == (200, 401)
    assert "<title>Board</title>" in answer.text
    assert answer.headers["content-security-policy"] == BOARD_POLICY


async def test_a_page_that_is_not_built_is_said(world: World, tmp_path: Path) -> None:
    """With where to read on."""
    cookie = await world.cookie(Role.VIEWER)
    async with (
        serve_anew(world, built=tmp_path / "none") as served,
        served.browser(headers={"Cookie": cookie}) as browser,
    ):
        answer = await browser.get("/i/one/")

    assert answer.status_code == 503
    assert "not built" in answer.text


def test_a_bundle_knows_its_files(built: Path) -> None:
    """And nothing beside its folder."""
    assert sorted(Bundle(built).files) == [
        "assets/font-AbC123.woff2",
        "assets/index-AbC123.js",
        "index.html",
    ]
