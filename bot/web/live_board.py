"""Boards drawn by several people at once.

Per element the newer version wins, by the rule of every Excalidraw client. An update is stored
before it counts: only then it is shown to others and acknowledged. One task a board does all that;
what waits while a transaction is under way is in the next one.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeVar

from bot.web.board_wire import (
    Person,
    Update,
    ack_frame,
    epoch_frame,
    init_frame,
    people_frame,
    pointer_frame,
    refused_frame,
)
from bot.web.errors import failure, log_fault
from bot.web.merging import BoardIsFullError, Contents, Draft, Version
from bot.web.outbox import Outbox
from interviewer.drawing import Editing
from interviewer.ports import InterviewNotFoundError
from storage.errors import StorageError
from storage.scenes import BoardFullError, Scene, SceneLog, in_order
from whiteboard.elements import MAX_TEXT, Element
from whiteboard.excalidraw import read_scene
from whiteboard.scene import extend_scene
from whiteboard.sketch import SketchError

EDIT, VIEW = "edit", "view"

MOST_UNANSWERED = 32
"""Updates of a board that are read before any of them is answered, whoever sent them."""

NOBODY = ""
"""Who draws what is put on the board from a text."""

OLD_BOARD = "This board has begun anew; what you drew belongs to the one before."
CLOSED = "Nothing can be drawn now: the interview is over, or not open here."
"""Holds for a while only where the interview is still to be opened."""
ONLY_WATCHING = "This link is for watching."
NOTHING_FITS = "Nothing of this can be kept on this board."
SOME_UNFIT = "Some of what you drew cannot be kept on this board."
SHORTENED = f"A text holds {MAX_TEXT:,} characters at most; the rest of it is left out."
TOO_MUCH_DRAWN = "Too much was drawn on this board; no more can be kept."
NOT_STORED = "This could not be stored. It is kept in your browser; load the page again in a while."

Result = TypeVar("Result")
FAILURES = (StorageError, InterviewNotFoundError)


@dataclass(eq=False)
class Client:
    """A browser that has the board open."""

    person: str
    shown: Person
    outbox: Outbox = field(default_factory=Outbox)


@dataclass(frozen=True, eq=False)
class _Change:
    """Elements that wait for their turn; `client` is told what becomes of them."""

    client: Client | None
    person: str
    update: Update


@dataclass(frozen=True, eq=False)
class _Command:
    """Anything else that has its turn between changes."""

    work: Callable[[], Coroutine[Any, Any, Any]]
    done: asyncio.Future[Any]


@dataclass(frozen=True, eq=False)
class _Judged:
    """What becomes of a change: what it wins, which is `stored` or fails, or why it is refused."""

    change: _Change
    won: Sequence[Version] = ()
    stored: asyncio.Future[int] | None = None
    refused: str | None = None

    @property
    def refusal(self) -> str | None:
        """Why nothing of it is stored, once the transaction is over."""
        err = None if self.stored is None else self.stored.exception()
        if err is None:
            return self.refused
        return TOO_MUCH_DRAWN if isinstance(err, BoardFullError) else NOT_STORED


class LiveBoard:
    """The open board of one interview. `ended` is set when it can no longer be used.

    `may_draw` says whether it may change now; `on_accepted` is told the stroke up to which people
    have drawn, after each update that changed anything.
    """

    def __init__(
        self,
        interview_id: str,
        scene: Scene,
        log: SceneLog,
        may_draw: Callable[[str], bool],
        on_accepted: Callable[[str, int], None],
    ) -> None:
        self.interview_id = interview_id
        self.ended = asyncio.Event()
        self._epoch = scene.epoch
        self._seq = scene.seq
        self._contents = Contents(scene.elements.values())
        self._log = log
        self._may_draw = may_draw
        self._on_accepted = on_accepted
        self._clients: list[Client] = []
        self._waiting: list[_Change | _Command] = []
        self._unanswered = 0
        self._room = asyncio.Event()
        self._room.set()
        self._wake = asyncio.Event()
        self._closing = False
        self._worker = asyncio.create_task(self._work(), name=f"board {interview_id}")

    def join(self, person: str, name: str, *, edits: bool) -> Client:
        """One more browser, which is sent the board and then every change of it.

        `edits` says what its link allows; whether anything may be drawn now is asked of each
        update, since rooms open and interviews end while browsers stay.
        """
        role = EDIT if edits else VIEW
        client = Client(person, Person(secrets.token_urlsafe(8), name, role))
        self._clients.append(client)
        client.outbox.put(self._init(client))
        self._tell_people()
        return client

    def leave(self, client: Client) -> None:
        """It is gone; what it sent is stored all the same."""
        self._clients.remove(client)
        self._tell_people()

    def draw(self, client: Client, update: Update) -> None:
        """What the client drew; it is answered once this is stored, or why it is not.

        Whoever reads from clients waits for `room` first, so that nothing piles up here while the
        database stalls.
        """
        self._count(+1)
        self._enqueue(_Change(client, client.person, update))

    async def room(self) -> None:
        """Return when one more update may wait here."""
        await self._room.wait()

    def point(self, client: Client, x: float, y: float) -> None:
        """Show the others where the client points."""
        frame = pointer_frame(client.shown.id, x, y)
        for other in self._clients:
            if other is not client:
                other.outbox.put_pointer(client.shown.id, frame)

    async def scene(self) -> Scene:
        """The board as it is stored now, which stays so for replay."""

        async def read() -> Scene:
            return self._pinned()

        return await self._in_turn(read)

    async def edit(self, editing: Editing) -> Scene:
        """Show what a text makes of the drawing as it is now; then as `scene`.

        Raises `StorageError` where it cannot be shown, and what `editing` does.
        """

        async def show() -> Scene:
            elements = list(self._contents.elements.values())
            changed = await asyncio.to_thread(_changed_by, elements, editing)
            change = _Change(None, NOBODY, Update(self._epoch, 0, tuple(changed)))
            for refused in await self._merge([change]):
                raise StorageError(refused)
            return self._pinned()

        return await self._in_turn(show)

    async def begin_anew(self, epoch: int) -> None:
        """An empty board for everybody, unless it is in that epoch; raises `StorageError`."""

        async def begin() -> None:
            if epoch <= self._epoch:
                return
            await self._log.begin_anew(self.interview_id, epoch)
            self._epoch, self._contents = epoch, Contents()
            for client in self._clients:
                client.outbox.begin_anew(epoch_frame(epoch), self._init(client))

        await self._in_turn(begin)

    async def close(self) -> None:
        """Store what waits and end."""
        self._closing = True
        self._wake.set()
        await self._worker

    async def _in_turn(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        if self.ended.is_set():
            raise StorageError(f"the board of {self.interview_id} is closed")
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._enqueue(_Command(work, done))
        return await done

    def _count(self, more: int) -> None:
        self._unanswered += more
        if self._unanswered < MOST_UNANSWERED:
            self._room.set()
        else:
            self._room.clear()

    def _enqueue(self, item: _Change | _Command) -> None:
        self._waiting.append(item)
        self._wake.set()

    async def _work(self) -> None:
        try:
            while not self._closing or self._waiting:
                await self._wake.wait()
                self._wake.clear()
                err = await failure(self._deal_with_waiting(), f"strokes {self.interview_id}")
                if err is not None:
                    log_fault(err, f"the board of {self.interview_id}")
                    return
        finally:
            self.ended.set()
            for item in self._waiting:
                if isinstance(item, _Command):
                    _fail(item.done, self.interview_id)

    async def _deal_with_waiting(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            if isinstance(first, _Command):
                del self._waiting[0]
                await self._obey(first)
                continue
            changes = [*takewhile(lambda item: isinstance(item, _Change), self._waiting)]
            del self._waiting[: len(changes)]
            await self._merge([one for one in changes if isinstance(one, _Change)])

    async def _obey(self, command: _Command) -> None:
        try:
            result = await command.work()
        except (*FAILURES, SketchError) as err:
            if not command.done.done():
                command.done.set_exception(err)
        else:
            if not command.done.done():
                command.done.set_result(result)
        finally:
            _fail(command.done, self.interview_id)

    async def _merge(self, changes: Sequence[_Change]) -> list[str]:
        """Store what wins, show it, and answer; returns why something was refused."""
        draft = Draft(self._contents)
        # No other board's work may come in between: what is appended in a row is stored together.
        judged = [self._judge(change, draft) for change in changes]
        results = await asyncio.gather(
            *(one.stored for one in judged if one.stored is not None), return_exceptions=True
        )
        for err in results:
            if isinstance(err, BaseException) and not isinstance(err, FAILURES):
                raise err
        drawn: dict[str, Client | None] = {}
        for one in judged:
            if one.stored is not None and one.stored.exception() is None:
                self._seq = max(self._seq, one.stored.result())
                drawn |= dict.fromkeys(self._contents.put_versions(one.won), one.change.client)
        refusals = [reason for one in judged if (reason := self._answer(one)) is not None]
        self._show(drawn)
        return refusals

    def _judge(self, change: _Change, draft: Draft) -> _Judged:
        reason = self._reason_against(change)
        if reason is not None:
            return _Judged(change, refused=reason)
        try:
            won = draft.offer(change.update.elements)
        except BoardIsFullError as err:
            return _Judged(change, refused=str(err))
        if not won:
            return _Judged(change)
        stored = self._log.append(
            self.interview_id,
            self._epoch,
            [version.element for version in won],
            change.person,
            [version.written for version in won],
        )
        return _Judged(change, won, stored)

    def _reason_against(self, change: _Change) -> str | None:
        update = change.update
        if update.epoch != self._epoch:
            return OLD_BOARD
        if change.client is None:
            return None
        if change.client.shown.role != EDIT:
            return ONLY_WATCHING
        if not self._may_draw(self.interview_id):
            return CLOSED
        return NOTHING_FITS if update.unfit and not update.elements else None

    def _answer(self, judged: _Judged) -> str | None:
        """Tell the client what became of it, and what is newer; returns why it was refused."""
        client, update = judged.change.client, judged.change.update
        reason = judged.refusal
        if reason is None and any(map(self._contents.is_behind, update.elements)):
            # It lost to something that could not be stored itself.
            reason = NOT_STORED
        if client is None:
            return reason
        self._count(-1)
        if reason is None:
            other = [one["id"] for one in update.elements if self._differs(one, update)]
            client.outbox.put_elements(self._contents.json_of(other))
        client.outbox.answer(_answer_to(update, reason))
        return reason

    def _differs(self, sent: Element, update: Update) -> bool:
        return sent["id"] in update.reworded or self._contents.is_ahead(sent)

    def _show(self, drawn: Mapping[str, Client | None]) -> None:
        """Send everybody what others drew, and say that somebody did."""
        for client in self._clients:
            new = [name for name, by in drawn.items() if by is not client]
            client.outbox.put_elements(self._contents.json_of(new))
        if any(by is not None for by in drawn.values()):
            self._on_accepted(self.interview_id, self._seq)

    def _pinned(self) -> Scene:
        """The drawing, to be kept as it stands."""
        self._log.pin(self.interview_id, self._seq)
        return Scene(self._epoch, self._seq, dict(self._contents.elements))

    def _init(self, client: Client) -> str:
        in_layers = [one["id"] for one in in_order(self._contents.elements.values())]
        written = self._contents.json_of(in_layers).values()
        return init_frame(self._epoch, client.shown, written, self._people())

    def _people(self) -> list[Person]:
        return [client.shown for client in self._clients]

    def _tell_people(self) -> None:
        frame = people_frame(self._people())
        for client in self._clients:
            client.outbox.put_people(frame)


def _changed_by(elements: list[Element], editing: Editing) -> Sequence[Element]:
    reading = read_scene(elements)
    base, board = editing(reading.board)
    return extend_scene(elements, reading, board, base)


def _answer_to(update: Update, refused: str | None) -> str:
    if refused is not None:
        return refused_frame(update.seq, refused, later=refused == CLOSED)
    notes = (SOME_UNFIT if update.unfit else "", SHORTENED if update.shortened else "")
    unkept = [element_id for element_id in update.unfit if element_id]
    return ack_frame(update.seq, unkept, " ".join(filter(None, notes)))


def _fail(done: asyncio.Future[Any], interview_id: str) -> None:
    if not done.done():
        done.set_exception(StorageError(f"the board of {interview_id} is closed"))
