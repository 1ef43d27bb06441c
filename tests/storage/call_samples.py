"""Calls of language models for the tests of the tables."""

from datetime import datetime

from storage_samples import START

from interviewer.budget import Alert, CallRecord, Limits
from interviewer.metering import CallEnd
from scoring.language_model import Account, Purpose, Usage
from storage.database import Database
from storage.spending import SqlLedger

LIMITS = Limits(interview_usd=1, user_day_usd=2, server_day_usd=3, day_usd=4)
USED = Usage(input=1, cache_read=2, cache_write_5m=3, cache_write_1h=4, output=5)


def account_of(
    interview_id: str = "one", owner: str = "ada", server: str | None = "guild"
) -> Account:
    """Who pays."""
    return Account(interview_id, owner, server)


def call_of(reserved_usd: float = 0.5, at: datetime = START, seq: int = 3) -> CallRecord:
    """A call that begins."""
    return CallRecord(
        purpose=Purpose.INTERVIEW,
        seq=seq,
        model="claude",
        server="Claude at api.example",
        request_hash="asked",
        prompt_hash="p1",
        sample=1,
        started_at=at,
        reserved_usd=reserved_usd,
    )


def end_of(cost_usd: float | None, outcome: str = "ok") -> CallEnd:
    """How a call ended."""
    return CallEnd(
        outcome, cost_usd, USED, total_s=1.5, first_text_s=0.5, attempts=2, request_id="r1"
    )


async def spend(
    database: Database,
    cost_usd: float | None,
    account: Account | None = None,
    at: datetime = START,
    limits: Limits = LIMITS,
    reserved_usd: float = 0.5,
) -> tuple[Alert, ...]:
    """A call that reserved 0.5 USD, or what is said, and cost so much."""
    ledger = SqlLedger(database)
    call = call_of(reserved_usd, at)
    held = await ledger.reserve(account or account_of(), call, limits)
    return await ledger.settle(held, end_of(cost_usd))
