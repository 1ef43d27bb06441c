"""What the clips promise to whoever tests with them."""

import asyncio

import numpy as np
import pytest

from tests.fixtures.voice.clips import FOLDER, RATE, clip, entry, index, together
from voice.devices import DeviceWish, choose_device
from voice.samples import sample_recogniser_folder, sample_voice
from voice.transcribe import WhisperRecogniser

MOST_BYTES = 3_000_000


def test_there_is_a_clip_for_every_sentence() -> None:
    """Of both lists, and every noise; no name stands for two."""
    kinds = [one.kind for one in index()]
    assert kinds.count("general") >= 130
    assert kinds.count("interview") >= 80
    assert {one.file for one in index() if one.kind == "noise"} == {
        f"noise-{name}.ogg"
        for name in ("cough", "click", "keyboard", "burst", "breath", "hum", "thinking")
    }
    assert len({one.file for one in index()}) == len(index())
    assert {file.name for file in FOLDER.glob("*.ogg")} == {one.file for one in index()}


def test_speech_begins_and_ends_where_the_index_says() -> None:
    """To the sample, so that waits can be measured from it."""
    for one in index():
        if one.text:
            samples = np.abs(clip(one.text).astype(int))
            assert len(samples) == one.end - one.start
            assert min(samples[:1].max(), samples[-1:].max()) > 0


def test_a_clip_is_found_by_its_text_or_its_name() -> None:
    """What there is none of is named."""
    assert entry("noise-cough").kind == "noise"
    assert np.array_equal(clip("um so"), clip("um-so"))
    with pytest.raises(KeyError, match="no clip of"):
        clip("the quick brown fox")


def test_clips_and_pauses_are_laid_end_to_end() -> None:
    """Pauses in seconds; changing the result changes no clip."""
    whole = together(0.5, clip("okay"), 1)
    assert len(whole) == round(1.5 * RATE) + len(clip("okay"))
    whole[:] = 0
    assert clip("okay").any()


def test_somebody_thinks_for_a_minute() -> None:
    """Long enough for every wait there is."""
    assert entry("noise-thinking").samples / RATE == pytest.approx(60, abs=0.5)


async def test_sentences_are_understood_after_a_glossary_as_well() -> None:
    """At least 95 in 100 to the letter: the terms of a scenario stand before what is said."""
    terms = ("RAG", "LLM", "p95", "idempotency key", "prompt injection", "vector store", "canary")
    recogniser = WhisperRecogniser.load(
        sample_recogniser_folder(), choose_device(DeviceWish(kind="cpu"))
    )
    texts = [one.text for one in index() if one.kind == "interview"]
    audio = [together(0.3, clip(text), 0.4) for text in texts]

    heard = await asyncio.gather(*(recogniser.final(one, terms) for one in audio))
    recogniser.close()

    wrong = [text for text, one in zip(texts, heard, strict=True) if one.text != text]
    assert len(wrong) <= len(texts) * 0.05, wrong


def test_the_samples_are_small_and_there() -> None:
    """Small enough to be kept with the code."""
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST_BYTES
    assert (sample_recogniser_folder() / "model.bin").stat().st_size < 5_000_000
    assert sample_voice().stat().st_size < MOST_BYTES
