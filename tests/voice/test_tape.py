"""The last seconds that were heard."""

import numpy as np
import pytest

from voice.tape import Tape


def test_stretches_by_time() -> None:
    """What was heard between two times comes back as it was."""
    tape = Tape(kept_s=1.0)
    heard = np.arange(12_000).astype(np.int16)
    for frame in np.split(heard, 10):
        tape.add(frame)

    assert tape.now_s == pytest.approx(0.75)
    assert np.array_equal(tape.between(0.25, 0.5), heard[4000:8000])


def test_the_oldest_is_forgotten() -> None:
    """The tape holds its length and no more; times before and after it give what there is."""
    tape = Tape(kept_s=1.0)
    heard = np.arange(32_000).astype(np.int16)
    for frame in np.split(heard, 100):
        tape.add(frame)

    assert np.array_equal(tape.between(0.0, 9.0), heard[16_000:])
    assert len(tape.between(0.0, 0.5)) == 0


def test_erased_it_holds_nothing() -> None:
    """After a call nobody can listen to it again, and time goes on."""
    tape = Tape(kept_s=1.0)
    tape.add(np.ones(16_000, np.int16))
    tape.erase()

    assert not tape.between(0.0, 1.0).any()
    assert tape.now_s == 1.0
