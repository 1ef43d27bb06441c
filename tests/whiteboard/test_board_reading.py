"""Boards that were drawn in the page are read as their authors meant them."""

import pytest

from benchmarks.board_reading import AIMS, BOARDS, Result, graph_of_board, graph_of_truth, run
from whiteboard.board import Arrow, Board, Component, Zone

FLOORS = {
    ("tidy", "nodes"): 1.0,
    ("tidy", "edges"): 1.0,
    ("tidy", "zones"): 1.0,
    ("tidy", "members"): 1.0,
    ("tidy", "labels"): 1.0,
    ("untidy", "nodes"): 0.997,
    ("untidy", "edges"): 0.993,
    ("untidy", "zones"): 0.933,
    ("untidy", "members"): 0.888,
    ("untidy", "labels"): 0.988,
}
"""What the reader has reached; a change of it should not fall behind."""
KINDS = ("truth.yaml", "plan.yaml", "excalidraw.json")
TRUTH = {
    "nodes": ["App", "LLM", "LLM"],
    "edges": [["App", "LLM", "ask"], ["LLM", "App"]],
    "zones": [{"title": "Inner", "parent": "Outer", "members": ["LLM"]}],
}


@pytest.fixture(scope="module")
def result() -> Result:
    return run()


@pytest.mark.parametrize(("group", "part"), FLOORS, ids="-".join)
def test_reading_does_not_fall_behind_what_it_reached(result: Result, group: str, part: str):
    """Each figure stays at its floor or above."""
    missed = [line for lines in result.differences.values() for line in lines]
    assert result.f1(group, part) >= FLOORS[group, part], "\n".join(missed)


def test_floors_are_not_below_the_aims():
    """Meeting the floors is meeting the aims."""
    assert all(FLOORS[which] >= aim for which, aim in AIMS.items())


def test_there_are_at_least_twenty_boards_of_each_kind(result: Result):
    """The figures rest on many boards, tidy and untidy."""
    assert min(result.boards["tidy"], result.boards["untidy"]) >= 20


def test_every_board_has_truth_plan_and_scene():
    """No scene is without its truth, and none without the steps that drew it."""
    names = {kind: {file.name.split(".")[0] for file in BOARDS.glob(f"*.{kind}")} for kind in KINDS}
    assert names["truth.yaml"] == names["plan.yaml"] == names["excalidraw.json"]


def test_a_board_that_says_the_same_is_all_right():
    """Case and spaces do not count, order does not, equal labels count twice."""
    board = Board(
        components=(Component("a", "APP"), Component("b", "llm ", zone="i"), Component("c", "LLM")),
        arrows=(Arrow("a", "c", "Ask"), Arrow("c", "a")),
        zones=(Zone("i", "inner", "o"), Zone("o", "outer")),
    )
    truth = {**TRUTH, "zones": [*TRUTH["zones"], {"title": "Outer", "members": []}]}
    assert graph_of_board(board) == graph_of_truth(truth)


def test_what_is_missed_and_what_is_too_much_lowers_a_figure():
    """A turned arrow is one edge missed and one too many; a second equal box missed is a miss."""
    board = Board(
        components=(Component("a", "App"), Component("b", "LLM")),
        arrows=(Arrow("a", "b", "ask"), Arrow("a", "b")),
    )
    result = Result()
    result.add("one", "tidy", graph_of_truth(TRUTH), graph_of_board(board))
    assert result.f1("tidy", "nodes") == pytest.approx(0.8)
    assert result.f1("tidy", "edges") == pytest.approx(0.5)
    assert result.f1("tidy", "zones") == 0
    assert "edges: missed 'llm' -> 'app'" in result.differences["one (tidy)"]
