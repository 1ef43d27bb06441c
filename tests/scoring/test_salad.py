"""Words in no order."""

import random

from scoring.salad import salads
from scoring.text import read

HONEST = (
    "The model writes its reply one token at a time, so the length of a reply decides how long the "
    "user waits. The price of the output is higher than the price of the prompt, and the same goes "
    "for the time. I would cap the reply, keep the prefix stable and look at the tail every week."
)
SPOKEN = (
    "so the the thing is that the model it writes a reply token by token and um the a user waits "
    "for the whole of the reply and the price of the output is like higher than the the input"
)


def test_honest_sentences_are_none() -> None:
    """Typed and hesitating speech keep their grammar."""
    assert list(salads(read(HONEST))) == []
    assert list(salads(read(SPOKEN))) == []


def test_shuffled_words_are_one() -> None:
    """Some shuffles of an answer are recognised; the others are a known hole."""
    words = HONEST.split()
    caught = 0
    for seed in range(40):
        random.Random(seed).shuffle(words)  # noqa: S311
        caught += bool(list(salads(read(" ".join(words)))))

    assert caught >= 8


def test_code_and_short_answers_are_left_alone() -> None:
    """Code has a grammar of its own, and a handful of words proves nothing."""
    assert list(salads(read("``` the = a; an = the; my = a; our = the ```"))) == []
    assert list(salads(read("The of a is the."))) == []
