"""What calls share: opened with the words that come first, and closed whatever happens."""

from pathlib import Path
from typing import Any

import pytest

from bot.calls import models
from bot.calls.models import open_speech
from bot.calls.openers import LONGEST, MOST, openers
from bot.settings import Settings
from interviewer.state import MoveKind
from tests.interviewer.worlds import design_plan, said, simulate
from voice.clauses import clauses
from voice.devices import Device
from voice.speech import VoiceError

ASKS_ON = "Next question, please."
ASKS_FOR_TIME = "Let me think about that for a minute."


class Model:
    """Stands in for any of the models."""

    device = Device("cpu", "int8", 1, "sample", "a test")

    def __init__(self) -> None:
        self.prepared: tuple[str, ...] = ()
        self.closed = 0

    async def prepare(self, texts: tuple[str, ...]) -> None:
        self.prepared = tuple(texts)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[Model]:
    """The recogniser, the synthesiser and the end-of-turn model that will be opened."""
    made: list[Any] = [Model(), Model(), Model()]
    monkeypatch.setattr(models, "_load", lambda settings: (made[0], made[1]))
    monkeypatch.setattr(models.SmartTurn, "find", lambda path: made[2])
    return made


def first_clause(text: str) -> str:
    """What the voice makes first of it."""
    return clauses(text)[0].text.strip()


def test_the_interviewer_begins_with_the_openers() -> None:
    """Each move to the next part in a round does, and so does the answer to who wants time."""
    round_ = simulate(design_plan(), [said(ASKS_ON), said(ASKS_FOR_TIME), said(ASKS_ON)])
    begun = [(one.move.kind, first_clause(one.text)) for one in round_[1:]]

    assert [kind for kind, _ in begun].count(MoveKind.ADVANCE) == 2
    assert {first for _, first in begun} <= set(openers())


def test_openers_are_few_and_short() -> None:
    """What is made at the start is no more than a dozen short sentences without a gap in them."""
    assert 6 <= len(openers()) <= MOST
    assert all(len(one) <= LONGEST and "{" not in one for one in openers())
    assert all(first_clause(f"{one} What else?") == one for one in openers())


async def test_models_are_opened_with_openers_and_closed(
    parts: list[Model], tmp_path: Path
) -> None:
    """All three, each once."""
    async with open_speech(Settings(home=tmp_path)) as speech:
        assert speech.end_of_turn is parts[2]
        assert [part.closed for part in parts] == [0, 0, 0]

    assert parts[1].prepared == openers()
    assert [part.closed for part in parts] == [1, 1, 1]


async def test_models_are_closed_where_one_is_missing(
    parts: list[Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An end-of-turn model that is not where it should be ends the others."""

    def missing(path: Path | None) -> None:
        raise VoiceError("not there")

    monkeypatch.setattr(models.SmartTurn, "find", missing)

    with pytest.raises(VoiceError, match="not there"):
        async with open_speech(Settings(home=tmp_path)):
            pass

    assert [part.closed for part in parts] == [1, 1, 0]
