"""The suites on the API that the settings name, under a ceiling, with a report and recordings.

Figures are told only where the model has given them; see `evals.reach`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings import Settings, load_settings
from evals.baseline import Baseline, judge_beside, read_baseline
from evals.reach import Watch, lines
from evals.report import Report, write_report
from evals.runs import Findings, measure_cases, measure_rounds, merged
from evals.table import faults, table, tell
from evals.worlds import OFFLINE, HaltedError, open_world
from interviewer.recordings import Recorder

CEILING_USD = 2.0
FOLDER = Path(__file__).resolve().parent
REAL_HOST = "api.anthropic.com"
LIVE = "live"


class LiveError(Exception):
    """A live run cannot begin; the message says what is missing."""


def run_live(ceiling_usd: float) -> int:
    """Run, print, write the page; 0 if all was measured below the ceiling and nothing fell.

    Raises `LiveError` without a key, and `evals.baseline.BaselineError`.
    """
    settings, baseline = _settings(), read_baseline()
    started = datetime.now(UTC)
    report = asyncio.run(measure_live(settings, ceiling_usd, started, baseline))
    tell(
        *report.reached, f"{report.server}: {report.cost_usd:.4f} USD of at most {ceiling_usd:.2f}"
    )
    if report.unmeasured:
        tell(f"These are no figures of {report.server}, and none are given: {report.unmeasured}.")
        return 1
    page = write_report(report, FOLDER / "reports" / f"{started:%Y-%m-%d-%H%M%S}.html")
    tell("", table(report.verdicts), *faults(report.findings.metrics), "", f"{page}")
    fell = [f"FAIL {one.metric.name} {one.fault}" for one in report.verdicts if one.fault]
    tell(*fell)
    if report.halted:
        tell("The ceiling was reached: what was not measured whole is left out.")
    return 1 if report.halted or fell else 0


def _settings() -> Settings:
    settings = load_settings()
    if settings.api_key is None and settings.anthropic_base_url is None:
        raise LiveError(
            "A live run needs a key: set ANTHROPIC_API_KEY, or HOTSEAT_ANTHROPIC_BASE_URL for a "
            "server of your own. Nothing was asked and nothing was spent."
        )
    return settings


async def measure_live(
    settings: Settings, ceiling_usd: float, started: datetime, baseline: Baseline
) -> Report:
    """Ask the API of the settings until all is measured, the ceiling is reached or it is no use."""
    host = server_label(settings)
    watch = Watch()
    recordings = recordings_file(host, started)
    findings = Findings()
    async with open_world(
        LIVE,
        wrap=lambda model: Recorder(watch.over(model), recordings),
        is_halted=lambda: watch.reached or watch.is_hopeless,
        start=started.replace(hour=12),
        settings=_asked(settings, ceiling_usd),
    ) as opened:
        world = watch.around(opened)
        with suppress(HaltedError):
            await measure_cases(world, findings, watch.begin)
            await measure_rounds(world, findings, begin=watch.begin)
        cost = await world.spent_usd()
    metrics = merged(findings.metrics)
    return Report(
        server=host,
        interview_model=settings.interview_model,
        judge_model=settings.judge_model,
        started=started,
        ceiling_usd=ceiling_usd,
        cost_usd=cost,
        halted=watch.reached,
        reached=tuple(lines(watch)),
        unmeasured=watch.total.verdict,
        findings=Findings(metrics, findings.rounds),
        verdicts=tuple(judge_beside(metrics, baseline, OFFLINE)),
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
