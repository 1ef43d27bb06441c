"""Words that the recogniser should expect: the glossary of the round."""

from __future__ import annotations

from scenarios.rounds import RoundPlan

MOST_TERMS = 40
"""More take longer to read than they help (Whisper's prompt holds 224 tokens)."""


def terms_of(plan: RoundPlan) -> tuple[str, ...]:
    """Terms of the round's glossary, each once.

    The phrasings that show a concept are not among them: a recogniser that expects whole answers
    hears them where they were not given. A term that is heard unsurely is marked as any word is.
    """
    return tuple(dict.fromkeys(term.term for term in plan.glossary))[:MOST_TERMS]
