"""What people do in voice channels: join, leave, mute themselves, speak, listen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.discord_stub import voice_channels
from tests.discord_stub.voice_channels import VoiceState

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.state import User, World
    from tests.discord_stub.voice import Voice
    from tests.discord_stub.voice_calls import Caller, VoiceCall
    from tests.discord_stub.voice_ear import Ear
    from tests.discord_stub.voice_mouth import Spoken
    from tests.discord_stub.voice_opus import Samples

READY_S = 5.0
"""How long speech waits for the key of a call that is being joined."""

SILENT_FRAMES = 5
"""Clients send so many frames of silence when somebody stops speaking."""


class InVoice:
    """The part of a person that joins calls."""

    world: World
    user: User

    # --- being there --------------------------------------------------------------------

    async def joins(self, channel: Channel) -> None:
        """Join a voice or stage channel, or go over to it; on a stage, into the audience."""
        reason = voice_channels.refusal(channel, self.user.id)
        if reason is not None or channel.guild is None:
            raise AssertionError(f"{self.user.name} cannot join {channel.name}: {reason}")
        before = voice_channels.find_state(self.world, self.user.id)
        if before is not None and before.guild is not channel.guild:
            voice_channels.leave(before.guild, self.user)
        flags = {"self_mute": before.self_mute, "self_deaf": before.self_deaf} if before else {}
        voice_channels.enter(channel.guild, self.user, channel, **flags)
        await asyncio.sleep(0)

    def leaves_voice(self) -> None:
        """Leave the call."""
        voice_channels.leave(self._voice_state().guild, self.user)

    def mutes(self, muted: bool = True) -> None:
        """Switch the own microphone off, or on again, which undeafens too."""
        state = self._voice_state()
        state.self_mute = muted
        state.self_deaf = state.self_deaf and muted
        voice_channels.tell(state)

    def deafens(self, deafened: bool = True) -> None:
        """Switch off what others say, and the own microphone with it, or both on again."""
        state = self._voice_state()
        state.self_mute = state.self_deaf = deafened
        voice_channels.tell(state)

    def asks_to_speak(self) -> None:
        """On a stage: raise a hand."""
        state = self._voice_state()
        state.asked_at = self.world.now()
        voice_channels.tell(state)

    def _voice_state(self) -> VoiceState:
        state = voice_channels.find_state(self.world, self.user.id)
        if state is None:
            raise AssertionError(f"{self.user.name} is in no call")
        return state

    # --- speaking -----------------------------------------------------------------------

    async def speaks(
        self,
        samples: Samples,
        *,
        loss: float = 0.0,
        reorder: float = 0.0,
        replay: float = 0.0,
        announced_after: float = 0.0,
        **faults: float,
    ) -> Spoken:
        """Say this (16 kHz, mono, 16 bits) in real time; done when the last packet has left.

        Five frames of silence follow the last one with sound. Cancelling ends the speech early,
        leaving or being put out of the call lets the rest go unheard.

        Args:
            samples: what is said.
            loss: share of packets lost on the way to the bot.
            reorder: share of packets that arrive late.
            replay: share of packets after which an old one arrives again.
            announced_after: seconds after the first packet until the bot is told whose it is.
            faults: other shares, by their names in `voice_mouth.Faults`.
        """
        from tests.discord_stub.voice_mouth import Faults
        from tests.discord_stub.voice_opus import encode_clip

        voice, state = self._voice(), self._voice_state()
        if state.is_silent:
            raise AssertionError(f"{self.user.name} is muted")
        frames = await asyncio.to_thread(encode_clip, samples)
        call = voice.call_in(state.channel)
        caller = call.people[self.user.id]
        if caller.is_speaking:
            raise AssertionError(f"{self.user.name} is speaking already")
        await call.changes.until(0, lambda: call.can_be_heard(caller) or None, READY_S)
        line_faults = Faults(loss=loss, reorder=reorder, replay=replay, **faults)
        return await _speak(call, caller, frames, line_faults, announced_after)

    # --- listening ----------------------------------------------------------------------

    @property
    def ear(self) -> Ear:
        """What this person has heard of the bot."""
        return self._voice().ear_of(self.user)

    async def hears_speech(self, *, within: float = 10.0, since: float | None = None) -> float:
        """Wait until the bot speaks; the monotonic time at which its speech began to arrive.

        Only what arrives from now on counts, or from the monotonic time `since` on.
        """
        return await self.ear.speech(within=within, since=since)

    async def hears_silence(self, *, for_s: float = 0.5, within: float = 60.0) -> float:
        """Wait until the bot has been silent for so long; when its last sound arrived, or 0."""
        return await self.ear.silence(for_s=for_s, within=within)

    def _voice(self) -> Voice:
        if self.world.voice is None:
            raise AssertionError("the stand-in was made without `voice`")
        return self.world.voice


async def _speak(
    call: VoiceCall, caller: Caller, frames: list[bytes], faults: Any, announced_after: float
) -> Spoken:
    from tests.discord_stub.voice_media import SILENCE
    from tests.discord_stub.voice_mouth import FRAME_S, Pace, Spoken

    pace = Pace()
    began = ended = 0.0
    announced_at = round(announced_after / FRAME_S)
    caller.is_speaking = True
    try:
        for index, frame in enumerate(frames):
            ended = await pace.step()
            began = began or ended
            if index == announced_at:
                call.announce(caller)
            call.send(caller, frame, faults, starts=index == 0)
        for _ in range(SILENT_FRAMES):
            await pace.step()
            call.send(caller, SILENCE, faults)
    finally:
        caller.is_speaking = False
        call.flush(caller)
    return Spoken(began, ended)
