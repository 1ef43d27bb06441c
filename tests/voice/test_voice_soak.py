"""A long call: an hour of it in the time of the audio, and two minutes by the clock."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from collections import deque
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

MOST_BLOCKS_A_TURN = 16
"""Of Python's memory that an answer may leave behind: how it went is kept for the record, by the
conversation and by this test."""
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
    turns: int = 0
    last_turns: deque[str] = field(default_factory=lambda: deque[str](maxlen=12))
    answered: list[int] = field(default_factory=list)
    lags_s: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = Conversation(
            self.recogniser, SpeechDetector(), self.synthesiser, self.playback, self
        )
        self.conversation.expect(question=SHORT, patience=1.0, terms=())
        self._tasks: set[asyncio.Task[None]] = set()
        self._frames = 0
        self._ended_s = 0.0
        self._began_s: float | None = None

    def heard(self, played: Samples) -> bool:
        """Whether a frame was audible; when the first of an answer was is noted."""
        loud = bool(np.sqrt(np.mean(np.square(played, dtype=np.float64))) > AUDIBLE)
        self._frames += 1
        if loud and self._began_s is None:
            self._began_s = self._frames * FRAME_S
        return loud

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
        text = ANSWERS[self.turns % len(ANSWERS)]
        self.turns += 1
        self.last_turns.append(said.text)
        self._ended_s, self._began_s = said.ended_s, None
        task = asyncio.create_task(self._say(self.turns, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say(self, number: int, text: str) -> None:
        """Say an answer; how far the count of frames and the conversation's account are apart."""
        self.conversation.expect(question=text, patience=1.0, terms=())
        await self.conversation.say(str(number), text, 0)
        ended_s, began_s = self._ended_s, self._began_s
        await self.conversation.finish(str(number))
        self.answered.append(number)
        manner = self.conversation.manners[-1]
        began_s = self._began_s if began_s is None else began_s
        if manner.key == str(number) and manner.waited_s is not None and began_s is not None:
            self.lags_s.append(began_s - ended_s - manner.waited_s)


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
    person = Person(*script(round(for_s / 20), Does(lambda: after_rounds.append(call.turns))))
    tallies: list[Tally] = []
    is_heard = False
    while person.now_s < for_s:
        if person.now_s >= LOOKS_EVERY_S * len(tallies):
            person.uttered.clear()
            tallies.append(tally(person.now_s, call.turns))
        is_heard = await call.frame(person.frame(is_heard))
    tallies.append(tally(person.now_s, call.turns))
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

    assert after_rounds[0] == len(ANSWERS), call.last_turns
    assert sorted(call.answered) == list(range(1, call.turns + 1))


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
    assert sorted(call.answered) == list(range(1, call.turns + 1))
    settled = next(each for each in tallies if each.at_s >= SETTLED_S)
    blocks, turns = tallies[-1].blocks - settled.blocks, tallies[-1].turns - settled.turns
    assert blocks < MOST_BLOCKS_A_TURN * turns
    assert tallies[-1].resident_mib - settled.resident_mib < MOST_MIB
    assert call.lags_s[-per_round:] == pytest.approx(call.lags_s[:per_round], abs=2 * FRAME_S)


@pytest.mark.soak
async def test_two_minutes_by_the_clock_play_without_a_gap(
    recogniser: WhisperRecogniser, synthesiser: PiperSynthesiser
) -> None:
    """A player that pulls by the clock finds the next clause ready while an answer goes on.

    How late its frames are is the machine's affair, and printed only.
    """
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

    print(f"\n{call.turns} turns; {player.report()}")
    assert player.gaps == 0
    assert call.turns > len(ANSWERS)


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
