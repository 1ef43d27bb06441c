"""The tables of ratings and levels."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.model import Level
from scoring.rating import (
    HITS_ONLY,
    LevelRange,
    StageFacts,
    level_range,
    level_shown,
    rate_stage,
    weighs,
)
from scoring.verdicts import ConceptVerdict, Evidence, HowObtained, Verdict

QUOTE = Evidence("c0001", 0, 2, "ok", "cue")
SYMBOLS = {
    "h": (Verdict.HIT, HowObtained.UNPROMPTED),
    "p": (Verdict.HIT, HowObtained.PROBED),
    "t": (Verdict.HIT, HowObtained.HINTED),
    "u": (Verdict.UNSURE, HowObtained.UNPROMPTED),
    "n": (Verdict.NOT_DETECTED, None),
    "x": (Verdict.CONTRADICTED, None),
    "r": (Verdict.NOT_REACHED, None),
    "a": (Verdict.UNSURE, None),
    "m": (Verdict.MISSED, None),
    "q": (Verdict.PARTIAL, HowObtained.UNPROMPTED),
}
LEVELS = {"J": "junior", "M": "mid", "S": "senior", "T": "staff"}


def verdicts(table: str) -> tuple[ConceptVerdict, ...]:
    """`h3M p1S`: a hit of weight 3 at mid level, then a probed one of weight 1 at senior.

    `a` is an abstention: unsure, with no evidence at all.
    """
    return tuple(
        ConceptVerdict(
            key=f"scope/c{index}",
            stage="scope",
            concept_id=f"c{index}",
            statement="s",
            weight=int(code[1]),
            level=LEVELS[code[2]],
            verdict=SYMBOLS[code[0]][0],
            how=SYMBOLS[code[0]][1],
            evidence=() if code[0] in "nram" else (QUOTE,),
        )
        for index, code in enumerate(table.split())
    )


@pytest.mark.parametrize(
    ("table", "quantified", "flags", "low", "high"),
    [
        ("n3J n2M", False, 0, 1, 1),
        ("h1J n3M", True, 0, 1, 1),
        ("u3J u2M", False, 0, 1, 3),
        ("h2J h2M x3M", True, 0, 1, 1),
        ("h2J h2M n3M", True, 1, 1, 1),
        ("h3J h2M h2M", True, 1, 2, 2),
        ("h3J n3M n3S", True, 0, 2, 2),
        ("h3J u3M n3S", False, 0, 2, 3),
        ("p3J p3M n1S", False, 0, 2, 2),
        ("t3J t3M n1S", False, 0, 2, 2),
        ("h3J p3M n2S", False, 0, 3, 3),
        ("h3J t3M n2S", False, 0, 3, 3),
        ("h3J h3M h3S", False, 0, 3, 3),
        ("h3J h3M h3S", True, 0, 3, 3),
        ("h3J h3M h3S p1T", True, 0, 3, 3),
        ("h3J h3M h3S t1S h1T", True, 0, 3, 3),
        ("h3J h3M p1S n1T", True, 0, 3, 3),
        ("h3J h3M p1S h1T", True, 0, 4, 4),
        ("h3J h3M h3S x1M", True, 0, 3, 3),
        ("h3T", True, 0, 4, 4),
    ],
)
def test_a_stage_is_rated_by_the_first_rule_that_applies(
    table: str, quantified: bool, flags: int, low: int, high: int
) -> None:
    """Every line of the rule table, asked at senior level; unsure verdicts widen the range."""
    facts = StageFacts(verdicts(table), Level.SENIOR, quantified=quantified, standing_flags=flags)
    rated = rate_stage(facts)
    assert (rated.low, rated.high) == (low, high)
    assert rated.reason


@pytest.mark.parametrize(
    ("table", "flags", "low", "high"),
    [
        ("x3J h2J a3J a3J", 0, 1, 1),
        ("h2J a3J a3J", 1, 1, 1),
        ("a3J a3J a3J", 1, 1, 1),
        ("h2J a3J a3J", 0, None, None),
        ("x2J h2J a3J a3J", 0, None, None),
        ("h3J a3J a3J", 1, None, None),
    ],
)
def test_no_abstention_hides_what_is_unsafe(
    table: str, flags: int, low: int | None, high: int | None
) -> None:
    """A contradicted weight-3 concept or a standing red flag is a 1, whatever was abstained."""
    facts = StageFacts(verdicts(table), Level.MID, standing_flags=flags)
    assert (rate_stage(facts).low, rate_stage(facts).high) == (low, high)


@given(st.lists(st.sampled_from(["a3J", "a2M", "m3M", "n2S", "h3J", "h2M"]), max_size=6))
def test_an_abstention_counts_as_if_nothing_had_been_found(codes: list[str]) -> None:
    """It moves neither end of a range; where it is most of a stage, there is no rating at all."""
    asked, unmeasured = (verdicts(" ".join(codes).replace("a", kind)) for kind in "an")
    rated = [rate_stage(StageFacts(one, Level.SENIOR)) for one in (asked, unmeasured)]
    weights = [int(code[1]) for code in codes]
    abstained = sum(int(code[1]) for code in codes if code[0] == "a")
    if 2 * abstained > sum(weights):
        assert (rated[0].low, rated[0].high) == (None, None)
        assert "abstained" in rated[0].reason
    else:
        assert rated[0] == rated[1]
    assert level_range(asked) == level_range(unmeasured)


def test_a_partial_verdict_counts_in_neither_reading() -> None:
    """What was named without its reason is no hit, and no perhaps either."""
    rated = rate_stage(StageFacts(verdicts("q3J q3M"), Level.SENIOR))
    assert (rated.low, rated.high) == (1, 1)
    assert level_range(verdicts("q3J q3M")) == LevelRange(None, None)


def test_a_stage_in_which_nothing_was_said_is_not_rated() -> None:
    """No answer and no evidence give no number, not a low one."""
    rated = rate_stage(StageFacts(verdicts("n3J n2M"), Level.SENIOR, answered=False))
    assert (rated.low, rated.high) == (None, None)


def test_concepts_above_the_level_asked_are_not_expected() -> None:
    """A junior is not marked down for what is expected of staff."""
    facts = StageFacts(verdicts("h3J n3M n3S n3T"), Level.JUNIOR)
    assert rate_stage(facts).low == 3


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ("n3J", None, None),
        ("u3J", None, "junior"),
        ("h3J", "junior", "junior"),
        ("h3J n3M h3S", "junior", "junior"),
        ("h3J h3M h3S", "senior", "senior"),
        ("h3J h3S", "senior", "senior"),
        ("h3S", "senior", "senior"),
        ("h3J h2M n1M h1S", "junior", "junior"),
        ("h3J h3M h2M n2M h1S", "senior", "senior"),
        ("h3J h2M u1M h1S", "junior", "senior"),
        ("h3J x3M", "junior", "junior"),
        ("", None, None),
    ],
)
def test_the_level_is_the_highest_with_every_level_below(
    table: str, low: str | None, high: str | None
) -> None:
    """70 % by weight of that level and each below; empty levels pass through, never lead."""
    assert level_range(verdicts(table)) == LevelRange(
        Level(low) if low else None, Level(high) if high else None
    )


CODES = st.lists(
    st.builds(
        lambda kind, weight, level: f"{kind}{weight}{level}",
        st.sampled_from("hptunxr"),
        st.sampled_from("123"),
        st.sampled_from("JMST"),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize(
    ("table", "quantified", "rating"),
    [("h3J h3M h3S", True, 4), ("h3J h3M h3S", False, 3), ("h3J h3M p2S", True, 3)],
)
def test_a_level_without_anything_above_it_is_led_by_weighing(
    table: str, quantified: bool, rating: int
) -> None:
    """Alternatives weighed stand in for hits above the level, never for figures or volunteering."""
    facts = StageFacts(verdicts(table), Level.SENIOR, quantified=quantified, weighed=True)
    assert rate_stage(facts).low == rating


def test_a_red_flag_that_was_taken_back_does_not_lead() -> None:
    """Whoever had to take something back met the level; the same without it led."""
    table = verdicts("h3J h3M h3S h1T")
    facts = StageFacts(table, Level.SENIOR, quantified=True, raised_flags=1)
    assert rate_stage(facts).low == 3
    assert rate_stage(replace(facts, raised_flags=0)).low == 4


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Also considered a fixed decision tree; rejected.", True),
        ("The price of it: hard questions get worse.", True),
        ("Scratch that, the gate has to come first.", True),
        ("Rejected self-hosting: the cards idle most of the day.", True),
        ("Verbs proposed vs rejected by the gate.", False),
        ("A form instead of free text.", True),
        ("Cheaper than a second model, at the same quality.", True),
        ("I take the queue over a direct call because it survives a crash.", True),
        ("Three passages instead of five.", False),
        ("It takes longer than 5 seconds, rather than two.", False),
        ("Chat vs form does not matter.", False),
        ("Alternatively, and other than that, no alternatives.", False),
        ("I would use one model.", False),
    ],
)
def test_weighing_is_naming_what_was_rejected_traded_or_revised(said: str, expected: bool) -> None:
    """Naming another figure is no weighing."""
    assert weighs(said) is expected


@given(CODES, st.data(), st.booleans(), st.integers(0, 1), st.sampled_from(Level))
def test_a_further_hit_never_lowers_rating_or_level(
    codes: list[str], data: st.DataObject, quantified: bool, flags: int, asked: Level
) -> None:
    """Turning what was not detected into a hit can only help, unless it took a hint."""
    at = data.draw(st.integers(0, len(codes) - 1))
    kind = data.draw(st.sampled_from("hp"))
    before = verdicts(" ".join([*codes[:at], f"n{codes[at][1:]}", *codes[at + 1 :]]))
    after = verdicts(" ".join([*codes[:at], f"{kind}{codes[at][1:]}", *codes[at + 1 :]]))
    rated = [
        rate_stage(StageFacts(v, asked, quantified=quantified, standing_flags=flags))
        for v in (before, after)
    ]
    assert (rated[0].low or 0) <= (rated[1].low or 0)
    ranks = [list(Level).index(level_shown(v, HITS_ONLY) or Level.JUNIOR) for v in (before, after)]
    assert ranks[0] <= ranks[1]


@given(CODES, st.booleans(), st.sampled_from(Level))
def test_the_range_never_runs_backwards(codes: list[str], quantified: bool, asked: Level) -> None:
    """Counting unsure verdicts never gives less than counting hits only."""
    rated = rate_stage(StageFacts(verdicts(" ".join(codes)), asked, quantified=quantified))
    assert rated.low is not None
    assert rated.high is not None
    assert rated.low <= rated.high
