"""What can be chosen on Discord, and what a choice means."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import discord
from discord.app_commands import Choice

from bot.discord.calls.captions import CaptionMode
from bot.discord.interviews.openings import Wanted
from bot.discord.text import cut, one_line
from bot.doors import UsageError
from bot.rounds import (
    EXTRA_TIMES,
    FIRST,
    Manner,
    design_round,
    drill_round,
    planned_rounds,
    story_round,
)
from interviewer.state import Style
from scenarios.load import Library
from scenarios.model import Level, Plan, Question, Scenario, StoryPrompt, Topic
from scenarios.rounds import topic_title

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

MOST_CHOICES = 25
"""Discord's limit on what autocompletion may offer."""

CHOICE_LENGTH = 100

ROUND_CHOICES = [
    Choice(name="System design", value="design"),
    Choice(name="Behavioural", value="behavioural"),
    Choice(name="Drill", value="drill"),
    Choice(name="Loop: several rounds in a row", value="loop"),
]
LEVEL_CHOICES = [Choice(name=level.value.capitalize(), value=level.value) for level in Level]
TOPIC_CHOICES = [Choice(name=topic_title(topic), value=topic.value) for topic in Topic]
STYLE_CHOICES = [Choice(name=style.value.capitalize(), value=style.value) for style in Style]
EXTRA_CHOICES = [
    Choice(name=f"× {factor}", value=factor) for factor in EXTRA_TIMES if factor != "1"
]

VOICE = "voice"
MODE_CHOICES = [Choice(name="In writing", value="text"), Choice(name="Voice", value=VOICE)]
CAPTION_CHOICES = [
    Choice(name="After each answer", value=CaptionMode.AFTER.value),
    Choice(name="Live, while I speak", value=CaptionMode.LIVE.value),
    Choice(name="None", value=CaptionMode.OFF.value),
]

Item = Scenario | StoryPrompt | Question | Plan


class Wish(NamedTuple):
    """The options of a command; None where one was left out."""

    round: str | None = None
    item: str | None = None
    level: str | None = None
    role: str | None = None
    minutes: float | None = None
    style: str | None = None
    extra_time: str | None = None
    rate_first: bool | None = None
    topic: str | None = None
    mode: str | None = None
    captions: str | None = None


def wanted_of(library: Library, wish: Wish) -> Wanted:
    """What is meant; raises `UsageError` for what does not go together, `UnknownItem`."""
    kind = wish.round or ("loop" if wish.role else _kind_of(library, wish.item))
    if wish.role and kind != "loop":
        raise UsageError("A role belongs to a loop: leave the round out, or choose Loop.")
    if wish.minutes and kind == "loop":
        raise UsageError("A loop has its own times: leave the minutes out.")
    manner = Manner(Style(wish.style or Style.NEUTRAL), float(wish.extra_time or 1))
    item = _item(library, kind, wish)
    level = Level(wish.level) if wish.level else item.level
    if isinstance(item, Plan):
        rounds = planned_rounds(library, item.id)
    elif isinstance(item, Scenario):
        rounds = (design_round(library, item.id, wish.minutes),)
    elif isinstance(item, StoryPrompt):
        rounds = (story_round(library, item.id, wish.minutes),)
    else:
        rounds = (drill_round(library, [item.id], wish.minutes),)
    return Wanted(rounds, level, manner, wish.rate_first, _captions(wish))


def _captions(wish: Wish) -> CaptionMode | None:
    """How a candidate's words are shown in a call; None where there is none."""
    if wish.mode != VOICE:
        if wish.captions:
            raise UsageError("Captions belong to a call: choose the mode Voice, or leave them out.")
        return None
    return CaptionMode(wish.captions or CaptionMode.AFTER)


def _kind_of(library: Library, item: str | None) -> str:
    """The kind of the item that was named; a design round where none was."""
    found = next((one for one in library if one.id == item), None)
    kinds: dict[type, str] = {StoryPrompt: "behavioural", Question: "drill", Plan: "loop"}
    return kinds.get(type(found), "design")


def _item(library: Library, kind: str, wish: Wish) -> Item:
    look_up = {
        "design": library.scenario,
        "behavioural": library.prompt,
        "drill": library.question,
        "loop": library.plan,
    }
    if wish.item is not None:
        return _of_topic(look_up[kind](wish.item), wish.topic)
    offered = items_of(library, kind)
    if wish.topic:
        offered = [one for one in offered if isinstance(one, Question) and one.topic == wish.topic]
    if wish.role:
        offered = [one for one in offered if isinstance(one, Plan) and one.role == wish.role]
    if wish.level:
        offered = [one for one in offered if one.level == wish.level] or offered
    if not offered:
        raise UsageError("No pack holds that: `/packs` shows what there is.")
    # Any question of a drill will do, and another one the next time.
    return random.choice(offered) if kind == "drill" else offered[0]  # noqa: S311


def _of_topic(item: Item, topic: str | None) -> Item:
    """The item, which a topic must fit that was named as well; raises `UsageError`."""
    if topic and isinstance(item, Question) and item.topic != topic:
        raise UsageError(
            f"That question is about {topic_title(item.topic)}, not {topic_title(Topic(topic))}: "
            "leave the topic out, or choose another question."
        )
    return item


def items_of(library: Library, kind: str) -> Sequence[Item]:
    """The items of a kind of round, those for a newcomer first."""
    by_kind: dict[str, Sequence[Item]] = {
        "design": library.scenarios,
        "behavioural": library.prompts,
        "drill": library.questions,
        "loop": library.plans,
    }
    return sorted(by_kind[kind], key=lambda one: one.id not in FIRST)


async def complete_item(
    interaction: discord.Interaction[HotseatBot], typed: str
) -> list[Choice[str]]:
    """Items of the round that was chosen, by what was typed of title or id."""
    library = interaction.client.app.services.library
    kind = interaction.namespace.round
    kinds = [kind] if kind else ["design", "behavioural", "loop"]
    return offer((item for one in kinds for item in items_of(library, one)), typed)


async def complete_role(
    interaction: discord.Interaction[HotseatBot], typed: str
) -> list[Choice[str]]:
    """The roles that there are loops for."""
    roles = {plan.role: None for plan in interaction.client.app.services.library.plans}
    return [
        Choice(name=cut(one_line(role), CHOICE_LENGTH), value=role)
        for role in roles
        if typed.casefold() in role.casefold() and len(role) <= CHOICE_LENGTH
    ][:MOST_CHOICES]


def offer(items: Iterable[Item], typed: str) -> list[Choice[str]]:
    """Choices whose title or id holds every word that was typed."""
    words = typed.casefold().split()
    found = [(one.id, title_of_item(one)) for one in items]
    return [
        Choice(name=cut(one_line(title), CHOICE_LENGTH), value=item)
        for item, title in found
        if all(word in f"{item} {title}".casefold() for word in words)
    ][:MOST_CHOICES]


def title_of_item(item: Item) -> str:
    """Its title; of a question the question itself."""
    return item.ask if isinstance(item, Question) else item.title
