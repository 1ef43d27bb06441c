"""A written answer without an interview, as the record that `scoring.scorecard.grade` takes.

The answer is one candidate turn behind one interviewer turn that holds what an interviewer would
have said before it: the brief and the opening question. Nothing is graded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scenarios.model import Level
from scenarios.rounds import RoundPlan
from scoring.evidence import EvidenceFinder
from scoring.gates import is_empty
from scoring.record import Ending, InterviewRecord, RoundRecord
from scoring.scorecard import FinderOf, Scorecard, grade
from scoring.transcript import WHOLE_ROUND, Speaker, Turn

MOST_CHARS = 20_000
"""As many as one turn of an interview takes."""

INTERVIEW_ID = "written"
STYLE = "written"


class AnswerError(ValueError):
    """The answer cannot be graded; the message says why and what to do, and quotes nothing."""


@dataclass(frozen=True)
class WrittenAnswer:
    """An answer to one stage of a round, or to the whole of it where `stage` is None."""

    plan: RoundPlan
    stage: str | None
    text: str
    level: Level
    pack_hash: str = ""

    def __post_init__(self) -> None:
        """Refuse a stage that the round does not have, and what is no answer."""
        names = [stage.name for stage in self.plan.stages]
        if self.stage is not None and self.stage not in names:
            raise AnswerError(
                f"`{self.plan.item}` has no stage `{self.stage}`: there is {', '.join(names)}"
            )
        if len(self.text) > MOST_CHARS:
            raise AnswerError(
                f"the answer has {len(self.text):,} characters and {MOST_CHARS:,} is the most that "
                "is taken: shorten it, or give its parts by stage"
            )
        if is_empty(self.text):
            raise AnswerError("the answer is empty: write at least one word")

    @property
    def stages(self) -> tuple[str, ...]:
        """The names of the stages that it answers."""
        if self.stage is not None:
            return (self.stage,)
        return tuple(stage.name for stage in self.plan.stages)

    @property
    def asked(self) -> str:
        """What an interviewer would have said before it."""
        openings = (self.plan.stage(name).opening for name in self.stages)
        return "\n".join(part for part in (self.plan.brief, *openings) if part)


@dataclass(frozen=True)
class WrittenGrade:
    """The card of a written answer, and the gates that touched its text by name."""

    answer: WrittenAnswer
    card: Scorecard
    gates: tuple[str, ...]


def shared_finders() -> FinderOf:
    """Gives the finder of a round, built when it is first asked for; of one library only."""
    built: dict[str, EvidenceFinder] = {}

    def finder_of(plan: RoundPlan) -> EvidenceFinder:
        if plan.item not in built:
            built[plan.item] = EvidenceFinder.of(plan)
        return built[plan.item]

    return finder_of


def grade_written(answer: WrittenAnswer, at: datetime, finder_of: FinderOf) -> WrittenGrade:
    """Grade the answer as an interview that consists of it.

    The card has revision 1, no times and no cost; `at` is when it counts as taken. `finder_of` is
    asked twice, so it should be one of `shared_finders`.
    """
    gates = finder_of(answer.plan).flags(answer.text, (answer.asked,))
    return WrittenGrade(answer, grade(written_record(answer, at, gates), finder_of), gates)


def written_record(
    answer: WrittenAnswer, at: datetime, gates: tuple[str, ...] = ()
) -> InterviewRecord:
    """The answer as an interview of one question and one turn."""
    notice = f"Parts of the answer were not taken as evidence: {', '.join(gates)}."
    return InterviewRecord(
        interview_id=INTERVIEW_ID,
        level=answer.level,
        style=STYLE,
        started_at=at,
        finished_at=at,
        ending=Ending.COMPLETED,
        rounds=(RoundRecord(answer.plan, answer.stages, spent_s={}, budget_s={}),),
        transcript=(
            _turn(0, Speaker.INTERVIEWER, answer.asked, answer, at),
            _turn(1, Speaker.CANDIDATE, answer.text, answer, at),
        ),
        engine="offline",
        pack_hash=answer.pack_hash,
        notices=(notice,) if gates else (),
    )


def _turn(index: int, speaker: Speaker, text: str, answer: WrittenAnswer, at: datetime) -> Turn:
    return Turn(
        id=f"t{index:04}",
        index=index,
        speaker=speaker,
        text=text,
        round_index=0,
        stage=answer.stage or WHOLE_ROUND,
        at=at,
        move="open" if speaker is Speaker.INTERVIEWER else None,
    )
