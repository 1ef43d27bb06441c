"""The built page in bot/web/static is what its source in bot/web/client builds to.

Users and these tests need no Node: the build writes down which source it was made from and what it
made. After a change of the source: `make client`.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "bot/web"
CLIENT = WEB / "client"
BUILT = WEB / "static"
RECORD = BUILT / "build.json"
# What Node leaves there.
NOT_SOURCE = {"node_modules", ".test"}
MOST_COMPRESSED = 2_300_000

# Names of formats, addresses behind links and in messages, and of embedded pages, which the board
# does not take. A browser loads none of them by itself.
NEVER_LOADED = {
    "discord.gg",
    "docs.excalidraw.com",
    "embed.reddit.com",
    "gist.github.com",
    "giphy.com",
    "github.com",
    "libraries.excalidraw.com",
    "mermaid.js.org",
    "platform.twitter.com",
    "player.vimeo.com",
    "react.dev",
    "reddit.com",
    "rolldown.rs",
    "twitter.com",
    "www.figma.com",
    "www.w3.org",
    "www.youtube.com",
    "x.com",
}


def _files(folder: Path, without: set[str]) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not without & set(name.parts):
            yield name.as_posix(), path


def _hashes(folder: Path, without: set[str]) -> dict[str, str]:
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in _files(folder, without)
    }


def _texts(*endings: str) -> Iterator[tuple[str, str]]:
    for name, path in _files(BUILT, set()):
        if name.endswith(endings):
            yield name, path.read_text("utf-8")


class _Loaded(HTMLParser):
    """Collects what a page loads, and what it runs or styles in line."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("src", "href") if name in given]
        if (tag == "script" and "src" not in given) or tag == "style":
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]


@pytest.fixture(scope="module")
def page() -> _Loaded:
    """The page as built."""
    loaded = _Loaded()
    loaded.feed((BUILT / "index.html").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize(
    ("part", "folder", "without"),
    [("source", CLIENT, NOT_SOURCE), ("built", BUILT, {"build.json"})],
)
def test_the_bundle_matches_its_source(part: str, folder: Path, without: set[str]) -> None:
    """Neither the source nor the bundle was changed since the last build."""
    recorded = json.loads(RECORD.read_text("utf-8"))[part]

    assert recorded == _hashes(folder, without), "run `make client`"


def test_the_bundle_is_small() -> None:
    """Zipped, as in a wheel, it stays below the limit of the issue."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in _files(BUILT, set()):
            archive.write(path, name)

    assert len(packed.getvalue()) <= MOST_COMPRESSED


def test_the_page_loads_its_own_files_only(page: _Loaded) -> None:
    """Every address in the page is below /static/ and is there; nothing is written in line."""
    assert page.addresses
    for address in page.addresses:
        assert address.startswith("/static/")
        assert (BUILT / address.removeprefix("/static/")).is_file()
    assert page.inline == []


def test_the_style_sheets_load_their_own_files_only() -> None:
    """A font or picture in a style sheet is shipped beside it, or written into it."""
    targets = [
        target.strip("'\"")
        for _, text in _texts(".css")
        for target in re.findall(r"url\(\s*(\"[^\"]*\"|'[^']*'|[^)]*)\)", text)
    ]

    assert targets
    for target in targets:
        inside = target.startswith("/static/")
        assert target.startswith("data:") or inside, target[:80]
        if inside:
            assert (BUILT / target.removeprefix("/static/")).is_file()


def test_the_scripts_name_no_address_that_a_browser_would_load() -> None:
    """Fonts, services and keys of other people's servers are gone; the rest are links."""
    found = {
        host
        for _, text in _texts(".js")
        for host in re.findall(r"(?:https?|wss?)://([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text, re.I)
    }

    assert found <= NEVER_LOADED


def test_the_fonts_that_the_scripts_name_are_shipped() -> None:
    """Excalidraw asks for its fonts by name below /static/; the other families are left out."""
    used = {"ComicShanns", "Excalifont", "Lilita", "Nunito"}
    named = {
        name
        for _, text in _texts(".js")
        for name in re.findall(r"\./(fonts/(\w+)/[\w.-]+\.woff2)", text)
    }

    assert {family for _, family in named} >= used
    for path, family in named:
        assert (family in used) == (BUILT / path).is_file(), path


def test_no_source_map_is_shipped() -> None:
    """The source is in the repository; maps would double the bundle."""
    assert [name for name, _ in _files(BUILT, set()) if name.endswith(".map")] == []
    assert [name for name, text in _texts(".js", ".css") if "sourceMappingURL=" in text] == []


@pytest.mark.parametrize(
    "notice",
    [
        "@excalidraw/excalidraw 0.18.1 (MIT)\n\nMIT License\n\nCopyright (c) 2020 Excalidraw",
        "react 19.3.1 (MIT)\n\nMIT License",
        "SIL OPEN FONT LICENSE Version 1.1",
    ],
)
def test_the_licence_notices_of_what_is_bundled_are_shipped(notice: str) -> None:
    """Their licences ask for it."""
    assert notice in (BUILT / "licences.txt").read_text("utf-8")


def test_what_is_built_from_is_pinned() -> None:
    """Every direct dependency has one version, every other one a hash, from the public registry."""
    manifest = json.loads((CLIENT / "package.json").read_text("utf-8"))
    lock = json.loads((CLIENT / "package-lock.json").read_text("utf-8"))
    direct = {**manifest["dependencies"], **manifest["devDependencies"]}
    packages = [package for name, package in lock["packages"].items() if name]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in direct.values())
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    public = "https://registry.npmjs.org/"
    assert all(package.get("resolved", public).startswith(public) for package in packages)
