"""Asks what to practise; in a pipe, or where an option was given, nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.prompt import IntPrompt, Prompt
from rich.table import Table
from rich.text import Text

from bot.doors import UsageError
from bot.rounds import (
    EXTRA_TIMES,
    FIRST,
    MINUTES,
    Manner,
    Person,
    design_round,
    drill_round,
    interview_settings,
    planned_rounds,
    story_round,
)
from interviewer.state import InterviewSettings, RoundSpec, Style
from scenarios.load import Library
from scenarios.model import Level, Plan, Question, Scenario, StoryPrompt
from whiteboard.board import strip_unseen


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line; None where the person is to be asked."""

    item: str | None = None
    level: Level | None = None
    minutes: float | None = None
    style: Style | None = None
    extra_time: float | None = None


def design_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A system-design round."""
    item = _wished(wishes, "scenario", library.scenarios, console, ask=ask)
    scenario = library.scenario(item)
    level = wishes.level or _choose_level(scenario.level, console, ask=ask)
    minutes = wishes.minutes or _choose_minutes(scenario.minutes, console, ask=ask)
    spec = design_round(library, item, minutes)
    return _settings((spec,), level, library, _manner(wishes, console, ask=ask))


def story_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A behavioural round."""
    item = _wished(wishes, "prompt", library.prompts, console, ask=ask)
    level = wishes.level or _choose_level(library.prompt(item).level, console, ask=ask)
    spec = story_round(library, item, wishes.minutes)
    return _settings((spec,), level, library, _manner(wishes, console, ask=ask))


def drill_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A drill of one or more questions; `wishes.item` may name several, joined by commas."""
    if wishes.item is None:
        questions = _choose_questions(library.questions, console, ask=ask)
    else:
        named = dict.fromkeys(item.strip() for item in wishes.item.split(","))
        questions = [library.question(item) for item in named]
    level = wishes.level or questions[0].level
    spec = drill_round(library, [question.id for question in questions], wishes.minutes)
    return _settings((spec,), level, library, _manner(wishes, console, ask=ask))


def loop_settings(
    library: Library, wishes: Wishes, console: Console, *, ask: bool
) -> InterviewSettings:
    """A plan of rounds in a row."""
    plan = library.plan(_wished(wishes, "plan", library.plans, console, ask=ask))
    manner = _manner(wishes, console, ask=ask)
    rounds = planned_rounds(library, plan.id)
    return _settings(rounds, wishes.level or plan.level, library, manner)


def _manner(wishes: Wishes, console: Console, *, ask: bool) -> Manner:
    style = wishes.style or _choose_style(console, ask=ask)
    return Manner(style, wishes.extra_time or _choose_extra_time(console, ask=ask))


def _settings(
    rounds: tuple[RoundSpec, ...], level: Level, library: Library, manner: Manner
) -> InterviewSettings:
    return interview_settings(library, rounds, level, manner, Person())


Item = Scenario | StoryPrompt | Plan


def _wished(
    wishes: Wishes, name: str, items: Sequence[Item], console: Console, *, ask: bool
) -> str:
    return _choose(name, items, console, ask=ask) if wishes.item is None else wishes.item


def _choose(name: str, items: Sequence[Item], console: Console, *, ask: bool) -> str:
    _require(name, items)
    offered = sorted(items, key=lambda item: item.id not in FIRST)
    if len(offered) == 1 or not ask:
        return offered[0].id
    table = Table(show_edge=False, show_header=False)
    for number, item in enumerate(offered, 1):
        table.add_row(str(number), Text(strip_unseen(item.title)))
    console.print(table)
    numbers = [str(number) for number in range(1, len(offered) + 1)]
    chosen = Prompt.ask(f"Which {name}?", choices=numbers, default="1", console=console)
    return offered[int(chosen) - 1].id


def _require(name: str, items: Sequence[Item | Question]) -> None:
    if not items:
        raise UsageError(f"no pack holds a {name}; `hotseat packs list` shows what there is")


def _choose_questions(
    questions: Sequence[Question], console: Console, *, ask: bool
) -> Sequence[Question]:
    _require("question", questions)
    if len(questions) == 1 or not ask:
        return questions[:1]
    table = Table(show_edge=False, show_header=False)
    for number, question in enumerate(questions, 1):
        table.add_row(str(number), question.id, question.topic.value, question.level.value)
    console.print(table)
    while True:
        typed = Prompt.ask(
            "Which questions? Numbers, a topic, or all", default="1", console=console
        )
        picked = _pick_questions(typed, questions)
        if picked:
            return picked
        console.print(f"Give numbers from 1 to {len(questions)}, as in 1,3, or a topic, or all.")


def _pick_questions(typed: str, questions: Sequence[Question]) -> list[Question]:
    """Those that are meant, in the order in which they were named; none where a word is unknown."""
    picked: dict[str, Question] = {}
    for word in typed.split(","):
        meant = _meant(word.strip().casefold(), questions)
        if not meant:
            return []
        picked |= {question.id: question for question in meant}
    return list(picked.values())


def _meant(word: str, questions: Sequence[Question]) -> Sequence[Question]:
    if word == "all":
        return questions
    if word.isdecimal():
        return [question for number, question in enumerate(questions, 1) if number == int(word)]
    return [question for question in questions if word in (question.topic.value, question.id)]


def _choose_style(console: Console, *, ask: bool) -> Style:
    if not ask:
        return Style.NEUTRAL
    names = [style.value for style in Style]
    return Style(Prompt.ask("Tone?", choices=names, default=Style.NEUTRAL.value, console=console))


def _choose_extra_time(console: Console, *, ask: bool) -> float:
    if not ask:
        return 1.0
    factors = list(EXTRA_TIMES)
    return float(Prompt.ask("Extra time, ×?", choices=factors, default="1", console=console))


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
