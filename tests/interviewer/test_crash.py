"""`kill -9` at every point of a turn, and at any moment, against a round that nobody disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.crash import (
    POINTS,
    Outcome,
    Story,
    Victims,
    compare,
    moments,
    play_deaths,
    play_random,
    play_undisturbed,
    raise_victims,
)

AT_THE_END = ("score/before", "score/after", "finish/before", "finish/after")
FIXED = ("create", "board", "score", "finish")
FEW, MANY = 10, 200


class Proof(NamedTuple):
    """The fork server and the round that it is measured by."""

    victims: Victims
    undisturbed: Story

    def outcome(self, folder: Path, kills: int) -> Outcome:
        return compare(folder, kills, self.victims.script, self.undisturbed)


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proof]:
    """One server for the file, since its imports take seconds."""
    folder = tmp_path_factory.mktemp("crash")
    with raise_victims(folder) as victims:
        yield Proof(victims, play_undisturbed(victims, folder / "undisturbed"))


def deaths_of(variant: int, undisturbed: Story) -> dict[str, list[int]]:
    """Half of the places, each with an event of its own, since one death can hide another.

    Two variants cover every place of a turn, four the end as well.
    """
    places = [place for point in POINTS if point not in FIXED for place in moments(point)]
    mine = places[variant % 2 :: 2]
    spoken = [int(key.split(":")[1]) for key, _ in undisturbed.screen][variant + 1 : -1]
    when = ("before", "after")[variant % 2]
    return {
        **{place: [spoken[i * len(spoken) // len(mine)]] for i, place in enumerate(mine)},
        f"create/{when}": [0],
        f"board/{when}": [11, 28][: 1 + variant // 2],
        AT_THE_END[variant]: [40],
    }


def test_the_undisturbed_round_is_what_the_script_says(proof: Proof, tmp_path: Path) -> None:
    """It answers every event once, charges the scripted seconds and is the same each time."""
    story = proof.undisturbed
    again = play_undisturbed(proof.victims, tmp_path / "again")

    assert len(story.answers) == proof.victims.script.events == 41
    assert set(story.answers) == {1}
    assert story.torn == ()
    assert story.charged_s == proof.victims.script.charged_s
    assert story == again
    assert len(story.card) == 1


@pytest.mark.parametrize("keep", [True, False], ids=["checkpoints kept", "checkpoints deleted"])
@pytest.mark.parametrize("variant", range(4))
def test_a_kill_at_any_point_of_a_turn_is_not_noticed(
    proof: Proof, tmp_path: Path, variant: int, keep: bool
) -> None:
    """Same words, each shown once; same card; nothing lost, doubled or overcharged."""
    deaths = deaths_of(variant, proof.undisturbed)
    room = tmp_path / "room"
    kills = play_deaths(proof.victims, room, deaths, times=1, keep=keep)

    assert proof.outcome(room, kills) == Outcome(kills, 0, 0, 0, 0.0, 0, 0)
    assert kills == sum(map(len, deaths.values()))


@pytest.mark.parametrize("seed", range(FEW))
def test_a_kill_at_any_moment_is_not_noticed(proof: Proof, tmp_path: Path, seed: int) -> None:
    """A dozen lives, ended at moments of chance, add up to the undisturbed interview."""
    room = tmp_path / "room"
    kills = play_random(proof.victims, room, seed)

    assert proof.outcome(room, kills) == Outcome(kills, 0, 0, 0, 0.0, 0, 0)
    assert kills > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(FEW, FEW + MANY))
def test_a_kill_at_any_moment_is_not_noticed_in_the_long_run(
    proof: Proof, tmp_path: Path, seed: int
) -> None:
    """The same, often."""
    room = tmp_path / "room"
    kills = play_random(proof.victims, room, seed)

    assert proof.outcome(room, kills) == Outcome(kills, 0, 0, 0, 0.0, 0, 0)
