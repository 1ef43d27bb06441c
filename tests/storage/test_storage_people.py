"""Everything about a person can be had, and can be gone, in whatever table it is."""

import json

import pytest
from call_samples import account_of, spend
from group_samples import (
    FIRST,
    SECOND,
    SERVER,
    give_role,
    graded,
    groups_on,
    mark_of,
    share_one,
    study_group,
    unshared,
)
from sqlalchemy import select
from storage_samples import START, minutes, settings_of

from interviewer.ports import InterviewNotFoundError
from scoring.disputes import Dispute, Override, ReviewerRole
from scoring.groups import Group, Member, Role, Terms, change_role, leave
from scoring.verdicts import Verdict
from storage.checkpoints import export_thread, open_saver
from storage.database import Database
from storage.groups import StoredGroup, change_group, groups_of, load_group
from storage.interviews import SqlStore
from storage.invitations import (
    accept_invitation,
    add_invitation,
    find_invitation,
    invitations_into,
)
from storage.notes import add_dispute, add_override, notes_of
from storage.people import (
    GONE,
    delete_person,
    export_own_interview,
    export_person,
    handed_on,
    retention_of,
    set_retention,
    shares_going_with,
)
from storage.scorecards import interview_dates
from storage.self_ratings import mark_card_opened
from storage.shares import Share, add_share, shares_in
from storage.sheets import load_review, rate_share, submit_sheet
from storage.sights import mark_ratings_seen
from storage.tables import METADATA

WORDS = "The unmistakable words of bob"
ANSWERED = "The equally unmistakable answer"


async def hand_in(database: Database, share: Share, person: str, comment: str = "") -> None:
    """The person rates both stages and submits."""
    for key in (FIRST, SECOND):
        await rate_share(database, SERVER, share.id, person, mark_of(key, 2, comment))
    await submit_sheet(database, SERVER, share.id, person, minutes(60))


async def live(database: Database, store: SqlStore) -> tuple[StoredGroup, Share, Share]:
    """Bob, a reviewer in ada's group, leaves something in every table; ada's own is with it."""
    group = await give_role(database, await study_group(database), "bob", Role.REVIEWER)
    hers = await share_one(database, store, group)
    card = await graded(store, "two", "bob")
    his = await add_share(
        database, SERVER, group.id, unshared(card, "bob"), interview_id="two", at=minutes(41)
    )
    await hand_in(database, hers, "bob", WORDS)
    await rate_share(database, SERVER, hers.id, "eve", mark_of(FIRST))
    await hand_in(database, his, "ada", "of ada")
    dispute = Dispute("d", 1, 0, "scope/load", "I said it.", minutes(50))
    await add_dispute(database, "one", dispute, by="ada")
    override = Override("d", Verdict.HIT, ANSWERED, ReviewerRole.REVIEWER, minutes(51))
    await add_override(database, SERVER, hers.id, override, by="bob")
    await mark_ratings_seen(database, "one", "bob", minutes(61))
    await set_retention(database, "bob", 30)
    await spend(database, 0.25, account_of("two", "bob"))
    return group, hers, his


async def everything(database: Database) -> str:
    """Every row of every table as text."""
    tables = [select(table) for table in METADATA.sorted_tables]
    return await database.run(
        lambda c: "\n".join(str(tuple(row)) for one in tables for row in c.execute(one))
    )


async def test_a_retention_time_is_set_and_unset(database: Database) -> None:
    """The last one counts; unset leaves no row behind."""
    assert await retention_of(database, "ada") is None
    await set_retention(database, "ada", 30)
    await set_retention(database, "ada", 7)
    assert await retention_of(database, "ada") == 7
    with pytest.raises(ValueError, match="one day"):
        await set_retention(database, "ada", 0)

    await set_retention(database, "ada", None)

    assert await retention_of(database, "ada") is None
    assert "ada" not in await everything(database)


async def test_the_export_holds_everything(database: Database, store: SqlStore) -> None:
    """JSON with interviews, settings, memberships, invitations and what the person wrote."""
    group, hers, _ = await live(database, store)
    made = await add_invitation(
        database, SERVER, group.id, by="bob", terms=Terms(person="dan"), now=START
    )

    export = json.loads(json.dumps(await export_person(database, "bob")))

    assert export["person"] == "bob"
    assert export["interviews"].keys() == {"two"}
    assert export["interviews"]["two"]["scorecards"][0]["card"]["interview_id"] == "two"
    assert export["people"] == [{"person": "bob", "retention_days": 30}]
    assert [(one["group_id"], one["role"]) for one in export["members"]] == [(group.id, "reviewer")]
    assert [one["code"] for one in export["invitations"]] == [made.code]
    assert [one["share_id"] for one in export["sheets"]] == [hers.id]
    assert export["sheets"][0]["sheet"]["marks"][0]["comment"] == WORDS
    assert [one["override"]["reason"] for one in export["overrides"]] == [ANSWERED]
    assert [(one["interview_id"], one["at"]) for one in export["sights"]] == [
        ("one", minutes(61).isoformat())
    ]
    assert '"eve"' not in json.dumps(export)


async def test_the_export_opens_no_closed_review(database: Database, store: SqlStore) -> None:
    """What peers gave comes once the own sheet is submitted; never drafts, never who wrote it."""
    _, hers, _ = await live(database, store)
    before = await export_own_interview(database, "ada", "one")
    await hand_in(database, hers, "ada", "of ada")

    after = await export_own_interview(database, "ada", "one")

    assert before["sheets"] == []
    assert [one["sheet"]["marks"][0]["comment"] for one in after["sheets"]] == ["of ada", WORDS]
    assert "'bob'" not in str(after)
    assert after["overrides"][0]["override"]["reason"] == ANSWERED


async def test_a_card_that_was_opened_and_not_rated_is_exported(
    database: Database, store: SqlStore
) -> None:
    """When it was opened is stored without a sheet, and comes along."""
    await graded(store)
    await mark_card_opened(database, "one", minutes(62))

    export = await export_own_interview(database, "ada", "one")

    assert [one["sheet"] for one in export["own_sheets"]] == [None]
    assert export["own_sheets"][0]["card_opened_at"] == minutes(62).isoformat()


async def test_nobody_exports_the_interview_of_another(database: Database, store: SqlStore) -> None:
    """It is as unknown as one that is not there."""
    await graded(store)
    with pytest.raises(InterviewNotFoundError):
        await export_own_interview(database, "bob", "one")


async def test_a_deleted_person_is_nowhere(database: Database, store: SqlStore) -> None:
    """No table names them, no file holds their words; what others own is as it was."""
    from langgraph.checkpoint.base import empty_checkpoint

    group, hers, _ = await live(database, store)
    async with open_saver(database.checkpoint_path) as saver:
        config = {"configurable": {"thread_id": "two", "checkpoint_ns": ""}}
        await saver.aput(config, empty_checkpoint(), {"step": 1}, {})
    await delete_person(database, "bob")

    assert "bob" not in await everything(database)
    assert await interview_dates(database, "bob") == ()
    assert await groups_of(database, "bob") == ()
    assert not any(map(len, (await export_thread(database.checkpoint_path, "two")).values()))
    left = (await load_group(database, SERVER, group.id)).group
    assert [(one.person, one.role) for one in left.members] == [
        ("ada", Role.OWNER),
        ("eve", Role.MEMBER),
    ]
    review = await load_review(database, SERVER, hers.id)
    assert [one.rater for one in review.sheets] == ["eve"]
    notes = await notes_of(database, "one")
    assert (len(notes.disputes), notes.overrides) == (1, ())
    for path in database.path.parent.glob("hotseat*"):
        assert WORDS.encode() not in path.read_bytes()
        assert ANSWERED.encode() not in path.read_bytes()


async def test_deleting_again_changes_nothing(database: Database, store: SqlStore) -> None:
    """Nor does deleting somebody who was never there."""
    await live(database, store)
    await delete_person(database, "bob")
    before = await everything(database)

    await delete_person(database, "bob")
    await delete_person(database, "nobody")

    assert await everything(database) == before


async def test_a_used_invitation_stays_used(database: Database) -> None:
    """Whose use it was is forgotten, that it was one is not."""
    group = await study_group(database, others=())
    made = await add_invitation(database, SERVER, group.id, by="ada", terms=Terms(), now=START)
    await accept_invitation(database, SERVER, made.code, "bob", minutes(1))

    await delete_person(database, "bob")

    found = await find_invitation(database, SERVER, made.code)
    assert found.invitation.used_by == (GONE,)


async def test_invitations_by_and_for_the_person_go(database: Database) -> None:
    """A group is not entered on the word of somebody who is gone."""
    group = await give_role(database, await study_group(database), "bob", Role.REVIEWER)
    for by, terms in (("bob", Terms()), ("ada", Terms(person="bob_2")), ("ada", Terms())):
        await add_invitation(database, SERVER, group.id, by=by, terms=terms, now=START)
    await delete_person(database, "bob_2")
    await delete_person(database, "bob")

    left = await invitations_into(database, SERVER, group.id)
    assert [one.by for one in left if not one.used_by] == ["ada"]


async def test_a_group_passes_to_whoever_was_in_it_longest(
    database: Database, store: SqlStore
) -> None:
    """Where nobody else owns it; what is shared there stays."""
    group, _, his = await live(database, store)

    await delete_person(database, "ada")

    left = (await load_group(database, SERVER, group.id)).group
    assert [(one.person, one.role) for one in left.members] == [
        ("bob", Role.OWNER),
        ("eve", Role.MEMBER),
    ]
    assert [one.id for one in await shares_in(database, SERVER, group.id)] == [his.id]


async def test_an_empty_group_goes_with_its_last_member(
    database: Database, store: SqlStore
) -> None:
    """Also the shares of those who left it; they are named before, to be taken down."""
    group = await study_group(database, others=("eve",))
    share = await share_one(database, store, group)
    await change_group(
        database, SERVER, group.id, lambda one: change_role(one, "ada", "eve", Role.OWNER)
    )
    await change_group(database, SERVER, group.id, lambda one: leave(one, "ada"))
    assert await shares_going_with(database, "eve") == (share,)

    await delete_person(database, "eve")

    assert await groups_on(database, SERVER) == ()
    assert [one.interview_id for one in await interview_dates(database, "ada")] == ["one"]


async def test_the_shares_that_go_are_named(database: Database, store: SqlStore) -> None:
    """Those of the person's interviews, where the group goes on."""
    _, hers, his = await live(database, store)

    assert await shares_going_with(database, "bob") == (his,)
    assert await shares_going_with(database, "ada") == (hers,)
    assert await shares_going_with(database, "eve") == ()


async def test_open_interviews_go_too(database: Database, store: SqlStore) -> None:
    """Whether they are over or not."""
    await store.create_interview("open", settings_of("bob"), START)

    await delete_person(database, "bob")

    assert await interview_dates(database, "bob") == ()


def test_a_second_owner_inherits_nothing_more() -> None:
    """Where somebody else owns the group already, roles stay as they are."""
    group = Group(
        "g",
        "Evenings",
        (
            Member("ada", Role.OWNER, minutes(0)),
            Member("bob", Role.MEMBER, minutes(1)),
            Member("eve", Role.OWNER, minutes(2)),
        ),
    )

    left = handed_on(group, "ada")

    assert left is not None
    assert [(one.person, one.role) for one in left.members] == [
        ("bob", Role.MEMBER),
        ("eve", Role.OWNER),
    ]
    assert handed_on(Group("g", "Alone", group.members[:1]), "ada") is None
