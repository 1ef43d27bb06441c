"""What language models had a part in, in the trace: calls, fallbacks, later assessments, sums."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from console_samples import ANSWER, FINISHED, START, Screen, screen_of
from sqlalchemy import update

from bot.console.model_calls import Totals, call_line
from bot.console.trace import trace
from bot.wiring import App
from interviewer.budget import CallRecord, Limits, Reservation
from interviewer.metering import CLOSED_EARLY, CallEnd
from interviewer.state import Finding
from scoring.language_model import Account, Failure, Purpose, Usage
from scoring.verdicts import Verdict
from storage.spending import SqlLedger
from storage.tables import OUTBOX

PLENTY = Limits(9, 9, 9, 9)
ACCOUNT = Account(FINISHED, "local")
FIRST = CallEnd("ok", 0.0007, Usage(312, 0, 3000, 1000, 88), 1.314, 0.42)
"""Writes the cache."""
SECOND = CallEnd("ok", 0.00005, Usage(688, 4000, 0, 0, 60), 0.9, 0.3, attempts=2)
"""Reads it."""


def opened(seq: int, purpose: Purpose = Purpose.INTERVIEW, *, reserved: float = 0.02) -> CallRecord:
    """A call about the event that has not come back."""
    return CallRecord(
        purpose=purpose,
        seq=seq,
        model="claude-haiku-5-5",
        server="127.0.0.1:9",
        request_hash="aa",
        prompt_hash="bb",
        sample=0,
        started_at=START + timedelta(seconds=seq + 2),
        reserved_usd=reserved,
    )


async def call(app: App, record: CallRecord, end: CallEnd | None) -> Reservation:
    """Store the call as a budgeted model does."""
    ledger = SqlLedger(app.database)
    held = await ledger.reserve(ACCOUNT, record, PLENTY)
    if end is not None:
        await ledger.settle(held, end)
    return held


async def shown(app: App, width: int = 300) -> str:
    """The trace of the finished drill on one line."""
    screen = screen_of(width)
    await trace(app, screen.console, FINISHED)
    return " ".join(screen.text().split())


async def document(app: App) -> dict:
    """The same as JSON."""
    screen = screen_of()
    await trace(app, screen.console, FINISHED, as_json=True)
    return json.loads(screen.text())


async def test_an_interview_without_a_model_says_nothing_of_one(app: App, screen: Screen) -> None:
    """Neither in words nor by a key of its JSON."""
    assert "model call" not in await shown(app)

    found = await document(app)
    assert set(found) == {"interview_id", "turns"}
    keys = {"event_id", "round_index", "stage", "event", "findings", "turn_id", "utterance"}
    assert all(set(turn) == keys for turn in found["turns"])


async def test_a_call_stands_under_its_turn(app: App) -> None:
    """With purpose, model, outcome, attempts, seconds, tokens and cost."""
    await call(app, opened(1), FIRST)
    await call(app, opened(4), SECOND)

    text = await shown(app)

    first = (
        "interview call to claude-haiku-5-5 at 127.0.0.1:9: ok · 1.31 s, first text after 0.42 s · "
        "tokens: 312 in, 0 from cache, 4,000 to cache, 88 out · $0.00070"
    )
    second = "ok at attempt 2 · 0.90 s, first text after 0.30 s · tokens: 688 in, 4,000 from cache"
    places = [text.index(part) for part in ("i0001", first, "c0002", "i0004", second)]
    assert places == sorted(places)


async def test_the_last_line_is_the_sum(app: App) -> None:
    """Calls, cost, share of the prompt tokens that the cache gave, fallbacks."""
    await call(app, opened(1), FIRST)
    await call(app, opened(4), SECOND)
    await call(app, opened(-1, Purpose.JUDGE), replace(FIRST, cost_usd=0.5))

    text = await shown(app)

    share = 4000 / (4312 + 4688 + 4312)
    assert text.endswith(
        f"3 model calls · $0.50 · {share:.0%} of the prompt tokens read from the cache · "
        "0 fallbacks"
    )
    assert text.index("after the turns") < text.index("judge call to") < text.index("in all")


async def test_json_holds_the_same(app: App) -> None:
    """Numbers as numbers, calls of the judge beside the turns."""
    await call(app, opened(1), FIRST)
    await call(app, opened(-1, Purpose.JUDGE), SECOND)

    found = await document(app)

    (made,) = found["turns"][1]["calls"]
    assert made["purpose"] == "interview"
    assert made["end"]["usage"] == {
        "input": 312, "cache_read": 0, "cache_write_5m": 3000, "cache_write_1h": 1000, "output": 88
    }  # fmt: skip
    assert [one["purpose"] for one in found["other_calls"]] == ["judge"]
    assert found["totals"]["calls"] == 2
    assert found["totals"]["cost_usd"] == pytest.approx(0.00075)
    assert found["totals"]["cache_read_share"] == pytest.approx(4000 / 9000)
    assert "calls" not in found["turns"][0]


@pytest.mark.parametrize(
    ("end", "failed", "said"),
    [
        (None, 1, "never came back · up to $0.02000"),
        (
            CallEnd(Failure.TIMED_OUT.value, None, Usage(), 20.0),
            1,
            "timed out · 20.00 s · tokens: 0 in, 0 from cache, 0 to cache, 0 out · up to $0.02000",
        ),
        (replace(FIRST, outcome=CLOSED_EARLY, cost_usd=None), 0, "closed early · 1.31 s"),
    ],
)
def test_what_is_not_known_counts_with_the_most(
    end: CallEnd | None, failed: int, said: str
) -> None:
    """And is said to; who cut in on the interviewer did not make the call fail."""
    record = replace(opened(1), end=end)

    totals = Totals.of([record], ())

    assert said in call_line(record)
    assert (totals.failed, totals.unknown, totals.cost_usd) == (failed, 1, 0.02)
    assert "$0.02, 1 call at the most that may be" in totals.line()


async def test_a_fallback_is_named_where_it_happened(app: App) -> None:
    """Also where no call was made, as with a used-up budget."""
    (first, *_) = await app.services.store.utterances(FINISHED)
    why = "claude-haiku-5-5 has no budget left; the built-in interviewer asked instead."
    degrade = update(OUTBOX).where(OUTBOX.c.key == first.key).values(degraded=why)
    await app.database.run(lambda connection: connection.execute(degrade))

    text = await shown(app)

    assert f"fallback: {why}" in text
    assert text.endswith("0 model calls · $0.00 · 1 fallback")
    assert (await document(app))["totals"]["fallbacks"] == 1


async def test_later_assessments_stand_beside_the_answer(app: App) -> None:
    """Told from what the offline finder found at once."""
    quote = ANSWER[:12]
    late = Finding(
        key="tokens/late", verdict=Verdict.PARTIAL, start=0, end=12, quote=quote, score=1,
        found_by="claude-haiku-5-5",
    )  # fmt: skip
    await app.services.store.note_assessments(FINISHED, 1, [late])

    text = await shown(app)

    assert f"later ◐ partial tokens/late (by claude-haiku-5-5) “{quote}”" in text
    assert text.index("c0001") < text.index("tokens/late") < text.index("i0001")
    (assessed,) = (await document(app))["turns"][1]["assessed"]
    assert assessed["key"] == "tokens/late"


async def test_a_traced_call_fits_a_narrow_terminal(app: App) -> None:
    """Wrapped, not cut."""
    await call(app, opened(1), FIRST)
    screen = screen_of(40)

    await trace(app, screen.console, FINISHED)

    assert max(map(len, screen.text().splitlines())) <= 40
    assert "$0.00070" in screen.text()
