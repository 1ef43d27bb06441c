"""A study group of three on one server, and a graded interview that is shared with it."""

from sqlalchemy import select
from storage_samples import START, card_of, minutes, settings_of

from scoring.groups import Role, Terms, change_role
from scoring.record import Ending
from scoring.scorecard import Scorecard
from scoring.sheets import BlindReview, Mark, Quote, Sheet, StageKey, stages_of
from scoring.transcript import Speaker, Turn
from storage.database import Database
from storage.groups import StoredGroup, change_group, create_group, read_groups
from storage.interviews import SqlStore
from storage.invitations import accept_invitation, add_invitation
from storage.shares import Share, add_share
from storage.tables import GROUPS

SERVER, ELSEWHERE, CHANNEL = "100", "200", "7"
FIRST, SECOND = StageKey(0, "scope"), StageKey(1, "scope")
ANSWER = "Ten agents, and a queue in front."


async def study_group(
    database: Database, owner: str = "ada", others: tuple[str, ...] = ("bob", "eve")
) -> StoredGroup:
    """The owner founds it, the others join in this order, a minute after each other."""
    group = await create_group(database, SERVER, CHANNEL, name="Evenings", owner=owner, now=START)
    for number, person in enumerate(others, start=1):
        group = await let_in(database, group, person, number)
    return group


async def groups_on(database: Database, server: str) -> tuple[StoredGroup, ...]:
    """The server's groups, the oldest first."""
    statement = select(GROUPS).where(GROUPS.c.server == server)
    return await database.run(lambda connection: read_groups(connection, statement))


async def let_in(
    database: Database, group: StoredGroup, person: str, after: float = 1
) -> StoredGroup:
    """The person joins by an invitation of the first member."""
    by = group.group.members[0].person
    invitation = await add_invitation(
        database, group.server, group.id, by=by, terms=Terms(), now=START
    )
    return await accept_invitation(database, group.server, invitation.code, person, minutes(after))


async def give_role(database: Database, group: StoredGroup, person: str, role: Role) -> StoredGroup:
    """An owner gives the person the role."""
    owner = group.group.members[0].person
    return await change_group(
        database, group.server, group.id, lambda one: change_role(one, owner, person, role)
    )


def spoken_card(interview_id: str = "one") -> Scorecard:
    """The sample card with one answer in its first stage."""
    turn = Turn("t0001", 0, Speaker.CANDIDATE, ANSWER, 0, "scope", START)
    return card_of(interview_id).model_copy(update={"transcript": (turn,)})


async def graded(store: SqlStore, interview_id: str = "one", owner: str = "ada") -> Scorecard:
    """A finished interview and its card."""
    await store.create_interview(interview_id, settings_of(owner), START)
    card = spoken_card(interview_id)
    await store.finish_interview(interview_id, card, Ending.COMPLETED, minutes(30))
    return card


def unshared(card: Scorecard, candidate: str = "ada", *sheets: Sheet) -> BlindReview:
    """The review as the candidate has it before sharing."""
    return BlindReview("", candidate, card, stages_of(card, {}), sheets=sheets)


async def share_one(
    database: Database, store: SqlStore, group: StoredGroup, interview_id: str = "one"
) -> Share:
    """A graded interview of ada, shared with the group."""
    card = await graded(store, interview_id)
    return await add_share(
        database, SERVER, group.id, unshared(card), interview_id=interview_id, at=minutes(40)
    )


def mark_of(key: StageKey, rating: int | None = 3, comment: str = "", **more: Quote) -> Mark:
    """What somebody says of the stage."""
    return Mark(key.round_index, key.stage, rating, comment, more.get("quote"), minutes(50))
