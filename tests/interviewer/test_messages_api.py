"""The Messages API as plain data: JSON out of running text, counts, and names for errors."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.engines.messages_api import (
    Answer,
    ObjectCutter,
    asked_to_wait,
    failure_of,
    is_object,
)
from interviewer.engines.partial_reply import PartialObject
from interviewer.engines.providers import SchemaVia
from scoring.language_model import Failure, Usage

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
objects = st.dictionaries(st.text(max_size=10), values, max_size=5)
prose = st.text(max_size=30).map(lambda text: text.replace("{", ""))


@given(objects, prose, st.text(max_size=30), st.integers(1, 9), st.booleans())
def test_the_first_object_comes_out_whole(
    value: dict[str, Any], before: str, after: str, size: int, ascii_only: bool
) -> None:
    """Whatever stands around it and however the text is cut into pieces."""
    written = json.dumps(value, ensure_ascii=ascii_only)
    text = before + written + after
    cutter = ObjectCutter()

    pieces = [cutter.cut(text[at : at + size]) for at in range(0, len(text), size)]

    assert "".join(pieces) == written


def test_an_object_is_passed_on_as_it_comes() -> None:
    """Its pieces are not held back until it ends."""
    cutter = ObjectCutter()

    pieces = [cutter.cut(piece) for piece in ("Sure: ", '{"say"', ': "why', '?"}', " Done {}")]

    assert pieces == ["", '{"say"', ': "why', '?"}', ""]


def start(**usage: Any) -> dict[str, Any]:
    return {"type": "message_start", "message": {"usage": usage}}


def delta(**usage: Any) -> dict[str, Any]:
    return {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage}


@pytest.mark.parametrize(
    ("events", "usage"),
    [
        ([start(input_tokens=7, output_tokens=1), delta(output_tokens=40)], Usage(7, output=40)),
        ([start(input_tokens=0), delta(input_tokens=9, output_tokens=2)], Usage(9, output=2)),
        ([start(input_tokens=9), delta(input_tokens=0, output_tokens=2)], Usage(9, output=2)),
        ([start(cache_creation_input_tokens=5)], Usage(cache_write_1h=5)),
        (
            [
                start(
                    cache_creation_input_tokens=30,
                    cache_read_input_tokens=4,
                    cache_creation={
                        "ephemeral_5m_input_tokens": 10,
                        "ephemeral_1h_input_tokens": 20,
                    },
                ),
                delta(cache_creation_input_tokens=30, output_tokens=3),
            ],
            Usage(0, 4, 10, 20, 3),
        ),
        ([start(input_tokens="many", cache_creation=[1])], None),
        ([start(input_tokens=10**9)], Usage(10**9)),
        ([start(input_tokens=10**9 + 1), delta(output_tokens=2)], None),
        ([start(input_tokens=2**63)], None),
        ([start(input_tokens=-1), delta(output_tokens=2)], None),
        ([start(input_tokens=3, output_tokens=True), delta(output_tokens=2)], None),
        ([start(input_tokens=3), delta(output_tokens=10**400)], None),
        ([start(input_tokens=3, cache_read_input_tokens=None)], Usage(3)),
        ([start()], None),
    ],
)
def test_counts_are_cumulative(events: list[dict[str, Any]], usage: Usage | None) -> None:
    """The largest count of each kind; a write of unknown lifetime is the dearer one.

    Where one is no count, nothing is known: the rest alone would be too cheap.
    """
    answer = Answer(SchemaVia.OUTPUT_CONFIG, "m-1")

    for event in events:
        answer.take(event)

    assert answer.usage == usage


def test_a_count_of_nothing_is_not_handed_on() -> None:
    """Some servers count the input only at the end."""
    answer = Answer(SchemaVia.OUTPUT_CONFIG, "m-1")

    assert answer.take(start(input_tokens=0, output_tokens=1)) is None
    assert answer.take(start(input_tokens=3)) == Usage(3, output=1)


def test_a_forced_tool_has_its_input_as_text() -> None:
    """Prose beside the tool is no part of the answer."""
    answer = Answer(SchemaVia.FORCED_TOOL, "m-1")
    deltas = [
        {"type": "text_delta", "text": "Let me see."},
        {"type": "input_json_delta", "partial_json": ""},
        {"type": "input_json_delta", "partial_json": '{"a": 1}'},
    ]

    pieces = [answer.take({"type": "content_block_delta", "delta": delta}) for delta in deltas]

    assert pieces == [None, None, '{"a": 1}']


@pytest.mark.parametrize(
    ("text", "stop_reason", "failure"),
    [
        ("{}", "end_turn", None),
        ("{}", "tool_use", None),
        ("{}", "max_tokens", None),
        ('{"a":', "max_tokens", Failure.TRUNCATED),
        ("{}", "refusal", Failure.REFUSED),
        ("{}", "model_context_window_exceeded", Failure.TOO_LONG),
        ("{}", None, Failure.CUT_SHORT),
        ("[]", "end_turn", Failure.MALFORMED),
        ("", "end_turn", Failure.MALFORMED),
        ("[" * 200_000, "end_turn", Failure.MALFORMED),
        ('{"a": 1} and more', "pause_turn", Failure.MALFORMED),
        ('{"a": "\\ud83d"}', "end_turn", Failure.MALFORMED),
        ('{"a": "\\ud83d\\ude00"}', "end_turn", None),
    ],
)
def test_an_answer_is_one_whole_object(
    text: str, stop_reason: str | None, failure: Failure | None
) -> None:
    """How it stopped and what it is decide together whether it can be used."""
    answer = Answer(SchemaVia.OUTPUT_CONFIG, "m-1", stop_reason=stop_reason, pieces=[text])

    fault = answer.fault()

    assert (fault and fault[0]) == failure


PIECES = ('{"a": ', '"b": ', "[", "]", "}", '"', ", ", " ", "\\", "\\ud83d", "\\ude00", "\\u0000")
VALUES = ("é", "\ufeff", "1", "1e999", "9" * 5_000, "NaN", "null", "[" * 300 + "]" * 300)
answers = st.lists(st.sampled_from(PIECES + VALUES), max_size=8)


@given(answers | objects.map(lambda value: [*json.dumps(value)]))
def test_an_answer_that_counts_as_whole_can_be_read_as_it_comes(pieces: list[str]) -> None:
    """Neither on its way nor at its end is a billed answer malformed; and the other way round."""
    read = PartialObject()
    try:
        for piece in pieces:
            read.feed(piece)
        read.close()
        usable = True
    except ValueError:
        usable = False

    assert is_object("".join(pieces)) is usable


def test_a_refusal_names_its_category_if_it_is_a_name() -> None:
    """Anything that could be a sentence is left out."""
    reasons: list[str] = []
    for category in ("cyber", "he said that", {"a": 1}):
        answer = Answer(SchemaVia.OUTPUT_CONFIG, "m-1")
        stop = {"stop_reason": "refusal", "stop_details": {"category": category}}
        answer.take({"type": "message_delta", "delta": stop})
        reasons += [(answer.fault() or (None, ""))[1]]

    assert reasons == ["it refused to answer (cyber)", *["it refused to answer"] * 2]


@pytest.mark.parametrize(
    ("status", "kind", "failure"),
    [
        (200, "rate_limit_error", Failure.RATE_LIMITED),
        (200, "invalid_request_error", Failure.REJECTED),
        (200, "never heard of", Failure.SERVER_ERROR),
        (408, None, Failure.TIMED_OUT),
        (409, "conflict_error", Failure.REJECTED),
        (503, "overloaded_error", Failure.SERVER_ERROR),
    ],
)
def test_errors_have_names(status: int, kind: str | None, failure: Failure) -> None:
    """In mid-stream by type, otherwise by status."""
    assert failure_of(status, kind, None) is failure


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({"retry-after": "-1"}, 0.0),
        ({"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}, None),
        ({}, None),
    ],
)
def test_a_server_may_say_when_to_come_back(headers: dict[str, str], seconds: float | None) -> None:
    """In milliseconds or in seconds; a date counts as nothing said."""
    assert asked_to_wait(headers) == seconds
