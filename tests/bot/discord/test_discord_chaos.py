"""Whole rounds while gateway, requests and the bot itself fail: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.discord.chaos import TOGETHER, play_batch
from tests.bot.discord.chaos_bot import Births, open_births

FEW, MANY = 10, 300


@pytest.fixture(scope="module")
def births() -> Iterator[Births]:
    """One fork server for the file, since its imports take seconds."""
    with open_births() as births:
        yield births


async def test_rounds_survive_everything_at_once(births: Births, tmp_path: Path) -> None:
    """Every message taken once, every utterance shown once and in order, one card each."""
    outcome = await play_batch(births, tmp_path, seed=0, rounds=FEW)

    assert outcome.findings == ()
    assert outcome.is_clean
    assert outcome.rounds >= FEW
    assert outcome.kills > 0
    assert outcome.faults_of_requests > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 1 + MANY // TOGETHER))
async def test_rounds_survive_everything_in_the_long_run(
    births: Births, tmp_path: Path, seed: int
) -> None:
    """The same, often."""
    outcome = await play_batch(births, tmp_path, seed)

    assert outcome.findings == ()
    assert outcome.is_clean
