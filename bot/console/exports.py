"""Writes cards, and everything that is stored about an interview, to files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.text import Text

from bot.console.cards import WRITERS, find_graded, find_interview, is_over
from bot.console.files import write_private
from bot.doors import UsageError
from bot.drawings import drawings_of
from bot.wiring import App
from storage.notes import notes_of
from storage.retention import export_interview
from storage.scorecards import load_scorecard

Kind = Literal["markdown", "json", "html", "data"]
"""A card in one of its forms, or everything that is stored about the interview."""

ExportForm = Literal["html", "markdown", "json", "data", "all"]

_CARDS: tuple[Kind, ...] = ("markdown", "json", "html")
_SUFFIXES: dict[Kind, str] = {"markdown": ".md", "json": ".json", "html": ".html", "data": ".json"}
_BY_SUFFIX: dict[str, Kind] = {_SUFFIXES[form]: form for form in _CARDS}


async def export(
    app: App,
    console: Console,
    interview_id: str | None,
    target: Path,
    form: ExportForm | None = None,
    *,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write to the file `target` if it ends as a form does, otherwise into that folder.

    Without `form` the file's name decides, and a folder gets HTML. An interview that is not over
    has data and no card; `all` gives what there is. Nothing is written if any file exists already,
    unless `force` is set. The files are for their owner only.
    Returns their paths; raises `UsageError`.
    """
    chosen = form or _form_of(target) or "html"
    found = await _find(app, interview_id, chosen)
    kinds = await _kinds(app, found, chosen)
    files = _files(found, target, chosen, kinds)
    taken = [str(path) for path in _taken(files.values())]
    if taken and not force:
        raise UsageError(
            f"{', '.join(taken)} exists already: choose another place, or overwrite with --force"
        )
    texts = {kind: await _text(app, found, kind) for kind in files}
    for kind, path in files.items():
        write_private(path, texts[kind])
        console.print(Text(f"wrote {path}"), soft_wrap=True)
    return tuple(files.values())


async def _find(app: App, given: str | None, form: ExportForm) -> str:
    whole = form == "data" or (form == "all" and given is not None)
    return await (find_interview(app, given) if whole else find_graded(app, given))


async def _kinds(app: App, interview_id: str, form: ExportForm) -> Sequence[Kind]:
    if form != "all":
        return (form,)
    return (*_CARDS, "data") if await is_over(app, interview_id) else ("data",)


def _form_of(target: Path) -> Kind | None:
    return None if target.is_dir() else _BY_SUFFIX.get(target.suffix.lower())


def _files(
    interview_id: str, target: Path, form: ExportForm, kinds: Sequence[Kind]
) -> dict[Kind, Path]:
    named = _form_of(target)
    if named is None:
        return {kind: target / _file_name(interview_id, kind) for kind in kinds}
    if form == "all" or _SUFFIXES[form] != _SUFFIXES[named]:
        raise UsageError(
            f"{target} ends as {named} does: say so with --as {named}, or give a folder"
        )
    return {form: target}


def _file_name(interview_id: str, kind: Kind) -> str:
    """Card and data are both JSON, so the data says so in its name."""
    stem = f"hotseat-{interview_id}"
    return f"{stem}.data.json" if kind == "data" else f"{stem}{_SUFFIXES[kind]}"


async def _text(app: App, interview_id: str, kind: Kind) -> str:
    if kind == "data":
        stored = await export_interview(app.database, interview_id)
        return json.dumps(stored, ensure_ascii=False, indent=2) + "\n"
    card = await load_scorecard(app.database, interview_id)
    drawings = await drawings_of(app, card) if kind == "html" else ()
    return WRITERS[kind](card, await notes_of(app.database, interview_id), drawings)


def _taken(paths: Iterable[Path]) -> Iterable[Path]:
    return (path for path in paths if path.exists() or path.is_symlink())
