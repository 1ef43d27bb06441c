"""A call: the people in a channel, the bot's session, and the frames that go between them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import davey

from tests.discord_stub.changes import Changes
from tests.discord_stub.voice_dave import Group
from tests.discord_stub.voice_ear import Ear
from tests.discord_stub.voice_gateway import (
    CLIENT_DISCONNECT,
    CLIENTS_CONNECT,
    EXTERNAL_SENDER,
    PREPARE_EPOCH,
    PREPARE_TRANSITION,
    SPEAKING,
    BotSession,
)
from tests.discord_stub.voice_media import SILENCE
from tests.discord_stub.voice_mouth import Faults, Line, stranger

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.voice import Voice
    from tests.discord_stub.voice_channels import VoiceState

ENCRYPTED = b"\xfa\xfa"
"""The last two bytes of every frame that is encrypted end to end."""

UNDER_WAY_S = 1.0
"""How long after a change of the encryption frames of the time before may still come."""


class Caller:
    """A person in a call."""

    def __init__(self, state: VoiceState, ear: Ear, line: Line) -> None:
        self.state = state
        self.id = state.user.id
        self.ear = ear
        self.line = line
        self.is_speaking = False
        self.strange: davey.DaveSession | None = None


class VoiceCall:
    """What goes on in one voice or stage channel.

    Attributes:
        dave: the version of end-to-end encryption that newcomers are told; 0 for none.
        group: the encrypted group, where there is one.
        people: by id.
        bot: the bot's session, once it takes part.
        changes: wakes whoever waits for the call to change, under the key 0.
    """

    def __init__(self, voice: Voice, channel: Channel) -> None:
        self._voice = voice
        self.channel = channel
        self.dave = 0 if channel.is_stage else voice.options.dave
        self.group: Group | None = None
        if self.dave:
            self.group = Group(
                channel.id,
                bot_commits=voice.options.bot_commits,
                record=voice.record,
                changed=self._group_changed,
            )
        self.people: dict[int, Caller] = {}
        self.bot: BotSession | None = None
        self.changes = Changes()
        self._downgrade = 0
        self._changed_at = 0.0

    # --- coming and going ---------------------------------------------------------------

    def person_joins(self, state: VoiceState, ear: Ear, line: Line) -> None:
        """Somebody is in the channel now."""
        caller = Caller(state, ear, line)
        self.people[caller.id] = caller
        if self.bot is not None:
            self.bot.send(CLIENTS_CONNECT, {"user_ids": [str(caller.id)]})
        if self.group is not None:
            self.group.add_person(caller.id)

    def person_leaves(self, user_id: int) -> None:
        """Somebody is gone."""
        del self.people[user_id]
        if self.bot is not None:
            self.bot.send(CLIENT_DISCONNECT, {"user_id": str(user_id)})
        if self.group is not None:
            self.group.remove_person(user_id)
        self.changes.notify(0)

    def bot_joins(self, session: BotSession) -> None:
        """The bot has a key and may send and hear now."""
        self.bot = session
        session.call = self
        if self.people:
            session.send(CLIENTS_CONNECT, {"user_ids": [str(user_id) for user_id in self.people]})
        if self.dave and self.group is not None:
            session.send_binary(EXTERNAL_SENDER, self.group.sender.package())
        for caller in self.people.values():
            if caller.is_speaking:
                self.announce(caller)
        self.changes.notify(0)

    def bot_leaves(self, session: BotSession) -> None:
        """The bot's session is over; nothing happens if another one has taken its place."""
        if self.bot is not session:
            return
        self.bot = None
        if self.group is not None:
            self.group.remove_bot()

    def close(self) -> None:
        """Nobody is left."""
        if self.group is not None:
            self.group.close()

    # --- from people to the bot ---------------------------------------------------------

    def announce(self, caller: Caller) -> None:
        """Tell the bot whose ssrc it is that speaks."""
        if self.bot is not None:
            speaking = {"user_id": str(caller.id), "ssrc": caller.line.ssrc, "speaking": 1}
            self.bot.send(SPEAKING, speaking)

    def can_be_heard(self, caller: Caller) -> bool:
        """Whether a frame sent now would find its key; alone in a call nobody needs one."""
        if not self.dave or self.bot is None or self.group is None:
            return True
        return caller.id in self.group.people and self.bot.user_id in self.group.members

    def send(self, caller: Caller, frame: bytes, faults: Faults, *, starts: bool = False) -> None:
        """A person's next 20 ms."""
        header = caller.line.rtp(time.monotonic(), starts=starts)
        bot = self.bot
        is_here = self.people.get(caller.id) is caller
        if bot is None or not is_here or caller.state.is_silent or not bot.hears():
            return
        sealed = self._encrypt(caller, frame, faults) if self.dave else frame
        if sealed is None:
            return
        for packet in caller.line.packets(bot.seal, header, sealed, faults, starts=starts):
            bot.send_packet(packet)

    def flush(self, caller: Caller) -> None:
        """Deliver what is still late on a person's line."""
        for packet in caller.line.rest():
            if self.bot is not None and self.bot.hears():
                self.bot.send_packet(packet)

    def _encrypt(self, caller: Caller, frame: bytes, faults: Faults) -> bytes | None:
        session = self._session(caller)
        if session is None or not session.ready:
            return None
        if caller.line.hits_epoch(faults):
            caller.strange = caller.strange or stranger(caller.id, self.channel.id)
            session = caller.strange
        return session.encrypt_opus(frame)

    # --- from the bot to people ---------------------------------------------------------

    def from_bot(self, session: BotSession, frame: bytes, at: float) -> None:
        """The bot's next 20 ms."""
        if session is not self.bot:
            return
        if session.state.is_silent:
            self._voice.unheard["muted or suppressed"] += 1
            return
        encrypted = self.group is not None and frame.endswith(ENCRYPTED)
        if self.dave and not encrypted and frame != SILENCE:
            if time.monotonic() - self._changed_at > UNDER_WAY_S:
                session.complain("opus without end-to-end encryption")
            self._voice.unheard["not encrypted"] += 1
            return
        wait = self.group is not None and self.group.is_changing
        for caller in self.people.values():
            if caller.state.is_deaf:
                continue
            caller.ear.take(
                frame,
                at,
                session.user_id,
                self._session(caller),
                encrypted=encrypted,
                wait=wait,
            )

    def _session(self, caller: Caller) -> davey.DaveSession | None:
        return self.group.people.get(caller.id) if self.group is not None else None

    def _group_changed(self) -> None:
        if self.group is None:
            return
        if not self.group.is_changing:
            for caller in self.people.values():
                caller.ear.retry(self._session(caller))
        self.changes.notify(0)

    # --- encryption off and on ----------------------------------------------------------

    async def downgrade(self, within: float) -> None:
        """End-to-end encryption ends, as where somebody joins whose client has none."""
        bot, group = self.bot, self.group
        if bot is None or group is None:
            raise AssertionError("the bot is in no encrypted call here")
        self._downgrade = group.next_transition()
        bot.send(PREPARE_TRANSITION, {"transition_id": self._downgrade, "protocol_version": 0})
        await self.changes.until(0, lambda: self.dave == 0 or None, within)

    def bot_is_ready(self, transition: int) -> bool:
        """Whether the bot's op 23 was about the end of the encryption."""
        if not self._downgrade or transition != self._downgrade or self.bot is None:
            return False
        self._downgrade, self.dave, self._changed_at = 0, 0, time.monotonic()
        self.bot.execute(transition)
        self.changes.notify(0)
        return True

    async def upgrade(self, within: float) -> None:
        """End-to-end encryption begins again, with a new group."""
        bot, group = self.bot, self.group
        if bot is None or group is None:
            raise AssertionError("the bot is in no call here that was encrypted")
        group.begin_again()
        epoch = {"transition_id": 0, "epoch": 1, "protocol_version": self._voice.options.dave}
        bot.send(PREPARE_EPOCH, epoch)

        def look() -> bool | None:
            return (not group.is_changing and bot.user_id in group.members) or None

        await self.changes.until(0, look, within)
        self.dave, self._changed_at = self._voice.options.dave, time.monotonic()
