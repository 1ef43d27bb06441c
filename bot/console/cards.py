"""Stored interviews at the terminal: list, show and delete their scorecards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Literal

from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from bot.doors import UsageError
from bot.drawings import drawings_of
from bot.wiring import App
from interviewer.state import InterviewSettings, RoundSpec
from scenarios.documents import ContentError
from scenarios.load import Library
from scoring.disputes import CardNotes
from scoring.render.html import render_html
from scoring.render.markdown import render_markdown
from scoring.render.terminal import render_terminal
from scoring.render.timeline import Drawing
from scoring.render.wording import ENDING_WORDS, KIND_WORDS, when
from scoring.scorecard import Scorecard, scorecard_to_json
from storage.errors import DatabaseCorruptError
from storage.notes import notes_of
from storage.retention import export_interview
from storage.scorecards import (
    ScorecardSummary,
    delete_interview,
    interview_dates,
    list_scorecards,
    load_scorecard,
    unfinished_interviews,
)
from whiteboard.board import strip_unseen

OWNER = "local"
"""Whose interviews the terminal shows: the person at this computer."""

Form = Literal["terminal", "markdown", "json", "html"]

WRITERS: dict[str, Callable[[Scorecard, CardNotes | None, Sequence[Drawing]], str]] = {
    "markdown": lambda card, notes, _: render_markdown(card, notes),
    "json": lambda card, *_: scorecard_to_json(card),
    "html": render_html,
}
"""A card in its other forms, with the notes beside it; JSON is the card alone, HTML has boards."""


async def list_cards(app: App, console: Console) -> None:
    """Print the graded interviews, then the unfinished ones with how to go on."""
    graded = await list_scorecards(app.database, OWNER)
    unfinished = await unfinished_interviews(app.database)
    mine = [one for one in unfinished if one.settings.owner == OWNER]
    if not (graded or mine):
        console.print(Text("No interview yet. Start one with: hotseat practice"))
        return
    if graded:
        console.print(_graded_table(graded, app.services.library))
    if mine:
        console.print(Text("\nUnfinished, the clock stands still:", "bold"))
        for one in mine:
            title = _title(one.settings, app.services.library)
            console.print(Text(f"  {one.id}  {title}, begun {when(one.started_at)}"))
            console.print(Text(f"    go on with: hotseat resume {one.id}", "bright_black"))


async def show_card(
    app: App,
    console: Console,
    interview_id: str | None = None,
    revision: int | None = None,
    as_: Form = "terminal",
) -> None:
    """Print a card, by default the latest interview's in its latest revision.

    Raises `UsageError`, and `ScorecardNotFoundError` for a revision that there is not.
    """
    found = await find_graded(app, interview_id)
    card = await load_scorecard(app.database, found, revision)
    drawings = await drawings_of(app, card) if as_ == "html" else ()
    print_card(card, console, as_, await notes_of(app.database, found), drawings)


def print_card(
    card: Scorecard,
    console: Console,
    form: Form = "terminal",
    notes: CardNotes | None = None,
    drawings: Sequence[Drawing] = (),
) -> None:
    """Print a card in that form, with the notes beside it and, in HTML, what was drawn."""
    if form == "terminal":
        render_terminal(card, console, notes)
        return
    console.file.write(WRITERS[form](card, notes, drawings).rstrip("\n") + "\n")
    console.file.flush()


async def delete_card(app: App, console: Console, interview_id: str, *, yes: bool = False) -> None:
    """Delete the whole interview, its card and transcript included, and say what went.

    Asks first at a terminal; raises `UsageError` where nobody can answer and `yes` is not set.
    """
    found = await find_interview(app, interview_id)
    what = await _describe(app, found)
    if not yes and not _confirm(console, what):
        console.print(Text("Nothing was deleted."))
        return
    export = await export_interview(app.database, found)
    await delete_interview(app.database, found)
    console.print(Text(f"Deleted {what}: {_count_rows(export)}, and its checkpoints."))


async def find_interview(app: App, given: str | None) -> str:
    """The id of the owner's interview that is, or alone begins with, `given`; None is the latest.

    Works where its rows cannot be read. Raises `UsageError` with the ids that come near.
    """
    ids = [one.interview_id for one in await interview_dates(app.database, OWNER)]
    if given is None:
        if not ids:
            raise UsageError("there is no interview yet: start one with `hotseat practice`")
        return ids[0]
    matching = [one for one in ids if one.startswith(given)] if given else []
    if given in ids or len(matching) == 1:
        return given if given in ids else matching[0]
    if matching:
        raise UsageError(f"{given!r} is the beginning of {_join(matching)}: give more of the id")
    near = get_close_matches(given, ids, n=3, cutoff=0.5) or ids[:5]
    advice = f"there is {_join(near)}" if near else "there is none yet"
    raise UsageError(f"no interview {given!r}: {advice}; `hotseat scorecards list` shows them all")


async def find_graded(app: App, given: str | None) -> str:
    """As `find_interview`, of those that have a card; None is the latest of them.

    Raises `UsageError`.
    """
    if given is None:
        return await _latest_graded(app)
    found = await find_interview(app, given)
    if not await is_over(app, found):
        raise UsageError(
            f"interview {found!r} is not over, so it has no card: go on with `hotseat resume "
            f"{found}`"
        )
    return found


async def is_over(app: App, interview_id: str) -> bool:
    """Whether the owner's interview has ended, so that there is a card."""
    dates = await interview_dates(app.database, OWNER)
    return any(one.interview_id == interview_id and one.finished_at for one in dates)


async def _latest_graded(app: App) -> str:
    for one in await interview_dates(app.database, OWNER):
        if one.finished_at is not None:
            return one.interview_id
    raise UsageError("no interview is graded yet: start one with `hotseat practice`")


async def _describe(app: App, interview_id: str) -> str:
    """Its id, with what is known of it."""
    try:
        stored = await app.services.store.interview(interview_id)
    except DatabaseCorruptError:
        return f"{interview_id} (damaged)"
    title = _title(stored.settings, app.services.library)
    return f"{interview_id} ({title}, {when(stored.started_at)})"


def _graded_table(graded: Sequence[ScorecardSummary], library: Library) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("id", "begun", "what", "level", "ended"):
        table.add_column(title, no_wrap=title == "id", overflow="fold")
    for one in graded:
        table.add_row(
            Text(one.interview_id, "bold"),
            Text(when(one.started_at)),
            Text(_title(one.settings, library)),
            Text(one.settings.level.value),
            Text(ENDING_WORDS[one.ending]),
        )
    return table


def _title(settings: InterviewSettings, library: Library) -> str:
    """The rounds in a row; by kind and ids where the library no longer has them."""
    return " · ".join(_round_title(spec, library) for spec in settings.rounds)


def _round_title(spec: RoundSpec, library: Library) -> str:
    try:
        return strip_unseen(library.round_for(*spec.items).title)
    except ContentError:
        return strip_unseen(f"{KIND_WORDS[spec.kind]}: {', '.join(spec.items)}")


def _confirm(console: Console, what: str) -> bool:
    if not (console.is_interactive and sys.stdin.isatty()):
        raise UsageError(f"nobody can be asked here: delete {what} with --yes")
    try:
        return Confirm.ask(Text(f"Delete {what} for good?"), console=console, default=False)
    except EOFError:
        return False


_ROW_NAMES = {
    "inbox": ("event", "events"),
    "outbox": ("interviewer turn", "interviewer turns"),
    "findings": ("finding", "findings"),
    "board_revisions": ("board", "boards"),
    "scorecards": ("scorecard", "scorecards"),
    "corrections": ("correction", "corrections"),
    "disputes": ("dispute", "disputes"),
}


def _count_rows(export: dict[str, list[object]]) -> str:
    counts = [(len(export[table]), names) for table, names in _ROW_NAMES.items()]
    return ", ".join(f"{count} {names[count != 1]}" for count, names in counts if count)


def _join(ids: Sequence[str]) -> str:
    return ", ".join(ids)
