"""The board answers questions about itself and says what changed."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whiteboard.board import (
    LABEL_LENGTH,
    Arrow,
    Board,
    Component,
    ComponentKind,
    Zone,
    clean_label,
)
from whiteboard.kinds import SYNONYMS, infer_kind


def board(*arrows: str, alone: str = "") -> Board:
    """A board from pairs of one-letter ids such as "ab"."""
    ids = sorted({*"".join(arrows), *alone})
    return Board(
        components=tuple(Component(part, part.upper()) for part in ids),
        arrows=tuple(sorted(Arrow(pair[0], pair[1]) for pair in arrows)),
    )


def test_a_component_is_found_by_its_id():
    """A known id gives the component, an unknown one a KeyError that names it."""
    drawing = board("ab")

    assert Component("b", "B") == drawing.component("b")
    with pytest.raises(KeyError, match="no component with the id 'z'"):
        drawing.component("z")


def test_a_zone_is_found_by_its_id():
    """A known id gives the zone, an unknown one a KeyError that names it."""
    drawing = Board(zones=(Zone("t", "Trusted"),))

    assert drawing.zone("t").label == "Trusted"
    with pytest.raises(KeyError, match="no zone with the id 'z'"):
        drawing.zone("z")


def test_successors_are_sorted_and_come_once():
    """Two arrows with different labels to one component are one successor."""
    arrows = (Arrow("a", "c"), Arrow("a", "b", "x"), Arrow("a", "b", "y"), Arrow("c", "a"))

    assert Board(arrows=arrows).successors("a") == ("b", "c")


@pytest.mark.parametrize(
    ("arrows", "avoiding", "way"),
    [
        (("ab", "bc"), "", ("a", "b", "c")),
        (("ab", "bc", "ac"), "", ("a", "c")),
        (("ab", "bd", "dc", "ax", "xc"), "", ("a", "x", "c")),
        (("ab", "bc"), "b", None),
        (("ab", "bc", "ad", "de", "ec"), "b", ("a", "d", "e", "c")),
        (("ab", "bc"), "ac", ("a", "b", "c")),
        (("cb", "ba"), "", None),
    ],
)
def test_a_way_is_the_shortest_that_avoids(
    arrows: tuple[str, ...], avoiding: str, way: tuple[str, ...] | None
):
    """Ways follow the arrows, are shortest, and only what lies between is avoided."""
    drawing = board(*arrows)

    assert drawing.path("a", "c", frozenset(avoiding)) == way


def test_a_component_reaches_itself_only_through_a_loop():
    """A way has at least one arrow."""
    assert board("ab").path("a", "a") is None
    assert board("ab", "ba").path("a", "a") == ("a", "b", "a")


@settings(max_examples=100)
@given(
    st.sets(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"))).map(
        lambda pairs: board(*map("".join, pairs), alone="abcde")
    ),
    st.frozensets(st.sampled_from("bcd")),
)
def test_a_way_is_made_of_arrows(drawing: Board, avoiding: frozenset[str]):
    """Every step of a way is drawn, and avoiding more never opens a way."""
    way = drawing.path("a", "e", avoiding)
    drawn = {(arrow.source, arrow.target) for arrow in drawing.arrows}

    if way is None:
        assert drawing.path("a", "e", avoiding | {"b", "c", "d"}) is None
    else:
        assert set(pairwise(way)) <= drawn
        assert not avoiding & set(way[1:-1])


def test_zones_around_a_component_come_innermost_first():
    """The chain of zones is followed, and a loop of zones ends."""
    drawing = Board(
        components=(
            Component("a", "A", zone="in"),
            Component("b", "B"),
            Component("c", "C", zone="x"),
        ),
        zones=(Zone("in", "In", "out"), Zone("out", "Out"), Zone("x", "X", "x")),
    )

    assert drawing.zones_around("a") == ("in", "out")
    assert drawing.zones_around("b") == ()
    assert drawing.zones_around("c") == ("x",)


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("  order\t API \n", "order API"),
        ("gate\u202eway\u200b", "gateway"),
        ("a\x00b\x1bc", "abc"),
        ("\ud800x", "x"),
        ("Order<br/>API<BR>v2", "Order API v2"),
        ("<b<br>r>", "<b r>"),
        ("e\u0301", "é"),
        ("\U000e0041hidden", "hidden"),
        ("x" * 200, "x" * LABEL_LENGTH),
    ],
)
def test_labels_are_cleaned(raw: str, label: str):
    """Nothing unseen, no line breaks and no excess length is left."""
    assert clean_label(raw) == label


@settings(max_examples=100)
@given(st.text())
def test_cleaning_twice_changes_nothing(raw: str):
    """A clean label stays as it is and fits."""
    label = clean_label(raw)

    assert clean_label(label) == label
    assert len(label) <= LABEL_LENGTH


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("pgvector", ComponentKind.VECTOR_STORE),
        ("Postgres (pgvector)", ComponentKind.VECTOR_STORE),
        ("ChromaDB", ComponentKind.VECTOR_STORE),
        ("GPT-4o mini", ComponentKind.SMALL_MODEL),
        ("small model", ComponentKind.SMALL_MODEL),
        ("GPT-4o", ComponentKind.LLM),
        ("redis cache", ComponentKind.CACHE),
        ("LLM gateway", ComponentKind.GATEWAY),
        ("PolicyEngine", ComponentKind.POLICY_ENGINE),
        ("order API", ComponentKind.SERVICE),
        ("queue for reviews", ComponentKind.QUEUE),
        ("review queue", ComponentKind.HUMAN_REVIEW),
        ("re-ranker", ComponentKind.RERANKER),
        ("Guardrails", ComponentKind.GUARDRAIL),
        ("user traces", ComponentKind.TRACE_STORE),
        ("LLM as judge", ComponentKind.EVAL_HARNESS),
        ("frobnicator", ComponentKind.OTHER),
        ("", ComponentKind.OTHER),
    ],
)
def test_a_kind_is_read_from_the_label(label: str, kind: ComponentKind):
    """The noun that counts decides, and nothing is guessed."""
    assert infer_kind(label) is kind


@pytest.mark.parametrize(
    "kind", [kind for kind in ComponentKind if kind is not ComponentKind.OTHER]
)
def test_every_kind_has_synonyms_that_mean_it(kind: ComponentKind):
    """Each phrase of the table gives its own kind, so no phrase stands twice."""
    assert {infer_kind(phrase) for phrase in SYNONYMS[kind]} == {kind}
