"""Prompts: read, filled, and never changed in silence."""

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.prompts import Prompt, PromptError, load_prompt, parse_prompt, prompt_names, releases

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    f"{path.parent.parent.name}.prompts"
    for path in ROOT.glob("*/prompts/versions.yaml")
    if path.parent.parent.name in {"scoring", "interviewer"}
)
PROMPTS = [
    (f"{path.parent.parent.name}.prompts", path.stem)
    for package in ("scoring", "interviewer")
    for path in sorted((ROOT / package / "prompts").glob("*.md"))
]
WRITTEN = """---
name: sample
version: 2
date: 2026-11-21
variables: [one, two]
change: It says less.
---
First {{one}}, then {{two}}, and {{one}} again.
"""


def written(text: str = WRITTEN) -> Prompt:
    return parse_prompt("here/sample", "sample", text.encode())


@pytest.mark.parametrize(("package", "name"), PROMPTS)
def test_no_prompt_changes_without_a_version_and_a_line(package: str, name: str) -> None:
    """The current file is the last entry of `versions.yaml`: version, hash and change."""
    prompt = load_prompt(package, name)
    listed = releases(package).get(name, ())
    assert listed, f"add {name} to versions.yaml: version {prompt.version}, hash {prompt.hash}"
    last = listed[-1]
    assert (last.version, last.hash, last.change) == (
        prompt.version,
        prompt.hash,
        prompt.matter.change,
    ), f"{name} was changed: raise its version and add an entry with hash {prompt.hash}"


@pytest.mark.parametrize("package", FOLDERS)
def test_every_listed_version_is_one_of_a_prompt_and_they_count_up(package: str) -> None:
    """From 1, without gaps, each with another hash, and for no prompt that is gone."""
    for name, listed in releases(package).items():
        assert name in prompt_names(package)
        assert [one.version for one in listed] == list(range(1, len(listed) + 1))
        assert len({one.hash for one in listed}) == len(listed)
        assert all(re.fullmatch(r"[0-9a-f]{64}", one.hash) for one in listed)


def test_the_judges_prompts_are_found() -> None:
    """The folder stands beside a module of the same name and is read nevertheless."""
    assert "judge_concepts" in prompt_names("scoring.prompts")
    assert ("scoring.prompts", "judge_concepts") in PROMPTS


def test_the_id_names_version_and_hash() -> None:
    """The hash is that of the file's bytes."""
    digest = hashlib.sha256(WRITTEN.encode()).hexdigest()
    assert written().hash == digest
    assert written().id == f"sample@2:{digest[:12]}"


def test_values_are_put_in_once_and_verbatim() -> None:
    """A value that looks like a variable, or like a group of a pattern, stays what it is."""
    filled = written().fill(one="{{two}}", two=r"\1 \g<0> {{one}}")
    assert filled == r"First {{two}}, then \1 \g<0> {{one}}, and {{two}} again."


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_in_a_value_means_anything(one: str, two: str) -> None:
    """For any values: the text between them is that of the file."""
    assert written().fill(one=one, two=two) == f"First {one}, then {two}, and {one} again."


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"one": "secret"}, "variable 'two' is missing"),
        ({"one": "secret", "two": "b", "three": "c"}, "variable 'three' is unknown"),
    ],
)
def test_a_wrong_variable_is_named_with_its_prompt(values: dict[str, str], problem: str) -> None:
    """The message says which prompt and which variable, and holds no value."""
    with pytest.raises(PromptError) as refused:
        written().fill(**values)
    assert str(refused.value) == f"{written().id}: {problem}"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("name: sample", "name: other", "calls itself 'other'"),
        ("version: 2", "version: 0", "counts from 1"),
        ("change: It says less.", "change: ' '", "change of one line"),
        ("[one, two]", "[one]", "variable 'two' is used only"),
        ("[one, two]", "[one, two, three]", "variable 'three' is declared only"),
        ("date: 2026-11-21", "date: soon", "date"),
        ("date: 2026-11-21", "colour: red", "colour"),
        ("date: 2026-11-21", "date: [", "here/sample"),
        ("---\nname", "name", "no front matter"),
    ],
)
def test_a_file_that_does_not_fit_itself_is_refused(old: str, new: str, problem: str) -> None:
    """The message names the place and the reason."""
    assert old in WRITTEN
    with pytest.raises(PromptError, match=re.escape(problem)) as refused:
        written(WRITTEN.replace(old, new, 1))
    assert str(refused.value).startswith("here/sample")


def test_a_prompt_that_is_not_there_is_named() -> None:
    """As is the folder in which it was looked for."""
    with pytest.raises(PromptError, match=re.escape("scoring.prompts/nothing.md")):
        load_prompt("scoring.prompts", "nothing")
