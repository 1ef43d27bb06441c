"""What a model invents for noise, and what it repeats, never reaches a transcript."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.guards import CREDITS, Guess, believed, echoes, is_too_fast, without_loops

WORDS = st.lists(st.sampled_from(["we", "use", "a", "queue", "no,", "No", "yes"]), max_size=30)


def _guess(text: str, log_probability: float = -0.2, no_speech: float = 0.0) -> Guess:
    return Guess(tuple(text.split()), log_probability, no_speech)


def _believed(guess: Guess, speech_s: float = 20.0) -> str:
    return " ".join(guess.words[at] for at in believed(guess, speech_s))


@pytest.mark.parametrize("phrase", sorted(CREDITS))
def test_credits_are_never_believed(phrase: str) -> None:
    """Film credits alone are nothing, however sure the model is, in any case and punctuation."""
    assert not _believed(_guess(f"{phrase.capitalize()}.", log_probability=-0.01))


def test_credits_behind_an_answer_are_cut() -> None:
    """The answer before them stays."""
    guess = _guess("We would use a queue. Thanks for watching!")

    assert _believed(guess) == "We would use a queue."


def test_credits_inside_a_sentence_are_words() -> None:
    """Somebody may talk about films."""
    said = "The page says thanks for watching"

    assert _believed(_guess(said)) == said


@pytest.mark.parametrize(
    ("said", "log_probability", "believed_text"),
    [
        ("Thank you.", -1.2, ""),
        ("Thank you.", -0.1, "Thank you."),
        ("you", -0.9, ""),
        ("Thank you for the question", -0.9, "Thank you for the question"),
    ],
)
def test_a_bare_pleasantry_must_be_sure(
    said: str, log_probability: float, believed_text: str
) -> None:
    """Whisper writes them for noise, people say them: only the surer ones stand."""
    assert _believed(_guess(said, log_probability)) == believed_text


@pytest.mark.parametrize("said", ["Music.", "silence", "Applause!", "Laughter."])
def test_an_answer_of_one_word_stands(said: str) -> None:
    """Unless the model is unsure of it: it notes noise with the same words."""
    assert _believed(_guess(said, -0.05)) == said
    assert not _believed(_guess(said, -0.9))


def test_a_note_behind_an_answer_is_cut_where_it_is_unsure() -> None:
    """The answer stays, and so does a last word that was said."""
    said = "And what plays then? Music."

    assert _believed(_guess(said, -0.9)) == "And what plays then?"
    assert _believed(_guess(said, -0.1)) == said


@pytest.mark.parametrize("loops", [3, 7, 40])
def test_a_loop_is_cut_to_its_first_round(loops: int) -> None:
    """The words before and after it stay."""
    words = ("so " + "we use a cache, " * loops + "and that is it").split()

    assert " ".join(words[at] for at in without_loops(words)) == "so we use a cache, and that is it"


@pytest.mark.parametrize("said", ["no no no", "very very very very good", "bye-bye, bye-bye"])
def test_people_may_repeat_themselves(said: str) -> None:
    """What people say three times is no loop."""
    assert _believed(_guess(said)) == said


@settings(max_examples=100)
@given(WORDS)
def test_cutting_loops_leaves_none_and_invents_nothing(words: list[str]) -> None:
    """Positions rise, none is new, and a text without loops is left as it is."""
    kept = without_loops(words)
    again = [words[at] for at in kept]

    assert kept == sorted(set(kept))
    assert not kept or kept[-1] < len(words)
    assert len(words) < 6 or len(kept) > 0
    assert len(without_loops(again)) <= len(again)
    assert len(words) >= 6 or kept == list(range(len(words)))


def test_more_words_than_anybody_can_say_are_none() -> None:
    """Twenty words in a second of sound are invented; twenty in five seconds are not."""
    said = " ".join(f"word{number}" for number in range(20))

    assert not _believed(_guess(said), speech_s=1.0)
    assert _believed(_guess(said), speech_s=5.0) == said
    assert not is_too_fast(3, 0.2)


def test_what_only_repeats_the_prompt_is_an_echo() -> None:
    """A run of terms in their order, but not one term, nor terms inside an answer."""
    prompt = "They use terms such as Kafka, Redis, consistent hashing, dead letter queue"

    assert echoes(["Redis,", "consistent", "hashing,", "dead"], prompt)
    assert not echoes(["dead", "letter", "queue"], prompt)
    assert not echoes(["we", "use", "Redis", "and", "consistent", "hashing"], prompt)


def test_a_guess_that_doubts_itself_is_silence() -> None:
    """Unsure words and "nobody spoke" together are nothing; either alone is not."""
    assert not _believed(_guess("we use it", -1.5, 0.8))
    assert _believed(_guess("we use it", -1.5, 0.1)) == "we use it"
    assert _believed(_guess("we use it", -0.3, 0.8)) == "we use it"
    assert not _believed(_guess("", math.nan))


def test_poor_guesses_ask_for_another_try() -> None:
    """Repetitive or unsure ones, but not those that are silence."""
    assert _guess("we use a cache " * 20).is_poor
    assert _guess("we use it", -1.5).is_poor
    assert not _guess("we use it", -1.5, 0.9).is_poor
    assert not _guess("we use a cache").is_poor


def test_the_better_try_is_the_one_that_does_not_repeat_then_the_surer() -> None:
    """A sure loop loses to an unsure sentence, and no words to any."""
    loop, unsure, sure = _guess("a b " * 50, -0.1), _guess("we use it", -1.4), _guess("yes", -0.4)
    empty = _guess("", math.nan)

    assert sorted([sure, empty, loop, unsure], key=lambda guess: guess.merit)[-2:] == [unsure, sure]
