"""Budgets: every call reserves the most that it may cost, and settles with what it did cost.

Four budgets stand above every call: the interview's, and those of its person, its server and the
whole installation for the UTC day. The port `SpendingLedger` keeps them; `Budgeted` is a language
model that spends from them and refuses when one is used up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from interviewer.clock import Clock
from interviewer.metering import CLOSED_EARLY, CallEnd, Meter, prompt_tokens_at_most
from interviewer.prices import Price, PriceList, UnknownPriceError
from scoring.language_model import (
    Account,
    Ask,
    Failure,
    LanguageModel,
    ModelFailureError,
    Purpose,
    StreamItem,
    Usage,
)

ALERT_AT = 0.8
"""The share of a limit at which the owner is told."""

Result = TypeVar("Result")


class Scope(StrEnum):
    """Whose budget it is; all but an interview's begin anew with every UTC day."""

    INTERVIEW = "interview"
    USER = "user"
    SERVER = "server"
    INSTALLATION = "installation"


SETTINGS = {
    Scope.INTERVIEW: "HOTSEAT_BUDGET_INTERVIEW_USD",
    Scope.USER: "HOTSEAT_BUDGET_USER_DAY_USD",
    Scope.SERVER: "HOTSEAT_BUDGET_SERVER_DAY_USD",
    Scope.INSTALLATION: "HOTSEAT_BUDGET_DAY_USD",
}
"""The setting behind each limit."""

_WHOSE = {
    Scope.INTERVIEW: "of this interview",
    Scope.USER: "of this person for today (UTC)",
    Scope.SERVER: "of this server for today (UTC)",
    Scope.INSTALLATION: "of this installation for today (UTC)",
}


@dataclass(frozen=True)
class Limits:
    """The most that may be spent, in USD."""

    interview_usd: float
    user_day_usd: float
    server_day_usd: float
    day_usd: float

    def of(self, scope: Scope) -> float:
        """The limit of one of the budgets."""
        return {
            Scope.INTERVIEW: self.interview_usd,
            Scope.USER: self.user_day_usd,
            Scope.SERVER: self.server_day_usd,
            Scope.INSTALLATION: self.day_usd,
        }[scope]


@dataclass(frozen=True)
class Alert:
    """A budget has passed `ALERT_AT` of its limit or, `refused`, was too small for a call.

    `holder` is the id of the interview, person or server, empty for the installation; `spent_usd`
    includes what is held, for calls under way and for those whose cost is not known.
    """

    scope: Scope
    holder: str
    spent_usd: float
    limit_usd: float
    refused: bool = False


@dataclass(frozen=True)
class CallRecord:
    """One call as it is kept, without a word of it.

    `number` counts an interview's calls from 1, 0 before the call is stored; `end` is None until
    the call has come back.
    """

    purpose: Purpose
    seq: int
    model: str
    server: str
    request_hash: str
    prompt_hash: str
    sample: int
    started_at: datetime
    reserved_usd: float
    number: int = 0
    end: CallEnd | None = None

    @property
    def counted_usd(self) -> float:
        """What it cost, or the most that it may have where that is not known."""
        if self.end is None or self.end.cost_usd is None:
            return self.reserved_usd
        return self.end.cost_usd


@dataclass(frozen=True)
class Reservation:
    """The budgets of `account` hold `call.reserved_usd` until the call is settled."""

    account: Account
    call: CallRecord
    limits: Limits


class BudgetUsedUpError(Exception):
    """A budget does not allow the call; `alert` is set where its owner has not been told yet."""

    def __init__(
        self,
        scope: Scope,
        amount_usd: float,
        used_usd: float,
        limit_usd: float,
        alert: Alert | None = None,
    ) -> None:
        super().__init__(
            f"the budget {_WHOSE[scope]} does not allow another call: {used_usd:.4f} of "
            f"{limit_usd:.4f} USD are spent or held for calls under way, and this one may cost "
            f"{amount_usd:.4f}; {SETTINGS[scope]} sets the limit"
        )
        self.scope = scope
        self.limit_usd = limit_usd
        self.alert = alert


class SpendingLedger(Protocol):
    """Keeps what was spent. Every method is one transaction, committed when it returns."""

    async def reserve(self, account: Account, call: CallRecord, limits: Limits) -> Reservation:
        """Store the call and hold what it may cost in each budget; raises `BudgetUsedUpError`.

        What is held and never settled counts as spent.
        """
        ...

    async def settle(self, reservation: Reservation, end: CallEnd) -> tuple[Alert, ...]:
        """Store how the call ended, and replace what was held by what it cost.

        A cost that is not known leaves what was held. Returns the budgets that have passed
        `ALERT_AT` by it, each once a day and, for an interview, once.
        """
        ...


class Budgeted:
    """A language model that calls another one as long as the budgets allow it.

    Without `prices` calls cost nothing, as with a server of one's own; they are recorded all the
    same. A `BudgetUsedUpError` or `UnknownPriceError` comes as a `ModelFailureError`.
    """

    def __init__(
        self,
        model: LanguageModel,
        prices: PriceList | None,
        ledger: SpendingLedger,
        limits: Limits,
        clock: Clock,
        on_alert: Callable[[Alert], None],
    ) -> None:
        self.name = model.name
        self._model = model
        self._prices = prices
        self._ledger = ledger
        self._limits = limits
        self._clock = clock
        self._on_alert = on_alert
        self._under_way: set[asyncio.Task[Any]] = set()

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        """The answer as it is written; raises `ModelFailureError`.

        The call is settled however the stream ends.
        """
        price = self._price_of(ask)
        reservation = await self._reserve(self._opened(ask, price), ask.account)
        meter = Meter(self._clock)
        try:
            async with aclosing(self._model.stream(ask)) as items:
                async for item in items:
                    meter.note(item)
                    yield item
            meter.end()
        except ModelFailureError as err:
            meter.fail(err)
            raise
        finally:
            await asyncio.shield(self._start(self._settle(reservation, meter.closed(price))))

    async def close(self) -> None:
        """Wait until everything is settled; the ledger may close once this has returned.

        Streams that are still open are whoever opened them's to close, before.
        """
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _price_of(self, ask: Ask) -> Price | None:
        if self._prices is None:
            return None
        try:
            return self._prices.price(ask.model, self._clock.now().date())
        except UnknownPriceError as err:
            raise ModelFailureError(Failure.NO_PRICE, str(err)) from err

    def _opened(self, ask: Ask, price: Price | None) -> CallRecord:
        bound = price.bound_usd(prompt_tokens_at_most(ask), ask.max_tokens) if price else 0.0
        return CallRecord(
            purpose=ask.purpose,
            seq=ask.seq,
            model=ask.model,
            server=self.name,
            request_hash=ask.request_hash,
            prompt_hash=ask.prompt_hash,
            sample=ask.sample,
            started_at=self._clock.now(),
            reserved_usd=bound,
        )

    async def _reserve(self, call: CallRecord, account: Account) -> Reservation:
        """Whoever is cancelled meanwhile gives back what is reserved, since nothing was asked."""
        reserving = self._start(self._hold(call, account))
        try:
            return await asyncio.shield(reserving)
        except asyncio.CancelledError:
            self._start(self._give_back(reserving))
            raise

    async def _hold(self, call: CallRecord, account: Account) -> Reservation:
        try:
            return await self._ledger.reserve(account, call, self._limits)
        except BudgetUsedUpError as err:
            if err.alert is not None:
                self._on_alert(err.alert)
            raise ModelFailureError(Failure.NO_BUDGET, str(err)) from err

    async def _give_back(self, reserving: asyncio.Task[Reservation]) -> None:
        await asyncio.wait({reserving})
        if not reserving.cancelled() and reserving.exception() is None:
            unused = CallEnd(CLOSED_EARLY, cost_usd=0.0, usage=Usage(), total_s=0.0)
            await self._settle(reserving.result(), unused)

    async def _settle(self, reservation: Reservation, end: CallEnd) -> None:
        for alert in await self._ledger.settle(reservation, end):
            self._on_alert(alert)

    def _start(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """A task that ends by itself: the event loop alone would not keep it alive."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task
