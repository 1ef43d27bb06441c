"""The suites on the API that the settings name, under a ceiling, with a report and recordings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings import Settings, load_settings
from evals.report import Report, write_report
from evals.runs import Findings, measure_cases, measure_rounds, merged
from evals.table import faults, table, tell
from evals.worlds import HaltedError, open_world
from interviewer.recordings import Recorder
from scoring.language_model import Ask, Failure, LanguageModel, ModelFailureError, StreamItem

CEILING_USD = 2.0
FOLDER = Path(__file__).resolve().parent
REAL_HOST = "api.anthropic.com"
LIVE = "live"


class LiveError(Exception):
    """A live run cannot begin; the message says what is missing."""


class Ceiling:
    """Answers as `model` does, and notes when a budget has refused a call."""

    def __init__(self, model: LanguageModel) -> None:
        self.name = model.name
        self.reached = False
        self._model = model

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        """See `LanguageModel`."""
        try:
            async with aclosing(self._model.stream(ask)) as items:
                async for item in items:
                    yield item
        except ModelFailureError as err:
            self.reached = self.reached or err.failure is Failure.NO_BUDGET
            raise


def run_live(ceiling_usd: float) -> int:
    """Run, print, write the page; 0 if the run came to its end below the ceiling, else 1.

    Raises `LiveError` without a key.
    """
    settings = _settings()
    started = datetime.now(UTC)
    report = asyncio.run(measure_live(settings, ceiling_usd, started))
    page = write_report(report, FOLDER / "reports" / f"{started:%Y-%m-%d-%H%M%S}.html")
    tell(table(report.unjudged()), *faults(report.findings.metrics), "")
    tell(f"{report.server}: {report.cost_usd:.4f} USD of at most {ceiling_usd:.2f}", f"{page}")
    if report.halted:
        tell("The ceiling was reached: what was not measured whole is left out.")
    return 1 if report.halted else 0


def _settings() -> Settings:
    settings = load_settings()
    if settings.api_key is None and settings.anthropic_base_url is None:
        raise LiveError(
            "A live run needs a key: set ANTHROPIC_API_KEY, or HOTSEAT_ANTHROPIC_BASE_URL for a "
            "server of your own. Nothing was asked and nothing was spent."
        )
    return settings


async def measure_live(settings: Settings, ceiling_usd: float, started: datetime) -> Report:
    """Ask the API of the settings until all is measured or the ceiling is reached."""
    host = server_label(settings)
    ceilings: list[Ceiling] = []
    recordings = recordings_file(host, started)

    def wrap(model: LanguageModel) -> LanguageModel:
        ceilings.append(Ceiling(model))
        return Recorder(ceilings[-1], recordings)

    findings = Findings()
    async with open_world(
        LIVE,
        wrap=wrap,
        is_halted=lambda: any(one.reached for one in ceilings),
        start=started.replace(hour=12),
        settings=_asked(settings, ceiling_usd),
    ) as world:
        with suppress(HaltedError):
            await measure_cases(world, findings)
            await measure_rounds(world, findings)
        cost = await world.spent_usd()
    return Report(
        server=host,
        interview_model=settings.interview_model,
        judge_model=settings.judge_model,
        started=started,
        ceiling_usd=ceiling_usd,
        cost_usd=cost,
        halted=any(one.reached for one in ceilings),
        findings=Findings(merged(findings.metrics), findings.rounds),
    )


def _asked(settings: Settings, ceiling_usd: float) -> dict[str, object]:
    """The settings of the API, with the ceiling in the place of every budget."""
    kept = settings.model_dump(exclude={"home", "database", "packs", "engine"})
    budgets = {name: ceiling_usd for name in kept if name.startswith("budget_")}
    return {**kept, **budgets, "engine": "model"}


def server_label(settings: Settings) -> str:
    """The host that is asked, with its port where it has one."""
    return urlsplit(settings.anthropic_base_url or f"https://{REAL_HOST}").netloc


def recordings_file(host: str, started: datetime) -> Path:
    """Where the answers go: what anybody but the real service said is kept apart from it."""
    room = "real" if host == REAL_HOST else "stand-in"
    return FOLDER / "recordings" / room / f"{started:%Y-%m-%d-%H%M%S}-{_plain(host)}.jsonl"


def _plain(host: str) -> str:
    return "".join(c if c.isalnum() or c in ".-" else "-" for c in host)
