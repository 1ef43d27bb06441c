"""`hotseat models`: what is shown, asked, fetched and checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.console import speech_models
from bot.console.speech_models import check_models, device_wish, fetch_models, show_models
from bot.doors import StoppedError, UsageError
from bot.settings import Settings
from tests.bot.console_samples import screen_of
from tests.voice.hub_samples import Deed, Hub, serving, some_model
from voice import devices, models
from voice.devices import Device
from voice.models import Catalogue, Kind, catalogue, damage, is_installed
from voice.speech import VoiceError

HEARD = {"model.bin": b"weights", "config.json": b"{}"}
SPOKEN = {"x-medium.onnx": b"a voice", "x-medium.onnx.json": b"{}"}
EARS = some_model(HEARD, name="small")
MOUTH = some_model(SPOKEN, name="x-medium", kind=Kind.VOICE, licence="for research only")
CPU = Device("cpu", "int8", 1, "small", "CPU with int8: no NVIDIA GPU was found.")


@pytest.fixture(autouse=True)
def _two_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """One recogniser and one voice, which suit this machine."""
    few = Catalogue(read=catalogue().read, voice="x-medium", models=(EARS, MOUTH))
    monkeypatch.setattr(models, "catalogue", lambda: few)
    monkeypatch.setattr(devices, "choose_device", lambda wish: CPU)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(HEARD | SPOKEN) as hub:
        yield hub


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"home": tmp_path, "voice": "auto"})


def fetched(settings: Settings, hub: Hub, *names: str) -> str:
    """What the screen says while these are fetched, without the breaks of its lines.

    Where those fall depends on the length of the folder's path.
    """
    screen = screen_of(120)
    fetch_models(settings, screen.console, names, yes=True, mirror=hub.url)
    return " ".join(screen.text().split())


def test_the_list_says_what_to_take(settings: Settings, hub: Hub) -> None:
    """Size, licence, what suits this machine and why, and what is here."""
    fetched(settings, hub, "small")
    screen = screen_of(120)

    show_models(settings, screen.console)

    rows = {line.split()[0]: line for line in screen.text().splitlines() if line.strip()}
    assert rows["small"].split()[1:6] == ["hearing", "1", "MB", "here", "MIT"]
    assert rows["x-medium"].split()[1:5] == ["speaking", "1", "MB", "recommended"]
    assert CPU.why in screen.text()


def test_without_names_what_suits_the_machine_is_fetched(settings: Settings, hub: Hub) -> None:
    """One command makes voice possible."""
    text = fetched(settings, hub)

    assert is_installed(settings.models_path, EARS)
    assert is_installed(settings.models_path, MOUTH)
    assert "no network is needed" in text


def test_sizes_and_licences_come_first(settings: Settings, hub: Hub) -> None:
    """What binds the user stands there before a byte is fetched, with the page that says so."""
    screen = screen_of(120)

    with pytest.raises(UsageError, match="agree to sizes and licences with --yes"):
        fetch_models(settings, screen.console, (), mirror=hub.url)

    assert "for research only" in screen.text()
    assert "x-medium: https://example.com" in screen.text()
    assert f"1 MB from {hub.url}" in screen.text()
    assert hub.asked == []


def test_what_is_here_is_not_asked_for(settings: Settings, hub: Hub) -> None:
    """Named again, it is read, found whole, and left."""
    fetched(settings, hub)
    hub.asked.clear()

    assert "Everything is here already" in fetched(settings, hub)
    assert hub.asked == []


def test_a_damaged_model_is_found_and_mended(settings: Settings, hub: Hub) -> None:
    """`verify` names the file and the command, `download` fetches that file again."""
    fetched(settings, hub)
    (settings.models_path / "small" / "model.bin").write_bytes(b"WEIGHTS")
    screen = screen_of(200)

    assert not check_models(settings, screen.console, ())
    assert "model.bin was changed" in screen.text()
    assert "`hotseat models download small` mends it" in screen.text()
    assert "x-medium is whole" in screen.text()

    fetched(settings, hub, "small")

    assert damage(settings.models_path, EARS) == ()
    assert check_models(settings, screen_of(80).console, ["small"])


def test_half_a_model_is_not_whole(settings: Settings, hub: Hub) -> None:
    """A download that was stopped shows in `verify` too."""
    fetched(settings, hub, "small")
    (settings.models_path / "small" / "config.json").unlink()

    assert not check_models(settings, screen_of(80).console, ())


def test_nothing_to_check_is_told(settings: Settings) -> None:
    """The message has the next step."""
    with pytest.raises(UsageError, match="`hotseat models download` fetches some"):
        check_models(settings, screen_of(80).console, ())


def test_a_mirror_is_an_address(settings: Settings) -> None:
    """A slip is seen before anything is opened."""
    with pytest.raises(UsageError, match="begins with https://"):
        fetch_models(settings, screen_of(80).console, (), yes=True, mirror="hf-mirror.com")


def test_the_password_of_a_mirror_is_not_shown(settings: Settings, hub: Hub) -> None:
    """Neither where one is asked, nor where it fails, nor where it was no address."""
    mirror = hub.url.replace("//", "//somebody:s3cret@")
    screen = screen_of(120)
    hub.deeds["model.bin"] = [Deed(status=403)]

    with pytest.raises(VoiceError) as refused:
        fetch_models(settings, screen.console, ("small",), yes=True, mirror=mirror)
    with pytest.raises(UsageError) as wrong:
        fetch_models(settings, screen.console, (), yes=True, mirror="somebody:s3cret@mirror")

    assert f"from {hub.url}" in screen.text()
    assert f"{hub.url}/" in str(refused.value)
    assert "s3cret" not in f"{screen.text()}{refused.value}{wrong.value}"


def test_ones_own_models_are_not_fetched(tmp_path: Path, hub: Hub) -> None:
    """What the settings name by a path is there already, or is told by the doctor."""
    own = {"speech_model": "./mine", "voice": "./mine.onnx"}
    settings = Settings.model_validate({"home": tmp_path, **own})

    assert "Everything is here already" in fetched(settings, hub)
    assert device_wish(settings).model_name is None


def test_a_named_model_is_what_the_machine_is_asked_about(tmp_path: Path) -> None:
    """The settings' model, device, format and threads all reach the choice."""
    wanted = {
        "speech_model": "small",
        "speech_device": "cpu",
        "speech_compute_type": "float32",
        "speech_threads": 3,
    }

    wish = device_wish(Settings.model_validate({"home": tmp_path, **wanted}))

    assert (wish.model_name, wish.kind, wish.compute_type, wish.threads) == (
        "small",
        "cpu",
        "float32",
        3,
    )


def test_an_unknown_name_is_one_sentence(settings: Settings) -> None:
    """It comes with the names there are."""
    with pytest.raises(VoiceError, match="called 'tiny'; there are small, x-medium"):
        fetch_models(settings, screen_of(80).console, ["tiny"], yes=True)


class TestTheCommand:
    """What typer makes of it."""

    def run(self, *arguments: str) -> Exception | None:
        """How the command ended."""
        result = CliRunner().invoke(speech_models.speech_models, arguments)
        return result.exception if isinstance(result.exception, Exception) else None

    def test_a_fault_becomes_one_sentence(self) -> None:
        """The outer door knows usage errors, and need not know voice."""
        assert isinstance(self.run("download", "nobody", "--yes"), UsageError)

    def test_without_the_extra_the_way_to_it_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Every one of the three commands says it, and none ends in a traceback."""
        monkeypatch.setattr(speech_models, "find_spec", lambda name: None)

        for command in ("list", "download", "verify"):
            assert "numpy is missing): `make voice`" in str(self.run(command))

    def test_ctrl_c_says_how_to_go_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing that has arrived is lost."""

        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(speech_models, "fetch_models", stop)

        ended = self.run("download", "small", "--yes")

        assert isinstance(ended, StoppedError)
        assert (ended.status, "goes on from there" in str(ended)) == (130, True)
