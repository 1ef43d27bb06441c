"""A shared card stays as it was shared; a sheet changes until it is submitted and never after."""

import asyncio
import traceback

import pytest
from group_samples import (
    ANSWER,
    CHANNEL,
    ELSEWHERE,
    FIRST,
    SECOND,
    SERVER,
    give_role,
    graded,
    mark_of,
    share_one,
    study_group,
    unshared,
)
from sqlalchemy import select, update
from storage_samples import card_of, minutes

from interviewer.ports import InterviewNotFoundError
from scoring.agreement import Agreement
from scoring.columns import columns
from scoring.group_figures import group_agreement
from scoring.groups import NotAllowedError, NotAMemberError, Role, leave
from scoring.redact import redact
from scoring.review import (
    AlreadyRatedError,
    BadQuoteError,
    IncompleteReviewError,
    NotOpenYetError,
    Viewer,
)
from scoring.sheets import Quote, Sheet
from storage.database import Database
from storage.errors import (
    DatabaseCorruptError,
    GroupNotFoundError,
    ShareExistsError,
    ShareNotFoundError,
)
from storage.groups import StoredGroup, change_group
from storage.interviews import SqlStore
from storage.scorecards import delete_interview, insert_card, load_scorecard
from storage.self_ratings import mark_card_opened
from storage.shares import (
    Share,
    add_share,
    load_share,
    place_share,
    remove_share,
    shares_in,
    shares_of_interview,
)
from storage.sheets import load_review, rate_share, reviews_in, submit_sheet
from storage.sights import mark_ratings_seen
from storage.tables import SHARES, SHEETS, SIGHTS


@pytest.fixture
async def group(database: Database) -> StoredGroup:
    """Ada owns it, bob and eve are members."""
    return await study_group(database)


@pytest.fixture
async def share(database: Database, store: SqlStore, group: StoredGroup) -> Share:
    """Ada's interview, shared."""
    return await share_one(database, store, group)


async def hand_in(database: Database, share: Share, person: str, *ratings: int | None) -> None:
    """The person rates both stages and submits."""
    for key, rating in zip((FIRST, SECOND), ratings, strict=True):
        await rate_share(database, SERVER, share.id, person, mark_of(key, rating))
    await submit_sheet(database, SERVER, share.id, person, minutes(60))


async def test_a_share_is_kept_as_it_was_shared(
    database: Database, store: SqlStore, group: StoredGroup
) -> None:
    """Names stay out, the own sheet comes along, a later revision of the card changes nothing."""
    card = await graded(store)
    redacted = redact(card, ["ten"], anonymous=True)
    own = Sheet("ada", (mark_of(FIRST), mark_of(SECOND)), minutes(35))
    given = unshared(redacted.card, "ada", redacted.sheet(own))

    share = await add_share(database, SERVER, group.id, given, interview_id="one", at=minutes(40))
    later = card_of(revision=2)
    await database.run(lambda c: insert_card(c, "one", later, minutes(90)))

    review = await load_review(database, SERVER, share.id)
    assert review.card == redacted.card
    assert ANSWER not in review.card.transcript[0].text
    assert (review.id, review.candidate, review.stages) == (share.id, "ada", given.stages)
    assert review.sheets == given.sheets
    assert (share.interview_id, share.channel, share.at) == ("one", CHANNEL, minutes(40))


async def test_only_the_candidate_shares_and_only_once(
    database: Database, store: SqlStore, group: StoredGroup, share: Share
) -> None:
    """Nobody shares for others, from outside the group, or what is not there."""
    card = await graded(store, "two", "dan")
    for review, interview_id, error in (
        (unshared(card, "ada"), "two", NotAllowedError),
        (unshared(card, "dan"), "two", NotAMemberError),
        (unshared(card, "ada"), "one", ShareExistsError),
        (unshared(card, "ada"), "none", InterviewNotFoundError),
    ):
        with pytest.raises(error):
            await add_share(
                database, SERVER, group.id, review, interview_id=interview_id, at=minutes(41)
            )

    assert await shares_in(database, SERVER, group.id) == (share,)


async def test_another_server_finds_nothing(
    database: Database, store: SqlStore, group: StoredGroup, share: Share
) -> None:
    """The right id with another server is as unknown as a wrong one."""
    await place_share(database, share.id, message="11", thread="12")
    for server, share_id in ((ELSEWHERE, share.id), (SERVER, "wrong")):
        for refused in (
            load_share(database, server, share_id),
            load_review(database, server, share_id),
            rate_share(database, server, share_id, "bob", mark_of(FIRST)),
            submit_sheet(database, server, share_id, "bob", minutes(1)),
            remove_share(database, server, share_id, "ada"),
        ):
            with pytest.raises(ShareNotFoundError):
                await refused
    for refused in (
        shares_in(database, ELSEWHERE, group.id),
        reviews_in(database, ELSEWHERE, group.id),
        add_share(
            database,
            ELSEWHERE,
            group.id,
            unshared(await graded(store, "two")),
            interview_id="two",
            at=minutes(1),
        ),
    ):
        with pytest.raises(GroupNotFoundError):
            await refused


async def test_where_a_share_was_posted(database: Database, share: Share) -> None:
    """Its message and its thread; each is set without losing the other."""
    await place_share(database, share.id, message="11")
    await place_share(database, share.id, thread="12")

    placed = await load_share(database, SERVER, share.id)
    assert (placed.id, placed.message, placed.thread) == (share.id, "11", "12")


async def test_shares_are_listed_newest_first(
    database: Database, store: SqlStore, group: StoredGroup, share: Share
) -> None:
    """Those of a group and those of an interview."""
    other = await study_group(database, others=())
    again = await add_share(
        database,
        SERVER,
        other.id,
        unshared(await load_scorecard(database, "one")),
        interview_id="one",
        at=minutes(50),
    )
    two = await graded(store, "two")
    second = await add_share(
        database, SERVER, group.id, unshared(two), interview_id="two", at=minutes(45)
    )

    assert await shares_in(database, SERVER, group.id) == (second, share)
    assert await shares_of_interview(database, "one") == (again, share)
    assert [one.id for one in await reviews_in(database, SERVER, group.id)] == [
        second.id,
        share.id,
    ]


async def test_a_draft_changes_until_it_is_submitted(database: Database, share: Share) -> None:
    """The last mark of a stage counts; after submission neither mark nor submission is taken."""
    await rate_share(database, SERVER, share.id, "bob", mark_of(FIRST, 1))
    await rate_share(database, SERVER, share.id, "bob", mark_of(FIRST, 4, "clear"))
    with pytest.raises(IncompleteReviewError):
        await submit_sheet(database, SERVER, share.id, "bob", minutes(60))
    await rate_share(database, SERVER, share.id, "bob", mark_of(SECOND, None))
    await submit_sheet(database, SERVER, share.id, "bob", minutes(60))
    closed = await load_review(database, SERVER, share.id)

    with pytest.raises(AlreadyRatedError):
        await rate_share(database, SERVER, share.id, "bob", mark_of(FIRST, 2))
    with pytest.raises(AlreadyRatedError):
        await submit_sheet(database, SERVER, share.id, "bob", minutes(70))

    assert await load_review(database, SERVER, share.id) == closed
    (sheet,) = closed.peers
    assert (sheet.rater, sheet.submitted_at) == ("bob", minutes(60))
    assert [one.rating for one in sheet.marks] == [4, None]


async def test_marks_that_come_at_once_are_all_kept(database: Database, share: Share) -> None:
    """Two forms sent at the same moment do not overwrite each other."""
    await asyncio.gather(
        rate_share(database, SERVER, share.id, "bob", mark_of(FIRST, 2)),
        rate_share(database, SERVER, share.id, "bob", mark_of(SECOND, 3)),
        rate_share(database, SERVER, share.id, "eve", mark_of(FIRST, 1)),
    )

    review = await load_review(database, SERVER, share.id)
    assert {one.rater: len(one.marks) for one in review.sheets} == {"bob": 2, "eve": 1}


async def test_one_of_two_submissions_at_once_counts(database: Database, share: Share) -> None:
    """Whoever presses twice has submitted once."""
    for key in (FIRST, SECOND):
        await rate_share(database, SERVER, share.id, "bob", mark_of(key))

    done = await asyncio.gather(
        submit_sheet(database, SERVER, share.id, "bob", minutes(60)),
        submit_sheet(database, SERVER, share.id, "bob", minutes(61)),
        return_exceptions=True,
    )

    assert [type(one) for one in done if isinstance(one, Exception)] == [AlreadyRatedError]
    review = await load_review(database, SERVER, share.id)
    assert [one.submitted_at for one in review.peers] == [minutes(60)]


async def test_strangers_and_inventions_are_refused(
    database: Database, group: StoredGroup, share: Share
) -> None:
    """The role counts that the person has now, and a quote has to be of the shared card."""
    with pytest.raises(NotAMemberError):
        await rate_share(database, SERVER, share.id, "dan", mark_of(FIRST))
    await change_group(database, SERVER, group.id, lambda one: leave(one, "eve"))
    with pytest.raises(NotAMemberError):
        await rate_share(database, SERVER, share.id, "eve", mark_of(FIRST))
    beyond = Quote("t0001", 0, len(ANSWER) + 1)
    with pytest.raises(BadQuoteError):
        await rate_share(database, SERVER, share.id, "bob", mark_of(FIRST, quote=beyond))

    assert (await load_review(database, SERVER, share.id)).sheets == ()


async def test_stored_reviews_feed_columns_and_figures(
    database: Database, group: StoredGroup, share: Share
) -> None:
    """Columns open to whoever has submitted; figures count what was submitted."""
    await hand_in(database, share, "bob", 1, 2)
    await hand_in(database, share, "eve", 4, 2)
    await rate_share(database, SERVER, share.id, "ada", mark_of(FIRST, 3))
    (review,) = await reviews_in(database, SERVER, group.id)

    first, _ = columns(review, Viewer("bob", Role.MEMBER), {"eve": "Eve"})
    with pytest.raises(NotOpenYetError):
        columns(review, Viewer("ada", Role.OWNER), {})
    (scope,) = group_agreement([review])

    assert {(one.label, one.rating) for one in first.peers} == {("Eve", 4), ("Reviewer 1", 1)}
    assert first.middle == 2.5
    assert isinstance(scope.peers, Agreement)
    assert scope.peers.units == 2


async def test_a_candidate_who_saw_the_card_rates_late(database: Database, share: Share) -> None:
    """The first look counts, and the sheet says so."""
    await mark_card_opened(database, "one", minutes(45))
    await mark_card_opened(database, "one", minutes(55))
    await hand_in(database, share, "ada", 3, 3)

    review = await load_review(database, SERVER, share.id)
    assert review.card_opened_at == minutes(45)
    assert review.own is not None
    assert review.own.after_card


async def test_whoever_has_seen_the_ratings_rates_late_on_every_share(
    database: Database, store: SqlStore, group: StoredGroup, share: Share
) -> None:
    """In another group and after the card was taken down; with the interview it is forgotten."""
    other = await study_group(database)
    again = await _share_again(database, other)
    await hand_in(database, share, "bob", 1, 2)
    await mark_ratings_seen(database, "one", "bob", minutes(61))
    await mark_ratings_seen(database, "one", "ada", minutes(61))
    await remove_share(database, SERVER, share.id, "ada")
    anew = await _share_again(database, group)

    for person in ("ada", "bob", "eve"):
        await hand_in(database, again, person, 1, 2)
        await hand_in(database, anew, person, 1, 2)

    for one in (again, anew):
        late = {sheet.rater for sheet in await _sheets(database, one) if sheet.after_card}
        assert late == {"ada", "bob"}
    await delete_interview(database, "one")
    assert await database.run(lambda c: c.execute(select(SIGHTS)).all()) == []


async def _share_again(database: Database, group: StoredGroup) -> Share:
    review = unshared(await load_scorecard(database, "one"))
    return await add_share(database, SERVER, group.id, review, interview_id="one", at=minutes(50))


async def _sheets(database: Database, share: Share) -> tuple[Sheet, ...]:
    return (await load_review(database, SERVER, share.id)).sheets


async def test_unsharing_takes_every_sheet_along(
    database: Database, group: StoredGroup, share: Share
) -> None:
    """The candidate and an owner may; for others it stays."""
    await hand_in(database, share, "bob", 1, 2)
    await give_role(database, group, "eve", Role.REVIEWER)
    for person in ("bob", "eve"):
        with pytest.raises(NotAllowedError):
            await remove_share(database, SERVER, share.id, person)
    assert await shares_in(database, SERVER, group.id) == (share,)

    await remove_share(database, SERVER, share.id, "ada")

    assert await shares_in(database, SERVER, group.id) == ()
    assert await database.run(lambda c: c.execute(select(SHEETS)).all()) == []


async def test_a_member_who_left_can_still_unshare(
    database: Database, store: SqlStore, group: StoredGroup
) -> None:
    """Their own card is theirs, also from outside."""
    card = await graded(store, "two", "eve")
    shared = await add_share(
        database, SERVER, group.id, unshared(card, "eve"), interview_id="two", at=minutes(40)
    )
    await change_group(database, SERVER, group.id, lambda one: leave(one, "eve"))

    await remove_share(database, SERVER, shared.id, "eve")

    assert await shares_in(database, SERVER, group.id) == ()


async def test_what_was_unshared_is_in_no_file(database: Database, share: Share) -> None:
    """Neither free pages nor the write-ahead log keep what somebody wrote."""
    words = "an unmistakable comment of a reviewer"
    await rate_share(database, SERVER, share.id, "bob", mark_of(FIRST, 2, words))
    folder = database.path.parent
    assert any(words.encode() in path.read_bytes() for path in folder.glob("hotseat*"))

    await remove_share(database, SERVER, share.id, "ada")

    assert not any(words.encode() in path.read_bytes() for path in folder.glob("hotseat*"))


async def test_deleting_the_interview_unshares_it(
    database: Database, group: StoredGroup, share: Share
) -> None:
    """Share and sheets belong to the interview."""
    await hand_in(database, share, "bob", 1, 2)

    await delete_interview(database, "one")

    assert await shares_in(database, SERVER, group.id) == ()
    assert await database.run(lambda c: c.execute(select(SHEETS)).all()) == []


@pytest.mark.parametrize("column", ["card", "stages"])
async def test_a_damaged_share_is_named_without_its_words(
    database: Database, share: Share, column: str
) -> None:
    """The table and the interview; the share is still found, to be taken down."""
    await database.run(lambda c: c.execute(update(SHARES).values({column: '{"unmistakable": 1}'})))

    with pytest.raises(DatabaseCorruptError, match="'shares' of interview 'one'") as refused:
        await load_review(database, SERVER, share.id)

    assert "unmistakable" not in "".join(traceback.format_exception(refused.value))
    await remove_share(database, SERVER, share.id, "ada")
