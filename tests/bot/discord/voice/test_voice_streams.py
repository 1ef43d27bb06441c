"""A steady stream out of packets that are lost, late, doubled, shuffled, corrupt or not sent."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from udp_samples import encoded, level, pitch, tone

from bot.discord.voice.opus import load_libopus
from bot.discord.voice.rtp import SILENCE, Packet
from bot.discord.voice.streams import CONCEALED_FRAMES, REORDER_FRAMES, SpeakerStream
from voice.speech import HEARING_FRAME, Samples

load_libopus()
SPOKEN = list(encoded(tone(2.0)))


def packet(number: int) -> Packet:
    """The packet of that number; streams take the frame apart from it."""
    return Packet(1, number % 2**16, number * 960 % 2**32, b"")


def run(arrivals: dict[int, list[tuple[int, bytes]]], ticks: int) -> tuple[Samples, Counter[str]]:
    """Everything heard in `ticks` of 20 ms; `arrivals` has what comes in before which of them."""
    stats: Counter[str] = Counter()
    stream = SpeakerStream(stats)
    heard = []
    for tick in range(ticks):
        for number, frame in arrivals.get(tick, ()):
            stream.push(packet(number), frame)
        frame = stream.pull()
        assert frame.dtype == np.int16
        assert frame.shape == (HEARING_FRAME,)
        heard.append(frame)
    return np.concatenate(heard), stats


def steady(frames: list[bytes], first: int = 0) -> dict[int, list[tuple[int, bytes]]]:
    """One packet before each tick."""
    return {tick: [(first + tick, frame)] for tick, frame in enumerate(frames)}


def test_a_voice_is_heard() -> None:
    """Sound arrives with its pitch and its loudness, at most 60 ms late."""
    heard, stats = run(steady(SPOKEN), len(SPOKEN) + 5)
    start = int(np.argmax(np.abs(heard) > 1_000))

    assert start <= REORDER_FRAMES * HEARING_FRAME
    assert pitch(heard[4_000:28_000]) == pytest.approx(440, abs=2)
    assert level(heard[4_000:28_000]) == pytest.approx(0.3 / 2**0.5, rel=0.05)
    assert stats["heard"] == len(SPOKEN)


def test_numbers_may_wrap_in_the_middle_of_a_word() -> None:
    """Nothing is lost where sequence numbers begin again at 0."""
    heard, stats = run(steady(SPOKEN, first=2**16 - 50), len(SPOKEN))

    assert stats["kept"] == len(SPOKEN)
    assert stats["concealed"] == 0
    assert level(heard[4_000:28_000]) == pytest.approx(0.3 / 2**0.5, rel=0.05)


def test_nobody_speaking_is_silence() -> None:
    """Without a packet the stream goes on, and is empty."""
    heard, stats = run({}, 50)

    assert not heard.any()
    assert stats == Counter()


def test_a_pause_is_silence_and_the_next_word_is_heard() -> None:
    """After the silence frames nothing is guessed; the next word begins within 60 ms."""
    arrivals = steady([*SPOKEN[:20], *[SILENCE] * 5])
    arrivals |= {
        75 + tick: [(25 + tick, frame)] for tick, frame in enumerate([*SPOKEN[:20], SILENCE])
    }

    heard, stats = run(arrivals, 120)

    assert stats["concealed"] == 0
    assert not heard[30 * HEARING_FRAME : 75 * HEARING_FRAME].any()
    assert level(heard[80 * HEARING_FRAME : 95 * HEARING_FRAME]) > 0.15


@pytest.mark.parametrize(("loss", "at_least"), [(0.05, 0.95), (0.20, 0.8)])
def test_lost_packets_cost_themselves_only(loss: float, at_least: float) -> None:
    """With 5 % and with 20 % lost, the length stays and most of the sound too."""
    chance = np.random.default_rng(5)
    kept = {
        tick: came for tick, came in steady(SPOKEN).items() if tick < 3 or chance.random() >= loss
    }
    whole, _ = run(steady(SPOKEN), len(SPOKEN))

    heard, stats = run(kept, len(SPOKEN))

    assert stats["heard"] >= len(kept) - REORDER_FRAMES
    assert stats["concealed"] > 0
    assert level(heard[2_000:]) >= at_least * level(whole[2_000:])
    assert pitch(heard[4_000:28_000]) == pytest.approx(440, abs=2)


def test_a_long_gap_is_silence() -> None:
    """No more than three frames are guessed in a row."""
    arrivals = {tick: came for tick, came in steady(SPOKEN).items() if not 30 <= tick < 60}

    heard, stats = run(arrivals, len(SPOKEN))

    assert stats["concealed"] == CONCEALED_FRAMES
    assert not heard[40 * HEARING_FRAME : 60 * HEARING_FRAME].any()
    assert level(heard[70 * HEARING_FRAME :]) > 0.15


def test_shuffled_packets_are_put_in_order() -> None:
    """Packets that overtake each other by up to two places sound as if they had not."""
    chance = np.random.default_rng(7)
    order = sorted(range(len(SPOKEN)), key=lambda number: number + chance.uniform(0, 2.5))
    arrivals = {tick: [(number, SPOKEN[number])] for tick, number in enumerate(order)}
    whole, _ = run(steady(SPOKEN), len(SPOKEN))

    heard, stats = run(arrivals, len(SPOKEN))

    assert stats["concealed"] == 0
    np.testing.assert_array_equal(heard, whole)


def test_second_copies_and_replays_change_nothing() -> None:
    """Each frame is heard once, though all of them come three times."""
    arrivals = steady(SPOKEN)
    for tick in range(len(SPOKEN)):
        arrivals[tick] += [(tick, SPOKEN[tick]), (max(0, tick - 10), SPOKEN[max(0, tick - 10)])]
    whole, _ = run(steady(SPOKEN), len(SPOKEN))

    heard, stats = run(arrivals, len(SPOKEN))

    assert stats["heard"] == len(SPOKEN) - 2
    np.testing.assert_array_equal(heard, whole)


def test_a_corrupt_frame_costs_one_frame() -> None:
    """What is no Opus is filled with a guess, and the next frame is heard."""
    frames = list(SPOKEN)
    frames[40] = b"\xff\xff\xff"

    heard, stats = run(steady(frames), len(frames) + 5)

    assert stats["corrupt"] == 1
    assert stats["heard"] == len(frames) - 1
    assert level(heard[42 * HEARING_FRAME : 60 * HEARING_FRAME]) > 0.19


def test_packets_that_all_come_at_once_are_all_heard() -> None:
    """After a stall of the network the words are there, later."""
    held_up = {0: [(n, SPOKEN[n]) for n in range(3)], 40: [(n, SPOKEN[n]) for n in range(3, 43)]}

    _, stats = run(held_up, 100)

    assert stats["heard"] == 43


def test_a_delay_shrinks_in_quiet_moments() -> None:
    """Frames that wait behind a stall are made up for where nothing is said."""
    quiet = list(encoded(tone(1.0, level=0.0001)))
    frames = [*SPOKEN[:40], *quiet]
    arrivals = {30: [(n, frames[n]) for n in range(30)]}
    arrivals |= {tick: [(tick, frames[tick])] for tick in range(31, 90) if tick < len(frames)}

    _, stats = run(arrivals, 90)

    assert stats["left_out"] > 15
    assert stats["late_or_replayed"] == 0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 300), st.binary(max_size=40)), max_size=120))
def test_no_packets_do_harm(packets: list[tuple[int, bytes]]) -> None:
    """Random frames under random numbers never stop the stream, nor make it irregular."""
    arrivals: dict[int, list[tuple[int, bytes]]] = {}
    for place, (number, frame) in enumerate(packets):
        arrivals.setdefault(place // 2, []).append((number, frame))

    heard, _ = run(arrivals, 70)

    assert len(heard) == 70 * HEARING_FRAME


@pytest.mark.parametrize("milliseconds", [10, 40, 60])
def test_frames_of_other_lengths_are_heard(milliseconds: int) -> None:
    """Clients may pack more or less than 20 ms into a packet; the stream stays steady."""
    import discord

    encoder = discord.opus.Encoder()
    size = 48 * milliseconds
    stereo = np.repeat(tone(1.2), 2)
    frames = [
        encoder.encode(stereo[at : at + 2 * size].tobytes(), size)
        for at in range(0, len(stereo) - 2 * size + 1, 2 * size)
    ]
    arrivals: dict[int, list[tuple[int, bytes]]] = {}
    for number, frame in enumerate(frames):
        arrivals.setdefault(number * milliseconds // 20, []).append((number, frame))

    heard, stats = run(arrivals, 60)

    assert stats["heard"] >= len(frames) - 3
    assert pitch(heard[4_800:16_000]) == pytest.approx(440, abs=3)
