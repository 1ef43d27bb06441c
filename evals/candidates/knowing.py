"""Candidates that know something: how much, what they say unasked, and in which manner.

Whether one knows a concept hangs on the seed and the concept alone, so whatever the middling one
knows the strong one knows as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from evals.candidates.manner import Manner, as_notes, buried, connected
from evals.candidates.seat import Reply, Seen, phrases, say
from interviewer.state import MoveKind
from scenarios.model import Concept
from scenarios.rounds import CURVEBALL, key

QUESTIONS_A_TURN = 2


@dataclass(frozen=True)
class Character:
    """`knows` and `volunteers` are shares: of all concepts, and of those known.

    `asks` is how many of the round's facts are asked for before anything else, `wrong` whether a
    near miss is said for what is not known, `shrugs` the group of phrases for it.
    """

    name: str
    knows: float
    volunteers: float
    manner: Manner
    asks: int = 0
    wrong: bool = False
    shrugs: str = "unknown_middling"


CHARACTERS: tuple[Character, ...] = (
    Character("strong", knows=0.95, volunteers=0.8, manner=connected, asks=4),
    Character("middling", knows=0.55, volunteers=0.6, manner=connected, asks=2),
    Character("weak", knows=0.12, volunteers=0.5, manner=connected, wrong=True, shrugs="vague"),
    Character("rambling", knows=0.5, volunteers=0.5, manner=buried, shrugs="filler"),
    Character("terse", knows=0.75, volunteers=0.7, manner=as_notes, asks=2),
)


class Knowing:
    """Answers from a character; remembers what it has said."""

    def __init__(self, character: Character, seed: int) -> None:
        self.name = character.name
        self.told: set[str] = set()
        self._character = character
        self._seed = seed
        self._asked = 0
        self._used: set[str] = set()
        # Reproducible draws are the point here, not secrecy.
        self._chance = Random(f"{seed}/{character.name}")  # noqa: S311

    def reply(self, seen: Seen) -> Reply:
        """Questions first, then what belongs to the stage, then what each follow-up asks for."""
        if seen.move.kind is MoveKind.LAST_WORD:
            return say(self._pick("recap"))
        questions = self._questions(seen)
        if questions:
            return say(" ".join(questions))
        sentences = list(self._sentences(seen))
        if not sentences:
            return say(self._pick(self._character.shrugs))
        return say(self._character.manner(sentences, self._chance))

    def knows(self, address: str) -> bool:
        """Whether the concept of that key is known to this candidate."""
        return _draw(self._seed, "knows", address) < self._character.knows

    def _questions(self, seen: Seen) -> Sequence[str]:
        """What is asked of the interviewer in the first stage, before anything is designed."""
        opening = seen.stage == seen.plan.stages[0].name
        left = self._character.asks - self._asked
        if not opening or left <= 0:
            return ()
        facts = seen.plan.facts[self._asked : self._asked + min(left, QUESTIONS_A_TURN)]
        self._asked += QUESTIONS_A_TURN
        return [fact.example_questions[0] for fact in facts]

    def _sentences(self, seen: Seen) -> Iterator[str]:
        for address, concept in self._subject(seen):
            if self.knows(address):
                yield self._state(address, concept)
            elif self._character.wrong:
                yield self._fresh(concept.near_misses)

    def _subject(self, seen: Seen) -> Iterator[tuple[str, Concept]]:
        """The concept asked about; after a stage's opening whatever is volunteered of it."""
        concepts = dict(seen.plan.concepts())
        if seen.move.concept is not None:
            yield seen.move.concept, concepts[seen.move.concept]
            return
        stage = CURVEBALL if seen.move.kind is MoveKind.CURVEBALL else seen.stage
        for address, concept in concepts.items():
            here = address == key(stage, concept.id)
            if here and address not in self.told and self._volunteers(address):
                yield address, concept

    def _volunteers(self, address: str) -> bool:
        return _draw(self._seed, "volunteers", address) < self._character.volunteers

    def _state(self, address: str, concept: Concept) -> str:
        self.told.add(address)
        return self._fresh(concept.phrasings)

    def _fresh(self, sentences: Sequence[str]) -> str:
        """One of the sentences, preferably one that was not said before."""
        unused = [one for one in sentences if one not in self._used] or list(sentences)
        chosen = self._chance.choice(unused)
        self._used.add(chosen)
        return chosen

    def _pick(self, group: str) -> str:
        return self._fresh(phrases()[group])


def _draw(seed: int, what: str, address: str) -> float:
    """A number from 0 to 1 that hangs on its arguments alone."""
    return Random(f"{seed}/{what}/{address}").random()  # noqa: S311
