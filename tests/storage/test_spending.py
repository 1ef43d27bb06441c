"""Budgets are never overdrawn, and neither a crash nor deleting gives one back."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from call_samples import LIMITS, account_of, call_of, end_of, spend
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from storage_samples import START, settings_of

from interviewer.budget import Alert, Budgeted, BudgetUsedUpError, Limits, Scope
from interviewer.clock import ManualClock
from interviewer.prices import load_prices
from scoring.language_model import (
    Ask,
    Block,
    Completion,
    Failure,
    ModelFailureError,
    Purpose,
    StreamItem,
    Usage,
    complete,
)
from storage.calls import calls_of, cost_of
from storage.database import Database, open_database
from storage.interviews import SqlStore
from storage.people import delete_person, export_person
from storage.retention import delete_expired
from storage.scorecards import delete_interview
from storage.spending import KEPT_DAYS, SqlLedger, sweep_spending
from storage.tables import SPENDING

DAY = START.date().isoformat()
TOMORROW = START + timedelta(days=1)
WIDE = Limits(100, 100, 100, 100)


@pytest.fixture(autouse=True)
async def interviews(store: SqlStore) -> None:
    """Two interviews of ada and one of bob."""
    for interview_id, owner in (("one", "ada"), ("two", "ada"), ("his", "bob")):
        await store.create_interview(interview_id, settings_of(owner), START)


async def sums(database: Database) -> dict[tuple[str, str, str], tuple[float, float]]:
    """What is spent and held, by scope, holder and day."""
    statement = select(SPENDING).order_by(SPENDING.c.scope, SPENDING.c.holder, SPENDING.c.day)
    rows = await database.run(lambda connection: connection.execute(statement).all())
    return {(r.scope, r.holder, r.day): (r.spent_usd, r.reserved_usd) for r in rows}


async def test_a_call_is_paid_from_four_budgets(database: Database) -> None:
    """Held first, then replaced by what it cost, in each of them."""
    ledger = SqlLedger(database)
    held = await ledger.reserve(account_of(), call_of(0.5), LIMITS)
    budgets = [
        ("installation", "", DAY),
        ("interview", "one", ""),
        ("server", "guild", DAY),
        ("user", "ada", DAY),
    ]
    assert await sums(database) == dict.fromkeys(budgets, (0, 0.5))

    await ledger.settle(held, end_of(0.25))

    assert await sums(database) == dict.fromkeys(budgets, (0.25, 0))


async def test_outside_servers_there_are_three(database: Database) -> None:
    """A call in the terminal or in a conversation of two has no server to pay."""
    await spend(database, 0.25, account_of(server=None))

    assert {scope for scope, _, _ in await sums(database)} == {"installation", "interview", "user"}


@pytest.mark.parametrize(
    ("limits", "scope"),
    [
        (Limits(0.9, 9, 9, 9), Scope.INTERVIEW),
        (Limits(9, 0.9, 9, 9), Scope.USER),
        (Limits(9, 9, 0.9, 9), Scope.SERVER),
        (Limits(9, 9, 9, 0.9), Scope.INSTALLATION),
        (Limits(0.9, 0.9, 0.9, 0.9), Scope.INTERVIEW),
    ],
)
async def test_a_call_that_does_not_fit_is_refused(
    database: Database, limits: Limits, scope: Scope
) -> None:
    """The narrowest budget is named; nothing is held and no call is stored."""
    await spend(database, 0.5)
    before = await sums(database)

    with pytest.raises(BudgetUsedUpError, match=r"0\.5000 of 0\.9000 USD .* cost 0\.5000") as no:
        await SqlLedger(database).reserve(account_of(), call_of(0.5), limits)

    assert (no.value.scope, no.value.limit_usd) == (scope, 0.9)
    assert await sums(database) == before
    assert len(await calls_of(database, "one")) == 1


async def test_a_budget_can_be_used_to_its_last_cent(database: Database) -> None:
    """What fits exactly is allowed; then nothing is, except what costs nothing."""
    ledger = SqlLedger(database)
    await spend(database, 0.5)
    await ledger.reserve(account_of(), call_of(0.5), LIMITS)

    with pytest.raises(BudgetUsedUpError):
        await ledger.reserve(account_of(), call_of(0.001), LIMITS)
    await ledger.reserve(account_of(), call_of(0), LIMITS)


async def test_others_have_budgets_of_their_own(database: Database) -> None:
    """Another interview, another person, another day."""
    limits = Limits(0.5, 1, 9, 9)
    ledger = SqlLedger(database)
    await spend(database, 0.5, limits=limits)
    await spend(database, 0.5, account_of("two"), limits=limits)
    with pytest.raises(BudgetUsedUpError) as no:
        await ledger.reserve(account_of("two"), call_of(0.5), Limits(9, 1, 9, 9))
    assert no.value.scope is Scope.USER

    await spend(database, 0.5, account_of("his", "bob"), limits=limits)
    await ledger.reserve(account_of("two"), call_of(0.5, TOMORROW), Limits(9, 1, 9, 9))


async def test_an_interview_has_one_budget_for_all_its_days(database: Database) -> None:
    """It does not begin anew at midnight."""
    await spend(database, 0.75)

    with pytest.raises(BudgetUsedUpError) as no:
        await SqlLedger(database).reserve(account_of(), call_of(0.5, TOMORROW), LIMITS)

    assert no.value.scope is Scope.INTERVIEW


async def test_days_are_those_of_utc(database: Database) -> None:
    """Wherever the clock stands, and a call is paid from the day on which it began."""
    late = START.replace(hour=23, minute=30).astimezone(timezone(timedelta(hours=9)))
    assert late.date() > START.date()

    await spend(database, 0.25, at=late)

    assert ("user", "ada", DAY) in await sums(database)


async def test_calls_side_by_side_do_not_overdraw(database: Database) -> None:
    """Each sees what the others hold."""
    ledger = SqlLedger(database)
    asked = [ledger.reserve(account_of(), call_of(0.3), LIMITS) for _ in range(5)]

    outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert [isinstance(one, BudgetUsedUpError) for one in outcomes].count(False) == 3


async def test_what_was_never_settled_counts_as_spent(
    database: Database, database_file: Path
) -> None:
    """Also after the process died and another one opened the file."""
    await SqlLedger(database).reserve(account_of(), call_of(0.75), LIMITS)
    copy = database_file.with_name("copy.db")
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")

    async with open_database(copy) as restarted:
        with pytest.raises(BudgetUsedUpError):
            await SqlLedger(restarted).reserve(account_of(), call_of(0.5), LIMITS)
        assert await cost_of(restarted, "one") == 0.75


async def test_an_unknown_cost_stays_held(database: Database) -> None:
    """The most that it may have cost."""
    await spend(database, None)

    assert set((await sums(database)).values()) == {(0, 0.5)}


async def test_a_call_may_cost_more_than_was_held(database: Database) -> None:
    """It is counted in full, and nothing falls below nothing."""
    await spend(database, 0.75)

    assert set((await sums(database)).values()) == {(0.75, 0)}


async def test_the_owner_is_told_once_at_80_percent(database: Database) -> None:
    """Each budget by itself, with what was spent; not again on the same day."""
    assert await spend(database, 0.79) == ()
    limits = Limits(9, 2, 9, 1)
    two = account_of("two")

    first = await spend(database, 0.01, two, limits=limits, reserved_usd=0.1)
    second = await spend(database, 0.01, two, limits=limits, reserved_usd=0.1)

    assert first == (Alert(Scope.INSTALLATION, "", pytest.approx(0.8), 1),)
    assert second == ()


async def test_a_new_day_is_told_anew(database: Database) -> None:
    """For days; an interview is told of once."""
    limits = Limits(0.5, 0.5, 9, 9)

    assert [one.scope for one in await spend(database, 0.4, limits=limits)] == [
        Scope.INTERVIEW,
        Scope.USER,
    ]
    wider = Limits(1.2, 0.5, 9, 9)
    told = await spend(database, 0.6, at=TOMORROW, limits=wider)
    assert told == (Alert(Scope.USER, "ada", 0.6, 0.5),)


async def test_what_is_held_is_told_as_it_counts(database: Database) -> None:
    """It may cost less, but another call is refused for it."""
    ledger = SqlLedger(database)
    await ledger.reserve(account_of(), call_of(0.4), LIMITS)
    held = await ledger.reserve(account_of(), call_of(0.5), LIMITS)

    assert await ledger.settle(held, end_of(0.4)) == (Alert(Scope.INTERVIEW, "one", 0.8, 1),)


async def test_calls_of_unknown_cost_are_told_when_they_fill_a_budget(database: Database) -> None:
    """A server that keeps timing out uses it up as well, and once is enough to say so."""
    told = [await spend(database, None, reserved_usd=amount) for amount in (0.4, 0.4, 0.05)]

    assert told == [(), (Alert(Scope.INTERVIEW, "one", 0.8, 1),), ()]


async def test_the_first_refusal_is_an_alert(database: Database) -> None:
    """Interviews go on offline, and the owner should know; once, and as what it is."""
    ledger = SqlLedger(database)
    await spend(database, 0.6)
    refused = []
    for _ in range(2):
        with pytest.raises(BudgetUsedUpError) as no:
            await ledger.reserve(account_of(), call_of(0.5), LIMITS)
        refused.append(no.value.alert)

    assert refused == [Alert(Scope.INTERVIEW, "one", 0.6, 1, refused=True), None]


async def test_the_first_refusal_is_told_after_80_percent_too(database: Database) -> None:
    """What was about to happen has happened."""
    await spend(database, 0.8)

    with pytest.raises(BudgetUsedUpError) as no:
        await SqlLedger(database).reserve(account_of(), call_of(0.5), LIMITS)

    assert no.value.alert == Alert(Scope.INTERVIEW, "one", 0.8, 1, refused=True)


async def test_a_refusal_leaves_the_alert_at_80_percent_to_come(database: Database) -> None:
    """The one is about a large call, the other about the budget."""
    with pytest.raises(BudgetUsedUpError):
        await SqlLedger(database).reserve(account_of(), call_of(1.5), LIMITS)

    assert await spend(database, 0.8) == (Alert(Scope.INTERVIEW, "one", 0.8, 1),)


async def test_deleting_an_interview_gives_nothing_back(database: Database) -> None:
    """Its own sum goes; those of the person, the server and the installation stay."""
    await spend(database, 0.5)

    await delete_interview(database, "one")

    assert await sums(database) == {
        ("installation", "", DAY): (0.5, 0),
        ("server", "guild", DAY): (0.5, 0),
        ("user", "ada", DAY): (0.5, 0),
    }


async def test_a_call_under_way_is_charged_when_its_interview_is_gone(database: Database) -> None:
    """To whoever is left to pay; what was deleted does not come back."""
    ledger = SqlLedger(database)
    held = await ledger.reserve(account_of(), call_of(0.5), LIMITS)
    await delete_person(database, "ada")

    await ledger.settle(held, end_of(0.25))

    assert await sums(database) == {
        ("installation", "", DAY): (0.25, 0),
        ("server", "guild", DAY): (0.25, 0),
    }


async def test_a_person_takes_their_sums_along(database: Database) -> None:
    """In the export, and when they go; those of others stay."""
    await spend(database, 0.5, account_of("his", "bob"))
    await spend(database, 0.25)

    export = await export_person(database, "bob")
    assert [(row["day"], row["spent_usd"]) for row in export["spending"]] == [(DAY, 0.5)]
    await delete_person(database, "bob")

    left = await sums(database)
    assert {(scope, holder) for scope, holder, _ in left} == {
        ("installation", ""),
        ("interview", "one"),
        ("server", "guild"),
        ("user", "ada"),
    }
    assert left["installation", "", DAY] == (0.75, 0)


async def test_who_deletes_everything_begins_anew_but_for_what_names_nobody(
    database: Database, store: SqlStore
) -> None:
    """Nothing of the person is kept, so their day is; the server's and the house's budgets hold."""
    ledger = SqlLedger(database)
    await spend(database, 0.5)
    await delete_person(database, "ada")
    await store.create_interview("again", settings_of("ada"), START)
    again = account_of("again")

    await ledger.reserve(again, call_of(0.5), Limits(9, 0.6, 9, 9))
    for limits, scope in (
        (Limits(9, 9, 0.6, 9), Scope.SERVER),
        (Limits(9, 9, 9, 0.6), Scope.INSTALLATION),
    ):
        with pytest.raises(BudgetUsedUpError) as no:
            await ledger.reserve(again, call_of(0.5), limits)
        assert no.value.scope is scope


async def test_old_days_are_swept(database: Database) -> None:
    """With what expired, or alone; an interview's sum stays as long as the interview."""
    await spend(database, 0.25)
    await spend(database, 0.25, account_of("two"), at=TOMORROW)
    last = START + timedelta(days=KEPT_DAYS)

    await sweep_spending(database, last)
    assert len(await sums(database)) == 3 + 3 + 2
    await delete_expired(database, timedelta(days=90), last + timedelta(days=1))

    days = {day for _, _, day in await sums(database)}
    assert days == {"", TOMORROW.date().isoformat()}


class Cheap:
    """A model that answers at once, at the cost of 1000 tokens."""

    name = "cheap"

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        usage = Usage(input=900, output=100)
        yield usage
        yield Completion("{}", usage, ask.model)


async def test_a_budgeted_model_stops_when_its_budget_is_used_up(database: Database) -> None:
    """The whole way: calls are stored and charged, the owner is told, then no model is asked."""
    ask = Ask(
        purpose=Purpose.INTERVIEW,
        model="claude-opus-5-5",
        system=(Block("x" * 2_700),),
        user=(),
        schema={},
        max_tokens=100,
        account=account_of(),
    )
    told: list[Alert] = []
    clock = ManualClock(START.replace(month=11))
    limits = Limits(0.0725, 9, 9, 9)
    model = Budgeted(Cheap(), load_prices(), SqlLedger(database), limits, clock, told.append)

    answered = []

    async def go_on() -> None:
        while len(answered) < 100:
            answered.append(await complete(model, ask))

    with pytest.raises(ModelFailureError, match="HOTSEAT_BUDGET_INTERVIEW_USD") as stopped:
        await go_on()

    each = (900 * 4 + 100 * 20) / 1_000_000
    assert stopped.value.failure is Failure.NO_BUDGET
    assert len(answered) == len(await calls_of(database, "one")) == 8
    assert await cost_of(database, "one") == pytest.approx(8 * each)
    assert [(one.scope, one.holder, one.refused) for one in told] == [
        (Scope.INTERVIEW, "one", True)
    ]


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.floats(0, 0.6), st.none() | st.floats(0, 0.6), st.booleans()), max_size=12
    )
)
def test_no_sequence_of_calls_overdraws(
    steps: list[tuple[float, float | None, bool]], migrated_file: Path
) -> None:
    """Whatever is reserved, settled, lost or unknown: what counts stays within the limit.

    Calls cost no more than they reserved.
    """
    path = migrated_file.with_name("played.db")
    path.write_bytes(migrated_file.read_bytes())

    asyncio.run(play(steps, path))


async def play(steps: list[tuple[float, float | None, bool]], path: Path) -> None:
    """Play the steps in the file, and compare after each."""
    async with open_database(path) as database:
        await SqlStore(database).create_interview("one", settings_of(), START)
        ledger = SqlLedger(database)
        for reserved, cost, comes_back in steps:
            try:
                held = await ledger.reserve(account_of(), call_of(reserved), LIMITS)
            except BudgetUsedUpError:
                continue
            if comes_back:
                known = None if cost is None else min(cost, reserved)
                await ledger.settle(held, end_of(known))
            counted = await cost_of(database, "one")
            assert counted <= LIMITS.interview_usd + 1e-9
            for spent, reserve in (await sums(database)).values():
                assert spent + reserve == pytest.approx(counted)
