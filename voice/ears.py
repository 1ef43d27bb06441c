"""The model at work: batches of stretches in, guesses with times out; all of it blocks."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from voice.audio import as_loudness
from voice.features import FRAMES_PER_S, Features, log_mel
from voice.guards import Guess
from voice.model_folder import ModelTraits
from voice.pieces import Piece, spoken_pieces
from voice.speech import HEARING_RATE, HeardWord, Samples
from voice.vad import SpeechDetector

MOST_TERMS = 40
"""Terms of a glossary that are passed on; more of them dilute each other."""

WHOLE_WINDOW_S = 30.0
"""What Whisper was trained to look at."""

_MOST_TOKENS = 448
_MOST_PROMPT_TOKENS = 224
_PROMPT_STEP = 32
_TOKENS_PER_S = 4.0
PREAMBLE = (
    " This is a technical job interview in English. A candidate and an interviewer talk about the"
    " design of software, of data and machine learning systems, and about earlier projects."
    " They use terms such as"
)
"""What the terms stand behind; its end fills a prompt up."""


class Spoken(NamedTuple):
    """A stretch of a recording that holds speech."""

    piece: Piece
    features: Features


@dataclass(frozen=True, eq=False)
class Look:
    """One stretch to be recognised: what the model reads first, what it sees, how it decodes."""

    features: Features
    prompt: tuple[int, ...]
    window_s: float
    temperature: float
    final: bool

    @property
    def kind(self) -> tuple[bool, float, float, int]:
        """What looks must share to go into one batch; CTranslate2 wants prompts of one length."""
        return self.final, self.window_s, self.temperature, len(self.prompt)

    @property
    def most_tokens(self) -> int:
        """More than anybody says in that time."""
        return 16 + 8 * self.features.shape[-1] // FRAMES_PER_S


class Seen(NamedTuple):
    """What a look gave; the words' times count from the first frame, and only finals have them."""

    guess: Guess
    words: tuple[HeardWord, ...]


class Ears:
    """A `faster_whisper.WhisperModel`, driven without its transcribe().

    That one always looks at 30 seconds, and takes one recording at a time.
    """

    def __init__(
        self, model: Any, tokenizer: Any, suppressed: Sequence[int], traits: ModelTraits
    ) -> None:
        """`tokenizer` is faster-whisper's; `suppressed` are tokens that are never written."""
        self._model = model
        self._tokenizer = tokenizer
        self._suppressed = list(suppressed)
        self._traits = traits
        self._preamble: list[int] = tokenizer.encode(PREAMBLE)

    def prepare(self, audio: Samples) -> list[Spoken]:
        """The stretches with speech."""
        pieces = spoken_pieces(SpeechDetector().probabilities(audio), len(audio))
        return [Spoken(piece, self._features(audio[piece.start : piece.end])) for piece in pieces]

    def prepare_each(self, recordings: Sequence[Samples]) -> list[list[Spoken]]:
        """The same for several recordings."""
        return [self.prepare(audio) for audio in recordings]

    def window_s(self, features: Features) -> float:
        """Seconds to look at: whole ones, so that stretches of like length share a batch."""
        spoken = features.shape[-1] / FRAMES_PER_S
        least = self._traits.min_window_s
        return min(WHOLE_WINDOW_S, float(math.ceil(max(least, spoken + least / 5))))

    def prompt(self, terms: Sequence[str]) -> tuple[int, ...]:
        """Terms as if they had been said before; a multiple of 32 tokens.

        An introduction fills it up, so that calls with other glossaries can share a batch.
        """
        if not terms or not self._traits.takes_terms:
            return ()
        tokens: list[int] = []
        for term in terms[:MOST_TERMS]:
            more = self._tokenizer.encode(f" {term},")
            if len(tokens) + len(more) >= _MOST_PROMPT_TOKENS:
                break
            tokens += more
        free = -(len(tokens) + 1) % _PROMPT_STEP
        before = self._preamble[len(self._preamble) - free :]
        return (self._tokenizer.sot_prev, *before, *tokens)

    def look(self, looks: Sequence[Look]) -> list[Seen]:
        """Recognise stretches of one kind together."""
        first = looks[0]
        encoded = self._encode([each.features for each in looks], first.window_s)
        results = self._generate(encoded, looks)
        texts = [result.sequences_ids[0] for result in results]
        timed = self._timed(encoded, looks, texts) if first.final else [()] * len(looks)
        return [self._seen(*each) for each in zip(results, texts, timed, strict=True)]

    def exercise(self, seconds: float, terms: Sequence[str] = ()) -> float:
        """Seconds of work for speech of that length at a usual pace, however unintelligible."""
        noise = np.random.default_rng(0).normal(size=int(seconds * HEARING_RATE)) * 3000
        began = time.perf_counter()
        features = self._features(noise.astype(np.int16))
        encoded = self._encode([features], self.window_s(features))
        prompt = self._whole_prompt(self.prompt(terms))
        self._model.model.generate(
            encoded,
            [prompt],
            beam_size=self._traits.beam,
            max_length=len(prompt) + int(seconds * _TOKENS_PER_S),
            suppress_tokens=[*self._suppressed, self._tokenizer.eot],
        )
        return time.perf_counter() - began

    def _features(self, samples: Samples) -> Features:
        return log_mel(as_loudness(samples), self._model.feature_extractor.mel_filters)

    def _encode(self, features: Sequence[Features], window_s: float) -> Any:
        """Empty frames up to the window, as faster-whisper fills its 30 seconds."""
        frames = int(window_s * FRAMES_PER_S)
        batch = np.zeros((len(features), features[0].shape[0], frames), np.float32)
        for row, each in zip(batch, features, strict=True):
            row[:, : each.shape[-1]] = each[:, :frames]
        return self._model.encode(batch)

    def _whole_prompt(self, terms: tuple[int, ...]) -> list[int]:
        return [*terms, *self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def _generate(self, encoded: Any, looks: Sequence[Look]) -> Any:
        first = looks[0]
        prompts = [self._whole_prompt(each.prompt) for each in looks]
        longest = len(prompts[0]) + max(each.most_tokens for each in looks)
        likeliest: dict[str, Any] = {"beam_size": self._traits.beam if first.final else 1}
        drawn = {
            "beam_size": 1,
            "sampling_topk": 0,
            "sampling_temperature": first.temperature,
        }
        return self._model.model.generate(
            encoded,
            prompts,
            max_length=min(longest, _MOST_TOKENS),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._suppressed,
            **(drawn if first.temperature else likeliest),
        )

    def _timed(
        self, encoded: Any, looks: Sequence[Look], texts: Sequence[list[int]]
    ) -> list[tuple[HeardWord, ...]]:
        """The words with their times, from the attention of the decoder to the audio."""
        eot = self._tokenizer.eot
        spoken = [[token for token in text if token < eot] for text in texts]
        frames = [each.features.shape[-1] for each in looks]
        # An empty text cannot be aligned; a stand-in keeps the rows of the batch together.
        found = self._model.find_alignment(
            self._tokenizer, [text or self._preamble[:1] for text in spoken], encoded, frames
        )
        return [_words(row) if text else () for row, text in zip(found, spoken, strict=True)]

    def _seen(self, result: Any, text: list[int], words: tuple[HeardWord, ...]) -> Seen:
        written = [word.text for word in words] or self._tokenizer.decode(text).split()
        score = result.scores[0] * len(text) / (len(text) + 1)
        return Seen(Guess(tuple(written), score, result.no_speech_prob), words)


def _words(aligned: Sequence[dict[str, Any]]) -> tuple[HeardWord, ...]:
    """Words as they are written; what has no space before it goes with the word before it."""
    words: list[HeardWord] = []
    for each in aligned:
        text = each["word"].strip()
        spoken = any(letter.isalnum() for letter in text)
        times = float(each["start"]), float(each["end"])
        word = HeardWord(text, *times, float(each["probability"]))
        if words and spoken and not each["word"].startswith(" "):
            words[-1] = _joined(words[-1], word)
        elif words and not spoken:
            words[-1] = replace(words[-1], text=words[-1].text + text)
        elif text:
            words.append(word)
    return tuple(words)


def _joined(first: HeardWord, rest: HeardWord) -> HeardWord:
    """One word of two parts, as "p99" or "real-time" may come; it is as sure as the less sure."""
    probability = min(first.probability, rest.probability)
    return HeardWord(first.text + rest.text, first.start_s, rest.end_s, probability)
