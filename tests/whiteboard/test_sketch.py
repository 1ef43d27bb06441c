"""Typed sketches become boards, boards become typed sketches, and broken lines say where."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whiteboard.board import Arrow, Board, Component, ComponentKind, Zone
from whiteboard.sketch import (
    MAX_ARROWS,
    MAX_CHARACTERS,
    MAX_COMPONENTS,
    MAX_NESTING,
    MAX_NOTES,
    NOTE_LENGTH,
    SketchError,
    identify,
    parse_sketch,
    to_sketch,
)


def arrows(text: str) -> list[tuple[str, ...]]:
    """The arrows of a sketch as tuples, without empty labels."""
    found = parse_sketch(text).arrows
    return [(a.source, a.target, a.label) if a.label else (a.source, a.target) for a in found]


def labels(text: str) -> dict[str, str]:
    """The labels of a sketch's components by id."""
    return {part.id: part.label for part in parse_sketch(text).components}


def kinds(text: str) -> dict[str, ComponentKind]:
    """The kinds of a sketch's components by id."""
    return {part.id: part.kind for part in parse_sketch(text).components}


def places(text: str) -> dict[str, str | None]:
    """The zones of a sketch's components by id."""
    return {part.id: part.zone for part in parse_sketch(text).components}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a -> b", [("a", "b")]),
        ("a->b", [("a", "b")]),
        ("a <- b", [("b", "a")]),
        ("a <-> b", [("a", "b"), ("b", "a")]),
        ("a -> b -> c : query", [("a", "b", "query"), ("b", "c", "query")]),
        ("a -> b:query", [("a", "b", "query")]),
        ("a -> b, c", [("a", "b"), ("a", "c")]),
        ("a, b -> c & d", [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]),
        ("a -> b; b -> c", [("a", "b"), ("b", "c")]),
        ("a → b ← c", [("a", "b"), ("c", "b")]),
        ("a –> b —> c", [("a", "b"), ("b", "c")]),
        ("a -> a", [("a", "a")]),
        ("a -> b # why", [("a", "b")]),
        ("# only a comment\n%% and another\n a -> b", [("a", "b")]),
        ("a -> b\na -> b", [("a", "b")]),
        ('a -> b : "x; # y"', [("a", "b", "x; # y")]),
        ("a -> b : returns {json} # c", [("a", "b", "returns {json}")]),
        ("zone z { a -> b : ask }", [("a", "b", "ask")]),
        ("a\r\nb -> a\r", [("b", "a")]),
        ("re-ranker -> GPT-4o mini", [("re-ranker", "gpt-4o mini")]),
        ("Q&A service -> R&D", [("q&a service", "r&d")]),
        ("end user -> zones", [("end user", "zones")]),
        ('"a -> b" -> "zone"', [("a -> b", "zone")]),
        ("A --> B", [("a", "b")]),
        ("A ---> B ==> C -.-> D", [("a", "b"), ("b", "c"), ("c", "d")]),
        ("A <--> B", [("a", "b"), ("b", "a")]),
        ("A -->|ask| B --> C : tell", [("a", "b", "ask"), ("b", "c", "tell")]),
        ('A -->|"x | y"| B', [("a", "b", "x | y")]),
        ("A -- ask me --> B", [("a", "b", "ask me")]),
        ('A -- "a --> b" --> B', [("a", "b", "a --> b")]),
        ("A--ask-->B", [("a", "b", "ask")]),
        ("A == ask ==> B -. tell .-> C", [("a", "b", "ask"), ("b", "c", "tell")]),
        ("A -- ask ---> B", [("a", "b", "ask")]),
        ("graph TD\nA-->B", [("a", "b")]),
        ("flowchart LR; A-->B; B-->C;", [("a", "b"), ("b", "c")]),
        ("\ufeff```mermaid\ngraph LR\nA-->B\n```", [("a", "b")]),
        ("graph -> b", [("graph", "b")]),
        ("A:::hot --> B[x]:::cold", [("a", "b")]),
    ],
)
def test_arrows(text: str, drawn: list[tuple[str, ...]]):
    """Every spelling of an arrow gives the arrows it says, sorted."""
    assert arrows(text) == drawn


def test_the_label_goes_to_every_arrow_without_its_own():
    """In a chain and a fan the label after the colon is said of all of it."""
    assert arrows("a -->|x| b -> c, d : y") == [("a", "b", "x"), ("b", "c", "y"), ("b", "d", "y")]


@pytest.mark.parametrize(
    "ignored",
    [
        "classDef hot fill:#f96,stroke:#333",
        "class A,B hot",
        "style A fill:#f9f,stroke:#333,stroke-width:4px",
        "linkStyle 0 stroke:#ff3",
        "%% a comment",
        "%%{init: {'theme': 'dark'}}%%",
        'click A "https://example.org"',
        "direction LR",
    ],
)
def test_mermaid_decoration_is_ignored(ignored: str):
    """Lines about looks change nothing."""
    assert parse_sketch(f"A --> B\n{ignored}\nB --> C") == parse_sketch("A --> B\nB --> C")


@pytest.mark.parametrize(
    "shape",
    ["[x y]", "(x y)", "([x y])", "[[x y]]", "[(x y)]", "{x y}", "{{x y}}", "((x y))", ">x y]"],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_mermaid_shapes_hold_the_label(shape: str, quote: str):
    """Whatever the shape, its text is the label and what stands before it the id."""
    text = shape.replace("x y", f"{quote}x y{quote}")

    assert labels(f"A{text} --> B") == {"a": "x y", "b": "B"}


def test_a_later_label_names_a_component():
    """Mermaid users often draw first and label afterwards; the last label wins."""
    assert labels("A --> B\nA[Gateway]\nB[One]\nB[Two]") == {"a": "Gateway", "b": "Two"}


def test_names_are_one_whatever_their_case():
    """The first spelling is kept."""
    assert labels("Order API -> LLM\norder  api -> llm") == {"order api": "Order API", "llm": "LLM"}


@pytest.mark.parametrize(
    ("text", "name", "label", "kind"),
    [
        ("thing [gateway]", "thing", "thing", ComponentKind.GATEWAY),
        ("thing (vector store)", "thing", "thing", ComponentKind.VECTOR_STORE),
        ("redis [other]", "redis", "redis", ComponentKind.OTHER),
        ("LLM (Claude)", "llm", "LLM (Claude)", ComponentKind.LLM),
        ("store (pgvector)", "store", "store (pgvector)", ComponentKind.VECTOR_STORE),
        ("A[cache]", "a", "cache", ComponentKind.CACHE),
        ("A[cache] (tool)", "a", "cache", ComponentKind.TOOL),
        ("A[(orders)]", "a", "orders", ComponentKind.DATABASE),
        ("A[(redis)]", "a", "redis", ComponentKind.CACHE),
        ("[Client]", "client", "Client", ComponentKind.CLIENT),
        ("A[Ticket #5; now]", "a", "Ticket #5; now", ComponentKind.OTHER),
        ('A["say \\"hi\\" \\\\o/"]', "a", 'say "hi" \\o/', ComponentKind.OTHER),
        ("A[Order<br/>API]", "a", "Order API", ComponentKind.SERVICE),
    ],
)
def test_kinds_labels_and_remarks(text: str, name: str, label: str, kind: ComponentKind):
    """Behind a blank kinds are kinds and other words a remark; a touching bracket labels."""
    assert parse_sketch(text).components == (Component(name, label, kind),)


def test_unseen_characters_are_stripped():
    """Neither control characters nor direction overrides reach a label."""
    assert labels("gate\u202eway\x07 -> A[x\u2066y\x00]") == {"gateway": "gateway", "a": "xy"}


def test_labels_are_cut_at_their_limit():
    """80 characters of names, components' and arrows' labels are kept."""
    (arrow,) = parse_sketch(f"{'a' * 90} -> b : {'c' * 90}").arrows

    assert arrow == Arrow("a" * 80, "b", "c" * 80)


def test_zones_nest_and_go_on():
    """A zone opened again is the same zone, in the place where it was first opened."""
    text = "zone Out {\n a\n zone In { b -> c }\n}\nzone in {\n d\n}"

    assert parse_sketch(text).zones == (Zone("in", "In", "out"), Zone("out", "Out"))
    assert places(text) == {"a": "out", "b": "in", "c": "in", "d": "in"}


def test_mermaid_subgraphs_are_zones():
    """`subgraph` to `end` nests, with a title in brackets or without."""
    text = 'subgraph one [Trusted zone]\n A\n subgraph "the inner"\n B\n end\nend\nA --> B'

    assert parse_sketch(text).zones == (
        Zone("one", "Trusted zone"),
        Zone("the inner", "the inner", "one"),
    )
    assert places(text) == {"a": "one", "b": "the inner"}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("zone z { a -> x }", "z"),
        ("x\nzone z { a -> x }", "z"),
        ("zone z { a -> x }\nx", "z"),
        ("zone y { a -> x }\nzone z { b -> x }", "y"),
        ("zone y { a -> x }\nzone z { x }", "z"),
        ("zone y {\n a -> x\n zone z { x -> b }\n}", "z"),
        ("zone y { x }\nzone z { x }", "y"),
        ("zone z { a }\nx -> a", None),
    ],
)
def test_where_a_component_belongs(text: str, zone: str | None):
    """Alone on a line beats an arrow, inner beats outer, first beats second."""
    assert places(text)["x"] == zone


def test_notes_run_to_the_end_of_their_line():
    """A note keeps separators and comment signs, once, and is cut at its limit."""
    found = parse_sketch(f"note: b; c # d\nNOTE:a\nnote: a\nnote: {'x' * 999}").notes

    assert found == ("a", "b; c # d", "x" * NOTE_LENGTH)


@pytest.mark.parametrize("text", ["", "\n\n", " ; ;", "# nothing", "graph TD", "```\n```"])
def test_nothing_drawn_is_an_empty_board(text: str):
    """An empty sketch is no error."""
    assert parse_sketch(text) == Board()


@pytest.mark.parametrize(
    ("text", "line", "column", "advice"),
    [
        ("a ->", 1, 5, "the line ends where the name of a component should stand"),
        ("ok\n  -> b", 2, 3, "an arrow has a component on both sides"),
        ("a -> , b", 1, 6, "a list has a component on both sides of each comma"),
        ("a, -> b", 1, 4, "an arrow has a component on both sides"),
        ("a ~~~ b", 1, 3, "a -- b for a line without a head"),
        ("a == b", 1, 3, "write a -> b"),
        ("a --x b", 1, 3, "a line has blanks around its --"),
        ("a ---o b", 1, 3, "a line has blanks around its --"),
        ("a --", 1, 5, "the line ends where the name of a component should stand"),
        ("a -->|x b", 1, 6, "write a -->|label| b"),
        ("a\n}", 2, 1, "write zone name { above it"),
        ("end", 1, 1, "write zone name { above it"),
        ("zone {", 1, 1, "a zone needs a name"),
        ("zone", 1, 1, '"zone" if it is a component'),
        ("zone x -> y", 1, 8, "an arrow or the end of the line should stand here"),
        ("a\nzone b {\n c", 2, 1, "write } below it"),
        ("subgraph b\n c", 1, 1, "write } below it"),
        ("a {", 1, 3, "write zone name { to open a zone"),
        ("a : b", 1, 3, "write a -> b : label"),
        ("a | b", 1, 3, "write a -->|label| b"),
        ("note:", 1, 1, "write note: text"),
        ("a[", 1, 2, 'name["label"]'),
        ("a[]", 1, 2, "write name[label]"),
        ('a["x]', 1, 2, 'name["label"]'),
        ('x; "a', 1, 4, 'write "name" on one line'),
        ('""', 1, 1, "a name is empty"),
        ('a "b"', 1, 3, "put the quotes round the whole name"),
        ("a ] b", 1, 3, "put a name that holds brackets in quotes"),
        ("a > b", 1, 3, "write -> for an arrow"),
        ("a < b", 1, 3, "write <- or <-> for an arrow"),
        ("a (b) c", 1, 7, "put the whole name in quotes"),
        ("a -> b : x {", 1, 12, "write zone name { to open a zone"),
        ("zone z { a -> }", 1, 15, "the name of a component should stand here"),
    ],
)
def test_a_broken_line_says_where_and_what_to_write(text: str, line: int, column: int, advice: str):
    """The place counts from 1 and the message tells how to mend it."""
    with pytest.raises(SketchError, match=re.escape(advice)) as caught:
        parse_sketch(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith(f"line {line}, column {column}: {caught.value.reason}")


def test_an_error_repeats_only_a_short_excerpt():
    """What a candidate wrote is not spread through error messages."""
    with pytest.raises(SketchError) as caught:
        parse_sketch("a ] " + "secret " * 20)

    assert str(caught.value).count("secret") <= 1


def numbered(count: int) -> list[str]:
    """`count` different names."""
    return [f"c{index}" for index in range(count)]


FULL_FAN = f"{', '.join(numbered(30))} -> {', '.join(f't{i}' for i in range(MAX_ARROWS // 30))}"


@pytest.mark.parametrize(
    ("fits", "excess", "message"),
    [
        (
            "\n".join(numbered(MAX_COMPONENTS)),
            "\n".join(numbered(MAX_COMPONENTS + 1)),
            f"at most {MAX_COMPONENTS} components",
        ),
        (FULL_FAN, f"{FULL_FAN}\nc1 -> c2", f"at most {MAX_ARROWS} arrows"),
        ("#" * MAX_CHARACTERS, "#" * (MAX_CHARACTERS + 1), f"longer than {MAX_CHARACTERS}"),
        (
            "".join(f"zone {name} {{" for name in numbered(MAX_NESTING)) + "}" * MAX_NESTING,
            "".join(f"zone {name} {{" for name in numbered(MAX_NESTING + 1)) + "}" * 9,
            f"nest at most {MAX_NESTING} deep",
        ),
    ],
)
def test_limits_are_reached_and_not_passed(fits: str, excess: str, message: str):
    """What fits exactly is read, one more is a clear error."""
    assert isinstance(parse_sketch(fits), Board)
    with pytest.raises(SketchError, match=message):
        parse_sketch(excess)


def test_reopening_a_deep_zone_does_not_pass_the_limit():
    """Depth is where a zone really lies, not how it was reached in the text."""
    deep = numbered(MAX_NESTING)
    text = "".join(f"zone {name} {{" for name in deep) + "}" * MAX_NESTING

    with pytest.raises(SketchError, match="nest at most"):
        parse_sketch(f"{text}\nzone {deep[-1]} {{ zone deeper {{ }} }}")


def test_a_drawing_that_cannot_be_written_out_is_refused():
    """A fan of long names is short to type and long to print; it must not come back unreadable."""
    left = ", ".join(f"{index:02}" + "a" * 78 for index in range(20))
    right = ", ".join(f"{index:02}" + "b" * 78 for index in range(20))

    with pytest.raises(SketchError, match="too large to be written out"):
        parse_sketch(f"{left} -> {right}")


def test_a_text_is_added_to_a_board_that_is_too_large_to_be_written_out():
    """What was drawn before is no fault of the text; what exceeds a board's size still is."""
    parts = tuple(Component(f"{at:03}", f"{at:03} " + "x" * 76) for at in range(199))
    arrows = tuple(Arrow("000", part.id, "y" * 80) for part in parts)
    notes = tuple(f"{at:02} " + "z" * 390 for at in range(MAX_NOTES))
    large = Board(parts, arrows, notes=notes)
    assert len(to_sketch(large)) > MAX_CHARACTERS

    more = parse_sketch("graph TD\nzone trusted { a }\n000 -> a", onto=large)
    assert more.component("a").zone == "trusted"
    assert set(more.arrows) == {*arrows, Arrow("000", "a")}
    assert (len(more.components), more.notes) == (200, notes)
    for text, reason in (("a ; b", "200 components"), ("note: one", "100 notes")):
        with pytest.raises(SketchError, match=f"line 1.*at most {reason}"):
            parse_sketch(text, onto=large)
    with pytest.raises(SketchError, match="at most 100 zones"):
        parse_sketch("\n".join(f"zone {at} {{ }}" for at in range(101)), onto=large)


def test_the_text_of_a_board_is_as_a_person_would_write_it():
    """Alone components first, then zones, arrows and notes; quotes only where they are needed."""
    text = """
        note: refunds need a person
        Client -> Gateway -> LLM (Claude) : ask
        zone Trusted { Gateway; zone data { "orders; new" [database] } }
        style guide
        zoo [cache]
    """

    assert to_sketch(parse_sketch(text)).splitlines() == [
        'llm["LLM (Claude)"]',
        '"style guide"',
        "zoo [cache]",
        "zone Trusted {",
        "  Gateway",
        "  zone data {",
        '    "orders; new" [database]',
        "  }",
        "}",
        "Client -> Gateway : ask",
        "Gateway -> llm : ask",
        "note: refunds need a person",
    ]


def test_a_board_from_elsewhere_loses_nothing_in_print():
    """Ids of a canvas, ends that no component has, and a lost zone are all written."""
    drawn = Board(
        components=(Component("x9", "Gateway", ComponentKind.GATEWAY, "gone"),),
        arrows=(Arrow("x9", "nowhere"),),
        zones=(Zone("z1", "Trusted", "gone"),),
    )

    assert to_sketch(drawn) == 'x9["Gateway"]\nzone z1["Trusted"] {\n}\nx9 -> nowhere'


names = st.one_of(
    st.text(min_size=1, max_size=12),
    st.text(alphabet='ab -=.<>[](){}|&,:;#%"\\/→\u0345ßİ', min_size=1, max_size=12),
    st.sampled_from(["zone", "end", "note", "class a b", "LLM", "llm", "pgvector", "GPT-4o mini"]),
).filter(identify)
kind_names = st.sampled_from([None, *ComponentKind])


def quoted(name: str) -> str:
    """`name` in the quotes of the notation."""
    flat = " ".join(name.split())
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def statements(draw: st.DrawFn) -> str:
    """One valid statement with odd names, possibly inside nested zones."""
    first, second, label = (quoted(draw(names)) for _ in range(3))
    kind = draw(kind_names)
    tail = f" [{kind.value}]" if kind else ""
    form = draw(
        st.sampled_from(
            [
                f"{first}{tail}",
                f"{first}[{label}]{tail}",
                f"{first}[({label})]",
                f"{first} -> {second}",
                f"{first}, {second} <-> {first} : {label}",
                f"{first} -- {second}, {first} : {label}",
                f"{first} -->|{label}| {second}[{label}]",
                f"note: x{label}",
            ]
        )
    )
    for zone in draw(st.lists(names, max_size=2)):
        form = f"zone {quoted(zone)} {{\n{form}\n}}"
    return form


@settings(max_examples=100, deadline=None)
@given(st.lists(statements(), max_size=8))
def test_a_board_survives_being_written_and_read(lines: list[str]):
    """Reading what was written gives the same board, and the text is stable."""
    try:
        drawn = parse_sketch("\n".join(lines))
    except SketchError as refused:  # zones of earlier statements may add up to too deep a nest
        assert "nest at most" in refused.reason  # noqa: PT017
        return
    text = to_sketch(drawn)

    assert parse_sketch(text) == drawn
    assert to_sketch(parse_sketch(text)) == text


@settings(max_examples=100, deadline=None)
@given(st.lists(statements(), max_size=5), st.lists(statements(), max_size=5))
def test_adding_to_a_board_is_writing_below_its_text(before: list[str], added: list[str]):
    """Labels, kinds, zones and places come out the same."""
    try:
        board = parse_sketch("\n".join(before))
        whole = parse_sketch("\n".join([to_sketch(board), *added]))
    except SketchError:  # too deep a nest
        return

    assert parse_sketch("\n".join(added), onto=board) == whole


pieces = st.sampled_from(
    [
        *("a", "b c", "->", "<-", "-->", "--", "-.", "==>", "---", "|", "&", ",", ":", ";", "\n"),
        *(" ", "[", "]", "(", ")", "[(", "{", "}", '"', "\\", "#", "%%", "zone ", "end", "note:"),
        *(">", "<", "subgraph ", "graph TD\n", "class a b", ":::", "```", "\u202e", "\ud800", "→"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.lists(pieces, max_size=30).map("".join)))
def test_any_text_is_a_board_or_a_sketch_error(text: str):
    """Nothing but `SketchError` is raised, its place lies in the text, and boards round-trip."""
    try:
        drawn = parse_sketch(text)
    except SketchError as error:
        assert 1 <= error.line <= text.count("\n") + text.count("\r") + 1  # noqa: PT017
        assert error.column >= 1  # noqa: PT017
    else:
        assert parse_sketch(to_sketch(drawn)) == drawn


@settings(max_examples=100)
@given(st.text())
def test_identity_is_stable(name: str):
    """The id of an id is that id, and case never matters."""
    assert identify(identify(name)) == identify(name)
