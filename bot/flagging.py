"""What a candidate objects to in their interviewer's turns; the same for every edge.

A flag changes no verdict. It stands beside the turn in the trace and in the candidate's data, and
`hotseat evals add` makes a case of it by which later versions are tried.
"""

from __future__ import annotations

from bot.doors import UsageError
from bot.wiring import App
from scoring.transcript import Speaker, Turn
from storage.turn_flags import flag_turn
from whiteboard.board import strip_unseen

LONGEST_NOTE = 500
"""Characters in which a candidate may say what was wrong."""

FIRST_WORDS = 8
"""How much of a turn tells it from the others."""

KEPT = "A flag changes no verdict; it is kept with the interview."


async def flaggable(app: App, interview_id: str) -> tuple[Turn, ...]:
    """What the interviewer said so far, oldest first; raises `UsageError` where it is nothing."""
    transcript = await app.services.store.transcript(interview_id)
    said = tuple(turn for turn in transcript if turn.speaker is Speaker.INTERVIEWER)
    if not said:
        raise UsageError("The interviewer has said nothing yet that could be flagged.")
    return said


def number_of(turn: Turn) -> str:
    """What the turn is called on the card."""
    return str(turn.index + 1)


def beginning(turn: Turn) -> str:
    """The first words of the turn, on one line."""
    words = strip_unseen(turn.text).split()
    return " ".join(words[:FIRST_WORDS]) + (" ..." if len(words) > FIRST_WORDS else "")


async def flag(app: App, interview_id: str, turn: Turn, note: str) -> None:
    """Keep the objection, in place of an earlier one to that turn.

    Whose interview it is has to be settled before. Raises `UsageError` for too long a note, and
    the errors of `storage.turn_flags.flag_turn`.
    """
    note = strip_unseen(note).strip()
    if len(note) > LONGEST_NOTE:
        raise UsageError(
            f"That note has {len(note)} characters; {LONGEST_NOTE} are the most: say it shorter."
        )
    now = app.services.clock.now()
    await flag_turn(app.database, interview_id, turn.id, note, now)
