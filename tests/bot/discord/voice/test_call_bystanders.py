"""Others in the call: that they speak is noticed, what they say is not."""

from collections.abc import Callable, Iterator

import numpy as np

from bot.discord.calls.bystanders import OFF_WINDOWS, ON_WINDOWS, Bystanders, Voice, hear
from voice.speech import Loudness, Samples

FRAMES_A_WINDOW = 1.6


class Loud:
    """A detector that takes loudness for speech, and keeps what it was shown."""

    def __init__(self) -> None:
        self.windows: list[Loudness] = []

    def probability(self, window: Loudness) -> float:
        """1 for a loud window, 0 for a quiet one."""
        self.windows.append(window)
        return 1.0 if float(np.abs(window).max()) > 0.1 else 0.0


def frames(loud: bool, windows: int) -> Iterator[Samples]:
    """As many frames as fill the windows, and a little more."""
    value = 8_000 if loud else 1
    for _ in range(round(windows * FRAMES_A_WINDOW) + 1):
        yield np.full(320, value, dtype=np.int16)


def listening(*people: int) -> tuple[dict[int, Callable[[Samples], None]], list[bool], Bystanders]:
    """Sinks for the people, and what is told."""
    told: list[bool] = []
    bystanders = Bystanders(Loud, told.append)
    return {one: bystanders.sink(one) for one in people}, told, bystanders


def test_a_click_is_no_speech() -> None:
    """One loud window is not told."""
    assert not hear(hear(Voice(), 0.9), 0.1).speaking


def test_a_breath_does_not_end_speech() -> None:
    """A few quiet windows between words neither."""
    voice = Voice(speaking=True)
    for _ in range(OFF_WINDOWS - 1):
        voice = hear(voice, 0.1)

    assert hear(voice, 0.9) == Voice(speaking=True)
    assert not hear(voice, 0.1).speaking


def test_somebody_speaks_and_ends() -> None:
    """Each is told once."""
    sinks, told, _ = listening(1)
    for frame in (*frames(True, ON_WINDOWS + 5), *frames(False, OFF_WINDOWS + 5)):
        sinks[1](frame)

    assert told == [True, False]


def test_two_who_speak_are_one_conversation() -> None:
    """It begins with the first and ends with the last."""
    sinks, told, _ = listening(1, 2)
    for one in (1, 2):
        for frame in frames(True, ON_WINDOWS + 2):
            sinks[one](frame)
    for frame in frames(False, OFF_WINDOWS + 2):
        sinks[1](frame)
    assert told == [True]
    for frame in frames(False, OFF_WINDOWS + 2):
        sinks[2](frame)

    assert told == [True, False]


def test_whoever_withdraws_speaks_no_more() -> None:
    """At once, and a frame that comes late is thrown away unseen."""
    sinks, told, bystanders = listening(1)
    for frame in frames(True, ON_WINDOWS + 2):
        sinks[1](frame)
    bystanders.drop(1)
    for frame in frames(True, ON_WINDOWS + 2):
        sinks[1](frame)

    assert told == [True, False]


def test_silence_costs_no_look() -> None:
    """Discord sends nothing while nobody speaks; what fills the gap is not looked at."""
    detector = Loud()
    take = Bystanders(lambda: detector, lambda _: None).sink(1)
    for _ in range(50):
        take(np.zeros(320, dtype=np.int16))

    assert detector.windows == []
