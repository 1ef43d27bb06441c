"""No call without a reservation, no reservation without an end, whatever happens in between."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Settings
from interviewer.budget import (
    SETTINGS,
    Alert,
    Budgeted,
    BudgetUsedUpError,
    CallRecord,
    Limits,
    Reservation,
    Scope,
)
from interviewer.clock import ManualClock
from interviewer.metering import CallEnd, prompt_tokens_at_most
from interviewer.prices import PriceList, load_prices
from scoring.judge_calls import JudgeSettings
from scoring.language_model import (
    Account,
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

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MODEL = "claude-sonnet-5-5"
LIMITS = Limits(1, 2, 3, 4)
PRICES = load_prices()
PRICE = PRICES.price(MODEL, NOW.date())
COUNTED = Usage(input=100, cache_read=5_000, output=1)
USED = Usage(input=100, cache_read=5_000, output=40)
ALERT = Alert(Scope.USER, "ada", 1.7, 2)
ASK = Ask(
    purpose=Purpose.INTERVIEW,
    model=MODEL,
    system=(Block("You interview.", cached=True),),
    user=(Block("Ten agents."),),
    schema={"type": "object"},
    max_tokens=500,
    account=Account("one", "ada", "guild"),
    prompt_hash="p1",
    sample=2,
    seq=7,
)
WHOLE = Completion("{}", USED, "claude", "r1", first_text_s=0.5, total_s=1.5, attempts=2)

Step = StreamItem | ModelFailureError | asyncio.Event


class ScriptedModel:
    """Gives the items, raises the failures and waits for the events that it was given."""

    name = "scripted"

    def __init__(self, steps: Sequence[Step], clock: ManualClock) -> None:
        self.steps = steps
        self.clock = clock
        self.asked = 0
        self.closed = 0
        self.waits = asyncio.Event()

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        self.asked += 1
        try:
            for step in self.steps:
                self.clock.advance(1)
                if isinstance(step, ModelFailureError):
                    raise step
                if isinstance(step, asyncio.Event):
                    self.waits.set()
                    await step.wait()
                else:
                    yield step
        finally:
            self.closed += 1


@dataclass
class Purse:
    """A ledger in memory; `reserving` and `settling` hold it up until they are set."""

    refusal: BudgetUsedUpError | None = None
    alerts: tuple[Alert, ...] = ()
    reserving: asyncio.Event | None = None
    settling: asyncio.Event | None = None
    reserved: list[Reservation] = field(default_factory=list)
    settled: list[tuple[Reservation, CallEnd]] = field(default_factory=list)
    busy: asyncio.Event = field(default_factory=asyncio.Event)

    async def reserve(self, account: Account, call: CallRecord, limits: Limits) -> Reservation:
        await self._held_up_by(self.reserving)
        if self.refusal is not None:
            raise self.refusal
        held = Reservation(account, replace(call, number=len(self.reserved) + 1), limits)
        self.reserved.append(held)
        return held

    async def settle(self, reservation: Reservation, end: CallEnd) -> tuple[Alert, ...]:
        await self._held_up_by(self.settling)
        self.settled.append((reservation, end))
        return self.alerts

    async def _held_up_by(self, gate: asyncio.Event | None) -> None:
        await asyncio.sleep(0)
        if gate is not None:
            self.busy.set()
            await gate.wait()

    @property
    def end(self) -> CallEnd:
        """The one end of the one call."""
        ((reservation, end),) = self.settled
        assert [reservation] == self.reserved
        return end


class Till:
    """A budgeted model with everything around it."""

    def __init__(
        self, *steps: Step, purse: Purse | None = None, prices: PriceList | None = PRICES
    ) -> None:
        self.clock = ManualClock(NOW)
        self.model = ScriptedModel(steps, self.clock)
        self.purse = purse or Purse()
        self.alerts: list[Alert] = []
        self.budgeted = Budgeted(
            self.model, prices, self.purse, LIMITS, self.clock, self.alerts.append
        )

    async def take(self, count: int = 1_000) -> list[StreamItem]:
        """The first items of the answer; then it is closed."""
        taken: list[StreamItem] = []
        async with aclosing(self.budgeted.stream(ASK)) as items:
            async for item in items:
                taken.append(item)
                if len(taken) >= count:
                    break
        return taken


def failure(kind: Failure, usage: Usage | None = None) -> ModelFailureError:
    """A failure as an adapter reports it."""
    return ModelFailureError(kind, "scripted failed", usage=usage, request_id="r2")


async def test_a_call_reserves_its_bound_and_settles_with_what_it_used() -> None:
    """The bound is reserved before anything is asked; the record has everything but words."""
    till = Till(COUNTED, "{", "}", WHOLE)

    assert await till.take() == [COUNTED, "{", "}", WHOLE]

    (held,) = till.purse.reserved
    assert held.call == CallRecord(
        purpose=Purpose.INTERVIEW,
        seq=7,
        model=MODEL,
        server="scripted",
        request_hash=ASK.request_hash,
        prompt_hash="p1",
        sample=2,
        started_at=NOW,
        reserved_usd=PRICE.bound_usd(prompt_tokens_at_most(ASK), 500),
        number=1,
    )
    assert (held.account, held.limits) == (ASK.account, LIMITS)
    assert till.purse.end == CallEnd(
        outcome="ok",
        cost_usd=PRICE.cost_usd(USED),
        usage=USED,
        total_s=1.5,
        first_text_s=0.5,
        attempts=2,
        request_id="r1",
    )


async def test_settled_before_the_answer_is_handed_over() -> None:
    """Whoever has the whole answer finds its cost in the ledger."""
    till = Till(COUNTED, "{}", WHOLE)

    assert await complete(till.budgeted, ASK) == WHOLE

    assert till.purse.end.outcome == "ok"


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("Ten", 3), ("\N{GRINNING FACE}", 4), ("担当", 6), ("\ud800", 3)]
)
def test_a_prompt_has_no_more_tokens_than_bytes(text: str, tokens: int) -> None:
    """Whatever a candidate writes, also what is no valid Unicode; the schema counts as well."""
    bare = replace(ASK, system=(Block("{"),), user=(), schema={})

    held = prompt_tokens_at_most(replace(bare, user=(Block(text), Block("x"))))
    assert held == prompt_tokens_at_most(bare) + tokens + 1
    assert prompt_tokens_at_most(bare) > len("{") + len("{}")
    longer = replace(bare, schema={"type": "object"})
    assert prompt_tokens_at_most(longer) > prompt_tokens_at_most(bare)


def test_the_calls_of_a_judge_fit_into_the_usual_budget() -> None:
    """All that it has under way of a long round, as the settings are when nobody changes them."""
    usual = {name: field.default for name, field in Settings.model_fields.items()}
    judge = JudgeSettings(usual["judge_model"])
    ask = replace(ASK, model=judge.model, user=(Block("x" * 50_000),))
    price = PRICES.price(judge.model, NOW.date())

    each = price.bound_usd(prompt_tokens_at_most(ask), judge.max_tokens)

    assert judge.parallel * each < usual["budget_interview_usd"] / 2


async def test_a_replayed_answer_costs_nothing() -> None:
    """Nobody was asked."""
    till = Till(replace(WHOLE, replayed=True))

    await till.take()

    assert (till.purse.end.cost_usd, till.purse.end.usage) == (0, USED)


async def test_a_refused_call_asks_nobody() -> None:
    """The failure says which budget and which setting, and the owner is told."""
    refusal = BudgetUsedUpError(Scope.USER, 0.2, 1.9, 2, ALERT)
    till = Till(WHOLE, purse=Purse(refusal=refusal))

    with pytest.raises(ModelFailureError) as refused:
        await till.take()

    assert refused.value.failure is Failure.NO_BUDGET
    assert "of this person for today (UTC)" in str(refused.value)
    assert "1.9000 of 2.0000 USD" in str(refused.value)
    assert "HOTSEAT_BUDGET_USER_DAY_USD" in str(refused.value)
    assert "ada" not in str(refused.value)
    assert till.model.asked == 0
    assert till.purse.settled == []
    assert till.alerts == [ALERT]


def test_every_budget_has_a_setting_and_a_limit() -> None:
    """Each of its own."""
    assert SETTINGS.keys() == set(Scope)
    assert [LIMITS.of(scope) for scope in Scope] == [1, 2, 3, 4]
    assert len(set(SETTINGS.values())) == 4


async def test_a_model_without_a_price_is_not_asked() -> None:
    """Nor is anything reserved for it."""
    till = Till(WHOLE, prices=PriceList({}))

    with pytest.raises(ModelFailureError, match=f"no price is known for the model '{MODEL}'") as no:
        await till.take()

    assert no.value.failure is Failure.NO_PRICE
    assert (till.model.asked, till.purse.reserved) == (0, [])


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [((COUNTED, "{}", WHOLE), "ok"), ((failure(Failure.TIMED_OUT),), "timed out")],
)
async def test_a_server_of_ones_own_costs_nothing(steps: tuple[Step, ...], outcome: str) -> None:
    """Its calls are recorded all the same, also those that fail."""
    till = Till(*steps, prices=None)

    with suppress(ModelFailureError):
        await till.take()

    assert till.purse.reserved[0].call.reserved_usd == 0
    assert (till.purse.end.outcome, till.purse.end.cost_usd) == (outcome, 0)


async def test_alerts_of_a_settlement_reach_the_owner() -> None:
    """Once each, as the ledger gives them."""
    till = Till(WHOLE, purse=Purse(alerts=(ALERT,)))

    await till.take()

    assert till.alerts == [ALERT]


@pytest.mark.parametrize(
    ("steps", "usage", "known"),
    [
        ((COUNTED, failure(Failure.OVERLOADED)), COUNTED, True),
        ((COUNTED, "x" * 300, failure(Failure.CUT_SHORT)), replace(COUNTED, output=100), True),
        ((failure(Failure.REFUSED, USED),), USED, True),
        ((COUNTED, "x" * 300, failure(Failure.TRUNCATED, USED)), USED, True),
        ((COUNTED, "x" * 300, failure(Failure.CUT_SHORT, USED)), replace(USED, output=100), True),
        ((USED, failure(Failure.MALFORMED, Usage(input=200))), replace(USED, input=200), True),
        ((failure(Failure.RATE_LIMITED),), Usage(), True),
        ((failure(Failure.UNREACHABLE),), Usage(), True),
        (("x" * 300, failure(Failure.SERVER_ERROR)), Usage(), False),
        ((failure(Failure.TIMED_OUT),), Usage(), False),
        ((failure(Failure.CUT_SHORT),), Usage(), False),
    ],
)
async def test_a_failure_is_settled_with_what_is_known(
    steps: tuple[Step, ...], usage: Usage, known: bool
) -> None:
    """The server's count, and the text seen since; where none is known, the reservation stays."""
    till = Till(*steps)
    failed = steps[-1]
    assert isinstance(failed, ModelFailureError)

    with pytest.raises(ModelFailureError) as raised:
        await till.take()

    assert raised.value is failed
    end = till.purse.end
    assert end.usage == usage
    assert end.cost_usd == (PRICE.cost_usd(usage) if known else None)
    assert (end.outcome, end.request_id) == (failed.failure.value, "r2")
    assert end.total_s == len(steps)
    assert till.model.closed == 1


async def test_a_stream_that_just_ends_was_cut() -> None:
    """It is not counted as an answer."""
    till = Till(COUNTED, "{")

    assert await till.take() == [COUNTED, "{"]

    assert till.purse.end.outcome == "cut short"


@pytest.mark.parametrize(
    ("count", "output", "first_text_s"), [(1, 1, None), (2, 100, 2.0), (3, 200, 2.0)]
)
async def test_a_stream_closed_early_counts_what_was_seen(
    count: int, output: int, first_text_s: float | None
) -> None:
    """The usage from its start, and the text that came; never less output than was counted."""
    till = Till(COUNTED, "x" * 300, "é" * 150, WHOLE)

    await till.take(count)

    end = till.purse.end
    assert end.usage == replace(COUNTED, output=output)
    assert end.cost_usd == PRICE.cost_usd(end.usage)
    assert (end.outcome, end.first_text_s, end.total_s) == ("closed early", first_text_s, count)
    assert till.model.closed == 1


async def test_closing_before_anything_was_counted_keeps_the_reservation() -> None:
    """The server may have worked; nobody can say how much."""
    till = Till("x", WHOLE)

    await till.take(1)

    assert (till.purse.end.outcome, till.purse.end.cost_usd) == ("closed early", None)
    assert replace(till.purse.reserved[0].call, end=till.purse.end).counted_usd > 0


async def test_a_stream_that_was_never_begun_reserves_nothing() -> None:
    """Closed before its first item."""
    till = Till(WHOLE)

    await till.budgeted.stream(ASK).aclose()

    assert till.purse.reserved == []


async def cancelled(task: asyncio.Task[object]) -> None:
    """Cancel it and see it end."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def settlement(purse: Purse) -> None:
    """Let the loop run until everything is settled."""
    for _ in range(20):
        if len(purse.settled) == len(purse.reserved) > 0:
            return
        await asyncio.sleep(0)
    pytest.fail("a reservation was never settled")


async def test_closing_waits_until_everything_is_settled() -> None:
    """Also what is given back by a call that was cancelled while its budget was reserved."""
    reserving, settling = asyncio.Event(), asyncio.Event()
    till = Till(COUNTED, WHOLE, purse=Purse(reserving=reserving, settling=settling))
    asking = asyncio.create_task(complete(till.budgeted, ASK))
    await till.purse.busy.wait()
    await cancelled(asking)

    closing = asyncio.create_task(till.budgeted.close())
    for gate in (reserving, settling):
        await asyncio.sleep(0)
        assert not closing.done()
        gate.set()
    await closing

    assert (till.purse.end.outcome, till.purse.end.cost_usd) == ("closed early", 0.0)


async def test_an_answer_of_which_nothing_was_counted_keeps_the_reservation() -> None:
    """A server that says nothing of the tokens, or nothing that can be, is not a free one."""
    till = Till("{}", replace(WHOLE, usage=Usage()))

    await till.take()

    assert (till.purse.end.outcome, till.purse.end.cost_usd) == ("ok", None)


async def test_cancelled_while_reserving_gives_it_back() -> None:
    """Nothing was asked, so nothing is charged, though the ledger went on reserving."""
    purse = Purse(reserving=asyncio.Event())
    assert purse.reserving is not None
    till = Till(WHOLE, purse=purse)
    task = asyncio.create_task(till.take())
    await purse.busy.wait()

    await cancelled(task)
    purse.reserving.set()
    await settlement(purse)

    assert (purse.end.outcome, purse.end.cost_usd, purse.end.usage) == ("closed early", 0, Usage())
    assert till.model.asked == 0


async def test_cancelled_while_being_refused_is_still_reported() -> None:
    """There is nothing to give back, and the owner learns of the used-up budget."""
    refusal = BudgetUsedUpError(Scope.USER, 0.2, 1.9, 2, ALERT)
    purse = Purse(refusal=refusal, reserving=asyncio.Event())
    assert purse.reserving is not None
    till = Till(WHOLE, purse=purse)
    task = asyncio.create_task(till.take())
    await purse.busy.wait()

    await cancelled(task)
    purse.reserving.set()
    for _ in range(10):
        await asyncio.sleep(0)

    assert till.alerts == [ALERT]
    assert purse.settled == []


async def test_cancelled_while_the_model_thinks_is_settled() -> None:
    """The call is cancelled and counted before the task ends."""
    till = Till(COUNTED, "x" * 300, asyncio.Event(), WHOLE)
    task = asyncio.create_task(till.take())
    await till.model.waits.wait()

    await cancelled(task)

    assert till.model.closed == 1
    assert till.purse.end.usage == replace(COUNTED, output=100)
    assert till.purse.end.outcome == "closed early"


async def test_cancelled_while_settling_is_settled_all_the_same() -> None:
    """The settlement goes on without whoever waited for it, and alerts are still given."""
    purse = Purse(settling=asyncio.Event(), alerts=(ALERT,))
    assert purse.settling is not None
    till = Till(WHOLE, purse=purse)
    task = asyncio.create_task(till.take())
    await purse.busy.wait()

    await cancelled(task)
    assert purse.settled == []
    purse.settling.set()
    await settlement(purse)
    await asyncio.sleep(0)

    assert purse.end.outcome == "ok"
    assert till.alerts == [ALERT]


@settings(max_examples=100, deadline=None)
@given(turns=st.integers(0, 25), calls=st.integers(1, 4))
async def test_cancelled_at_any_moment_every_reservation_ends(turns: int, calls: int) -> None:
    """After any number of turns of the loop, with calls side by side: each is settled once."""
    till = Till(COUNTED, "{", asyncio.Event())
    tasks = [asyncio.create_task(till.take()) for _ in range(calls)]
    for _ in range(turns):
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(10):
        await asyncio.sleep(0)

    numbers = sorted(held.call.number for held, _ in till.purse.settled)
    assert numbers == [held.call.number for held in till.purse.reserved]
    assert till.model.closed == till.model.asked
