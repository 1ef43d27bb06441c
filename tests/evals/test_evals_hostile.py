"""The hostile suite: nothing gets through, and it notices when a guard is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from evals.metrics import Kind, Metric
from evals.suites import hostile
from evals.suites.hostile import at_first
from evals.suites.simulated import Fixture
from interviewer.checker import Passed, SentenceChecker
from scenarios.model import Level
from scoring import judge, votes
from scoring.claims import Claim, ClaimChecker
from scoring.finding import Finding
from scoring.observations import Sighting
from scoring.transcript import Speaker
from scoring.verdicts import Verdict
from scoring.votes import Vote
from tests.messages_stub import Behaviour, Seen, scripted
from tests.messages_stub import hostile as villain

STORY = (Fixture(("bh-tradeoff-made",), Level.MID),)
DRILL = (Fixture(("what-is-a-token",), Level.SENIOR),)


async def got_through(rounds: Sequence[Fixture]) -> set[str]:
    """What of the counts is not 0 in a small run."""
    figures: list[Metric] = await hostile.measure(rounds, ("middling",), ("weak",))
    return {one.what for one in figures if one.kind is Kind.ZERO and one.value}


async def test_nothing_gets_through() -> None:
    """Every count of a small run is 0."""
    assert await got_through(STORY) == set()


async def test_a_checker_that_passes_every_claim_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Invented quotes then raise verdicts and ratings."""

    def passes(checker: Any, key: str, claim: Claim) -> Sighting:
        turn = next(one.turn for one in checker._heard if one.turn.speaker is Speaker.CANDIDATE)
        quote = turn.text
        return Sighting(turn, Finding(key, claim.verdict, 0, len(quote), quote, 1.0, "judge"))

    monkeypatch.setattr(ClaimChecker, "check", passes)

    assert {"verdict moved up", "rating moved up"} <= await got_through(DRILL)


async def test_a_checker_that_passes_every_sentence_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the model writes is then shown."""

    def passes(checker: Any, sentence: str) -> Iterator[Passed]:
        checker._asked = True
        yield Passed(sentence.strip())

    monkeypatch.setattr(SentenceChecker, "_check", passes)

    told = {"rubric told", "praise shown", "link shown", "mention shown", "two questions shown"}
    assert told <= await got_through(STORY)


async def test_a_vote_that_needs_no_majority_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One lying sample then decides."""

    def highest(given: Sequence[Vote], asked: int = 0) -> Verdict | None:
        order = (Verdict.HIT, Verdict.PARTIAL, Verdict.UNSURE, Verdict.MISSED)
        found = {one.verdict for one in given}
        return next((one for one in order if one in found), None)

    monkeypatch.setattr(votes, "majority", highest)
    monkeypatch.setattr(judge, "majority", highest)

    assert "verdict moved up by a few samples" in await got_through(DRILL)


# --- who lies -------------------------------------------------------------------------------


def asked(words: str, *concepts: str, retry: bool = False) -> Seen:
    """A judge's call about these concepts of what was said."""
    said = f'<candidate n="0123456789ab" turn="c0002">\n{words}\n</candidate n="0123456789ab">'
    blocks = (said, "\n".join(concepts), *(("again",) if retry else ()))
    body = {
        "system": "rules",
        "messages": [{"role": "user", "content": [{"type": "text", "text": b} for b in blocks]}],
        "output_config": {"format": {"schema": {"properties": {"verdicts": {}}}}},
    }
    return Seen.of(body)


TWO = (
    "concept scope/cache: A cache keeps what was computed before.\n  would not: it is fast enough",
    "concept scope/limit: A limit on calls protects the service.",
)


def test_the_best_own_quote_is_the_sentence_worded_most_like_the_concept() -> None:
    """It is the candidate's, word for word, and near misses of the prompt are not looked for."""
    words = "It is fast enough. I keep computed answers in a cache! Calls have a limit, per user."
    liar = villain([Behaviour.BEST_OWN_QUOTE], base=scripted(*[{"verdicts": []}] * 2))

    given = liar(asked(words, *TWO))

    assert isinstance(given, dict)
    assert [(one["verdict"], one["turn"], one["quote"]) for one in given["verdicts"]] == [
        ("hit", "c0002", "I keep computed answers in a cache!"),
        ("hit", "c0002", "Calls have a limit, per user."),
    ]


def test_a_villain_by_default_does_not_quote_aptly() -> None:
    """What no code can stop is chosen by name."""
    words = "A cache keeps what was computed before. A limit on calls protects the service."
    given = villain(base=scripted({"verdicts": []}))(asked(words, *TWO))

    assert isinstance(given, dict)
    apt = ["A cache keeps what was computed before.", "A limit on calls protects the service."]
    assert [one["quote"] for one in given["verdicts"]] != apt


def test_a_few_lie_once_for_each_group_and_never_in_a_retry() -> None:
    """So that two samples of five are the most that a concept can get."""
    who = at_first(lambda _: "liar", lambda _: "other")

    given = [
        who(asked("I said.", *TWO)),
        who(asked("I said.", *TWO[::-1])),
        who(asked("I said.", TWO[0], retry=True)),
        who(asked("I said.", TWO[0])),
        who(asked("Somebody else said.", *TWO)),
    ]

    assert given == ["liar", "other", "other", "liar", "liar"]
