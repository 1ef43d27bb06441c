"""How many verdicts of an honest judge the product's checks change, on answers without an attack.

The judge is the stand-in's honest character, over a socket: it finds what the offline finder finds,
the finder's errors included, and what it says undefended is what the card is compared with.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from benchmarks.blind_cases import SOME_TIME
from benchmarks.examples import records
from benchmarks.figures import print_table
from benchmarks.stand_in import KEY, open_model
from scenarios.load import Library, load_cases
from scenarios.model import Case, Level, Plan
from scenarios.rounds import RoundPlan
from scoring.judge import JudgeSettings, judge
from scoring.language_model import Account, LanguageModel
from scoring.record import InterviewRecord
from scoring.scorecard import FinderOf, Scorecard
from scoring.verdicts import Verdict
from scoring.written import WrittenAnswer, written_record
from tests.messages_stub import MessagesStub, honest

AIM_DRIFT = 0.02
NONCE = "a1b2c3d4e5f6"


@asynccontextmanager
async def open_court() -> AsyncIterator[tuple[MessagesStub, LanguageModel]]:
    """A stand-in whose character can be changed, and the adapter that asks it."""
    async with MessagesStub(key=KEY) as stub, open_model(stub.url) as model:
        yield stub, model


async def judged(record: InterviewRecord, model: LanguageModel, finder_of: FinderOf) -> Scorecard:
    """The card with the judge's verdicts."""
    account = Account(record.interview_id, "somebody")
    settings = JudgeSettings(model="claude-sonnet-5-5")
    return await judge(record, model, settings, NONCE, account, finder_of)


@dataclass
class Drift:
    """Verdicts of an honest judge, those that claim something, and those that were changed."""

    verdicts: int = 0
    claims: int = 0
    changed: list[str] = field(default_factory=list[str])


async def drift(
    groups: Mapping[str, Iterable[InterviewRecord]], library: Library, finder_of: FinderOf
) -> dict[str, Drift]:
    """What the checks change in the verdicts of the honest judge, by group."""
    found = {name: Drift() for name in groups}
    async with open_court() as (stub, model):
        stub.character = honest(library, finder_of)
        for name, group in groups.items():
            for record in group:
                stub.calls.clear()
                card = await judged(record, model, finder_of)
                _count(card, _given(stub), found[name])
    return found


def _given(stub: MessagesStub) -> dict[str, str]:
    """What the judge said of each concept, at first asking."""
    given: dict[str, str] = {}
    for call in stub.calls:
        for one in (call.answer or {}).get("verdicts", ()):
            given.setdefault(one["concept"], one["verdict"])
    return given


def _count(card: Scorecard, given: Mapping[str, str], found: Drift) -> None:
    if card.judging is None:
        return
    for one in card.judging.concepts:
        said = given.get(one.key)
        if said is None:
            continue
        found.verdicts += 1
        found.claims += said != Verdict.MISSED.value
        if one.verdict is None or one.verdict.value != said:
            found.changed.append(f"{card.interview_id} {one.key}: {said}")


def honest_groups(library: Library) -> dict[str, Iterable[InterviewRecord]]:
    """Whole example rounds, the packs' phrasings stage by stage, and the blind cases."""
    return {
        "example rounds": records(library),
        "the packs' phrasings": _phrasings(library),
        "blind cases": _blind(library),
    }


def _phrasings(library: Library) -> Iterator[InterviewRecord]:
    for plan in _plans(library):
        for stage in plan.stages:
            text = " ".join(one.phrasings[0] for one in stage.concepts)
            yield _written(plan, stage.name, text)


def _blind(library: Library) -> Iterator[InterviewRecord]:
    for pack in library.packs:
        for item, file in load_cases(pack).items():
            plan = library.round_for(item)
            yield from (_written(plan, _stage(one), one.text) for one in file.cases)


def _stage(case: Case) -> str | None:
    return None if case.stage is None else case.stage.value


def _written(plan: RoundPlan, stage: str | None, text: str) -> InterviewRecord:
    answer = WrittenAnswer(plan, stage, text, Level.SENIOR)
    return replace(written_record(answer, SOME_TIME), interview_id=f"{plan.item}/{stage}")


def _plans(library: Library) -> Iterator[RoundPlan]:
    for item in library:
        if not isinstance(item, Plan):
            yield library.round_for(item.id)


def show_drift(found: Mapping[str, Drift]) -> None:
    """The table of honest verdicts that were changed; blind cases are not named."""
    total = Drift()
    for one in found.values():
        total.verdicts += one.verdicts
        total.claims += one.claims
        total.changed += one.changed
    rows = [
        (
            name,
            one.verdicts,
            one.claims,
            len(one.changed),
            f"{_share(one):.1%}",
            f"{_of_claims(one):.1%}",
        )
        for name, one in (*found.items(), ("all", total))
    ]
    head = ("honest answers", "verdicts", "that claim something", "changed", "of all", "of claims")
    print_table(f"Honest drift (aim {AIM_DRIFT:.0%})", head, rows)
    for name, one in found.items():
        if name != "blind cases":
            print(*(f"  {name}: {changed}" for changed in one.changed), sep="\n")


def _share(one: Drift) -> float:
    return len(one.changed) / max(1, one.verdicts)


def _of_claims(one: Drift) -> float:
    return len(one.changed) / max(1, one.claims)
