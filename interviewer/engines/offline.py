"""The embedded interviewer: understands by patterns and the evidence finder, words from the packs.

It runs without a model and without a network, in milliseconds, and never raises for any text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import zip_longest

from interviewer.engines.intents import Intent, command_intents, is_assumption, is_question
from interviewer.engines.wording import word_move
from interviewer.ports import Assessment, Heard, Scene
from interviewer.state import Finding, Move
from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder, match_cues
from scoring.gates import is_empty, is_gibberish
from scoring.text import content_stems, read

MAX_OPEN_QUESTIONS = 2

ON_TOPIC_SHARE = 0.08
"""An answer is off topic where fewer of its content words than this occur in the round's texts."""

ON_TOPIC_MIN_WORDS = 15
"""Shorter answers are never called off topic."""

_ECHO_SHARE = 0.8
_LONG_ANSWER = 45
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
        commands = command_intents(heard.text)
        findings = tuple(ear.findings(heard))
        facts, questions, assumptions = _asked(heard)
        intents = {intent.value for intent in commands}
        if facts or questions:
            intents.add(Intent.ASKS.value)
        elif not findings and not commands and ear.is_off_topic(heard.text):
            intents.add(Intent.OFF_TOPIC.value)
        return Assessment(
            intents=tuple(sorted(intents)),
            findings=findings,
            facts=facts,
            open_questions=questions,
            assumptions=assumptions,
            red_flags=tuple(_red_flags(heard)),
            flags=flags,
        )

    async def word(self, move: Move, scene: Scene) -> AsyncIterator[str]:
        """The whole utterance as one part."""
        yield word_move(move, scene, scene.given_facts)

    def _ear(self, plan: RoundPlan) -> _Ear:
        if plan.item not in self._ears:
            self._ears[plan.item] = _Ear(plan)
        return self._ears[plan.item]


class _Ear:
    """What is prepared once for a round: its finder, its contradictions and its vocabulary."""

    def __init__(self, plan: RoundPlan) -> None:
        self.finder = EvidenceFinder(plan.concepts(), tuple(term.term for term in plan.glossary))
        self._concepts = dict(plan.concepts())
        self._vocabulary = _vocabulary(plan)

    def findings(self, heard: Heard) -> Iterator[Finding]:
        for found in self.finder.find(heard.text, heard.interviewer_lines):
            contradictions = self._concepts[found.key].contradictions
            which = found.contradiction
            yield Finding(
                key=found.key,
                verdict=found.verdict,
                start=found.start,
                end=found.end,
                quote=found.quote,
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
    if "injection" in flags and len(words) < _LONG_ANSWER:
        return Intent.INJECTION
    return None


def _is_echo(heard: Heard, words: frozenset[str]) -> bool:
    if len(words) < 4:
        return False
    return any(
        len(words.intersection(content_stems(line))) >= _ECHO_SHARE * len(words)
        for line in heard.interviewer_lines[-3:]
    )


def _asked(heard: Heard) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Ids of facts asked for, questions that no fact answers, sentences that assume something.

    An assumption about something that the scenario settles is answered like a question, so that
    nothing agreed is contradicted later. A question that the candidate settles in the next
    sentence needs no answer.
    """
    facts: list[str] = []
    questions: list[str] = []
    assumptions: list[str] = []
    sentences = _addressed(heard)
    for sentence, following in zip_longest(sentences, sentences[1:], fillvalue=""):
        asks, assumes = is_question(sentence), is_assumption(sentence)
        if not (asks or assumes):
            continue
        matched = [fact.id for fact in heard.plan.facts if match_cues(fact.cues, sentence)]
        if matched:
            facts.extend(fact for fact in matched if fact not in facts)
        elif assumes:
            assumptions.append(sentence[:_MAX_ASSUMPTION])
        elif not is_assumption(following):
            questions.append(sentence[:_MAX_ASSUMPTION])
    return tuple(facts), tuple(questions[:MAX_OPEN_QUESTIONS]), tuple(assumptions)


def _addressed(heard: Heard) -> list[str]:
    """The sentences that may be meant for the interviewer.

    In the opening stage all of them; later a long answer asks itself questions on its way, so
    only its last sentence counts as one.
    """
    sentences = _sentences(heard.text)
    opening = heard.stage == heard.plan.stages[0].name
    if opening or len(heard.text.split()) <= _LONG_ANSWER:
        return sentences
    return [*filter(is_assumption, sentences[:-1]), *sentences[-1:]]


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
