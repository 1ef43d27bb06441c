"""How far the interviewer asks two candidates different things.

    python -m benchmarks.adaptivity

Four simulated candidates take the shipped scenario with the stage answers of its blind cases: weak,
middling, strong and spoken. Each gives its answer to the stage first, then short replies of its
own manner that carry no content. For each pair the table says which share of all the follow-ups
that the two got was asked of one of them only: by concept aimed at, and by sentence of the pack.
Sentences are compared as the pack has them, without the candidate's quoted words. `first of a
stage` is the share of stages in which the first question after the stage's answer differs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, cycle

from benchmarks.figures import median, print_table
from benchmarks.rehearsal import SCENARIO, SilentMouth, rehearsal_app, settings_of_round
from bot.wiring import App, open_sessions
from interviewer.clock import ManualClock
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind, Move, MoveKind, fold
from interviewer.view import Phase
from scenarios.load import builtin_packs_folder, load_cases, load_library
from scenarios.model import Level, Quality

LEVEL = Level.SENIOR
WORDS_PER_SECOND = 2.5
AIM = 0.8

FOLLOW_UPS = frozenset(
    {MoveKind.PROBE, MoveKind.CONTRADICTION_PROBE, MoveKind.RED_FLAG_PROBE, MoveKind.BOARD_PROBE}
)

REPLIES: Mapping[str, tuple[str, ...]] = {
    "weak": (
        "I'm not sure, I would go with the usual way.",
        "I haven't done that before, so I'd look it up.",
        "Probably the framework has something for it.",
    ),
    "middling": (
        "I have thought about it a little, but I would want to try it first.",
        "That depends on what we see in the first weeks.",
        "I would keep it simple there and come back to it.",
    ),
    "strong": (
        "I left that out on purpose; I would decide it together with the people who own it.",
        "There is more to say, and I'd rather spend the time on what I said before.",
        "I know the weak spot, and I accept it for the first version.",
    ),
    "spoken": (
        "um yeah, so, I mean, I'd have to think about that one.",
        "uh, good question, I don't really have a, a strong view there.",
        "right, so, same as before I guess, nothing special.",
    ),
}


@dataclass(frozen=True)
class Asked:
    """The follow-ups of one interview: what they aimed at, and the pack's sentences.

    `first` is the first sentence after each stage's answer, by stage.
    """

    concepts: frozenset[str]
    sentences: frozenset[str]
    first: Mapping[str, str]


def stage_answers() -> dict[str, dict[str, str]]:
    """The stage answers of each candidate, by stage."""
    pack = load_library(builtin_packs_folder()).pack_of(SCENARIO)
    answers: dict[str, dict[str, str]] = {name: {} for name in REPLIES}
    for case in load_cases(pack)[SCENARIO].cases:
        name = "spoken" if case.kind == "spoken" else case.quality.value
        if case.stage is not None and case.kind in {"ordinary", "spoken"}:
            answers[name][case.stage.value] = case.text
    missing = {name: len(given) for name, given in answers.items() if len(given) < 6}
    assert not missing, f"a stage answer is missing: {missing}"
    return answers


async def interview(
    app: App, session: Session, clock: ManualClock, answers: Mapping[str, str], name: str
) -> Asked:
    """One whole interview of one candidate."""
    await session.begin(settings_of_round(LEVEL))
    replies = cycle(REPLIES[name])
    answered: set[str] = set()
    while (view := await session.view()).phase is not Phase.OVER:
        stage = view.stages[view.stage_index].name
        text = next(replies) if stage in answered else answers[stage]
        answered.add(stage)
        clock.advance(len(text.split()) / WORDS_PER_SECOND)
        await session.report(EventKind.SAID, text)
    said = await app.services.store.utterances(session.id)
    moves = [one.move for one in said if one.move.kind in FOLLOW_UPS]
    return Asked(
        concepts=frozenset(move.concept or move.reason for move in moves),
        sentences=frozenset(map(_sentence, moves)),
        first={move.stage: _sentence(move) for move in reversed(moves)},
    )


def _sentence(move: Move) -> str:
    return fold(move.line or "")


def differing(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of what the two were asked that was asked of one of them only."""
    total = len(one) + len(other)
    return len(one ^ other) / total if total else 0.0


def openings_differing(one: Asked, other: Asked) -> float:
    """The share of stages whose first follow-ups differ, of those in which both got one."""
    shared = one.first.keys() & other.first.keys()
    differ = sum(one.first[stage] != other.first[stage] for stage in shared)
    return differ / len(shared) if shared else 0.0


async def measure() -> dict[str, Asked]:
    """What each candidate was asked."""
    async with rehearsal_app() as (app, clock), open_sessions(app) as open_session:
        return {
            name: await interview(
                app, open_session(new_interview_id(), SilentMouth()), clock, answers, name
            )
            for name, answers in stage_answers().items()
        }


def main() -> None:
    """Print the table."""
    asked = asyncio.run(measure())
    pairs = [
        (one, other, asked[one], asked[other])
        for one, other in combinations([*(quality.value for quality in Quality), "spoken"], 2)
    ]
    rows = [
        (
            f"{one}, {other}",
            f"{len(a.sentences)}, {len(b.sentences)}",
            f"{differing(a.concepts, b.concepts):.0%}",
            f"{differing(a.sentences, b.sentences):.0%}",
            f"{openings_differing(a, b):.0%}",
        )
        for one, other, a, b in pairs
    ]
    head = (
        "candidates",
        "follow-ups",
        "differ by concept",
        "differ by sentence",
        "first of a stage",
    )
    print_table(f"Follow-ups asked of one of two candidates only, level {LEVEL.value}", head, rows)
    by_concept = [differing(a.concepts, b.concepts) for _, _, a, b in pairs]
    by_sentence = [differing(a.sentences, b.sentences) for _, _, a, b in pairs]
    met = "met" if min(by_sentence) >= AIM else "missed"
    print(
        f"\nby concept {median(by_concept):.0%} (least {min(by_concept):.0%}), by sentence "
        f"{median(by_sentence):.0%} (least {min(by_sentence):.0%}); aim {AIM:.0%}: {met}"
    )


if __name__ == "__main__":
    main()
