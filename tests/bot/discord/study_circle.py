"""A study group on the local Discord, and a graded interview of one of its members."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from card_owner import START, drilled
from conftest import Hall

from bot.discord.people import owner_of
from bot.wiring import App
from interviewer.session import new_interview_id
from scoring.groups import Role, Terms, change_role
from storage.groups import StoredGroup, change_group, create_group
from storage.invitations import accept_invitation, add_invitation
from tests.discord_stub import Call, Person
from tests.discord_stub.interactions import COMPONENT
from tests.discord_stub.messages import Message

QUESTIONS = ("what-is-a-token", "agent-vs-chain")
ANSWERS = (
    "At Initech a token is a piece of a word; the tokenizer cuts text into them, and the price "
    "and the window are counted in tokens.",
    "That is all that I know about them.",
    "An agent chooses its own steps with tools, a chain has fixed ones that we at Initech wrote.",
)
NAME = "Evenings"


@dataclass
class Circle:
    """A server with a channel, and people on it; the first owns the group."""

    hall: Hall
    guild: Any
    channel: Any
    people: tuple[Person, ...]
    group: StoredGroup | None = None

    @property
    def app(self) -> App:
        """Of the bot that runs now."""
        return self.hall.bot.app

    def thread(self):
        """The only thread under the channel."""
        (found,) = [one for one in self.guild.channels.values() if one.is_thread]
        return found


async def open_circle(hall: Hall, *names: str, group: bool = True) -> Circle:
    """A server with these people; with `group` they are one."""
    people = tuple(hall.stub.add_user(name) for name in names)
    admin = hall.stub.add_user("admin")
    guild = hall.stub.add_guild("Study", members=list(people), owner=admin)
    channel = guild.text_channel("reviews")
    circle = Circle(hall, guild, channel, people)
    if group:
        circle.group = await found_group(circle)
    return circle


async def found_group(circle: Circle, name: str = NAME) -> StoredGroup:
    """The first person founds it, the others are let in."""
    owner, *others = circle.people
    database, now = circle.app.database, circle.app.services.clock.now()
    server = str(circle.guild.id)
    stored = await create_group(
        database, server, str(circle.channel.id), name=name, owner=owner_of(owner), now=now
    )
    for person in others:
        invitation = await add_invitation(
            database, server, stored.id, by=owner_of(owner), terms=Terms(), now=now
        )
        stored = await accept_invitation(database, server, invitation.code, owner_of(person), now)
    return stored


async def give_role(circle: Circle, person: Person, role: Role) -> None:
    """The owner gives a member a role."""
    owner = owner_of(circle.people[0])
    await change_group(
        circle.app.database,
        circle.group.server,
        circle.group.id,
        lambda group: change_role(group, owner, owner_of(person), role),
    )


async def graded_interview(
    hall: Hall, person: Person, answers: tuple[str, ...] = ANSWERS, **more
) -> str:
    """A drill of two questions that the person took, with its card; returns its id."""
    interview = new_interview_id()
    days = (datetime.now(UTC) - START).days
    return await drilled(
        hall, person, interview, questions=QUESTIONS, answers=answers, days=days, **more
    )


async def forge(
    person: Person, source: Message, custom_id: str, values: tuple[str, ...] = ()
) -> Call:
    """Use a control that the message does not have, as no client of Discord's would.

    `source` is any message there. With `values` the control is a menu.
    """
    control: dict[str, Any] = {"id": 2, "custom_id": custom_id}
    if values:
        options = [{"label": value, "value": value} for value in values]
        control |= {"type": 3, "options": options, "min_values": 1, "max_values": 1}
    else:
        control |= {"type": 2, "style": 2, "label": "forged"}
    forged = copy.copy(source)
    forged.components = [{"type": 1, "id": 1, "components": [control]}]
    forged.drawn = None
    data = {"custom_id": custom_id, "component_type": control["type"], "id": 2}
    data |= {"values": list(values)} if values else {}
    owners = {"0": str(source.channel.guild.id) if source.channel.guild else "0"}
    return await person._acts(COMPONENT, source.channel, data, owners, source=forged)


async def shared_card(circle: Circle, candidate: Person, **options) -> str:
    """The candidate shares a graded interview through the bot; returns its id."""
    interview = await graded_interview(circle.hall, candidate)
    await share(circle, candidate, interview, **options)
    return interview


async def share(circle: Circle, candidate: Person, interview: str, **options) -> None:
    """Through the command, the look at it, and the button."""
    call = await candidate.runs(circle.channel, "/scorecard share", interview=interview, **options)
    offer = await call.finished()
    await candidate.presses(offer, "Share")
    await candidate.sees(circle.channel, r"Shared: <#\d+>")


async def rates(
    person: Person, circle: Circle, *ratings: str, comment: str = "", on: Message | None = None
) -> Call:
    """Give these ratings, one a stage, by the first letters of their labels; not handed in yet.

    `on` is the posted card, the newest where none is given.
    """
    sheet = await person.presses(on or circle.channel, "Rate")
    call = sheet
    for index, rating in enumerate(ratings):
        form = await person.picks(call, "Rate a stage …", [str(index)])
        call = await person.fills(
            form, {"Rating": rating, "Comment": f"{comment}{index}" if comment else ""}
        )
    return call


async def hands_in(
    person: Person, circle: Circle, *ratings: str, comment: str = "", on: Message | None = None
) -> Call:
    """Give these ratings and hand them in."""
    call = await rates(person, circle, *ratings, comment=comment, on=on)
    return await person.presses(call, "Hand in")


async def unshare(place, candidate: Person, interview: str) -> Call:
    """Through the command and its question; what was said of it."""
    asked = await candidate.runs(place, "/scorecard unshare", interview=interview)
    done = await candidate.presses(await asked.finished(), "Unshare")
    await done.finished()
    return done
