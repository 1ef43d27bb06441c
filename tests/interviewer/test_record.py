"""What the grader receives of an interview."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from interviewer.desk import Services
from interviewer.ports import StoredInterview
from interviewer.record import build_record
from interviewer.state import InterviewSettings, InterviewState, RoundSpec
from scenarios.load import builtin_packs_folder, load_library
from scenarios.model import Level, RoundKind
from scoring.conversation import Manner
from scoring.record import Ending
from scoring.transcript import Source, Speaker, Turn

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
STORY = ["situation", "decision", "action", "outcome", "learning"]


class NothingSaid:
    """A store of an interview in which nothing was said or drawn."""

    async def transcript(self, interview_id: str) -> tuple[Turn, ...]:
        """No turn."""
        return ()

    async def boards(self, interview_id: str) -> tuple[()]:
        """No board."""
        return ()

    async def manners(self, interview_id: str) -> tuple[Manner, ...]:
        """Nothing was played."""
        return ()


class Talked(NothingSaid):
    """A store of an interview in which two answers were spoken and one typed, all answered."""

    async def transcript(self, interview_id: str) -> tuple[Turn, ...]:
        """The candidate's turns."""
        sources = (Source.SPOKEN, Source.SPOKEN, Source.TYPED)
        return tuple(
            Turn(f"c{at:04d}", at, Speaker.CANDIDATE, "Yes.", 0, "scope", NOW, source)
            for at, source in enumerate(sources)
        )

    async def utterances(self, interview_id: str) -> tuple[SimpleNamespace, ...]:
        """What answered them, and the silence after them."""
        return tuple(SimpleNamespace(key=f"one:{seq}:probe", seq=seq) for seq in range(4))

    async def manners(self, interview_id: str) -> tuple[Manner, ...]:
        """Of each of them, and of a welcome that is no utterance."""
        keys = ("welcome", *(f"one:{seq}:probe" for seq in range(4)))
        return tuple(Manner(key, 0.5, cut_in=True, stopped=True) for key in keys)


@pytest.mark.parametrize(
    ("spent_s", "ending", "reached"),
    [
        (60.0, Ending.COMPLETED, STORY),
        (60.0, Ending.ENDED_EARLY, STORY[:4]),
        (24 * 60.0, Ending.COMPLETED, STORY[:4]),
    ],
)
async def test_a_story_told_out_is_reached_to_its_end(
    spent_s: float, ending: Ending, reached: list[str]
) -> None:
    """A part that was told before it was asked for is rated; one that the time cut off is not."""
    library = load_library(builtin_packs_folder())
    prompt = library.prompts[0].id
    settings = InterviewSettings(
        rounds=(RoundSpec(kind=RoundKind.BEHAVIOURAL, items=(prompt,), minutes=24),),
        level=Level.MID,
    )
    opened = tuple(f"0/{name}" for name in ("situation", "decision", "outcome"))
    state = InterviewState(reached=opened, spent_s={"0/outcome": spent_s}, ending=ending)
    stored = StoredInterview("one", settings, state, NOW, NOW)
    services = SimpleNamespace(store=NothingSaid(), library=library)

    record = await build_record(_as_services(services), stored)

    assert list(record.rounds[0].reached) == reached


async def test_only_speech_is_kept_waiting() -> None:
    """How long after the last word something typed, or nothing, was answered is no wait."""
    library = load_library(builtin_packs_folder())
    prompt = library.prompts[0].id
    settings = InterviewSettings(
        rounds=(RoundSpec(kind=RoundKind.BEHAVIOURAL, items=(prompt,), minutes=24),),
        level=Level.MID,
    )
    stored = StoredInterview("one", settings, InterviewState(), NOW, NOW)
    services = SimpleNamespace(store=Talked(), library=library)

    record = await build_record(_as_services(services), stored)

    assert [one.waited_s for one in record.manners] == [None, 0.5, 0.5, None, None]
    assert all(one.cut_in and one.stopped for one in record.manners)


def _as_services(fake: SimpleNamespace) -> Services:
    return fake  # type: ignore[return-value] - only store and library are asked
