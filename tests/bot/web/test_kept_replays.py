"""Replays that are kept for a while: how many, how long, and which give way."""

import asyncio
from collections.abc import Mapping

import pytest

from bot.web import kept_replays
from bot.web.kept_replays import MOST, MOST_BYTES, KeptReplays
from scoring.render.replay import Frame, Picture, Replay, Sight


def replays(size: int = 100) -> Mapping[int, Replay]:
    """Of one board, whose pictures are so large together."""
    picture = Picture("x" * (size - size // 2), "", 1, 1)
    sight = Sight("seen-1", "0:01", Picture("x" * (size // 2), "", 1, 1))
    frame = Frame("board-1", "0:01", "Scope", (), (), 0, picture, None, (sight,))
    return {0: Replay((frame,), 1, {})}


async def test_what_was_kept_is_found_by_its_own_key_alone() -> None:
    """Another card, another revision of it or another board are drawn anew."""
    kept, shown = KeptReplays(), replays()
    kept.keep(("one", 1, 7), shown)
    assert kept.find(("one", 1, 7)) is shown
    for key in (("two", 1, 7), ("one", 2, 7), ("one", 1, 8)):
        assert kept.find(key) is None


async def test_a_few_are_kept_those_that_were_asked_for_last() -> None:
    """The others give way."""
    kept = KeptReplays()
    for place in range(MOST):
        kept.keep(("one", 1, place), replays())
    assert kept.find(("one", 1, 0))
    kept.keep(("one", 1, MOST), replays())
    assert kept.find(("one", 1, 1)) is None
    assert all(kept.find(("one", 1, place)) for place in (0, 2, MOST))


async def test_together_they_are_no_larger_than_they_may_be() -> None:
    """Rings count too; what is too large by itself is not kept and puts nothing out that fits."""
    kept, half = KeptReplays(), MOST_BYTES // 2
    for place in range(3):
        kept.keep(("one", 1, place), replays(half))
    assert [bool(kept.find(("one", 1, place))) for place in range(3)] == [False, True, True]
    kept.keep(("one", 1, 4), replays(MOST_BYTES + 1))
    assert kept.find(("one", 1, 4)) is None
    assert kept.find(("one", 1, 2))


async def test_nothing_is_kept_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor held: of what was deleted nothing stays in memory."""
    monkeypatch.setattr(kept_replays, "KEPT_S", 0)
    kept = KeptReplays()
    kept.keep(("one", 1, 1), replays())
    assert kept.size > 0
    await asyncio.sleep(0.001)
    assert kept.size == 0
    assert kept.find(("one", 1, 1)) is None


async def test_what_is_asked_for_is_kept_as_long_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first end does not end it."""
    kept = KeptReplays()
    monkeypatch.setattr(kept_replays, "KEPT_S", 0)
    kept.keep(("one", 1, 1), replays())
    monkeypatch.setattr(kept_replays, "KEPT_S", 3_600)
    assert kept.find(("one", 1, 1))
    await asyncio.sleep(0.001)
    assert kept.find(("one", 1, 1))
