"""What the owner of an installation is told when a budget is nearly used up; for every edge."""

from __future__ import annotations

from interviewer.budget import SETTINGS, Alert, Scope

_WHOSE = {
    Scope.INTERVIEW: "interview {holder}",
    Scope.USER: "one person for today (UTC)",
    Scope.SERVER: "server {holder} for today (UTC)",
    Scope.INSTALLATION: "this installation for today (UTC)",
}
"""A person is not named: a budget is no reason to watch somebody."""


def describe(alert: Alert) -> str:
    """What is used of which budget, what happens then, and the setting; names no person."""
    whose = _WHOSE[alert.scope].format(holder=alert.holder)
    used = f"{alert.spent_usd:.2f} of {alert.limit_usd:.2f} USD"
    if alert.spent_usd >= alert.limit_usd:
        state, then = f"is used up: {used}", _THEN
    elif alert.refused:
        left = "spent or held for calls under way, and the rest is too little for another call"
        state, then = f"did not allow a call: {used} are {left}", _THEN
    else:
        state = f"is used by {_percent(alert)} %: {used}, calls under way included"
        then = "Once it is used up, interviews go on without the language model."
    return f"The budget of {whose} {state}. {then} {SETTINGS[alert.scope]} sets it."


_THEN = "What it does not pay for is done without the language model."


def _percent(alert: Alert) -> int:
    """Rounded down, so that what is not used up never reads as 100."""
    return int(100 * alert.spent_usd / alert.limit_usd)
