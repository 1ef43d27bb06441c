"""From a flagged turn to a case file, and from the file to the same situation."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.console.eval_cases import Flagged, add_case
from bot.doors import UsageError
from evals.cases import FlaggedCase, load_cases, replay
from evals.documents import CaseError, read_document
from evals.worlds import START, open_world
from interviewer.ports import BoardRevision, InboxItem, StoredInterview
from interviewer.state import (
    ClockReading,
    Event,
    EventKind,
    InterviewSettings,
    InterviewState,
    Move,
    MoveKind,
    RoundSpec,
    Utterance,
)
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Level, RoundKind
from whiteboard.sketch import parse_sketch

ITEM = "what-is-a-token"


@cache
def library() -> Library:
    return load_library(builtin_packs_folder())


def event(seq: int, kind: EventKind, text: str = "", board: int | None = None) -> InboxItem:
    at = START + timedelta(seconds=seq)
    return InboxItem(
        seq, Event(kind=kind, at=at, text=text, active_s=12.34, board_revision=board), 0, ITEM
    )


def utterance(seq: int, text: str) -> Utterance:
    move = Move(
        kind=MoveKind.PROBE,
        round_index=0,
        stage=ITEM,
        to_round=0,
        to_stage=ITEM,
        clock=ClockReading(stage_left_s=1, round_left_s=1),
    )
    return Utterance(
        key=f"k{seq}", interview_id="abcd2345", seq=seq, move=move, text=text, opened_at=START
    )


def flagged(turn_id: str = "i0003", fault: str = "praise") -> Flagged:
    spec = RoundSpec(kind=RoundKind.DRILL, items=(ITEM,), minutes=2)
    settings = InterviewSettings(rounds=(spec,), level=Level.JUNIOR)
    sketch = "user -> Acme gateway"
    return Flagged(
        stored=StoredInterview("abcd2345", settings, InterviewState(), START, None),
        events=(
            event(0, EventKind.BEGAN),
            event(1, EventKind.SAID, "At Acme we count tokens."),
            event(2, EventKind.DREW, board=1),
            event(3, EventKind.SAID, "A token is a piece of a word."),
            event(4, EventKind.SAID, "And it is billed."),
        ),
        boards=(BoardRevision(1, parse_sketch(sketch), sketch, 0, ITEM, START),),
        utterances=(
            utterance(0, "Define a token."),
            utterance(1, "Go on?"),
            utterance(2, ""),
            utterance(3, "Great, and Acme?"),
        ),
        turn_id=turn_id,
        note="It praised what I did at Acme.",
        fault=fault,
    )


def test_a_case_holds_the_round_up_to_the_turn_and_no_further(tmp_path: Path) -> None:
    """What came after the flagged turn is nobody's business."""
    path = add_case(flagged(), tmp_path / "new")
    case = read_document(path, FlaggedCase)

    assert [one.text for one in case.events] == [
        "At Acme we count tokens.",
        "",
        "A token is a piece of a word.",
    ]
    assert case.events[1].sketch == "user -> Acme gateway"
    assert case.events[0].active_s == 12.3
    assert (case.items, case.level, case.fault) == ((ITEM,), Level.JUNIOR, "praise")


def test_names_are_replaced_wherever_they_stand(tmp_path: Path) -> None:
    """Words, the drawing, the interviewer's sentence and the note are all redacted."""
    path = add_case(flagged(), tmp_path, ["Acme"])

    assert "acme" not in path.read_text("utf-8").casefold()
    assert yaml.safe_load(path.read_text("utf-8"))["utterance"] == "Great, and [redacted 1]?"


def test_a_case_is_private_and_says_so(tmp_path: Path) -> None:
    """Wherever it is: its name is ignored, its owner alone reads it, its first line says why."""
    path = add_case(flagged(), tmp_path / "new")
    ignored = Path(".gitignore").read_text("utf-8").splitlines()

    assert path.name == "abcd2345-i0003.private.yaml"
    assert "*.private.yaml" in ignored
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert "a person's words" in path.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize("turn_id", ["i0002", "i0009", "c0001"])
def test_a_turn_that_said_nothing_is_refused(tmp_path: Path, turn_id: str) -> None:
    """Only what the interviewer has said can be flagged."""
    with pytest.raises(UsageError, match=turn_id):
        add_case(flagged(turn_id), tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_private_and_kept_cases_are_apart(tmp_path: Path) -> None:
    """A case counts for the gate only after somebody has renamed its file."""
    path = add_case(flagged(), tmp_path)

    assert load_cases(library(), tmp_path, private=False) == []
    assert [one.id for one in load_cases(library(), tmp_path, private=True)] == ["abcd2345-i0003"]
    path.rename(tmp_path / "praise.yaml")
    assert len(load_cases(library(), tmp_path, private=False)) == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [(f"- {ITEM}", "- no-such-item", "no-such-item"), ("note:", "notes:", "notes")],
)
def test_a_case_that_cannot_be_played_is_an_error(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """A case of an item that is gone, or with a key that is unknown, says so."""
    path = add_case(flagged(), tmp_path)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(CaseError, match=told):
        load_cases(library(), tmp_path, private=True)


async def test_a_case_is_put_to_the_engine_again(tmp_path: Path) -> None:
    """The same words at the same times lead to a new answer of today's interviewer."""
    case = read_document(add_case(flagged(), tmp_path), FlaggedCase)

    async with open_world() as world:
        played = await replay(world, case)

    said = [turn.text for turn in played.card.transcript if turn.speaker.value == "candidate"]
    assert said == ["At Acme we count tokens.", "A token is a piece of a word."]
    assert played.spent_s == pytest.approx(37, abs=1)
