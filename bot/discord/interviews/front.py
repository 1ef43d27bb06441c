"""How a room shows itself: in a channel, message by message, or as one message drawn anew."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord.interviews.board_pictures import StagePictures
from bot.discord.interviews.happenings import Said, answers_in
from bot.discord.interviews.hearing import Ears
from bot.discord.interviews.lines import Lines, said_so_far
from bot.discord.interviews.mouth import WITH_CARD, ChannelMouth, Poster, SilentMouth
from bot.discord.interviews.typing import Typing
from bot.discord.people import user_id_of
from bot.discord.replies import NOBODY
from bot.discord.scorecards.cards import finished_view
from bot.discord.text import safe
from bot.discord.views.call import CallStanding, rejoin_view
from bot.discord.views.status import Means, retired_view, status_under, status_view
from bot.reading import reads_answers
from bot.wiring import App, OpenSession
from interviewer.ports import Mouth
from interviewer.session import Session
from interviewer.view import SessionView
from storage.origins import known_origins
from storage.places import Place, change_place, keys_of_posts, post_of, posts_of

if TYPE_CHECKING:
    from bot.discord.calls.review import Review

_LOG = logging.getLogger(__name__)


STALE_S = 5.0
"""How far the times on a card may be from the truth; Discord shows them in minutes."""

UNKNOWN_MESSAGE = 10008
"""Discord's code for a message that is not there, where its channel is."""


@dataclass(frozen=True)
class Drawn:
    """What a status card says, as far as it changes."""

    shown: Hashable
    ends: tuple[datetime, datetime]

    @classmethod
    def of(cls, view: SessionView, now: datetime, call: CallStanding | None = None) -> Drawn:
        """What a card of this state says at that moment."""
        reached = tuple(stage.reached for stage in view.stages)
        left = (view.stage_left_s, view.round_left_s)
        stage, whole = (now + timedelta(seconds=seconds) for seconds in left)
        shown = (view.phase, view.round_index, view.stage_index, reached, view.stage_left_s >= 0)
        return cls((shown, call and call.drawn), (stage, whole))

    def holds(self, later: Drawn) -> bool:
        """Whether a card that was drawn so can stay as it is."""
        apart = (abs(a - b).total_seconds() for a, b in zip(self.ends, later.ends, strict=True))
        return self.shown == later.shown and max(apart) < STALE_S


class ChannelFront:
    """A direct conversation or a thread: what is said is posted, the status card is edited.

    `ears` says which messages of the channel are answers; of an interview that `is_new` nothing
    was posted before. What is said there can be spoken as well, as long as there is a call.
    `review` is the list of doubtful answers while it can be used; it may outlive the call.
    """

    def __init__(
        self,
        app: App,
        place: Place,
        channel: discord.PartialMessageable,
        ears: Ears,
        open_session: OpenSession,
        *,
        is_new: bool,
    ) -> None:
        self._app = app
        self._place = place
        self._channel = channel
        self._ears = ears
        self._poster = Poster(app.database, place.interview_id, channel, ears.me, int(place.heard))
        self._typing = Typing(channel, app.services.clock)
        self._pictures = StagePictures(app, place.interview_id, self._poster)
        self._calls_standing: Callable[[], CallStanding] | None = None
        self.review: Review | None = None
        mouth = ChannelMouth(
            self._poster,
            self._speech_with_card,
            self._moved,
            self._typing,
            self._pictures.stage_over,
            reads=reads_answers(app.settings),
            recovering=not is_new,
        )
        self.lines = Lines(mouth, self._posts, self.reword)
        self._mouth = self.lines if place.voice else mouth
        self._carriers: set[int] = set()
        self._status = int(place.status) if place.status else None
        self._retired: list[int] = []
        self._texts: dict[int, str] = {}
        self._drawn: Drawn | None = None
        self._drawing: Drawn | None = None
        self._read_to = int(place.heard)
        self._speak_through = open_session
        self.session: Session = open_session(place.interview_id, self._mouth)

    def working(self) -> AbstractAsyncContextManager[None]:
        """Show that an answer is being worked on, where that takes longer than a moment.

        The embedded interviewer answers at once.
        """
        return self._typing.while_working() if self._app.settings.uses_model else nullcontext()

    async def recover(self) -> None:
        """Recover the session; what may have been posted before is looked for first.

        Until that has succeeded nobody knows what was posted, whoever makes the session speak.
        """
        first, self._mouth.recovering = self._mouth.recovering, True
        await self.session.recover()
        self._mouth.recovering = False
        if first:
            self._retired += await self._older_cards()

    async def missed(self) -> Sequence[Said]:
        """The answers that the candidate wrote and no event was made of, oldest first."""
        owner, newest = user_id_of(self._place.owner), self._read_to
        found: list[Said] = []
        after = discord.Object(int(self._place.heard))
        async for message in self._channel.history(limit=None, after=after, oldest_first=True):
            newest = max(newest, message.id)
            if message.author.id == owner and (text := self._ears.answer_in(message)):
                found.append(Said((message.id,), text))
        self._read_to = newest
        origins = [str(said.messages[0]) for said in found]
        known = await known_origins(self._app.database, self._id, origins)
        return answers_in(found, {int(origin) for origin in known})

    async def caught_up(self) -> None:
        """Begin after what was read the next time.

        The newest message that became an event would not do: events may overtake each other, and
        be lost with the process that was about to take them.
        """
        if self._read_to > int(self._place.heard):
            heard = str(self._read_to)
            await change_place(self._app.database, self._id, heard=heard)
            self._place = replace(self._place, heard=heard)

    async def refresh(self) -> None:
        """Edit the status card, and take the buttons off one that has moved on.

        A card that still says what is the case is left alone: its times count down by themselves.
        After a restart many may have moved on; one at a time is no flood of requests.
        """
        view = await self.session.view()
        if self._retired:
            await self._retire(self._retired[-1], view)
        drawn = Drawn.of(view, self._app.services.clock.now(), self.call)
        if self._status is None:
            await self.move_status()
        elif self._drawn is None or not self._drawn.holds(drawn):
            await self._edit(self._status, view=await self._layout(self._status, view))
            self._drawn = drawn

    async def status_layout(self, message: int) -> ui.LayoutView:
        """What the message with that card should look like now; whether it will is not known."""
        view = await self.session.view()
        if message == self._status:
            self._drawn = None
            return await self._layout(message, view)
        return retired_view(await self._text_of(message), view)

    async def finish(self) -> None:
        """Post the card, or first ask for the candidate's own ratings."""
        while self._retired:
            await self._retire(self._retired[-1], await self.session.view())
        await self.refresh()
        await self._pictures.stage_over(fresh=False)
        for part, view in enumerate(await finished_view(self._app, self._place)):
            await self._poster.post("card:1", part, view=view)
        await change_place(self._app.database, self._id, closed=True)

    async def tell(self, key: str, sentence: str) -> None:
        """Post a sentence once for each key."""
        await self._poster.post(f"{self._id}:{key}", 0, content=sentence)

    async def greet(self, key: str, sentence: str) -> None:
        """As `tell`; an interview that was spoken gets the button that brings the voice back."""
        if self._place.voice is None:
            await self.tell(key, sentence)
        else:
            await self.show(key, rejoin_view(sentence, self._id))

    async def show(self, key: str, view: ui.LayoutView, *, fresh: bool = False) -> int:
        """Post a view once for each key; returns its message. A `fresh` key was never used."""
        return int(await self._poster.post(f"{self._id}:{key}", 0, view=view, fresh=fresh))

    async def change(self, message: int, view: ui.LayoutView) -> None:
        """Show another view in a message that was posted by `show`."""
        await self._edit(message, view=view)

    async def move_status(self) -> None:
        """Post the status card anew, at the bottom of the channel."""
        view = self._card_alone(await self.session.view())
        message = await self._channel.send(view=view, allowed_mentions=NOBODY)
        self._texts[message.id] = ""
        await self._moved(str(message.id))

    @property
    def _id(self) -> str:
        return self._place.interview_id

    @property
    def has_card(self) -> bool:
        """Whether a status card was posted."""
        return self._status is not None

    @property
    def call(self) -> CallStanding | None:
        """How the call stands that belongs to it, None while there is none."""
        return None if self._calls_standing is None else self._calls_standing()

    def speak(self, standing: Callable[[], CallStanding], mouth: Mouth) -> None:
        """From now on the interviewer speaks in a call; what is said is written by `lines`."""
        self._calls_standing = standing
        self._speak_through(self._id, mouth)

    def write(self) -> None:
        """From now on the interviewer writes."""
        self._calls_standing = None
        self._mouth = self.lines
        self._speak_through(self._id, self.lines)

    async def reword(self, message: int, text: str) -> None:
        """A message of the interviewer's says `text` now, with the card if it carries it."""
        if message in self._carriers or message == self._status:
            self._texts[message] = text
            await self._edit(message, view=await self.status_layout(message))
        else:
            await self._edit(message, content=text)

    async def _posts(self, key: str) -> Mapping[int, str]:
        return await posts_of(self._app.database, self._id, key)

    async def _speech_with_card(self, text: str) -> ui.LayoutView:
        view = await self.session.view()
        self._drawing = Drawn.of(view, self._app.services.clock.now(), self.call)
        return self._with_card(text, view)

    def _with_card(self, text: str, view: SessionView) -> ui.LayoutView:
        now = self._app.services.clock.now()
        return status_under(text, view, self._id, now, self._means)

    def _card_alone(self, view: SessionView) -> ui.LayoutView:
        return status_view(view, self._id, self._app.services.clock.now(), self._means)

    @property
    def _means(self) -> Means:
        return Means(self._ears.needs_form, self.call, self._place.channel)

    async def _moved(self, message: str) -> None:
        """The card is on another message from now on."""
        self._drawn = None if self._mouth.recovering else self._drawing
        self._drawing = None
        self._carriers.add(int(message))
        if self._status == int(message):
            return
        if self._status is not None:
            self._retired.append(self._status)
        self._status = int(message)
        self._place = replace(self._place, status=message)
        await change_place(self._app.database, self._id, status=message)

    async def _retire(self, message: int, view: SessionView) -> None:
        await self._edit(message, view=retired_view(await self._text_of(message), view))
        self._retired = [one for one in self._retired if one != message]

    async def _older_cards(self) -> Sequence[int]:
        """The messages that carried the card before, which may still look as if they did."""
        keys = await keys_of_posts(self._app.database, self._id)
        carried = [int(message) for message, key in keys.items() if key.endswith(WITH_CARD)]
        return [one for one in carried if self._status is not None and one < self._status]

    async def _layout(self, message: int, view: SessionView) -> ui.LayoutView:
        text = await self._text_of(message)
        return self._with_card(text, view) if text else self._card_alone(view)

    async def _text_of(self, message: int) -> str:
        """What the interviewer said in the message that carries a card."""
        if message not in self._texts:
            self._texts = {message: await self._read_text(message)}
        return self._texts[message]

    async def _read_text(self, message: int) -> str:
        posted = await post_of(self._app.database, self._id, str(message))
        if posted is None:
            return ""
        key, part = posted
        said = await self._app.services.store.utterances(self._id)
        return next((safe(said_so_far(one, part)) for one in said if one.key == key), "")

    async def _edit(self, message: int, **content: Any) -> None:
        """Edit a message of ours; one that a moderator deleted is not missed."""
        partial = self._channel.get_partial_message(message)
        try:
            await partial.edit(allowed_mentions=NOBODY, **content)
        except discord.NotFound as err:
            if err.code != UNKNOWN_MESSAGE:
                raise


class PanelFront:
    """Where the bot is no member: the interview is one message, drawn anew after every event.

    Nothing can be posted there, so whoever answers an interaction draws the panel.
    """

    def __init__(self, app: App, place: Place, open_session: OpenSession) -> None:
        self._app = app
        self._place = place
        self.session: Session = open_session(place.interview_id, SilentMouth())

    def working(self) -> AbstractAsyncContextManager[None]:
        """Whoever pressed or wrote sees that Discord waits."""
        return nullcontext()

    async def recover(self) -> None:
        """Recover the session."""
        await self.session.recover()

    async def missed(self) -> Sequence[Said]:
        """Nothing is written there that could be read."""
        return ()

    async def caught_up(self) -> None:
        """Nothing was read."""

    async def refresh(self) -> None:
        """The next answer to an interaction shows it."""

    async def finish(self) -> None:
        """The next answer to an interaction shows the card."""
        await change_place(self._app.database, self._place.interview_id, closed=True)

    async def tell(self, key: str, sentence: str) -> None:
        """There is nowhere to say it; what was refused is told to whoever asked."""

    async def greet(self, key: str, sentence: str) -> None:
        """There is nowhere to say it."""
