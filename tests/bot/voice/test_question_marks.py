"""Questions in speech that came without punctuation."""

import pytest

from bot.calls.question_marks import with_question_mark


@pytest.mark.parametrize(
    "asked",
    [
        "how many conversations do we get per day",
        "um so which actions may the agent take on an order",
        "how bad is a wrong answer compared with a wrong refund",
        "do we need strong consistency",
        "what is the read to write ratio",
        "can I have a hint",
        "could you repeat the question",
        "so is there a budget for this",
        "which customers are we talking about",
        "what else should I know",
    ],
)
def test_a_question_gets_its_mark(asked: str) -> None:
    """As Whisper would have set it."""
    assert with_question_mark(asked) == f"{asked}?"


@pytest.mark.parametrize(
    "said",
    [
        "how I would do it is with a queue",
        "what we do is cache the answer",
        "which is why we retry",
        "which means the consumer must be idempotent",
        "the loop stops after six steps",
        "I would ask how many users there are",
        "when the provider is down we fall back to search",
        "where we store it does not matter",
        "so we store one terabyte per year",
        "okay",
        "",
    ],
)
def test_a_statement_stays_one(said: str) -> None:
    """Words that can ask often do not."""
    assert with_question_mark(said) == said


def test_where_there_are_marks_none_is_added() -> None:
    """A recogniser that punctuates knows better."""
    assert with_question_mark("how many. Users do we have") == "how many. Users do we have"
