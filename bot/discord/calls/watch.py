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


class Watch:
    """Draws the conclusions for one call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._channel = call.channel
        client = call.client
        client.on_lost, client.on_restored, client.on_gone = self._lost, self._restored, self._out

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
        call.chores.in_order(self._together_or_not())

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
            call.chores.in_order(self._together_or_not())
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
                call.chores.in_order(self._together_or_not())
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
            await call.client.move_to(there)

    async def _together_or_not(self) -> None:
        """After one of both has moved."""
        if self._call.attention.candidate_is_there:
            self._call.chores.stop(AWAY)
            await self._call.go_on(AWAY, notices.WELCOME_BACK)
        else:
            self._wait(notices.LEFT)

    def _wait(self, words: str, reason: str = "") -> None:
        call = self._call
        if call.room is None:
            call.chores.do(call.close_unbegun(notices.CANDIDATE_LEFT))
        elif not call.chores.waits_for(AWAY):
            call.pause(AWAY)
            call.chores.after(AWAY, call.times.away_s, self._waited_in_vain())
            call.tell(words.format(channel=self._channel, minutes=self._minutes, reason=reason))

    async def _waited_in_vain(self) -> None:
        await self._call.hand_in()
        words = notices.WAITED.format(channel=self._channel, minutes=self._minutes)
        await self._call.close(words)

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
        call.chores.after(AWAY, call.times.away_s, self._waited_in_vain())

    def _restored(self) -> None:
        call = self._call
        was_told = call.lost and not call.chores.waits_for(LOST)
        call.lost = False
        call.chores.stop(LOST)
        if was_told:
            call.chores.stop(AWAY)
            call.tell(notices.RESTORED)
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
