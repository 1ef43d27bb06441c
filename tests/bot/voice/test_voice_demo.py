"""The demonstration by voice: the shipped answers through the shipped models."""

from pathlib import Path

import numpy as np
import pytest
from console_samples import screen_of

from bot.console.voice_demo import run_voice_demo
from bot.settings import Settings
from voice.audio import read_wav
from voice.samples import read_sample_answers, sample_answers
from voice.speech import HEARING_RATE, SPEAKING_RATE

MOST_BYTES = 500_000


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a demonstration prints, without line breaks; played once."""
    import asyncio

    home = tmp_path_factory.mktemp("demo")
    screen = screen_of()
    asyncio.run(run_voice_demo(Settings(home=home), screen.console, home / "out.wav"))
    spoken = read_wav(home / "out.wav", SPEAKING_RATE)
    assert np.abs(spoken).max() > 1000
    assert sorted(path.name for path in home.iterdir()) == ["out.wav"]
    return " ".join(screen.text().split())


def test_what_the_candidate_says_is_understood(shown: str) -> None:
    """Turn by turn, to the letter; interjections are heard and are no answers."""
    answers = [one for one in read_sample_answers() if not one.over]
    wrong = [one.text for one in answers if one.text not in shown]
    assert wrong == []
    assert "mm-hm" not in shown


def test_it_goes_through_the_whole_round_to_the_card(shown: str) -> None:
    """Every stage is reached; the card counts words that were only spoken."""
    for text in ("no wait", "You went on", "That is the end", "words a minute", "Was the bot fair"):
        assert text in shown
    assert "Nothing of this was stored." in shown


def test_the_answers_that_ship_are_small() -> None:
    """A minute and a half of speech in less than half a megabyte."""
    answers = read_sample_answers()
    assert sum(len(one.samples) for one in answers) / HEARING_RATE > 45
    assert sum(file.stat().st_size for file in Path(sample_answers()).iterdir()) < MOST_BYTES
