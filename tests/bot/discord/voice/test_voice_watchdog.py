"""What is wrong with a connection and what is done about it, as rules."""

import itertools

import pytest

from bot.discord.voice.watchdog import (
    DAVE_PATIENCE_S,
    DELAYS_S,
    FAILED_SENDS,
    HEALTHY_S,
    HEARTBEAT_LOST_S,
    LONGEST_DAVE_PATIENCE_S,
    PLAYER_FAILURES,
    UNREADABLE_FRAMES,
    Ailment,
    Cure,
    Delays,
    Vitals,
    Watchdog,
    cure_for,
)


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        (4015, Cure.RESUME),
        (1006, Cure.RESUME),
        (4014, Cure.FOLLOW),
        (4022, Cure.FOLLOW),
        (1000, Cure.FOLLOW),
        (4006, Cure.REJOIN),
        (4009, Cure.REJOIN),
        (4000, Cure.REJOIN),
        (None, Cure.REJOIN),
        (4017, Cure.END),
        (4021, Cure.END),
    ],
)
def test_every_close_code_has_its_cure(code: int | None, cure: Cure) -> None:
    """Crashes are resumed, moves followed, lost sessions begun anew, refusals accepted."""
    assert cure_for(code) is cure


def test_the_first_attempt_is_made_at_once_and_later_ones_wait() -> None:
    """Waits grow to a bound, and begin anew after a healthy while."""
    delays = Delays()
    now = 100.0
    waits = []
    for _ in range(len(DELAYS_S) + 3):
        waits.append(delays.following(now))
        now += waits[-1] + 1

    assert tuple(waits) == (*DELAYS_S, *[DELAYS_S[-1]] * 3)
    assert delays.following(now + HEALTHY_S) == 0.0


@pytest.mark.parametrize(
    ("vitals", "ailment"),
    [
        (Vitals(0.0), None),
        (Vitals(0.0, socket_open=False), Ailment.SOCKET),
        (Vitals(0.0, failed_sends=FAILED_SENDS - 1), None),
        (Vitals(0.0, failed_sends=FAILED_SENDS), Ailment.SOCKET),
        (Vitals(0.0, gateway_silent_s=HEARTBEAT_LOST_S), None),
        (Vitals(0.0, gateway_silent_s=HEARTBEAT_LOST_S + 0.1), Ailment.HEARTBEAT),
        (Vitals(0.0, unreadable=UNREADABLE_FRAMES - 1), None),
        (Vitals(0.0, unreadable=UNREADABLE_FRAMES), Ailment.UNREADABLE),
        (Vitals(0.0, player_failures=PLAYER_FAILURES - 1), None),
        (Vitals(0.0, player_failures=PLAYER_FAILURES), Ailment.PLAYER),
    ],
)
def test_an_ailment_is_named(vitals: Vitals, ailment: Ailment | None) -> None:
    """Socket, gateway, frames that do not decrypt and a failing player are told apart."""
    assert Watchdog().examine(vitals) is ailment


def when_keys_are_missed(dog: Watchdog, seconds: int, *, start: int = 0) -> list[int]:
    """The seconds at which the lack of keys is complained of, looked at once in each."""
    return [
        second
        for second in range(start, start + seconds)
        if dog.examine(Vitals(float(second), waits_for_keys=True)) is Ailment.NO_KEYS
    ]


def test_missing_keys_are_waited_for_longer_each_time() -> None:
    """Patience doubles from one attempt to the next, to a bound."""
    complaints = when_keys_are_missed(Watchdog(), 400)
    gaps = [after - before for before, after in itertools.pairwise(complaints)]

    assert complaints[0] == DAVE_PATIENCE_S
    assert gaps == sorted(gaps)
    assert max(gaps) <= LONGEST_DAVE_PATIENCE_S + 1


def test_keys_that_come_restore_patience() -> None:
    """Once there are keys, the next lack of them is given the first, short time."""
    dog = Watchdog()
    when_keys_are_missed(dog, 100)
    dog.examine(Vitals(100.0))

    assert when_keys_are_missed(dog, 10, start=101) == [101 + int(DAVE_PATIENCE_S)]
