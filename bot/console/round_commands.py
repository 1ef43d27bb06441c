"""The commands that hold a round: practice, behavioural, drill, loop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console.aloud import Aloud, aloud_of, require_voice
from bot.console.options import (
    Board,
    Database,
    Extra,
    ExtraTime,
    LevelOption,
    Minutes,
    StyleName,
    StyleOption,
    Voice,
    VoiceFile,
    VoiceOut,
)
from bot.console.runtime import LevelName, new_console, read_library, read_settings, run_with_app
from bot.doors import UsageError

if TYPE_CHECKING:
    from bot.console.browser import PageBeside
    from bot.console.choices import Wishes
    from bot.wiring import App
    from interviewer.state import InterviewSettings


def practice(  # noqa: PLR0913, PLR0917 - options are arguments
    scenario: Annotated[str | None, typer.Argument(help="Scenario id; asked if left out.")] = None,
    level: LevelOption = None,
    minutes: Minutes = None,
    style: StyleOption = None,
    extra_time: Extra = None,
    voice: Voice = False,
    voice_file: VoiceFile = None,
    voice_out: VoiceOut = None,
    board: Board = False,
    database: Database = None,
) -> None:
    """Take a timed system-design round. Answers may also come from a pipe."""
    from bot.console.choices import design_settings

    aloud = aloud_of(voice=voice, file=voice_file, out=voice_out)
    wishes = _wishes(scenario, level, minutes, style, extra_time)
    _hold(design_settings, wishes, database, aloud, board=board)


def behavioural(  # noqa: PLR0913, PLR0917 - options are arguments
    prompt: Annotated[str | None, typer.Argument(help="Prompt id; asked if left out.")] = None,
    level: LevelOption = None,
    minutes: Minutes = None,
    style: StyleOption = None,
    extra_time: Extra = None,
    voice: Voice = False,
    voice_file: VoiceFile = None,
    voice_out: VoiceOut = None,
    board: Board = False,
    database: Database = None,
) -> None:
    """Tell one story from your work, in five parts."""
    from bot.console.choices import story_settings

    aloud = aloud_of(voice=voice, file=voice_file, out=voice_out)
    wishes = _wishes(prompt, level, minutes, style, extra_time)
    _hold(story_settings, wishes, database, aloud, board=board)


def drill(  # noqa: PLR0913, PLR0917 - options are arguments
    questions: Annotated[
        str | None, typer.Argument(help="Question ids, joined by commas; asked if left out.")
    ] = None,
    level: LevelOption = None,
    minutes: Minutes = None,
    style: StyleOption = None,
    extra_time: Extra = None,
    voice: Voice = False,
    voice_file: VoiceFile = None,
    voice_out: VoiceOut = None,
    board: Board = False,
    database: Database = None,
) -> None:
    """Answer quick-fire concept questions, one to three minutes each."""
    from bot.console.choices import drill_settings

    aloud = aloud_of(voice=voice, file=voice_file, out=voice_out)
    wishes = _wishes(questions, level, minutes, style, extra_time)
    _hold(drill_settings, wishes, database, aloud, board=board)


def loop(
    plan: Annotated[str | None, typer.Argument(help="Plan id; asked if left out.")] = None,
    level: LevelOption = None,
    style: StyleOption = None,
    extra_time: Extra = None,
    board: Board = False,
    database: Database = None,
) -> None:
    """Take a whole interview loop: several rounds in a row."""
    from bot.console.choices import loop_settings

    wishes = _wishes(plan, level, None, style, extra_time)
    _hold(loop_settings, wishes, database, board=board)


def _wishes(
    item: str | None,
    level: LevelName | None,
    minutes: float | None,
    style: StyleName | None,
    extra_time: ExtraTime | None,
) -> Wishes:
    from bot.console.choices import Wishes
    from interviewer.state import Style
    from scenarios.model import Level

    return Wishes(
        item,
        Level(level) if level else None,
        minutes,
        Style(style) if style else None,
        float(extra_time) if extra_time else None,
    )


def _hold(
    choose: Callable[..., InterviewSettings],
    wishes: Wishes,
    database: Path | None,
    aloud: Aloud | None = None,
    *,
    board: bool,
) -> None:
    from bot.console.answers import is_interactive, open_answers
    from bot.console.practice import in_writing, practise

    console = new_console()
    if aloud is not None:
        require_voice()
        if board and aloud.file is not None:
            raise UsageError("--board goes with a round that is held now, not with --voice-file")

    async def hold(app: App) -> None:
        async with page_beside(app) if board else nullcontext() as page:
            if aloud is None:
                join = in_writing if page is None else page.join
                await practise(app, chosen, open_answers(), console, join, page)
            else:
                from bot.console.voice_practice import practise_aloud

                await practise_aloud(app, chosen, console, aloud, page)

    library = read_library(read_settings(database))
    chosen = choose(library, wishes, console, ask=is_interactive())
    run_with_app(database, hold, library)


def page_beside(app: App) -> AbstractAsyncContextManager[PageBeside]:
    """The page beside a round; the web server's parts are loaded only for those who want it."""
    from bot.console import browser

    return browser.page_beside(app)
