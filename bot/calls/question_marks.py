"""Marks the question in speech that came without any punctuation, as some recognisers give it.

Whisper's own models set marks; small ones and those for dictation do not. Without a mark nobody
could tell "how many users do we expect" from an announcement, and it would not be answered.
"""

from __future__ import annotations

import re

_LEAD_IN = r"^(?:(?:um+|uh+|er|so|and|but|okay|ok|well|right|sorry|wait|first|then|no|yes)[\s,]+)*"
_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|should|shall|would|will|may|might|must|has|have)"
)
_SUBJECT = (
    r"(?:i|we|you|they|he|she|it|there|this|that|these|those|the|a|an|any|anybody|anyone|some|"
    r"every|all|our|your|my|their|users?|customers?|people|somebody|someone)"
)
_ASKS = re.compile(
    rf"{_LEAD_IN}(?:"
    rf"how\s+(?!(?:i|we|you|they|it|to)\b)\w+"
    rf"|(?:what|who|whom|whose|where|when|why)\s+(?:else\s+)?{_AUXILIARY}\b"
    rf"|(?:what|which)\s+(?:kinds?|sorts?|types?|parts?|actions?|one|ones|of)\b"
    rf"|which\s+(?!(?:is|are|was|were|means|makes|gives|we|i|you|they|it|in|would|will|then)\b)\w+"
    rf"\s+(?:{_AUXILIARY}|{_SUBJECT})\b"
    rf"|{_AUXILIARY}\s+{_SUBJECT}\b"
    rf")",
    re.IGNORECASE,
)
_MARK = re.compile(r"[.?!]")


def with_question_mark(text: str) -> str:
    """The same, with a question mark at the end where it asks and has no marks at all."""
    if _MARK.search(text) or not _ASKS.match(text.strip()):
        return text
    return f"{text.rstrip()}?"
