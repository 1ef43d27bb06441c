"""A call is on record from before it is made, and without its words."""

from dataclasses import replace

import pytest
from call_samples import LIMITS, account_of, call_of, end_of, spend
from sqlalchemy import select
from storage_samples import START, settings_of

from interviewer.ports import InterviewNotFoundError
from scoring.language_model import Purpose, Usage
from storage.calls import calls_of, cost_of
from storage.database import Database
from storage.errors import DatabaseCorruptError
from storage.interviews import SqlStore
from storage.retention import export_interview
from storage.scorecards import delete_interview
from storage.spending import SqlLedger
from storage.tables import CALLS


@pytest.fixture(autouse=True)
async def interviews(store: SqlStore) -> None:
    """The interviews `one` and `two`."""
    for interview_id in ("one", "two"):
        await store.create_interview(interview_id, settings_of(), START)


async def test_a_call_comes_back_as_it_ended(database: Database) -> None:
    """Every field of its beginning and its end, those of the ledger included."""
    ledger = SqlLedger(database)
    held = await ledger.reserve(account_of(), call_of(), LIMITS)
    begun = replace(call_of(), number=1)
    assert held.call == begun
    assert await calls_of(database, "one") == (begun,)

    await ledger.settle(held, end_of(0.25))

    assert await calls_of(database, "one") == (replace(begun, end=end_of(0.25)),)


async def test_calls_are_numbered_within_their_interview(database: Database) -> None:
    """From one, in the order in which they began, also where they end in another."""
    ledger = SqlLedger(database)
    first = await ledger.reserve(account_of(), call_of(0.1, seq=1), LIMITS)
    await spend(database, 0.1, account_of("two"))
    second = await ledger.reserve(account_of(), replace(call_of(0.1), seq=2), LIMITS)
    judged = replace(call_of(0.1, seq=-1), purpose=Purpose.JUDGE)
    await ledger.reserve(account_of(), judged, LIMITS)
    await ledger.settle(second, end_of(0.1))
    await ledger.settle(first, end_of(None, "timed out"))

    one = await calls_of(database, "one")
    assert [(call.number, call.seq) for call in one] == [(1, 1), (2, 2), (3, -1)]
    assert [call.end and call.end.outcome for call in one] == ["timed out", "ok", None]
    assert [call.purpose.value for call in one] == ["interview", "interview", "judge"]
    assert [call.number for call in await calls_of(database, "two")] == [1]


async def test_the_cost_is_what_was_paid_or_may_have_been(database: Database) -> None:
    """Unknown costs and calls that never came back count with their reservation."""
    assert await cost_of(database, "one") == 0
    await spend(database, 0.25)
    assert await cost_of(database, "one") == 0.25
    await spend(database, None)
    await SqlLedger(database).reserve(account_of(), call_of(0.125), LIMITS)

    assert await cost_of(database, "one") == 0.25 + 0.5 + 0.125
    assert await cost_of(database, "one") == sum(
        call.counted_usd for call in await calls_of(database, "one")
    )
    assert await cost_of(database, "two") == 0


async def test_a_free_call_is_recorded_too(database: Database) -> None:
    """As those of a server of one's own."""
    ledger = SqlLedger(database)
    held = await ledger.reserve(account_of(), call_of(0), LIMITS)
    await ledger.settle(held, replace(end_of(0), usage=Usage(output=7), first_text_s=None))

    (call,) = await calls_of(database, "one")
    assert call.end == replace(end_of(0), usage=Usage(output=7), first_text_s=None)
    assert await cost_of(database, "one") == 0


@pytest.mark.parametrize("amount", [0, 0.5])
async def test_no_call_without_an_interview(database: Database, amount: float) -> None:
    """It is named, and nothing is stored."""
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await SqlLedger(database).reserve(account_of("none"), call_of(amount), LIMITS)

    assert await database.run(lambda c: c.execute(select(CALLS)).all()) == []


async def test_calls_are_exported_and_deleted(database: Database) -> None:
    """With the interview's own budget; an end that comes later finds nothing and harms nothing."""
    ledger = SqlLedger(database)
    held = await ledger.reserve(account_of(), call_of(), LIMITS)
    export = await export_interview(database, "one")
    assert [row["request_hash"] for row in export["calls"]] == ["asked"]
    assert [(row["scope"], row["reserved_usd"]) for row in export["spending"]] == [
        ("interview", 0.5)
    ]

    await delete_interview(database, "one")
    await ledger.settle(held, end_of(0.25))

    assert await calls_of(database, "one") == ()


async def test_a_damaged_call_is_named(database: Database) -> None:
    """The interview, the table and what to do."""
    await spend(database, 0.25)
    await database.run(lambda c: c.execute(CALLS.update().values(purpose="gossip")))

    with pytest.raises(DatabaseCorruptError, match=r"'calls' of interview 'one'"):
        await calls_of(database, "one")
