"""Which speech models there are, which are on this machine, and whether they are whole.

What can be fetched stands in models.yaml: pinned, with sizes, SHA-256 and licences. A fetched model
is a folder of its own name under the models folder, with a `voice.lock.json` that says what was
fetched, so that it can be checked later without a network and by any later version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voice.devices import Device
from voice.speech import VoiceError

CATALOGUE = Path(__file__).with_name("models.yaml")
LOCK = "voice.lock.json"

AUTO = "auto"
"""The name that leaves the choice to us."""

WEIGHTS = "model.bin"
DESCRIPTION = ".onnx.json"

_CHUNK = 1 << 20

Progress = Callable[[int], None]
"""Is told how many more bytes are done."""


class Kind(StrEnum):
    """What a model is for."""

    RECOGNISER = "recogniser"
    VOICE = "voice"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelFile(_Strict):
    """A file of a repository: `path` there; bytes; SHA-256 in hexadecimal digits."""

    path: str
    size: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    @property
    def name(self) -> str:
        """What the file is called in the model's folder."""
        return PurePosixPath(self.path).name


class SpeechModel(_Strict):
    """A model that can be fetched: `files` of a `repository` at one commit, and what binds one."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*$")]
    kind: Kind
    repository: str
    revision: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]
    licence: str
    card: str
    about: str
    files: Annotated[tuple[ModelFile, ...], Field(min_length=1)]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


class Catalogue(_Strict):
    """What can be fetched, when that was last `read`, and the voice for who names none."""

    read: date
    voice: str
    models: tuple[SpeechModel, ...]


class Locked(_Strict):
    """What was fetched into a folder, and from where; the content of `voice.lock.json`."""

    name: str
    repository: str
    revision: str
    files: Annotated[tuple[ModelFile, ...], Field(min_length=1)]


@cache
def catalogue() -> Catalogue:
    """The models that this version knows."""
    return Catalogue.model_validate(yaml.safe_load(CATALOGUE.read_text("utf-8")))


def known(name: str) -> SpeechModel:
    """The model of that name; `VoiceError` with all names where there is none."""
    models = catalogue().models
    for model in models:
        if model.name == name:
            return model
    names = ", ".join(model.name for model in models)
    raise VoiceError(f"no speech model is called {name!r}; there are {names}")


def recommended(device: Device) -> tuple[SpeechModel, SpeechModel]:
    """The recogniser for this device and the usual voice."""
    return known(device.model_name), known(catalogue().voice)


def is_installed(folder: Path, model: SpeechModel) -> bool:
    """Whether all its files are there with their sizes; `damage` reads them too."""
    return all(
        (path := folder / model.name / file.name).is_file() and path.stat().st_size == file.size
        for file in _locked(folder, model).files
    )


def installed(folder: Path) -> tuple[SpeechModel, ...]:
    """The known models that are in the models folder, recognisers first and small ones first."""
    return tuple(model for model in catalogue().models if is_installed(folder, model))


def find_recogniser(folder: Path, name: str, device: Device) -> Path:
    """The folder of the recogniser: one of the models folder by name, or any other by path.

    For "auto" that is the model chosen for the device; where it was not fetched, the best smaller
    one that was, else the smallest. Raises `VoiceError` with the command that fetches it.
    """
    if name == AUTO:
        return folder / _usual_recogniser(folder, device.model_name).name
    if is_path(name):
        return _there(Path(name).expanduser(), WEIGHTS, "a Whisper model for CTranslate2")
    model = known(name)
    if model.kind is not Kind.RECOGNISER:
        raise VoiceError(f"{name} speaks, it cannot hear; `hotseat models list` shows which can")
    return folder / _fetched(folder, model).name


def find_voice(folder: Path, name: str) -> Path:
    """The .onnx file of a voice: one of the models folder by name, or any other by path.

    For "auto" that is the usual voice, else any that was fetched. Raises `VoiceError` with the
    command that fetches it.
    """
    if is_path(name):
        path = Path(name).expanduser()
        _there(path.parent, f"{path.stem}{DESCRIPTION}", "a Piper voice")
        return _there(path.parent, path.name, "a Piper voice") / path.name
    model = _usual_voice(folder) if name == AUTO else known(name)
    if model.kind is not Kind.VOICE:
        raise VoiceError(f"{name} hears, it cannot speak; `hotseat models list` shows which can")
    return folder / _fetched(folder, model).name / model.files[0].name


def is_path(name: str) -> bool:
    """Whether a place is meant: a name has neither a slash nor the end of a file."""
    return "/" in name or "\\" in name or name.endswith(".onnx") or name in (".", "~")


def damage(
    folder: Path, model: SpeechModel, progress: Progress = lambda _: None
) -> tuple[str, ...]:
    """What is wrong with a fetched model, by reading all of it; nothing where it is whole."""
    faults = []
    for file in _locked(folder, model).files:
        path = folder / model.name / file.name
        if not path.is_file():
            faults.append(f"{path} is missing")
        elif path.stat().st_size != file.size:
            faults.append(f"{path} has {path.stat().st_size:,} bytes instead of {file.size:,}")
        elif sha256(path, progress) != file.sha256:
            faults.append(f"{path} was changed: its SHA-256 is not {file.sha256}")
    return tuple(faults)


def sha256(path: Path, progress: Progress = lambda _: None) -> str:
    """The SHA-256 of a file in hexadecimal digits; blocks for seconds on a big one."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            progress(len(chunk))
    return digest.hexdigest()


def lock(folder: Path, model: SpeechModel) -> None:
    """Write down what was fetched and found right, beside it."""
    content = Locked(
        name=model.name,
        repository=model.repository,
        revision=model.revision,
        files=model.files,
    )
    (folder / model.name / LOCK).write_text(content.model_dump_json(indent=2), "utf-8")


def _locked(folder: Path, model: SpeechModel) -> Locked | SpeechModel:
    """What the folder should hold: as fetched, else (put there by hand) as in the catalogue."""
    path = folder / model.name / LOCK
    again = f"remove it and run `hotseat models verify {model.name}`"
    try:
        locked = Locked.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return model
    except (OSError, ValidationError, json.JSONDecodeError) as err:
        raise VoiceError(f"{path} cannot be read; {again}") from err
    if locked.name != model.name:
        raise VoiceError(f"{path} is of another model; {again}")
    return locked


def _usual_recogniser(folder: Path, wanted: str) -> SpeechModel:
    there = [model for model in installed(folder) if model.kind is Kind.RECOGNISER]
    limit = known(wanted).size
    fitting = [model for model in there if model.size <= limit]
    return _fetched(folder, (fitting[-1:] or there[:1] or [known(wanted)])[0])


def _usual_voice(folder: Path) -> SpeechModel:
    usual = known(catalogue().voice)
    there = [model for model in installed(folder) if model.kind is Kind.VOICE]
    return usual if usual in there or not there else there[0]


def _fetched(folder: Path, model: SpeechModel) -> SpeechModel:
    if is_installed(folder, model):
        return model
    raise VoiceError(
        f"{model.name} is not in {folder}: `hotseat models download {model.name}` fetches it "
        f"({megabytes(model.size)})"
    )


def _there(folder: Path, name: str, what: str) -> Path:
    if (folder / name).is_file():
        return folder
    raise VoiceError(f"{folder} holds no {name}, so it is not {what}")


def megabytes(size: int) -> str:
    """A size in decimal units, as "145 MB" or "1.6 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"


def total(models: Iterable[SpeechModel]) -> int:
    """Bytes of several models."""
    return sum(model.size for model in models)
