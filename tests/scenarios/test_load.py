"""Packs from disk: what is read, and what every fault is called."""

import os
from pathlib import Path

import pytest
import scenario_samples as samples
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from scenarios import documents
from scenarios.documents import MAX_BYTES, MAX_DEPTH, Problem, parse_document
from scenarios.load import PackError, UnknownItem, load_cases, load_library, load_pack
from scenarios.model import PackManifest, Question, RoundKind, Strict
from scenarios.validation import validate


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The folder of a pack without faults."""
    return samples.write_pack(tmp_path / "packs/sample")


def only_problem(pack: Path) -> str:
    """The one problem of the pack, its path made relative."""
    with pytest.raises(PackError) as caught:
        load_pack(pack)
    (problem,) = caught.value.problems
    return str(problem).replace(f"{pack}/", "")


def test_a_pack_is_read_whole(pack: Path) -> None:
    """Every folder's files become items under their ids, with the files they came from."""
    loaded = load_pack(pack)

    assert set(loaded.scenarios) == {"sample-scenario"}
    assert set(loaded.questions) == {"sample-question"}
    assert set(loaded.prompts) == {"sample-story"}
    assert set(loaded.plans) == {"sample-plan"}
    assert loaded.files["sample-question"] == pack / "drill/one.yaml"
    assert loaded.manifest.title == "Sample"


def test_the_hash_follows_content_and_names_not_the_place(pack: Path, tmp_path: Path) -> None:
    """A card's pack hash is the same on every machine and changes with any byte or name."""
    there = load_pack(samples.write_pack(tmp_path / "elsewhere"))
    assert load_pack(pack).hash == there.hash

    (pack / "drill/one.yaml").rename(pack / "drill/two.yaml")
    renamed = load_pack(pack).hash
    with (pack / "drill/two.yaml").open("a") as file:
        file.write("\n")

    assert len({there.hash, renamed, load_pack(pack).hash}) == 3


def test_cases_are_read_on_demand_only(pack: Path) -> None:
    """A practice session neither reads nor hashes the cases; a broken one cannot stop it."""
    before = load_pack(pack)
    assert load_cases(before)["sample-scenario"].cases[0].id == "weak"

    (pack / "cases/sample-scenario.yaml").write_text("item: [")

    assert load_pack(pack).hash == before.hash
    with pytest.raises(PackError, match="not YAML"):
        load_cases(before)


def test_a_case_file_is_named_after_its_item(pack: Path) -> None:
    """Which file holds an item's cases needs no search."""
    (pack / "cases/sample-scenario.yaml").rename(pack / "cases/other.yaml")

    with pytest.raises(PackError, match=r"name it sample-scenario\.yaml"):
        load_cases(load_pack(pack))


def test_no_message_holds_the_text_of_a_case(pack: Path) -> None:
    """Cases are a blind test set: a fault is told without showing them."""
    values = samples.cases()
    values["cases"][0]["text"] = "secret " * 4000
    values["cases"][0]["stage"] = "secret"
    samples.write(pack / "cases/sample-scenario.yaml", values)

    with pytest.raises(PackError) as caught:
        load_cases(load_pack(pack))

    assert len(caught.value.problems) >= 2
    assert "secret" not in str(caught.value)


QUESTION = "id: q\ntopic: agents\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: q\nask: ]", "drill/one.yaml:2: not YAML: did not find expected node content"),
        ("a: b: c", "not YAML: mapping values are not allowed in this context (line 1, column 5)"),
        ("- id: q", "drill/one.yaml:1: not a mapping"),
        ("", "drill/one.yaml:1: not a mapping"),
        ("id: q\nid: r", "drill/one.yaml:2: id: the same key twice"),
        ("a:\n- b:\n    c: 1\n    c: 2", "drill/one.yaml:4: a[0].b.c: the same key twice"),
        ("id: &x q\nask: *x", "drill/one.yaml:1: anchors (`&name`) are not allowed"),
        ("id: q\nask: *x", "drill/one.yaml:2: aliases (`*name`) are not allowed"),
        ("id: !!python/name:os.system q", "drill/one.yaml:1: tags (`!name`) are not allowed"),
        ("? [a]\n: b", "drill/one.yaml:1: a key must be a plain word"),
        ("id: q\n---\nid: r", "drill/one.yaml:2: several documents in one file"),
        ("a: " + "[" * MAX_DEPTH, f"more than {MAX_DEPTH} levels inside each other"),
        ("id: q\nask: a\x07b", "drill/one.yaml:2: control character U+0007"),
        ("id: q\nask: a\u202eb", "drill/one.yaml:2: control character U+202E"),
        ('id: q\nask: "a\\u0000b"', "drill/one.yaml:2: control character U+0000"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(
    pack: Path, text: str, expected: str
) -> None:
    """The parts of YAML that hide, repeat or run something are no part of a pack."""
    (pack / "drill/one.yaml").write_text(text, "utf-8")

    assert expected in only_problem(pack)


@pytest.mark.parametrize("raw", [b"id: q\nask: caf\xe9", "id: q\n".encode("utf-16")])
def test_other_encodings_are_refused(pack: Path, raw: bytes) -> None:
    """A file is UTF-8, or its fault says so."""
    (pack / "drill/one.yaml").write_bytes(raw)

    assert "not UTF-8: save the file with that encoding" in only_problem(pack)


def test_a_byte_order_mark_is_no_fault(pack: Path) -> None:
    """Some editors write one."""
    path = pack / "drill/one.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert "sample-question" in load_pack(pack).questions


def test_words_stay_words() -> None:
    """`no`, `on` and `12:30` are text, as in YAML 1.2."""
    raw = b"a: [no, on, 12:30, 2026-01-01, 1_000, true, ~, 007, -3, 1e3, .5]"

    assert parse_document(Path("x"), raw).values["a"] == [
        *("no", "on", "12:30", "2026-01-01", "1_000", True, None, 7, -3, 1000.0, 0.5)
    ]


@pytest.mark.parametrize(
    ("bend", "expected"),
    [
        ({"asks": "x"}, "unknown key `asks`: did you mean `ask`?"),
        ({"zzz": 1}, "unknown key `zzz`: known here: id, topic"),
        ({"minutes": "long"}, "minutes: must be a valid number"),
        ({"ask": 12}, "ask: must be text: put it in quotes"),
        ({"ask": None}, "ask: is empty: give it a value"),
        ({"id": "Big Id"}, "id: an id is lower-case letters"),
        ({"topic": "cooking"}, "topic: must be 'fundamentals'"),
        ({"concepts": {}}, "concepts: must be a list"),
        ({"concepts": []}, "concepts: the list must have at least 1 item, not 0"),
    ],
)
def test_faults_are_told_in_the_authors_words(
    pack: Path, bend: samples.Values, expected: str
) -> None:
    """Each names the file, the line, the place, and what to do."""
    samples.write(pack / "drill/one.yaml", samples.question() | bend)

    assert expected in only_problem(pack)


def test_the_place_names_the_item_of_a_list(pack: Path) -> None:
    """An index alone is hard to find among forty concepts."""
    values = samples.scenario()
    del values["stages"]["loop"]["concepts"][0]["probes"]
    path = samples.write(pack / "design/one.yaml", values)

    line = path.read_text().splitlines().index("    - id: bconcept") + 1

    assert only_problem(pack) == (
        f"design/one.yaml:{line}: stages.loop.concepts[0 bconcept]: missing key `probes`: add it"
    )


def test_a_typo_deep_inside_gets_the_keys_of_its_own_place(pack: Path) -> None:
    """The suggestion comes from the model that stands there."""
    values = samples.scenario()
    values["stages"]["loop"]["concepts"][0]["cues"][0]["withn"] = 3
    samples.write(pack / "design/one.yaml", values)

    assert "cues[0].withn: unknown key `withn`: did you mean `within`?" in only_problem(pack)


def test_all_problems_of_all_files_are_collected(pack: Path) -> None:
    """One run shows everything there is to mend."""
    samples.write(pack / "drill/one.yaml", samples.question() | {"level": "boss", "extra": 1})
    (pack / "plans/one.yaml").write_text("- no")
    (pack / "pack.yaml").unlink()

    with pytest.raises(PackError) as caught:
        load_pack(pack)

    assert len(caught.value.problems) == 4
    assert len(str(caught.value).splitlines()) == 4


def test_too_large_a_file_is_refused(pack: Path) -> None:
    """Nothing larger than the limit is even parsed."""
    (pack / "drill/one.yaml").write_bytes(b"#" * (MAX_BYTES + 1))

    assert "larger than 1024 KiB" in only_problem(pack)


@pytest.mark.parametrize("name", ["drill/one.yaml", "drill", "pack.yaml"])
def test_a_link_out_of_the_pack_is_refused(pack: Path, tmp_path: Path, name: str) -> None:
    """A pack from a stranger reads no other file of this computer."""
    outside = tmp_path / "outside"
    (pack / name).rename(outside)
    (pack / name).symlink_to(outside)

    assert "is a link that leaves the pack" in only_problem(pack)


def test_a_link_within_the_pack_is_followed(pack: Path) -> None:
    """Only leaving is refused."""
    (pack / "drill/one.yaml").rename(pack / "kept")
    (pack / "drill/one.yaml").symlink_to(pack / "kept")

    assert "sample-question" in load_pack(pack).questions


def test_a_link_to_itself_and_a_pipe_are_refused(pack: Path) -> None:
    """Neither a loop nor a file that never ends can hold the start up."""
    (pack / "drill/loop.yaml").symlink_to(pack / "drill/loop.yaml")
    os.mkfifo(pack / "drill/pipe.yaml")

    with pytest.raises(PackError) as caught:
        load_pack(pack)

    assert [problem.path.name for problem in caught.value.problems] == ["loop.yaml", "pipe.yaml"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("drill/two.yml", "rename it to end in .yaml"),
        ("stray.yaml", "is not read: put it into design"),
        ("drils/two.yaml", "did you mean drill?"),
        ("drill/deeper/two.yaml", "put its files straight into drill/"),
    ],
)
def test_a_file_that_nothing_reads_is_reported(pack: Path, name: str, expected: str) -> None:
    """No content is lost in silence."""
    samples.write(pack / name, samples.question("second"))

    assert expected in only_problem(pack)


def test_a_folder_without_manifest_or_content_is_no_pack(tmp_path: Path) -> None:
    """Both are named."""
    (tmp_path / "empty").mkdir()
    samples.write(tmp_path / "bare/pack.yaml", samples.MANIFEST)

    assert "not a pack: pack.yaml is missing" in only_problem(tmp_path / "empty")
    assert "no content: put files into design" in only_problem(tmp_path / "bare")


def test_an_id_taken_twice_names_both_files(pack: Path) -> None:
    """Within a pack as across packs, and whatever the kind."""
    samples.write(pack / "drill/two.yaml", samples.question("sample-story"))

    problem = only_problem(pack)

    assert (
        f"`sample-story` is taken by {pack / 'drill/two.yaml'}".replace(f"{pack}/", "") in problem
    )
    assert problem.startswith("behavioural/one.yaml: id")


def test_an_id_taken_by_another_pack_names_both_files(pack: Path, tmp_path: Path) -> None:
    """Neither pack wins."""
    samples.write(tmp_path / "mine/other/pack.yaml", samples.MANIFEST | {"id": "other"})
    samples.write(tmp_path / "mine/other/drill/x.yaml", samples.question())

    with pytest.raises(PackError, match="sample-question") as caught:
        load_library(pack.parent, tmp_path / "mine")

    assert str(pack / "drill/one.yaml") in str(caught.value)
    assert str(tmp_path / "mine/other/drill/x.yaml") in str(caught.value)


def test_a_missing_folder_holds_no_packs(pack: Path, tmp_path: Path) -> None:
    """Most people have no packs of their own."""
    library = load_library(pack.parent, tmp_path / "nothing-here")

    assert sorted(item.id for item in library) == [
        *("sample-plan", "sample-question", "sample-scenario", "sample-story")
    ]


def test_items_are_found_by_id_and_kind(pack: Path) -> None:
    """Each getter gives its own kind."""
    library = load_library(pack.parent)

    assert library.scenario("sample-scenario").minutes == 45
    assert library.question("sample-question").ask == "What stops it?"
    assert library.prompt("sample-story").ask == "Tell me about a time."
    assert library.plan("sample-plan").role == "engineer"
    assert library.pack_of("sample-plan").manifest.id == "sample"


def test_an_unknown_item_names_what_comes_near(pack: Path) -> None:
    """A typo in a command is answered with the right word, a wrong kind with its kind."""
    library = load_library(pack.parent)

    with pytest.raises(UnknownItem, match="no question `sample-qestion`: there is `sample-que"):
        library.question("sample-qestion")
    with pytest.raises(UnknownItem, match="`sample-story` is a story prompt, not a scenario"):
        library.scenario("sample-story")
    with pytest.raises(UnknownItem, match="no item `nowhere`"):
        library.pack_of("nowhere")
    with pytest.raises(UnknownItem, match="there is none"):
        load_library().plan("any")


def test_a_round_is_found_by_its_items_and_by_its_own_name(pack: Path) -> None:
    """A stored round's `item` leads back to the same round."""
    samples.write(pack / "drill/two.yaml", samples.question("second"))
    library = load_library(pack.parent)

    drill = library.round_for("sample-question", "second")

    assert drill.kind is RoundKind.DRILL
    assert library.round_for(drill.item) == drill
    assert library.round_for("sample-scenario").kind is RoundKind.DESIGN
    assert library.round_for("sample-story").kind is RoundKind.BEHAVIOURAL
    with pytest.raises(UnknownItem, match="is a plan, not a question"):
        library.round_for("sample-plan")
    with pytest.raises(UnknownItem, match="is a scenario, not a question"):
        library.round_for("sample-question", "sample-scenario")
    with pytest.raises(ValueError, match="at least one question"):
        library.round_for()


PIECES = st.sampled_from(
    [
        *(
            "id: ",
            "concepts:",
            "ask: ",
            "- ",
            "  ",
            "\n",
            "[",
            "]",
            "{",
            "}",
            ", ",
            ": ",
            "? ",
            "&a ",
        ),
        *(
            "*a",
            "!!int ",
            "<<: ",
            "|\n",
            ">\n",
            '"',
            "'",
            "\\x00",
            "\\ud800",
            "---\n",
            "...\n",
            "%YAML ",
        ),
        *("#", "é", "\ufeff", "\u202e", "\x85", "\t", "0x", "1e999", "9" * 30, ".nan", "~", "q"),
    ]
)
ANYTHING = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(PIECES, max_size=40).map(lambda parts: "".join(parts).encode()),
)


@given(raw=ANYTHING)
@example(raw=b"a: " + b"9" * 5000)
@example(raw=b"a: 0b_")
@example(raw=b"[" * 100_000)
@example(raw=b"{a: " * 10_000)
@example(raw=b"a: &a [*a]")
@example(raw=b"? a\n? a\n? b")
@example(raw=b"\xff\xfe")
def test_no_bytes_raise_anything_but_a_pack_error(raw: bytes) -> None:
    """Whatever stands in a file, reading it ends in a value or in problems of a line each."""
    for model in (Question, PackManifest):
        problems, message = faults_of(raw, model)
        assert len(message.splitlines()) == len(problems)


@pytest.mark.parametrize(
    "raw", [b"a: 1\nb: [", b"a: &x 1", b"[" * 500, b'a: "\\ud800"', b'a: "\\U00110000"', b"a: !x 1"]
)
def test_reading_is_as_strict_without_the_c_library(
    raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyYAML may come without libyaml; its own parser only takes longer."""
    monkeypatch.setattr(documents, "_LOADER", yaml.SafeLoader)

    assert parse_document(Path("x"), b"a: [1, 'b']").values == {"a": [1, "b"]}
    problems, _ = faults_of(raw, Question)
    assert len(problems) == 1


def faults_of(raw: bytes, model: type[Strict]) -> tuple[tuple[Problem, ...], str]:
    """The problems of a file with these bytes and the message that tells them."""
    try:
        validate(parse_document(Path("any.yaml"), raw), model)
    except PackError as err:
        return err.problems, str(err)
    return (), ""
