"""What is made once for a round and kept as long as rounds of its kind are held."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from scenarios.rounds import RoundPlan

MOST_ROUNDS = 64
"""Rounds for which things are kept, the latest ones."""

Prepared = TypeVar("Prepared")


class _SamePlan:
    """A plan as the key of a cache, by identity: plans hold dicts and have no hash."""

    def __init__(self, plan: RoundPlan) -> None:
        self.plan = plan

    def __hash__(self) -> int:
        return id(self.plan)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SamePlan) and other.plan is self.plan


def once_for_a_round(build: Callable[[RoundPlan], Prepared]) -> Callable[[RoundPlan], Prepared]:
    """The same function, which builds one thing for one plan and gives that again."""

    @lru_cache(maxsize=MOST_ROUNDS)
    def built(same: _SamePlan) -> Prepared:
        return build(same.plan)

    @wraps(build)
    def prepared(plan: RoundPlan) -> Prepared:
        return built(_SamePlan(plan))

    return prepared
