"""What candidates are told before their words go to a language model; for every edge."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.settings import Settings


def disclosure(settings: Settings) -> str | None:
    """Who gets what the candidate says and draws; None where it stays here."""
    if not settings.uses_model:
        return None
    from interviewer.engines.providers import provider_named

    address = settings.anthropic_base_url or provider_named(settings.provider).base_url
    host = urlsplit(address).hostname or address
    judges = f", and {settings.judge} judges them afterwards" if settings.judge else ""
    return (
        f"What you say and draw in this interview is sent to {host}: {settings.interview_model} "
        f"words follow-ups to your answers{judges}."
    )
