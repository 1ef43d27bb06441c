"""What is to be held, from what was wished for: the same for every edge, and nobody is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.state import InterviewSettings, RoundSpec, Style
from scenarios.load import Library
from scenarios.model import Level, RoundKind

MINUTES = range(1, 181)
"""How long a round may be made."""

EXTRA_TIMES: tuple[str, ...] = ("1", "1.25", "1.5", "2")
"""What all the times may be multiplied by."""

FIRST = frozenset({"support-agent-limited-actions", "llm-app-mid"})
"""The scenario and the plan for a newcomer, by id.

They stand first in the list, and are taken where nobody is asked and nothing was named. The rest
follows in the order of packs and file names.
"""


@dataclass(frozen=True)
class Manner:
    """How the interviewer holds the rounds, whatever they are about."""

    style: Style = Style.NEUTRAL
    extra_time: float = 1.0


@dataclass(frozen=True)
class Person:
    """Who takes the interview, on which edge and in which Discord server, if in one."""

    owner: str = "local"
    edge: str = "console"
    server: str | None = None


def design_round(library: Library, scenario: str, minutes: float | None = None) -> RoundSpec:
    """A system-design round; `UnknownItem` where there is no such scenario."""
    usual = library.scenario(scenario).minutes
    return RoundSpec(kind=RoundKind.DESIGN, items=(scenario,), minutes=minutes or usual)


def story_round(library: Library, prompt: str, minutes: float | None = None) -> RoundSpec:
    """A behavioural round; `UnknownItem` where there is no such prompt."""
    usual = library.prompt(prompt).minutes
    return RoundSpec(kind=RoundKind.BEHAVIOURAL, items=(prompt,), minutes=minutes or usual)


def drill_round(
    library: Library, questions: Sequence[str], minutes: float | None = None
) -> RoundSpec:
    """A drill of these questions; `UnknownItem` where one of them is not there."""
    usual = sum(library.question(question).minutes for question in questions)
    return RoundSpec(kind=RoundKind.DRILL, items=tuple(questions), minutes=minutes or usual)


def planned_rounds(library: Library, plan: str) -> tuple[RoundSpec, ...]:
    """The rounds of a plan; `UnknownItem` where there is no such plan."""
    return tuple(
        RoundSpec(
            kind=planned.kind,
            items=planned.items,
            minutes=planned.minutes or library.round_for(*planned.items).minutes,
        )
        for planned in library.plan(plan).rounds
    )


def interview_settings(
    library: Library,
    rounds: tuple[RoundSpec, ...],
    level: Level,
    manner: Manner,
    person: Person,
) -> InterviewSettings:
    """The settings, with the packs as they are now."""
    return InterviewSettings(
        rounds=rounds,
        level=level,
        style=manner.style,
        extra_time=manner.extra_time,
        owner=person.owner,
        edge=person.edge,
        server=person.server,
        pack_hash=hash_packs(library, rounds),
    )


def hash_packs(library: Library, rounds: Sequence[RoundSpec]) -> str:
    """The packs of the rounds as they are now; changes with any of their files.

    Raises `UnknownItem`.
    """
    hashes = {library.pack_of(item).hash for spec in rounds for item in spec.items}
    return "+".join(sorted(hashes))


def title_of(library: Library, rounds: Sequence[RoundSpec]) -> str:
    """The rounds in a row, by their titles; `UnknownItem` where the packs lack one."""
    return " · ".join(library.round_for(*spec.items).title for spec in rounds)
