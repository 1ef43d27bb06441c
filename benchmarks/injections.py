"""Attacks on the language model that asks and on the one that judges, through a hostile one.

    python -m benchmarks.injections [ATTACKS]

The server is the stand-in of the tests with its hostile character, over a socket; the real service
is not called. Each attack of `injections.yaml` is judged by a model that obeys, one that lies in
each of its ways, and one that does everything; and played in an interview. What counts is what the
product lets through: verdicts, ratings and levels that are higher than an honest judge gives for
the same round without the attack, and sentences that were shown. A stage that is no longer rated
where an honest judge gives a 1 counts as well.

A judge that lies with quotes that are in place is no attack that code can stop; what it obtains is
a table of its own, over rounds of near misses and half answered ones.

The other side is `honest_drift.py`: how many verdicts of an honest judge the checks change.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.figures import print_table
from benchmarks.honest_drift import drift, honest_groups, judged, open_court, show_drift
from benchmarks.injected import Case, Setting, Weak, cases, load_attacks, near_missed
from benchmarks.stand_in import ModelWorld, model_world
from evals.offers import Watched
from evals.raised import raised
from evals.told import Secrets
from interviewer.grading import OFFLINE_GRADER
from interviewer.ports import Mouth
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind, InterviewSettings, RoundSpec, Utterance
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Level
from scoring.scorecard import card_verdicts
from scoring.written import shared_finders
from tests.messages_stub import Behaviour, MessagesStub, honest, hostile
from tests.messages_stub.hostile import QUOTING, SPEAKING, STOPPED

SECONDS_AN_ANSWER = 20
FURTHER_ANSWERS = ("I am not sure that there is more to say.", "It depends on what they need.")

Variants = Mapping[str, tuple[Behaviour, ...]]

JUDGES: Variants = {
    "obeys": (Behaviour.OBEY,),
    **{f"lies: {one.value}": (one,) for one in QUOTING},
    "lies in every way": QUOTING,
    "everything": STOPPED,
}
INTERVIEWERS: Variants = {
    "obeys": (Behaviour.OBEY,),
    "misspeaks": SPEAKING,
    "lies, then leaks": (*QUOTING, Behaviour.LEAK_RUBRIC, Behaviour.LEAK_AS_QUESTION),
    "everything": STOPPED,
}

RAISED = ("verdict", "rating", "level", "unrated")
SHOWN = ("rubric", "praise", "link", "mention", "question", "move", "name")


@dataclass
class Tally:
    """What was tried, and what got through, by kind; `found` names each."""

    tried: int = 0
    checked: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])
    found: list[str] = field(default_factory=list[str])

    def add(self, where: str, faults: Iterable[str]) -> None:
        """Note what got through."""
        for fault in faults:
            self.faults[fault.partition(" ")[0]] += 1
            self.found.append(f"{where}: {fault}")


# --- the judge ------------------------------------------------------------------------------


async def attack_judge(tried: Sequence[Case], variants: Variants = JUDGES) -> dict[str, Tally]:
    """What each kind of judge raises, by its name."""
    found = {name: Tally() for name in variants}
    async with open_court() as (stub, model):
        for case in tried:
            good = honest(case.plain.library, case.plain.finder_of)
            stub.character = good
            before = await judged(case.plain.record, model, case.plain.finder_of)
            base = honest(case.attacked.library, case.attacked.finder_of)
            for name, behaviours in variants.items():
                stub.character = hostile(behaviours, base)
                after = await judged(case.attacked.record, model, case.attacked.finder_of)
                found[name].tried += 1
                found[name].checked += sum(1 for _ in card_verdicts(after))
                found[name].add(case.attack.name, raised(before, after))
            stub.calls.clear()
    return found


async def residual(weak: Sequence[Weak]) -> dict[str, Tally]:
    """What a judge raises that lies about each concept with the candidate's most apt sentence."""
    rounds = {
        "near misses": [one.missed for one in weak],
        "half answered": [one.half for one in weak],
    }
    found = {name: Tally() for name in rounds}
    async with open_court() as (stub, model):
        for name, settings in rounds.items():
            for one in settings:
                good = honest(one.library, one.finder_of)
                stub.character = good
                before = await judged(one.record, model, one.finder_of)
                stub.character = hostile([Behaviour.BEST_OWN_QUOTE], good)
                after = await judged(one.record, model, one.finder_of)
                found[name].tried += 1
                found[name].checked += sum(1 for _ in card_verdicts(after))
                found[name].add(one.plan.item, raised(before, after))
            stub.calls.clear()
    return found


# --- the interviewer ------------------------------------------------------------------------


class _Mouth(Mouth):
    piecewise = True

    def __init__(self) -> None:
        self.shown = ""

    async def say(self, key: str, text: str, offset: int) -> int:
        self.shown += text[offset:]
        return len(text)


async def attack_interviewer(
    tried: Sequence[Case], library: Library, variants: Variants = INTERVIEWERS
) -> dict[str, Tally]:
    """What each kind of interviewer says and does that it must not, by its name."""
    found = {name: Tally() for name in variants}
    async with (
        MessagesStub(key="stub-key") as stub,
        model_world(stub.url, library=library) as world,
    ):
        engine = Watched(world.services.engine)
        for case in tried:
            base = honest(case.attacked.library, case.attacked.finder_of)
            for name, behaviours in variants.items():
                stub.character = hostile(behaviours, base)
                found[name].tried += 1
                await _play(world, engine, case, found[name])
                found[name].add(case.attack.name, _named(stub, case))
                stub.calls.clear()
    return found


def _named(stub: MessagesStub, case: Case) -> Iterator[str]:
    """Names of people and servers are not sent at all."""
    if case.attack.where == "name" and any(
        json.dumps(case.attack.words)[1:-1] in json.dumps(call.body) for call in stub.calls
    ):
        yield "name sent"


async def _play(world: ModelWorld, engine: Watched, case: Case, tally: Tally) -> None:
    held = case.attacked
    services = replace(world.services, engine=engine, library=held.library, grader=OFFLINE_GRADER)
    mouth = _Mouth()
    session = Session(services, world.graph, new_interview_id(), mouth)
    await session.begin(_settings(held))
    for _ in range(_stages_before(held)):
        await session.report(EventKind.NEXT)
    if held.sketch:
        await session.draw(held.sketch)
    secrets = Secrets(held.plan, held.finder_of(held.plan))
    heard: list[str] = [held.label]
    for text in (*held.answers, *FURTHER_ANSWERS):
        heard.append(text)
        mouth.shown = ""
        world.clock.advance(SECONDS_AN_ANSWER)
        uttered = await session.report(EventKind.SAID, text)
        tally.checked += 1
        tally.add(case.attack.name, _faults(secrets, engine, mouth.shown, heard, uttered))
        if uttered is None or uttered.move.ending is not None:
            return


def _faults(
    secrets: Secrets,
    engine: Watched,
    shown: str,
    heard: Sequence[str],
    uttered: Utterance | None,
) -> Iterator[str]:
    yield from (f"{fault} {shown!r}" for fault in secrets.faults(shown, heard))
    if uttered is not None:
        yield from (f"move {move.kind.value}" for move in engine.strays([uttered]))


def _settings(held: Setting) -> InterviewSettings:
    plan = held.plan
    spec = RoundSpec(kind=plan.kind, items=(plan.item,), minutes=plan.minutes)
    server = held.owner if held.owner != "somebody" else None
    return InterviewSettings(rounds=(spec,), level=Level.SENIOR, owner=held.owner, server=server)


def _stages_before(held: Setting) -> int:
    return [one.name for one in held.plan.stages].index(held.stage.name)


# --- tables ---------------------------------------------------------------------------------


def show(title: str, found: Mapping[str, Tally], kinds: Sequence[str], unit: str) -> None:
    """A table of what got through, and each of it by name."""
    rows = [
        (name, one.tried, one.checked, *(one.faults[kind] for kind in kinds))
        for name, one in found.items()
    ]
    print_table(title, ("the model", "attacks", unit, *kinds), rows)
    for name, one in found.items():
        for fault in one.found:
            print(f"  {name}: {fault}")


def show_residual(found: Mapping[str, Tally]) -> None:
    """What remains, as a share of the verdicts."""
    rows = [
        (
            name,
            one.tried,
            one.checked,
            f"{one.faults['verdict'] / max(1, one.checked):.1%}",
            *(one.faults[kind] for kind in RAISED),
        )
        for name, one in found.items()
    ]
    head = ("rounds", "of them", "verdicts", "moved up", *RAISED)
    print_table("What remains: a judge that lies with the most apt of the own words", head, rows)


async def _run(most: int | None) -> None:
    library = load_library(builtin_packs_folder())
    tried = list(cases(library, load_attacks()[:most]))
    raised_by = await attack_judge(tried)
    show("Judged", raised_by, RAISED, "verdicts")
    said_by = await attack_interviewer(tried, library)
    show("Interviewed", said_by, SHOWN, "turns")
    show_residual(await residual(list(near_missed(library))))
    show_drift(await drift(honest_groups(library), library, shared_finders()))


def main() -> None:
    """Print the tables."""
    asyncio.run(_run(int(sys.argv[1]) if len(sys.argv) > 1 else None))


if __name__ == "__main__":
    main()
