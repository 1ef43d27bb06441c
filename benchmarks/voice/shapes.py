"""Whisper models of real shapes with random weights, in CTranslate2's format.

They cost what the real ones cost and understand nothing. Made with the libraries of the extra
`voice` alone: CTranslate2's own description of the model, filled with numbers, and a tokenizer with
Whisper's special tokens at their places.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WORDS = 50_257
"""Tokens before the special ones, in Whisper's vocabulary."""
HEARS, WRITES = 1500, 448
"""Positions of the encoder and the decoder."""
POOL = 2**20
PIECES = 4000
"""Pieces of words that the tokenizer knows; the other places are filled up."""
DOCUMENTS = Path(__file__).resolve().parents[2] / "docs"

Array = NDArray[Any]


@dataclass(frozen=True)
class Shape:
    """The sizes of a Whisper model."""

    name: str
    width: int
    encoder_layers: int
    decoder_layers: int
    heads: int
    bands: int
    languages: int

    @property
    def vocabulary(self) -> int:
        """Tokens in all: words, special ones, and 1,501 times."""
        return WORDS + 2 + self.languages + 6 + 1501


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("tiny", 384, 4, 4, 6, 80, 99),
        Shape("base", 512, 6, 6, 8, 80, 99),
        Shape("small", 768, 12, 12, 12, 80, 99),
        Shape("large-v3-turbo", 1280, 32, 4, 20, 128, 100),
    )
}


def build(shape: Shape, folder: Path, quantization: str) -> Path:
    """Write a model into a new folder that faster-whisper loads; returns it.

    `quantization` is "int8" or "float16"; the large shape takes a minute and 3 GB of memory.
    """
    from ctranslate2.specs.whisper_spec import WhisperSpec

    spec: Any = WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    _fill(spec, shape, _numbers())
    tokens = [f"t{number}" for number in range(WORDS)] + _special(shape.languages)
    times = [f"<|{step * 0.02:.2f}|>" for step in range(1501)]
    spec.register_vocabulary([*tokens, *times])
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.lang_ids = list(range(WORDS + 2, WORDS + 2 + shape.languages))
    half = shape.decoder_layers // 2
    spec.config.alignment_heads = [
        (layer, head) for layer in range(half, shape.decoder_layers) for head in range(shape.heads)
    ]
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True)
    spec.save(str(folder))
    _write_tokenizer(folder, shape.languages)
    described = {"feature_size": shape.bands, "sampling_rate": 16000, "hop_length": 160}
    described |= {"chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(described), "utf-8")
    return folder


def _numbers() -> Callable[..., Array]:
    """Random numbers in any shape, drawn once and repeated; equal ones would be stored once."""
    pool = np.random.default_rng(0).normal(0.0, 0.02, POOL).astype(np.float32)
    turns = itertools.count(1)
    return lambda *sizes: np.resize(np.roll(pool, 7919 * next(turns)), sizes)


def _fill(spec: Any, shape: Shape, draw: Callable[..., Array]) -> None:
    width = shape.width
    for part, positions in ((spec.encoder, HEARS), (spec.decoder, WRITES)):
        part.position_encodings.encodings = draw(positions, width)
        _norm(part.layer_norm, width)
        for layer in part.layer:
            _attention(layer.self_attention, width, (3, 1), draw)
            if hasattr(layer, "attention"):
                _attention(layer.attention, width, (1, 2, 1), draw)
            _norm(layer.ffn.layer_norm, width)
            _linear(layer.ffn.linear_0, 4 * width, width, draw)
            _linear(layer.ffn.linear_1, width, 4 * width, draw)
    for convolution, inputs in ((spec.encoder.conv1, shape.bands), (spec.encoder.conv2, width)):
        convolution.weight, convolution.bias = draw(width, inputs, 3), draw(width)
    spec.decoder.embeddings.weight = draw(shape.vocabulary, width)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight


def _attention(part: Any, width: int, parts: tuple[int, ...], draw: Callable[..., Array]) -> None:
    """Queries, keys and values of CTranslate2 lie in one matrix where they have one input."""
    _norm(part.layer_norm, width)
    for linear, count in zip(part.linear, parts, strict=True):
        _linear(linear, count * width, width, draw)


def _norm(part: Any, width: int) -> None:
    part.gamma, part.beta = np.ones(width, np.float32), np.zeros(width, np.float32)


def _linear(part: Any, outputs: int, inputs: int, draw: Callable[..., Array]) -> None:
    part.weight, part.bias = draw(outputs, inputs), draw(outputs)


def _special(languages: int) -> list[str]:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    codes = list(_LANGUAGE_CODES)[:languages]
    after = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")
    return [f"<|{name}|>" for name in ("endoftext", "startoftranscript", *codes, *after)]


def _write_tokenizer(folder: Path, languages: int) -> None:
    """Pieces of words as they are common in this project's documents, about two to a word."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    bytewise = pre_tokenizers.ByteLevel(add_prefix_space=False)
    learner: Any = Tokenizer(models.BPE())
    learner.pre_tokenizer = bytewise
    trainer: Any = trainers.BpeTrainer(
        vocab_size=PIECES, initial_alphabet=bytewise.alphabet(), show_progress=False
    )
    learner.train([str(page) for page in sorted(DOCUMENTS.glob("*.md"))], trainer)
    learned = json.loads(learner.to_str())["model"]
    vocabulary = {f"t{number}": number for number in range(len(learned["vocab"]), WORDS)}
    merges = [tuple(merge) for merge in learned["merges"]]
    tokenizer: Any = Tokenizer(models.BPE(vocab={**learned["vocab"], **vocabulary}, merges=merges))
    tokenizer.pre_tokenizer = bytewise
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in _special(languages)])
    tokenizer.save(str(folder / "tokenizer.json"))
