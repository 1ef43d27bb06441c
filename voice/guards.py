"""Whether the words of a guess were really said: Whisper invents text for noise, and it loops."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

POOR_LOG_PROBABILITY = -1.0
"""Mean log probability of a token below which Whisper's authors decode again."""

POOR_COMPRESSION = 2.4
"""gzip ratio above which a text repeats itself (Whisper's authors, ibid.)."""

SURELY_SILENT = 0.6
"""Probability of "no speech" from which a poor guess is silence (Whisper's authors, ibid.)."""

MOST_WORDS_PER_SECOND = 7.0
"""Of speech: twice the usual pace of about 3; auctioneers reach 6."""

SPARE_WORDS = 3
"""Words that the pace allows beyond the speech found: short ones fall between its windows."""

UNSURE = 0.6
"""Mean token probability below which a bare pleasantry or a note is taken for invented."""

LONGEST_LOOP = 8
"""Words of the longest stretch whose repetition is looked for."""

FEWEST_LOOPED_WORDS = 6
"""People say "no no no" and "very very very"; a loop has at least three rounds and six words."""

FEWEST_ECHOED_WORDS = 4
"""Words in the order of the prompt that are taken for an echo of it, not for a term of three."""

CREDITS = frozenset(
    {
        "thanks for watching",
        "thank you for watching",
        "thank you so much for watching",
        "thanks for listening",
        "thank you for listening",
        "please subscribe",
        "please subscribe to my channel",
        "please like and subscribe",
        "like and subscribe",
        "don't forget to subscribe",
        "see you next time",
        "see you in the next video",
        "i'll see you in the next video",
        "subtitles by the amara org community",
        "transcription by castingwords",
        "transcribed by otter ai",
        "blank audio",
    }
)
"""What Whisper learnt from film credits and writes for noise; in an interview nobody says it."""

NOTES = frozenset({"music", "applause", "laughter", "silence"})
"""What Whisper notes of noise in one word, and what may be the whole of an answer."""

PLEASANTRIES = frozenset({"thank you", "thank you very much", "thanks", "you", "bye", "bye bye"})
"""What Whisper writes for noise too, but people do say."""

_NOT_IN_WORDS = re.compile(r"[^\w']+")
_ENDS_SENTENCE = (".", "!", "?")


@dataclass(frozen=True)
class Guess:
    """What a model made of a stretch, and how sure it was of it.

    `log_probability` is the mean of its tokens', `no_speech` the probability that nobody spoke.
    """

    words: tuple[str, ...] = field(repr=False)
    log_probability: float
    no_speech: float

    @property
    def is_poor(self) -> bool:
        """Whether another try may do better: unsure without being silent, or repetitive."""
        return self.repeats or (self.log_probability < POOR_LOG_PROBABILITY and not self.is_silence)

    @property
    def merit(self) -> tuple[bool, float]:
        """The greater of two tries at the same stretch is the better."""
        sure = self.log_probability if self.words else -math.inf
        return not self.repeats, sure

    @property
    def repeats(self) -> bool:
        """Whether the text says the same again and again."""
        text = " ".join(self.words).encode()
        return len(text) / len(zlib.compress(text)) > POOR_COMPRESSION

    @property
    def is_unsure(self) -> bool:
        """Whether words that it likes to invent are not to be taken from it."""
        return math.exp(self.log_probability) < UNSURE

    @property
    def is_silence(self) -> bool:
        """Whether the model itself doubts that anybody spoke."""
        return (
            self.no_speech > SURELY_SILENT and self.log_probability < POOR_LOG_PROBABILITY
        ) or not math.isfinite(self.log_probability)


def believed(guess: Guess, speech_s: float) -> tuple[int, ...]:
    """Which of the words may stand, by position, given the seconds of speech in the stretch.

    None of a guess that is silence, a pleasantry nobody is sure of, or faster than people speak;
    else all but repeated loops and, at the end, credits and unsure notes of noise.
    """
    if guess.is_silence or is_unsure_pleasantry(guess):
        return ()
    kept = without_loops(guess.words)
    invented = CREDITS | NOTES if guess.is_unsure else CREDITS
    kept = kept[: len(kept) - sentence_at_end([guess.words[at] for at in kept], invented)]
    return () if is_too_fast(len(kept), speech_s) else tuple(kept)


def echoes(words: Sequence[str], prompt: str) -> bool:
    """Whether the words only repeat, in its order, what the model was given to read.

    It does so where it understands nothing.
    """
    heard, read = _keys(words), _keys(prompt.split())
    return len(heard) >= FEWEST_ECHOED_WORDS and f" {' '.join(heard)} " in f" {' '.join(read)} "


def is_unsure_pleasantry(guess: Guess) -> bool:
    """Whether the whole guess is a courtesy that the model is not sure of."""
    return " ".join(_keys(guess.words)) in PLEASANTRIES and guess.is_unsure


def is_too_fast(words: int, speech_s: float) -> bool:
    """Whether nobody can have said so many words in so many seconds of speech."""
    return words > MOST_WORDS_PER_SECOND * speech_s + SPARE_WORDS


def sentence_at_end(words: Sequence[str], phrases: Set[str]) -> int:
    """How many words at the end are one of the phrases, as a sentence of their own."""
    keys = _keys(words)
    for count in range(len(words), 0, -1):
        starts_sentence = count == len(words) or words[-count - 1].endswith(_ENDS_SENTENCE)
        if starts_sentence and " ".join(keys[-count:]) in phrases:
            return count
    return 0


def without_loops(words: Sequence[str]) -> list[int]:
    """The positions that remain when every loop is cut to its first round."""
    keys, kept, at = _keys(words), [], 0
    while at < len(keys):
        length, rounds = _loop_from(keys, at)
        kept.extend(range(at, at + length))
        at += length * rounds
    return kept


def _loop_from(keys: Sequence[str], at: int) -> tuple[int, int]:
    """Length and rounds of the loop that begins here; one round of one word where there is none."""
    for length in range(1, LONGEST_LOOP + 1):
        rounds, stretch = 1, keys[at : at + length]
        while keys[at + rounds * length : at + (rounds + 1) * length] == stretch:
            rounds += 1
        if rounds >= 3 and rounds * length >= FEWEST_LOOPED_WORDS:
            return length, rounds
    return 1, 1


def _keys(words: Sequence[str]) -> list[str]:
    """The words without case and punctuation."""
    return [_NOT_IN_WORDS.sub(" ", word.casefold()).strip() for word in words]
