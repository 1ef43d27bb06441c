"""Simulated candidates: the same for a seed, and no better than they are meant to be."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest

from evals.candidates.disruptive import DISRUPTIVE, all_candidates, injections
from evals.candidates.knowing import CHARACTERS, Knowing
from evals.candidates.manner import as_notes
from evals.candidates.seat import Candidate, Seen
from interviewer.state import ClockReading, EventKind, Move, MoveKind
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.rounds import RoundPlan

ITEM = "support-agent-limited-actions"


@cache
def library() -> Library:
    return load_library(builtin_packs_folder())


def plan() -> RoundPlan:
    return library().round_for(ITEM)


def move(kind: MoveKind, stage: str, concept: str | None = None) -> Move:
    clock = ClockReading(stage_left_s=100, round_left_s=1000)
    return Move(
        kind=kind,
        round_index=0,
        stage=stage,
        to_round=0,
        to_stage=stage,
        concept=concept,
        clock=clock,
    )


def seen(stage: str, kind: MoveKind = MoveKind.ADVANCE, concept: str | None = None) -> Seen:
    return Seen(plan(), stage, move(kind, stage, concept), "What would you do?", 0)


def answers(candidate: Candidate) -> list[str]:
    stages = [stage.name for stage in plan().stages]
    return [candidate.reply(seen(stage)).text for stage in stages]


def character(name: str, seed: int = 1) -> Knowing:
    return Knowing(next(one for one in CHARACTERS if one.name == name), seed)


@pytest.mark.parametrize("name", all_candidates())
def test_a_seed_gives_the_same_answers(name: str) -> None:
    """What a candidate says depends on its seed and on what it is asked, on nothing else."""
    seat = all_candidates()[name]

    assert answers(seat(7)) == answers(seat(7))


def test_whatever_the_weaker_knows_the_stronger_knows_as_well() -> None:
    """Knowledge is nested, so that the order of the candidates is no accident of the seed."""
    keys = [address for address, _ in plan().concepts()]
    known = {
        name: {one for one in keys if character(name).knows(one)}
        for name in ("strong", "middling", "weak")
    }

    assert known["weak"] < known["middling"] < known["strong"]


def test_a_probe_is_answered_about_its_concept() -> None:
    """Who knows the concept that is asked about says one of its phrasings, and nothing else."""
    strong = character("strong")
    address, concept = next(one for one in plan().concepts() if strong.knows(one[0]))
    stage = address.partition("/")[0]
    strong.reply(seen(plan().stages[0].name, MoveKind.OPEN))
    strong.reply(seen(plan().stages[0].name, MoveKind.OPEN))

    said = strong.reply(seen(stage, MoveKind.PROBE, address)).text

    assert any(phrasing in said for phrasing in concept.phrasings)
    assert address in strong.told


def test_who_does_not_know_tells_nothing() -> None:
    """A weak candidate's near miss is not counted as told."""
    weak = character("weak")
    address, concept = next(one for one in plan().concepts() if not weak.knows(one[0]))

    said = weak.reply(seen(address.partition("/")[0], MoveKind.PROBE, address)).text

    assert any(near_miss in said for near_miss in concept.near_misses)
    assert weak.told == set()


@pytest.mark.parametrize("name", DISRUPTIVE)
def test_a_disruptive_candidate_tells_nothing(name: str) -> None:
    """Whatever it says, none of it counts as a concept that was stated."""
    candidate = all_candidates()[name](3)
    answers(candidate)

    assert candidate.told == set()


def test_the_silent_one_reports_silence() -> None:
    """Saying nothing is an event of its own, not an empty message."""
    assert all_candidates()["silent"](1).reply(seen("loop")).kind is EventKind.SILENCE


def test_the_strong_one_asks_first() -> None:
    """The first words of a strong candidate are clarifying questions."""
    first = character("strong").reply(seen(plan().stages[0].name, MoveKind.OPEN)).text

    assert plan().facts[0].example_questions[0] in first


def test_notes_have_no_articles() -> None:
    """Terse answers are lines of content words."""
    notes = as_notes(["The cache is keyed by the user.", "It stops."], character("terse")._chance)

    assert notes == "- cache keyed by user\n- stops"


def test_there_are_twenty_injections_of_several_kinds() -> None:
    """JSON, markup, fake turns, other scripts and invisible characters are among them."""
    texts = injections()
    together = "\n".join(texts)

    assert len(set(texts)) >= 20
    assert all(mark in together for mark in ('"verdict', "<|im_start|>", "```", "</candidate>"))
    scripts = {unicodedata.name(c, "").split()[0] for c in together if c.isalpha()}
    assert {"CJK", "CYRILLIC", "FULLWIDTH", "LATIN"} <= scripts
    assert "\u200b" in together
    assert "\u202e" in together
