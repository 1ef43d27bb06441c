"""What is kept of an element from outside, and which of two versions counts."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import bound, box, frame, labelled, pen, stroke, words

from whiteboard.elements import (
    MAX_BYTES,
    MAX_COORDINATE,
    MAX_ID,
    MAX_POINTS,
    MAX_TEXT,
    MAX_VERSION,
    Element,
    clean_element,
    keeps_words,
    loses_words,
    raised,
    wins,
)

SAMPLES = [
    box("box", 10, 20),
    box("disc", type="ellipse", roundness={"type": 2}, customData={"kind": "queue"}),
    box("rhomb", type="diamond", groupIds=["g1", "g2"], isDeleted=True),
    frame("frame", 0, 0, 400, 300, "Trusted"),
    *labelled("c:größe (alt)", "Größe (alt)"),
    stroke("line", (0, 0), (50, 70.25), type="line"),
    bound("arrow", "box", "disc", (0, 0), (10, 90), elbowed=True, fixedSegments=None),
    pen("ink", (0, 0), (5, 5), (9, 2), pressures=[0.5, 0.5, 0.25], simulatePressure=False),
]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])
def test_an_element_of_the_canvas_is_kept_as_it_is(sample: dict[str, Any]):
    """No field that the canvas sends is lost or changed."""
    kept = clean_element(sample)

    assert kept is not None
    assert sample == {name: kept[name] for name in sample}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        "rectangle",
        [],
        {},
        {"type": "rectangle"},
        box("picture", type="image", fileId="f"),
        box("page", type="embeddable", link="https://example.org"),
        box("inner", type="iframe"),
        box("selected", type="selection"),
        box("odd", type=["rectangle"]),
        box(""),
        box("two\nlines"),
        box("hidden\u202e"),
        box("long" * MAX_ID),
        box("place", x=float("nan")),
        box("far", x=MAX_COORDINATE * 1.01),
        box("endless", w=float("inf")),
        box("vast", y=10**400),
        box("text", x="5"),  # pyright: ignore[reportArgumentType]
        box("flag", x=True),
        box("version", version="4"),
        box("newest", version=MAX_VERSION + 1),
        {name: value for name, value in box("nonce").items() if name != "versionNonce"},
        stroke("points", (0, 0), (1, 1), points="0,0"),
        stroke("triple", (0, 0), (1, 1), points=[[0, 0, 0]]),
        stroke("none", (0, 0), (1, 1), points=[[0, 0], [None, 1]]),
    ],
)
def test_what_is_no_element_is_refused(raw: object):
    """Neither foreign content nor an element without place, identity or version is kept."""
    assert clean_element(raw) is None


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("link", "javascript:alert(1)", None),
        ("strokeColor", "url(https://example.org/x)", "#1e1e1e"),
        ("backgroundColor", "red;}", "transparent"),
        ("backgroundColor", "#a5d8ff", "#a5d8ff"),
        ("strokeStyle", "wavy", "solid"),
        ("angle", float("inf"), 0),
        ("opacity", 400, 100),
        ("index", "a0'", None),
        ("groupIds", ["g", 5, None, "h\x00"], ["g"]),
        ("boundElements", [{"id": "a", "type": "arrow", "x": 1}, {"id": 5}, 7],
         [{"id": "a", "type": "arrow"}]),
        ("frameId", {"id": "f"}, None),
        ("locked", "yes", False),
        ("roundness", {"type": 3, "value": 12, "more": 1}, {"type": 3, "value": 12}),
    ],
)  # fmt: skip
def test_a_field_that_makes_no_sense_falls_back(field: str, given: object, kept: object):
    """The element stays; what could reach out or break a page does not."""
    cleaned = clean_element(box("a", **{field: given}))

    assert cleaned is not None
    assert kept == cleaned[field]


def test_fields_that_nobody_knows_are_dropped_at_every_depth():
    """Nothing travels through the board that a canvas does not draw."""
    binding = {"elementId": "b", "focus": 0.5, "gap": 3, "payload": "x" * 50}
    cleaned = clean_element(
        stroke("a", (0, 0), (9, 9), startBinding=binding, status="saved", fileId="f")
    )

    assert cleaned is not None
    assert cleaned["startBinding"] == {"elementId": "b", "focus": 0.5, "gap": 3}
    assert {"status", "fileId"}.isdisjoint(cleaned)


def test_custom_data_is_flat_and_short():
    """The palette's hint is kept; trees and long texts are not."""
    custom = {"kind": "queue", "n": 3, "on": True, "deep": {"a": 1}, "long": "x" * 999, "a b": 1}
    cleaned = clean_element(box("a", customData=custom))

    assert cleaned is not None
    assert cleaned["customData"] == {"kind": "queue", "n": 3, "on": True}
    assert "customData" not in (clean_element(box("a", customData=[1])) or {})


def test_a_text_is_cut_and_holds_nothing_unseen():
    """Both forms of the text are cleaned; a missing original is the shown one."""
    cleaned = clean_element(words("t", "a\u200bb\n\u202ec" + "x" * 3_000))
    plain = clean_element(words("t", "seen", originalText=None))

    assert cleaned is not None
    assert plain is not None
    assert cleaned["text"].startswith("ab\ncx")
    assert len(cleaned["originalText"]) <= MAX_TEXT
    assert plain["originalText"] == "seen"


def test_a_long_stroke_is_thinned_evenly():
    """Its two ends stay, its course too, and its pressures stay beside their points."""
    points = tuple((float(step), 0.0) for step in range(9_000))
    cleaned = clean_element(pen("ink", *points, pressures=[0.5] * 9_000))

    assert cleaned is not None
    places = [x for x, _ in cleaned["points"]]
    assert len(places) == len(cleaned["pressures"]) == MAX_POINTS
    assert (places[0], places[-1]) == (0, 8_999)
    assert max(b - a for a, b in pairwise(places)) <= 5


def test_a_stroke_as_large_as_allowed_fits():
    """The longest coordinates and pressures of a full stroke stay below the limit of an element."""
    far = -MAX_COORDINATE + 0.11
    full = pen("i" * MAX_ID, *[(0.0, 0.0)] * MAX_POINTS)
    cleaned = clean_element(
        {**full, "points": [[far, far]] * MAX_POINTS, "pressures": [0.123] * MAX_POINTS}
    )

    assert cleaned is not None


def test_an_element_that_is_too_large_is_refused():
    """Fields that are each within bounds can still be too much together."""
    many = [{"id": f"{n}" + "ä" * 190, "type": "arrow"} for n in range(600)]

    assert clean_element(box("a", boundElements=many)) is None


def test_two_elements_share_nothing():
    """Changing one cleaned element changes no other, not even in a field left to its default."""
    first, second = clean_element(pen("a", (0, 0))), clean_element(pen("b", (0, 0)))

    assert first is not None
    assert second is not None
    first["groupIds"].append("g")
    first["pressures"].append(1)
    assert second["groupIds"] == second["pressures"] == []


VALUES = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.text(max_size=5), st.floats(), st.integers()),
        st.sampled_from([10**400, "#fff", "arrow", [0, 0], {"elementId": "a"}]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@st.composite
def spoilt(draw: st.DrawFn) -> object:
    """A sample with some of its fields replaced by anything."""
    sample = draw(st.sampled_from(SAMPLES))
    fields = st.sampled_from([*sorted(sample), "customData", "pressures", "points"])
    return {**sample, **draw(st.dictionaries(fields, VALUES, max_size=4))}


@given(st.one_of(spoilt(), VALUES))
def test_cleaning_never_raises_and_is_done_once(raw: object):
    """Whatever comes, the answer is none or an element that is JSON, bounded and clean."""
    cleaned = clean_element(raw)

    if cleaned is not None:
        text = json.dumps(cleaned, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        assert len(text.encode()) <= MAX_BYTES
        assert cleaned == clean_element(cleaned) == clean_element(json.loads(text))


def state(version: int, nonce: int) -> Element:
    """One version of one element."""
    cleaned = clean_element(box("a", version=version, versionNonce=nonce))
    assert cleaned is not None
    return cleaned


@pytest.mark.parametrize(
    ("new", "old", "won"),
    [
        ((4, 9), (3, 1), True),
        ((3, 1), (4, 9), False),
        ((4, 1), (4, 2), True),
        ((4, 2), (4, 1), False),
        ((4, 1), (4, 1), False),
    ],
)
def test_the_higher_version_wins(new: tuple[int, int], old: tuple[int, int], won: bool):
    """Of equal versions the lower nonce; the same state again changes nothing."""
    assert won is wins(state(*new), state(*old))


def test_a_new_element_wins():
    """What nobody has yet is taken."""
    assert wins(state(0, 0), None)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1), st.randoms())
def test_every_order_of_arrival_ends_alike(versions: list[tuple[int, int]], chance: Any):
    """Whoever applies the same versions in another order keeps the same one."""
    states = [state(*version) for version in versions]
    shuffled = chance.sample(states, len(states))

    assert settled(states) == settled(shuffled)


def settled(states: list[Element]) -> Element:
    """What is left after all of them arrived."""
    kept: Element | None = None
    for arrived in states:
        kept = arrived if wins(arrived, kept) else kept
    assert kept is not None
    return kept


@pytest.mark.parametrize(
    ("written", "kept", "lost"),
    [
        ("plain", True, False),
        ("", True, False),
        ("un\u200bseen", False, False),
        ("x" * (MAX_TEXT + 1), False, True),
        (7, False, False),
    ],
)
def test_words_that_are_kept_in_another_form_are_known(
    written: object, kept: bool, lost: bool
) -> None:
    """What was sent and what is kept of it are two versions, unless the words are the same."""
    raw = box("label", type="text", text=written)
    element = clean_element(raw)

    assert element is not None
    assert (keeps_words(element, raw), loses_words(raw)) == (kept, lost)
    assert wins(raised(element), element)
