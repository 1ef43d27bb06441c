"""The calls of a judge: which there are, each verified, with one retry for what did not stand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from scenarios.model import Concept
from scenarios.rounds import CURVEBALL
from scoring.claims import Claim, ClaimChecker, Refusal
from scoring.judge_wire import SCHEMA, Answer, JudgePrompts, read_answer
from scoring.language_model import (
    Account,
    Ask,
    Block,
    Completion,
    Failure,
    LanguageModel,
    ModelFailureError,
    Purpose,
    Usage,
    complete,
)
from scoring.record import InterviewRecord, RoundRecord
from scoring.transcript import Turn
from scoring.verdicts import Verdict
from scoring.votes import ABSTAINED, Vote, plain_reason

MOST_CHECKS = 8
"""Concepts in one call."""

MOST_FAILURES = 3
"""Failed calls in a row after which no further one is made for the interview."""

HOPELESS = frozenset({Failure.NO_BUDGET, Failure.NO_PRICE, Failure.DENIED, Failure.REJECTED})
"""Failures that the next call would meet again."""

_TRIES = 8
_MALFORMED = "the answer was not of the form that was asked for"


@dataclass(frozen=True)
class JudgeSettings:
    """How a judge is asked: each concept `samples` times, `samples_when_split` where they differ.

    `deadline_s` is for one call with its retries, `parallel` the calls under way at a time.
    `within_s` is for everything: when it is over, calls under way are closed and none is begun, and
    what was answered by then stands; None waits for all of it.
    """

    model: str
    effort: str | None = None
    samples: int = 3
    samples_when_split: int = 5
    deadline_s: float = 120.0
    max_tokens: int = 4_000
    parallel: int = 4
    within_s: float | None = None
    prompts: JudgePrompts = field(default_factory=JudgePrompts.load)


class Sheet(NamedTuple):
    """What one call asks about, in this order."""

    sample: int
    keys: tuple[str, ...]


class Sampled(NamedTuple):
    """What a sample says of a concept: `vote` None is no answer, `problem` why to ask once more."""

    vote: Vote | None
    problem: str = ""
    refused: int = 0

    def then(self, again: Sampled) -> Sampled:
        """With what was said when it was asked once more."""
        if again.vote is None:
            return self
        return Sampled(again.vote, again.problem, self.refused + again.refused)


class JudgedRound:
    """A round as a judge sees it."""

    def __init__(self, record: InterviewRecord, index: int) -> None:
        """Only what the judge is to see is taken from the record."""
        self._held: RoundRecord = record.rounds[index]
        self._seed = f"{record.interview_id}/{index}"
        self.turns: tuple[Turn, ...] = tuple(
            turn for turn in record.transcript if turn.round_index == index
        )
        self.checker = ClaimChecker(self._held, self.turns)

    @cached_property
    def concepts(self) -> Mapping[str, Concept]:
        """Those of the stages that were opened, and of a curveball that was thrown."""
        opened = set(self._held.reached)
        if self._held.curveball_turn is not None:
            opened.add(CURVEBALL)
        found = self._held.plan.concepts()
        return {key: one for key, one in found if key.partition("/")[0] in opened}

    def checks_text(self, keys: Sequence[str], prompts: JudgePrompts) -> str:
        """The concepts `keys` with their anchors."""
        asked = {key: self.concepts[key] for key in keys}
        return prompts.checks_text(asked, self._held.curveball_turn)

    def sheets(self, keys: Sequence[str], samples: range) -> list[Sheet]:
        """The calls for these concepts: the same groups in every sample, in another order."""
        return [
            Sheet(sample, order)
            for chunk, group in enumerate(_groups(keys))
            for sample, order in zip(samples, self._orders(group, samples, chunk), strict=True)
        ]

    def _orders(self, keys: Sequence[str], samples: range, chunk: int) -> Iterator[tuple[str, ...]]:
        seen: set[tuple[str, ...]] = set()
        for sample in samples:
            seed = f"{self._seed}/{sample}/{chunk}"
            shuffles = (_shuffled(keys, f"{seed}/{attempt}") for attempt in range(_TRIES))
            order = next((one for one in shuffles if one not in seen), tuple(keys))
            seen.add(order)
            yield order


def _groups(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Groups of at most `MOST_CHECKS`, of about the same size."""
    count = -(-len(keys) // MOST_CHECKS)
    for at in range(count):
        yield keys[len(keys) * at // count : len(keys) * (at + 1) // count]


def _shuffled(keys: Sequence[str], seed: str) -> tuple[str, ...]:
    return tuple(sorted(keys, key=lambda key: sha256(f"{seed}/{key}".encode()).digest()))


class Bench:
    """Asks a model for an interview, and keeps count. Used by one interview, then done.

    `ran_out` says whether `within_s` was over before everything had been asked and answered.
    """

    def __init__(
        self, model: LanguageModel, settings: JudgeSettings, nonce: str, account: Account
    ) -> None:
        """`nonce` is the code in the tags around the candidate's words; the time runs from here."""
        self._model, self._settings = model, settings
        within_s = settings.within_s
        self._until = None if within_s is None else _now() + within_s
        self._nonce, self._account = nonce, account
        self._gate = asyncio.Semaphore(settings.parallel)
        self._rules = Block(settings.prompts.rules_text(), cached=True)
        self._in_a_row = 0
        self._stopped: Failure | None = None
        self.ran_out = False
        self.calls = self.failed_calls = self.unknown_ids = 0
        self.answered_by = ""
        self.usage = Usage()
        self.failures = Counter[Failure]()

    async def sample(self, held: JudgedRound, sheet: Sheet) -> dict[str, Sampled]:
        """What one sample says, by concept. What does not stand is asked once more."""
        async with self._gate:
            first = await self._ask(held, sheet, {})
            found = _verified(held, sheet.keys, first)
            problems = {key: one.problem for key, one in found.items() if one.problem}
            if problems:
                narrowed = Sheet(sheet.sample, tuple(problems))
                again = _verified(held, narrowed.keys, await self._ask(held, narrowed, problems))
                found |= {key: found[key].then(one) for key, one in again.items()}
            return found

    async def _ask(
        self, held: JudgedRound, sheet: Sheet, problems: Mapping[str, str]
    ) -> Answer | Failure:
        if self._until is not None and _now() >= self._until:
            self._run_out()
        if self._stopped is not None:
            self.failures[self._stopped] += 1
            return self._stopped
        self.calls += 1
        done = await self._complete(self._put(held, sheet, problems))
        if isinstance(done, Failure):
            return self._failed(done)
        self.usage += done.usage
        self.answered_by = self.answered_by or done.model
        answer = read_answer(done.text, sheet.keys)
        if answer is None:
            return self._failed(Failure.MALFORMED)
        self._in_a_row = 0
        self.unknown_ids += answer.unknown
        return answer

    async def _complete(self, ask: Ask) -> Completion | Failure:
        limit = asyncio.timeout_at(self._until)
        try:
            async with limit:
                return await complete(self._model, ask)
        except ModelFailureError as err:
            self.usage += err.usage or Usage()
            return err.failure
        except TimeoutError:
            if not limit.expired():
                raise
            self._run_out()
            return Failure.TIMED_OUT

    def _put(self, held: JudgedRound, sheet: Sheet, problems: Mapping[str, str]) -> Ask:
        settings, prompts = self._settings, self._settings.prompts
        transcript = prompts.transcript_text(held.turns, self._nonce)
        checks = (Block(held.checks_text(sheet.keys, prompts)),)
        retry = (Block(prompts.retry_text(problems)),) if problems else ()
        return Ask(
            purpose=Purpose.JUDGE,
            model=settings.model,
            system=(self._rules,),
            user=(Block(transcript, cached=True), *checks, *retry),
            schema=SCHEMA,
            max_tokens=settings.max_tokens,
            account=self._account,
            effort=settings.effort,
            deadline_s=settings.deadline_s,
            # Nobody waits for the first words, and a model may think before them.
            first_text_s=settings.deadline_s,
            prompt_hash=prompts.rules.id,
            sample=sheet.sample,
        )

    def _run_out(self) -> None:
        if self._stopped is None:
            self._stopped = Failure.TIMED_OUT
            self.ran_out = True

    def _failed(self, failure: Failure) -> Failure:
        self.failures[failure] += 1
        self.failed_calls += 1
        self._in_a_row += 1
        if failure in HOPELESS or self._in_a_row >= MOST_FAILURES:
            self._stopped = failure
        return failure


def _now() -> float:
    """The time by which `asyncio.timeout_at` goes."""
    return asyncio.get_running_loop().time()


def _verified(
    held: JudgedRound, keys: Sequence[str], answer: Answer | Failure
) -> dict[str, Sampled]:
    """Each concept with its vote, and what is wrong with it."""
    if isinstance(answer, Failure):
        problem = _MALFORMED if answer is Failure.MALFORMED else ""
        return {key: Sampled(None, problem) for key in keys}
    return {key: _sampled(held, key, answer.claims.get(key)) for key in keys}


def _sampled(held: JudgedRound, key: str, claim: Claim | None) -> Sampled:
    if claim is None:
        return Sampled(ABSTAINED, Refusal.NO_VERDICT.value)
    if claim.verdict is Verdict.MISSED:
        return Sampled(Vote(Verdict.MISSED, None, _reason(held, key, claim)))
    if claim.claims_nothing:
        return Sampled(ABSTAINED)
    found = held.checker.check(key, claim)
    if isinstance(found, Refusal):
        return Sampled(ABSTAINED, found.value, refused=1)
    return Sampled(Vote(claim.verdict, found, _reason(held, key, claim)))


def _reason(held: JudgedRound, key: str, claim: Claim) -> str:
    concept = held.concepts[key]
    anchors = (*concept.phrasings, *concept.near_misses)
    return plain_reason(claim.reason, held.checker.injected_words, anchors)
