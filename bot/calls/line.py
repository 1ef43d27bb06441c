"""One candidate's line: a conversation by voice on one side, a session on the other.

The line is what the conversation listens with. What the candidate said goes to the edge, which
hands it to the session in its own order; the session speaks through the line's mouth.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.calls.models import SpeechModels
from bot.calls.mouth import SpokenMouth, Written
from bot.calls.question_marks import with_question_mark
from bot.calls.terms import terms_of
from bot.calls.waits import wait_factor
from interviewer.desk import Services
from interviewer.record import round_plans
from interviewer.session import Session
from scoring.conversation import Manner
from scoring.transcript import Word
from voice.pipeline import Activity, Conversation
from voice.playback import Playback
from voice.speech import Said, Samples


@dataclass(frozen=True)
class Spoken:
    """A turn of the candidate, as a session takes it.

    The words' times count from the moment that the candidate had the floor; `origin` tells the turn
    apart from every other.
    """

    text: str
    words: tuple[Word, ...]
    origin: str


@dataclass(frozen=True)
class Ears:
    """What an edge does with what is heard; each is called on the event loop and returns at once.

    `said` takes a turn, `caption` the words so far (`final` with the last of them), `changed` what
    is going on, and `failed` a sentence about what does not work.
    """

    said: Callable[[Spoken], None]
    caption: Callable[[str, bool], None] = lambda text, final: None
    changed: Callable[[Activity], None] = lambda activity: None
    failed: Callable[[str], None] = lambda sentence: None
    check_in: Callable[[], None] = lambda: None


class Line:
    """A line that is open from the first frame to `close`."""

    def __init__(
        self,
        models: SpeechModels,
        services: Services,
        ears: Ears,
        written: Written,
        own_patience: float = 1.0,
    ) -> None:
        self._services = services
        self._ears = ears
        self._own_patience = own_patience
        self._playback = Playback()
        self._conversation = Conversation(
            models.recogniser,
            models.new_detector(),
            models.synthesiser,
            self._playback,
            self,
            models.turns,
            models.end_of_turn,
        )
        self.mouth = SpokenMouth(self, written, services.store)
        self._conversation.played = self.mouth.note_played
        self._call = f"voice:{secrets.token_hex(4)}:"
        self._turns = itertools.count(1)
        self._latest = ""
        self._floor_s = 0.0
        self._waiting = 0
        self._session: Session | None = None
        self.now = Activity.LISTENING

    # --- the edge's side ------------------------------------------------------------------

    async def attach(self, session: Session) -> None:
        """The session whose candidate this is; before anything is heard or said."""
        self._session = session
        await self._expect(await session.question())

    def hear(self, frame: Samples) -> None:
        """20 ms of the candidate, or of silence."""
        self._conversation.hear(frame)

    def read(self, count: int) -> Samples:
        """What is to be played next; may be called from another thread."""
        return self._playback.read(count)

    def think(self) -> None:
        """The candidate asks for time."""
        self._conversation.think()

    def done(self) -> None:
        """The candidate says that they have finished."""
        self._conversation.done()

    def others(self, speaking: bool) -> None:
        """Somebody else in the call speaks, or has stopped."""
        self._conversation.others(speaking)

    def hush(self) -> None:
        """Stop speaking: the candidate took the floor by other means than their voice."""
        self._conversation.hush()
        if self._session is not None:
            self._session.interrupt()

    def set_audible(self, audible: bool) -> None:
        """Whether what is played reaches anybody; if not, it is written only."""
        self.mouth.audible = audible
        if not audible:
            self._conversation.hush()

    @property
    def is_waiting(self) -> bool:
        """Whether the interviewer waits for the call to go on: until nobody speaks, or for the end.

        Nothing but more frames brings it further then.
        """
        return self._waiting > 0

    async def settle(self) -> None:
        """Return when nothing is being recognised or synthesised."""
        await self._conversation.settle()

    async def close(self) -> None:
        """Nothing more is heard or said."""
        self.mouth.audible = False
        await self._conversation.close()

    # --- the mouth's side -----------------------------------------------------------------

    async def ready(self, text: str) -> bool:
        """Return when nobody speaks; False where the candidate has said more meanwhile."""
        before = self._latest
        with self._waits():
            await self._conversation.ready(text)
        answering = self._session.answering if self._session is not None else None
        origins = answering.origins if answering is not None else ()
        is_mine = any(origin.startswith(self._call) for origin in origins)
        return self._latest in origins if is_mine else self._latest == before

    async def say(self, key: str, text: str, offset: int) -> int:
        """Play the rest of an utterance."""
        with self._waits():
            return await self._conversation.say(key, text, offset)

    async def finish(self, key: str) -> int:
        """Wait until it was played."""
        with self._waits():
            return await self._conversation.finish(key)

    def could_not_say(self, key: str) -> bool:
        """Whether it could not be synthesised, so that it has to be read."""
        return self._conversation.could_not_say(key)

    def give_floor(self) -> None:
        """The candidate has the floor from now on."""
        self._floor_s = self._conversation.now_s

    async def listen(self) -> None:
        """Nothing more is said in this turn; the next one answers what was asked last."""
        self._conversation.listen()
        if self._session is not None:
            await self._expect(await self._session.question())

    def manner_of(self, key: str) -> Manner | None:
        """How the utterance came to be heard; told once."""
        manners = self._conversation.manners
        one = next((manner for manner in reversed(manners) if manner.key == key), None)
        if one is None:
            return None
        manners.remove(one)
        return Manner(key, one.waited_s, one.cut_in, one.stopped)

    # --- the conversation's side ----------------------------------------------------------

    def speech(self) -> None:
        """The candidate speaks."""
        if self._session is not None:
            self._session.stir(speaking=True)

    def partial(self, text: str) -> None:
        """What was understood of the turn so far."""
        self._ears.caption(text, False)

    def said(self, said: Said) -> None:
        """A turn is over."""
        text = with_question_mark(said.text)
        self._ears.caption(text, True)
        # Who cut in had the floor from their first word.
        floor_s = min(self._floor_s, said.began_s)
        words = tuple(
            Word(
                word.text,
                round(max(0.0, word.start_s - floor_s), 3),
                round(max(0.0, word.end_s - floor_s), 3),
                uncertain=word.is_uncertain,
            )
            for word in said.words
        )
        self._latest = f"{self._call}{next(self._turns)}"
        self._ears.said(Spoken(text, words, self._latest))

    def barged_in(self) -> None:
        """The candidate took the floor."""
        if self._session is not None:
            self._session.interrupt()

    def activity(self, now: Activity) -> None:
        """What is going on has changed."""
        self.now = now
        self._ears.changed(now)

    def check_in(self) -> None:
        """The candidate asked for time, long ago."""
        self._ears.check_in()

    def failed(self, what: str) -> None:
        """Something does not work; the interview goes on."""
        self._ears.failed(what)

    @contextmanager
    def _waits(self) -> Iterator[None]:
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _expect(self, question: str) -> None:
        if self._session is None:
            return
        stored = await self._services.store.interview(self._session.id)
        plan = round_plans(stored.settings, self._services.library)[stored.state.round_index]
        stage = plan.stages[stored.state.stage_index].name
        patience = wait_factor(plan.kind, stage, stored.settings, self._own_patience)
        self._conversation.expect(question=question, patience=patience, terms=terms_of(plan))
