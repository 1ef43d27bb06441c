"""What happens around a call: people come and go, are muted and moved; the line breaks."""

from __future__ import annotations

import discord

from bot.discord.calls import notices
from bot.discord.calls.call import Call
from bot.discord.calls.joining import why_not
from bot.discord.calls.presence import News, Standing, news

_GONE = frozenset({News.LEFT, News.MOVED})

AWAY, LOST = "away", "lost"
"""Reasons for which a call pauses, and the timers that go with them."""

GIVEN_UP = "given up"
"""The timer after which a line that is down is waited for no longer."""


class Watch:
    """Draws the conclusions for one call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._channel = call.channel
        client = call.client
        client.on_lost, client.on_restored, client.on_gone = self._lost, self._restored, self._out
        call.on_resumed = self._resumed

    def follow(self, person: int, *, is_bot: bool, before: Standing, after: Standing) -> None:
        """Somebody's voice state has changed."""
        if self._call.is_over:
            return
        if person == self._call.client.user.id:
            self._follow_bot(after)
            return
        found = news(before, after, self._channel)
        if person == self._call.seat.candidate:
            self._follow_candidate(found, after)
        elif not is_bot:
            self._follow_other(person, found)

    async def begin_anew(self, guild: discord.Guild) -> None:
        """The main gateway has a new session, which knows the server as `guild`.

        What happened since the old one ended was not told.
        """
        call = self._call
        there = guild.get_channel(self._channel)
        if call.is_over or call.client.guild is guild or guild.unavailable:
            return
        if not isinstance(there, discord.VoiceChannel | discord.StageChannel):
            self._out()
            return
        await call.client.rejoin(there)
        call.attention.look_again()
        call.look_at_candidate()
        call.adjust()
        call.chores.in_order(call.asking.ask_others())
        call.chores.in_order(self._came_back())
        call.chores.in_order(self._go_after(None))

    # --- the bot --------------------------------------------------------------------------------

    def _follow_bot(self, after: Standing) -> None:
        call = self._call
        there = call.client.guild.get_channel(after.channel or 0)
        if after.channel != self._channel and isinstance(
            there, discord.VoiceChannel | discord.StageChannel
        ):
            self._channel = there.id
            call.client.channel = there
            call.attention.moved()
            call.look_at_candidate()
            call.adjust()
            call.chores.in_order(call.asking.moved(there))
            call.chores.in_order(self._arrived())
        if after.deafened != call.deaf:
            call.deaf = after.deafened
            call.adjust()
            call.tell(notices.BOT_DEAFENED if call.deaf else notices.HEARS_AGAIN)
        silenced = after.silenced or after.muted
        if silenced != call.silenced:
            call.silenced = silenced
            call.adjust()
            if silenced:
                call.tell(self.why_silenced())

    def why_silenced(self) -> str:
        """Why the bot writes, and what could change that."""
        on_stage = isinstance(self._call.client.channel, discord.StageChannel)
        words = notices.IN_AUDIENCE if on_stage else notices.SILENCED
        return words.format(channel=self._channel)

    # --- the candidate ------------------------------------------------------------------------

    def _follow_candidate(self, found: tuple[News, ...], after: Standing) -> None:
        call, candidate = self._call, self._call.seat.candidate
        gone = bool(_GONE.intersection(found))
        if gone:
            call.attention.left(candidate)
            call.chores.in_order(self._go_after(after.channel))
        elif after.channel == self._channel:
            call.candidate = after
            if News.CAME in found:
                call.attention.came(candidate)
                call.chores.in_order(self._came_back())
        if News.DEAFENED in found:
            call.tell(notices.DEAFENED)
        if found:
            call.adjust()

    async def _go_after(self, channel: int | None) -> None:
        """The candidate is elsewhere: follow them there, or wait."""
        call = self._call
        if call.attention.candidate_is_there:
            return
        if channel is None:
            self._wait(notices.LEFT)
            return
        there = call.client.guild.get_channel(channel)
        if not isinstance(there, discord.VoiceChannel | discord.StageChannel):
            self._wait(notices.NOT_FOLLOWED, "I do not see that channel.")
        elif reason := why_not(there):
            self._wait(notices.NOT_FOLLOWED, reason)
        else:
            await self._follow_to(there)

    async def _follow_to(self, there: discord.VoiceChannel | discord.StageChannel) -> None:
        """The library says nothing when a move took too long; where the bot is tells it."""
        call = self._call
        call.pause(AWAY, aside=True)
        await call.client.move_to(there)
        if call.client.channel.id != there.id and not call.attention.candidate_is_there:
            self._wait(notices.NOT_FOLLOWED, notices.NOT_MOVED)

    async def _came_back(self) -> None:
        """The candidate was seen here; if they have left since, that comes next."""
        call = self._call
        if call.attention.candidate_is_there:
            words = notices.WELCOME_BACK if call.chores.waits_for(AWAY) else ""
            call.chores.stop(AWAY)
            await call.go_on(AWAY, words)

    async def _arrived(self) -> None:
        """The bot is in another channel, where it went or was put."""
        call = self._call
        if call.attention.candidate_is_there:
            await self._came_back()
        elif call.room is None:
            call.chores.do(call.close_unbegun(notices.APART_BEFORE))
        else:
            self._wait(notices.APART)

    def _wait(self, words: str, reason: str = "") -> None:
        call = self._call
        if call.room is None:
            call.chores.do(call.close_unbegun(notices.CANDIDATE_LEFT))
        elif not call.chores.waits_for(AWAY):
            call.pause(AWAY)
            call.chores.after(AWAY, call.times.away_s, self._waited_in_vain())
            call.tell(words.format(channel=self._channel, minutes=self._minutes, reason=reason))

    def _resumed(self) -> None:
        """The candidate goes on in writing: the bot waits from now on."""
        call = self._call
        if call.chores.waits_for(AWAY):
            call.chores.after(AWAY, call.times.away_s, self._waited_in_vain())

    async def _waited_in_vain(self) -> None:
        call = self._call
        await call.hand_in()
        if not call.attention.candidate_is_there:
            await self._leave(notices.WAITED)

    async def _leave(self, words: str) -> None:
        room = self._call.room
        clock = notices.STANDS if room is not None and room.is_paused else notices.RUNS
        told = words.format(channel=self._channel, minutes=self._minutes, clock=clock)
        await self._call.close(told)

    @property
    def _minutes(self) -> float:
        return self._call.times.away_s / 60

    # --- everybody else -----------------------------------------------------------------------

    def _follow_other(self, person: int, found: tuple[News, ...]) -> None:
        call = self._call
        if News.CAME in found:
            call.attention.came(person)
            call.chores.in_order(call.asking.ask_others())
        elif _GONE.intersection(found):
            call.attention.left(person)
            call.asking.forget(person)

    # --- the line -------------------------------------------------------------------------------

    def _lost(self) -> None:
        """Reconnects do not count: the clock stands from the first moment."""
        call = self._call
        call.lost = True
        call.pause(LOST, aside=True)
        call.chores.after(LOST, call.times.lost_s, self._still_lost())

    async def _still_lost(self) -> None:
        """What is being said is not waited for any longer."""
        call = self._call
        call.adjust()
        call.tell(notices.LOST)
        call.chores.after(GIVEN_UP, call.times.away_s, self._given_up())

    async def _given_up(self) -> None:
        call = self._call
        await call.hand_in()
        if call.lost:
            await self._leave(notices.GAVE_UP)

    def _restored(self) -> None:
        call = self._call
        was_told = call.lost and not call.chores.waits_for(LOST)
        call.lost = False
        call.chores.stop(LOST)
        if was_told:
            call.chores.stop(GIVEN_UP)
            here = call.attention.candidate_is_there
            words = notices.RESTORED if here else notices.RESTORED_ALONE
            call.tell(words.format(channel=self._channel))
        call.adjust()
        call.chores.in_order(call.go_on(LOST))

    def _out(self) -> None:
        """The bot is out of the channel, and not by its own will."""
        call = self._call
        if call.is_over:
            return
        call.lost = True
        if call.room is None:
            call.chores.do(call.close_unbegun(notices.GONE_BEFORE))
            return
        call.pause("removed")
        call.chores.do(call.close(notices.REMOVED.format(channel=self._channel)))
