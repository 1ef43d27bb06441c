"""A long call: an hour of it in the time of the audio, and two minutes by the clock."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures.voice import clips
from tests.voice.people import (
    BotIsSilent,
    Clip,
    Deed,
    Does,
    HearsBot,
    Pauses,
    Person,
    Says,
    ToneLanguage,
)
from voice.devices import Device
from voice.pipeline import Activity, Conversation
from voice.playback import Playback
from voice.samples import sample_recogniser_folder, sample_voice
from voice.speak import PiperSynthesiser
from voice.speech import FRAME_S, SPEAKING_FRAME, Said, Samples
from voice.transcribe import WhisperRecogniser
from voice.vad import SpeechDetector

CPU = Device("cpu", "int8", 1, "sample", "a test")
AUDIBLE = 200
HOUR_S = 3600.0
LOOKS_EVERY_S = 300.0
SETTLED_S = 600.0

SHORT = "Okay. How would you design it?"
LONG = "One machine holds two thousand of these rows. What would you do about the others?"
ANSWERS = (SHORT, SHORT, LONG, SHORT, LONG, SHORT)
"""To the turns of one round of the script, in order."""

MOST_BLOCKS = 4_000
"""Python objects that may be more after the hour than after ten minutes: the manners of a few
hundred utterances are kept for the record."""
MOST_MIB = 12.0


@dataclass
class Tally:
    """What the call was like at one moment."""

    at_s: float
    turns: int
    blocks: int
    resident_mib: float


@dataclass
class LongCall:
    """A conversation in which every turn is answered once, and only counts are kept."""

    recogniser: WhisperRecogniser
    synthesiser: PiperSynthesiser
    playback: Playback = field(default_factory=Playback)
    turns: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    ends_s: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    onsets_s: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.conversation = Conversation(
            self.recogniser, SpeechDetector(), self.synthesiser, self.playback, self
        )
        self.conversation.expect(question=SHORT, patience=1.0, terms=())
        self._tasks: set[asyncio.Task[None]] = set()
        self._key = ""
        self._frames = 0

    def heard(self, played: Samples) -> bool:
        """Whether a frame was audible; the first of each answer is noted."""
        loud = bool(np.sqrt(np.mean(np.square(played, dtype=np.float64))) > AUDIBLE)
        self._frames += 1
        if loud and self._key and self._key not in self.onsets_s:
            self.onsets_s[self._key] = self._frames * FRAME_S
        return loud

    def drift_s(self) -> list[float]:
        """For each answer: its first audible frame by the count of frames, less when it began by
        the conversation's own account."""
        waited_s = {manner.key: manner.waited_s or 0.0 for manner in self.conversation.manners}
        began_s = {f"answer {n}": end_s for n, end_s in enumerate(self.ends_s, start=1)}
        return [
            self.onsets_s[key] - began_s[key] - wait_s
            for key, wait_s in waited_s.items()
            if key in self.onsets_s
        ]

    async def frame(self, heard: Samples) -> bool:
        """A frame each way in no time; whether the bot could be heard."""
        self.conversation.hear(heard)
        await self.conversation.settle()
        for _ in range(3):
            await asyncio.sleep(0)
        return self.heard(self.playback.read(SPEAKING_FRAME))

    async def close(self) -> None:
        """The end of the call; nothing is left over."""
        await self.conversation.close()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def speech(self) -> None: ...

    def partial(self, text: str) -> None: ...

    def barged_in(self) -> None: ...

    def activity(self, now: Activity) -> None: ...

    def check_in(self) -> None: ...

    def failed(self, what: str) -> None:
        self.failures.append(what)

    def said(self, said: Said) -> None:
        text = ANSWERS[len(self.turns) % len(ANSWERS)]
        self.turns.append(said.text)
        self.ends_s.append(said.ended_s)
        task = asyncio.create_task(self._say(f"answer {len(self.turns)}", text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say(self, key: str, text: str) -> None:
        self.conversation.expect(question=text, patience=1.0, terms=())
        self._key = key
        await self.conversation.say(key, text, 0)
        await self.conversation.finish(key)
        self.answered.append(key)


def says(text: str) -> Says:
    return Says(Clip(text, clips.clip(text)))


def script(rounds: int, after_round: Does) -> list[Deed]:
    """Six turns a round: plain, with a pause, interrupted, over a remark, after time to think."""
    one: list[Deed] = [
        *(says("what is the read to write ratio"), BotIsSilent(0.6)),
        *(says("we need a message queue"), Pauses(0.5), says("does that make sense so far")),
        BotIsSilent(0.6),
        *(says("could you repeat the question"), HearsBot(1.0), says("no that is wrong")),
        *(BotIsSilent(0.3), HearsBot(), BotIsSilent(0.6)),
        *(says("how many users do we expect per day"), HearsBot(1.0), says("okay")),
        BotIsSilent(1.0),
        *(Says(ToneLanguage.noise(0.3)), Pauses(1.5)),
        *(says("let me think about that for a second"), Pauses(3.0)),
        *(says("I think that covers the main design"), BotIsSilent(0.6)),
        *(Pauses(1.0), after_round),
    ]
    return one * rounds


@pytest.fixture(scope="module")
def recogniser() -> Iterator[WhisperRecogniser]:
    loaded = WhisperRecogniser.load(sample_recogniser_folder(), CPU)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def synthesiser() -> Iterator[PiperSynthesiser]:
    loaded = PiperSynthesiser.load(sample_voice(), CPU)
    yield loaded
    loaded.close()


@asynccontextmanager
async def long_call(
    recogniser: WhisperRecogniser, synthesiser: PiperSynthesiser
) -> AsyncIterator[LongCall]:
    call = LongCall(recogniser, synthesiser)
    yield call
    await call.close()
    assert call.failures == []


async def hold(call: LongCall, for_s: float) -> tuple[list[Tally], list[int]]:
    """The call in the time of its audio: what it was like now and then, turns after each round."""
    after_rounds: list[int] = []
    person = Person(*script(round(for_s / 20), Does(lambda: after_rounds.append(len(call.turns)))))
    tallies: list[Tally] = []
    is_heard = False
    while person.now_s < for_s:
        if person.now_s >= LOOKS_EVERY_S * len(tallies):
            tallies.append(tally(person.now_s, len(call.turns)))
        is_heard = await call.frame(person.frame(is_heard))
    tallies.append(tally(person.now_s, len(call.turns)))
    assert call.conversation.now_s == pytest.approx(person.now_s, abs=FRAME_S)
    return tallies, after_rounds


def tally(at_s: float, turns: int) -> Tally:
    gc.collect()
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    resident = next(line for line in status if line.startswith("VmRSS"))
    return Tally(at_s, turns, sys.getallocatedblocks(), int(resident.split()[1]) / 1024)


def show(tallies: list[Tally]) -> None:
    print("\nminute  turns  blocks  resident MiB")
    for each in tallies:
        minute = each.at_s / 60
        print(f"{minute:6.0f}  {each.turns:5}  {each.blocks:6}  {each.resident_mib:12.1f}")


async def test_every_turn_of_a_round_is_answered_once(
    recogniser: WhisperRecogniser, synthesiser: PiperSynthesiser
) -> None:
    """The script of the long call, once: six turns, six answers, none for a remark or a noise."""
    async with long_call(recogniser, synthesiser) as call:
        _, after_rounds = await hold(call, 70.0)

    assert after_rounds[0] == len(ANSWERS), call.turns
    assert len(set(call.answered)) == len(call.answered) == len(call.turns)


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
async def test_an_hour_changes_nothing(
    recogniser: WhisperRecogniser, synthesiser: PiperSynthesiser
) -> None:
    """After sixty minutes: no memory held, no clock gone astray, every turn answered once."""
    async with long_call(recogniser, synthesiser) as call:
        tallies, after_rounds = await hold(call, HOUR_S)
        show(tallies)

    per_round = len(ANSWERS)
    assert after_rounds == [per_round * (n + 1) for n in range(len(after_rounds))]
    assert len(after_rounds) > 40
    assert len(set(call.answered)) == len(call.answered) == len(call.turns)
    settled = next(each for each in tallies if each.at_s >= SETTLED_S)
    assert tallies[-1].blocks - settled.blocks < MOST_BLOCKS
    assert tallies[-1].resident_mib - settled.resident_mib < MOST_MIB
    assert call.drift_s()[-per_round:] == pytest.approx(call.drift_s()[:per_round], abs=FRAME_S)


@pytest.mark.soak
async def test_two_minutes_by_the_clock_play_without_a_gap(
    recogniser: WhisperRecogniser, synthesiser: PiperSynthesiser
) -> None:
    """A player that pulls by the clock finds the next clause ready while an answer goes on."""
    async with long_call(recogniser, synthesiser) as call:
        player = ClockedPlayer(call)
        person = Person(*script(4, Does(lambda: None)))
        player.start()
        began, frames = time.monotonic(), 0
        while frames * FRAME_S < 120.0:
            frames += 1
            await asyncio.sleep(max(0.0, began + frames * FRAME_S - time.monotonic()))
            call.conversation.hear(person.frame(player.is_heard))
        player.stop()

    print(f"\n{len(call.turns)} turns; {player.report()}")
    assert player.gaps == 0
    assert len(player.late_s) > 0.98 * 120.0 / FRAME_S
    assert sorted(player.late_s)[int(0.99 * len(player.late_s))] < FRAME_S


class ClockedPlayer(threading.Thread):
    """Takes a frame every 20 ms, and counts the ones that were not there in mid-answer."""

    def __init__(self, call: LongCall) -> None:
        super().__init__(daemon=True)
        self._call = call
        self._stopped = threading.Event()
        self.is_heard = False
        self.gaps = 0
        self.late_s: list[float] = []

    def run(self) -> None:
        due = time.monotonic()
        was_playing = False
        while not self._stopped.is_set():
            due += FRAME_S
            time.sleep(max(0.0, due - time.monotonic()))
            self.late_s.append(time.monotonic() - due)
            is_playing = not self._call.playback.is_empty
            self.gaps += was_playing and not is_playing and self._goes_on()
            was_playing = is_playing
            self.is_heard = self._call.heard(self._call.playback.read(SPEAKING_FRAME))

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def report(self) -> str:
        late = sorted(self.late_s)
        middle, high = (late[int(len(late) * share)] * 1000 for share in (0.5, 0.99))
        return (
            f"{len(late)} frames, {self.gaps} gaps; late by {middle:.1f} ms in the middle, "
            f"{high:.1f} at p99, {late[-1] * 1000:.1f} at most"
        )

    def _goes_on(self) -> bool:
        """Whether clauses of the answer are still to come: the ear has overtaken the mouth."""
        return bool(self._call.conversation._speaking.under_way)
