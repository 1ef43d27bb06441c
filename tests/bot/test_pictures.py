"""Boards as pictures: which revision is drawn how, what is marked as new, and the words for it."""

from datetime import UTC, datetime

from bot.pictures import NOTHING, Drawing, board_before, board_words, changed_elements
from interviewer.ports import BoardRevision
from whiteboard.board import Board
from whiteboard.excalidraw import read_scene
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch, to_sketch

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def revision(number: int, sketch: str, stage: str, round_index: int = 0) -> BoardRevision:
    """A revision that a text made."""
    board = parse_sketch(sketch)
    return BoardRevision(number, board, to_sketch(board), round_index, stage, NOW)


def test_the_words_name_every_part() -> None:
    """Boxes with their kinds, arrows with their labels, zones with what is in them."""
    board = parse_sketch("zone trusted { orders db }; agent -> orders db : reads; agent -> queue")

    assert board_words(board) == (
        "Components: agent (service); orders db (database); queue. "
        "Arrows: agent to orders db, reads; agent to queue. "
        "Zones: trusted around orders db."
    )


def test_the_words_say_of_a_line_that_it_joins() -> None:
    """Nobody reads a direction that was not drawn."""
    assert "Arrows: agent and queue joined, jobs." in board_words(parse_sketch("queue--agent:jobs"))


def test_an_empty_board_is_called_so() -> None:
    """Nobody gets a picture described by nothing."""
    assert board_words(Board()) == NOTHING


def test_long_words_are_cut() -> None:
    """Discord takes a thousand characters beside a picture."""
    board = parse_sketch("\n".join(f"component number {n} -> gateway" for n in range(150)))

    words = board_words(board)

    assert len(words) <= 1_000
    assert words.endswith("…")


def test_what_a_stage_added_is_marked() -> None:
    """New boxes, new arrows and a box that moved into a zone; what was there before is not."""
    before = parse_sketch("client -> gateway; gateway -> agent")
    after = parse_sketch("zone inner { agent }; client -> gateway; gateway -> agent; agent -> tool")
    elements = board_elements(after)
    names = {element: part for part, element in read_scene(elements).elements.items()}
    arrows = {one.element: (one.source, one.target) for one in read_scene(elements).arrows}

    marked = changed_elements(elements, before)

    assert {names[one] for one in marked if one in names} == {"inner", "agent", "tool"}
    assert {arrows[one] for one in marked if one in arrows} == {("agent", "tool")}


def test_a_turned_arrow_is_new() -> None:
    """An arrow the other way round says something else."""
    before, after = parse_sketch("client -> gateway"), parse_sketch("gateway -> client")

    (arrow,) = changed_elements(board_elements(after), before)

    assert arrow == read_scene(board_elements(after)).arrows[0].element


def test_the_same_board_has_nothing_new() -> None:
    """What nobody touched is not marked."""
    board = parse_sketch("zone inner { agent }; agent -> tool : calls")

    assert changed_elements(board_elements(board), board) == frozenset()


def test_changes_count_from_the_stage_before() -> None:
    """Not from the revision before, nor from another round."""
    first = revision(1, "a -> b", "scope")
    second = revision(2, "a -> c", "loop")
    third = revision(3, "a -> d", "loop")
    other = revision(4, "x -> y", "scope", round_index=1)
    every = (first, second, third, other)

    assert board_before(every, third) == first.board
    assert board_before(every, first) is None
    assert board_before(every, other) is None


def test_a_drawing_is_a_png() -> None:
    """With a title and with marks."""
    board = parse_sketch("client -> gateway")
    drawing = Drawing(board, board_elements(board), Board())

    assert drawing.png("Scope").startswith(b"\x89PNG")
