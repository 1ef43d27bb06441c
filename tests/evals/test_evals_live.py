"""The live run: what it refuses, where it stops, what it writes, and under which label."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.settings import Settings
from evals import live
from evals.__main__ import main
from evals.baseline import Baseline, Verdict
from evals.candidates.seat import say
from evals.live import recordings_file, server_label
from evals.metrics import Checked, none_of, rate
from evals.play import play_events, round_settings
from evals.reach import Reach, Watch
from evals.report import Report, write_report
from evals.runs import Findings
from evals.suites import golden
from evals.worlds import World, open_world
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Level
from scoring.language_model import Failure
from tests.messages_stub import Fault, MessagesStub, honest

BASELINE = Baseline(
    accepted=date(2026, 11, 21),
    reason="for the test",
    commit="c0ffee",
    dirty=False,
    packs={},
    prompts={},
    metrics={},
)
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
        report = await live.measure_live(settings, 0.35, STARTED, BASELINE)

    assert report.halted
    assert report.unmeasured == ""
    assert 0 < report.cost_usd <= 0.35
    assert len(server.calls) > 0
    (file,) = (tmp_path / "recordings" / "stand-in").glob("*.jsonl")
    servers = {json.loads(line)["server"] for line in file.read_text("utf-8").splitlines()}
    assert servers == {report.server}


async def only_golden(
    world: World, findings: Findings, begin: Callable[[str], None] = lambda _: None
) -> None:
    begin("golden")
    findings.metrics.extend(await golden.measure(world))


async def no_rounds(
    world: World, findings: Findings, begin: Callable[[str], None] = lambda _: None
) -> None:
    begin("simulated")


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of the golden transcripts alone, written to a folder of its own."""
    monkeypatch.setattr(live, "FOLDER", tmp_path)
    monkeypatch.setattr(live, "measure_cases", only_golden)
    monkeypatch.setattr(live, "measure_rounds", no_rounds)
    monkeypatch.setattr(live, "read_baseline", lambda: BASELINE)
    return tmp_path


def run_on(monkeypatch: pytest.MonkeyPatch, home: Path, url: str, key: str) -> int:
    values = {"home": home, "anthropic_api_key": key, "anthropic_base_url": url}
    settings = Settings.model_validate(values)
    monkeypatch.setattr(live, "load_settings", lambda: settings)
    return main(["live"])


@pytest.mark.parametrize(
    ("key", "answers", "told"),
    [("stub-key", False, "no call was answered: unreachable"), ("wrong", True, "access denied")],
)
async def test_no_figures_are_given_of_a_model_that_was_never_reached(
    short: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    key: str,
    answers: bool,
    told: str,
) -> None:
    """A closed port or a wrong key is said, with the counts, and is no success."""
    async with MessagesStub(key="stub-key") as server:
        url = server.url if answers else "http://127.0.0.1:9"
        status = await asyncio.to_thread(run_on, monkeypatch, short, url, key)

    printed = capsys.readouterr().out
    assert status == 1
    assert told in printed
    assert "golden: " in printed
    assert "0 failed" not in printed
    assert "found what is there" not in printed
    assert not (short / "reports").exists()


async def test_a_run_that_reached_the_model_says_how_far(
    short: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts stand above the figures, and a page is written."""
    async with MessagesStub(honest(load_library(builtin_packs_folder()))) as server:
        status = await asyncio.to_thread(run_on, monkeypatch, short, server.url, server.key)

    printed = capsys.readouterr().out
    assert status == 0
    assert "calls, 0 failed; 0 of 0 turns fell back; 0 of " in printed
    assert "live/golden/found what is there" in printed
    assert len(list((short / "reports").iterdir())) == 1


def test_too_many_turns_of_the_offline_engine_are_no_figures() -> None:
    """One in ten is the most, and concepts without a judge's verdict count alike."""
    assert Reach(calls=20, turns=10, fallen_back=1).verdict == ""
    assert "2 of 10 turns fell back" in Reach(calls=20, turns=10, fallen_back=2).verdict
    assert "9 of 10 concepts" in Reach(calls=20, concepts=10, unjudged=9).verdict
    denied = Reach(calls=20, failures=Counter({Failure.NO_PRICE: 1}))
    assert "no price known" in denied.verdict


async def test_a_turn_that_was_worded_without_the_model_counts_as_fallen_back() -> None:
    """As do the calls that failed for it, in the suite that they belong to."""
    watch = Watch()
    async with MessagesStub(honest(load_library(builtin_packs_folder()))) as server:
        chosen = {
            "engine": "model",
            "anthropic_api_key": server.key,
            "anthropic_base_url": server.url,
        }
        async with open_world("live", wrap=watch.over, settings=chosen) as opened:
            world = watch.around(opened)
            watch.begin("simulated")
            settings = round_settings(world, ("what-is-a-token",), Level.JUNIOR)
            server.fail(*[Fault.BAD_REQUEST_400] * 1)
            await play_events(world, settings, [say("A token is a piece of a word.")], "strong")

    reach = watch.suites["simulated"]
    assert (reach.turns, reach.fallen_back) == (1, 1)
    assert reach.failures[Failure.REJECTED] == 1
    assert watch.is_hopeless


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
        reached=("golden: 3 calls, 1 failed",),
        unmeasured="",
        findings=findings,
        verdicts=tuple(Verdict(one, None, "") for one in findings.metrics),
    )

    text = write_report(report, tmp_path / "new" / "page.html").read_text("utf-8")

    page = _Page()
    page.feed(text)
    assert "script" not in page.tags
    assert page.links == []
    assert "&lt;script&gt;" in text
    assert "The ceiling was reached" in text
    assert "3 calls, 1 failed" in text
    assert "0.5000 USD of at most 2.00" in text
