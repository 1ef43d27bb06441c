"""One's own interviews: looked up by what came from outside, and offered while one types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import discord
from discord.app_commands import Choice

from bot.discord.interviews.choices import CHOICE_LENGTH, MOST_CHOICES
from bot.discord.people import owner_of
from bot.discord.scorecards.cards import is_closed
from bot.discord.text import cut, one_line
from bot.doors import UsageError
from bot.rounds import title_of
from bot.wiring import App
from interviewer.state import InterviewSettings
from scenarios.documents import ContentError
from scenarios.load import Library
from scoring.render.wording import KIND_WORDS, when
from storage.errors import DatabaseCorruptError
from storage.scorecards import InterviewDates, interview_dates, list_scorecards

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

Interaction = discord.Interaction["HotseatBot"]

NOTHING_YET = (
    "You have no {what} yet. `/drill` asks a single question and grades it at once; "
    "`/interview start` begins a whole round."
)
_DAMAGED = "Damaged interview"


class Own(NamedTuple):
    """One of a person's interviews; `title` is None where its rows cannot be read."""

    dates: InterviewDates
    title: str | None

    @property
    def id(self) -> str:
        """The interview's id."""
        return self.dates.interview_id

    @property
    def is_over(self) -> bool:
        """Whether it has ended, so that there is a card."""
        return self.dates.finished_at is not None

    @property
    def label(self) -> str:
        """Title and date on one line of plain text, as a choice takes it."""
        begun = when(self.dates.started_at) + ("" if self.is_over else ", not over")
        title = cut(one_line(self.title or _DAMAGED), CHOICE_LENGTH - len(begun) - 3)
        return f"{title} · {begun}"


async def own_interviews(app: App, owner: str) -> tuple[Own, ...]:
    """The person's interviews, latest first, also those that cannot be read."""
    titles: dict[str, str] = {}
    try:
        for one in await list_scorecards(app.database, owner):
            titles[one.interview_id] = _title(one.settings, app.services.library)
    except DatabaseCorruptError:
        titles.clear()
    found: list[Own] = []
    for dates in await interview_dates(app.database, owner):
        title = titles.get(dates.interview_id) or await _read_title(app, dates.interview_id)
        found.append(Own(dates, title))
    return tuple(found)


async def own_interview(interaction: Interaction, interview_id: str | None) -> str:
    """The id, if it is of an interview of this person; the latest where none was named.

    Raises `UsageError`, the same whether it is somebody else's or nobody's.
    """
    return _chosen(await _dates(interaction), interview_id, "interview")


async def own_graded(interaction: Interaction, interview_id: str | None) -> str:
    """As `own_interview`, of those that are over and have a card."""
    mine = await _dates(interaction)
    if any(one.interview_id == interview_id and one.finished_at is None for one in mine):
        raise UsageError(
            "That interview is not over, so it has no card yet: `/interview resume` goes on with "
            "it, `/interview end` ends it."
        )
    return _chosen([one for one in mine if one.finished_at], interview_id, "scorecard")


async def own_open_card(interaction: Interaction, interview_id: str | None) -> str:
    """As `own_graded`, of those whose ratings the person may see already."""
    found = await own_graded(interaction, interview_id)
    if await is_closed(interaction.client.app, found):
        raise UsageError(
            "You wanted to rate that interview yourself first, and its card is still closed. "
            "`/scorecard show` lets you rate it, or opens it."
        )
    return found


async def complete_own(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """The person's interviews, by what was typed of title or date."""
    app = interaction.client.app
    return _offer(await own_interviews(app, owner_of(interaction.user)), typed)


async def complete_graded(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """As `complete_own`, of those that have a card."""
    app = interaction.client.app
    mine = await own_interviews(app, owner_of(interaction.user))
    return _offer((one for one in mine if one.is_over), typed)


async def _dates(interaction: discord.Interaction[HotseatBot]) -> tuple[InterviewDates, ...]:
    return await interview_dates(interaction.client.app.database, owner_of(interaction.user))


def _offer(mine: Iterable[Own], typed: str) -> list[Choice[str]]:
    words = typed.casefold().split()
    return [
        Choice(name=one.label, value=one.id)
        for one in mine
        if all(word in f"{one.id} {one.label}".casefold() for word in words)
    ][:MOST_CHOICES]


def _chosen(mine: Iterable[InterviewDates], interview_id: str | None, what: str) -> str:
    ids = [one.interview_id for one in mine]
    if interview_id is None:
        if not ids:
            raise UsageError(NOTHING_YET.format(what=what))
        return ids[0]
    if interview_id not in ids:
        raise UsageError(
            "That is not an interview of yours. Choose one from the list that opens while you "
            "type; `/scorecard list` shows them all."
        )
    return interview_id


async def _read_title(app: App, interview_id: str) -> str | None:
    try:
        stored = await app.services.store.interview(interview_id)
    except DatabaseCorruptError:
        return None
    return _title(stored.settings, app.services.library)


def _title(settings: InterviewSettings, library: Library) -> str:
    """The rounds in a row; by kind and ids where the library no longer has them."""
    try:
        return title_of(library, settings.rounds)
    except ContentError:
        return " · ".join(
            f"{KIND_WORDS[spec.kind]}: {', '.join(spec.items)}" for spec in settings.rounds
        )
