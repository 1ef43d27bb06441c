"""A model that is not whole is named with what to do, before any library meets it."""

import json
from pathlib import Path

import pytest

from voice.model_folder import ModelTraits, read_traits
from voice.speech import VoiceError


def _model(folder: Path, traits: object = None, *, without: str = "") -> Path:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        if name != without:
            (folder / name).write_text("{}")
    if traits is not None:
        text = traits if isinstance(traits, str) else json.dumps(traits)
        (folder / "hotseat.json").write_text(text)
    return folder


def test_a_real_model_has_the_usual_traits(tmp_path: Path) -> None:
    """Ten seconds at least, two guesses, and a glossary."""
    assert read_traits(_model(tmp_path)) == ModelTraits(10.0, 2, True)


def test_a_model_may_ask_for_others(tmp_path: Path) -> None:
    """The file beside it has the last word; whole numbers are fine."""
    asked = {"min_window_s": 0, "beam": 1, "takes_terms": False}

    assert read_traits(_model(tmp_path, asked)) == ModelTraits(0.0, 1, False)


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """With the command that fetches it; a missing tokenizer must not be asked of the network."""
    with pytest.raises(VoiceError, match=rf"{name} missing.*hotseat models download"):
        read_traits(_model(tmp_path, without=name))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Like a folder with nothing in it."""
    with pytest.raises(VoiceError, match=r"gone: no speech recognition model"):
        read_traits(tmp_path / "gone")


@pytest.mark.parametrize(
    "traits",
    ["not json", "[1]", {"beam": "two"}, {"beam": True}, {"takes_terms": 1}, {"window": 3}],
)
def test_traits_that_are_not_understood_are_refused(tmp_path: Path, traits: object) -> None:
    """The message names the file."""
    with pytest.raises(VoiceError, match=r"hotseat\.json: "):
        read_traits(_model(tmp_path, traits))
