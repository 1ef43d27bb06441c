"""Corrections, disputes, their answers and self ratings: what is said about a card stays true."""

import traceback
from datetime import timedelta

import pytest
from group_samples import (
    ANSWER,
    ELSEWHERE,
    FIRST,
    SECOND,
    SERVER,
    give_role,
    graded,
    mark_of,
    share_one,
    study_group,
)
from sqlalchemy import Column, select, update
from storage_samples import START, minutes, settings_of

from interviewer.ports import InterviewNotFoundError
from scoring.corrections import Correction
from scoring.disputes import NO_NOTES, Dispute, Override, ReviewerRole
from scoring.groups import NotAllowedError, NotAMemberError, Role
from scoring.practice_schedule import Recall
from scoring.review import AlreadyRatedError, BadQuoteError, IncompleteReviewError
from scoring.sheets import Quote
from scoring.verdicts import Verdict
from storage.corrections import corrections_of, store_regraded
from storage.database import Database
from storage.errors import (
    DatabaseCorruptError,
    RevisionExistsError,
    ScorecardNotFoundError,
    ShareNotFoundError,
)
from storage.interviews import SqlStore
from storage.notes import add_dispute, add_override, notes_of
from storage.reviews import load_reviews
from storage.scorecards import delete_interview, load_scorecard
from storage.self_ratings import load_own_review, mark_card_opened, rate_own, submit_own
from storage.tables import (
    CORRECTIONS,
    DISPUTES,
    OF_INTERVIEWS,
    OVERRIDES,
    OWN_SHEETS,
    SCORECARDS,
    interview_column,
)


def dispute_of(key: str = "scope/load", round_index: int = 0, **more: object) -> Dispute:
    """Ada's dispute of a verdict of revision 1."""
    given = {"id": f"d-{round_index}-{key}", "revision": 1, "reason": "I said it.", **more}
    return Dispute(round_index=round_index, key=key, at=minutes(50), **given)


def answer_to(dispute: Dispute, role: ReviewerRole, **more: object) -> Override:
    """What a reviewer thinks of it."""
    given = {"verdict": Verdict.HIT, "reason": "So you did.", "at": minutes(55), **more}
    return Override(dispute_id=dispute.id, by_role=role, **given)


def correction_of(corrected: str, at_minute: float = 60, turn_id: str = "t0001") -> Correction:
    """A corrected turn."""
    return Correction(turn_id, ANSWER, corrected, minutes(at_minute))


async def regrade(store: SqlStore, revision: int, *corrections: Correction) -> None:
    """Store the corrections with the sample card as that revision."""
    database = store._database
    card = (await load_scorecard(database, "one")).model_copy(update={"revision": revision})
    await store_regraded(database, "one", card, corrections, minutes(60))


async def test_corrections_come_with_the_card_that_they_led_to(
    database: Database, store: SqlStore
) -> None:
    """All of them, oldest first, a turn more than once."""
    await graded(store)
    first, other = correction_of("Ten agents."), correction_of("Queues.", turn_id="t0002")
    second = correction_of("Eleven.", 70)

    await regrade(store, 2, first, other)
    await regrade(store, 3, second)

    assert await corrections_of(database, "one") == (first, other, second)
    assert (await load_scorecard(database, "one")).revision == 3
    assert (await load_scorecard(database, "one", 1)).revision == 1
    assert {one.recall for one in await load_reviews(database, "ada")} == {
        Recall.GOOD,
        Recall.AGAIN,
    }


async def test_a_card_that_came_in_between_is_not_overwritten(
    database: Database, store: SqlStore
) -> None:
    """Two at once: the second is refused whole, its correction included."""
    await graded(store)
    await regrade(store, 2, correction_of("Ten agents."))

    with pytest.raises(RevisionExistsError, match="'one' was graded again"):
        await regrade(store, 2, correction_of("Ten agents!"))

    assert await corrections_of(database, "one") == (correction_of("Ten agents."),)


async def test_a_crash_leaves_card_and_corrections_or_neither(
    database: Database, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails half-way is not there, and is done once afterwards."""
    await graded(store)
    from storage import corrections

    write = corrections.insert_card

    def write_and_fail(*given: object) -> None:
        write(*given)  # pyright: ignore[reportArgumentType]
        raise RuntimeError("killed")

    monkeypatch.setattr(corrections, "insert_card", write_and_fail)
    with pytest.raises(RuntimeError, match="killed"):
        await regrade(store, 2, correction_of("Ten agents."))
    rows = await database.run(lambda c: c.execute(select(SCORECARDS.c.revision)).scalars().all())
    assert (rows, await corrections_of(database, "one")) == ([1], ())

    monkeypatch.undo()
    await regrade(store, 2, correction_of("Ten agents."))
    assert (await load_scorecard(database, "one")).revision == 2


async def test_a_dispute_and_its_answers_stand_beside_the_card(
    database: Database, store: SqlStore
) -> None:
    """One dispute a verdict, an answer of each role; the card is as it was."""
    group = await study_group(database, owner="dan", others=("ada", "bob", "eve"))
    group = await give_role(database, group, "bob", Role.REVIEWER)
    share = await share_one(database, store, group)
    card = await load_scorecard(database, "one")
    dispute = dispute_of()
    assert await notes_of(database, "one") == NO_NOTES

    await add_dispute(database, "one", dispute, by="ada")
    await add_dispute(database, "one", dispute_of(round_index=1), by="ada")
    by_reviewer = answer_to(dispute, ReviewerRole.REVIEWER)
    by_owner = answer_to(dispute, ReviewerRole.OWNER, verdict=Verdict.MISSED, at=minutes(54))
    await add_override(database, SERVER, share.id, by_reviewer, by="bob")
    await add_override(database, SERVER, share.id, by_owner, by="dan")

    notes = await notes_of(database, "one")
    assert notes.disputes == (dispute, dispute_of(round_index=1))
    assert notes.overrides == (by_owner, by_reviewer)
    assert await load_scorecard(database, "one") == card


@pytest.mark.parametrize(
    ("by", "dispute"),
    [
        ("bob", dispute_of()),
        ("ada", dispute_of(revision=2)),
        ("ada", dispute_of("scope/other")),
        ("ada", dispute_of(reason=" ")),
        ("ada", dispute_of("scope/users", id="second")),
    ],
)
async def test_a_dispute_that_cannot_be_is_not_stored(
    database: Database, store: SqlStore, by: str, dispute: Dispute
) -> None:
    """Others', of another revision, of no verdict, without a reason, a second time."""
    await graded(store)
    await add_dispute(database, "one", dispute_of("scope/users"), by="ada")
    before = await notes_of(database, "one")

    with pytest.raises(ValueError, match=r"."):
        await add_dispute(database, "one", dispute, by=by)

    assert await notes_of(database, "one") == before


async def test_a_dispute_needs_a_card(database: Database, store: SqlStore) -> None:
    """An open interview has none, and an unknown one not either."""
    await store.create_interview("open", settings_of(), START)

    with pytest.raises(ScorecardNotFoundError):
        await add_dispute(database, "open", dispute_of(), by="ada")
    with pytest.raises(InterviewNotFoundError):
        await add_dispute(database, "none", dispute_of(), by="ada")


async def test_only_the_role_of_the_override_may_answer(
    database: Database, store: SqlStore
) -> None:
    """Members, strangers, pretended roles, other servers and second answers are refused."""
    group = await study_group(database, owner="dan", others=("ada", "bob", "eve"))
    await give_role(database, group, "bob", Role.REVIEWER)
    share = await share_one(database, store, group)
    dispute = dispute_of()
    await add_dispute(database, "one", dispute, by="ada")
    override = answer_to(dispute, ReviewerRole.REVIEWER)
    as_owner = answer_to(dispute, ReviewerRole.OWNER)
    for by, given, error in (
        ("eve", override, NotAllowedError),
        ("fay", override, NotAMemberError),
        ("bob", as_owner, NotAllowedError),
        ("bob", answer_to(dispute_of(id="none"), ReviewerRole.REVIEWER), ValueError),
    ):
        with pytest.raises(error):
            await add_override(database, SERVER, share.id, given, by=by)
    with pytest.raises(ShareNotFoundError):
        await add_override(database, ELSEWHERE, share.id, override, by="bob")
    await add_override(database, SERVER, share.id, override, by="bob")

    with pytest.raises(ValueError, match="already"):
        await add_override(database, SERVER, share.id, override, by="bob")

    assert (await notes_of(database, "one")).overrides == (override,)


async def test_nobody_answers_their_own_dispute(database: Database, store: SqlStore) -> None:
    """Not even as the owner of the group."""
    share = await share_one(database, store, await study_group(database))
    await add_dispute(database, "one", dispute_of(), by="ada")

    with pytest.raises(ValueError, match="own card"):
        await add_override(
            database, SERVER, share.id, answer_to(dispute_of(), ReviewerRole.OWNER), by="ada"
        )


async def rate_both(database: Database, comment: str = "") -> None:
    """Ada rates both stages of her interview."""
    for key in (FIRST, SECOND):
        await rate_own(database, "one", "ada", mark_of(key, 2, comment))


async def test_own_ratings_are_a_draft_until_submitted(database: Database, store: SqlStore) -> None:
    """The last mark counts, all stages are needed, and afterwards nothing changes."""
    await graded(store)
    await rate_own(database, "one", "ada", mark_of(FIRST, 4))
    with pytest.raises(IncompleteReviewError):
        await submit_own(database, "one", "ada", minutes(60))
    await rate_both(database)
    await submit_own(database, "one", "ada", minutes(60))
    closed = await load_own_review(database, "one")

    with pytest.raises(AlreadyRatedError):
        await rate_own(database, "one", "ada", mark_of(FIRST, 1))
    with pytest.raises(AlreadyRatedError):
        await submit_own(database, "one", "ada", minutes(61))
    await mark_card_opened(database, "one", minutes(62))

    review = await load_own_review(database, "one")
    assert review.own == closed.own
    assert review.own is not None
    assert [one.rating for one in review.own.marks] == [2, 2]
    assert not review.own.after_card
    assert review.card_opened_at == minutes(62)


async def test_a_self_rating_after_the_card_says_so(database: Database, store: SqlStore) -> None:
    """The first look at the card counts, also before any mark."""
    await graded(store)
    await mark_card_opened(database, "one", minutes(40))
    await mark_card_opened(database, "one", minutes(80))
    await rate_both(database)
    await submit_own(database, "one", "ada", minutes(60))

    review = await load_own_review(database, "one")
    assert review.card_opened_at == minutes(40)
    assert review.own is not None
    assert review.own.after_card


async def test_nobody_rates_for_the_candidate(database: Database, store: SqlStore) -> None:
    """Whoever is not the owner is refused, and so is a quote of what was not said."""
    await graded(store)
    with pytest.raises(NotAMemberError):
        await rate_own(database, "one", "bob", mark_of(FIRST))
    with pytest.raises(BadQuoteError):
        await rate_own(database, "one", "ada", mark_of(FIRST, quote=Quote("t0001", 5, 500)))

    assert (await load_own_review(database, "one")).sheets == ()


async def test_a_quote_of_a_text_corrected_since_is_left_out(
    database: Database, store: SqlStore
) -> None:
    """It was a slice of the earlier text; rating and comment stay, later quotes as well."""
    await graded(store)
    quote = Quote("t0001", 0, 3)
    await rate_own(database, "one", "ada", mark_of(FIRST, 2, "short", quote=quote))
    await regrade(store, 2, correction_of("Tens of agents.", at_minute=51))

    (mark,) = (await load_own_review(database, "one")).sheets[0].marks

    assert (mark.rating, mark.comment, mark.quote) == (2, "short", None)
    later = mark_of(FIRST, 2, quote=quote)
    moved = type(later)(**{**vars(later), "at": later.at + timedelta(minutes=5)})
    await rate_own(database, "one", "ada", moved)
    assert (await load_own_review(database, "one")).sheets[0].marks == (moved,)


async def test_deleting_the_interview_takes_all_notes_along(
    database: Database, store: SqlStore
) -> None:
    """Also that its card was opened."""
    group = await study_group(database, owner="dan", others=("ada",))
    share = await share_one(database, store, group)
    await mark_card_opened(database, "one", minutes(40))
    await rate_both(database)
    await add_dispute(database, "one", dispute_of(), by="ada")
    await add_override(
        database, SERVER, share.id, answer_to(dispute_of(), ReviewerRole.OWNER), by="dan"
    )
    await regrade(store, 2, correction_of("Ten agents."))

    await delete_interview(database, "one")

    assert await notes_of(database, "one") == NO_NOTES
    assert await corrections_of(database, "one") == ()
    for table in OF_INTERVIEWS:
        rows = select(table).where(interview_column(table) == "one")
        assert await database.run(lambda c, rows=rows: c.execute(rows).all()) == []


@pytest.mark.parametrize(
    "column",
    [
        CORRECTIONS.c.correction,
        DISPUTES.c.dispute,
        OVERRIDES.c.override,
        OWN_SHEETS.c.sheet,
    ],
    ids=str,
)
async def test_damage_is_named_without_its_words(
    database: Database, store: SqlStore, column: Column
) -> None:
    """The table and the interview, nothing of what somebody wrote."""
    share = await share_one(
        database, store, await study_group(database, owner="dan", others=("ada",))
    )
    await rate_both(database)
    await add_dispute(database, "one", dispute_of(), by="ada")
    override = answer_to(dispute_of(), ReviewerRole.OWNER)
    await add_override(database, SERVER, share.id, override, by="dan")
    await regrade(store, 2, correction_of("Ten agents."))
    damaged = '{"at": "unmistakable"}'
    await database.run(lambda c: c.execute(update(column.table).values({column: damaged})))

    async def read_all() -> None:
        await notes_of(database, "one")
        await load_own_review(database, "one")

    with pytest.raises(DatabaseCorruptError) as refused:
        await read_all()

    assert f"the table {column.table.name!r} of interview 'one'" in str(refused.value)
    assert "unmistakable" not in "".join(traceback.format_exception(refused.value))
