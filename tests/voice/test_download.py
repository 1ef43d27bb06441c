"""Fetching a model from a hub that breaks off, lies, or is not there."""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voice.hub_samples import REPOSITORY, REVISION, Deed, Hub, serving, some_model
from voice.download import PAUSES_S, download
from voice.models import LOCK, damage, is_installed
from voice.speech import VoiceError

FILES = {"model.bin": os.urandom(300_000), "deep/er/config.json": b'{"a": 1}'}
MODEL = some_model(FILES)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(FILES) as hub:
        yield hub


class Watch:
    """Adds up what it is told, and sees to it that nobody sleeps."""

    def __init__(self) -> None:
        self.bytes = 0
        self.waited: list[float] = []

    def progress(self, count: int) -> None:
        self.bytes += count


def fetch(hub: Hub, folder: Path, watch: Watch | None = None) -> Path:
    watch = watch or Watch()
    return download(MODEL, folder, hub=hub.url, progress=watch.progress, wait=watch.waited.append)


def test_a_model_is_fetched_whole(hub: Hub, tmp_path: Path) -> None:
    """Every file lies in the model's folder under its last name, and nothing else but the lock."""
    watch = Watch()

    home = fetch(hub, tmp_path / "models", watch)

    assert (home / "model.bin").read_bytes() == FILES["model.bin"]
    assert (home / "config.json").read_bytes() == FILES["deep/er/config.json"]
    assert {path.name for path in home.iterdir()} == {"model.bin", "config.json", LOCK}
    assert watch.bytes == MODEL.size
    assert is_installed(tmp_path / "models", MODEL)
    assert damage(tmp_path / "models", MODEL) == ()


def test_the_lock_says_what_was_fetched(hub: Hub, tmp_path: Path) -> None:
    """Repository, commit, sizes and SHA-256 are kept beside the model."""
    kept = json.loads((fetch(hub, tmp_path) / LOCK).read_text())

    assert (kept["repository"], kept["revision"]) == (REPOSITORY, REVISION)
    assert kept["files"] == [file.model_dump() for file in MODEL.files]


def test_what_is_there_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    """A second call reads the files and asks the hub for nothing."""
    fetch(hub, tmp_path)
    hub.asked.clear()
    watch = Watch()

    fetch(hub, tmp_path, watch)

    assert hub.asked == []
    assert watch.bytes == MODEL.size


def test_nothing_about_the_user_is_sent(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No token, cookie or user name goes to the hub, whatever the environment holds."""
    monkeypatch.setenv("HF_TOKEN", "hf_secret")

    fetch(hub, tmp_path)

    sent = {name.lower() for headers in hub.headers for name in headers}
    assert sent <= {"host", "user-agent", "accept", "accept-encoding", "connection", "range"}
    assert "hf_secret" not in str(hub.headers)


def test_a_broken_transfer_goes_on(hub: Hub, tmp_path: Path) -> None:
    """What has arrived is kept, and only the rest is asked for; the bar never runs over."""
    hub.deeds["model.bin"] = [Deed(sent=100_000), Deed(sent=50_000)]
    watch = Watch()

    home = fetch(hub, tmp_path, watch)

    asked = [ranges for path, ranges in hub.asked if path == "model.bin"]
    assert asked == [None, "bytes=100000-", "bytes=150000-"]
    assert watch.bytes == MODEL.size
    assert (home / "model.bin").read_bytes() == FILES["model.bin"]


def test_a_later_call_goes_on_where_one_gave_up(hub: Hub, tmp_path: Path) -> None:
    """Given up or stopped by the user, the next run of the command fetches the rest only."""
    hub.deeds["model.bin"] = [Deed(sent=200_000), *[Deed(sent=0)] * 4]
    watch = Watch()
    with pytest.raises(VoiceError, match=r"broke off after 1 MB of 1 MB .* goes on from there"):
        fetch(hub, tmp_path, watch)
    assert watch.waited == list(PAUSES_S)
    assert not is_installed(tmp_path, MODEL)
    hub.asked.clear()

    fetch(hub, tmp_path)

    assert hub.asked[0] == ("model.bin", "bytes=200000-")
    assert damage(tmp_path, MODEL) == ()


def test_a_hub_that_is_busy_is_asked_again(hub: Hub, tmp_path: Path) -> None:
    """Too many requests and a gateway's failure pass."""
    hub.deeds["model.bin"] = [Deed(status=429), Deed(status=503)]
    watch = Watch()

    fetch(hub, tmp_path, watch)

    assert watch.waited == list(PAUSES_S[:2])


def test_a_server_without_ranges_sends_all_again(hub: Hub, tmp_path: Path) -> None:
    """The file does not come out doubled, nor does the bar."""
    hub.deeds["model.bin"] = [Deed(sent=100_000), Deed(ranges=False)]
    watch = Watch()

    fetch(hub, tmp_path, watch)

    assert watch.bytes == MODEL.size
    assert damage(tmp_path, MODEL) == ()


WRONG = os.urandom(300_000)


def test_wrong_bytes_are_thrown_away_and_fetched_once_more(hub: Hub, tmp_path: Path) -> None:
    """One bad transfer is mended, and its bytes do not count."""
    hub.deeds["model.bin"] = [Deed(content=WRONG)]
    watch = Watch()

    home = fetch(hub, tmp_path, watch)

    assert (home / "model.bin").read_bytes() == FILES["model.bin"]
    assert watch.bytes == MODEL.size


@pytest.mark.parametrize(
    "content", [WRONG, WRONG + b"longer", WRONG[:1000]], ids=["same length", "longer", "shorter"]
)
def test_a_file_that_is_another_one_is_refused(hub: Hub, tmp_path: Path, content: bytes) -> None:
    """A changed file never gets its name, however often it is sent and however long it is."""
    hub.deeds["model.bin"] = [Deed(content=content)] * 20

    with pytest.raises(VoiceError, match="another SHA-256, twice"):
        fetch(hub, tmp_path)

    assert not (tmp_path / MODEL.name / "model.bin").exists()
    assert not (tmp_path / MODEL.name / "model.bin.part").exists()
    assert not is_installed(tmp_path, MODEL)


def test_a_damaged_file_is_fetched_again(hub: Hub, tmp_path: Path) -> None:
    """`download` is also the cure for what `verify` finds."""
    home = fetch(hub, tmp_path)
    (home / "model.bin").write_bytes(WRONG)

    fetch(hub, tmp_path)

    assert damage(tmp_path, MODEL) == ()


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_told(hub: Hub, tmp_path: Path, status: int) -> None:
    """The message has the address and the answer; it is not asked again."""
    hub.deeds["model.bin"] = [Deed(status=status)]

    with pytest.raises(VoiceError, match=rf"{REVISION}/model\.bin cannot be fetched.*{status}"):
        fetch(hub, tmp_path)

    assert len(hub.asked) == 1


def test_no_network_is_told(tmp_path: Path) -> None:
    """Nobody listening is a message about the connection, after the retries."""
    with serving({}) as gone:
        pass

    with pytest.raises(VoiceError, match=r"model\.bin cannot be reached .*connection"):
        fetch(gone, tmp_path)


def test_too_little_room_is_told_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is seen ahead."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 8, 1_000_000))

    with pytest.raises(VoiceError, match=r"needs 50 MB in .* and 1 MB are free"):
        fetch(hub, tmp_path)

    assert hub.asked == []


@pytest.mark.parametrize(
    ("number", "reason"), [(errno.ENOSPC, "is full"), (errno.EACCES, "cannot be written")]
)
def test_a_disk_that_takes_no_more_is_told(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    """Others may fill the disk meanwhile; the message says which, and what to do."""

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(VoiceError, match=reason):
        fetch(hub, tmp_path)
