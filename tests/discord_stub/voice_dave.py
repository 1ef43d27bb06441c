"""The encrypted group of a call as the voice gateway keeps it: who is added, who commits, when.

One change at a time goes through its stages: proposed to the members, committed by one of them,
announced to the bot, and carried out when the bot says that it is ready. People answer at once,
each with a DAVE session of their own. https://daveprotocol.com
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import davey

from tests.discord_stub.voice_mls import ExternalSender, split_commit

ANSWER_S = 5.0
"""How long the bot may take for a commit, or to be ready for one, before it is a violation."""

APPEND, REVOKE = bytes([0]), bytes([1])


class BotSide(Protocol):
    """The bot's connection, as the group needs it."""

    user_id: int

    @property
    def is_connected(self) -> bool:
        """Whether it can answer now."""
        ...

    def propose(self, proposals: bytes) -> None:
        """Op 27."""
        ...

    def announce(self, transition: int, commit: bytes) -> None:
        """Op 29."""
        ...

    def welcome(self, transition: int, welcome: bytes) -> None:
        """Op 30."""
        ...

    def execute(self, transition: int) -> None:
        """Op 22."""
        ...


class Commit(NamedTuple):
    """A commit, and the welcome for whoever it adds."""

    commit: bytes
    welcome: bytes


@dataclass(slots=True)
class _Change:
    """One member comes (with a key package) or goes (without).

    Attributes:
        session: the DAVE session of a person who comes.
        offer: a commit that one of the people made, for where the bot makes none.
        awaits: what the bot has to do next; None before it was asked for anything.
    """

    user_id: int
    key_package: bytes | None = None
    session: davey.DaveSession | None = None
    offer: Commit | None = None
    commit: bytes = b""
    welcome: bytes = b""
    transition: int = 0
    awaits: str | None = None


class Group:
    """The members of one call and their common secret's changes.

    Attributes:
        people: the DAVE sessions of the members, without the bot, which has its own.
        corrupt_next: whether the bot's next commit or welcome arrives broken.
    """

    def __init__(
        self,
        channel_id: int,
        *,
        bot_commits: bool,
        record: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        self._channel_id = channel_id
        self._bot_commits = bot_commits
        self._record = record
        self._changed = changed
        self.sender = ExternalSender(channel_id)
        self.people: dict[int, davey.DaveSession] = {}
        self.corrupt_next = False
        self._leaves: list[int | None] = []
        self._wishes: deque[_Change] = deque()
        self._change: _Change | None = None
        self._bot: BotSide | None = None
        self._in_step = False
        self._transition = 0
        self._has_history = False
        self._timer: asyncio.TimerHandle | None = None

    # --- who is there -------------------------------------------------------------------

    @property
    def members(self) -> list[int]:
        """The ids of the members, in the order of the group's leaves."""
        return [user_id for user_id in self._leaves if user_id is not None]

    @property
    def is_changing(self) -> bool:
        """Whether somebody is on their way in or out."""
        return self._change is not None or bool(self._wishes)

    def add_person(self, user_id: int) -> None:
        """Somebody joins the call."""
        session = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, user_id, self._channel_id)
        key_package = session.get_serialized_key_package()
        session.set_external_sender(self.sender.package())
        self._wish(_Change(user_id, key_package, session))

    def remove_person(self, user_id: int) -> None:
        """Somebody leaves the call."""
        self._wish(_Change(user_id))

    def add_bot(self, bot: BotSide, key_package: bytes) -> None:
        """The bot has sent a key package (op 26): for the first time, or to be let in anew."""
        self._bot = bot
        if bot.user_id in self._leaves:
            self._in_step = False
            self._wishes.appendleft(_Change(bot.user_id))
        self._wish(_Change(bot.user_id, key_package))

    def remove_bot(self) -> None:
        """The bot's connection is gone."""
        if self._bot is None:
            return
        user_id, self._bot = self._bot.user_id, None
        self._in_step = False
        self._go_on_without_bot()
        self._wishes.appendleft(_Change(user_id))
        self._begin_next()

    def begin_again(self) -> None:
        """Everybody joins a new group, as after a time without end-to-end encryption."""
        self._stop_timer()
        self._change, self._in_step, self._has_history = None, False, True
        self._wishes.clear()
        self._leaves = []
        self.sender.epoch = 0
        people, self.people = list(self.people), {}
        for user_id in people:
            self.add_person(user_id)

    def next_transition(self) -> int:
        """A number for a transition of the call."""
        self._transition = self._transition % 0xFFFF + 1
        return self._transition

    # --- what the bot answers -----------------------------------------------------------

    def take_commit(self, data: bytes) -> None:
        """Op 28: the first commit for the proposals counts, later ones are ignored."""
        change = self._change
        if change is None or change.awaits != "commit":
            return
        try:
            commit = Commit(*split_commit(data))
        except ValueError as err:
            self._record(f"op 28 with {err}")
            return
        self._committed(change, commit)

    def take_ready(self, transition: int) -> None:
        """Op 23: the bot can go over."""
        change = self._change
        if change is not None and change.awaits == "ready" and change.transition == transition:
            self._carry_out(change)

    def take_invalid(self) -> None:
        """Op 31: the bot could not use a commit or a welcome; a new key package follows."""
        self._in_step = False
        self._go_on_without_bot()

    def _go_on_without_bot(self) -> None:
        change = self._change
        if change is None:
            return
        if change.awaits == "ready":
            self._carry_out(change)
        elif change.offer is not None:
            self._committed(change, change.offer)
        else:
            # It waits until the bot comes in anew or is gone.
            self._stop_timer()
            self._change, change.awaits = None, None
            self._wishes.appendleft(change)

    # --- a change on its way ------------------------------------------------------------

    def _wish(self, change: _Change) -> None:
        self._wishes.append(change)
        self._begin_next()

    def _begin_next(self) -> None:
        while self._change is None and self._wishes:
            change = self._wishes.popleft()
            if change.key_package is None and change.user_id not in self._leaves:
                continue
            if self.members in ([], [change.user_id]):
                self._begin_anew(change)
            elif self._others(change) or self._bot_beside(change) is not None:
                self._change = change
                self._propose(change)
            else:
                # Only the bot could commit, and it is on its way out or in anew.
                self._wishes.appendleft(change)
                break
        self._changed()

    def _begin_anew(self, change: _Change) -> None:
        """The first member founds the group without a word; with the last one it ends."""
        if change.key_package is None:
            self._leaves = []
            self.people.clear()
            return
        self.sender.epoch = 0
        self._leaves = [change.user_id]
        self._in_step = self._is_bot(change.user_id)
        if change.session is not None:
            self.people[change.user_id] = change.session

    def _propose(self, change: _Change) -> None:
        if change.key_package is not None:
            proposals = self.sender.add(change.key_package)
        else:
            proposals = self.sender.remove(self._leaves.index(change.user_id))
        for session in self._others(change):
            offer = session.process_proposals(davey.ProposalsOperationType.append, proposals)
            if change.offer is None and offer is not None:
                change.offer = Commit(offer.commit, offer.welcome or b"")
        bot = self._bot_beside(change)
        if bot is not None:
            bot.propose(APPEND + proposals)
        if change.offer is None or (bot is not None and self._bot_commits):
            self._await(change, "commit")
        else:
            self._committed(change, change.offer)

    def _committed(self, change: _Change, commit: Commit) -> None:
        self._stop_timer()
        change.commit, change.welcome = commit
        if self.sender.epoch > 0 or self._has_history:
            change.transition = self.next_transition()
        self.sender.epoch += 1
        # To a first commit nobody says that they are ready, but what is broken is reported.
        is_answered = change.transition > 0 or self.corrupt_next
        if self._announce(change) and is_answered:
            self._await(change, "ready")
        else:
            self._carry_out(change)

    def _announce(self, change: _Change) -> bool:
        """Whether the bot was told, and has to say when it is ready."""
        if self._bot is not None and self._is_bot(change.user_id) and change.welcome:
            self._in_step = True
            self._bot.welcome(change.transition, self._perhaps_broken(change.welcome))
            return True
        bot = self._bot_beside(change)
        if bot is not None:
            bot.announce(change.transition, self._perhaps_broken(change.commit))
        return bot is not None

    def _perhaps_broken(self, message: bytes) -> bytes:
        if not self.corrupt_next:
            return message
        self.corrupt_next = False
        middle = len(message) // 2
        return message[:middle] + bytes([message[middle] ^ 0xFF]) + message[middle + 1 :]

    def _carry_out(self, change: _Change) -> None:
        self._stop_timer()
        for session in self._others(change):
            session.process_commit(change.commit)
        if change.key_package is None:
            self._leaves[self._leaves.index(change.user_id)] = None
            self.people.pop(change.user_id, None)
        else:
            self._seat(change.user_id)
            if change.session is not None:
                change.session.process_welcome(change.welcome)
                self.people[change.user_id] = change.session
        if change.transition and self._bot is not None and self._in_step:
            self._bot.execute(change.transition)
        self._change = None
        self._begin_next()

    def _seat(self, user_id: int) -> None:
        """New members take the leftmost empty leaf (RFC 9420 section 7.7)."""
        if None in self._leaves:
            self._leaves[self._leaves.index(None)] = user_id
        else:
            self._leaves.append(user_id)

    def _is_bot(self, user_id: int) -> bool:
        return self._bot is not None and self._bot.user_id == user_id

    def _bot_beside(self, change: _Change) -> BotSide | None:
        """The bot, where it is a member and the change is another's."""
        return self._bot if self._in_step and not self._is_bot(change.user_id) else None

    def _others(self, change: _Change) -> list[davey.DaveSession]:
        """The sessions of the people who are members, without the one who comes or goes."""
        return [
            session
            for user_id, session in self.people.items()
            if user_id in self._leaves and user_id != change.user_id
        ]

    # --- waiting for the bot ------------------------------------------------------------

    def _await(self, change: _Change, what: str) -> None:
        change.awaits = what
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(ANSWER_S, self._give_up, what)

    def _give_up(self, what: str) -> None:
        self._timer = None
        if self._bot is not None and self._bot.is_connected:
            self._record(f"no {what} for a change of the encrypted group within {ANSWER_S:g} s")
        self._go_on_without_bot()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        """Wait for nothing any more."""
        self._stop_timer()
        self._change = None
        self._wishes.clear()
