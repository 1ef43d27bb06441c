"""`SqlStore`: the tables behind `interviewer.ports.Store`.

Plain statements instead of the ORM, since every turn waits for four of these transactions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Text,
    Update,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from interviewer.ports import BoardRevision, InboxItem, StoredInterview
from interviewer.state import (
    Event,
    EventKind,
    Finding,
    InterviewSettings,
    InterviewState,
    Utterance,
)
from scoring.conversation import Manner
from scoring.record import Ending
from scoring.scorecard import Scorecard
from scoring.transcript import Turn
from storage.assessments import assessments_between, insert_assessments
from storage.boards import all_boards, append_board
from storage.calls import cost_of
from storage.database import Database
from storage.errors import (
    EventNotFoundError,
    InterviewExistsError,
    UtteranceConflictError,
    UtteranceNotFoundError,
    breaks_foreign_key,
)
from storage.hearings import corrected_texts, put_hearing
from storage.origins import refuse_known_origins, remember_origins
from storage.rows import (
    finding_row,
    inbox_item,
    inbox_row,
    interview_row,
    not_found,
    outbox_row,
    stored_interview,
    utterance_of,
)
from storage.scorecards import insert_card
from storage.spoken import manners_of, put_manner, take_back
from storage.tables import FINDINGS, INBOX, INTERVIEWS, OUTBOX
from storage.turns import transcript_of
from whiteboard.board import Board

_INTERVIEW = select(INTERVIEWS).where(INTERVIEWS.c.id == bindparam("interview_id"))
_NEXT_SEQ = (
    select(func.coalesce(func.max(INBOX.c.seq), -1) + 1)
    .where(INBOX.c.interview_id == bindparam("numbered_in"))
    .scalar_subquery()
)
_APPEND_EVENT = insert(INBOX).values(seq=_NEXT_SEQ).returning(INBOX.c.seq)
_EVENTS_AFTER = (
    select(INBOX)
    .where(INBOX.c.interview_id == bindparam("interview_id"), INBOX.c.seq > bindparam("after"))
    .order_by(INBOX.c.seq)
)
_SAID = (
    select(INBOX)
    .where(INBOX.c.interview_id == bindparam("interview_id"), INBOX.c.kind == EventKind.SAID.value)
    .order_by(INBOX.c.seq)
)
_EVENT = select(INBOX).where(
    INBOX.c.interview_id == bindparam("interview_id"), INBOX.c.seq == bindparam("seq")
)
_UTTERANCES = (
    select(OUTBOX).where(OUTBOX.c.interview_id == bindparam("interview_id")).order_by(OUTBOX.c.seq)
)
_UTTERANCE = _UTTERANCES.where(OUTBOX.c.seq == bindparam("seq"))
_OPEN = sqlite_insert(OUTBOX).on_conflict_do_nothing(index_elements=["key"])
_SNAPSHOT = (
    update(INTERVIEWS)
    .where(INTERVIEWS.c.id == bindparam("interview_id"))
    .values(snapshot=bindparam("new_snapshot"))
)
_FIND = sqlite_insert(FINDINGS).on_conflict_do_nothing()
_STILL_OPEN = update(OUTBOX).where(
    OUTBOX.c.key == bindparam("utterance_key"), OUTBOX.c.closed.is_(False)
)
_EXTEND = _STILL_OPEN.values(text=bindparam("new_text"), complete=bindparam("new_complete"))
_CLOSE = _STILL_OPEN.values(
    shown=bindparam("new_shown"),
    complete=or_(OUTBOX.c.complete, bindparam("worded_out")),
    closed=True,
    closed_at=bindparam("at"),
    degraded=func.coalesce(bindparam("since_degraded", type_=Text), OUTBOX.c.degraded),
)
_SHOW = _STILL_OPEN.where(OUTBOX.c.shown < bindparam("new_shown")).values(
    shown=bindparam("new_shown")
)
_GRADE = (
    update(INTERVIEWS)
    .where(INTERVIEWS.c.id == bindparam("interview_id"), INTERVIEWS.c.grading_since.is_(None))
    .values(grading_since=bindparam("at"))
)
_FINISH = (
    update(INTERVIEWS)
    .where(INTERVIEWS.c.id == bindparam("interview_id"), INTERVIEWS.c.finished_at.is_(None))
    .values(finished_at=bindparam("at"), ending=bindparam("reason"))
)


class SqlStore:
    """Implements `interviewer.ports.Store` on an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create_interview(
        self, interview_id: str, settings: InterviewSettings, started_at: datetime
    ) -> None:
        """Open an interview with an empty state; `InterviewExistsError` if the id is taken."""
        opened = StoredInterview(interview_id, settings, InterviewState(), started_at, None)
        row = interview_row(opened)
        try:
            await self._database.run(lambda c: c.execute(insert(INTERVIEWS), row))
        except IntegrityError as err:
            raise InterviewExistsError(
                f"interview {interview_id!r} is already stored; resume it, or use another id"
            ) from err

    async def interview(self, interview_id: str) -> StoredInterview:
        """The stored interview; raises `InterviewNotFoundError`."""
        row = await self._row(_INTERVIEW, {"interview_id": interview_id})
        if row is None:
            raise not_found(interview_id)
        return stored_interview(row)

    async def commit_event(
        self, interview_id: str, event: Event, *, round_index: int, stage: str
    ) -> int:
        """Append the event to the inbox and return its `seq`; raises `AlreadyReportedError`."""
        row = inbox_row(interview_id, event, round_index, stage) | {"numbered_in": interview_id}

        def append(connection: Connection) -> int:
            refuse_known_origins(connection, interview_id, event.origins)
            seq = connection.execute(_APPEND_EVENT, row).scalar_one()
            remember_origins(connection, interview_id, event.origins, seq)
            return seq

        with _named_conflicts(interview_id):
            return await self._database.run(append)

    async def inbox_item(self, interview_id: str, seq: int) -> InboxItem:
        """One committed event; raises `EventNotFoundError`."""
        row = await self._row(_EVENT, {"interview_id": interview_id, "seq": seq})
        if row is None:
            raise EventNotFoundError(f"interview {interview_id!r} has no event {seq}")
        return inbox_item(row)

    async def pending_events(self, interview_id: str, after: int) -> tuple[InboxItem, ...]:
        """Committed events with `seq > after`, oldest first."""
        values = {"interview_id": interview_id, "after": after}
        return tuple(map(inbox_item, await self._rows(_EVENTS_AFTER, values)))

    async def events(self, interview_id: str) -> tuple[InboxItem, ...]:
        """Every committed event, oldest first."""
        return await self.pending_events(interview_id, after=-1)

    async def utterance(self, interview_id: str, seq: int) -> Utterance | None:
        """The utterance that answers event `seq`, if it was opened."""
        row = await self._row(_UTTERANCE, {"interview_id": interview_id, "seq": seq})
        return None if row is None else utterance_of(row)

    async def utterances(self, interview_id: str) -> tuple[Utterance, ...]:
        """Every utterance, oldest first, also those that said nothing."""
        rows = await self._rows(_UTTERANCES, {"interview_id": interview_id})
        return tuple(map(utterance_of, rows))

    async def open_utterance(
        self, utterance: Utterance, state: InterviewState, findings: Sequence[Finding]
    ) -> None:
        """Store utterance, snapshot and findings together; the same key twice changes nothing.

        Raises `UtteranceConflictError` where another utterance answers the same event already.
        """
        interview_id, seq = utterance.interview_id, utterance.seq
        row = outbox_row(utterance)
        snapshot = {"interview_id": interview_id, "new_snapshot": state.model_dump_json()}
        found = [finding_row(interview_id, seq, finding) for finding in findings]

        def write(connection: Connection) -> None:
            if connection.execute(_OPEN, row).rowcount == 0:
                return
            connection.execute(_SNAPSHOT, snapshot)
            if found:
                connection.execute(_FIND, found)

        with _named_conflicts(interview_id):
            await self._database.run(write)

    async def take_back(self, utterance: Utterance, state: InterviewState) -> None:
        """Replace a closed utterance by what was understood of it, with the snapshot."""
        await self._database.run(lambda c: take_back(c, utterance, state))

    async def extend_utterance(self, key: str, text: str, *, complete: bool) -> None:
        """Replace the text decided so far by the longer `text`, before it is shown.

        A closed utterance stays as it is; raises `UtteranceNotFoundError` for an unknown key.
        """
        values = {"utterance_key": key, "new_text": text, "new_complete": complete}
        await self._database.run(lambda c: _change_utterance(c, _EXTEND, values))

    async def close_utterance(
        self,
        key: str,
        *,
        shown: int,
        at: datetime,
        complete: bool = False,
        degraded: str | None = None,
    ) -> None:
        """Record how much was really shown and that the utterance is over.

        `complete` says that the engine had finished wording, `degraded` what went wrong since the
        utterance was opened; otherwise both stay as stored. The first report counts; raises
        `UtteranceNotFoundError` for an unknown key.
        """
        values = {
            "utterance_key": key,
            "new_shown": shown,
            "at": at,
            "worded_out": complete,
            "since_degraded": degraded,
        }
        await self._database.run(lambda c: _change_utterance(c, _CLOSE, values))

    async def note_assessments(
        self, interview_id: str, seq: int, findings: Sequence[Finding]
    ) -> None:
        """Store what an engine found in event `seq`; where something is stored for it, that stays.

        Raises `InterviewNotFoundError`.
        """
        with _named_conflicts(interview_id):
            await self._database.run(lambda c: insert_assessments(c, interview_id, seq, findings))

    async def assessments(
        self, interview_id: str, after: int, before: int
    ) -> tuple[tuple[int, Finding], ...]:
        """What an engine found in the events with `after < seq < before`, in their order."""
        return await self._database.run(
            lambda c: assessments_between(c, interview_id, after, before)
        )

    async def transcript(self, interview_id: str) -> tuple[Turn, ...]:
        """Candidate and interviewer turns in order, from inbox and outbox.

        A spoken turn reads as the candidate put it right, with what was heard as its `original`.
        """
        values = {"interview_id": interview_id}
        heard, said, corrected = await self._database.run(
            lambda c: (
                c.execute(_SAID, values).all(),
                c.execute(_UTTERANCES, values).all(),
                corrected_texts(c, interview_id),
            )
        )
        return transcript_of(map(inbox_item, heard), map(utterance_of, said), corrected)

    async def save_board(
        self,
        interview_id: str,
        board: Board,
        sketch: str,
        *,
        round_index: int,
        stage: str,
        at: datetime,
        scene: int | None = None,
    ) -> int:
        """Append a board revision, read from the stroke `scene`, and return its number."""
        place = {"sketch": sketch, "round_index": round_index, "stage": stage, "scene": scene}
        with _named_conflicts(interview_id):
            run = self._database.run
            return await run(lambda c: append_board(c, interview_id, board, place, at))

    async def cost_usd(self, interview_id: str) -> float:
        """What the interview's calls of language models cost so far, in US dollars."""
        return await cost_of(self._database, interview_id)

    async def boards(self, interview_id: str) -> tuple[BoardRevision, ...]:
        """Every board revision, oldest first."""
        return await self._database.run(lambda c: all_boards(c, interview_id))

    async def finish_interview(
        self, interview_id: str, scorecard: Scorecard, ending: Ending, at: datetime
    ) -> None:
        """Store scorecard revision 1 with its verdict rows and mark the interview as over.

        A second call changes nothing.
        """
        values = {"interview_id": interview_id, "at": at, "reason": ending.value}

        def write(connection: Connection) -> bool:
            finished = connection.execute(_FINISH, values).rowcount == 1
            if finished:
                insert_card(connection, interview_id, scorecard, at)
            return finished

        if not await self._database.run(write):
            await self.interview(interview_id)

    async def note_manner(
        self,
        interview_id: str,
        key: str,
        *,
        waited_s: float | None,
        cut_in: bool,
        stopped: bool,
    ) -> None:
        """Store how an utterance was played; a second note of the same one adds to the first.

        Raises `InterviewNotFoundError`.
        """
        manner = Manner(key, waited_s, cut_in, stopped)
        with _named_conflicts(interview_id):
            await self._database.run(lambda c: put_manner(c, interview_id, manner))

    async def manners(self, interview_id: str) -> tuple[Manner, ...]:
        """How the utterances that were played were played, in their order."""
        return await self._database.run(lambda c: manners_of(c, interview_id))

    async def note_shown(self, key: str, shown: int) -> None:
        """Record how much of an open utterance is shown by now; it never becomes less.

        A closed utterance stays as it is; raises `UtteranceNotFoundError` for an unknown key.
        """
        values = {"utterance_key": key, "new_shown": shown}
        await self._database.run(lambda c: _change_utterance(c, _SHOW, values))

    async def correct_hearing(
        self, interview_id: str, seq: int, corrected: str, at: datetime
    ) -> None:
        """Store what the candidate meant in a spoken answer, in place of an earlier correction.

        The text as it was heard takes that one back. Raises `InterviewNotFoundError`,
        `GradingBegunError` after `begin_grading`, `EventNotFoundError` for what was not spoken.
        """
        await self._database.run(lambda c: put_hearing(c, interview_id, seq, corrected, at))

    async def begin_grading(self, interview_id: str, at: datetime) -> None:
        """From now on what was heard stays as it stands; the first time counts."""
        values = {"interview_id": interview_id, "at": at}
        await self._database.run(lambda c: c.execute(_GRADE, values).rowcount)

    async def _row(self, statement: Select[Any], values: dict[str, Any]) -> Row[Any] | None:
        return await self._database.run(lambda c: c.execute(statement, values).one_or_none())

    async def _rows(self, statement: Select[Any], values: dict[str, Any]) -> Sequence[Row[Any]]:
        return await self._database.run(lambda c: c.execute(statement, values).all())


@contextmanager
def _named_conflicts(interview_id: str) -> Iterator[None]:
    """Say in our words which of the tables' rules a transaction broke."""
    try:
        yield
    except IntegrityError as err:
        if breaks_foreign_key(err):
            raise not_found(interview_id) from err
        raise UtteranceConflictError(
            f"another utterance of interview {interview_id!r} answers this event already"
        ) from err


def _change_utterance(connection: Connection, change: Update, values: dict[str, Any]) -> None:
    if connection.execute(change, values).rowcount:
        return
    key = values["utterance_key"]
    if connection.execute(select(OUTBOX.c.key).where(OUTBOX.c.key == key)).one_or_none() is None:
        raise UtteranceNotFoundError(f"no utterance {key!r} was opened")
