"""`hotseat scorecards judge` and `hotseat evals add`: an old round, judged or tried anew."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from console_samples import ANSWER, FINISHED, Screen, screen_of

from bot import cli
from bot.console.model_commands import add_flagged, rejudge_card
from bot.console.trace import trace
from bot.doors import UsageError
from bot.flagging import flag, flaggable
from bot.settings import Settings
from bot.wiring import App, open_app
from interviewer.clock import ManualClock
from scenarios.load import Library
from storage.calls import calls_of
from storage.scorecards import load_scorecard
from tests.messages_stub import MessagesStub, honest

NOW = datetime(2026, 12, 1, tzinfo=UTC)
"""When the prices of the models are known."""
NOTE = "Marlene never said that."


def plain(screen: Screen) -> str:
    """What was printed, on one line."""
    return " ".join(screen.text().split())


@asynccontextmanager
async def app_with(settings: Settings, library: Library, stub: MessagesStub) -> AsyncIterator[App]:
    """The application, whose model is the stand-in."""
    server = {"anthropic_api_key": stub.key, "anthropic_base_url": stub.url}
    chosen = Settings.model_validate({"home": settings.home, **server})
    async with open_app(chosen, library, ManualClock(NOW)) as app:
        yield app


async def test_an_old_round_is_judged_again(settings: Settings, library: Library) -> None:
    """With the model that was asked for; both cards are kept, and what it cost is said."""
    screen = screen_of()
    async with MessagesStub(honest(library)) as stub, app_with(settings, library, stub) as app:
        await rejudge_card(app, screen.console, FINISHED[:4], "claude-opus-5-5", "high")

        first = await load_scorecard(app.database, FINISHED, 1)
        second = await load_scorecard(app.database, FINISHED)
        calls = await calls_of(app.database, FINISHED)
    assert first.judging is None
    assert second.judging is not None
    assert second.revision == 2
    assert {call.body["model"] for call in stub.calls} == {"claude-opus-5-5"}
    assert {call.body["output_config"]["effort"] for call in stub.calls} == {"high"}
    assert len(calls) == len(stub.calls)
    assert f"Judged by claude-opus-5-5 in {len(calls)} calls. Cost: $0." in plain(screen)
    assert "This is revision 2. Earlier revisions are kept" in plain(screen)


async def test_the_calls_of_a_second_time_are_told_from_the_first(
    settings: Settings, library: Library
) -> None:
    """What is said is what this time cost; the trace has all of them."""
    screen = screen_of()
    async with MessagesStub(honest(library)) as stub, app_with(settings, library, stub) as app:
        await rejudge_card(app, screen_of().console, FINISHED, None, None)
        before = len(stub.calls)
        await rejudge_card(app, screen.console, FINISHED, None, None)
        traced = screen_of(300)
        await trace(app, traced.console, FINISHED)
    assert before > 0
    assert f"in {len(stub.calls) - before} calls. Cost" in plain(screen)
    assert "revision 3" in plain(screen)
    assert traced.text().count("judge call to claude-sonnet-5-5") == len(stub.calls)


async def test_a_judge_that_never_answers_is_said_to(settings: Settings, library: Library) -> None:
    """Nobody takes the offline verdicts for those of a judge."""
    screen = screen_of()
    async with MessagesStub(key="another") as stub, app_with(settings, library, stub) as app:
        stub.key = "changed"
        with pytest.raises(UsageError, match="answered no call, so nothing was stored"):
            await rejudge_card(app, screen.console, FINISHED, None, None)


async def test_judging_needs_a_model(app: App, screen: Screen) -> None:
    """Which settings are missing is said, and nothing is changed."""
    with pytest.raises(UsageError, match="no language model is to judge by the settings: set ANTH"):
        await rejudge_card(app, screen.console, FINISHED, None, None)

    assert (await load_scorecard(app.database, FINISHED)).revision == 1


async def test_a_flagged_turn_becomes_a_case(app: App, screen: Screen, tmp_path: Path) -> None:
    """The turn, what led to it, and the note, with the names that were given replaced."""
    await flag(app, FINISHED, (await flaggable(app, FINISHED))[1], NOTE)

    await add_flagged(app, screen.console, "3", FINISHED, (None, ["Marlene"], tmp_path / "cases"))

    (path,) = (tmp_path / "cases").iterdir()
    assert path.name == f"{FINISHED}-i0001.private.yaml"
    case = yaml.safe_load(path.read_text("utf-8"))
    assert [event.get("text") for event in case["events"]] == [ANSWER]
    assert case["utterance"].startswith("You said")
    assert case["note"].endswith("never said that.")
    assert "Marlene" not in path.read_text("utf-8")
    assert str(path) in plain(screen).replace(" ", "")
    assert "read it before you pass it on" in plain(screen)


async def test_a_note_may_take_the_place_of_a_flag(
    app: App, screen: Screen, tmp_path: Path
) -> None:
    """Without either there is nothing to try a later version by."""
    with pytest.raises(UsageError, match=f"hotseat scorecards flag 3 --interview {FINISHED}"):
        await add_flagged(app, screen.console, "3", FINISHED, (None, (), tmp_path / "cases"))
    with pytest.raises(UsageError, match="no turn of the interviewer"):
        await add_flagged(app, screen.console, "2", FINISHED, (NOTE, (), tmp_path / "cases"))
    cases = tmp_path / "cases"
    assert not cases.exists()

    await add_flagged(app, screen.console, "3", FINISHED, (NOTE, (), cases))

    (path,) = cases.iterdir()
    assert yaml.safe_load(path.read_text("utf-8"))["note"] == NOTE


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("scorecards", "flag", "3", "--note", NOTE), "Turn 3, “You said"),
        (("evals", "add", "3", "--note", NOTE), "Written to evals/flagged/"),
    ],
)
def test_the_commands_reach_their_work(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    """Through the real command line, in the folder where one stands."""
    monkeypatch.chdir(tmp_path)
    database = ("--interview", FINISHED, "--database", str(settings.database_path))
    monkeypatch.setattr(sys, "argv", ["hotseat", *words, *database])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert not ended.value.code
    assert says in capsys.readouterr().out


def test_judging_from_the_command_line_says_what_is_missing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear message and status 1."""
    words = ["scorecards", "judge", FINISHED, "--effort", "low"]
    database = ["--database", str(settings.database_path)]
    monkeypatch.setattr(sys, "argv", ["hotseat", *words, *database])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 1
    assert "no language model is to judge" in capsys.readouterr().err
