"""`hotseat scorecards compare`: two cards of one's own side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console.runtime import new_console, run_with_app
from bot.doors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.wiring import App


def compare_scorecards(
    first: Annotated[str, typer.Argument(help="Interview id.")],
    second: Annotated[
        str | None, typer.Argument(help="Another interview id; the latest if left out.")
    ] = None,
    database: Annotated[
        Path | None, typer.Option("--database", help="Database file, if not the usual one.")
    ] = None,
) -> None:
    """Lay two scorecards side by side, then and now."""

    async def show(app: App) -> None:
        await compare_cards(app, new_console(), first, second)

    run_with_app(database, show)


async def compare_cards(app: App, console: Console, first: str, second: str | None = None) -> None:
    """Print the comparison of both cards in their latest revisions, the older one as "then".

    Raises `UsageError` where an id is unknown, or both are the same interview.
    """
    from bot.console.cards import find_graded
    from scoring.comparison import compare
    from scoring.render.terminal import render_comparison
    from storage.scorecards import load_scorecard

    ids = [await find_graded(app, one) for one in (first, second)]
    if ids[0] == ids[1]:
        raise UsageError(
            f"{ids[0]!r} cannot be compared with itself: give the id of another interview; "
            "`hotseat scorecards list` shows them all"
        )
    cards = [await load_scorecard(app.database, one) for one in ids]
    earlier, later = sorted(cards, key=lambda card: card.started_at)
    render_comparison(compare(earlier, later), console)
