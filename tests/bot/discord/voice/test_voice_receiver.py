"""From datagrams to sinks without a network: the gate of consent, and end-to-end encryption."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import cast

import davey
import pytest
from udp_samples import KEY, SSRC, encoded, seal, tone

from bot.discord.voice.dave import unwrap
from bot.discord.voice.opus import load_libopus
from bot.discord.voice.receiver import Receiver
from bot.discord.voice.rtp import SILENCE, Packet, Refused
from bot.discord.voice.speakers import EARLY_PACKETS, EARLY_S, EARLY_SOURCES, Speakers
from bot.discord.voice.ticker import LONGEST_STALL_S, SETTLES_S, Ticker
from tests.discord_stub.voice_mls import ExternalSender
from voice.speech import Samples

load_libopus()
ALICE, BOB, BOT, CHANNEL = 11, 12, 13, 900
FRAMES = list(encoded(tone(1.0)))


class Gate:
    """Counts what gets as far as the end-to-end encryption."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, user_id: int, frame: bytes) -> bytes | Refused:
        self.asked.append(user_id)
        return frame


class Room:
    """A receiver with a gate, and what it heard."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.stats: Counter[str] = Counter()
        self.heard: list[Samples] = []
        self.receiver = Receiver(asyncio.get_running_loop(), self.gate, self.stats)
        self.receiver.use_key(KEY)

    def take(self, first: int, count: int, *, ssrc: int = SSRC) -> None:
        """So many packets of that source."""
        for number in range(first, first + count):
            frame = FRAMES[number % len(FRAMES)]
            self.receiver.take(seal(frame, sequence=number, timestamp=number * 960, ssrc=ssrc))


@pytest.fixture
async def room() -> Room:
    """Nobody is listened to."""
    return Room()


async def test_frames_of_others_do_not_reach_the_decryption(room: Room) -> None:
    """Bob is known and did not consent: his frames are counted, and that is all."""
    room.receiver.listen_to(ALICE, room.heard.append)
    room.receiver.assign(SSRC, BOB)
    room.take(1, 10)

    assert room.gate.asked == []
    assert room.stats == {"not_listened_to": 10}
    room.receiver.close()


async def test_early_frames_of_others_do_not_reach_the_decryption(room: Room) -> None:
    """Packets kept until their person is known are dropped when it is somebody else."""
    room.receiver.listen_to(ALICE, room.heard.append)
    room.take(1, 10)
    room.receiver.assign(SSRC, BOB)

    assert room.gate.asked == []
    assert room.stats == {"early": 10, "not_listened_to": 10}
    room.receiver.close()


async def test_early_frames_of_a_person_listened_to_are_heard(room: Room) -> None:
    """In the order in which they came."""
    room.receiver.listen_to(ALICE, room.heard.append)
    room.take(1, 10)
    room.receiver.assign(SSRC, ALICE)

    assert room.gate.asked == [ALICE] * 10
    assert room.stats["kept"] == 10
    room.receiver.close()


async def test_what_came_before_consent_is_let_go(room: Room) -> None:
    """Nobody knows whose the packets kept were, so none of them outlives a consent."""
    room.take(1, 10)
    room.receiver.listen_to(ALICE, room.heard.append)
    room.receiver.assign(SSRC, ALICE)
    room.take(11, 1)

    assert room.gate.asked == [ALICE]
    room.receiver.close()


async def test_the_frame_after_a_withdrawal_is_dropped(room: Room) -> None:
    """From one packet to the next, without waiting for anything."""
    room.receiver.listen_to(ALICE, room.heard.append)
    room.receiver.assign(SSRC, ALICE)
    room.take(1, 5)
    room.receiver.stop_listening(ALICE)
    room.take(6, 5)

    assert room.gate.asked == [ALICE] * 5
    assert room.stats["not_listened_to"] == 5
    await asyncio.sleep(0.05)
    assert room.heard == []


async def test_who_left_is_not_mistaken_for_who_comes(room: Room) -> None:
    """A source of somebody who left belongs to nobody until it is announced anew."""
    room.receiver.listen_to(ALICE, room.heard.append)
    room.receiver.assign(SSRC, ALICE)
    room.receiver.left(ALICE)
    room.take(1, 5)
    room.receiver.assign(SSRC, BOB)

    assert room.gate.asked == []
    room.receiver.close()


async def test_a_new_session_forgets_sources_and_key(room: Room) -> None:
    """After a reconnect nothing opens until the new key is there, and nobody is known."""
    room.receiver.listen_to(ALICE, room.heard.append)
    room.receiver.assign(SSRC, ALICE)
    room.receiver.begin_session()
    room.take(1, 3)
    room.receiver.use_key(KEY)
    room.take(4, 3)

    assert room.stats == {"no_key_yet": 3, "early": 3}
    room.receiver.close()


def test_unknown_sources_are_bounded() -> None:
    """Ten thousand sources leave 64, and each keeps a second of packets."""
    speakers = Speakers()
    for ssrc in range(10_000):
        speakers.keep(Packet(ssrc, 1, 1, b"x"), 0.0)
    for number in range(3 * EARLY_PACKETS):
        speakers.keep(Packet(9_999, number, 1, b"x"), 0.0)

    kept = [len(speakers.assign(ssrc, 5, 0.0)) for ssrc in range(10_000)]

    assert sum(1 for count in kept if count) == EARLY_SOURCES
    assert max(kept) == EARLY_PACKETS


def test_what_nobody_owns_up_to_is_let_go() -> None:
    """After two seconds, whether somebody else still sends or the source has fallen silent."""
    speakers = Speakers()
    for number in range(3):
        speakers.keep(Packet(SSRC, number, 1, b"x"), float(number))
    speakers.keep(Packet(SSRC + 1, 1, 1, b"x"), 0.0)
    speakers.expire(3.5)

    assert list(speakers._early) == [SSRC]
    assert [one.sequence for one in speakers.assign(SSRC, ALICE, 3.5)] == [2]


def test_an_announcement_that_comes_too_late_brings_nothing_back() -> None:
    """Also between two looks at the clock."""
    speakers = Speakers()
    speakers.keep(Packet(SSRC, 1, 1, b"x"), 0.0)

    assert speakers.assign(SSRC, ALICE, EARLY_S + 0.01) == []


class Clock:
    """As much of an event loop as a ticker needs; its time is moved by hand."""

    def __init__(self) -> None:
        self.now = 50.0
        self._due: tuple[float, Callable[[], None]] | None = None

    def time(self) -> float:
        return self.now

    def call_at(self, at: float, call: Callable[[], None]) -> Clock:
        self._due = (at, call)
        return self

    def cancel(self) -> None:
        self._due = None

    def runs_until(self, until: float) -> None:
        """Let the time pass; nothing is called before its time."""
        while self._due and self._due[0] <= until:
            (at, call), self._due = self._due, None
            self.now = max(self.now, at)
            call()
        self.now = until


def test_a_ticker_does_not_drift_and_catches_up() -> None:
    """50 ticks a second, also over a stall of the loop; a machine that slept begins anew."""
    clock = Clock()
    ticks: list[float] = []
    ticker = Ticker(cast("asyncio.AbstractEventLoop", clock), 0.02, lambda: ticks.append(clock.now))
    clock.runs_until(51.01)
    before_stall = len(ticks)
    clock.now = 53.01
    clock.runs_until(53.01 + SETTLES_S)
    after_stall = len(ticks)
    clock.now = 53.0 + 2 * LONGEST_STALL_S
    clock.runs_until(clock.now + SETTLES_S + 0.001)
    after_sleep = len(ticks)
    ticker.stop()
    clock.runs_until(100.0)

    assert (before_stall, after_stall, after_sleep, len(ticks)) == (50, 151, 152, 152)


def test_what_came_in_during_a_stall_comes_before_the_calls_that_it_held_up() -> None:
    """Handed on in the same turn of the loop or in a few more, it is there when they are made."""
    clock = Clock()
    came: list[str] = []
    ticker = Ticker(cast("asyncio.AbstractEventLoop", clock), 0.02, lambda: came.append("tick"))
    clock.now = 51.0
    clock.runs_until(51.0)
    came.append("packets")
    clock.runs_until(51.0 + SETTLES_S)
    ticker.stop()

    assert came == ["packets"] + 51 * ["tick"]


def test_a_ticker_may_be_stopped_by_what_it_calls() -> None:
    """Of the calls that a stall has held up, none comes after the stop."""
    clock = Clock()
    ticks: list[float] = []

    def act() -> None:
        ticks.append(clock.now)
        ticker.stop()

    ticker = Ticker(cast("asyncio.AbstractEventLoop", clock), 0.02, act)
    clock.now = 55.0
    clock.runs_until(56.0)

    assert len(ticks) == 1


class Pair:
    """Alice and the bot in an encrypted group, with a third who is in none."""

    def __init__(self) -> None:
        sender = ExternalSender(CHANNEL)
        self.alice = davey.DaveSession(1, ALICE, CHANNEL)
        self.bot = davey.DaveSession(1, BOT, CHANNEL)
        package = self.bot.get_serialized_key_package()
        self.alice.get_serialized_key_package()
        for session in (self.alice, self.bot):
            session.set_external_sender(sender.package())
        offer = self.alice.process_proposals(
            davey.ProposalsOperationType.append, sender.add(package)
        )
        assert offer is not None
        assert offer.welcome is not None
        self.alice.process_commit(offer.commit)
        self.bot.process_welcome(offer.welcome)


@pytest.fixture(scope="module")
def pair() -> Pair:
    """Two sessions that share keys."""
    return Pair()


def test_a_frame_of_the_group_is_decrypted(pair: Pair) -> None:
    """What alice encrypts, the bot reads as hers."""
    assert unwrap(pair.bot, 1, ALICE, pair.alice.encrypt_opus(FRAMES[3])) == FRAMES[3]


@pytest.mark.parametrize("damage", ["plain", "cut", "changed", "empty", "stranger", "replayed"])
def test_what_does_not_decrypt_never_reaches_the_decoder(pair: Pair, damage: str) -> None:
    """Frames in the clear, cut, changed, replayed, or of somebody outside the group."""
    sealed = pair.alice.encrypt_opus(FRAMES[4])
    if damage == "replayed":
        unwrap(pair.bot, 1, ALICE, sealed)
    frame = {
        "plain": FRAMES[4],
        "cut": sealed[:-3],
        "changed": sealed[:9] + b"\0\0\0" + sealed[12:],
        "empty": b"",
    }.get(damage, sealed)

    assert unwrap(pair.bot, 1, BOB if damage == "stranger" else ALICE, frame) is Refused.DAVE


def test_silence_of_the_server_is_never_encrypted(pair: Pair) -> None:
    """The three bytes that Discord makes itself pass, with and without keys."""
    assert unwrap(pair.bot, 1, ALICE, SILENCE) == SILENCE
    assert unwrap(None, 1, ALICE, SILENCE) == SILENCE


def test_without_keys_nothing_is_decoded() -> None:
    """Encrypted frames are dropped until there is a group, never taken for Opus."""
    waiting = davey.DaveSession(1, BOT, CHANNEL)

    assert unwrap(None, 1, ALICE, FRAMES[5]) is Refused.DAVE_NOT_READY
    assert unwrap(waiting, 1, ALICE, FRAMES[5]) is Refused.DAVE_NOT_READY


def test_a_call_without_encryption_is_read_as_it_is(pair: Pair) -> None:
    """Frames in the clear pass; those still on their way from before are decrypted."""
    assert unwrap(None, 0, ALICE, FRAMES[6]) == FRAMES[6]
    assert unwrap(pair.bot, 0, ALICE, FRAMES[6]) == FRAMES[6]
    assert unwrap(pair.bot, 0, ALICE, pair.alice.encrypt_opus(FRAMES[7])) == FRAMES[7]
