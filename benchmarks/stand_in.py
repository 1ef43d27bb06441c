"""The product with a language model that is none: the tests' stand-in for the Messages API.

    python -m benchmarks.stand_in CHARACTER [SECONDS_PER_TOKEN]

serves it in a process of its own until standard input is closed, so that it does not share an event
loop with what is measured. The first line that it prints is its address. The real service is never
called by any measurement.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import Settings
from bot.wiring import (
    JUDGED_WITHIN_S,
    App,
    judge_settings,
    limits_of,
    open_app,
    turn_settings,
)
from interviewer.budget import Budgeted
from interviewer.clock import ManualClock
from interviewer.desk import Services
from interviewer.engines.claude import ClaudeModel
from interviewer.engines.model_engine import ModelEngine
from interviewer.engines.offline import OfflineEngine
from interviewer.engines.providers import provider_named
from interviewer.grading import JudgeGrader
from interviewer.graph import Graph, build_graph
from interviewer.prices import load_prices
from scenarios.load import Library, builtin_packs_folder, load_library
from scoring.language_model import LanguageModel
from storage.checkpoints import open_saver
from storage.installation import installation_secret
from storage.spending import SqlLedger
from tests.messages_stub import Character, MessagesStub, honest, plain

PROVIDER = provider_named("anthropic")
KEY = "stub-key"
UNLIMITED_USD = 1e6
PRICED_ON = datetime(2026, 11, 21, 9, tzinfo=UTC)
"""A day on which every model of the shipped list has a price."""

Wrap = Callable[[LanguageModel], LanguageModel]
"""Puts something around a language model."""


def character_named(name: str) -> Character:
    """`plain` or `honest`, over the shipped packs."""
    return plain if name == "plain" else honest(load_library(builtin_packs_folder()))


async def _serve(name: str, per_token_s: float) -> None:
    async with MessagesStub(character_named(name), key=KEY, per_token_s=per_token_s) as stub:
        print(stub.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def stub_process(character: str, per_token_s: float = 0.0) -> AsyncIterator[str]:
    """The address of a stand-in in another process."""
    serving = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.stand_in",
        character,
        str(per_token_s),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert serving.stdin is not None
    assert serving.stdout is not None
    try:
        yield (await serving.stdout.readline()).decode().strip()
    finally:
        serving.stdin.close()
        await serving.wait()


@dataclass(frozen=True)
class ModelWorld:
    """The product on a new SQLite file, with the stand-in for its language model."""

    app: App
    clock: ManualClock
    graph: Graph
    saver: object = field(repr=False)

    @property
    def services(self) -> Services:
        """The collaborators of its interviews."""
        return self.app.services


@asynccontextmanager
async def open_model(url: str) -> AsyncGenerator[ClaudeModel, None]:
    """The adapter, ready to ask the stand-in at that address."""
    model = ClaudeModel(PROVIDER, KEY, url)
    await model.open()
    try:
        yield model
    finally:
        await model.close()


@asynccontextmanager
async def model_world(
    url: str,
    inner: Wrap = lambda model: model,
    library: Library | None = None,
    clock: ManualClock | None = None,
) -> AsyncIterator[ModelWorld]:
    """As `bot.wiring` puts it together; `inner` goes between the adapter and the budgets."""
    clock = clock or ManualClock(PRICED_ON)
    with TemporaryDirectory(prefix="hotseat-bench-") as folder:
        settings = _settings(Path(folder), url)
        library = library or load_library(builtin_packs_folder())
        async with (
            open_app(settings, library, clock) as opened,
            open_saver(opened.database.checkpoint_path) as saver,
            open_model(url) as server,
        ):
            limits, ledger = limits_of(settings), SqlLedger(opened.database)
            model = Budgeted(inner(server), load_prices(), ledger, limits, clock, opened.alerts)
            app = replace(opened, services=await _services(opened, model))
            yield ModelWorld(app, clock, build_graph(saver), saver)


def _settings(home: Path, url: str) -> Settings:
    budgets = ("interview", "user_day", "server_day", "day")
    return Settings.model_validate(
        {
            "home": home,
            "database": None,
            "packs": None,
            "engine": "model",
            "anthropic_api_key": KEY,
            "anthropic_base_url": url,
            "first_text_s": 60.0,
            "turn_deadline_s": 60.0,
            "traces": None,
            **{f"budget_{name}_usd": UNLIMITED_USD for name in budgets},
        }
    )


async def _services(app: App, model: LanguageModel) -> Services:
    secret = await installation_secret(app.database)
    engine = ModelEngine(model, turn_settings(app.settings), OfflineEngine(), secret)
    services = replace(app.services, engine=engine)
    asked = judge_settings(app.settings)
    if asked is None:
        return services
    return replace(services, grader=JudgeGrader(model, asked, secret, JUDGED_WITHIN_S))


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0))
