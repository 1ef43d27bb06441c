"""`hotseat scorecards flag` and `judge`, `hotseat evals add`: about what asked, and what judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console.runtime import EffortName, new_console, run_with_app
from bot.doors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.wiring import App
    from scoring.scorecard import Scorecard
    from scoring.transcript import Turn

evals = typer.Typer(
    help="Cases that later versions of the interviewer are tried by.", no_args_is_help=True
)

CASES = Path("evals/flagged")
"""Where `evals/` of a checkout looks for cases that were made of flagged turns."""

FAULT = "flagged by the candidate"
"""What a case of a flagged turn says was wrong; the candidate's own words are its note."""

TurnName = Annotated[
    str, typer.Argument(help="Number of the turn on the card, or its id in the trace, as i0003.")
]
OfInterview = Annotated[
    str | None, typer.Option("--interview", help="Interview id; the latest if left out.")
]
Database = Annotated[
    Path | None, typer.Option("--database", help="Database file, if not the usual one.")
]


def flag_turn(
    turn: TurnName,
    interview: OfInterview = None,
    note: Annotated[str, typer.Option("--note", help="What was wrong with it.")] = "",
    database: Database = None,
) -> None:
    """Object to a turn of the interviewer, such as one that gave the answer away."""

    async def flag(app: App) -> None:
        await flag_spoken(app, new_console(), turn, interview, note)

    run_with_app(database, flag)


def judge_again(
    interview: Annotated[
        str | None, typer.Argument(help="Interview id; the latest if left out.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="The judge, if not that of the settings.")
    ] = None,
    effort: Annotated[
        EffortName | None,
        typer.Option("--effort", help="How long it may think, if not as the settings say."),
    ] = None,
    database: Database = None,
) -> None:
    """Have an old round judged again by a language model; both cards are kept."""

    async def judge(app: App) -> None:
        await rejudge_card(app, new_console(), interview, model, effort)

    run_with_app(database, judge)


@evals.command("add")
def add_eval(
    turn: TurnName,
    interview: OfInterview = None,
    note: Annotated[
        str | None, typer.Option("--note", help="What was wrong; that of the flag if left out.")
    ] = None,
    hide: Annotated[
        list[str] | None, typer.Option("--hide", help="A name to replace wherever it was said.")
    ] = None,
    folder: Annotated[Path, typer.Option("--to", help="Folder for the case.")] = CASES,
    database: Database = None,
) -> None:
    """Make a case of a flagged turn. The file holds what was said, so it stays private."""

    async def add(app: App) -> None:
        await add_flagged(app, new_console(), turn, interview, (note, hide or (), folder))

    run_with_app(database, add)


async def flag_spoken(
    app: App, console: Console, name: str, interview_id: str | None = None, note: str = ""
) -> None:
    """Keep the objection and say so; raises `UsageError` where there is no such turn."""
    from rich.text import Text

    from bot.console.cards import find_interview
    from bot.flagging import KEPT, beginning, flag, flaggable, number_of

    found = await find_interview(app, interview_id)
    turn = turn_named(await flaggable(app, found), name)
    await flag(app, found, turn, note)
    console.print(Text(f"Turn {number_of(turn)}, “{beginning(turn)}”, is flagged. {KEPT}"))
    console.print(Text(f"`hotseat trace {found}` shows it beside the turn.", "bright_black"))


async def rejudge_card(
    app: App, console: Console, interview_id: str | None, model: str | None, effort: str | None
) -> None:
    """Have the interview judged again, print the new card and what that cost.

    Raises `UsageError` where no model is set up or there is no card.
    """
    from rich.text import Text

    from bot.console.cards import find_graded, print_card
    from bot.rejudging import rejudge
    from scoring.render.wording import dollars
    from storage.calls import calls_of
    from storage.notes import notes_of

    found = await find_graded(app, interview_id)
    earlier = len(await calls_of(app.database, found))
    card = await rejudge(app, found, model=model, effort=effort)
    print_card(card, console, notes=await notes_of(app.database, found))
    calls = (await calls_of(app.database, found))[earlier:]
    cost = dollars(sum(one.counted_usd for one in calls))
    console.print(Text(f"\n{_judged(card)}. Cost: {cost}. This is revision {card.revision}."))
    advice = (
        f"`hotseat scorecards show {found} --revision {card.revision - 1}` shows the one before."
    )
    console.print(Text(f"Earlier revisions are kept; {advice}", "bright_black"))


def _judged(card: Scorecard) -> str:
    """How many calls there were, and whether any was in vain."""
    judging = card.judging
    assert judging is not None  # noqa: S101 - a card of which nothing was judged is not stored
    failed = f", {judging.failed_calls} of them in vain" if judging.failed_calls else ""
    return f"Judged by {judging.model} in {judging.calls} calls{failed}"


async def add_flagged(
    app: App,
    console: Console,
    name: str,
    interview_id: str | None,
    wishes: tuple[str | None, Sequence[str], Path],
) -> None:
    """Write the case of a turn; `wishes` are the note, the names to hide and the folder.

    Raises `UsageError` where the turn was neither flagged nor comes with a note.
    """
    from rich.text import Text

    from bot.console.cards import find_interview
    from bot.console.eval_cases import Flagged, add_case
    from bot.flagging import flaggable
    from storage.turn_flags import flags_of

    note, names, folder = wishes
    found = await find_interview(app, interview_id)
    turn = turn_named(await flaggable(app, found), name)
    flags = {one.turn_id: one.note for one in await flags_of(app.database, found)}
    if note is None and turn.id not in flags:
        raise UsageError(
            f"turn {name} is not flagged: flag it with `hotseat scorecards flag {name} "
            f"--interview {found}`, or say with --note what was wrong"
        )
    store = app.services.store
    flagged = Flagged(
        stored=await store.interview(found),
        events=await store.events(found),
        boards=await store.boards(found),
        utterances=await store.utterances(found),
        turn_id=turn.id,
        fault=FAULT,
        note=flags[turn.id] if note is None else note,
    )
    path = add_case(flagged, folder, names)
    console.print(Text(f"Written to {path}."))
    console.print(Text("It holds what you said: read it before you pass it on.", "bright_black"))


def turn_named(turns: Sequence[Turn], name: str) -> Turn:
    """The turn with that id, or with that number on the card.

    Raises `UsageError` with those that there are.
    """
    from bot.flagging import number_of

    for turn in turns:
        if name in (turn.id, number_of(turn)):
            return turn
    told = ", ".join(f"{number_of(turn)} ({turn.id})" for turn in turns)
    raise UsageError(f"{name!r} is no turn of the interviewer; these are: {told}")
