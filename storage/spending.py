"""`SqlLedger`: the tables behind `interviewer.budget.SpendingLedger`.

The sums of days stand apart from the interviews, so that deleting an interview gives nobody a new
budget. Those of a person go with the person, whose budget of the day begins anew then; those of
server and installation name nobody and still hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, case, delete, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from interviewer.budget import (
    ALERT_AT,
    Alert,
    BudgetUsedUpError,
    CallRecord,
    Limits,
    Reservation,
    Scope,
)
from interviewer.metering import CallEnd
from scoring.language_model import Account
from storage.calls import close_call, open_call
from storage.database import Database
from storage.errors import breaks_foreign_key
from storage.rows import not_found
from storage.tables import SPENDING

KEPT_DAYS = 35
"""How long the sums of a day are kept: long enough to look back on a month."""


@dataclass(frozen=True)
class _Budget:
    """A row of the table by its key; an interview's has no day."""

    scope: Scope
    holder: str
    day: str = ""

    @property
    def row(self) -> ColumnElement[bool]:
        return (
            (SPENDING.c.scope == self.scope.value)
            & (SPENDING.c.holder == self.holder)
            & (SPENDING.c.day == self.day)
        )

    def opened(self) -> dict[str, Any]:
        """The row before anything was spent."""
        return {
            "scope": self.scope.value,
            "holder": self.holder,
            "day": self.day,
            "interview_id": self.holder if self.scope is Scope.INTERVIEW else None,
            "spent_usd": 0.0,
            "reserved_usd": 0.0,
            "alerted": False,
            "refusal_told": False,
        }


class SqlLedger:
    """Implements `interviewer.budget.SpendingLedger` on an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, account: Account, call: CallRecord, limits: Limits) -> Reservation:
        """Store the call and hold what it may cost in each budget.

        Raises `BudgetUsedUpError` of the narrowest budget that does not allow it, and
        `InterviewNotFoundError`. A call that costs nothing is always allowed.
        """

        def write(connection: Connection) -> Reservation | BudgetUsedUpError:
            if refusal := _hold(connection, account, call, limits):
                return refusal
            number = open_call(connection, account.interview_id, call)
            return Reservation(account, replace(call, number=number), limits)

        try:
            outcome = await self._database.run(write)
        except IntegrityError as err:
            if breaks_foreign_key(err):
                raise not_found(account.interview_id) from err
            raise
        if isinstance(outcome, BudgetUsedUpError):
            raise outcome
        return outcome

    async def settle(self, reservation: Reservation, end: CallEnd) -> tuple[Alert, ...]:
        """Store how the call ended, and replace what was held by what it cost.

        A cost that is not known leaves what was held. What is held counts for the alerts as it
        counts for the limits: a server that never says what a call cost fills a budget as well.
        What was deleted meanwhile stays deleted.
        """
        account, call = reservation.account, reservation.call

        def write(connection: Connection) -> tuple[Alert, ...]:
            close_call(connection, account.interview_id, call.number, end)
            if call.reserved_usd == 0:
                return ()
            budgets = list(_budgets(account, call.started_at))
            if end.cost_usd is not None:
                for budget in budgets:
                    connection.execute(_spend(budget, end.cost_usd, call.reserved_usd))
            alerts = (_alert(connection, budget, reservation.limits) for budget in budgets)
            return tuple(alert for alert in alerts if alert)

        return await self._database.run(write)


async def sweep_spending(database: Database, now: datetime) -> None:
    """Delete the sums of days that ended more than `KEPT_DAYS` days ago."""
    kept_from = _day(now - timedelta(days=KEPT_DAYS))
    old = delete(SPENDING).where(SPENDING.c.interview_id.is_(None), SPENDING.c.day < kept_from)
    await database.run(lambda connection: connection.execute(old))


def spending_by(person: str) -> ColumnElement[bool]:
    """Which rows of the table are the person's own, beside those of their interviews."""
    return (SPENDING.c.scope == Scope.USER.value) & (SPENDING.c.holder == person)


_OPEN = sqlite_insert(SPENDING).on_conflict_do_nothing()


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _budgets(account: Account, at: datetime) -> Iterator[_Budget]:
    """The budgets that a call is paid from, the narrowest first."""
    day = _day(at)
    yield _Budget(Scope.INTERVIEW, account.interview_id)
    yield _Budget(Scope.USER, account.owner, day)
    if account.server is not None:
        yield _Budget(Scope.SERVER, account.server, day)
    yield _Budget(Scope.INSTALLATION, "", day)


def _hold(
    connection: Connection, account: Account, call: CallRecord, limits: Limits
) -> BudgetUsedUpError | None:
    """Hold what the call may cost in all of its budgets, or say which one does not allow it."""
    amount_usd = call.reserved_usd
    budgets = list(_budgets(account, call.started_at)) if amount_usd > 0 else []
    for budget in budgets:
        connection.execute(_OPEN, budget.opened())
        if refusal := _refusal(connection, budget, amount_usd, limits):
            return refusal
    held = SPENDING.c.reserved_usd + amount_usd
    for budget in budgets:
        connection.execute(update(SPENDING).where(budget.row).values(reserved_usd=held))
    return None


def _spend(budget: _Budget, cost_usd: float, reserved_usd: float) -> Update:
    """Sums of floats may end a hair below nothing."""
    left = SPENDING.c.reserved_usd - reserved_usd
    return (
        update(SPENDING)
        .where(budget.row)
        .values(
            spent_usd=SPENDING.c.spent_usd + cost_usd,
            reserved_usd=case((left > 0, left), else_=0.0),
        )
    )


_USED = SPENDING.c.spent_usd + SPENDING.c.reserved_usd


def _refusal(
    connection: Connection, budget: _Budget, amount_usd: float, limits: Limits
) -> BudgetUsedUpError | None:
    """Why the budget does not allow the amount, None where it does."""
    used = select(_USED).where(budget.row)
    used_usd, limit_usd = connection.execute(used).scalar_one(), limits.of(budget.scope)
    if used_usd + amount_usd <= limit_usd:
        return None
    alert = None
    if _is_first(connection, budget, SPENDING.c.refusal_told):
        alert = Alert(budget.scope, budget.holder, used_usd, limit_usd, refused=True)
    return BudgetUsedUpError(budget.scope, amount_usd, used_usd, limit_usd, alert)


def _alert(connection: Connection, budget: _Budget, limits: Limits) -> Alert | None:
    used = select(_USED).where(budget.row)
    used_usd, limit_usd = connection.execute(used).scalar_one_or_none(), limits.of(budget.scope)
    if used_usd is None or used_usd < ALERT_AT * limit_usd:
        return None
    if not _is_first(connection, budget, SPENDING.c.alerted):
        return None
    return Alert(budget.scope, budget.holder, used_usd, limit_usd)


def _is_first(connection: Connection, budget: _Budget, told: ColumnElement[bool]) -> bool:
    """Whether its owner has not been told yet, in the budget's time; from now on they have."""
    mark = update(SPENDING).where(budget.row, told.is_(False)).values({told: True})
    return connection.execute(mark).rowcount > 0
