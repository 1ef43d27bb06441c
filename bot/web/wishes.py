"""What the start page offers, and what was chosen there."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

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
from scenarios.model import Level, Plan, Question, Scenario, StoryPrompt, Topic
from scenarios.rounds import topic_title

PERSON = Person(edge="web")
"""Whoever uses the page is the person at this computer, as in the terminal."""

DRILL = "drill:"
ANY_TOPIC = "any"
DRILL_LENGTHS = (1, 3, 5, 8)
"""How many questions a drill may have."""

Item = Scenario | StoryPrompt | Plan
Kind = TypeVar("Kind", bound=Item)


@dataclass(frozen=True)
class Offer:
    """One thing that can be taken; `about` says how long it is and for whom."""

    value: str
    title: str
    about: str


@dataclass(frozen=True)
class Shelf:
    """What there is of one kind."""

    title: str
    explains: str
    offers: tuple[Offer, ...]


def shelves(library: Library) -> tuple[Shelf, ...]:
    """Everything that can be taken, those for a newcomer first."""
    return tuple(shelf for shelf in _all_shelves(library) if shelf.offers)


def _all_shelves(library: Library) -> Iterable[Shelf]:
    yield Shelf(
        "System design",
        "Scope, design and defend a system; draw it while you talk.",
        tuple(_item(one, f"{one.minutes:g} minutes") for one in _sorted(library.scenarios)),
    )
    yield Shelf(
        "Behavioural",
        "Tell one story from your work, in five parts.",
        tuple(_item(one, f"{one.minutes:g} minutes") for one in _sorted(library.prompts)),
    )
    yield Shelf("Drill", "Quick questions on one topic, drawn anew each time.", _drills(library))
    yield Shelf(
        "Loop",
        "Several rounds in a row, as on an interview day.",
        tuple(_item(one, f"{len(one.rounds)} rounds") for one in _sorted(library.plans)),
    )


def _drills(library: Library) -> tuple[Offer, ...]:
    topics = [topic for topic in Topic if _of_topic(library, topic.value)]
    if not topics:
        return ()
    return (
        Offer(f"{DRILL}{ANY_TOPIC}", "Any topic", _count(library.questions)),
        *(
            Offer(
                f"{DRILL}{topic.value}", topic_title(topic), _count(_of_topic(library, topic.value))
            )
            for topic in topics
        ),
    )


def _count(questions: Sequence[Question]) -> str:
    return f"{len(questions)} question{'s' if len(questions) != 1 else ''}"


def _item(item: Item, length: str) -> Offer:
    return Offer(item.id, item.title, f"{length} · {item.level.value}")


def _sorted(items: Sequence[Kind]) -> list[Kind]:
    return sorted(items, key=lambda item: item.id not in FIRST)


def _unset(value: object) -> object:
    return None if value == "" else value


class Wish(BaseModel):
    """The form of the start page; None where a field was left empty."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    item: Annotated[str, Field(min_length=1, max_length=200)]
    level: Annotated[Level | None, BeforeValidator(_unset)] = None
    style: Style = Style.NEUTRAL
    extra_time: Annotated[str, Field(pattern=f"^({'|'.join(EXTRA_TIMES)})$")] = "1"
    minutes: Annotated[
        int | None, Field(ge=MINUTES.start, lt=MINUTES.stop), BeforeValidator(_unset)
    ] = None
    questions: Annotated[int, Field(ge=min(DRILL_LENGTHS), le=max(DRILL_LENGTHS))] = 3


def read_wish(fields: Mapping[str, str]) -> Wish:
    """What was filled in; raises `UsageError` with a sentence for the person."""
    try:
        return Wish.model_validate(dict(fields))
    except ValidationError as err:
        wrong = {str(error["loc"][0]) for error in err.errors() if error["loc"]}
        if "item" in wrong:
            raise UsageError("Choose what to practise first.") from None
        if "minutes" in wrong:
            most = MINUTES.stop - 1
            raise UsageError(f"A round takes {MINUTES.start} to {most} minutes.") from None
        raise UsageError("This form was not filled in on the start page: open it anew.") from None


def settings_of(library: Library, wish: Wish) -> InterviewSettings:
    """The interview that is wished for; raises `UsageError`, and `UnknownItem`."""
    rounds, level = _rounds(library, wish)
    manner = Manner(wish.style, float(wish.extra_time))
    return interview_settings(library, rounds, wish.level or level, manner, PERSON)


def _rounds(library: Library, wish: Wish) -> tuple[tuple[RoundSpec, ...], Level]:
    if wish.item.startswith(DRILL):
        return _drill(library, wish)
    item = next((one for one in library if one.id == wish.item), None)
    if isinstance(item, Plan):
        if wish.minutes is not None:
            raise UsageError("A loop has its own times: leave the minutes empty.")
        return planned_rounds(library, item.id), item.level
    if isinstance(item, StoryPrompt):
        return (story_round(library, item.id, wish.minutes),), item.level
    return (design_round(library, wish.item, wish.minutes),), library.scenario(wish.item).level


def _drill(library: Library, wish: Wish) -> tuple[tuple[RoundSpec, ...], Level]:
    found = _of_topic(library, wish.item.removeprefix(DRILL))
    if not found:
        raise UsageError("No pack holds a question on that topic: choose another one.")
    drawn = random.sample(found, min(wish.questions, len(found)))
    levels = list(Level)
    drawn.sort(key=lambda question: levels.index(question.level))
    ids = [question.id for question in drawn]
    return (drill_round(library, ids, wish.minutes),), drawn[-1].level


def _of_topic(library: Library, topic: str) -> list[Question]:
    return [one for one in library.questions if topic in (ANY_TOPIC, one.topic.value)]
