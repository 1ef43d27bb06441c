"""`hotseat scorecards correct` and `dispute`: what a candidate has to say about their own card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console.runtime import new_console, run_with_app
from bot.doors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.wiring import App
    from scoring.scorecard import Scorecard
    from scoring.transcript import Turn
    from scoring.verdicts import ConceptVerdict

Interview = Annotated[str, typer.Argument(help="Interview id.")]
Database = Annotated[
    Path | None, typer.Option("--database", help="Database file, if not the usual one.")
]


def correct_answer(
    interview: Interview,
    turn: Annotated[int, typer.Argument(min=1, help="Number of the turn on the card.")],
    text: Annotated[
        str | None, typer.Option("--text", help="The whole answer, corrected; asked if left out.")
    ] = None,
    database: Database = None,
) -> None:
    """Correct mistyped or misheard words of an answer and have the interview graded again."""

    async def correct(app: App) -> None:
        await correct_turn(app, new_console(), interview, turn, text)

    run_with_app(database, correct)


def dispute_verdict(
    interview: Interview,
    concept: Annotated[
        str | None, typer.Argument(help="Concept id; lists what can be disputed if left out.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why, in a few words; asked if left out.")
    ] = None,
    round_: Annotated[
        int | None, typer.Option("--round", min=1, help="The round, where several have it.")
    ] = None,
    database: Database = None,
) -> None:
    """Dispute a verdict: your reason stands beside it, the verdict stays."""

    async def dispute(app: App) -> None:
        if concept is None:
            await list_disputable(app, new_console(), interview)
        else:
            await dispute_concept(app, new_console(), interview, (concept, round_), reason)

    run_with_app(database, dispute)


async def correct_turn(
    app: App, console: Console, interview_id: str, number: int, text: str | None
) -> None:
    """Store the correction and say what it changed; raises `UsageError` where it is none."""
    from rich.text import Text

    from bot.console.cards import find_graded
    from bot.regrading import regrade
    from scoring.corrections import CorrectionRefusedError
    from storage.scorecards import load_scorecard
    from whiteboard.board import strip_unseen

    found = await find_graded(app, interview_id)
    before = await load_scorecard(app.database, found)
    turn = _turn(before, number)
    corrected = await _asked("Correct it, then press Enter:", turn.text) if text is None else text
    try:
        card = await regrade(app, found, {turn.id: corrected})
    except CorrectionRefusedError as err:
        raise UsageError(f"turn {number} was not corrected: {err}") from err
    console.print(Text(f"Turn {number} is corrected; the card is now revision {card.revision}."))
    for notice in card.notices:
        if notice not in before.notices:
            console.print(Text(f"  {strip_unseen(notice)}"))
    console.print(Text(f"`hotseat scorecards show {found}` shows it.", "bright_black"))


async def dispute_concept(
    app: App,
    console: Console,
    interview_id: str,
    concept: tuple[str, int | None],
    reason: str | None,
) -> None:
    """Store the dispute of the concept's verdict in that round, counted from 1.

    Raises `UsageError` where there is no such verdict, several rounds have it, or no reason.
    """
    from rich.text import Text

    from bot.console.cards import OWNER, find_graded
    from scoring.disputes import Dispute, DisputeRefusedError
    from storage.groups import unguessable_id
    from storage.notes import add_dispute
    from storage.scorecards import load_scorecard

    found = await find_graded(app, interview_id)
    card = await load_scorecard(app.database, found)
    index, verdict = _verdict(card, *concept)
    why = await _asked("Why?", "") if reason is None else reason
    now = app.services.clock.now()
    dispute = Dispute(unguessable_id(), card.revision, index, verdict.key, why.strip(), now)
    try:
        await add_dispute(app.database, found, dispute, by=OWNER)
    except DisputeRefusedError as err:
        raise UsageError(f"{verdict.key} was not disputed: {err}") from err
    console.print(Text(f"Your dispute of {verdict.key} stands beside the verdict, which stays."))


async def list_disputable(app: App, console: Console, interview_id: str) -> None:
    """Print the concepts that can be disputed, with the round, the verdict and what they say."""
    from rich.text import Text

    from bot.console.cards import find_graded
    from scoring.disputes import disputable
    from scoring.render.wording import VERDICT_WORDS
    from storage.notes import notes_of
    from storage.scorecards import load_scorecard
    from whiteboard.board import strip_unseen

    found = await find_graded(app, interview_id)
    card = await load_scorecard(app.database, found)
    for index, verdict in disputable(card, await notes_of(app.database, found)):
        place = f"round {index + 1}  " if len(card.rounds) > 1 else ""
        console.print(Text(f"{place}{verdict.key}  {VERDICT_WORDS[verdict.verdict]}", "bold"))
        console.print(Text(f"  {strip_unseen(verdict.statement)}"))
    advice = f'hotseat scorecards dispute {found} CONCEPT --reason "..."'
    console.print(Text(f"Dispute one with: {advice}", "bright_black"))


def _turn(card: Scorecard, number: int) -> Turn:
    from scoring.render.wording import turn_numbers
    from scoring.transcript import Speaker

    numbers = turn_numbers(card)
    own = {numbers[turn.id]: turn for turn in card.transcript if turn.speaker is Speaker.CANDIDATE}
    if number not in own:
        told = ", ".join(map(str, own)) or "none"
        raise UsageError(f"turn {number} is no answer of yours; these are: {told}")
    return own[number]


def _verdict(card: Scorecard, concept: str, number: int | None) -> tuple[int, ConceptVerdict]:
    from scoring.scorecard import card_verdicts

    named = [
        (index, one) for index, one in card_verdicts(card) if concept in (one.key, one.concept_id)
    ]
    found = [pair for pair in named if number in (None, pair[0] + 1)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"no verdict on {concept!r} on this card: "
            f"`hotseat scorecards dispute {card.interview_id}` lists them"
        )
    raise UsageError(f"{concept!r} is there more than once: {_places(found)}")


def _places(found: Sequence[tuple[int, ConceptVerdict]]) -> str:
    places = " or ".join(f"{one.key} with --round {index + 1}" for index, one in found)
    return f"say {places}"


async def _asked(question: str, text: str) -> str:
    """What the person makes of the text at the terminal; raises `UsageError` where nobody can."""
    from bot.console.answers import edit_text, is_interactive

    if not is_interactive():
        raise UsageError("nobody can be asked here: say it with the command, see --help")
    edited = await edit_text(question, text)
    if edited is None:
        raise UsageError("nothing was changed")
    return edited
