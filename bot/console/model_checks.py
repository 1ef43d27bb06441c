"""Who words and judges by the settings, and what stands in the way; asked on request only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from typing import NamedTuple

from bot.console.checks import Check, Outcome
from bot.settings import Settings
from interviewer.clock import Clock
from interviewer.engines.claude import ClaudeModel
from interviewer.engines.providers import Provider, ProviderError, provider_named
from interviewer.prices import PriceFileError, PriceList, UnknownPriceError, load_prices
from scoring.language_model import (
    Account,
    Ask,
    Block,
    Failure,
    ModelFailureError,
    Purpose,
    complete,
)

NO_JUDGE = "none"
"""The setting of a judge that is not wanted."""

ANSWER_S = 20.0
"""How long a model may take to say that it is there."""

_ANSWERED = frozenset({Failure.TRUNCATED, Failure.REFUSED, Failure.MALFORMED})
"""Failures of a model that was reached, let us in and began to answer."""

TRACING = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
"""What the extra `tracing` brings."""

_OFFLINE = "offline interviewer is used; no key is needed"
_HOW = "set ANTHROPIC_API_KEY, or HOTSEAT_ENGINE=model with the HOTSEAT_PROVIDER of your own server"
_SCHEMA = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}


class _Role(NamedTuple):
    """What a model is there for."""

    what: str
    purpose: Purpose
    model: str
    effort: str


def model_checks(settings: Settings, clock: Clock, *, ask: bool) -> Iterator[Check]:
    """Who words and judges, and what it may cost; with `ask` also whether they answer."""
    if settings.traces is not None:
        yield _traces(settings.traces)
    if not settings.uses_model:
        yield from _offline(settings, ask=ask)
        return
    try:
        provider = provider_named(settings.provider)
        model = ClaudeModel(provider, _key(settings), settings.anthropic_base_url)
        prices = load_prices(settings.prices) if provider.metered else None
    except (ProviderError, PriceFileError) as err:
        yield Check("language model", Outcome.PROBLEM, str(err))
        return
    yield Check("language model", Outcome.OK, f"{model.name}, as provider {provider.name}")
    roles = _roles(settings)
    checks = [_role(role, provider, prices, clock.now().date()) for role in roles]
    yield from checks
    if len(roles) == 1:
        yield Check("judge", Outcome.OK, "none is set; the offline finder judges")
    yield _budgets(settings, provider)
    if ask:
        priced = [
            role for role, check in zip(roles, checks, strict=True) if check.outcome is Outcome.OK
        ]
        yield from asyncio.run(_answers(model, priced))
    else:
        yield Check("answers", Outcome.OK, "not tried; `hotseat doctor --model` does")


def _offline(settings: Settings, *, ask: bool) -> Iterator[Check]:
    yield Check("interviewer", Outcome.OK, _OFFLINE)
    if ask:
        yield Check("language model", Outcome.PROBLEM, f"none is set up, so none was asked: {_HOW}")
    elif settings.engine == "auto" and settings.anthropic_base_url is not None:
        yield Check("language model", Outcome.NOTE, f"a server is set, but it is not used: {_HOW}")


def _key(settings: Settings) -> str:
    key = settings.anthropic_api_key
    return "" if key is None else key.get_secret_value()


def _roles(settings: Settings) -> Sequence[_Role]:
    wanted = settings
    roles = [
        _Role("interviewer", Purpose.INTERVIEW, wanted.interview_model, wanted.interview_effort)
    ]
    if wanted.judge_model != NO_JUDGE:
        roles.append(_Role("judge", Purpose.JUDGE, wanted.judge_model, wanted.judge_effort))
    return roles


def _role(role: _Role, provider: Provider, prices: PriceList | None, today: date) -> Check:
    who = f"{role.model}, effort {role.effort}" if provider.effort else role.model
    if prices is None:
        return Check(role.what, Outcome.OK, f"{who}; it has no price")
    try:
        price = prices.price(role.model, today)
    except UnknownPriceError as err:
        return Check(role.what, Outcome.PROBLEM, str(err))
    per = f"${price.input:g} in and ${price.output:g} out per million tokens"
    says = f"{who}; {per}, from {price.valid_from} on, as read on {price.read}"
    return Check(role.what, Outcome.OK, says)


def _budgets(settings: Settings, provider: Provider) -> Check:
    if not provider.metered:
        return Check("budgets", Outcome.OK, f"none needed: calls to {provider.name} cost nothing")
    limits = {
        "an interview": settings.budget_interview_usd,
        "a person and day": settings.budget_user_day_usd,
        "a server and day": settings.budget_server_day_usd,
        "a day in all": settings.budget_day_usd,
    }
    says = ", ".join(f"${limit:,.2f} {whose}" for whose, limit in limits.items())
    if not all(limits.values()):
        return Check("budgets", Outcome.NOTE, f"{says}: at $0.00 no model is ever called")
    return Check("budgets", Outcome.OK, says)


def _traces(endpoint: str) -> Check:
    if all(map(_is_installed, TRACING)):
        return Check("traces", Outcome.OK, f"sent to {endpoint}: ids, counts and durations only")
    says = "HOTSEAT_TRACES is set, but what sends them is not installed: `uv sync --extra tracing`"
    return Check("traces", Outcome.PROBLEM, says)


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


async def _answers(model: ClaudeModel, roles: Sequence[_Role]) -> Sequence[Check]:
    """Ask each model once for a word, also where it has two roles."""
    asked = {role.model: role for role in reversed(roles)}
    try:
        return [await _answer(model, asked[name]) for name in reversed(asked)]
    finally:
        await model.close()


async def _answer(model: ClaudeModel, role: _Role) -> Check:
    what = f"answer of {role.model}"
    try:
        done = await complete(model, _hello(role))
    except ModelFailureError as err:
        if err.failure in _ANSWERED:
            return Check(what, Outcome.NOTE, f"it answers, but with a fault: {err}")
        return Check(what, Outcome.PROBLEM, str(err))
    return Check(what, Outcome.OK, f"after {done.total_s:.1f} s, by {done.model}")


def _hello(role: _Role) -> Ask:
    return Ask(
        purpose=role.purpose,
        model=role.model,
        system=(),
        user=(Block("Answer with ok set to true."),),
        schema=_SCHEMA,
        max_tokens=256,
        account=Account("doctor", "local"),
        effort=role.effort,
        deadline_s=ANSWER_S,
        first_text_s=ANSWER_S,
    )
