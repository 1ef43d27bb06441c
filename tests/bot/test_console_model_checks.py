"""What the doctor says of the language model: as it is set up, and when it is asked."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from console_samples import screen_of
from sqlalchemy import select

from bot.console import model_checks
from bot.console.doctor import run_doctor
from bot.console.model_answers import PAYER
from bot.console.runtime import EffortName
from bot.settings import Effort, Settings
from interviewer.clock import ManualClock
from storage.database import open_database
from storage.interviews import SqlStore
from storage.scorecards import unfinished_interviews
from storage.tables import SPENDING
from tests.interviewer.worlds import design_plan, settings_for
from tests.messages_stub import Fault, MessagesStub
from tests.messages_stub.server import MODELS

NOW = datetime(2026, 12, 1, tzinfo=UTC)
KEY = "sk-ant-secret"


@pytest.fixture(autouse=True)
def _without_lint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linting the built-in content takes seconds."""
    monkeypatch.setattr("bot.console.doctor.find_problems", lambda checked: ())


def settings_of(tmp_path: Path, **more: object) -> Settings:
    """Settings with a key, for an empty home."""
    values = {"home": tmp_path / "home", "anthropic_api_key": KEY, **more}
    return Settings.model_validate(values)


def examine(settings: Settings, *, ask: bool = False) -> tuple[bool, str]:
    """The verdict and the report on one line."""
    screen = screen_of(400)
    healthy = run_doctor(settings, screen.console, ManualClock(NOW), ask_model=ask)
    return healthy, " ".join(screen.text().split())


async def asked(tmp_path: Path, stub: MessagesStub, **more: object) -> tuple[bool, str]:
    """What it says when the stand-in is asked."""
    given = {"anthropic_api_key": stub.key, "anthropic_base_url": stub.url, **more}
    return await asyncio.to_thread(examine, settings_of(tmp_path, **given), ask=True)


def test_efforts_are_those_of_the_settings() -> None:
    """What can be typed can be set, in the same order."""
    assert get_args(EffortName) == get_args(Effort)


def test_a_key_makes_the_model_word_and_judge(tmp_path: Path) -> None:
    """Server, models with effort, prices with their dates, budgets; the key is not shown."""
    healthy, report = examine(settings_of(tmp_path))

    assert healthy
    assert "language model ok api.anthropic.com, as provider anthropic" in report
    assert (
        "interviewer ok claude-haiku-5-5, effort low; $0.1 in and $0.5 out per million tokens, "
        "from 2026-10-07 on, as read on 2026-11-21"
    ) in report
    assert "judge ok claude-sonnet-5-5, effort medium; $2 in and $10 out" in report
    assert "budgets ok $2.00 an interview, $5.00 a person and day, $10.00 a server" in report
    assert "not tried; `hotseat doctor --model` does" in report
    assert KEY not in report


def test_without_a_key_it_stays_offline(tmp_path: Path) -> None:
    """And a server that is set all the same is said not to be used."""
    assert "offline interviewer is used" in examine(Settings(home=tmp_path))[1]

    settings = Settings(home=tmp_path, anthropic_base_url="http://localhost:8000")
    healthy, report = examine(settings)
    assert healthy
    assert "a server is set, but it is not used: set ANTHROPIC_API_KEY, or HOTSEAT_ENGINE" in report
    assert "a server is set" in examine(Settings(home=tmp_path, provider="vllm"))[1]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"anthropic_api_key": None, "engine": "model"}, "wants a key; set ANTHROPIC_API_KEY"),
        ({"provider": "azure"}, "no provider is called 'azure'; known are anthropic, llama.cpp"),
        ({"judge_model": "claude-nova-9"}, "judge problem no price is known for the model"),
        ({"prices": "missing.yaml"}, "missing.yaml"),
        ({"anthropic_base_url": "http://:1"}, "no address of a server"),
    ],
)
def test_what_keeps_a_model_from_being_called_is_a_problem(
    tmp_path: Path, more: dict[str, object], says: str
) -> None:
    """With the setting to correct; nothing is sent anywhere."""
    healthy, report = examine(settings_of(tmp_path, **more), ask=True)

    assert not healthy
    assert says in report


def test_a_price_file_of_ones_own_counts(tmp_path: Path) -> None:
    """With its own dates."""
    prices = tmp_path / "prices.yaml"
    prices.write_text(
        "models:\n  claude-nova-9:\n    - {from: 2026-11-30, input: 3, output: 9, "
        "cache_write_5m: 4, cache_write_1h: 5, cache_read: 1, source: mine, read: 2026-12-01}\n"
    )

    _, report = examine(settings_of(tmp_path, judge_model="claude-nova-9", prices=prices))

    assert "claude-nova-9, effort medium; $3 in and $9 out per million tokens, from 2026" in report


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"judge_model": "none"}, "judge ok none is set; the offline finder judges"),
        ({"judge_model": " None"}, "judge ok none is set; the offline finder judges"),
        ({"budget_day_usd": 0}, "budgets note $2.00 an interview"),
        (
            {"provider": "ollama", "engine": "model", "interview_model": "qwen3:8b"},
            "interviewer ok qwen3:8b; it has no price",
        ),
        ({"provider": "vllm", "engine": "model"}, "none needed: calls to vllm cost nothing"),
    ],
)
def test_other_set_ups(tmp_path: Path, more: dict[str, object], says: str) -> None:
    """No judge, no money, no price."""
    healthy, report = examine(settings_of(tmp_path, **more))

    assert healthy
    assert says in report


@pytest.mark.parametrize("installed", [True, False])
def test_traces_need_their_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    """Only where an address is set; with the command that installs it."""
    here = "json" if installed else "opentelemetry_of_nobody.sdk"
    monkeypatch.setattr(model_checks, "TRACING", (here,))
    assert not re.search("traces (ok|problem)", examine(Settings(home=tmp_path))[1])

    healthy, report = examine(Settings(home=tmp_path, traces="http://localhost:4318"))

    assert healthy is installed
    expected = (
        "traces ok sent to http://localhost:4318"
        if installed
        else "installed: `uv sync --extra tracing`"
    )
    assert expected in report


async def test_each_model_is_asked_once(tmp_path: Path) -> None:
    """It says how long that took and who answered; a model with two roles answers once."""
    async with MessagesStub() as stub:
        healthy, report = await asked(tmp_path, stub)
        one, _ = await asked(tmp_path, stub, judge_model=MODELS[0])

    assert healthy
    assert one
    assert "answer of claude-haiku-5-5 ok after" in report
    assert "answer of claude-sonnet-5-5 ok after" in report
    assert [call.body["model"] for call in stub.calls] == [MODELS[0], MODELS[1], MODELS[0]]


async def test_asking_is_paid_from_the_budget_of_the_day(tmp_path: Path) -> None:
    """What it cost counts with every other call of the day; no interview is left of it."""
    async with MessagesStub() as stub:
        await asked(tmp_path, stub)
        settings = settings_of(tmp_path)
        async with open_database(settings.database_path) as database:
            left = await unfinished_interviews(database)
            day = await database.run(
                lambda c: (
                    c.execute(select(SPENDING).where(SPENDING.c.scope == "installation"))
                    .mappings()
                    .one()
                )
            )
        _, report = await asked(tmp_path, stub, budget_day_usd=day["spent_usd"])

    assert left == ()
    assert day["spent_usd"] > 0
    assert day["reserved_usd"] == 0
    assert report.count("nothing was sent: the budget of this installation for today") == 2
    assert "budgets note The budget of this installation for today (UTC) is used up" in report
    assert len(stub.calls) == 2


@pytest.mark.parametrize("budget", ["budget_day_usd", "budget_user_day_usd"])
async def test_without_a_budget_nothing_is_sent(tmp_path: Path, budget: str) -> None:
    """Nothing to spend is also nothing for a check, and that is said."""
    async with MessagesStub() as stub:
        healthy, report = await asked(tmp_path, stub, **{budget: 0})

    assert not healthy
    assert f"HOTSEAT_{budget.upper()} sets the limit" in report
    assert stub.calls == []


async def test_nothing_is_asked_while_another_hotseat_counts(tmp_path: Path) -> None:
    """What may be spent stands in the database, which that one has open."""
    async with MessagesStub() as stub, open_database(settings_of(tmp_path).database_path):
        healthy, report = await asked(tmp_path, stub)
        free, _ = await asked(tmp_path, stub, provider="vllm")

    assert not healthy
    assert "answers problem nothing was asked, since what it costs could not be noted" in report
    assert free
    assert len(stub.calls) == 2


async def test_what_a_killed_check_has_left_is_removed(tmp_path: Path) -> None:
    """The next one finds it, uses none of it and leaves nothing."""
    async with MessagesStub() as stub:
        path = settings_of(tmp_path).database_path
        async with open_database(path) as database:
            await SqlStore(database).create_interview(PAYER, settings_for(design_plan()), NOW)
        healthy, _ = await asked(tmp_path, stub)
        async with open_database(path) as database:
            left = await unfinished_interviews(database)

    assert healthy
    assert left == ()


async def test_nothing_is_asked_without_the_option(tmp_path: Path) -> None:
    """A plain check goes nowhere."""
    async with MessagesStub() as stub:
        settings = settings_of(tmp_path, anthropic_base_url=stub.url)
        await asyncio.to_thread(examine, settings)

    assert stub.calls == []


async def test_a_model_without_a_price_is_not_asked(tmp_path: Path) -> None:
    """What costs nobody knows what is not spent, not even on a check."""
    async with MessagesStub() as stub:
        healthy, _ = await asked(tmp_path, stub, judge_model="claude-nova-9")

    assert not healthy
    assert [call.body["model"] for call in stub.calls] == [MODELS[0]]


async def test_a_wrong_key(tmp_path: Path) -> None:
    """It names the setting, and not the key."""
    async with MessagesStub() as stub:
        healthy, report = await asked(tmp_path, stub, anthropic_api_key=KEY)

    assert not healthy
    assert "it refused the key; correct ANTHROPIC_API_KEY" in report
    assert KEY not in report


async def test_an_unknown_model(tmp_path: Path) -> None:
    """The other one answers."""
    async with MessagesStub(models=MODELS[:1]) as stub:
        healthy, report = await asked(tmp_path, stub)

    assert not healthy
    assert "answer of claude-haiku-5-5 ok" in report
    assert "answer of claude-sonnet-5-5 problem" in report
    assert "it knows no such model" in report


async def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said with its address."""
    monkeypatch.setattr("interviewer.engines.claude.FIRST_BACKOFF_S", 0.001)
    async with MessagesStub() as stub:
        gone = stub.url
    settings = settings_of(tmp_path, anthropic_base_url=gone)
    healthy, report = await asyncio.to_thread(examine, settings, ask=True)

    assert not healthy
    assert "cannot be reached" in report


async def test_a_poor_answer_is_an_answer(tmp_path: Path) -> None:
    """Key, server and model are right, which is what was asked."""
    async with MessagesStub(faults=[Fault.TRUNCATED, Fault.REFUSAL]) as stub:
        healthy, report = await asked(tmp_path, stub)

    assert healthy
    assert report.count("it answers, but with a fault") == 2


def test_asking_nobody_is_a_problem(tmp_path: Path) -> None:
    """Whoever asks for it wants to know why there is no answer."""
    healthy, report = examine(Settings(home=tmp_path), ask=True)

    assert not healthy
    assert "none is set up, so none was asked: set ANTHROPIC_API_KEY" in report
