"""What a 45-minute round costs at list prices, by model.

    python -m benchmarks.model_cost

A senior system-design round is played with the answers of the written-out examples (docs/examples),
the weakest first, a few sentences at a time, said at `WORDS_PER_SECOND`, until the interviewer has
no more to ask or the time is up. The server is the stand-in of the tests with its honest character;
the real service is not called. Tokens are the stand-in's: a quarter of the bytes, with a cache of
byte-equal prefixes that lives as long as the real one's, in the round's own time. Real tokenizers
count otherwise, the newest models up to `MORE_TOKENS` more; thinking is not in it, so a second
table holds every answer at the most that it may have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.examples import records
from benchmarks.figures import print_table
from benchmarks.rehearsal import MINUTES, SilentMouth, is_open, settings_of_round
from benchmarks.stand_in import PRICED_ON, ModelWorld, model_world
from interviewer.budget import CallRecord
from interviewer.clock import ManualClock
from interviewer.prices import Price, load_prices
from interviewer.session import Session, new_interview_id
from interviewer.state import EventKind, InterviewSettings
from scenarios.load import Library, builtin_packs_folder, load_library
from scoring.language_model import Purpose, Usage
from scoring.transcript import Speaker
from scoring.utterance import sentences_of
from storage.calls import calls_of
from tests.messages_stub import MessagesStub, honest

WORDS_PER_SECOND = 2.5
THINKS_S = 45.0
"""Seconds in which a candidate thinks and draws before an answer begins."""

MOST_WORDS = 45

MORE_TOKENS = 0.3
MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")
DEFAULTS = {Purpose.INTERVIEW: "claude-haiku-5-5", Purpose.JUDGE: "claude-sonnet-5-5"}
MOST_OUTPUT = {Purpose.INTERVIEW: 1_500, Purpose.JUDGE: 4_000}


@dataclass(frozen=True)
class Round:
    """A round that was played: the candidate's turns and words, its minutes, its calls."""

    turns: int
    words: int
    minutes: float
    calls: tuple[CallRecord, ...]

    def used(self, purpose: Purpose) -> tuple[Usage, ...]:
        """What each call of that purpose took."""
        return tuple(
            call.end.usage
            for call in self.calls
            if call.purpose is purpose and call.end is not None
        )


def spoken(library: Library) -> Iterator[tuple[str, str]]:
    """What the candidates of the examples said, with its stage, at most `MOST_WORDS` at a time."""
    for record in records(library):
        for turn in record.transcript:
            if turn.speaker is Speaker.CANDIDATE:
                yield from ((turn.stage, part) for part in _parts(turn.text))


def _parts(text: str) -> Iterator[str]:
    """The text in whole sentences; a longer sentence by itself."""
    part: list[str] = []
    for sentence in sentences_of(text):
        if part and len(" ".join([*part, sentence]).split()) > MOST_WORDS:
            yield " ".join(part)
            part = []
        part.append(sentence)
    yield " ".join(part)


async def play(library: Library, minutes: float = MINUTES) -> Round:
    """The round, from its first question to its judged card."""
    clock = ManualClock(PRICED_ON)
    stub = MessagesStub(honest(library), key="stub-key", clock=clock.monotonic)
    async with stub, model_world(stub.url, library=library, clock=clock) as world:
        session = Session(world.services, world.graph, new_interview_id(), SilentMouth())
        await session.begin(_settings(minutes))
        said = await _answer(session, world, list(spoken(library)))
        if await is_open(session):
            await session.report(EventKind.END)
        calls = await calls_of(world.app.database, session.id)
        words = sum(len(text.split()) for text in said)
        return Round(len(said), words, clock.monotonic() / 60, calls)


def _settings(minutes: float) -> InterviewSettings:
    settings = settings_of_round()
    rounds = tuple(one.model_copy(update={"minutes": minutes}) for one in settings.rounds)
    return settings.model_copy(update={"rounds": rounds})


async def _answer(
    session: Session, world: ModelWorld, answers: Sequence[tuple[str, str]]
) -> list[str]:
    """Say what fits the stage and was not said yet, or else the next; the clock ends the round."""
    said: list[str] = []
    left = list(answers)
    while left and await is_open(session):
        view = await session.view()
        stage = view.stages[view.stage_index].name
        at = next((place for place, one in enumerate(left) if one[0] == stage), None)
        if at is None:
            await session.report(EventKind.NEXT)
            continue
        text = left.pop(at)[1]
        world.clock.advance(THINKS_S + len(text.split()) / WORDS_PER_SECOND)
        await session.report(EventKind.SAID, text)
        said.append(text)
    return said


Change = Callable[[Purpose, Usage], Usage]


def as_counted(purpose: Purpose, usage: Usage) -> Usage:
    """The tokens of the stand-in."""
    return usage


def at_most(purpose: Purpose, usage: Usage) -> Usage:
    """More tokens throughout, and answers as long as they may be, thinking included."""
    more = 1 + MORE_TOKENS
    return Usage(
        input=round(usage.input * more),
        cache_read=round(usage.cache_read * more),
        cache_write_5m=round(usage.cache_write_5m * more),
        cache_write_1h=round(usage.cache_write_1h * more),
        output=MOST_OUTPUT[purpose],
    )


def cost_usd(used: Sequence[Usage], price: Price, purpose: Purpose, change: Change) -> float:
    """What the calls cost."""
    return sum(price.cost_usd(change(purpose, usage)) for usage in used)


def costs(played: Round, change: Change) -> Iterator[tuple[str, ...]]:
    """Rows: who asks and judges, USD of the interview, of the judge, of both."""
    pairs: list[tuple[str, Mapping[Purpose, str]]] = [("the default pair", DEFAULTS)]
    pairs += [(model, dict.fromkeys(Purpose, model)) for model in MODELS]
    prices = load_prices()
    for name, models in pairs:
        parts = [
            cost_usd(
                played.used(purpose),
                prices.price(models[purpose], PRICED_ON.date()),
                purpose,
                change,
            )
            for purpose in Purpose
        ]
        yield name, *(f"{usd:.3f}" for usd in parts), f"{sum(parts):.3f}"


def show(played: Round) -> None:
    """Print the tables."""
    rows = [
        (purpose.value, len(used), *_counts(sum(used, Usage())))
        for purpose in Purpose
        if (used := played.used(purpose))
    ]
    head = ("tokens", "calls", "input", "cache read", "written, 5 min", "written, 1 h", "output")
    title = f"{played.turns} answers, {played.words} words, {played.minutes:.0f} minutes"
    print_table(title, head, rows)
    head = ("USD", "interview", "judge", "total")
    when = f"list prices of {PRICED_ON.date()}"
    print_table(f"As counted, {when}", head, list(costs(played, as_counted)))
    print_table(
        f"{MORE_TOKENS:.0%} more tokens and the longest answers, {when}",
        head,
        list(costs(played, at_most)),
    )


def _counts(usage: Usage) -> tuple[str, ...]:
    kinds = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
    return tuple(f"{getattr(usage, kind):,}" for kind in kinds)


def main() -> None:
    """Play the round and print what it costs."""
    show(asyncio.run(play(load_library(builtin_packs_folder()))))


if __name__ == "__main__":
    main()
