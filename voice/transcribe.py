"""Audio to words: faster-whisper's model, one for all calls, looking at no more than was said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from voice.batching import MicroBatcher
from voice.devices import Device, cpu_instead
from voice.ears import PREAMBLE, WHOLE_WINDOW_S, Ears, Look, Seen, Spoken
from voice.guards import believed, echoes
from voice.model_folder import ModelTraits, read_traits
from voice.pieces import Piece
from voice.quiet import keep_quiet
from voice.speech import HEARING_RATE, HeardWord, Recogniser, Samples, Transcription, VoiceError

_LOG = logging.getLogger(__name__)

SECOND_TEMPERATURE = 0.2
"""Of the last try at a stretch on which the likeliest words failed."""

MOST_IN_BATCH = {"cpu": 4, "cuda": 16}
"""Four take a CPU two and a half times as long as one, and meanwhile a final may have to wait."""

_WARM_UP_S = 1.0
_WORD_EDGE_S = 0.1


class WhisperRecogniser(Recogniser):
    """Recognises speech for any number of calls on one event loop with one model.

    Preparing and decoding run in threads of their own, and what several calls ask for at once is
    decoded together. Only stretches with speech reach the model. Where a GPU fails in the middle
    of a call, the CPU takes its place; `device` says so, and whoever asked waits a little longer.
    """

    def __init__(
        self, ears: Ears, device: Device, reopen: Callable[[Device], Ears] | None = None
    ) -> None:
        """See `load`; `reopen` loads the same model on another device, and blocks."""
        self.device = device
        self._ears = ears
        self._reopen = reopen
        self._failed_ears: Ears | None = None
        self._batcher = MicroBatcher[Look, Seen](self._look, MOST_IN_BATCH[device.kind])
        self._preparer = MicroBatcher[Samples, list[Spoken]](ears.prepare_each, 1, linger_s=0)

    @classmethod
    def load(cls, folder: Path, device: Device) -> WhisperRecogniser:
        """Load a model and use it once, so that the first words wait for nothing. Blocks.

        Where a GPU fails the CPU takes its place, and `device.why` says so. Raises `VoiceError`
        where the model is missing or broken.
        """
        traits = read_traits(folder)
        try:
            ears = _opened(folder, device, traits)
            return cls(ears, device, lambda spare: _opened(folder, spare, traits))
        except (RuntimeError, ValueError) as error:
            if device.kind == "cpu":
                raise VoiceError(
                    f"{folder}: the speech recognition model cannot be loaded ({error}). Fetch it "
                    f"again: hotseat models download {device.model_name}"
                ) from error
            spare = cpu_instead(device, _gpu_fault(error))
        return cls.load(folder, spare)

    async def partial(self, audio: Samples, terms: Sequence[str]) -> str:
        """A quick guess at speech that goes on, without times and without second tries."""
        seen = await self._heard(audio, terms, final=False)
        return " ".join(word for each in seen for word in each.guess.words)

    async def final(self, audio: Samples, terms: Sequence[str]) -> Transcription:
        """The words with their times; none for noise and silence."""
        seen = await self._heard(audio, terms, final=True)
        words = tuple(word for each in seen for word in each.words)
        return Transcription(" ".join(word.text for word in words), words)

    def exercise(self, seconds: float, terms: Sequence[str] = ()) -> float:
        """Seconds of work for so many seconds of speech at a usual pace; blocks.

        With terms it shows what a glossary costs.
        """
        return self._ears.exercise(seconds, terms)

    def prompt_tokens(self, terms: Sequence[str]) -> int:
        """How many tokens of glossary the model reads before each stretch."""
        return len(self._ears.prompt(terms))

    def close(self) -> None:
        """Stop; whoever still waits for an answer gets `VoiceError`."""
        self._preparer.close()
        self._batcher.close()

    def _look(self, looks: Sequence[Look]) -> list[Seen]:
        """Recognise, in the batcher's thread, so that all others wait while a GPU is replaced."""
        try:
            return self._ears.look(looks)
        except RuntimeError as error:
            # Several are tried one by one first: a GPU without memory for all of them may do each.
            if len(looks) > 1 or self.device.kind == "cpu" or self._reopen is None:
                raise
            self._move_to_cpu(self._reopen, error)
        return self._ears.look(looks)

    def _move_to_cpu(self, reopen: Callable[[Device], Ears], fault: RuntimeError) -> None:
        """Load the model once more; raises `fault` where that fails too, and never tries again."""
        self._reopen = None
        _LOG.warning("the GPU failed (%s); speech is recognised on the CPU from now on", fault)
        spare = cpu_instead(self.device, _gpu_fault(fault))
        try:
            ears = reopen(spare)
        except (RuntimeError, ValueError, VoiceError) as error:
            _LOG.error("speech recognition cannot be loaded on the CPU either: %s", error)
            raise fault from error
        # Freed on a GPU that is broken, a model may abort the process (CTranslate2 issue 125).
        self._failed_ears = self._ears
        self._ears, self.device = ears, spare
        self._batcher.most = MOST_IN_BATCH[spare.kind]

    async def _heard(self, audio: Samples, terms: Sequence[str], *, final: bool) -> list[Seen]:
        spoken = await self._preparer.run("prepare", audio, urgent=final)
        return await asyncio.gather(*(self._read(each, terms, final=final) for each in spoken))

    async def _read(self, spoken: Spoken, terms: Sequence[str], *, final: bool) -> Seen:
        """One stretch; a final that came out poorly is tried again as the model was trained."""
        tries: list[Seen] = []
        for look in self._looks(spoken, terms, final=final):
            seen = await self._batcher.run(look.kind, look, urgent=final)
            tries.append(_without_echo(seen, terms) if look.prompt else seen)
            guess = tries[-1].guess
            if not guess.is_poor and (guess.words or not look.prompt):
                break
        best = max(tries, key=lambda seen: seen.guess.merit)
        return _believed(best, spoken.piece)

    def _looks(self, spoken: Spoken, terms: Sequence[str], *, final: bool) -> list[Look]:
        """The ways to try, in order: with the terms and no more than was said, then without."""
        window_s = self._ears.window_s(spoken.features)
        first = Look(spoken.features, self._ears.prompt(terms), window_s, 0.0, final)
        if not final:
            return [first]
        whole = replace(first, prompt=(), window_s=WHOLE_WINDOW_S)
        return [first, whole, replace(whole, temperature=SECOND_TEMPERATURE)]


def _gpu_fault(error: Exception) -> str:
    return f"the GPU failed ({error})."


def _opened(folder: Path, device: Device, traits: ModelTraits) -> Ears:
    try:
        keep_quiet()
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens
    except ImportError as error:
        raise VoiceError(
            f"Speech recognition is not installed ({error}). "
            "Install the extra: pip install 'hotseat-interviewer[voice]'"
        ) from error
    model = WhisperModel(
        str(folder),
        device=device.kind,
        compute_type=device.compute_type,
        cpu_threads=device.threads,
        local_files_only=True,
    )
    tokenizer = Tokenizer(
        model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language="en"
    )
    no_speech: Any = [-1]  # its annotation is wrong; stands for brackets, notes, speaker tags
    ears = Ears(model, tokenizer, get_suppressed_tokens(tokenizer, no_speech) or (), traits)
    ears.exercise(_WARM_UP_S)
    return ears


def _without_echo(seen: Seen, terms: Sequence[str]) -> Seen:
    """A guess that only repeats the prompt holds no words."""
    if not echoes(seen.guess.words, " ".join([PREAMBLE, *terms])):
        return seen
    return Seen(replace(seen.guess, words=()), ())


def _believed(seen: Seen, piece: Piece) -> Seen:
    """What may stand of a guess, its times set in the recording and kept to where speech was."""
    kept = believed(seen.guess, piece.speech_s)
    guess = replace(seen.guess, words=tuple(seen.guess.words[at] for at in kept))
    words = tuple(_placed(seen.words[at], piece) for at in kept) if seen.words else ()
    return Seen(guess, words)


def _placed(word: HeardWord, piece: Piece) -> HeardWord:
    start, first, last = (
        piece.start / HEARING_RATE,
        max(0.0, piece.first_s - _WORD_EDGE_S),
        piece.last_s + _WORD_EDGE_S,
    )
    begins = min(max(word.start_s + start, first), last)
    return replace(word, start_s=begins, end_s=min(max(word.end_s + start, begins), last))
