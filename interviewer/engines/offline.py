"""The embedded interviewer: understands by patterns and the evidence finder, words from the packs.

It runs without a model and without a network, in milliseconds, and never raises for any text.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from interviewer.engines.intents import (
    Intent,
    is_assumption,
    is_procedural,
    is_question,
    requests_in,
)
from interviewer.engines.wording import word_move
from interviewer.ports import Assessment, Heard, Occasion, Scene
from interviewer.state import Finding, Move
from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder, match_cues
from scoring.gates import injection_spans, is_empty, is_gibberish
from scoring.observations import widen
from scoring.text import content_stems, read

MAX_OPEN_QUESTIONS = 2

ON_TOPIC_SHARE = 0.08
"""An answer is off topic where fewer of its content words than this occur in the round's texts."""

ON_TOPIC_MIN_WORDS = 15
"""Shorter answers are never called off topic."""

_ECHO_SHARE = 0.8
_MIN_REST = 8
_MAX_ASSUMPTION = 240


class OfflineEngine:
    """The default engine; one instance serves every interview of a library."""

    name = "offline"

    def __init__(self) -> None:
        self._ears: dict[str, _Ear] = {}

    def prepare(self, plan: RoundPlan) -> None:
        """Build the round's finder, which takes a few tenths of a second."""
        self._ear(plan)

    def assess(self, heard: Heard) -> Assessment:
        """Intents, evidence, questions, assumptions and red flags of one candidate turn."""
        ear = self._ear(heard.plan)
        flags = ear.finder.flags(heard.text, heard.interviewer_lines)
        no_answer = _no_answer(heard, flags)
        if no_answer is not None:
            return Assessment(intents=(no_answer.value,), flags=flags)
        commands = requests_in(heard.text)
        findings = tuple(ear.findings(heard))
        if findings:  # "I'm not sure, maybe ..." is an answer
            commands -= {Intent.DONT_KNOW}
        asked = _Asked() if commands else _asked(heard)
        intents = {intent.value for intent in commands}
        if asked.facts or asked.questions:
            intents.add(Intent.ASKS.value)
        elif asked.how_to_go_on and not findings:
            intents.add(Intent.HOW_TO_GO_ON.value)
        elif not findings and not commands and ear.is_off_topic(heard.text):
            intents.add(Intent.OFF_TOPIC.value)
        return Assessment(
            intents=tuple(sorted(intents)),
            findings=findings,
            facts=tuple(dict.fromkeys(asked.facts)),
            assumed_facts=tuple(dict.fromkeys(asked.assumed_facts)),
            open_questions=tuple(asked.questions[:MAX_OPEN_QUESTIONS]),
            assumptions=tuple(asked.assumptions),
            red_flags=tuple(_red_flags(heard)),
            flags=flags,
        )

    async def reply(self, occasion: Occasion) -> ScriptedReply:
        """What the policy would do by itself, in the packs' words."""
        move = occasion.offers[0]
        return ScriptedReply(move, self.word(move, occasion.scene_of(move)))

    async def word(self, move: Move, scene: Scene) -> AsyncGenerator[str, None]:
        """The utterance for `move`, the whole of it as one part."""
        yield word_move(move, scene, scene.given_facts)

    def _ear(self, plan: RoundPlan) -> _Ear:
        if plan.item not in self._ears:
            self._ears[plan.item] = _Ear(plan)
        return self._ears[plan.item]


@dataclass(frozen=True)
class ScriptedReply:
    """A reply of which all is known."""

    move: Move
    wording: AsyncGenerator[str, None]
    degraded: str | None = None

    def parts(self) -> AsyncGenerator[str, None]:
        """The wording."""
        return self.wording

    async def conclude(self) -> tuple[Finding, ...]:
        """Nothing beyond what `assess` said."""
        return ()

    async def cancel(self) -> None:
        """Leave the rest unsaid."""
        await self.wording.aclose()


class _Ear:
    """What is prepared once for a round: its finder, its contradictions and its vocabulary."""

    def __init__(self, plan: RoundPlan) -> None:
        self.finder = EvidenceFinder.of(plan)
        self._concepts = dict(plan.concepts())
        self._vocabulary = _vocabulary(plan)

    def findings(self, heard: Heard) -> Iterator[Finding]:
        for found in self.finder.find(heard.text, heard.interviewer_lines, heard.stage):
            contradictions = self._concepts[found.key].contradictions
            which = found.contradiction
            start, end = widen(heard.text, found.start, found.end)
            yield Finding(
                key=found.key,
                verdict=found.verdict,
                start=start,
                end=end,
                quote=heard.text[start:end],
                score=found.score,
                found_by=found.found_by,
                note=found.note,
                line=None if which is None else contradictions[which].probe,
            )

    def is_off_topic(self, text: str) -> bool:
        words = frozenset(content_stems(text))
        if len(text.split()) < ON_TOPIC_MIN_WORDS or not words:
            return False
        return len(words & self._vocabulary) < ON_TOPIC_SHARE * len(words)


def _no_answer(heard: Heard, flags: Sequence[str]) -> Intent | None:
    """Whether the message is nothing that could be an answer, command or question."""
    if is_empty(heard.text):
        return Intent.EMPTY
    if is_gibberish(heard.text):
        return Intent.GIBBERISH
    words = frozenset(content_stems(heard.text))
    if _is_echo(heard, words):
        return Intent.ECHO
    if "injection" in flags and _is_nothing_else(heard.text):
        return Intent.INJECTION
    return None


def _is_nothing_else(text: str) -> bool:
    """Whether little is left of the text once the injected commands are cut out."""
    rest = list(text)
    for start, end in injection_spans(text):
        rest[start:end] = " " * (end - start)
    return len(content_stems("".join(rest))) < _MIN_REST


def _is_echo(heard: Heard, words: frozenset[str]) -> bool:
    if len(words) < 4:
        return False
    return any(
        len(words.intersection(content_stems(line))) >= _ECHO_SHARE * len(words)
        for line in heard.interviewer_lines[-3:]
        if line.rstrip().endswith("?")
    )


@dataclass
class _Asked:
    """What a turn asks for; lists because they grow sentence by sentence."""

    facts: list[str] = field(default_factory=list[str])
    assumed_facts: list[str] = field(default_factory=list[str])
    questions: list[str] = field(default_factory=list[str])
    assumptions: list[str] = field(default_factory=list[str])
    how_to_go_on: bool = False


def _asked(heard: Heard) -> _Asked:
    """What the turn asks the interviewer and what it settles by assumption.

    An assumption about something that the scenario settles is answered like a question, so that
    nothing agreed is contradicted later. A question that the candidate settles in the next
    sentence needs no answer.
    """
    asked = _Asked()
    opening = _is_opening(heard)
    sentences = _addressed(heard)
    for sentence, following in zip_longest(sentences, sentences[1:], fillvalue=""):
        asks, assumes = is_question(sentence, indirect=opening), is_assumption(sentence)
        if not (asks or assumes):
            continue
        matched = [fact.id for fact in heard.plan.facts if match_cues(fact.cues, sentence)]
        if matched:
            (asked.assumed_facts if assumes else asked.facts).extend(matched)
        elif assumes:
            asked.assumptions.append(sentence[:_MAX_ASSUMPTION])
        elif is_procedural(sentence):
            asked.how_to_go_on = True
        elif not is_assumption(following):
            asked.questions.append(sentence[:_MAX_ASSUMPTION])
    return asked


def _addressed(heard: Heard) -> list[str]:
    """The sentences that may be meant for the interviewer.

    In the opening stage all of them. Later on, answers ask themselves questions on their way, so
    only a question that ends the turn counts as one; assumptions count wherever they stand.
    """
    sentences = _sentences(heard.text)
    if _is_opening(heard) or not sentences:
        return sentences
    *before, last = sentences
    asks = last.endswith("?") or is_assumption(last)
    return [*filter(is_assumption, before), *([last] if asks else [])]


def _is_opening(heard: Heard) -> bool:
    """Whether clarifying questions are expected: the first stage of a round that has facts."""
    return bool(heard.plan.facts) and heard.stage == heard.plan.stages[0].name


def _sentences(text: str) -> list[str]:
    """The sentences as said, each with its question mark where it has one."""
    reading = read(text)
    found: list[str] = []
    for sentence in reading.sentences:
        start, end = reading.slice(sentence.first, sentence.last)
        found.append(text[start:end] + ("?" if sentence.question else ""))
    return found


def _vocabulary(plan: RoundPlan) -> frozenset[str]:
    texts = [plan.brief, *(term.term for term in plan.glossary)]
    texts += [text for fact in plan.facts for text in (fact.answer, *fact.example_questions)]
    for _, concept in plan.concepts():
        texts += [concept.statement, *concept.phrasings, *concept.near_misses]
    return frozenset(stem for text in texts for stem in content_stems(text))


def _red_flags(heard: Heard) -> Iterator[str]:
    for flag in heard.plan.stage(heard.stage).red_flags:
        if match_cues(flag.cues, heard.text, affirmed=True):
            yield flag.id
