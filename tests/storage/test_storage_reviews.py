"""What was measured is counted once, belongs to its interview, and goes with it."""

import pytest
from sqlalchemy import select
from storage_samples import START, card_of, minutes, settings_of, verdict_of

from scoring.practice_schedule import Recall, plan_practice
from scoring.record import Ending
from scoring.scorecard import Scorecard
from scoring.verdicts import Verdict
from storage import scorecards
from storage.database import Database
from storage.errors import DatabaseCorruptError
from storage.interviews import SqlStore
from storage.retention import delete_expired, export_interview
from storage.reviews import load_reviews
from storage.scorecards import delete_interview, insert_card
from storage.tables import REVIEWS, SCORECARDS


async def finish(store: SqlStore, interview_id: str, owner: str = "ada", after: float = 30) -> None:
    """An interview with the sample card, over after so many minutes."""
    await store.create_interview(interview_id, settings_of(owner), START)
    card = card_of(interview_id).model_copy(update={"finished_at": minutes(after)})
    await store.finish_interview(interview_id, card, Ending.COMPLETED, minutes(after))


def regraded(card: Scorecard) -> Scorecard:
    """The second revision, in which the first round's hit is gone."""
    held = card.rounds[0]
    stage = held.stages[0].model_copy(
        update={"verdicts": (verdict_of("scope/users", Verdict.CONTRADICTED),)}
    )
    rounds = (held.model_copy(update={"stages": (stage,), "curveball": None}),)
    return card.model_copy(update={"revision": 2, "rounds": rounds})


async def test_a_card_is_stored_with_what_it_measured(database: Database, store: SqlStore) -> None:
    """One review for each measured concept of each round, at the end of the interview."""
    await finish(store, "one")

    found = await load_reviews(database, "ada")

    assert [(one.key, one.recall) for one in found[:3]] == [
        ("curveball/users", Recall.GOOD),
        ("scope/load", Recall.AGAIN),
        ("scope/users", Recall.GOOD),
    ]
    assert len(found) == 6
    assert {(one.item, one.weight, one.at) for one in found} == {("support-agent", 2, minutes(30))}


async def test_finishing_twice_reviews_once(database: Database, store: SqlStore) -> None:
    """A second call after a crash changes nothing."""
    await finish(store, "one")
    before = await load_reviews(database, "ada")

    await store.finish_interview("one", card_of(), Ending.COMPLETED, minutes(60))

    assert await load_reviews(database, "ada") == before


async def test_a_crash_leaves_card_and_reviews_or_neither(
    database: Database, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are one transaction: what fails half-way is not there, and is done once afterwards."""
    await store.create_interview("one", settings_of(), START)
    write = scorecards.replace_reviews

    def write_and_fail(*given: object) -> None:
        write(*given)  # pyright: ignore[reportArgumentType]
        raise RuntimeError("killed")

    monkeypatch.setattr(scorecards, "replace_reviews", write_and_fail)
    with pytest.raises(RuntimeError, match="killed"):
        await store.finish_interview("one", card_of(), Ending.COMPLETED, minutes(30))
    assert await load_reviews(database, "ada") == ()
    assert await database.run(lambda c: c.execute(select(SCORECARDS)).all()) == []

    monkeypatch.undo()
    await store.finish_interview("one", card_of(), Ending.COMPLETED, minutes(30))
    assert len(await load_reviews(database, "ada")) == 6


async def test_grading_again_replaces_the_reviews(database: Database, store: SqlStore) -> None:
    """The latest revision alone counts; the interview is not practised twice."""
    await finish(store, "one")
    again = regraded(card_of())

    await database.run(lambda c: insert_card(c, "one", again, minutes(90)))

    (only,) = await load_reviews(database, "ada")
    assert (only.key, only.recall, only.at) == ("scope/users", Recall.AGAIN, again.finished_at)


async def test_deleting_takes_back_what_the_interview_added(
    database: Database, store: SqlStore
) -> None:
    """The schedule is then as if the interview had never been held."""
    await finish(store, "one")
    before = plan_practice(await load_reviews(database, "ada"), minutes(60))
    await finish(store, "two", after=3 * 24 * 60)
    assert plan_practice(await load_reviews(database, "ada"), minutes(60)) != before

    await delete_interview(database, "two")

    assert plan_practice(await load_reviews(database, "ada"), minutes(60)) == before


async def test_reviews_end_with_the_retention_time(database: Database, store: SqlStore) -> None:
    """An interview that expires takes its reviews along."""
    await finish(store, "one")
    end = minutes(31)

    await delete_expired(database, end - minutes(30), end + (end - START))

    assert await database.run(lambda c: c.execute(select(REVIEWS)).all()) == []


async def test_reviews_are_exported(database: Database, store: SqlStore) -> None:
    """They are part of everything that is stored."""
    await finish(store, "one")

    rows = (await export_interview(database, "one"))["reviews"]

    assert {(row["item"], row["recall"]) for row in rows} == {
        ("support-agent", "good"),
        ("support-agent", "again"),
    }


async def test_nobody_sees_the_reviews_of_others(database: Database, store: SqlStore) -> None:
    """Each owner has a schedule of their own, in the order in which interviews ended."""
    await finish(store, "one", after=50)
    await finish(store, "two", owner="bob")
    await finish(store, "three", after=40)

    assert [one.at for one in await load_reviews(database, "ada")] == [
        *[minutes(40)] * 6,
        *[minutes(50)] * 6,
    ]
    assert len(await load_reviews(database, "bob")) == 6
    assert await load_reviews(database, "eve") == ()


async def test_a_damaged_review_is_named(database: Database, store: SqlStore) -> None:
    """The interview, the table and what to do."""
    await finish(store, "one")
    await database.run(lambda c: c.execute(REVIEWS.update().values(recall="splendid")))

    with pytest.raises(DatabaseCorruptError, match=r"'reviews' of interview 'one'"):
        await load_reviews(database, "ada")
