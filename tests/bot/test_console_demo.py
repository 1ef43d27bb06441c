"""The recorded candidate's round: the real interview on a clock of its own."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_samples import screen_of

from bot.console.demo import CANDIDATE, PACE_S, RecordedCandidate, load_candidate, run_demo
from bot.console.screen import INTERVIEWER
from bot.settings import Settings
from scenarios.load import Library
from scenarios.model import DesignStage
from scoring.gates import is_empty
from whiteboard.sketch import parse_sketch


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one performance prints in a pipe."""
    home = tmp_path_factory.mktemp("demo") / "home"
    screen = screen_of()
    asyncio.run(run_demo(Settings(home=home), screen.console))
    assert not home.exists()
    return screen.text()


def turns(shown: str) -> list[tuple[str, int]]:
    """Every turn's speaker and time in seconds, in order."""
    heads = re.findall(r"^(Interviewer|Candidate|Candidate draws)  (\d\d):(\d\d) *$", shown, re.M)
    return [(name, int(minutes) * 60 + int(seconds)) for name, minutes, seconds in heads]


def steps(candidate: RecordedCandidate) -> Iterator[str]:
    """Everything that the candidate can say."""
    groups = [*candidate.stages.values(), *candidate.by_concept.values(), candidate.at_a_loss]
    for step in (candidate.curveball, *(step for group in groups for step in group)):
        if not step.hint:
            yield step.say


def test_the_whole_round_is_played(shown: str) -> None:
    """Every stage is opened, in order, and the interviewer has the first and the last word."""
    bars = [line for line in shown.splitlines() if "▶" in line]
    places = [re.search(r"▶ ([A-Z][a-z]+(?: boundary)?)", line) for line in bars]

    assert [place[1] for place in places if place] == [
        "Scope",
        "Loop",
        "Models",
        "Evals",
        "Trust boundary",
        "Operations",
    ]
    assert turns(shown)[0] == (INTERVIEWER, 0)
    assert turns(shown)[-1][0] == INTERVIEWER


def test_the_time_is_the_candidates(shown: str) -> None:
    """The clock never runs backwards and stays within the round's 40 minutes."""
    times = [time for _, time in turns(shown)]

    assert times == sorted(times)
    assert 20 * 60 < times[-1] <= 40 * 60


def test_the_round_has_a_bit_of_everything(shown: str) -> None:
    """A board, a hint, a question that no fact answers, and the curveball."""
    assert sum(name == f"{CANDIDATE} draws" for name, _ in turns(shown)) == 1
    assert shown.count("asks for a hint") == 1
    assert "Make an assumption" in shown
    assert "Finance halves the ceiling" in shown


def test_the_card_shows_every_verdict_of_the_rules(shown: str) -> None:
    """Hits by three ways, unsure, not detected, contradicted, and a sum that does not fit."""
    card = shown[shown.index("System design:") :]

    for word in ("✓ hit", "? unsure", "– not detected", "≠ contradicted", "≠ does not fit"):
        assert word in card
    for how in ("unprompted", "after a follow-up", "after a hint"):
        assert f"[{how}]" in " ".join(card.split())


def test_it_ends_with_the_way_to_ones_own(shown: str) -> None:
    """The last line says that nothing was kept and which command to type."""
    assert shown.rstrip().endswith("Nothing of this was stored. Your own round: hotseat practice")


async def test_a_pipe_never_waits_and_a_terminal_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    """At a terminal each turn waits a moment, less than 20 seconds in all."""
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.console.demo.pause", wait)
    await run_demo(Settings(home=tmp_path), screen_of(terminal=True).console)

    assert len(waits) == len(turns(shown))
    assert set(waits) == {PACE_S}
    assert sum(waits) < 20


def test_the_recording_fits_its_scenario(library: Library) -> None:
    """Stages and concepts that it names exist, its board can be read, and no answer is empty."""
    candidate = load_candidate()
    plan = library.round_for(candidate.scenario)

    assert set(candidate.stages) == {stage.value for stage in DesignStage}
    assert set(candidate.by_concept) <= {key for key, _ in plan.concepts()}
    assert not any(is_empty(text) for text in steps(candidate))
    for group in candidate.by_concept.values():
        for step in group:
            assert step.draw is None or parse_sketch(step.draw).components
