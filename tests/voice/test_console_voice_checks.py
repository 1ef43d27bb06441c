"""What the doctor says of voice: parts, device, models, and speed where it is asked."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

import voice
from bot.console import speech_models, voice_checks
from bot.console.checks import Check, Outcome
from bot.console.doctor import run_doctor
from bot.settings import Settings
from tests.bot.console_samples import screen_of
from voice import devices, transcribe
from voice.devices import Device

SAMPLE = Path(voice.__file__).parent / "sample"
SHIPPED = {
    "speech_model": str(SAMPLE / "tiny_whisper"),
    "voice": str(SAMPLE / "piper_tone" / "tone.onnx"),
}
CPU = Device("cpu", "int8", 1, "base.en", "CPU with int8, 1 of 2 cores: no NVIDIA GPU was found.")


@pytest.fixture(autouse=True)
def _this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same device everywhere, and linting left out."""
    monkeypatch.setattr(devices, "choose_device", lambda wish: CPU)
    monkeypatch.setattr("bot.console.doctor.find_problems", lambda checked: ())


def examined(tmp_path: Path, *, ask: bool = False, **more: object) -> dict[str, Check]:
    """The rows by what they are about."""
    settings = Settings.model_validate({"home": tmp_path, "voice": "auto", **more})
    return {check.what: check for check in voice_checks.voice_checks(settings, ask=ask)}


def test_without_the_extra_text_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note with the command that installs it; a problem only for whoever asked for voice."""
    monkeypatch.setattr(speech_models, "find_spec", lambda name: None if name == "piper" else True)

    noted, asked = examined(tmp_path), examined(tmp_path, ask=True)

    assert noted.keys() == {"voice parts"}
    assert noted["voice parts"].outcome is Outcome.NOTE
    assert "piper not installed, everything works in text: `make voice" in noted["voice parts"].says
    assert asked["voice parts"].outcome is Outcome.PROBLEM


def test_without_models_the_commands_are_named(tmp_path: Path) -> None:
    """Device and reason, and what would fetch the model for it and the usual voice."""
    rows = examined(tmp_path)

    assert rows["speech runs on"] == Check("speech runs on", Outcome.OK, CPU.why)
    assert rows["speech model"].outcome is rows["voice"].outcome is Outcome.NOTE
    assert "`hotseat models download base.en` fetches it (148 MB)" in rows["speech model"].says
    assert "`hotseat models download en_US-ljspeech-medium`" in rows["voice"].says
    assert not {"hearing speed", "speaking speed"} & rows.keys()


def test_asked_for_voice_a_missing_model_is_a_problem(tmp_path: Path) -> None:
    """`hotseat doctor --voice` fails where an interview by voice would."""
    rows = examined(tmp_path, ask=True)

    assert rows["speech model"].outcome is rows["voice"].outcome is Outcome.PROBLEM


def test_speed_is_measured_with_the_models_that_are_used(tmp_path: Path) -> None:
    """With the shipped tiny models both are real measurements, and far quicker than speech."""
    rows = examined(tmp_path, ask=True, **SHIPPED)

    assert rows["speech model"].says.endswith("tiny_whisper")
    for what, name in (
        ("hearing speed", "tiny_whisper, cpu, int8, 1 thread"),
        ("speaking speed", "tone"),
    ):
        assert rows[what].outcome is Outcome.OK
        assert f"s of work for a second of speech ({name}): keeps up" in rows[what].says


@pytest.mark.parametrize(
    ("factor", "outcome", "says"),
    [
        (0.1, Outcome.OK, "0.10 s of work for a second of speech"),
        (0.4, Outcome.NOTE, "just enough for one call; a smaller one is quicker"),
        (2.0, Outcome.NOTE, "answers come late; a smaller one is quicker: HOTSEAT_SPEECH_MODEL="),
    ],
)
def test_what_a_speed_means_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factor: float, outcome: Outcome, says: str
) -> None:
    """A figure alone helps nobody."""
    monkeypatch.setattr(devices, "measure_rtf", lambda recogniser: factor)

    row = examined(tmp_path, ask=True, **SHIPPED)["hearing speed"]

    assert row.outcome is outcome
    assert says in row.says


def test_a_gpu_that_fails_in_use_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CPU takes its place, and the row says why."""
    gpu = Device("cuda", "float16", 1, "large-v3-turbo", "GPU with float16: H200")
    monkeypatch.setattr(devices, "choose_device", lambda wish: gpu)
    spare = SimpleNamespace(
        device=Device("cpu", "int8", 2, "x", "The GPU failed."), close=lambda: None
    )
    monkeypatch.setattr(transcribe.WhisperRecogniser, "load", lambda folder, device: spare)
    monkeypatch.setattr(devices, "measure_rtf", lambda recogniser: 0.1)

    row = examined(tmp_path, ask=True, **SHIPPED)["hearing speed"]

    assert row.outcome is Outcome.NOTE
    assert "cpu, int8, 2 threads). The GPU failed." in row.says


def test_a_gpu_that_was_asked_for_and_is_not_there_is_noted(tmp_path: Path) -> None:
    """The CPU is used, which is no problem, but not what the settings say."""
    rows = examined(tmp_path, speech_device="cuda")

    assert rows["speech runs on"].outcome is Outcome.NOTE


@pytest.mark.parametrize(
    ("setting", "value", "row"),
    [
        ("speech_model", "base", "speech model"),
        ("speech_model", "./nowhere", "speech model"),
        ("voice", "nobody", "voice"),
        ("pronunciations", "nowhere.yaml", "pronunciations"),
    ],
)
def test_a_setting_that_leads_nowhere_is_named(
    tmp_path: Path, setting: str, value: str, row: str
) -> None:
    """A slip in the settings is seen before a call."""
    assert examined(tmp_path, **{setting: value})[row].outcome is not Outcome.OK


def test_a_number_format_that_is_not_offered_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message of the choice is passed on, and nothing after it is guessed."""
    monkeypatch.undo()

    rows = examined(tmp_path, ask=True, speech_compute_type="int3", speech_device="cpu")

    assert rows["speech runs on"].outcome is Outcome.PROBLEM
    assert "'int3'" in rows["speech runs on"].says
    assert "hearing speed" not in rows


def test_a_restricted_licence_is_recalled(tmp_path: Path) -> None:
    """Whoever speaks with a voice for research only is reminded of it."""
    (tmp_path / "en_US-lessac-medium.onnx").touch()
    (tmp_path / "en_US-lessac-medium.onnx.json").touch()

    row = examined(tmp_path, voice=str(tmp_path / "en_US-lessac-medium.onnx"))["voice"]

    assert row.says.endswith("(licence: Blizzard 2013 licence: research only)")


def test_ones_own_pronunciations_are_read(tmp_path: Path) -> None:
    """A broken file is seen before a call."""
    own = tmp_path / "mine.yaml"
    own.write_text("words: {SQL: S.Q.L}")
    assert examined(tmp_path, pronunciations=str(own))["pronunciations"].outcome is Outcome.OK

    own.write_text("words: 3")
    assert examined(tmp_path, pronunciations=str(own))["pronunciations"].outcome is Outcome.PROBLEM


class _NoDeviceError(Exception):
    pass


@pytest.mark.parametrize("there", [True, False])
def test_a_microphone_is_only_ever_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    """Discord and files do without one."""

    def query(kind: str) -> dict[str, str]:
        if there:
            return {"name": f"the {kind}"}
        raise _NoDeviceError

    fake = SimpleNamespace(query_devices=query, PortAudioError=_NoDeviceError)
    monkeypatch.setitem(sys.modules, "sounddevice", fake)

    row = examined(tmp_path, ask=True)["microphone"]

    assert row.outcome is (Outcome.OK if there else Outcome.NOTE)
    assert ("the input; it is spoken through the output" in row.says) is there


def test_a_call_needs_more_than_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its encryption nobody can be heard on Discord; at the terminal all works."""
    monkeypatch.setattr(
        voice_checks, "find_spec", lambda name: None if name == "davey" else find_spec(name)
    )

    row = examined(tmp_path)["voice on Discord"]

    assert row.outcome is Outcome.NOTE
    assert "davey not installed" in row.says


def test_the_doctor_shows_the_rows(tmp_path: Path) -> None:
    """They stand in its report, and a missing model fails it only where voice was asked for."""
    settings = Settings.model_validate({"home": tmp_path, "voice": "auto"})
    screens = [screen_of(200), screen_of(200)]

    healthy = [
        run_doctor(settings, screen.console, ask_voice=ask)
        for screen, ask in zip(screens, (False, True), strict=True)
    ]

    assert healthy == [True, False]
    assert "speech runs on" in screens[0].text()
