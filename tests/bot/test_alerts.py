"""What the owner is told when a budget is nearly used up."""

import pytest

from bot.alerts import describe
from interviewer.budget import SETTINGS, Alert, Scope


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        (
            Alert(Scope.INTERVIEW, "abc12345", 1.62, 2.0),
            "The budget of interview abc12345 is used by 81 %: 1.62 of 2.00 USD, calls under way "
            "included. Once it is used up, interviews go on without the language model. "
            "HOTSEAT_BUDGET_INTERVIEW_USD sets",
        ),
        (
            Alert(Scope.SERVER, "77", 9.999, 10.0),
            "The budget of server 77 for today (UTC) is used by 99 %: 10.00 of 10.00 USD,",
        ),
        (
            Alert(Scope.INSTALLATION, "", 20.5, 20.0),
            "The budget of this installation for today (UTC) is used up: 20.50 of 20.00 USD. What "
            "it does not pay for is done without the language model.",
        ),
        (
            Alert(Scope.INTERVIEW, "abc12345", 1.2, 2.0, refused=True),
            "The budget of interview abc12345 did not allow a call: 1.20 of 2.00 USD are spent or "
            "held for calls under way, and the rest is too little for another call. What it does "
            "not pay for is done without the language model. HOTSEAT_BUDGET_INTERVIEW_USD sets",
        ),
        (
            Alert(Scope.INSTALLATION, "", 20.0, 20.0, refused=True),
            "this installation for today (UTC) is used up: 20.00 of 20.00 USD.",
        ),
        (Alert(Scope.USER, "discord:42", 0.0, 0.0), "one person for today (UTC) is used up: 0.00"),
    ],
)
def test_an_alert_says_what_is_used_and_what_happens(alert: Alert, words: str) -> None:
    """In plain words, with the amounts and the setting; what is not used up never reads as 100."""
    assert words in describe(alert)
    assert describe(alert).endswith(f"{SETTINGS[alert.scope]} sets it.")


def test_nobody_is_named() -> None:
    """Whose day it was is nobody's business, the owner's included."""
    assert "42" not in describe(Alert(Scope.USER, "discord:42", 4.1, 5.0))


def test_a_refusal_is_no_share_of_a_budget() -> None:
    """At 60 % nothing is nearly used up, and the model is already not asked."""
    words = describe(Alert(Scope.USER, "discord:42", 3.0, 5.0, refused=True))
    assert "60 %" not in words
    assert "Once it is used up" not in words
