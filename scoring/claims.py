"""What a judge claims, held against the transcript: a claim stands on the candidate's own words.

The quote has to stand in a candidate turn of the round, apart from spaces and the shapes of
quotation marks and dashes; what the card shows is the exact slice of that turn. It must not be
addressed to a grader, repeat the interviewer, or stand in words that the gates take out, and it has
to have something to do with the concept. The last is a floor and no proof: it asks for words of the
concept's statement, phrasings or cues that weigh, rare ones counting more, as much as the rarest
word of the round (`RELATED`), and half as much as for the concept of the round that the quote is
worded most like (`NEAREST`).

Words about the concept also have to be what they are claimed to be (`scoring.nearness`): nearer to
what shows it than to its near misses and contradictions, or for `contradicted` words that deny it.

Measured (`python -m benchmarks.judge_claims`) on the quotes that a reader picked in `docs/examples`
and on the phrasings of the built-in packs, each held against its concept as if it did not have that
phrasing: 1 of 77 (1.3 %) and 13 of 1,460 (0.9 %) are refused. The same quotes claimed for another
concept of their round pass in 5.5 of 100 cases, near misses that a concept does not know in 30,
contradictions that it does not know in 42. The thresholds were chosen on these texts, so the
figures flatter. A judge that lies has to find the candidate's own words about nearly the right
thing, and where there are any no check here stops it: `benchmarks/lying_judge.py` shows 9 of 23
absent concepts in rounds of weak candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from scenarios.model import Concept
from scenarios.rounds import CURVEBALL, RoundPlan
from scoring.crossing import CROSSINGS, Crossing
from scoring.denial import denied
from scoring.finding import Finding
from scoring.gates import (
    Trigram,
    heard_trigrams,
    injection_spans,
    is_empty,
    is_gibberish,
    parrot,
    term_stems,
)
from scoring.nearness import Wording
from scoring.observations import Sighting
from scoring.prepared import once_for_a_round
from scoring.record import RoundRecord
from scoring.screen import Screened, is_listed, screen, spans_items
from scoring.text import (
    Reading,
    Span,
    Token,
    content_stems,
    inverse_frequency,
    is_content,
    read,
    tokenise,
)
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict

MOST_QUOTE_WORDS = 60
"""Words of a quote; in a longer one some word of any concept can be found."""

FEWEST_CONTENT_WORDS = 3
"""Different content words of a quote, of which a list of names may have fewer."""

STANDING_SHARE = 0.5
"""Share of a quote's content words that the gates have to leave."""

RELATED = 1.0
"""Weight of shared words, in weights of the rarest word of the round."""

NEAREST = 0.5
"""Weight of shared words, as a share of that for the concept that has most of them."""


class Refusal(StrEnum):
    """Why a claim does not stand, in words for the judge."""

    NO_VERDICT = "no verdict was given"
    NO_QUOTE = "the claim has no quote"
    TOO_LONG = "the quote is too long: quote a sentence or less"
    TOO_SHORT = "the quote is too short to show anything"
    NOT_SAID = "the quote is not, word for word, in one turn of the candidate that counts here"
    ADDRESSED = "the quote is addressed to whoever grades, and is no answer"
    ECHOED = "the quote repeats what the interviewer said"
    EMPTY_WORDS = "the quote stands in a list of terms, a repetition or a denial, and shows nothing"
    UNRELATED = "the quote does not show this concept"
    NEAR_MISS = "the quote is closer to what does not show this concept: at most `partial`"
    OPPOSITE = "the quote says what contradicts this concept"
    NOT_OPPOSITE = "nothing in the quote denies or contradicts this concept"


class Claim(NamedTuple):
    """What a judge says of one concept."""

    verdict: Verdict
    quote: str = ""
    turn: str = ""
    reason: str = ""

    @property
    def claims_nothing(self) -> bool:
        """Whether it is unsure and has nothing to show."""
        return self.verdict is Verdict.UNSURE and not self.quote.strip()


@dataclass(frozen=True)
class _Heard:
    """A candidate turn with what the interviewer had said before it."""

    turn: Turn
    said_before: tuple[str, ...]
    terms: frozenset[tuple[str, ...]]

    @cached_property
    def injected(self) -> tuple[Span, ...]:
        return injection_spans(self.turn.text)

    @cached_property
    def screened(self) -> Screened:
        return screen(self.turn.text, self.said_before, self.terms)

    @cached_property
    def is_usable(self) -> bool:
        """Whether there is anything to judge: a word that is no mash and no echo."""
        text = self.turn.text
        if is_empty(text) or is_gibberish(text) or self.echoes(self.screened.reading.tokens):
            return False
        standing = self.standing(Verdict.CONTRADICTED)
        return any(is_content(one) and one.start in standing for one in tokenise(text))

    @cached_property
    def _echoed(self) -> frozenset[Trigram]:
        return frozenset[Trigram]().union(*(heard_trigrams(said) for said in self.said_before))

    @cached_property
    def _said_lines(self) -> tuple[str, ...]:
        return tuple(_stemmed(tokenise(text)) for text in self.said_before)

    def echoes(self, tokens: Sequence[Token]) -> bool:
        """Whether the words are the interviewer's; few words only where they follow one another."""
        said = _stemmed(tokens)
        return parrot(tokens, self._echoed) is not None or any(
            said in line for line in self._said_lines
        )

    @cached_property
    def _kept(self) -> frozenset[int]:
        return frozenset(token.start for token in self.screened.reading.tokens)

    @cached_property
    def reading(self) -> Reading:
        """The turn without what is addressed to a grader."""
        return read(self.turn.text, self.injected)

    @cached_property
    def _denied(self) -> frozenset[int]:
        return frozenset(self.reading.tokens[at].start for at in denied(self.reading).barred)

    def standing(self, verdict: Verdict) -> frozenset[int]:
        """Where the words begin that the gates leave; what is denied contradicts a concept."""
        return self._kept | self._denied if verdict is Verdict.CONTRADICTED else self._kept

    def is_bare_list(self, span: Span) -> bool:
        """Whether the words there are several items of a list of terms."""
        left = self.screened.reading.tokens
        places = [at for at, one in enumerate(left) if span.start <= one.start < span.end]
        return is_listed(self.screened, places) and spans_items(self.screened, places)


class _Vocabulary:
    """The words of a round's concepts by their keys, and how much a word weighs in the round."""

    def __init__(self, plan: RoundPlan) -> None:
        self.words = {key: _words_of(concept) for key, concept in plan.concepts()}
        self._concepts = dict(plan.concepts())
        self._wordings: dict[str, Wording] = {}
        self._weights = inverse_frequency(self.words.values())
        self.rarest = max(self._weights.values(), default=1.0)

    def weight(self, stems: set[str]) -> float:
        return sum(self._weights.get(one, self.rarest) for one in sorted(stems))

    def wording(self, key: str) -> Wording:
        """The sentences of a concept, made ready the first time that they are needed."""
        if key not in self._wordings:
            self._wordings[key] = Wording(self._concepts[key])
        return self._wordings[key]


_vocabulary_of = once_for_a_round(_Vocabulary)


class ClaimChecker:
    """Holds claims against one round. Built for a transcript; never changes afterwards."""

    def __init__(self, held: RoundRecord, turns: Sequence[Turn]) -> None:
        """`turns` are those of the round, over both speakers."""
        self._plan = held.plan
        self._concepts = dict(held.plan.concepts())
        self._thrown = next((one.index for one in turns if one.id == held.curveball_turn), None)
        self._heard = tuple(_heard(held.plan, turns))
        self._vocabulary = _vocabulary_of(held.plan)

    @property
    def has_answers(self) -> bool:
        """Whether the candidate said anything that could be judged."""
        return any(one.is_usable for one in self._heard)

    @cached_property
    def injected_words(self) -> tuple[str, ...]:
        """What candidates wrote to whoever grades."""
        return tuple(
            one.turn.text[span.start : span.end] for one in self._heard for span in one.injected
        )

    def check(self, key: str, claim: Claim) -> Sighting | Refusal:
        """The words on which a claim about the concept `key` stands, or why it does not."""
        wanted = _Wanted.of(claim.quote)
        if not wanted.words:
            return Refusal.NO_QUOTE
        if len(wanted.words) > MOST_QUOTE_WORDS:
            return Refusal.TOO_LONG
        refusal: Refusal | None = None
        for heard in self._in_question(key, claim.turn):
            for span in wanted.places(heard.turn.text):
                found = self._refusal(key, claim.verdict, heard, span)
                if found is None:
                    return self._sighting(key, claim.verdict, heard.turn, span)
                refusal = refusal or found
        return refusal or Refusal.NOT_SAID

    def _in_question(self, key: str, named: str) -> list[_Heard]:
        """The turns in which the concept may be shown, the one that was named first."""
        stage = key.partition("/")[0]
        found = list(self._heard)
        if stage == CURVEBALL:
            found = [
                one for one in found if self._thrown is not None and one.turn.index > self._thrown
            ]
        elif CROSSINGS[self._plan.kind] is Crossing.NONE:
            found = [one for one in found if one.turn.falls_in(stage)]
        return sorted(found, key=lambda one: one.turn.id != named)

    def _sighting(self, key: str, verdict: Verdict, turn: Turn, span: Span) -> Sighting:
        quote = turn.text[span.start : span.end]
        aptness = self._vocabulary.wording(key).aptness(quote)
        place = (span.start, span.end, quote)
        return Sighting(turn, Finding(key, verdict, *place, 1.0, "judge", aptness=aptness))

    def _refusal(self, key: str, verdict: Verdict, heard: _Heard, span: Span) -> Refusal | None:
        if any(one.start < span.end and span.start < one.end for one in heard.injected):
            return Refusal.ADDRESSED
        concept = self._concepts[key]
        tokens = tokenise(heard.turn.text[span.start : span.end])
        content = [one for one in tokens if is_content(one)]
        if len({one.stem for one in content}) < (1 if concept.listable else FEWEST_CONTENT_WORDS):
            return Refusal.TOO_SHORT
        if heard.echoes(tokens):
            return Refusal.ECHOED
        standing = heard.standing(verdict)
        left = {one.stem for one in content if span.start + one.start in standing}
        gated = len(left) < STANDING_SHARE * len({one.stem for one in content})
        if gated or (not concept.listable and heard.is_bare_list(span)):
            return Refusal.EMPTY_WORDS
        if not self._relates(key, verdict, left):
            return Refusal.UNRELATED
        return self._misread(key, verdict, heard, span)

    def _misread(self, key: str, verdict: Verdict, heard: _Heard, span: Span) -> Refusal | None:
        """Why words about the concept are not what they are claimed to be."""
        wording = self._vocabulary.wording(key)
        if verdict is Verdict.CONTRADICTED:
            return None if wording.contradicted(heard.reading, span) else Refusal.NOT_OPPOSITE
        if verdict is Verdict.PARTIAL:
            return None
        if wording.opposed(heard.reading, span):
            return Refusal.OPPOSITE
        quote = heard.turn.text[span.start : span.end]
        return Refusal.NEAR_MISS if wording.misses(quote) else None

    def _relates(self, key: str, verdict: Verdict, stems: set[str]) -> bool:
        known = self._vocabulary
        words = known.words[key]
        if verdict is Verdict.CONTRADICTED:
            words = words | _opposite(self._concepts[key])
        weight = known.weight(stems & words)
        most = max(known.weight(stems & others) for others in known.words.values())
        return weight >= RELATED * known.rarest and weight >= NEAREST * most


def _heard(plan: RoundPlan, turns: Sequence[Turn]) -> Iterator[_Heard]:
    terms = term_stems(term.term for term in plan.glossary)
    said = [plan.brief, *(stage.opening for stage in plan.stages)]
    for turn in turns:
        if turn.speaker is Speaker.INTERVIEWER:
            said.append(turn.text)
        else:
            yield _Heard(turn, tuple(said), terms)


def _stemmed(tokens: Sequence[Token]) -> str:
    return f" {' '.join(token.stem for token in tokens)} "


def _words_of(concept: Concept) -> frozenset[str]:
    slots = (slot.replace("|", " ") for cue in concept.cues for slot in cue.all)
    return _stems((concept.statement, *concept.phrasings, *slots))


def _opposite(concept: Concept) -> frozenset[str]:
    slots = (slot.replace("|", " ") for one in concept.contradictions for slot in one.cue.all)
    return _stems((*(one.example for one in concept.contradictions), *slots))


def _stems(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in content_stems(text))


_SAME: Mapping[int, str] = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
    }
)
"""Signs that models write as they like."""

_BLANK = re.compile(r"\s+")


class _Wanted(NamedTuple):
    """A quote as it is looked for; `pattern` takes any blank for any blank."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, quote: str) -> _Wanted:
        plain = _BLANK.split(quote.translate(_SAME).strip())
        pattern = re.compile(r"\s+".join(map(re.escape, plain)))
        return cls(tuple(token.word for token in tokenise(quote)), pattern)

    def places(self, text: str) -> Iterator[Span]:
        """Where it stands in the text, widened so that no word is cut in two."""
        # Every sign is replaced by one sign, so that offsets stay those of the text.
        for match in self.pattern.finditer(text.translate(_SAME)):
            start, end = match.span()
            while start and text[start - 1].isalnum() and text[start].isalnum():
                start -= 1
            while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
                end += 1
            yield Span(start, end)
