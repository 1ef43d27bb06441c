"""Hotseat on a local Discord with voice and the models that ship, and a candidate in a channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from conftest import Hall
from sqlalchemy import select

from bot.discord.calls.call import CallTimes
from interviewer.state import Event, EventKind
from storage.tables import INBOX
from tests.discord_stub import DiscordStub, Person, VoiceOptions
from tests.discord_stub.channels import Channel
from tests.discord_stub.state import Guild
from tests.fixtures.voice.clips import clip
from voice.samples import sample_recogniser_folder, sample_voice

START = "Start: you may hear me"
QUESTION = "what-is-a-token"
HEARD_S = 30.0
"""How long the machine may take, which does several other things."""


def speech_settings(stub: DiscordStub) -> dict[str, object]:
    """Settings of a bot that hears and speaks with the models that ship."""
    return {
        "speech_model": str(sample_recogniser_folder()),
        "speech_threads": 1,
        "voice": str(sample_voice()),
        "discord_ca": stub.voice.ca,
    }


@dataclass
class CallHall:
    """The bot, and a server where Alice sits in a voice channel."""

    hall: Hall
    guild: Guild
    text: Channel
    voice: Channel
    alice: Person

    @property
    def stub(self) -> DiscordStub:
        """The local Discord."""
        return self.hall.stub

    async def calls_in(self, **options: object) -> Channel:
        """Alice asks for a voice interview and is asked for her consent; returns the thread."""
        question = {} if "round" in options else {"scenario": QUESTION}
        usual = {"round": "Drill", "mode": "Voice", "captions": "After each answer"}
        wished = {**question, **usual, **options}
        call = await self.alice.runs(self.text, "/interview start", **wished)
        await call.finished(within=HEARD_S)
        thread = await self.alice.sees_thread("Mock interview")
        await self.alice.sees(thread, "you agree to this")
        return thread

    async def begins(self, **options: object) -> Channel:
        """The same, and she agrees; returns the thread once the first question is asked."""
        thread = await self.calls_in(**options)
        await self.alice.presses(thread, START)
        await self.alice.sees(thread, "This stage should end", within=HEARD_S)
        return thread

    async def says(self, *sentences: str) -> None:
        """Alice waits until the bot is silent, and says this with a breath between."""
        await self.alice.hears_silence(for_s=0.4, within=HEARD_S)
        for sentence in sentences:
            await self.alice.speaks(clip(sentence))

    async def until_taken(self, answers: int) -> None:
        """Wait until so many answers are stored, which nobody is told of."""
        async with asyncio.timeout(HEARD_S):
            while sum(one.kind is EventKind.SAID for one in await self.events()) < answers:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def until_left(self) -> None:
        """Wait until the bot is in no voice channel, which nobody is told of."""
        async with asyncio.timeout(HEARD_S):
            while self.hall.bot.user.id in self.guild.voice:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def events(self) -> list[Event]:
        """What is stored of the interview, in order."""
        statement = select(INBOX.c.event).order_by(INBOX.c.interview_id, INBOX.c.seq)
        database = self.hall.bot.app.database
        rows = await database.run(lambda c: c.execute(statement).scalars().all())
        return [Event.model_validate_json(row) for row in rows]


@asynccontextmanager
async def call_hall(
    home: Path, options: VoiceOptions | None = None, times: CallTimes | None = None
) -> AsyncIterator[CallHall]:
    """Everything ready for a call."""
    async with DiscordStub(voice=options or VoiceOptions()) as stub:
        hall = Hall(stub, home)
        bot = await hall.start(**speech_settings(stub))
        try:
            assert bot.calls is not None
            bot.calls.times = times or CallTimes()
            alice = stub.add_user("alice", installed=True)
            guild = stub.add_guild("Study", members=[alice], owner=stub.add_user("olga"))
            voice = guild.voice_channel("Practice")
            await alice.joins(voice)
            yield CallHall(hall, guild, guild.text_channel("general"), voice, alice)
        finally:
            await hall.stop()
