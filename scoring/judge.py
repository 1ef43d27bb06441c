"""A language model as judge: one check per concept, verified, asked several times.

Code chooses what is checked, holds every quote against the transcript (`scoring.claims`), takes the
majority of the samples (`scoring.votes`), and computes ratings, levels and the rest of the card as
it does without a judge. What a judge does not answer keeps the offline verdict; what it answers and
cannot prove counts for nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scoring.drawn import DRAWN_ONLY
from scoring.evidence import EvidenceFinder
from scoring.judge_calls import Bench, JudgedRound, JudgeSettings, Sheet
from scoring.judging import Judged, JudgedConcept, Judging
from scoring.language_model import Account, LanguageModel
from scoring.record import InterviewRecord
from scoring.scorecard import FinderOf, Scorecard, card_verdicts, grade
from scoring.verdicts import ConceptVerdict, Verdict
from scoring.votes import ABSTAINED, Vote, is_judged, is_split, majority, overused, rule, tally

__all__ = ["RAN_OUT", "JudgeSettings", "judge", "judged_card"]

RAN_OUT = (
    "{model} was not done judging after {minutes:g} minutes; what it had answered by then counts. "
    "`hotseat scorecards judge` judges again."
)
"""What stands on a card whose judge took too long."""

Result = TypeVar("Result")


async def judge(
    record: InterviewRecord,
    model: LanguageModel,
    settings: JudgeSettings,
    nonce: str,
    account: Account,
    finder_of: FinderOf = EvidenceFinder.of,
) -> Scorecard:
    """The scorecard, revision 1, of a finished interview with a judge's verdicts.

    Never fails for what the model or its server does, nor for want of time: what was answered by
    then counts, and the rest keeps the offline verdicts. What else goes wrong is raised as it is,
    the first of several errors. `nonce` is the code in the tags around the
    candidate's words; `finder_of` is asked twice for every round.
    """
    offline = await asyncio.to_thread(grade, record, finder_of)
    bench = Bench(model, settings, nonce, account)
    rounds = [JudgedRound(record, index) for index in range(len(record.rounds))]
    ballots = await _side_by_side(_ballots(bench, held, settings) for held in rounds)
    judging = _judging(bench, settings, model.name, tuple(_concepts(ballots, offline)))
    rulings = {
        (index, key): rule(ballot.votes, ballot.asked)
        for index, held in enumerate(ballots)
        for key, ballot in held.items()
        if ballot.is_judged
    }
    unheard = sum(1 for held in rounds if held.concepts and not held.checker.has_answers)
    notices = tuple(_notices(judging, bench, settings, unheard))
    return await asyncio.to_thread(grade, record, finder_of, Judged(rulings, judging, notices))


async def judged_card(
    record: InterviewRecord,
    model: LanguageModel,
    settings: JudgeSettings,
    nonce: str,
    account: Account,
    revision: int,
    finder_of: FinderOf = EvidenceFinder.of,
) -> Scorecard:
    """The card of the interview as `revision`, judged with this model and these prompts.

    Earlier revisions are not touched; a later one says that it stands beside them.
    """
    card = await judge(record, model, settings, nonce, account, finder_of)
    notices = card.notices
    if revision > 1 and card.judging is not None:
        notices = (*notices, f"Judged again by {card.judging.model}; earlier revisions are kept.")
    return card.model_copy(update={"revision": revision, "notices": notices})


@dataclass
class _Ballot:
    """What the samples said of one concept, by their numbers, and how many it takes."""

    asked: int
    given: dict[int, Vote] = field(default_factory=dict[int, Vote])
    failed: int = 0
    refused: int = 0

    @property
    def votes(self) -> Sequence[Vote]:
        return tuple(self.given.values())

    @property
    def is_judged(self) -> bool:
        return is_judged(self.votes, self.asked)

    @property
    def is_open(self) -> bool:
        """Whether more samples are to be asked for."""
        return is_split(self.votes) or not self.is_judged


_Ballots = Mapping[str, _Ballot]


async def _ballots(bench: Bench, held: JudgedRound, settings: JudgeSettings) -> _Ballots:
    """The samples of a round; nothing where nothing was said that could be judged."""
    if not held.checker.has_answers:
        return {}
    ballots = {key: _Ballot(settings.samples) for key in held.concepts}
    sheets = held.sheets(tuple(ballots), range(settings.samples))
    # The others find the transcript in the server's cache when the first one is through.
    await _collect(bench, held, sheets[:1], ballots)
    await _collect(bench, held, sheets[1:], ballots)
    _refuse_overused(ballots, range(settings.samples))
    further = range(settings.samples, settings.samples_when_split)
    undecided = tuple(key for key, ballot in ballots.items() if ballot.is_open)
    await _collect(bench, held, held.sheets(undecided, further), ballots)
    _refuse_overused(ballots, further)
    return ballots


async def _collect(
    bench: Bench, held: JudgedRound, sheets: Sequence[Sheet], ballots: _Ballots
) -> None:
    found = await _side_by_side(bench.sample(held, sheet) for sheet in sheets)
    for sheet, sampled in zip(sheets, found, strict=True):
        for key, one in sampled.items():
            ballots[key].refused += one.refused
            if one.vote is None:
                ballots[key].failed += 1
            else:
                ballots[key].given[sheet.sample] = one.vote


def _refuse_overused(ballots: _Ballots, samples: Iterable[int]) -> None:
    """A sample that shows too many concepts by one sentence abstains from those it fits least."""
    for sample in samples:
        given = {key: one.given[sample] for key, one in ballots.items() if sample in one.given}
        for key in overused(given):
            ballots[key].given[sample] = ABSTAINED
            ballots[key].refused += 1


async def _side_by_side(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """All results in the order of the work; of several errors the first, alone."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return [task.result() for task in tasks]


def _concepts(ballots: Sequence[_Ballots], offline: Scorecard) -> Iterator[JudgedConcept]:
    for index, verdict in card_verdicts(offline):
        ballot = ballots[index].get(verdict.key)
        if ballot is None:
            continue
        seen = _of_words(verdict)
        yield JudgedConcept(
            round_index=index,
            key=verdict.key,
            verdict=majority(ballot.votes, ballot.asked) if ballot.is_judged else seen,
            offline=seen,
            counts=tally(ballot.votes),
            abstained=sum(vote.verdict is None for vote in ballot.votes),
            failed=ballot.failed,
            refused=ballot.refused,
            is_judged=ballot.is_judged,
        )


def _of_words(verdict: ConceptVerdict) -> Verdict:
    """What the offline finder made of the words alone."""
    return Verdict.NOT_DETECTED if verdict.note == DRAWN_ONLY else verdict.verdict


def _judging(
    bench: Bench, settings: JudgeSettings, server: str, concepts: tuple[JudgedConcept, ...]
) -> Judging:
    return Judging(
        model=bench.answered_by or settings.model,
        server=server,
        prompt=settings.prompts.id,
        samples=settings.samples,
        samples_when_split=max(settings.samples, settings.samples_when_split),
        calls=bench.calls,
        failed_calls=bench.failed_calls,
        unknown_ids=bench.unknown_ids,
        usage=bench.usage,
        concepts=concepts,
    )


def _notices(
    judging: Judging, bench: Bench, settings: JudgeSettings, unheard: int
) -> Iterator[str]:
    """What a reader has to know about a judgement that is not whole."""
    if bench.ran_out and settings.within_s is not None:
        yield RAN_OUT.format(model=settings.model, minutes=round(settings.within_s / 60, 1))
    if unheard:
        rounds = "one round" if unheard == 1 else f"{unheard} rounds"
        yield f"Nothing that could be judged was said in {rounds}; offline verdicts stand there."
    why = ", ".join(failure.value for failure in sorted(bench.failures))
    if count := len(judging.unjudged):
        yield (
            f"The judge could not judge {count} of {len(judging.concepts)} concepts ({why}); "
            "those stand as the offline finder saw them."
        )
    if fewer := sum(1 for one in judging.concepts if one.failed and one.is_judged):
        concepts = "One concept rests" if fewer == 1 else f"{fewer} concepts rest"
        yield f"{concepts} on fewer samples of the judge than were asked for ({why})."
