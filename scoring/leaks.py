"""Whether a sentence gives away what a candidate has not shown yet.

Only words that the sentence itself brings in count: what the candidate said, what the round has
told and what the pack asks about the very concept is no news. A sentence leaks where its news
covers a concept's statement, a phrasing or the hint well enough, satisfies one of its cues, is one
of its terms of the trade, or suggests one of its words as something to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenarios.model import Concept
from scoring.coverage import CoverageIndex, Reference
from scoring.evidence import EvidenceFinder
from scoring.heard import HeardWords, telling_words
from scoring.text import content_stems
from scoring.trade_words import trade_stems
from scoring.utterance import without_quotes

LEAKED_SHARE = 0.34
"""Share of a statement, phrasing or hint, by weight, that the news of a sentence may not cover."""

LEAKED_WORDS = 2
"""New words from which coverage counts; one is used by accident."""

CUED_WORDS = 2
"""New words among those that satisfy a cue from which it counts."""

_SUGGESTS = re.compile(
    r"\b(?:have|had) you (?:\w+ )?(?:considered|thought|tried|looked|used|heard|added)"
    r"|\b(?:would|could|should|might|do|will|can)(?:n't)? (?:you|it|that|there|we) "
    r"(?:\w+ )?(?:use|add|consider|introduce|implement|apply|build|need|have|run|want|make sense|"
    r"help|keep|set|store|check|track|measure|send|switch|ask|limit|require|be (?:better|worth|"
    r"an?))"
    r"|\b(?:what|how) about\b|\bwhy not\b|\b(?:wouldn't|shouldn't|couldn't|isn't|don't|aren't|"
    r"doesn't)\b"
    r"|\b(?:such as|for example|for instance|e\.g\.|maybe|perhaps|say with|like (?:an?|the))\b",
    re.IGNORECASE,
)


class LeakIndex:
    """What is prepared once for a round."""

    def __init__(self, concepts: Sequence[tuple[str, Concept]], finder: EvidenceFinder) -> None:
        self._keys = [address for address, _ in concepts]
        self._finder = finder
        self._coverage = CoverageIndex(
            [
                Reference(index, "coverage", text)
                for index, (_, concept) in enumerate(concepts)
                for text in (concept.statement, concept.hint, *concept.phrasings)
            ]
        )
        self._vocabulary = [
            frozenset(
                token.stem
                for text in (concept.statement, concept.hint, *concept.phrasings)
                for token in telling_words(text)
            )
            for _, concept in concepts
        ]
        self._cued = [
            frozenset(
                token.stem
                for cue in concept.cues
                for slot in cue.all
                for token in telling_words(slot)
            )
            for _, concept in concepts
        ]
        self._plain = HeardWords(text for _, concept in concepts for text in concept.probes)
        self._asked = [
            HeardWords((*concept.probes, *(one.probe for one in concept.contradictions)))
            for _, concept in concepts
        ]

    def leaked_by(self, sentence: str, room: HeardWords, shown: frozenset[str]) -> str | None:
        """The key of a concept that the sentence gives away, or None.

        `room` holds the words that are no news, `shown` the keys that cannot leak any more.
        """
        news = [token.stem for token in telling_words(sentence) if token.stem not in room]
        if not news:
            return None
        suggests = _SUGGESTS.search(without_quotes(sentence)) is not None
        likely = any(len(cued.intersection(news)) >= CUED_WORDS for cued in self._cued)
        cued = self._cued_in(sentence) if likely else {}
        for index, address in enumerate(self._keys):
            if address in shown:
                continue
            own = {one for one in news if one not in self._asked[index]}
            if own and self._is_told(index, own, suggests=suggests, cued=cued.get(address)):
                return address
        return None

    def _is_told(
        self, index: int, own: set[str], *, suggests: bool, cued: frozenset[str] | None
    ) -> bool:
        known = own & self._vocabulary[index]
        unusual = {one for one in known if one not in self._plain}
        if unusual and (suggests or unusual & trade_stems()):
            return True
        if len(known) >= LEAKED_WORDS and self._coverage.closeness(index, known) >= LEAKED_SHARE:
            return True
        return cued is not None and len(unusual & cued) >= CUED_WORDS

    def _cued_in(self, sentence: str) -> dict[str, frozenset[str]]:
        """The stems of the words that satisfy a cue of each concept found in the sentence."""
        found = self._finder.find(sentence)
        return {one.key: frozenset(content_stems(one.quote)) for one in found}
