"""How far a live run has reached the model: calls, failures, and what fell back, suite by suite.

A run that never reached it, or hardly, has measured the offline engine under the server's name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from evals.worlds import World
from interviewer.ports import Grader
from scoring.language_model import (
    Account,
    Ask,
    Failure,
    LanguageModel,
    ModelFailureError,
    Purpose,
    StreamItem,
)
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard

MOST_FALLEN_BACK = 0.1
"""Share of the turns, and of the concepts, that may be the offline engine's."""

ENOUGH_CALLS = 5
"""Calls after which a server that answered none of them is asked no more."""

ASKED_INSTEAD = "the built-in interviewer asked instead"
"""Stands in the mark of every turn whose words are not the model's (`engines.owning_up`)."""

HOPELESS = (Failure.DENIED, Failure.NO_PRICE, Failure.REJECTED)
"""Failures that every further call would meet as well."""


@dataclass
class Reach:
    """What became of the calls of one suite.

    `turns` were asked of the model, of which `fallen_back` were worded without it; `concepts` were
    to be judged, of which `unjudged` have the offline verdict.
    """

    calls: int = 0
    failures: Counter[Failure] = field(default_factory=Counter[Failure])
    turns: int = 0
    fallen_back: int = 0
    concepts: int = 0
    unjudged: int = 0

    def __add__(self, other: Reach) -> Reach:
        """Both together."""
        return Reach(
            self.calls + other.calls,
            self.failures + other.failures,
            self.turns + other.turns,
            self.fallen_back + other.fallen_back,
            self.concepts + other.concepts,
            self.unjudged + other.unjudged,
        )

    def __str__(self) -> str:
        """One line."""
        why = ", ".join(f"{count} {one.value}" for one, count in sorted(self.failures.items()))
        return (
            f"{self.calls} calls, {self.failures.total()} failed{f' ({why})' if why else ''}; "
            f"{self.fallen_back} of {self.turns} turns fell back; "
            f"{self.unjudged} of {self.concepts} concepts unjudged"
        )

    @property
    def verdict(self) -> str:
        """Why the figures are not the model's; empty where they are."""
        for failure in HOPELESS:
            if self.failures[failure]:
                return f"the server's answer was: {failure.value}"
        if self.calls and self.failures.total() == self.calls:
            return f"no call was answered: {', '.join(sorted(one.value for one in self.failures))}"
        for what, lost, of in (
            ("turns fell back", self.fallen_back, self.turns),
            ("concepts were not judged", self.unjudged, self.concepts),
        ):
            if lost > MOST_FALLEN_BACK * of:
                return f"{lost} of {of} {what}, more than {MOST_FALLEN_BACK:.0%}"
        return ""


class Watch:
    """Keeps count while a run goes on; `reached` says that a budget has refused a call.

    What comes after that is the end of a round that is left out, and is not counted.
    """

    def __init__(self) -> None:
        self.suites: dict[str, Reach] = {}
        self.reached = False
        self._now = Reach()

    @property
    def total(self) -> Reach:
        """All suites together."""
        return sum(self.suites.values(), Reach())

    @property
    def is_hopeless(self) -> bool:
        """Whether going on would measure nothing."""
        total = self.total
        unanswered = total.calls >= ENOUGH_CALLS and total.failures.total() == total.calls
        return unanswered or any(total.failures[one] for one in HOPELESS)

    def begin(self, suite: str) -> None:
        """What comes now belongs to this suite."""
        self._now = self.suites.setdefault(suite, Reach())

    def over(self, model: LanguageModel) -> LanguageModel:
        """The model, its calls counted."""
        return _Counted(model, self)

    def around(self, world: World) -> World:
        """The world, its cards looked at."""
        services = world.app.services
        services = replace(services, grader=_Graded(services.grader, self))
        return replace(world, app=replace(world.app, services=services))

    def asked(self, ask: Ask) -> None:
        """A call begins."""
        self._now.calls += 1
        self._now.turns += ask.purpose is Purpose.INTERVIEW

    def failed(self, failure: Failure) -> None:
        """A call has failed."""
        self.reached = self.reached or failure is Failure.NO_BUDGET
        self._now.failures[failure] += failure is not Failure.NO_BUDGET

    def graded(self, card: Scorecard) -> None:
        """A round is over."""
        if self.reached:
            return
        self._now.fallen_back += sum(
            ASKED_INSTEAD in (turn.degraded or "") for turn in card.transcript
        )
        if card.judging is not None:
            self._now.concepts += len(card.judging.concepts)
            self._now.unjudged += len(card.judging.unjudged)


class _Counted:
    def __init__(self, model: LanguageModel, watch: Watch) -> None:
        self.name = model.name
        self._model = model
        self._watch = watch

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        self._watch.asked(ask)
        try:
            async with aclosing(self._model.stream(ask)) as items:
                async for item in items:
                    yield item
        except ModelFailureError as err:
            self._watch.failed(err.failure)
            raise


class _Graded:
    def __init__(self, grader: Grader, watch: Watch) -> None:
        self._grader = grader
        self._watch = watch

    async def grade(self, record: InterviewRecord, account: Account) -> Scorecard:
        card = await self._grader.grade(record, account)
        self._watch.graded(card)
        return card


def lines(watch: Watch) -> Iterator[str]:
    """How far each suite has reached the model."""
    yield from (f"{suite}: {reach}" for suite, reach in watch.suites.items())
