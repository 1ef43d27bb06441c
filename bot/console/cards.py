"""Stored interviews at the terminal: list, show, export and delete their scorecards."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple

from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from bot.doors import UsageError
from bot.wiring import App
from interviewer.ports import StoredInterview
from interviewer.state import InterviewSettings, RoundSpec
from scenarios.documents import ContentError
from scenarios.load import Library
from scoring.render.html import render_html
from scoring.render.markdown import render_markdown
from scoring.render.terminal import render_terminal
from scoring.render.wording import ENDING_WORDS, KIND_WORDS, when
from scoring.scorecard import Scorecard, scorecard_to_json
from storage.retention import export_interview
from storage.scorecards import (
    ScorecardSummary,
    delete_interview,
    list_scorecards,
    load_scorecard,
    unfinished_interviews,
)
from whiteboard.board import strip_unseen

OWNER = "local"
"""Whose interviews the terminal shows: the person at this computer."""

Form = Literal["terminal", "markdown", "json", "html"]
FileForm = Literal["markdown", "json", "html"]

SUFFIXES: dict[FileForm, str] = {"markdown": ".md", "json": ".json", "html": ".html"}
_ALL_FORMS: tuple[FileForm, ...] = ("markdown", "json", "html")
_WRITERS = {"markdown": render_markdown, "json": scorecard_to_json, "html": render_html}


class _Stored(NamedTuple):
    """The owner's interviews, graded ones latest first and open ones oldest first."""

    graded: tuple[ScorecardSummary, ...]
    open: tuple[StoredInterview, ...]

    def ids(self) -> list[str]:
        """Every id."""
        return [one.interview_id for one in self.graded] + [one.id for one in self.open]

    def latest(self) -> str:
        """The interview that was begun last; UsageError if there is none."""
        begun = [(one.started_at, one.interview_id) for one in self.graded]
        begun += [(one.started_at, one.id) for one in self.open]
        if not begun:
            raise UsageError("there is no interview yet: start one with `hotseat practice`")
        return max(begun)[1]


async def list_cards(app: App, console: Console) -> None:
    """Print the graded interviews, then the unfinished ones with how to go on."""
    stored = await _stored(app)
    if not stored.ids():
        console.print(Text("No interview yet. Start one with: hotseat practice"))
        return
    if stored.graded:
        console.print(_graded_table(stored.graded, app.services.library))
    if stored.open:
        console.print(Text("\nUnfinished, the clock stands still:", "bold"))
        for one in stored.open:
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
    card = await _card(app, interview_id, revision)
    if as_ == "terminal":
        render_terminal(card, console)
        return
    console.file.write(_WRITERS[as_](card).rstrip("\n") + "\n")
    console.file.flush()


async def export_card(
    app: App,
    console: Console,
    interview_id: str | None,
    target: Path,
    formats: Sequence[FileForm] = (),
    *,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write the card into the folder `target`, or to the file if it ends as one of the forms does.

    Without `formats` a folder gets all of them. Nothing is written if any file exists already,
    unless `force` is set. The files are for their owner only: JSON and HTML hold the transcript.
    Returns their paths; raises `UsageError`.
    """
    card = await _card(app, interview_id, None)
    files = _files(card, target, formats)
    taken = _taken(files.values())
    if taken and not force:
        raise UsageError(
            f"{_join(taken)} exists already: choose another place, or overwrite with --force"
        )
    for form, path in files.items():
        _write_private(path, _WRITERS[form](card))
        console.print(Text(f"wrote {path}"), soft_wrap=True)
    return tuple(files.values())


async def delete_card(app: App, console: Console, interview_id: str, *, yes: bool = False) -> None:
    """Delete the whole interview, its card and transcript included, and say what went.

    Asks first at a terminal; raises `UsageError` where nobody can answer and `yes` is not set.
    """
    found = await find_interview(app, interview_id)
    stored = await app.services.store.interview(found)
    title = _title(stored.settings, app.services.library)
    what = f"{found} ({title}, {when(stored.started_at)})"
    if not yes and not _confirm(console, what):
        console.print(Text("Nothing was deleted."))
        return
    export = await export_interview(app.database, found)
    await delete_interview(app.database, found)
    console.print(Text(f"Deleted {what}: {_count_rows(export)}, and its checkpoints."))


async def find_interview(app: App, given: str | None) -> str:
    """The id of the owner's interview that is, or alone begins with, `given`; None is the latest.

    Raises `UsageError` with the ids that come near.
    """
    stored = await _stored(app)
    ids = stored.ids()
    if given is None:
        return stored.latest()
    matching = [one for one in ids if one.startswith(given)] if given else []
    if given in ids or len(matching) == 1:
        return given if given in ids else matching[0]
    if matching:
        raise UsageError(f"{given!r} is the beginning of {_join(matching)}: give more of the id")
    near = get_close_matches(given, ids, n=3, cutoff=0.5) or ids[:5]
    advice = f"there is {_join(near)}" if near else "there is none yet"
    raise UsageError(f"no interview {given!r}: {advice}; `hotseat scorecards list` shows them all")


async def _card(app: App, given: str | None, revision: int | None) -> Scorecard:
    stored = await _stored(app)
    if given is None:
        if not stored.graded:
            raise UsageError("no interview is graded yet: start one with `hotseat practice`")
        return await load_scorecard(app.database, stored.graded[0].interview_id, revision)
    found = await find_interview(app, given)
    if any(one.id == found for one in stored.open):
        raise UsageError(
            f"interview {found!r} is not over, so it has no card: go on with `hotseat resume "
            f"{found}`"
        )
    return await load_scorecard(app.database, found, revision)


async def _stored(app: App) -> _Stored:
    mine = [one for one in await unfinished_interviews(app.database) if one.settings.owner == OWNER]
    return _Stored(await list_scorecards(app.database, OWNER), tuple(mine))


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


def _files(card: Scorecard, target: Path, formats: Sequence[FileForm]) -> dict[FileForm, Path]:
    by_suffix: dict[str, FileForm] = {suffix: form for form, suffix in SUFFIXES.items()}
    form = by_suffix.get(target.suffix.lower())
    if form is None or target.is_dir():
        stem = f"hotseat-{card.interview_id}"
        return {one: target / f"{stem}{SUFFIXES[one]}" for one in formats or _ALL_FORMS}
    if formats and tuple(formats) != (form,):
        raise UsageError(f"{target} ends as {form} does: say so with --as {form}, or give a folder")
    return {form: target}


def _taken(paths: Iterable[Path]) -> list[str]:
    return [str(path) for path in paths if path.exists() or path.is_symlink()]


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, readable by this user only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            file.write(text.encode("utf-8"))
        draft.replace(path)
    except OSError as err:
        with suppress(OSError):
            draft.unlink()
        reason = err.strerror or type(err).__name__
        raise UsageError(f"{path} cannot be written ({reason}): choose another place") from err


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
}


def _count_rows(export: dict[str, list[object]]) -> str:
    counts = [(len(export[table]), names) for table, names in _ROW_NAMES.items()]
    return ", ".join(f"{count} {names[count != 1]}" for count, names in counts if count)


def _join(ids: Sequence[str]) -> str:
    return ", ".join(ids)
