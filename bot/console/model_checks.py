"""Who words and judges by the settings, and what stands in the way; asked on request only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec

from bot.console.checks import Check, Outcome
from bot.console.model_answers import Role, ask_for_a_word
from bot.settings import ANTHROPIC, Settings
from bot.wiring import server_of
from interviewer.clock import Clock
from interviewer.engines.providers import Provider, ProviderError
from interviewer.prices import PriceFileError, PriceList, UnknownPriceError
from scoring.language_model import Purpose

TRACING = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
"""What the extra `tracing` brings."""

_OFFLINE = "offline interviewer is used; no key is needed"
_HOW = "set ANTHROPIC_API_KEY, or HOTSEAT_ENGINE=model with the HOTSEAT_PROVIDER of your own server"


def model_checks(settings: Settings, clock: Clock, *, ask: bool) -> Iterator[Check]:
    """Who words and judges, and what it may cost; with `ask` also whether they answer."""
    if settings.traces is not None:
        yield _traces(settings.traces)
    if not settings.uses_model:
        yield from _offline(settings, ask=ask)
        return
    try:
        server = server_of(settings)
    except (ProviderError, PriceFileError) as err:
        yield Check("language model", Outcome.PROBLEM, str(err))
        return
    provider = server.provider
    yield Check("language model", Outcome.OK, f"{server.model.name}, as provider {provider.name}")
    roles = _roles(settings)
    checks = [_role(role, provider, server.prices, clock.now().date()) for role in roles]
    yield from checks
    if len(roles) == 1:
        yield Check("judge", Outcome.OK, "none is set; the offline finder judges")
    yield _budgets(settings, provider)
    if ask:
        priced = [
            role for role, check in zip(roles, checks, strict=True) if check.outcome is Outcome.OK
        ]
        yield from asyncio.run(ask_for_a_word(settings, server, priced, clock))
    else:
        yield Check("answers", Outcome.OK, "not tried; `hotseat doctor --model` does")


def _offline(settings: Settings, *, ask: bool) -> Iterator[Check]:
    yield Check("interviewer", Outcome.OK, _OFFLINE)
    if ask:
        yield Check("language model", Outcome.PROBLEM, f"none is set up, so none was asked: {_HOW}")
    elif settings.engine == "auto" and _names_a_server(settings):
        yield Check("language model", Outcome.NOTE, f"a server is set, but it is not used: {_HOW}")


def _names_a_server(settings: Settings) -> bool:
    return settings.anthropic_base_url is not None or settings.provider != ANTHROPIC


def _roles(settings: Settings) -> Sequence[Role]:
    wanted = settings
    roles = [
        Role("interviewer", Purpose.INTERVIEW, wanted.interview_model, wanted.interview_effort)
    ]
    if wanted.judge is not None:
        roles.append(Role("judge", Purpose.JUDGE, wanted.judge, wanted.judge_effort))
    return roles


def _role(role: Role, provider: Provider, prices: PriceList | None, today: date) -> Check:
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
