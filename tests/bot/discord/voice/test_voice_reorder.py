"""Order out of disorder: sequence numbers that wrap, second copies, replays, new beginnings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.voice.reorder import FAR, MOST_HELD, RUN, Outcome, ReorderWindow


def put(window: ReorderWindow, number: int, *, stamp: int | None = None) -> Outcome:
    """Put the frame of that number, which wraps as a sender's does."""
    timestamp = number * 960 if stamp is None else stamp
    return window.put(number % 2**16, timestamp % 2**32, str(number).encode())


def taken(window: ReorderWindow) -> list[int]:
    """All that is held, in the order in which it is given."""
    return [int(window.take()) for _ in range(len(window))]


@given(st.integers(0, 2**16 - 1), st.permutations(range(8)))
def test_any_order_becomes_the_right_one(first: int, order: list[int]) -> None:
    """Whatever overtook what, and wherever the numbers wrap, frames come out as spoken."""
    window = ReorderWindow()

    outcomes = {put(window, first + step) for step in order}

    assert outcomes == {Outcome.KEPT}
    assert taken(window) == [first + step for step in range(8)]


def test_a_second_copy_is_dropped() -> None:
    """The same number is held once."""
    window = ReorderWindow()
    put(window, 7)

    assert put(window, 7) is Outcome.TWICE
    assert len(window) == 1


def test_what_was_heard_is_not_heard_again() -> None:
    """A replay of frames that were taken changes nothing, before and after the wrap."""
    window = ReorderWindow()
    for number in range(2**16 - 5, 2**16 + 5):
        put(window, number)
        window.take()

    assert {put(window, number) for number in range(2**16 - 5, 2**16 + 5)} == {Outcome.LATE}
    assert len(window) == 0


def test_a_missing_frame_is_a_gap() -> None:
    """The gap counts the missing frames before the next one, and ends when it is given up."""
    window = ReorderWindow()
    put(window, 1)
    window.take()

    assert window.gap is None
    put(window, 4)
    assert window.gap == 2
    window.skip(1)
    assert window.gap == 1
    assert put(window, 2) is Outcome.LATE
    window.skip(9)
    assert window.gap == 0


def test_memory_is_bounded() -> None:
    """Of a flood the newest second stays."""
    window = ReorderWindow()

    outcomes = [put(window, number) for number in range(MOST_HELD + 20)]

    assert outcomes.count(Outcome.CROWDED) == 20
    assert taken(window) == list(range(20, MOST_HELD + 20))


def test_one_stray_number_does_not_deafen() -> None:
    """A single packet from far away is dropped, and the stream goes on."""
    window = ReorderWindow()
    put(window, 100)

    assert put(window, 100 + FAR + 1) is Outcome.STRAY
    assert put(window, 101) is Outcome.KEPT


def test_a_sender_that_counts_anew_is_heard_again() -> None:
    """A run of newer packets from far away is a new beginning."""
    window = ReorderWindow()
    for step in range(RUN):
        put(window, 40_000 + step, stamp=1_000 + step)
        window.take()

    outcomes = [put(window, 5 + step, stamp=2_000 + step) for step in range(RUN + 1)]

    assert outcomes == [Outcome.STRAY] * (RUN - 1) + [Outcome.KEPT] * 2
    assert taken(window) == [5 + RUN - 1, 5 + RUN]


@pytest.mark.parametrize("stamp", [9, 2**31, 2**32 - 1])
def test_one_packet_before_all_others_does_not_deafen(stamp: int) -> None:
    """Whatever a first, single packet says of its time, the sender's own packets are heard."""
    window = ReorderWindow()
    put(window, 9, stamp=stamp)

    outcomes = [put(window, 30_000 + step) for step in range(10)]

    assert outcomes == [Outcome.STRAY] * (RUN - 1) + [Outcome.KEPT] * (11 - RUN)


@pytest.mark.parametrize("ago", [FAR + 50, 20_000, 32_760, 40_000, 65_000])
def test_a_recording_played_again_is_no_new_beginning(ago: int) -> None:
    """Old packets in perfect order are refused, however long ago they were, by their timestamps."""
    window = ReorderWindow()
    for number in range(70_000 - RUN, 70_000):
        put(window, number)
        window.take()

    outcomes = {put(window, 70_000 - ago + step) for step in range(40)}

    assert outcomes <= {Outcome.STRAY, Outcome.LATE}
    assert len(window) == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.booleans()), max_size=300
    )
)
def test_no_numbers_do_harm(packets: list[tuple[int, int, bool]]) -> None:
    """Whatever numbers come, the window stays small and gives what it holds."""
    window = ReorderWindow()
    for sequence, timestamp, take in packets:
        window.put(sequence, timestamp, b"x")
        if take and len(window):
            window.take()

    assert len(window) <= MOST_HELD
    assert window.gap is None or window.gap >= 0
