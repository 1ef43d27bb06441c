"""Meaning beside words: sentence embeddings on the CPU, used where the model's files are present.

The model is all-MiniLM-L6-v2 (Apache-2.0), a BERT of six layers whose mean token vector is the
embedding of a sentence. It runs in CTranslate2 with weights of eight bits, which faster-whisper
needs as well. `install` makes its folder from the published files; without that folder nothing
here is used and the finder works by words alone.

Two fixed rules combine it with the lexical finder:

- *soft coverage*: in a window a word of a reference counts as far as a word of the answer means
  the same in its sentence; the bands of `scoring.matches` stay as they are;
- *nearness*: a sentence that is nearer to a concept's own wordings than to its near misses and to
  every other concept of the stage is evidence for it.

What passes no gate is no evidence for either. The thresholds of nearness come from the wordings of
the packs themselves, each left out in turn, not from anybody's grades.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.coverage import Covered, Reference
from scoring.matches import NEAR_TRACE
from scoring.text import Reading, Token, is_content, tokenise

Matrix = NDArray[np.float32]

MODEL = "all-MiniLM-L6-v2"
WEIGHTS, TOKENIZER = "model.safetensors", "tokenizer.json"
CHECKSUMS: Mapping[str, str] = MappingProxyType(
    {
        WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    }
)
"""SHA-256 of the published files from which the model's folder is made."""

LAYERS, HEADS, DIMENSIONS = 6, 12, 384
_EPSILON = 1e-12
_MOST_PIECES = 256
"""Word pieces of a text that are read, as the model was trained."""

_SOURCE = "source.json"
"""Written last: says from which files the folder was made, so a torn folder is never loaded."""

SAME_MEANING = 0.4
"""Cosine of two words in context from which they begin to count as the same; 1 counts fully."""

TELLING = 0.5
"""Part of a word from which it is shown as matched."""

NEAR_MARGIN = 0.05
"""How much nearer than to any near miss and any other concept of the stage."""


class SemanticError(Exception):
    """The model's folder, or a file for it, is missing or not what it should be."""


class Encoded(NamedTuple):
    """A text's word pieces, one vector each, from `starts` to `ends`, and its own unit vector."""

    pieces: Matrix
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    whole: Matrix


class SentenceEncoder:
    """The model, ready to run. It keeps the latest texts and may be shared between threads."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Raises `SemanticError` where the folder holds no whole model."""
        if not is_installed(folder):
            raise SemanticError(f"{folder} holds no model: run `hotseat models download semantic`")
        import ctranslate2
        from tokenizers import Tokenizer

        try:
            self._encoder: Any = ctranslate2.Encoder(
                str(folder), device="cpu", intra_threads=threads
            )
            self._tokenizer: Any = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as err:
            raise SemanticError(
                f"the model in {folder} cannot be read ({err}): delete the folder and run "
                "`hotseat models download semantic` again"
            ) from err
        self._tokenizer.enable_truncation(_MOST_PIECES)
        self._tokenizer.no_padding()
        self._remembered: Callable[[str], Encoded] = lru_cache(maxsize=2_000)(self._encode)

    def encode(self, text: str) -> Encoded:
        """The vectors of a text that holds at least one word."""
        return self._remembered(text)

    def _encode(self, text: str) -> Encoded:
        pieces = self._tokenizer.encode(text)
        states = self._encoder.forward_batch([pieces.ids]).last_hidden_state
        vectors = np.asarray(states, dtype=np.float32)[0]
        offsets = np.asarray(pieces.offsets)[1:-1]  # without the marks of beginning and end
        return Encoded(vectors[1:-1], offsets[:, 0], offsets[:, 1], _unit(vectors.mean(axis=0)))


def _unit(vector: Matrix) -> Matrix:
    return vector / (np.linalg.norm(vector, axis=-1, keepdims=True) + 1e-9)


def _word_vectors(encoded: Encoded, tokens: Sequence[Token], offset: int) -> Matrix:
    """A unit vector per token of a text that begins at `offset`; zeros for what was cut off."""
    first = np.searchsorted(encoded.ends, [token.start - offset for token in tokens], side="right")
    last = np.searchsorted(encoded.starts, [token.end - offset for token in tokens], side="left")
    sums = np.vstack([np.zeros(DIMENSIONS), np.cumsum(encoded.pieces, axis=0)])
    return _unit((sums[np.maximum(first, last)] - sums[first]).astype(np.float32))


class Near(NamedTuple):
    """The tokens `positions` say what the concept says; `score` is the cosine, 0 to 1."""

    concept: int
    score: float
    positions: tuple[int, ...]


class SemanticIndex:
    """Reference texts by meaning. `groups` names the stage of each concept."""

    def __init__(
        self,
        encoder: SentenceEncoder,
        references: Sequence[Reference],
        weight_of: Callable[[str], float],
        groups: Sequence[str],
    ) -> None:
        self.encode = encoder.encode
        self._references = told = [one for one in references if _distinct_content(one.text)]
        self._groups = np.asarray(groups)
        encoded = [encoder.encode(one.text) for one in told]
        words = [_distinct_content(one.text) for one in told]
        self._whole = np.stack([one.whole for one in encoded])
        self._words = np.concatenate(
            [_word_vectors(one, said, 0) for one, said in zip(encoded, words, strict=True)]
        )
        self._stems = np.asarray([token.stem for said in words for token in said])
        self._weights = _shares([[weight_of(token.stem) for token in said] for said in words])
        self._edges = (0, *accumulate(len(said) for said in words))
        self._concept = np.asarray([one.concept for one in told])
        self._said = np.asarray([one.kind == "phrasing" for one in told])
        self._near_miss = np.asarray([one.kind == "near miss" for one in told])

    def look(self, reading: Reading, pieces: Sequence[tuple[int, int]]) -> Look:
        """An answer, taken apart into pieces (token ranges), beside the references."""
        return Look(self, reading, pieces)

    def alike(self, tokens: Sequence[Token], vectors: Matrix) -> Matrix:
        """How much each word of the references (rows) means what each token (columns) means."""
        cosine = self._words @ vectors.T
        alike = np.clip((cosine - SAME_MEANING) / (1 - SAME_MEANING), 0, 1)
        stems = np.asarray([token.stem for token in tokens])
        content = np.asarray([is_content(token) for token in tokens])
        alike[self._stems[:, None] == stems[None, :]] = 1
        return alike * content

    def covered(self, alike: Matrix, least: float) -> Iterator[tuple[int, float, list[int]]]:
        """The references covered by these columns, by how much, and the telling columns."""
        best = alike.max(axis=1)
        shares = np.add.reduceat(self._weights * best, self._edges[:-1])
        for number in np.flatnonzero(shares >= least):
            rows = alike[self._edges[number] : self._edges[number + 1]]
            telling = rows.argmax(axis=1)[rows.max(axis=1) >= TELLING]
            yield int(number), float(shares[number]), sorted({*telling.tolist()})

    def as_covered(self, number: int, share: float, stems: frozenset[str]) -> Covered:
        """Reference `number` as lexical coverage would name it."""
        order = tuple(self._stems[self._edges[number] : self._edges[number + 1]].tolist())
        return Covered(self._references[number], share, stems, order)

    def nearest(self, pieces: Matrix) -> Iterator[tuple[int, int, int, float]]:
        """Piece, concept, reference and cosine wherever a piece is near enough and nearest."""
        cosine = pieces @ self._whole.T
        for concept in range(len(self._groups)):
            own = np.flatnonzero((self._concept == concept) & self._said)
            rivals = np.flatnonzero(self._rivals(concept))
            if not own.size:
                continue
            score = cosine[:, own].max(axis=1)
            other = cosine[:, rivals].max(axis=1) if rivals.size else np.zeros(len(pieces))
            for piece in np.flatnonzero((score >= NEAR_TRACE) & (score - other >= NEAR_MARGIN)):
                best = int(own[cosine[piece, own].argmax()])
                yield int(piece), concept, best, float(score[piece])

    def _rivals(self, concept: int) -> NDArray[np.bool_]:
        """Near misses of the concept, and the wordings of the other concepts of its stage."""
        own = self._concept == concept
        same_stage = self._groups[self._concept] == self._groups[concept]
        return (own & self._near_miss) | (same_stage & ~own & ~self._near_miss)

    def telling(self, reference: int, alike: Matrix, columns: range) -> tuple[int, ...]:
        """The columns whose words mean what a word of the reference means; all if there is none."""
        rows = alike[
            self._edges[reference] : self._edges[reference + 1], columns.start : columns.stop
        ]
        told = np.flatnonzero(rows.max(axis=0, initial=0) >= TELLING)
        return tuple(int(at) + columns.start for at in told) or tuple(columns)


class Look:
    """One answer beside the references; each of its pieces is encoded once for both rules."""

    def __init__(
        self, index: SemanticIndex, reading: Reading, pieces: Sequence[tuple[int, int]]
    ) -> None:
        self._index = index
        self._reading = reading
        self._pieces = [piece for piece in pieces if piece[0] < piece[1]]
        self._encoded = [index.encode(self._text(piece)) for piece in self._pieces]
        self._alike = self._compare()

    def _text(self, piece: tuple[int, int]) -> str:
        start, end = self._reading.slice(*piece)
        return self._reading.text[start:end]

    def _compare(self) -> Matrix:
        tokens = self._reading.tokens
        vectors = np.zeros((len(tokens), DIMENSIONS), dtype=np.float32)
        for piece, encoded in zip(self._pieces, self._encoded, strict=True):
            offset = tokens[piece[0]].start
            said = tokens[slice(*piece)]
            vectors[slice(*piece)] = _word_vectors(encoded, said, offset)
        return self._index.alike(tokens, vectors)

    def covered(
        self, windows: Sequence[tuple[int, int]], least: float
    ) -> Iterator[tuple[int, Covered]]:
        """Like `CoverageIndex.covered`, with words that mean the same counted in part."""
        for at, (first, last) in enumerate(windows):
            if first >= last:
                continue
            for number, share, columns in self._index.covered(self._alike[:, first:last], least):
                stems = frozenset(self._reading.tokens[first + one].stem for one in columns)
                yield at, self._index.as_covered(number, share, stems)

    def near(self) -> Iterator[Near]:
        """The concepts that a piece is near enough to, and nearest."""
        if not self._pieces:
            return
        whole = np.stack([one.whole for one in self._encoded])
        for piece, concept, reference, score in self._index.nearest(whole):
            columns = range(*self._pieces[piece])
            yield Near(concept, score, self._index.telling(reference, self._alike, columns))


def _distinct_content(text: str) -> list[Token]:
    """Content words of a reference, each stem once, as lexical coverage counts them."""
    first: dict[str, Token] = {}
    for token in tokenise(text):
        if is_content(token):
            first.setdefault(token.stem, token)
    return list(first.values())


def _shares(weights: Sequence[Sequence[float]]) -> Matrix:
    """Each weight as a part of its text's sum, all in a row."""
    return np.asarray([weight / sum(one) for one in weights for weight in one], dtype=np.float32)


def is_installed(folder: Path) -> bool:
    """Whether the folder holds the whole model, made from the files that are pinned here."""
    try:
        made_from = json.loads((folder / _SOURCE).read_bytes())
    except (OSError, ValueError):
        return False
    return made_from == dict(CHECKSUMS)


def check(file: Path) -> None:
    """Raise `SemanticError` unless the file is the published one of its name."""
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != CHECKSUMS[file.name]:
        raise SemanticError(
            f"{file} is not the published {file.name} of {MODEL} (SHA-256 {found[:12]}..., "
            f"expected {CHECKSUMS[file.name][:12]}...): delete it and download it again"
        )


def install(weights: Path, tokenizer: Path, folder: Path) -> None:
    """Make the model's folder from the published files.

    Raises `SemanticError` for other files and `OSError` where the folder cannot be written.
    """
    check(weights)
    check(tokenizer)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _SOURCE).unlink(missing_ok=True)
    (folder / TOKENIZER).write_bytes(tokenizer.read_bytes())
    _convert(weights, tokenizer, folder)
    (folder / _SOURCE).write_text(json.dumps(dict(CHECKSUMS)), encoding="utf-8")


def _convert(weights: Path, tokenizer: Path, folder: Path) -> None:
    """Write the weights as CTranslate2 reads them, in eight bits.

    The layout is that of BERT (Devlin et al., 2019). There is one kind of token here, so its
    embedding is added to those of the positions.
    """
    from ctranslate2.specs.common_spec import Activation
    from ctranslate2.specs.transformer_spec import (
        TransformerEncoderModelSpec,
        TransformerEncoderSpec,
    )
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    tensors = load_file(weights)
    encoder: Any = TransformerEncoderSpec(
        LAYERS, HEADS, pre_norm=False, activation=Activation.GELU, layernorm_embedding=True
    )
    spec: Any = TransformerEncoderModelSpec(encoder)
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensors["embeddings.word_embeddings.weight"]
    encoder.position_encodings.encodings = (
        tensors["embeddings.position_embeddings.weight"]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    _normalise(encoder.layernorm_embedding, tensors, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _fill_layer(layer, tensors, f"encoder.layer.{number}")
    vocabulary: dict[str, int] = Tokenizer.from_file(str(tokenizer)).get_vocab()
    spec.register_vocabulary(sorted(vocabulary, key=vocabulary.__getitem__))
    spec.config.unk_token = "[UNK]"  # noqa: S105 - a token of the vocabulary
    spec.config.layer_norm_epsilon = _EPSILON
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))


def _fill_layer(layer: Any, tensors: Mapping[str, Matrix], name: str) -> None:
    attention = layer.self_attention
    _project(attention.linear[0], tensors, *(f"{name}.attention.self.{one}" for one in _INPUTS))
    _project(attention.linear[1], tensors, f"{name}.attention.output.dense")
    _normalise(attention.layer_norm, tensors, f"{name}.attention.output.LayerNorm")
    _project(layer.ffn.linear_0, tensors, f"{name}.intermediate.dense")
    _project(layer.ffn.linear_1, tensors, f"{name}.output.dense")
    _normalise(layer.ffn.layer_norm, tensors, f"{name}.output.LayerNorm")


_INPUTS = ("query", "key", "value")


def _project(spec: Any, tensors: Mapping[str, Matrix], *names: str) -> None:
    spec.weight = np.concatenate([tensors[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([tensors[f"{name}.bias"] for name in names])


def _normalise(spec: Any, tensors: Mapping[str, Matrix], name: str) -> None:
    spec.gamma, spec.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
