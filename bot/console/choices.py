"""Asks what to practise; in a pipe, or where an option was given, nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.prompt import IntPrompt, Prompt
from rich.table import Table
from rich.text import Text

from bot.doors import UsageError
from interviewer.state import InterviewSettings, RoundSpec, Style
from scenarios.load import Library
from scenarios.model import Level, Plan, Question, RoundKind, Scenario, StoryPrompt
from whiteboard.board import strip_unseen

MINUTES = range(1, 181)
"""How long a round may be made."""


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line; None where the person is to be asked."""

    item: str | None = None
    level: Level | None = None
    minutes: float | None = None
    style: Style = Style.NEUTRAL
    extra_time: float = 1.0


def design_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A system-design round."""
    item = _wished(wishes, "scenario", library.scenarios, console, ask=ask)
    scenario = library.scenario(item)
    level = wishes.level or _choose_level(scenario.level, console, ask=ask)
    minutes = wishes.minutes or _choose_minutes(scenario.minutes, console, ask=ask)
    return _settings((_spec(RoundKind.DESIGN, (item,), minutes),), level, library, wishes)


def story_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A behavioural round."""
    item = _wished(wishes, "prompt", library.prompts, console, ask=ask)
    prompt = library.prompt(item)
    level = wishes.level or _choose_level(prompt.level, console, ask=ask)
    minutes = wishes.minutes or prompt.minutes
    return _settings((_spec(RoundKind.BEHAVIOURAL, (item,), minutes),), level, library, wishes)


def drill_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A drill of one or more questions; `wishes.item` may name several, joined by commas."""
    chosen = _wished(wishes, "question", library.questions, console, ask=ask)
    named = dict.fromkeys(item.strip() for item in chosen.split(","))
    questions = [library.question(item) for item in named]
    level = wishes.level or questions[0].level
    minutes = wishes.minutes or sum(question.minutes for question in questions)
    items = tuple(question.id for question in questions)
    return _settings((_spec(RoundKind.DRILL, items, minutes),), level, library, wishes)


def loop_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A plan of rounds in a row."""
    plan = library.plan(_wished(wishes, "plan", library.plans, console, ask=ask))
    specs = tuple(
        _spec(planned.kind, planned.items, planned.minutes or _minutes_of(library, planned.items))
        for planned in plan.rounds
    )
    return _settings(specs, wishes.level or plan.level, library, wishes)


def _spec(kind: RoundKind, items: tuple[str, ...], minutes: float) -> RoundSpec:
    return RoundSpec(kind=kind, items=items, minutes=minutes)


def _minutes_of(library: Library, items: Sequence[str]) -> float:
    return library.round_for(*items).minutes


def _settings(
    rounds: tuple[RoundSpec, ...], level: Level, library: Library, wishes: Wishes
) -> InterviewSettings:
    return InterviewSettings(
        rounds=rounds,
        level=level,
        style=wishes.style,
        extra_time=wishes.extra_time,
        pack_hash=hash_packs(library, rounds),
    )


def hash_packs(library: Library, rounds: Sequence[RoundSpec]) -> str:
    """The packs of the rounds as they are now; changes with any of their files.

    Raises `UnknownItem`.
    """
    hashes = {library.pack_of(item).hash for spec in rounds for item in spec.items}
    return "+".join(sorted(hashes))


Item = Scenario | StoryPrompt | Question | Plan


def _wished(
    wishes: Wishes, name: str, items: Sequence[Item], console: Console, *, ask: bool
) -> str:
    return _choose(name, items, console, ask=ask) if wishes.item is None else wishes.item


def _choose(name: str, items: Sequence[Item], console: Console, *, ask: bool) -> str:
    if not items:
        raise UsageError(f"no pack holds a {name}; `hotseat packs list` shows what there is")
    if len(items) == 1 or not ask:
        return items[0].id
    table = Table(show_edge=False, show_header=False)
    for number, item in enumerate(items, 1):
        title = item.ask if isinstance(item, Question) else item.title
        table.add_row(str(number), Text(strip_unseen(title)))
    console.print(table)
    numbers = [str(number) for number in range(1, len(items) + 1)]
    chosen = Prompt.ask(f"Which {name}?", choices=numbers, default="1", console=console)
    return items[int(chosen) - 1].id


def _choose_level(default: Level, console: Console, *, ask: bool) -> Level:
    if not ask:
        return default
    names = [level.value for level in Level]
    return Level(Prompt.ask("Level?", choices=names, default=default.value, console=console))


def _choose_minutes(default: float, console: Console, *, ask: bool) -> float:
    if not ask:
        return default
    minutes = 0
    while minutes not in MINUTES:
        question = f"Minutes ({MINUTES.start} to {MINUTES.stop - 1})?"
        minutes = IntPrompt.ask(question, default=round(default), console=console)
    return minutes
