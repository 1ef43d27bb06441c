"""The talk of an interview on Discord, as the page beside it shows it: to be read, not answered."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

from bot.discord.errors import survived
from bot.discord.interviews.mouth import SilentMouth
from bot.reading import reads_answers
from bot.web.mouth import FollowedMouth
from bot.web.talk import Talk
from bot.web.talk_wire import Request, Typing, Where, refused_message
from bot.wiring import App, OpenSession
from interviewer.ports import Mouth
from interviewer.record import round_plans
from interviewer.session import Session

ANSWER_THERE = "This interview is held on Discord: answer there. The board is drawn on this page."


class PageTalks:
    """One talk for each interview that has a room, or a page that follows it."""

    def __init__(self, app: App, open_session: OpenSession) -> None:
        self._app = app
        self._open_session = open_session
        self._talks: dict[str, Talk] = {}
        self._rooms: set[str] = set()
        self._ending: set[asyncio.Task[Any]] = set()

    def session(self, interview_id: str, mouth: Mouth) -> Session:
        """The session of a room, which speaks through the mouth; its pages overhear it.

        A page may be there before the room, as after a restart: from now on this session tells it
        where the interview stands, since no other knows how long the candidate has the floor.
        """
        self._rooms.add(interview_id)
        talk = self._talks.get(interview_id) or self._new_talk(interview_id)
        session = self._open_session(interview_id, FollowedMouth(mouth, talk.mouth))
        talk.follow(session)
        return session

    async def talk(self, interview_id: str) -> Talk:
        """The talk of an interview, also of one that is over.

        Raises `InterviewNotFoundError`, and `UnknownItem` where its pack is gone.
        """
        services = self._app.services
        stored = await services.store.interview(interview_id)
        round_plans(stored.settings, services.library)
        talk = self._talks.get(interview_id)
        if talk is None:
            talk = self._new_talk(interview_id)
            talk.follow(self._open_session(interview_id, SilentMouth()))
        return talk

    def hear(self, interview_id: str, request: Request) -> None:
        """Nothing is answered in the page; a key that is pressed there says nothing."""
        talk = self._talks.get(interview_id)
        if talk is not None and not isinstance(request, Typing):
            talk.audience.tell(refused_message(request.origin, ANSWER_THERE))

    def room_closed(self, interview_id: str) -> None:
        """The interview is not held here any more; where it has a card, its pages are told."""
        self._rooms.discard(interview_id)
        talk = self._talks.get(interview_id)
        if talk is not None:
            self._soon(self._tell_of_card(talk), f"telling the pages of {interview_id}")

    async def close(self) -> None:
        """Tell nothing more."""
        await asyncio.gather(*self._ending)
        await asyncio.gather(*(talk.close() for talk in self._talks.values()))
        self._talks.clear()

    def _new_talk(self, interview_id: str) -> Talk:
        reads = reads_answers(self._app.settings)
        talk = Talk(self._app, interview_id, Where.DISCORD, reads=reads)
        talk.audience.changed = partial(self._look_who_is_here, talk)
        self._talks[interview_id] = talk
        return talk

    def _look_who_is_here(self, talk: Talk) -> None:
        talk.refresh_soon()
        self._leave_if_alone(talk)

    def _leave_if_alone(self, talk: Talk) -> None:
        interview_id = talk.interview_id
        needed = len(talk.audience) or interview_id in self._rooms
        if not needed and self._talks.get(interview_id) is talk:
            del self._talks[interview_id]
            self._soon(talk.close(), f"closing the talk of {interview_id}")

    async def _tell_of_card(self, talk: Talk) -> None:
        talk.refresh_soon()
        ending = await talk.ending()
        if ending is not None:
            talk.audience.tell(ending)
        self._leave_if_alone(talk)

    def _soon(self, work: Coroutine[Any, Any, object], what: str) -> None:
        task = asyncio.create_task(survived(work, what), name=what)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
