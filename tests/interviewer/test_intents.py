"""What a candidate wants of the interviewer, by the words."""

import pytest

from interviewer.engines.intents import is_question


@pytest.mark.parametrize(
    ("sentence", "opening", "later"),
    [
        ("How many conversations a day do we expect?", True, True),
        (
            "Roughly what volume of chats are we looking at, and do we see big spikes on a sale?",
            True,
            False,
        ),
        ("We cap the steps, so that the loop always ends, right?", False, False),
        ("The service checks who the customer is before it looks anything up.", False, False),
    ],
)
def test_a_question_is_heard(sentence: str, opening: bool, later: bool) -> None:
    """In the opening stage also with the question word in the middle; later answers ask on."""
    assert is_question(sentence, indirect=True) is opening
    assert is_question(sentence, indirect=False) is later
