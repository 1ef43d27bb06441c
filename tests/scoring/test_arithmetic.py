"""Sums said aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecard_samples import COST, bot, transcript, you

from scoring.amounts import amounts, has_figure
from scoring.arithmetic import SumCheck, check_sums
from scoring.sums import claims


def check(text: str) -> tuple[SumCheck, ...]:
    return check_sums(transcript([you(text)]), COST).checks


@pytest.mark.parametrize(
    "text",
    [
        "3,000 tokens in at 3 dollars a million is 0.9 cents",
        "3,000 tokens in at 3 dollars a million plus 200 out at 15 is 1.2 cents",
        "3000 tokens × $3/M = $0.009",
        "three thousand tokens at three dollars a million is point nine cents",
        "900,000 conversations a month at 1.5 cents each comes to 13k a month",
        "30,000 conversations a day at 1.5 cents is 13,500 dollars a month",
        "30,000 conversations a day at 1.5 cents is 450 dollars",
        "30,000 a day times 30 days is 900k a month",
        "30,000 conversations a day times 30 is 900k a month",
        "4 calls at 3,000 tokens is 12,000 tokens",
        "15 percent of 30,000 conversations is 4,500 conversations",
        "60 agents at 75 conversations is 4,500 conversations",
    ],
)
def test_a_sum_that_fits_is_confirmed(text: str) -> None:
    """Spoken and written forms, chains and periods, with rounding."""
    assert check(text)[0].outcome == "checked_ok"
    assert check(text)[0].claim.quote == text


@pytest.mark.parametrize(
    "text",
    [
        "Prices per million in/out: so 1,500 x 0.10 = 0.00015",
        "200 out x 1.60 = 0.00032",
        "0.0105 plus 200 x 15 = 0.003",
    ],
)
def test_prices_per_million_may_be_left_unsaid(text: str) -> None:
    """Bare tokens times bare dollars per million are read as such where that fits."""
    assert [one.outcome for one in check(text)] == ["checked_ok"]


def test_a_figure_that_repeats_the_interviewer_is_no_sum() -> None:
    """Naming the ceiling back works nothing out; the candidate's own total is checked."""
    told = bot("Finance halves the ceiling to 1.2 cents.")
    repeated = transcript([told, you("Is that 1.2 cents per conversation?")])
    assert check_sums(repeated, COST).checks == ()
    own = transcript([told, you("So about 1.4 cents per conversation.")])
    assert [one.outcome for one in check_sums(own, COST).checks] == ["checked_ok"]


def test_a_price_per_turn_is_not_held_against_the_price_of_a_conversation() -> None:
    """The unit's own name counts, not every noun in its description."""
    assert check("so about 0.6 cents a turn") == ()


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        (
            "3,000 tokens in at 3 dollars a million plus 200 tokens out at 15 dollars a million"
            " is 0.9 cents",
            "The price of the output was left out.",
        ),
        ("3000 tokens × $3/M = $9", "A slip of a thousand."),
        ("3000 tokens at $3 per million is 0.9 dollars", "Cents and dollars were mixed up."),
        (
            "30,000 conversations a day at 1.5 cents is 450 dollars a month",
            "Days and months were mixed up, a factor of 30.",
        ),
        (
            "4 calls times 3,000 tokens at 3 dollars a million is 0.9 cents",
            "“4 calls” was left out.",
        ),
        (
            "30% of 3,000 tokens at 3 dollars a million is 0.9 cents",
            "“30%” was left out.",
        ),
    ],
)
def test_a_wrong_sum_names_the_factor_that_explains_it(text: str, factor: str) -> None:
    """The one slip that explains the gap is named."""
    (found,) = check(text)
    assert (found.outcome, found.factor) == ("mismatch", factor)


@pytest.mark.parametrize(
    "text",
    [
        "5,000 tokens at 2 cents is 4 dollars",
        "80 cents per million in and 4 dollars per million out, that's 0.24 cents",
        "4 x 0.0176 = 7",
        "3 servers times 12 is 700",
        "60 agents at 15 percent is 4,500 conversations.",
        "60 agents at 15 percent is 4,500 conversations a day.",
        "3 retries at 2 seconds is 5 seconds",
        "4 calls at 50 percent is 3,000 tokens",
    ],
)
def test_what_cannot_be_read_is_never_wrong(text: str) -> None:
    """Units that do not fit together, or are missing, leave the sum open."""
    assert [one.outcome for one in check(text)] == ["not_checkable"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We use GPT-4 and Claude 3.5 since 2024.",
        "There are six stages and the price is fine.",
        "I'd cap it at 2.5 cents per conversation.",
        "It costs $10-20.",
    ],
)
def test_text_without_a_stated_sum_gives_no_check(text: str) -> None:
    """Ceilings, versions and ranges are no sums."""
    assert check(text) == ()


@pytest.mark.parametrize(
    ("text", "outcome", "factor"),
    [
        ("so about 1.4 cents per conversation", "checked_ok", None),
        ("roughly $12,900 a month", "checked_ok", None),
        ("that is $1.4 per conversation", "mismatch", "Cents and dollars were mixed up."),
        (
            "that is 430 dollars a month",
            "mismatch",
            "Days and months were mixed up, a factor of 30.",
        ),
        ("we pay $90 per conversation", "not_checkable", None),
        (
            "so 0.91 cents per conversation, with 70 percent on the small model",
            "mismatch",
            "It equals the worked sum without the price of the output.",
        ),
    ],
)
def test_totals_are_held_against_the_worked_sum(
    text: str, outcome: str, factor: str | None
) -> None:
    """Within the room for another design it checks out; a known slip is named; else it is open."""
    assert [(one.outcome, one.factor) for one in check(text)] == [(outcome, factor)]


def test_without_a_cost_model_only_stated_sums_are_checked() -> None:
    """A round without a worked sum has nothing to hold a total against."""
    turns = transcript([you("that is 430 dollars a month")])
    assert check_sums(turns, None).checks == ()


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("$3/MTok", 3e-6, "token"),
        ("3 dollars a million", 3e-6, ""),
        ("1.4 cents per conversation", 0.014, "conversation"),
        ("13k a month", 13_000, "month"),
        ("twelve hundred tokens", 1200, None),
        ("one point five million queries per day", 1_500_000, "day"),
        ("30 %", 0.3, None),
    ],
)
def test_amounts_are_read_with_unit_and_value(text: str, value: float, per: str | None) -> None:
    """Digits, scales, words, cents and rates."""
    (amount,) = amounts(text)
    assert amount.value == pytest.approx(value)
    assert amount.per == per


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("about 200 ms", True),
        ("a five-minute timeout", True),
        ("3 calls a ticket", True),
        ("30,000 conversations", True),
        ("There are two checks", False),
        ("There are two checks here.", False),
        ("three steps, two agents and 5 tools", False),
        ("two calls", False),
        ("2 seconds", True),
        ("5 percent", True),
        ("a lot", False),
        ("7", False),
    ],
)
def test_a_figure_is_a_number_with_its_unit(text: str, figure: bool) -> None:
    """A bare number is no figure, and a few of something are none either."""
    assert has_figure(text) is figure


WORDS = """3,000 tokens|at|3 dollars a million|plus|is|0.9 cents|times|900,000 conversations|a month
|$0|0|= $|30%|per|1e999|point|million|.5|a day|and|?|∞|٣"""
PIECES = st.sampled_from(WORDS.split("|"))


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map(" ".join)))
def test_no_text_breaks_the_check_and_quotes_are_slices(text: str) -> None:
    """Never raises; every quote is an exact slice."""
    list(claims(text))
    for found in check(text):
        assert text[found.claim.start : found.claim.end] == found.claim.quote
