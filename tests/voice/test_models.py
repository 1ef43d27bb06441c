"""What can be fetched, what is there, and what is wrong with it."""

import json
import re
from pathlib import Path

import pytest

from tests.voice.hub_samples import some_model
from voice import models
from voice.devices import Device
from voice.models import (
    LOCK,
    Catalogue,
    Kind,
    SpeechModel,
    catalogue,
    damage,
    find_recogniser,
    find_voice,
    installed,
    is_installed,
    known,
    lock,
    megabytes,
)
from voice.speech import VoiceError

SMALL = {"model.bin": b"weights of the small one", "config.json": b"{}"}
BIG = {"model.bin": b"weights of the big one, which are longer", "config.json": b"{}"}
SPOKEN = {"en/x-medium.onnx": b"a voice", "en/x-medium.onnx.json": b"{}"}
OTHER = {"en/y-medium.onnx": b"another voice", "en/y-medium.onnx.json": b"{}"}


@pytest.fixture(autouse=True)
def _few_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two recognisers and two voices of a few bytes, in place of the real catalogue."""
    content = Catalogue(
        read=catalogue().read,
        voice="x-medium",
        models=(
            some_model(SMALL, name="small"),
            some_model(BIG, name="big"),
            some_model(SPOKEN, name="x-medium", kind=Kind.VOICE),
            some_model(OTHER, name="y-medium", kind=Kind.VOICE),
        ),
    )
    monkeypatch.setattr(models, "catalogue", lambda: content)


def put(folder: Path, name: str, *, locked: bool = True) -> SpeechModel:
    """A model as it lies there once it was fetched."""
    model = known(name)
    contents = {"small": SMALL, "big": BIG, "x-medium": SPOKEN, "y-medium": OTHER}[name]
    (folder / name).mkdir(parents=True)
    for file in model.files:
        (folder / name / file.name).write_bytes(contents[file.path])
    if locked:
        lock(folder, model)
    return model


def device(wanted: str) -> Device:
    return Device("cpu", "int8", 1, wanted, "")


def test_what_was_fetched_is_known_by_its_sizes(tmp_path: Path) -> None:
    """Whole models count, half ones and empty folders do not."""
    put(tmp_path, "big")
    put(tmp_path, "small")
    (tmp_path / "small" / "model.bin").write_bytes(b"half")
    (tmp_path / "x-medium").mkdir()

    assert [model.name for model in installed(tmp_path)] == ["big"]
    assert installed(tmp_path / "nowhere") == ()


def test_a_whole_model_has_no_damage(tmp_path: Path) -> None:
    """Also where it was copied there by hand, without a lock."""
    assert damage(tmp_path, put(tmp_path, "small")) == ()
    assert damage(tmp_path, put(tmp_path, "big", locked=False)) == ()


def test_damage_is_named_file_by_file(tmp_path: Path) -> None:
    """A changed byte, a wrong size and a missing file are told apart."""
    small, big, spoken = (put(tmp_path, name) for name in ("small", "big", "x-medium"))
    (tmp_path / "small" / "model.bin").write_bytes(SMALL["model.bin"].upper())
    (tmp_path / "big" / "model.bin").write_bytes(b"cut")
    (tmp_path / "x-medium" / "x-medium.onnx.json").unlink()

    told = [damage(tmp_path, model) for model in (small, big, spoken)]

    assert [len(faults) for faults in told] == [1, 1, 1]
    assert re.search(r"small/model\.bin was changed: its SHA-256 is not [0-9a-f]{64}", told[0][0])
    assert "has 3 bytes instead of 40" in told[1][0]
    assert told[2][0].endswith("x-medium.onnx.json is missing")
    assert is_installed(tmp_path, small)


def test_an_older_version_of_a_model_is_still_whole(tmp_path: Path) -> None:
    """The lock says what was fetched then; a newer catalogue does not call it damaged."""
    old = some_model({"model.bin": b"as it was", "config.json": b"{}"}, name="small")
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "model.bin").write_bytes(b"as it was")
    (tmp_path / "small" / "config.json").write_bytes(b"{}")
    lock(tmp_path, old)

    assert damage(tmp_path, known("small")) == ()
    assert is_installed(tmp_path, known("small"))


@pytest.mark.parametrize("content", ["", "{}", '{"name": "small"', "[1]"])
def test_a_broken_lock_says_what_to_do(tmp_path: Path, content: str) -> None:
    """The message names the file and the cure."""
    model = put(tmp_path, "small")
    (tmp_path / "small" / LOCK).write_text(content)

    with pytest.raises(VoiceError, match=r"voice\.lock\.json cannot be read; remove it"):
        damage(tmp_path, model)


def test_a_recogniser_is_found_by_name(tmp_path: Path) -> None:
    """The folder is what faster-whisper is handed."""
    put(tmp_path, "small")

    assert find_recogniser(tmp_path, "small", device("big")) == tmp_path / "small"


@pytest.mark.parametrize(
    ("there", "wanted", "found"),
    [
        (["small", "big"], "big", "big"),
        (["small", "big"], "small", "small"),
        (["small"], "big", "small"),
        (["big"], "small", "big"),
    ],
)
def test_auto_takes_what_suits_the_machine(
    tmp_path: Path, there: list[str], wanted: str, found: str
) -> None:
    """The recommended one, else the best below it, else what there is."""
    for name in there:
        put(tmp_path, name)

    assert find_recogniser(tmp_path, "auto", device(wanted)) == tmp_path / found


@pytest.mark.parametrize("name", ["auto", "big"])
def test_a_missing_recogniser_names_the_command(tmp_path: Path, name: str) -> None:
    """Nothing is fetched behind anybody's back; the message is the next step, with its size."""
    with pytest.raises(VoiceError, match=r"`hotseat models download big` fetches it \(1 MB\)"):
        find_recogniser(tmp_path, name, device("big"))


def test_a_voice_is_found_by_name(tmp_path: Path) -> None:
    """The .onnx file is what Piper is handed."""
    put(tmp_path, "y-medium")

    assert find_voice(tmp_path, "y-medium") == tmp_path / "y-medium" / "y-medium.onnx"


@pytest.mark.parametrize(("there", "found"), [(["x-medium", "y-medium"], "x"), (["y-medium"], "y")])
def test_auto_takes_the_usual_voice_or_another(
    tmp_path: Path, there: list[str], found: str
) -> None:
    """Whoever fetched one voice only is spoken to with that."""
    for name in there:
        put(tmp_path, name)

    assert find_voice(tmp_path, "auto").name == f"{found}-medium.onnx"


def test_a_missing_voice_names_the_command(tmp_path: Path) -> None:
    """With "auto" the usual voice is proposed."""
    with pytest.raises(VoiceError, match="`hotseat models download x-medium`"):
        find_voice(tmp_path, "auto")


def test_models_of_ones_own_may_lie_anywhere(tmp_path: Path) -> None:
    """A folder with weights, an .onnx with its description: by path, outside the models folder."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.bin").touch()
    (tmp_path / "mine.onnx").touch()
    (tmp_path / "mine.onnx.json").touch()
    models_folder = tmp_path / "models"

    assert find_recogniser(models_folder, str(tmp_path / "mine"), device("big")).name == "mine"
    assert find_voice(models_folder, str(tmp_path / "mine.onnx")) == tmp_path / "mine.onnx"


def test_a_path_to_nothing_is_told(tmp_path: Path) -> None:
    """The message names what is missing where."""
    with pytest.raises(VoiceError, match=r"holds no model\.bin, so it is not a Whisper model"):
        find_recogniser(tmp_path, str(tmp_path / "mine"), device("big"))
    with pytest.raises(VoiceError, match=r"holds no mine\.onnx\.json, so it is not a Piper voice"):
        find_voice(tmp_path, str(tmp_path / "mine.onnx"))


def test_ears_and_mouths_are_not_confused(tmp_path: Path) -> None:
    """A voice cannot hear, and a recogniser cannot speak."""
    put(tmp_path, "small")
    put(tmp_path, "x-medium")

    with pytest.raises(VoiceError, match="x-medium speaks, it cannot hear"):
        find_recogniser(tmp_path, "x-medium", device("big"))
    with pytest.raises(VoiceError, match="small hears, it cannot speak"):
        find_voice(tmp_path, "small")


def test_an_unknown_name_gets_the_known_ones(tmp_path: Path) -> None:
    """A slip of the finger is answered with the list."""
    with pytest.raises(VoiceError, match="called 'smal'; there are small, big, x-medium, y-medium"):
        find_recogniser(tmp_path, "smal", device("big"))


@pytest.mark.parametrize(
    ("size", "said"),
    [(1, "1 MB"), (145_216_508, "145 MB"), (999_000_000, "999 MB"), (1_617_884_929, "1.6 GB")],
)
def test_sizes_are_said_in_decimal_units(size: int, said: str) -> None:
    """As disks and download pages count."""
    assert megabytes(size) == said


@pytest.mark.parametrize("content", [{"files": ()}, {"name": "big"}])
def test_a_lock_that_fits_no_model_is_none(tmp_path: Path, content: dict[str, object]) -> None:
    """One without files would call an empty folder whole, one of another model another's files."""
    model = put(tmp_path, "small")
    path = tmp_path / "small" / LOCK
    path.write_text(json.dumps(json.loads(path.read_text()) | content))

    with pytest.raises(VoiceError, match=r"voice\.lock\.json .*; remove it"):
        is_installed(tmp_path, model)
