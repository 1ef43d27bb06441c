"""The live run: what it refuses, where it stops, what it writes, and under which label."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.settings import Settings
from evals import live
from evals.__main__ import main
from evals.candidates.seat import say
from evals.live import recordings_file, server_label
from evals.metrics import Checked, none_of, rate
from evals.play import play_events, round_settings
from evals.report import Report, write_report
from evals.runs import Findings
from evals.worlds import open_world
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Level
from tests.messages_stub import MessagesStub, honest

STARTED = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
HOSTILE = "<script>alert('x')</script>"


def test_without_a_key_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """The error says what to set, and the exit status is that of a run that could not begin."""
    assert main(["live"]) == 2
    assert "ANTHROPIC_API_KEY" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "host", "room"),
    [
        (None, "api.anthropic.com", "real"),
        ("http://127.0.0.1:8788", "127.0.0.1:8788", "stand-in"),
        ("https://api.anthropic.com.example.org", "api.anthropic.com.example.org", "stand-in"),
    ],
)
def test_recordings_of_others_are_kept_apart(url: str | None, host: str, room: str) -> None:
    """Only what api.anthropic.com itself has said goes to the real recordings."""
    settings = Settings.model_validate({"home": Path(), "anthropic_base_url": url})

    assert server_label(settings) == host
    assert recordings_file(host, STARTED).parent.name == room


def test_no_real_recording_is_in_the_tree() -> None:
    """Nobody has asked the real service yet, and nothing here pretends otherwise."""
    real = live.FOLDER / "recordings" / "real"

    assert [path.name for path in real.iterdir()] == ["README.md"]


async def test_a_ceiling_ends_the_run_and_everything_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is spent stays below the ceiling; the answers are on file under the server's name."""
    monkeypatch.setattr(live, "FOLDER", tmp_path)
    library = load_library(builtin_packs_folder())
    async with MessagesStub(honest(library)) as server:
        settings = Settings.model_validate(
            {"home": tmp_path, "anthropic_api_key": server.key, "anthropic_base_url": server.url}
        )
        report = await live.measure_live(settings, 0.35, STARTED)

    assert report.halted
    assert 0 < report.cost_usd <= 0.35
    assert len(server.calls) > 0
    (file,) = (tmp_path / "recordings" / "stand-in").glob("*.jsonl")
    servers = {json.loads(line)["server"] for line in file.read_text("utf-8").splitlines()}
    assert servers == {report.server}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


async def test_the_page_is_whole_and_escaped(tmp_path: Path) -> None:
    """One file without links or scripts, whatever was said in the rounds."""
    async with open_world() as world:
        settings = round_settings(world, ("what-is-a-token",), Level.JUNIOR)
        played = await play_events(world, settings, [say(f"A token {HOSTILE}")], "strong")
    findings = Findings(
        [
            rate("s", "live", HOSTILE, [Checked(2, ("x",)), Checked(2, ())]),
            none_of("s", "live", "count", [Checked(2, (HOSTILE,))]),
        ],
        [played],
    )
    report = Report(
        server="127.0.0.1:1",
        interview_model="small",
        judge_model="strong",
        started=STARTED,
        ceiling_usd=2,
        cost_usd=0.5,
        halted=True,
        findings=findings,
    )

    text = write_report(report, tmp_path / "new" / "page.html").read_text("utf-8")

    page = _Page()
    page.feed(text)
    assert "script" not in page.tags
    assert page.links == []
    assert "&lt;script&gt;" in text
    assert "The ceiling was reached" in text
    assert "0.5000 USD of at most 2.00" in text
