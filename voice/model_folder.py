"""A folder with a Whisper model for CTranslate2: is it whole, and what does this model want."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from voice.speech import VoiceError

TRAITS = "hotseat.json"

_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_JSON = ("config.json", "tokenizer.json", "preprocessor_config.json", TRAITS)


@dataclass(frozen=True)
class ModelTraits:
    """How a model is to be used; `hotseat.json` beside it may change the defaults.

    `min_window_s`: Whisper was trained on 30 s. Shown 10 s or more, with a fifth of that to spare,
    it makes no more errors and takes a fraction of the time; shown less, it begins to repeat itself
    (whisper.cpp #1855, faster-whisper #1006). `beam`: guesses followed side by side in a final
    recognition. `takes_terms`: whether it was trained to read text before its own.
    """

    min_window_s: float = 10.0
    beam: int = 2
    takes_terms: bool = True


def read_traits(folder: Path) -> ModelTraits:
    """The traits of the model in a folder.

    Raises `VoiceError` where a file is missing or broken: without its tokenizer.json faster-whisper
    would ask the network for one.
    """
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        raise VoiceError(
            f"{folder}: no speech recognition model ({', '.join(missing)} missing). "
            "Fetch one with `hotseat models download`, or see `hotseat models list`."
        )
    contents = {name: _content(folder / name) for name in _JSON if (folder / name).is_file()}
    return _traits(folder / TRAITS, contents.get(TRAITS, {}))


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise VoiceError(
            f"{path}: broken ({error}). Fetch the model again with `hotseat models download`."
        ) from error
    if not isinstance(content, dict):
        raise VoiceError(f"{path}: broken. Fetch the model again with `hotseat models download`.")
    return content


def _traits(path: Path, content: dict[str, Any]) -> ModelTraits:
    """Window lengths may be whole numbers; nothing else is taken for what it is not."""
    taken = dict(content)
    if type(taken.get("min_window_s")) is int:
        taken["min_window_s"] = float(taken["min_window_s"])
    kinds = {each.name: type(each.default) for each in fields(ModelTraits)}
    wrong = [name for name, value in taken.items() if type(value) is not kinds.get(name)]
    if wrong:
        raise VoiceError(
            f"{path}: {', '.join(wrong)} not understood. "
            f"It may hold {', '.join(f'{name} ({kind.__name__})' for name, kind in kinds.items())}."
        )
    return ModelTraits(**taken)
