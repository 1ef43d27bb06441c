"""The suites' own cases, and that each of them can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from evals.candidates.seat import say
from evals.documents import CaseError
from evals.leaks import leaked
from evals.play import Played, play_events, round_settings
from evals.suites import attacks, golden, simulated
from evals.worlds import START, open_world
from scenarios.load import Library, builtin_packs_folder, load_library
from scenarios.model import Level
from scoring.transcript import Speaker, Turn
from scoring.verdicts import Verdict

ITEM = "what-is-a-token"


@cache
def library() -> Library:
    return load_library(builtin_packs_folder())


def turns(*texts: str) -> list[Turn]:
    """Turns in which the interviewer begins and the two take turns."""
    speakers = (Speaker.INTERVIEWER, Speaker.CANDIDATE)
    return [
        Turn(f"t{at}", at, speakers[at % 2], text, 0, ITEM, START + timedelta(seconds=at))
        for at, text in enumerate(texts)
    ]


def test_the_golden_transcripts_cover_every_level() -> None:
    """At least eight, with every kind of candidate, over several items."""
    cases = golden.load_golden(library())

    assert len(cases) >= 8
    assert {case.shows for case in cases} == {"weak", "junior", "mid", "senior", "staff"}
    assert len({item for case in cases for item in case.items}) >= 6


def test_no_concept_is_both_required_and_forbidden() -> None:
    """A label that contradicts itself measures nothing."""
    for case in golden.load_golden(library()):
        assert set(case.must_hit).isdisjoint(case.must_not_hit), case.id


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("must_not_hit:", "must_not:", "must_not"),
        ("what-is-a-token/size-rule", "what-is-a-token/size", "no what-is-a-token/size"),
        ("[1, 1]", "[1, 7]", "ratings"),
    ],
)
def test_a_golden_file_with_a_mistake_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """A typo in a label is an error with the file or case in it, never a label less."""
    text = (golden.FOLDER / "weak-token-and-retrieval.yaml").read_text("utf-8")
    (tmp_path / "case.yaml").write_text(text.replace(old, new), "utf-8")

    with pytest.raises(CaseError, match=told):
        golden.load_golden(library(), tmp_path)


@pytest.mark.parametrize("load", [golden.load_golden, attacks.load_attacks])
def test_a_suite_without_cases_is_an_error(
    tmp_path: Path, load: Callable[[Library, Path], object]
) -> None:
    """An empty folder is no run in which nothing went wrong."""
    with pytest.raises(CaseError, match="there are no cases"):
        load(library(), tmp_path)


async def test_golden_figures_fall_with_wrong_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transcript of which the opposite is expected brings every figure down."""
    text = (golden.FOLDER / "weak-failure.yaml").read_text("utf-8")
    text = text.replace("must_hit: []\nmust_not_hit:", "must_hit:")
    text = text.replace("ratings:", "must_not_hit: []\nratings:").replace("[1, 1]", "[4, 4]")
    text = text.replace("[1, 2]", "[4, 4]").replace("[none, none]", "[staff, staff]")
    (tmp_path / "case.yaml").write_text(text, "utf-8")
    cases = golden.load_golden(library(), tmp_path)
    monkeypatch.setattr(golden, "load_golden", lambda _: cases)

    async with open_world() as world:
        figures = {one.what: one.value for one in await golden.measure(world)}

    assert figures["found what is there"] == 0
    assert figures["rating in its band"] == 0
    assert figures["level in its band"] == 0


def test_there_are_25_attacks_and_ten_refusals() -> None:
    """Injections and requests that an interviewer turns down, over several kinds of round."""
    cases = attacks.load_attacks(library())

    assert len(cases) >= 25
    assert {case.how for case in cases} == {"after", "before", "alone", "next"}
    assert {len(library().round_for(*case.items).stages) > 1 for case in cases} == {True, False}


async def test_a_raised_verdict_is_seen() -> None:
    """A round with more in it than its honest twin is what the suite must object to."""
    case = attacks.load_attacks(library())[0]
    async with open_world() as world:
        settings = round_settings(world, (ITEM,), Level.JUNIOR)
        poor = await play_events(world, settings, [say("I don't know.")], "poor")
        good = await play_events(
            world, settings, [say("A token is a fragment of text, often part of a word.")], "good"
        )

    up = attacks.measure("offline", [attacks.Pair(case, attacked=good, honest=poor)])
    down = attacks.measure("offline", [attacks.Pair(case, attacked=poor, honest=good)])

    assert up[0].value >= 1
    assert "subword-unit" in up[0].faults[0]
    assert down[0].value == 0


def test_words_of_the_rubric_are_a_leak() -> None:
    """A statement said aloud is found, the pack's own question and hint are not."""
    plan = library().round_for(ITEM)
    concept = plan.stages[0].concepts[0]

    assert leaked(plan, turns(concept.statement)) == ("t0",)
    assert leaked(plan, turns(concept.probes[0], "So?", concept.hint)) == ()


def test_what_the_candidate_said_is_no_leak() -> None:
    """An interviewer may repeat the candidate's words, whatever the rubric says."""
    plan = library().round_for(ITEM)
    phrasing = plan.stages[0].concepts[0].phrasings[0]

    assert leaked(plan, turns("Go on.", phrasing, f"You said: {phrasing}")) == ()


@pytest.mark.parametrize(
    ("candidate", "what"),
    [
        ("hostile", "hit that was not earned"),
        ("weak", "what was only nearly stated is no hit"),
    ],
)
async def test_an_unearned_hit_is_seen(candidate: str, what: str) -> None:
    """A bluffer whose card has a hit is what the suite must object to; a knower's is not."""
    async with open_world() as world:
        settings = round_settings(world, (ITEM,), Level.JUNIOR)
        said = say("A token is a fragment of text, often part of a word.")
        played = await play_events(world, settings, [said], candidate)
    assert any(one.verdict is Verdict.HIT for one in played.verdicts)
    earned = replace(played, told=frozenset({f"{ITEM}/subword-unit"}))

    def unearned(one: Played) -> list[str]:
        found = simulated.measure("offline", [one])
        return next(list(each.labels) for each in found if each.what == what)

    assert unearned(played) == [f"{played.name}: {ITEM}/subword-unit"]
    assert unearned(earned) == []


async def test_an_overlong_round_is_seen() -> None:
    """A round beyond its time and the grace of one answer counts as a fault."""
    async with open_world() as world:
        settings = round_settings(world, (ITEM,), Level.JUNIOR)
        played = await play_events(world, settings, [say("A token is a word.")], "terse")

    assert played.in_time
    assert not replace(played, spent_s=played.budget_s + 101).in_time
