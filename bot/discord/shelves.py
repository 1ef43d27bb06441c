"""What the packs hold, sorted onto shelves as a candidate may see it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.discord.interviews.choices import Item, items_of, title_of_item
from bot.discord.views.packs import Entry, Shelf
from bot.rounds import planned_rounds
from scenarios.load import Library
from scenarios.model import Plan, Question, Scenario, StoryPrompt, Topic
from scenarios.rounds import topic_title

_TITLES = {
    "design": "System design scenarios",
    "behavioural": "Stories: behavioural rounds",
    "loop": "Loops: several rounds in a row",
}


def shelves_of(library: Library) -> tuple[Shelf, ...]:
    """Scenarios, stories and loops, then the drill questions of each topic that has some."""
    rounds = (
        Shelf(kind, title, tuple(_entry(library, item) for item in items_of(library, kind)))
        for kind, title in _TITLES.items()
    )
    return (*rounds, *_drills(library))


def _drills(library: Library) -> Iterator[Shelf]:
    for topic in Topic:
        questions = [one for one in library.questions if one.topic is topic]
        if questions:
            entries = tuple(_entry(library, one) for one in questions)
            yield Shelf(f"drill-{topic.value}", f"Drill: {topic_title(topic)}", entries)


def _entry(library: Library, item: Item) -> Entry:
    terms = f"{item.level.value.capitalize()} · {_minutes(library, item):g} minutes"
    return Entry(item.id, title_of_item(item), terms, _brief(item))


def _minutes(library: Library, item: Item) -> float:
    if isinstance(item, Plan):
        return sum(spec.minutes for spec in planned_rounds(library, item.id))
    return item.minutes


def _brief(item: Item) -> str:
    """What it is about; a question says that by itself."""
    match item:
        case Scenario():
            return item.brief
        case StoryPrompt():
            return item.ask
        case Plan():
            return item.note
        case Question():
            return ""
