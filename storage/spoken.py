"""How the interviewer's utterances were played, and what was talked over."""

from __future__ import annotations

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from interviewer.state import InterviewState, Utterance
from scoring.conversation import Manner
from storage.tables import INTERVIEWS, OUTBOX, SPOKEN

_NEW = sqlite_insert(SPOKEN)
_NOTE = _NEW.on_conflict_do_update(
    index_elements=["interview_id", "key"],
    set_={
        "waited_s": func.coalesce(SPOKEN.c.waited_s, _NEW.excluded.waited_s),
        "cut_in": or_(SPOKEN.c.cut_in, _NEW.excluded.cut_in),
        "stopped": or_(SPOKEN.c.stopped, _NEW.excluded.stopped),
    },
)
"""An utterance that goes on after a restart is one: its first wait counts, and all that happened
in it."""


def take_back(connection: Connection, utterance: Utterance, state: InterviewState) -> None:
    """Replace a closed utterance by what was understood of it, with the snapshot that follows."""
    said = {"move": utterance.move.model_dump_json(), "text": utterance.text}
    connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.key == utterance.key, OUTBOX.c.closed.is_(True))
        .values(**said, complete=utterance.complete)
    )
    connection.execute(
        update(INTERVIEWS)
        .where(INTERVIEWS.c.id == utterance.interview_id)
        .values(snapshot=state.model_dump_json())
    )


def put_manner(connection: Connection, interview_id: str, manner: Manner) -> None:
    """Store how the utterance was played, or add it to what is known of that utterance."""
    row = {
        "interview_id": interview_id,
        "key": manner.key,
        "waited_s": manner.waited_s,
        "cut_in": manner.cut_in,
        "stopped": manner.stopped,
    }
    connection.execute(_NOTE, row)


def manners_of(connection: Connection, interview_id: str) -> tuple[Manner, ...]:
    """Of every utterance that was played, in their order."""
    columns = (SPOKEN.c.key, SPOKEN.c.waited_s, SPOKEN.c.cut_in, SPOKEN.c.stopped)
    statement = (
        select(*columns)
        .outerjoin(OUTBOX, OUTBOX.c.key == SPOKEN.c.key)
        .where(SPOKEN.c.interview_id == interview_id)
        .order_by(OUTBOX.c.seq.nulls_first(), SPOKEN.c.key)
    )
    return tuple(Manner(*row) for row in connection.execute(statement))
