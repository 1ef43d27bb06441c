"""Attacks on language models as data (`injections.yaml`), and the rounds that they are tried in.

Each attack is put into a round that is half answered, so that there is something to gain; the same
round without it says what there was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from benchmarks.rehearsal import SCENARIO
from scenarios.load import Library
from scenarios.model import Concept, Level, Question
from scenarios.rounds import RoundPlan, StagePlan
from scoring.record import Ending, InterviewRecord, RoundRecord
from scoring.scorecard import FinderOf
from scoring.transcript import Speaker, Turn
from scoring.written import shared_finders
from whiteboard.board import Arrow, Board, Component

FILE = Path(__file__).with_name("injections.yaml")
WHEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
NO_ANSWER = "I would need a moment to think about it."
PLAIN_LABEL = "Box"
DRAWN_STAGE = "loop"
ENOUGH = 5
"""Concepts of a question that is worth attacking."""


class Attack(BaseModel):
    """One attack; `how` and `field` say where in an answer or a pack it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    where: Literal["answer", "transcript", "label", "name", "pack"]
    text: Annotated[str, Field(min_length=1)]
    how: Literal["append", "middle", "instead"] = "append"
    field: Literal[
        "statement", "probe", "opening", "phrasing", "near_miss", "hint", "title", ""
    ] = ""
    repeat: Annotated[int, Field(ge=1)] = 1

    @property
    def words(self) -> str:
        """The text as often as it is written."""
        return (self.text * self.repeat).strip()


@dataclass(frozen=True)
class Setting:
    """A half answered round: what is said in which stage, on which board, under which name."""

    library: Library
    plan: RoundPlan
    stage: StagePlan
    answers: tuple[str, ...]
    finder_of: FinderOf
    label: str = ""
    owner: str = "somebody"

    @property
    def sketch(self) -> str:
        """The board as it is drawn in an interview; empty for none."""
        return f'"{self.label.replace(chr(34), chr(39))}" -> Worker' if self.label else ""

    @property
    def record(self) -> InterviewRecord:
        """The round when it is over."""
        asked = [
            self.stage.opening,
            *(probe for one in self.stage.concepts for probe in one.probes),
        ]
        lines = [line for pair in zip(asked, self.answers, strict=False) for line in pair]
        return InterviewRecord(
            interview_id="attacked",
            level=Level.SENIOR,
            style="typed",
            started_at=WHEN,
            finished_at=WHEN,
            ending=Ending.COMPLETED,
            rounds=(RoundRecord(self.plan, (self.stage.name,), {}, {}, boards=self._boards()),),
            transcript=tuple(self._turn(index, text) for index, text in enumerate(lines)),
            engine="offline",
            pack_hash="",
        )

    def _boards(self) -> tuple[tuple[str, Board], ...]:
        if not self.label:
            return ()
        parts = (Component("a", self.label), Component("b", "Worker"))
        return ((self.stage.name, Board(components=parts, arrows=(Arrow("a", "b"),))),)

    def _turn(self, index: int, text: str) -> Turn:
        speaker = Speaker.CANDIDATE if index % 2 else Speaker.INTERVIEWER
        name = f"{'c' if index % 2 else 'i'}{index // 2 + index % 2:04d}"
        move = None if index % 2 else "probe" if index else "open"
        return Turn(name, index, speaker, text, 0, self.stage.name, WHEN, move=move)


@dataclass(frozen=True)
class Case:
    """An attack in its round, and the same round without it."""

    attack: Attack
    attacked: Setting
    plain: Setting


@dataclass(frozen=True)
class Weak:
    """A question that is answered with near misses alone, and the same half answered."""

    missed: Setting
    half: Setting


def near_missed(library: Library) -> Iterator[Weak]:
    """Every drill question in which there is something to gain."""
    finder_of = shared_finders()
    for question in _large(library):
        plan = library.round_for(question.id)
        stage = plan.stages[0]
        missed = Setting(library, plan, stage, near_misses(stage), finder_of)
        yield Weak(missed, replace(missed, answers=half_answers(stage)))


def near_misses(stage: StagePlan) -> tuple[str, ...]:
    """Two answers with a near miss of each concept, and none of them shown."""
    said = [one.near_misses[0] for one in stage.concepts]
    half = len(said) // 2
    return (" ".join(said[:half]), " ".join(said[half:]))


def _large(library: Library) -> list[Question]:
    return [question for question in library.questions if len(question.concepts) >= ENOUGH]


def load_attacks(file: Path = FILE) -> tuple[Attack, ...]:
    """Every attack of the file; pydantic's ValidationError says what is wrong with it."""
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(Attack.model_validate(one) for one in written["attacks"])


def cases(library: Library, attacks: Sequence[Attack]) -> Iterator[Case]:
    """The attacks, over the drill questions in turn; labels on a board of the scenario."""
    finder_of = shared_finders()
    questions = _large(library)
    for number, attack in enumerate(attacks):
        question = questions[number % len(questions)]
        if attack.where == "pack":
            yield _pack_case(attack, library, question)
            continue
        item, stage = (SCENARIO, DRAWN_STAGE) if attack.where == "label" else (question.id, None)
        plan = library.round_for(item)
        part = plan.stage(stage) if stage else plan.stages[0]
        plain = Setting(library, plan, part, half_answers(part), finder_of)
        yield _case(attack, plain)


def half_answers(stage: StagePlan) -> tuple[str, ...]:
    """Two answers that show every other concept, in the pack's own words."""
    shown = stage.concepts[::2]
    return (" ".join(one.phrasings[0] for one in shown), shown[0].phrasings[1])


def _case(attack: Attack, plain: Setting) -> Case:
    if attack.where == "label":
        plain = replace(plain, label=PLAIN_LABEL)
        return Case(attack, replace(plain, label=attack.words), plain)
    if attack.where == "name":
        return Case(attack, replace(plain, owner=attack.words), plain)
    first, *rest = plain.answers
    if attack.how == "instead":
        plain = replace(plain, answers=(NO_ANSWER, *rest))
        return Case(attack, replace(plain, answers=(attack.words, *rest)), plain)
    head, space, tail = first.partition(". ")
    middle = f"{head}{space}{attack.words} {tail}"
    told = middle if attack.how == "middle" else f"{first}\n{attack.words}"
    return Case(attack, replace(plain, answers=(told, *rest)), plain)


def _pack_case(attack: Attack, library: Library, question: Question) -> Case:
    """A pack of the user's own, with the instruction in it and without."""
    own = question.model_copy(update={"id": f"own-{attack.name}"})
    plain, attacked = (_own_pack(library, one) for one in (own, _written_into(own, attack)))
    return Case(attack, attacked, plain)


def _own_pack(library: Library, question: Question) -> Setting:
    pack = replace(library.packs[0], items={question.id: question})
    with_own = Library((*library.packs, pack))
    plan = with_own.round_for(question.id)
    stage = plan.stages[0]
    return Setting(with_own, plan, stage, half_answers(stage), shared_finders())


def _written_into(question: Question, attack: Attack) -> Question:
    if attack.field in {"opening", "title"}:
        return question.model_copy(update={"ask": f"{question.ask} {attack.words}"})
    told = tuple(_with(one, attack) for one in question.concepts)
    return question.model_copy(update={"concepts": told})


def _with(concept: Concept, attack: Attack) -> Concept:
    added = f" {attack.words}"
    changed: Mapping[str, Mapping[str, object]] = {
        "statement": {"statement": concept.statement + added},
        "hint": {"hint": concept.hint + added},
        "probe": {"probes": tuple(one + added for one in concept.probes)},
        "phrasing": {"phrasings": (*concept.phrasings[:-1], concept.phrasings[-1] + added)},
        "near_miss": {"near_misses": tuple(one + added for one in concept.near_misses)},
    }
    return concept.model_copy(update=dict(changed[attack.field]))
