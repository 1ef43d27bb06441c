"""The page of a live run: one HTML file that needs nothing else, every word on it escaped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from evals.baseline import Verdict, prompt_hashes
from evals.play import Played
from evals.runs import Findings
from evals.table import interval, value
from scoring.transcript import Turn

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
       color: #1c1c1c; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem;
       border-bottom: 1px solid #ddd; vertical-align: top }
.interviewer { color: #0b4f8a } pre { white-space: pre-wrap } summary { cursor: pointer }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616 }
       .interviewer { color: #8cc4ff } th, td { border-color: #444 } }
"""


@dataclass(frozen=True)
class Report:
    """A live run: who was asked, what it cost, what was found.

    `halted` says that the ceiling ended it; what was not measured whole is then missing. `reached`
    says suite by suite how far the model was reached, `unmeasured` why the figures are not its own,
    and `verdicts` hold them beside those accepted for the offline engine.
    """

    server: str
    interview_model: str
    judge_model: str
    started: datetime
    ceiling_usd: float
    cost_usd: float
    halted: bool
    reached: tuple[str, ...]
    unmeasured: str
    findings: Findings
    verdicts: tuple[Verdict, ...]


def write_report(report: Report, path: Path) -> Path:
    """Write the page and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_page(report)), "utf-8")
    return path


def _page(report: Report) -> Iterator[str]:
    title = f"Hotseat evals on {report.server}, {report.started:%Y-%m-%d %H:%M} UTC"
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{escape(title)}</h1>"
    yield from _facts(report)
    yield "<h2>Reached</h2><ul>"
    yield from (f"<li>{escape(line)}</li>" for line in report.reached)
    yield "</ul><h2>Figures</h2>"
    yield from _figures(report)
    yield "<h2>Faults</h2>"
    yield from _faults(report)
    yield "<h2>Rounds of simulated candidates</h2>"
    for played in report.findings.rounds:
        yield from _round(played)
    yield "</body></html>"


def _facts(report: Report) -> Iterator[str]:
    if report.halted:
        yield "<p><strong>The ceiling was reached</strong>: what was not measured whole is left "
        yield "out.</p>"
    facts = {
        "Server": report.server,
        "Interviewer": report.interview_model,
        "Judge": report.judge_model,
        "Cost": f"{report.cost_usd:.4f} USD of at most {report.ceiling_usd:.2f}",
        **{f"Prompt {path}": digest[:12] for path, digest in prompt_hashes().items()},
    }
    yield "<table>"
    yield from (_row(name, fact) for name, fact in facts.items())
    yield "</table><p>Candidates are simulated by programs, and cases were written and labelled by "
    yield "a language model. No person has checked the labels.</p>"


def _figures(report: Report) -> Iterator[str]:
    yield "<table><tr><th>metric</th><th>value</th><th>95 % interval</th><th>of</th>"
    yield "<th>beside the offline engine</th></tr>"
    for metric, _, fault in report.verdicts:
        yield _row(metric.name, value(metric), interval(metric), f"{metric.of:.0f}", fault or "ok")
    yield "</table>"


def _faults(report: Report) -> Iterator[str]:
    for metric in report.findings.metrics:
        if metric.faults:
            yield f"<h3>{escape(metric.name)}</h3><ul>"
            yield from (f"<li>{escape(fault)}</li>" for fault in metric.faults)
            yield "</ul>"


def _round(played: Played) -> Iterator[str]:
    hits = sum(1 for verdict in played.verdicts if verdict.verdict.value == "hit")
    summary = f"{played.name}: {hits} hits of {len(played.verdicts)}"
    yield f"<details><summary>{escape(summary)}</summary>"
    yield from (_turn(turn) for turn in played.card.transcript)
    yield "</details>"


def _turn(turn: Turn) -> str:
    kind = turn.speaker.value
    mark = f" ({escape(turn.degraded)})" if turn.degraded else ""
    return f'<pre class="{kind}"><b>{kind}</b>{mark}: {escape(turn.text)}</pre>'


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
