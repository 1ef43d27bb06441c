"""A judge's answers as they come over the wire."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.claims import Claim
from scoring.judge_wire import SCHEMA, JudgePrompts, read_answer
from scoring.verdicts import Verdict

ONE = {"concept": "a/b", "verdict": "hit", "quote": "q", "turn": "c0001", "reason": "r"}
ASKED = ("a/b", "a/c")


def text(*verdicts: object) -> str:
    return json.dumps({"verdicts": verdicts})


def test_the_schema_asks_for_every_field_in_its_order_and_nothing_else() -> None:
    """As servers demand it: closed objects, everything required."""
    item = SCHEMA["properties"]["verdicts"]["items"]
    assert item["required"] == list(item["properties"])
    assert item["required"] == ["concept", "verdict", "quote", "turn", "reason"]
    assert SCHEMA["additionalProperties"] is item["additionalProperties"] is False


def test_an_answer_is_read_by_concept() -> None:
    """Verdicts on concepts that were not asked about are counted and left out."""
    other = {**ONE, "concept": "x/y"}
    answer = read_answer(text(ONE, other, other), ASKED)
    assert answer is not None
    assert answer.claims == {"a/b": Claim(Verdict.HIT, "q", "c0001", "r")}
    assert answer.unknown == 2


def test_the_last_verdict_on_a_concept_counts() -> None:
    """An earlier one may have been copied from an answer."""
    answer = read_answer(text(ONE, {**ONE, "verdict": "missed"}), ASKED)
    assert answer is not None
    assert answer.claims["a/b"].verdict is Verdict.MISSED


@pytest.mark.parametrize(
    "wrong",
    [
        {**ONE, "verdict": "not_detected"},
        {**ONE, "verdict": "full marks"},
        {**ONE, "quote": 3},
        {"verdict": "hit"},
        "hit",
        None,
    ],
)
def test_a_verdict_of_another_form_is_none(wrong: object) -> None:
    """Nor may a judge give the verdicts that only code gives; the others are read."""
    answer = read_answer(text(wrong, {**ONE, "concept": "a/c"}), ASKED)
    assert answer is not None
    assert set(answer.claims) == {"a/c"}


@given(st.one_of(st.text(), st.recursive(st.none() | st.text(), st.lists).map(json.dumps)))
def test_anything_may_come(said: str) -> None:
    """No text makes the reader fail."""
    answer = read_answer(said, ASKED)
    assert answer is None or set(answer.claims) <= set(ASKED)


def test_the_rules_hold_nothing_of_any_interview() -> None:
    """They are the same for all, so that a server keeps them; the limits stand in them."""
    prompts = JudgePrompts.load()
    assert "at most 40 words" in prompts.rules_text()
    assert "at most 25 words" in prompts.rules_text()
    assert prompts.id.startswith(prompts.rules.id)
