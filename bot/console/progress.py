"""`hotseat progress`: which concepts to practise now and later, and how ratings went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.console.cards import OWNER
from bot.console.files import replacing
from bot.doors import UsageError
from bot.practice_list import HEAVIEST, ORDER, Entry, PracticeList, practice_list
from bot.wiring import App
from scenarios.model import RoundKind
from scoring.progress import progress_of
from scoring.render.chart import ChartUnavailableError, render_progress_png
from scoring.render.progress import render_progress_text
from scoring.render.wording import VERDICT_SYMBOLS, VERDICT_WORDS
from storage.reviews import load_reviews
from storage.scorecards import interview_dates, latest_scorecards
from whiteboard.board import strip_unseen

MOST_SHOWN = 10
"""Concepts that one list shows; whoever has more to do begins with these."""

_COMMANDS = {
    RoundKind.DESIGN: "hotseat practice",
    RoundKind.BEHAVIOURAL: "hotseat behavioural",
    RoundKind.DRILL: "hotseat drill",
}


async def show_progress(app: App, console: Console, *, every: bool = False) -> None:
    """Print what is due now and within a week, or why there is nothing to print.

    With `every`, all that is planned, uncut.
    """
    now = app.services.clock.now()
    reviews = await load_reviews(app.database, OWNER)
    listed = practice_list(reviews, app.services.library, now)
    if not listed.measured:
        begun = bool(await interview_dates(app.database, OWNER))
        console.print(Text(_nothing_measured(begun=begun)))
        return
    most = len(listed.entries) if every else MOST_SHOWN
    groups = [("Due now", listed.due), ("In the next 7 days", listed.soon)]
    groups += [("Later", listed.later)] if every else []
    for title, group in groups:
        _show(title, group, most, now, console)
    if not any(group for _, group in groups):
        console.print(Text(_nothing_due(listed)))
    _show_commands([entry for _, group in groups for entry in group[:most]], console)
    if listed.lost:
        _note(f"{listed.lost} of concepts that your packs no longer hold.", console)
    _note(ORDER, console)


async def draw_progress(app: App, console: Console, target: Path, *, force: bool = False) -> None:
    """Print the ratings over time and write their picture to the PNG file `target`.

    Raises `UsageError` where it cannot be written, where there is no rating yet, and where the
    library that draws is not installed. A file is overwritten with `force` only.
    """
    _check_target(target, force=force)
    progress = progress_of(await latest_scorecards(app.database, OWNER))
    if not progress.rated:
        raise UsageError("no stage has been rated yet, so there is nothing to draw")
    try:
        picture = render_progress_png(progress)
    except ChartUnavailableError as err:
        raise UsageError(str(err)) from err
    with replacing(target) as file:
        file.write(picture)
    console.print(Text(render_progress_text(progress)))
    console.print(Text(f"wrote {target}"), soft_wrap=True)


def _check_target(target: Path, *, force: bool) -> None:
    if target.suffix.lower() != ".png":
        raise UsageError(f"{target}: the picture is a PNG file, so let its name end in .png")
    if target.exists() and not force:
        raise UsageError(
            f"{target} exists already: choose another place, or overwrite with --force"
        )


def _nothing_measured(*, begun: bool) -> str:
    if not begun:
        return (
            "Nothing to repeat yet: the schedule is made from your scorecards. "
            "Start with: hotseat practice"
        )
    return (
        "Nothing to repeat yet: no interview has been graded since the schedule exists. "
        "Finish one with: hotseat resume; or start one with: hotseat practice"
    )


def _nothing_due(listed: PracticeList) -> str:
    if listed.next_due is None:
        return "Nothing to repeat: none of the concepts that were measured is in your packs."
    return f"Nothing to repeat this week; the next concept is due on {_day(listed.next_due)}."


def _show(title: str, entries: Sequence[Entry], most: int, now: datetime, console: Console) -> None:
    if not entries:
        return
    console.print(Text(f"{title} ({len(entries)})", "bold"))
    for entry in entries[:most]:
        console.print()
        console.print(Padding(_described(entry, now), (0, 0, 0, 2)))
    if len(entries) > most:
        console.print()
        _note(f"  and {len(entries) - most} more, less urgent", console)
    console.print()


def _described(entry: Entry, now: datetime) -> Text:
    planned = entry.planned
    when = "since" if planned.due_at <= now else "on"
    facts = (
        f"weight {planned.weight} of {HEAVIEST}",
        f"{VERDICT_SYMBOLS[planned.verdict]} {VERDICT_WORDS[planned.verdict]} on "
        f"{_day(planned.practised_at)}",
        f"due {when} {_day(planned.due_at)}",
        planned.item,
    )
    text = Text(strip_unseen(entry.concept.statement), "bold")
    text.append(f"\n{strip_unseen(' · '.join(facts))}", "not bold bright_black")
    text.append(f"\nAnswer aloud: {strip_unseen(entry.concept.probes[0])}", "not bold")
    return text


def _show_commands(entries: Sequence[Entry], console: Console) -> None:
    """One command for each scenario and prompt, and one for all the questions."""
    items: dict[RoundKind, list[str]] = {}
    for entry in entries:
        known = items.setdefault(entry.plan.kind, [])
        if entry.planned.item not in known:
            known.append(entry.planned.item)
    if items:
        console.print(Text("Practise them with", "bold"))
    for kind, names in items.items():
        rounds = [",".join(names)] if kind is RoundKind.DRILL else names
        for name in rounds:
            console.print(Text(f"  {_COMMANDS[kind]} {name}", "cyan"), soft_wrap=True)
    if items:
        console.print()


def _note(text: str, console: Console) -> None:
    console.print(Text(text, "bright_black"))


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
