"""`kill -9` at every point of a turn whose words come from a model, and while a judge reads."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crash import ROOT, Story, Victims, play_deaths, play_random, read_story

CHILD = "tests.interviewer.model_crash_child"

AT_A_CALL = (
    "inbox/after",
    "reserve/before",
    "reserve/after",
    "call/before",
    "call/midway",
    "call/after",
    "settle/before",
    "settle/after",
    "outbox open/before",
    "outbox open/after",
    "say/before",
    "say/midway",
    "say/after",
    "extend/before",
    "extend/after",
    "note/before",
    "note/after",
    "outbox close/before",
    "outbox close/after",
)
"""Places of a turn whose follow-up a model words; the middle ones are between its sentences."""

IN_JUDGING = (
    "score/before",
    "reserve/after",
    "call/before",
    "call/midway",
    "settle/before",
    "settle/after",
    "score/after",
    "finish/before",
    "finish/after",
)
CUT = "The program was stopped in a question; the built-in interviewer asked it instead."
FEW, MANY = 2, 40


@dataclass(frozen=True)
class Books:
    """What the tables say about money, read without any of our code."""

    calls: tuple[tuple[int, str, float, float | None], ...]
    spent_usd: float
    held_usd: float

    @classmethod
    def of(cls, folder: Path) -> Books:
        with closing(sqlite3.connect(folder / "hotseat.sqlite")) as tables:
            calls = tables.execute(
                "SELECT seq, purpose, reserved_usd, cost_usd FROM calls ORDER BY number"
            ).fetchall()
            ((spent, held),) = tables.execute(
                "SELECT spent_usd, reserved_usd FROM spending WHERE scope = 'interview'"
            ).fetchall()
        return cls(tuple(calls), spent, held)

    @property
    def asked(self) -> list[int]:
        """The events for which a follow-up was asked for."""
        return sorted({seq for seq, purpose, *_ in self.calls if purpose == "interview"})


@dataclass(frozen=True)
class Proof:
    """The fork server, and the round that nobody disturbed."""

    victims: Victims
    story: Story
    books: Books
    noted: tuple[int, ...]
    extended: tuple[int, ...]


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proof]:
    """One server for the file, since its imports take seconds."""
    folder = tmp_path_factory.mktemp("model-crash")
    command = [sys.executable, "-m", CHILD, str(folder)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, **pipes) as process:
        victims = Victims(process)
        room = folder / "undisturbed"
        room.mkdir()
        assert not victims.live(room)
        story = read_story(room)
        yield Proof(victims, story, Books.of(room), noted_in(room), extended_in(room))
        assert process.stdin is not None
        process.stdin.close()


def noted_in(folder: Path) -> tuple[int, ...]:
    """The events about which the model noted something."""
    with closing(sqlite3.connect(folder / "hotseat.sqlite")) as tables:
        rows = tables.execute("SELECT DISTINCT seq FROM assessments ORDER BY seq").fetchall()
    return tuple(seq for (seq,) in rows)


def extended_in(folder: Path) -> tuple[int, ...]:
    """The events whose answers came in several pieces."""
    pieces = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    keys = [piece["key"] for piece in pieces]
    return tuple(sorted({int(key.split(":")[1]) for key in keys if keys.count(key) > 2}))


def core(card: Any) -> Any:
    """The card without what a kill may change: cost, tokens, marks of cut questions, the port."""
    if isinstance(card, dict):
        changing = {"cost_usd", "usage", "notices", "degraded", "server"}
        return {name: core(part) for name, part in card.items() if name not in changing}
    return [core(part) for part in card] if isinstance(card, list) else card


def check_like_undisturbed(proof: Proof, folder: Path, kills: int) -> None:
    """The same round: each event answered once, each word shown once, one card, honest books."""
    story, books = read_story(folder), Books.of(folder)

    assert story.answers == proof.story.answers == (1,) * proof.victims.script.events
    assert story.torn == ()
    assert story.screen == proof.story.screen
    assert story.said == proof.story.said
    assert story.charged_s == pytest.approx(proof.victims.script.charged_s)
    assert len(story.card) == 1
    assert core(story.card) == core(proof.story.card)
    assert set(story.card[0]["notices"]) <= {CUT, *proof.story.card[0]["notices"]}
    open_ones = [reserved for _, _, reserved, cost in books.calls if cost is None]
    assert books.held_usd == pytest.approx(sum(open_ones))
    assert books.spent_usd == pytest.approx(sum(cost or 0.0 for *_, cost in books.calls))
    assert books.asked == proof.books.asked
    assert len(books.calls) <= len(proof.books.calls) + kills * len(IN_JUDGING)


def test_the_undisturbed_round_uses_the_model(proof: Proof) -> None:
    """Follow-ups in several sentences, notes and verdicts are its; nothing failed."""
    assert len(proof.books.asked) >= 5
    assert set(proof.extended) & set(proof.books.asked)
    assert proof.noted
    assert proof.story.torn == ()
    (card,) = proof.story.card
    assert card["judging"]["failed_calls"] == 0
    assert card["notices"] == []
    assert proof.books.held_usd == 0


def deaths_in_a_turn(proof: Proof, variant: int) -> dict[str, list[int]]:
    """Every other place, each with an event where it is reached."""
    deaths: dict[str, list[int]] = {}
    for number, place in enumerate(AT_A_CALL[variant::2]):
        name = place.partition("/")[0]
        fit = {"note": proof.noted, "extend": proof.extended}.get(name, proof.books.asked)
        fit = [seq for seq in fit if seq in proof.books.asked]
        deaths[place] = [fit[number % len(fit)]]
    return deaths


@pytest.mark.parametrize("keep", [True, False], ids=["checkpoints kept", "checkpoints deleted"])
@pytest.mark.parametrize("variant", range(2))
def test_a_kill_at_any_point_of_a_turn_with_a_model_is_not_noticed(
    proof: Proof, tmp_path: Path, variant: int, keep: bool
) -> None:
    """Same words, each shown once; no second question; the books hold what was reserved."""
    deaths = deaths_in_a_turn(proof, variant)
    room = tmp_path / "room"
    kills = play_deaths(proof.victims, room, deaths, times=1, keep=keep)

    assert kills >= len(deaths) - 1
    check_like_undisturbed(proof, room, kills)


def test_a_kill_while_a_judge_reads_costs_no_card_and_makes_no_second(
    proof: Proof, tmp_path: Path
) -> None:
    """The next life judges again; what the dead one had reserved stays held."""
    end = proof.victims.script.events - 1
    room = tmp_path / "room"
    deaths = {place: [end] for place in IN_JUDGING}
    kills = play_deaths(proof.victims, room, deaths, times=1, keep=True)

    assert kills == len(IN_JUDGING)
    check_like_undisturbed(proof, room, kills)
    assert Books.of(room).held_usd > 0


@pytest.mark.parametrize("seed", range(FEW))
def test_a_kill_at_any_moment_with_a_model_is_not_noticed(
    proof: Proof, tmp_path: Path, seed: int
) -> None:
    """Lives ended at moments of chance add up to the undisturbed interview."""
    room = tmp_path / "room"
    kills = play_random(proof.victims, room, seed)

    check_like_undisturbed(proof, room, kills)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(FEW, FEW + MANY))
def test_a_kill_at_any_moment_with_a_model_in_the_long_run(
    proof: Proof, tmp_path: Path, seed: int
) -> None:
    """The same, often."""
    room = tmp_path / "room"
    kills = play_random(proof.victims, room, seed)

    check_like_undisturbed(proof, room, kills)


@pytest.mark.soak
@pytest.mark.parametrize("place", AT_A_CALL)
def test_two_kills_in_a_row_at_each_place_and_event(
    proof: Proof, tmp_path: Path, place: str
) -> None:
    """Wherever it is reached."""
    room = tmp_path / "room"
    deaths = {place: list(proof.books.asked)}
    kills = play_deaths(proof.victims, room, deaths, times=2, keep=place.endswith("after"))

    check_like_undisturbed(proof, room, kills)
