"""The benchmarks of the page in small, without a browser."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from web_world import World

from benchmarks import draw_boards, page_start
from benchmarks.__main__ import NAMES
from benchmarks.drawn_page import NO_BROWSER
from benchmarks.page_start import Opening, bundle_bytes, show
from bot.web.static_files import STATIC


def test_every_benchmark_that_is_named_is_there():
    """`python -m benchmarks` finds a module for each, the page's among them."""
    assert [name for name in NAMES if find_spec(f"benchmarks.{name}") is None] == []
    assert "page_start" in NAMES


def test_without_a_browser_nothing_is_measured_or_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """They say what is needed, and fail."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert page_start.main() == 2
    assert draw_boards.main([str(tmp_path), "rag_basic"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [NO_BROWSER, NO_BROWSER]


async def test_the_size_of_the_bundle_is_what_a_browser_gets(world: World):
    """All of its files, compressed as the server sends them."""
    files = [file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file()]
    async with world.browser(headers={"Accept-Encoding": "gzip"}) as client:
        answers = [await client.get(f"/static/{name}") for name in files]

    assert sum(int(answer.headers["content-length"]) for answer in answers) == bundle_bytes()


def test_medians_and_the_worst_are_shown(capsys: pytest.CaptureFixture[str]):
    """The aim is that of the warm median; what was loaded is the most of all times."""
    warm = [Opening(1.0, 1.1, 900), Opening(1.6, 1.7, 1000), Opening(4.0, 5.0, 2500)]
    show({"cold": [Opening(2.0, 2.5, 500_000)], "warm": warm}, 0.5)

    shown = capsys.readouterr().out
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in shown.splitlines()]
    assert ["cold", "1", "2.00", "2.00", "2.50", "2.50", "500.0"] in rows
    assert ["warm", "3", "1.60", "4.00", "1.70", "5.00", "2.5"] in rows
    assert "usable, warm 1.60 s, aim 1.5: missed" in shown
