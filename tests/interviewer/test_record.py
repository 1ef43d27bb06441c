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
from scoring.record import Ending

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
STORY = ["situation", "decision", "action", "outcome", "learning"]


class NothingSaid:
    """A store of an interview in which nothing was said or drawn."""

    async def transcript(self, interview_id: str) -> tuple[()]:
        """No turn."""
        return ()

    async def boards(self, interview_id: str) -> tuple[()]:
        """No board."""
        return ()


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


def _as_services(fake: SimpleNamespace) -> Services:
    return fake  # type: ignore[return-value] - only store and library are asked
