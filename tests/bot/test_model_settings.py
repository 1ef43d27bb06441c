"""Which key is whose, who judges, and that the database outlives what is written at the end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.disclosure import disclosure
from bot.reading import reads_answers
from bot.settings import Settings, load_settings
from bot.wiring import judge_settings, open_budgeted, server_of
from interviewer.budget import Alert, CallRecord, Limits, Reservation
from interviewer.clock import ManualClock
from interviewer.engines.claude import ClaudeModel
from interviewer.engines.providers import ProviderError
from interviewer.metering import CallEnd
from scoring.language_model import Account, Ask, Block, Purpose, complete
from storage.database import open_database
from storage.spending import SqlLedger
from tests.messages_stub import MessagesStub
from tests.messages_stub.dialects import VLLM


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program on this machine has a key."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "shared")


def key_of(settings: Settings) -> str | None:
    """The key in plain text."""
    return None if settings.api_key is None else settings.api_key.get_secret_value()


@pytest.mark.usefixtures("shared")
def test_the_key_of_other_programs_is_for_anthropic_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other server gets the key that was set for Hotseat, or none."""
    assert key_of(load_settings()) == "shared"
    monkeypatch.setenv("HOTSEAT_PROVIDER", "vllm")
    assert key_of(load_settings()) is None
    assert not load_settings().uses_model
    monkeypatch.setenv("HOTSEAT_ANTHROPIC_API_KEY", "own")
    assert key_of(load_settings()) == "own"
    assert load_settings().uses_model


@pytest.mark.usefixtures("shared")
async def test_another_server_is_not_sent_the_key_of_other_programs(tmp_path: Path) -> None:
    """Not in any header, wherever its address comes from."""
    async with MessagesStub(key="none", dialect=VLLM) as stub:
        settings = Settings(
            home=tmp_path, provider="vllm", engine="model", anthropic_base_url=stub.url
        )
        model = server_of(settings).model
        await complete(model, ask())
        await model.close()

    (call,) = stub.calls
    assert "shared" not in str(dict(call.headers))


def test_a_key_is_not_sent_unencrypted(tmp_path: Path) -> None:
    """Said before anything is sent, with the setting to correct."""
    settings = Settings(
        home=tmp_path,
        anthropic_api_key=SecretStr("own"),
        anthropic_base_url="http://proxy.example",
    )

    with pytest.raises(ProviderError, match="HOTSEAT_ANTHROPIC_BASE_URL"):
        server_of(settings)


@pytest.mark.parametrize(
    ("written", "judge"),
    [("none", None), ("None", None), (" NONE ", None), ("nonesuch-1", "nonesuch-1")],
)
def test_no_judge_is_none_everywhere(tmp_path: Path, written: str, judge: str | None) -> None:
    """However it is written: what is done, what is told before and what is shown meanwhile."""
    settings = Settings(home=tmp_path, anthropic_api_key=SecretStr("own"), judge_model=written)
    asked = judge_settings(settings)

    assert settings.judge == judge
    assert (asked and asked.model) == judge
    assert reads_answers(settings) is (judge is not None)
    assert ("judges them afterwards" in (disclosure(settings) or "")) is (judge is not None)


async def test_calls_are_settled_before_the_database_closes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked may be gone: the settlement is waited for, up to its end."""
    settling, server_closed = asyncio.Event(), asyncio.Event()
    settled: list[CallEnd] = []

    async def reserve(_: SqlLedger, who: Account, call: CallRecord, limits: Limits) -> Reservation:
        return Reservation(who, call, limits)

    async def settle(_: SqlLedger, __: Reservation, end: CallEnd) -> tuple[Alert, ...]:
        settling.set()
        await server_closed.wait()
        await database.run(lambda connection: connection.exec_driver_sql("SELECT 1"))
        settled.append(end)
        return ()

    async def close(_: ClaudeModel) -> None:
        server_closed.set()

    monkeypatch.setattr(SqlLedger, "reserve", reserve)
    monkeypatch.setattr(SqlLedger, "settle", settle)
    monkeypatch.setattr(ClaudeModel, "close", close)
    clock = ManualClock(datetime(2026, 12, 1, tzinfo=UTC))
    async with MessagesStub() as stub, open_database(tmp_path / "hotseat.sqlite") as database:
        key = SecretStr(stub.key)
        settings = Settings(home=tmp_path, anthropic_api_key=key, anthropic_base_url=stub.url)
        async with open_budgeted(settings, database, clock, lambda _: None) as model:
            asking = asyncio.create_task(complete(model, ask()))
            await settling.wait()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            assert settled == []
        assert [end.outcome for end in settled] == ["ok"]


def ask() -> Ask:
    """A question to some model."""
    return Ask(
        purpose=Purpose.INTERVIEW,
        model="claude-haiku-5-5",
        system=(Block("You interview."),),
        user=(Block("Here."),),
        schema={"type": "object", "properties": {}, "required": [], "additionalProperties": False},
        max_tokens=50,
        account=Account("one", "owner"),
    )
