"""The `hotseat` command: parses, opens what is needed, calls the edge, and is the outer door.

Everything heavy is imported inside the commands, so that `hotseat --help` answers at once.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from bot.console.aloud import require_voice
from bot.console.grading import grade
from bot.console.model_commands import evals, flag_turn, judge_again
from bot.console.objections import correct_answer, dispute_verdict
from bot.console.options import Board, Database
from bot.console.round_commands import behavioural, drill, loop, page_beside, practice
from bot.console.runtime import (
    OUTPUT_GONE,
    CardForm,
    new_console,
    read_settings,
    run,
    run_with_app,
)
from bot.console.scorecard_commands import compare_scorecards
from bot.console.service import bot, discord_preview
from bot.console.speech_models import speech_models
from bot.console.web import web
from bot.doors import StoppedError, UsageError, explain

if TYPE_CHECKING:
    from bot.wiring import App

ExportForm = Literal["html", "markdown", "json", "data", "all"]

cli = typer.Typer(
    name="hotseat",
    help="Mock interviews for AI-engineering roles, with an honest scorecard.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
scorecards = typer.Typer(
    help="Your scorecards: list, show, compare, correct, dispute, flag, judge, export, delete.",
    no_args_is_help=True,
)
packs = typer.Typer(help="Content: what there is, and whether it is sound.", no_args_is_help=True)
cli.add_typer(scorecards, name="scorecards")
cli.add_typer(packs, name="packs")
cli.add_typer(evals, name="evals")
cli.add_typer(speech_models, name="models")

InterviewId = Annotated[str | None, typer.Argument(help="Interview id; the latest if left out.")]


cli.command()(practice)
cli.command()(behavioural)
cli.command()(drill)
cli.command()(loop)


@cli.command()
def resume(
    interview: Annotated[
        str | None, typer.Argument(help="Interview id; the latest unfinished one if left out.")
    ] = None,
    board: Board = False,
    database: Database = None,
) -> None:
    """Go on with an interview that was interrupted."""

    async def go_on(app: App) -> None:
        from bot.console.answers import open_answers
        from bot.console.cards import find_interview
        from bot.console.practice import in_writing, latest_unfinished
        from bot.console.practice import resume as resume_interview

        found = await (
            latest_unfinished(app) if interview is None else find_interview(app, interview)
        )
        if found is None:
            raise UsageError("there is no unfinished interview: `hotseat practice` starts one")
        async with page_beside(app) if board else nullcontext() as page:
            join = in_writing if page is None else page.join
            await resume_interview(app, found, open_answers(), new_console(), join, page)

    run_with_app(database, go_on)


@cli.command()
def demo(
    pace: Annotated[
        float | None, typer.Option("--pace", min=0, help="Seconds a turn; 0 does not wait.")
    ] = None,
    voice: Annotated[
        bool, typer.Option("--voice", help="Hear it: a spoken round, with the models that ship.")
    ] = False,
    voice_out: Annotated[
        Path | None, typer.Option("--voice-out", help="Write both sides to this WAV file instead.")
    ] = None,
) -> None:
    """Watch a recorded candidate take a whole round; needs no key and stores nothing."""
    if voice or voice_out is not None:
        require_voice()
        from bot.console.voice_demo import run_voice_demo

        run(run_voice_demo(read_settings(None), new_console(), voice_out))
        return
    from bot.console.demo import run_demo

    run(run_demo(read_settings(None), new_console(), pace))


cli.command()(grade)
cli.command()(web)
cli.command()(bot)
cli.command()(discord_preview)


@cli.command()
def trace(
    interview: InterviewId = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    database: Database = None,
) -> None:
    """Explain every turn of the interviewer: move, cause, alternatives, clock."""

    async def explain(app: App) -> None:
        from bot.console.cards import find_interview
        from bot.console.trace import trace as print_trace

        found = await find_interview(app, interview)
        await print_trace(app, new_console(), found, as_json=as_json)

    run_with_app(database, explain)


@cli.command()
def progress(
    every: Annotated[bool, typer.Option("--all", help="List also what is due later.")] = False,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Draw your ratings over time to this PNG file.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    database: Database = None,
) -> None:
    """Concepts to practise again: due now, and in the next 7 days; ratings over time."""

    async def show(app: App) -> None:
        from bot.console.progress import draw_progress, show_progress

        console = new_console()
        await show_progress(app, console, every=every)
        if chart is not None:
            await draw_progress(app, console, chart, force=force)

    run_with_app(database, show)


@cli.command()
def doctor(
    discord: Annotated[
        bool, typer.Option("--discord", help="Log in to Discord and report intents and links.")
    ] = False,
    model: Annotated[
        bool, typer.Option("--model", help="Ask each language model for a word, at its price.")
    ] = False,
    voice: Annotated[
        bool, typer.Option("--voice", help="Measure how fast the speech models are here.")
    ] = False,
    database: Database = None,
) -> None:
    """Check what this machine offers and what is missing."""
    from bot.console.doctor import run_doctor

    settings = read_settings(database)
    console = new_console()
    if not run_doctor(settings, console, ask_discord=discord, ask_model=model, ask_voice=voice):
        raise typer.Exit(1)


@scorecards.command("list")
def list_scorecards(database: Database = None) -> None:
    """Graded interviews, and unfinished ones."""

    async def show(app: App) -> None:
        from bot.console.cards import list_cards

        await list_cards(app, new_console())

    run_with_app(database, show)


@scorecards.command("show")
def show_scorecard(
    interview: InterviewId = None,
    form: Annotated[CardForm, typer.Option("--as", help="How to show it.")] = "terminal",
    revision: Annotated[int | None, typer.Option("--revision", help="An earlier one.")] = None,
    database: Database = None,
) -> None:
    """Show a scorecard."""

    async def show(app: App) -> None:
        from bot.console.cards import show_card

        await show_card(app, new_console(), interview, revision, form)

    run_with_app(database, show)


@scorecards.command("export")
def export_scorecard(
    interview: InterviewId = None,
    target: Annotated[Path, typer.Option("--to", help="Folder or file.")] = Path(),
    form: Annotated[
        ExportForm | None,
        typer.Option("--as", help="How to write it; as the file's name says, or HTML."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files.")] = False,
    database: Database = None,
) -> None:
    """Write a scorecard as HTML, Markdown or JSON; as data, everything stored, graded or not."""

    async def write(app: App) -> None:
        from bot.console.exports import export

        await export(app, new_console(), interview, target, form, force=force)

    run_with_app(database, write)


scorecards.command("compare")(compare_scorecards)
scorecards.command("correct")(correct_answer)
scorecards.command("dispute")(dispute_verdict)
scorecards.command("flag")(flag_turn)
scorecards.command("judge")(judge_again)


@scorecards.command("delete")
def delete_scorecard(
    interview: Annotated[str, typer.Argument(help="Interview id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: Database = None,
) -> None:
    """Delete an interview with everything that is stored about it."""

    async def delete(app: App) -> None:
        from bot.console.cards import delete_card

        await delete_card(app, new_console(), interview, yes=yes)

    run_with_app(database, delete)


@packs.command("check")
def check_packs(
    path: Annotated[
        Path | None, typer.Argument(help="A pack, a folder of packs or a file; all if left out.")
    ] = None,
) -> None:
    """Report every problem of the packs with file, place and reason."""
    from bot.console.packs import check_packs as check

    if not check(read_settings(None), path, new_console()):
        raise typer.Exit(1)


@packs.command("list")
def list_packs() -> None:
    """List scenarios, questions, story prompts and plans."""
    from bot.console.packs import list_packs as show

    show(read_settings(None), new_console())


def main() -> None:
    """Run the command; known errors become one clear message and exit status 1."""
    try:
        cli()
    except StoppedError as err:
        _complain(explain(err), err.status)
    except BrokenPipeError:
        _complain(f"hotseat: {OUTPUT_GONE}", 1)
    except Exception as err:
        message = explain(err)
        if message is None:
            raise
        _complain(message, 1)


def _complain(message: str | None, status: int) -> NoReturn:
    """Say it where errors go, without what would disturb a terminal, and leave."""
    from whiteboard.board import strip_unseen

    typer.echo(strip_unseen(message or ""), err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
