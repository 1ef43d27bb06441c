"""Boards as pictures: which revision is drawn how, what is marked as new, and the words for it."""

from datetime import UTC, datetime

from bot.pictures import NOTHING, Drawing, board_words, revision_before
from interviewer.ports import BoardRevision
from tests.whiteboard.scenes import box, words
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


def marked(before: Board, after: Board) -> frozenset[str]:
    """What is marked where one text board followed another."""
    earlier = Drawing(before, board_elements(before))
    return Drawing(after, board_elements(after), earlier).changed()


def test_what_a_stage_added_is_marked() -> None:
    """New boxes, new arrows and a box that moved into a zone; what was there before is not."""
    before = parse_sketch("client -> gateway; gateway -> agent")
    after = parse_sketch("zone inner { agent }; client -> gateway; gateway -> agent; agent -> tool")
    (arrow,) = (one.element for one in read_scene(board_elements(after)).arrows[-1:])
    ends = read_scene(board_elements(after)).arrows[-1]

    assert (ends.source, ends.target) == ("agent", "tool")
    assert marked(before, after) == {"z:inner", "c:agent", "c:tool", arrow}


def test_a_turned_arrow_is_new() -> None:
    """An arrow the other way round says something else."""
    before, after = parse_sketch("client -> gateway"), parse_sketch("gateway -> client")

    (arrow,) = marked(before, after)

    assert arrow == read_scene(board_elements(after)).arrows[0].element


def test_the_same_board_has_nothing_new() -> None:
    """What nobody touched is not marked."""
    board = parse_sketch("zone inner { agent }; agent -> tool : calls")

    assert marked(board, board) == frozenset()


def test_of_two_boxes_with_one_label_the_new_one_is_marked() -> None:
    """Its element may come first in the order of ids, and take the id that the other had."""
    old = [box("m", 0, 0), words("mt", "LLM", 40, 28, "m")]
    scene = [box("b", 400, 0), words("bt", "LLM", 440, 28, "b"), *old]
    now, before = read_scene(scene).board, Drawing(read_scene(old).board, old)

    assert Drawing(now, scene, before).changed() == {"b"}


def test_a_zone_that_is_called_like_a_box_is_marked_itself() -> None:
    """The box in it is what it was but for its place."""
    before, after = parse_sketch("payments; x"), parse_sketch("payments; zone payments { x }")

    assert marked(before, after) == {"z:payments", "c:x"}


def test_changes_count_from_the_stage_before() -> None:
    """Not from the revision before, nor from another round."""
    first = revision(1, "a -> b", "scope")
    second = revision(2, "a -> c", "loop")
    third = revision(3, "a -> d", "loop")
    other = revision(4, "x -> y", "scope", round_index=1)
    every = (first, second, third, other)

    assert revision_before(every, third) == first
    assert revision_before(every, first) is None
    assert revision_before(every, other) is None


def test_a_drawing_is_a_png() -> None:
    """With a title and with marks."""
    board = parse_sketch("client -> gateway")
    drawing = Drawing(board, board_elements(board), Drawing(Board(), ()))

    assert drawing.png("Scope").startswith(b"\x89PNG")
