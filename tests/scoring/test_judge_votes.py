"""The majority of a judge's samples."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecard_samples import ASK, START

from scoring.finding import Finding
from scoring.observations import Sighting
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict
from scoring.votes import (
    ABSTAINED,
    Vote,
    is_judged,
    is_split,
    majority,
    overused,
    plain_reason,
    rule,
    tally,
)

TURN = Turn("c0001", 1, Speaker.CANDIDATE, ASK, 0, "scope", START)
CODES = {
    "h": Verdict.HIT,
    "p": Verdict.PARTIAL,
    "u": Verdict.UNSURE,
    "m": Verdict.MISSED,
    "x": Verdict.CONTRADICTED,
    "a": None,
}


def sighting(start: int = 0, end: int = 10) -> Sighting:
    return Sighting(
        TURN, Finding("a/b", Verdict.HIT, start, end, ASK[start:end], 1.0, found_by="judge")
    )


def votes(codes: str) -> list[Vote]:
    """`hhm`: two hits and one missed; `a` abstained."""
    return [
        Vote(CODES[code], sighting() if code in "hpux" else None, f"reason {code}")
        for code in codes
    ]


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        ("hhh", "h"),
        ("hhm", "h"),
        ("hm", "a"),
        ("hp", "p"),
        ("hhppm", "p"),
        ("hpm", "p"),
        ("hummm", "m"),
        ("hhumm", "u"),
        ("xxm", "x"),
        ("xxhhh", "h"),
        ("xxhhm", "a"),
        ("xmm", "m"),
        ("xxhp", "a"),
        ("haa", "a"),
        ("hhhaa", "h"),
        ("hhmaa", "a"),
        ("hmmaa", "a"),
        ("mmmha", "m"),
        ("uumaa", "a"),
        ("hhpaa", "p"),
        ("aaa", "a"),
        ("h", "h"),
        ("", "a"),
    ],
)
def test_a_claim_stands_where_more_than_half_make_or_exceed_it(codes: str, verdict: str) -> None:
    """Evenly split means the lower claim; contradicted and missed need more than half alone."""
    assert majority(votes(codes)) is CODES[verdict]


@pytest.mark.parametrize(
    ("codes", "asked", "verdict", "judged"),
    [
        ("h", 3, "a", False),
        ("hh", 3, "h", True),
        ("hm", 3, "a", False),
        ("hhm", 3, "h", True),
        ("hpm", 3, "p", True),
        ("aa", 3, "a", False),
        ("aaa", 3, "a", True),
        ("hhh", 3, "h", True),
        ("", 3, "a", False),
    ],
)
def test_calls_that_failed_support_nothing(
    codes: str, asked: int, verdict: str, judged: bool
) -> None:
    """Most of the samples that were asked for have to agree; else there is no ruling."""
    given_votes = votes(codes)
    assert majority(given_votes, asked) is CODES[verdict]
    assert is_judged(given_votes, asked) is judged


def shown(aptness: float, start: int, verdict: Verdict = Verdict.HIT) -> Vote:
    """A vote whose quote of five letters begins there."""
    turn = replace(TURN, text="One sentence here. And another one there.")
    quote = turn.text[start : start + 5]
    found = Finding("a/b", verdict, start, start + 5, quote, 1.0, "judge", aptness=aptness)
    return Vote(verdict, Sighting(turn, found))


def test_a_sentence_carries_two_concepts_in_a_sample() -> None:
    """Those that it is worded most like; other parts of it are the same sentence."""
    given_votes = {
        "a/one": shown(0.3, 0),
        "a/two": shown(0.5, 4),
        "a/three": shown(0.4, 9, Verdict.UNSURE),
        "a/four": shown(0.1, 23),
        "a/five": shown(0.1, 12, Verdict.PARTIAL),
        "a/six": Vote(Verdict.MISSED),
        "a/seven": ABSTAINED,
    }
    assert overused(given_votes) == {"a/one"}
    assert overused({key: given_votes[key] for key in ("a/one", "a/two", "a/four")}) == set()


@given(st.text("hpumxa", min_size=1, max_size=7))
def test_a_ruling_never_claims_more_than_half_of_the_samples_do(codes: str) -> None:
    """And every claim has a quote, for any samples; their order plays no part."""
    given_votes = votes(codes)
    ruling = rule(given_votes)
    order = "hpum"
    for claim in order[:3]:
        if ruling.verdict is CODES[claim] and majority(given_votes) is not None:
            backing = sum(codes.count(one) for one in order[: order.index(claim) + 1])
            assert 2 * backing > len(codes)
            assert ruling.sightings
    if majority(given_votes) is Verdict.MISSED:
        assert 2 * codes.count("m") > len(codes)
    assert majority(votes(codes[::-1])) is majority(given_votes)
    assert is_split(given_votes) is (len(set(codes)) > 1)
    assert sum(tally(given_votes).values()) == len(codes) - codes.count("a")


def test_a_ruling_quotes_what_most_samples_quote() -> None:
    """The most frequent first, none that overlaps it; the reason is one of that verdict."""
    samples = [
        Vote(Verdict.HIT, sighting(30, 40), "first"),
        Vote(Verdict.HIT, sighting(10, 20)),
        Vote(Verdict.HIT, sighting(10, 20)),
        Vote(Verdict.HIT, sighting(15, 25)),
        Vote(Verdict.MISSED, None, "not there"),
    ]
    ruling = rule(samples)
    assert [(one.finding.start, one.finding.end) for one in ruling.sightings] == [
        (10, 20),
        (30, 40),
    ]
    assert ruling.note == "first"


def test_an_abstention_claims_nothing() -> None:
    """Unsure without any words, and without a reason."""
    ruling = rule(votes("haa"))
    assert (ruling.verdict, ruling.sightings, ruling.note) == (Verdict.UNSURE, (), "")


@given(st.text(max_size=200))
def test_a_reason_is_short_and_on_one_line(reason: str) -> None:
    """For any text; nothing of Markdown, a mention or a link is left."""
    line = plain_reason(reason)
    assert len(line.split()) <= 26
    assert not set(line) & set("\n\r`*_#<>[]|~@")
    assert "://" not in line
