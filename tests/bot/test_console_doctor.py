"""What the doctor finds, and that nothing it finds stops it."""

import fcntl
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from console_samples import screen_of

from bot.console.doctor import run_doctor
from bot.settings import Settings
from interviewer.clock import Clock, ManualClock, SystemClock
from scenarios.load import builtin_packs_folder
from storage.revisions import known_revisions


@pytest.fixture(autouse=True)
def _without_lint(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Linting the built-in content takes seconds; one test does it."""
    if "linted" not in request.fixturenames:
        monkeypatch.setattr("bot.console.doctor.find_problems", lambda checked: ())


@pytest.fixture
def linted() -> None:
    """Asks for the real linter."""


def examine(settings: Settings, clock: Clock | None = None) -> tuple[bool, str]:
    """The verdict and the report on one line."""
    screen = screen_of(160)
    healthy = run_doctor(settings, screen.console, clock)
    return healthy, " ".join(screen.text().split())


@pytest.mark.usefixtures("linted")
def test_a_new_machine_is_ready(tmp_path: Path) -> None:
    """Nothing is set up yet, nothing is a problem, and nothing is made."""
    home = tmp_path / "new"

    healthy, report = examine(Settings(home=home))

    assert healthy
    assert "is made with the first interview" in report
    assert "offline interviewer is used" in report
    assert report.endswith("Ready: hotseat practice")
    assert not home.exists()


def test_a_used_home_is_ready(settings: Settings) -> None:
    """The database and the checkpoints are named with size and schema."""
    healthy, report = examine(settings)

    assert healthy
    assert f"schema {known_revisions()[-1]}" in report
    assert "checkpoints ok" in report


def test_a_locked_database_is_reported(settings: Settings) -> None:
    """Another Hotseat at work, such as the bot, is named and no problem of this one."""
    lock = settings.database_path.with_name(f"{settings.database_path.name}.lock")
    with lock.open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        healthy, report = examine(settings)

    assert healthy
    assert "in use by another Hotseat" in report


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 300, b"SQLite format 3\0" + b"x" * 9000]
)
def test_a_broken_database_is_reported(settings: Settings, content: bytes) -> None:
    """A file that is no database is named, and stays as it was."""
    settings.database_path.write_bytes(content)

    healthy, report = examine(settings)

    assert not healthy
    assert "database problem" in report
    assert settings.database_path.read_bytes() == content


def test_a_damaged_page_is_found(settings: Settings) -> None:
    """The whole file is read, not its head only."""
    raw = bytearray(settings.database_path.read_bytes())
    for page in range(2, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    settings.database_path.write_bytes(raw)

    healthy, report = examine(settings)

    assert not healthy
    assert "database problem" in report


def test_damaged_checkpoints_are_only_a_note(settings: Settings) -> None:
    """They are replaced at the next start."""
    path = settings.database_path
    path.with_name(f"{path.name}.checkpoints").write_bytes(b"gone" * 2000)

    healthy, report = examine(settings)

    assert healthy
    assert "checkpoints note" in report


def test_a_home_that_cannot_be_made_is_a_problem(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")

    healthy, report = examine(Settings(home=tmp_path / "file" / "home"))

    assert not healthy
    assert "set HOTSEAT_HOME" in report


def test_a_bad_pack_of_ones_own_is_a_problem(tmp_path: Path) -> None:
    """The first fault stands there with the command that shows all."""
    folder = tmp_path / "packs" / "mine"
    shutil.copytree(builtin_packs_folder() / "core" / "plans", folder / "plans")

    healthy, report = examine(Settings(home=tmp_path))

    assert not healthy
    assert "pack.yaml is missing" in report
    assert "hotseat packs check" in report


def test_a_wrong_clock_is_a_problem(tmp_path: Path) -> None:
    """A computer that thinks it is 1970 would date cards wrongly."""
    healthy, report = examine(
        Settings(home=tmp_path), ManualClock(datetime(1970, 1, 1, tzinfo=UTC))
    )

    assert not healthy
    assert "set this computer's clock" in report


def test_a_clock_behind_the_database_is_noted(settings: Settings) -> None:
    """The file was changed later than now: one of the two is wrong."""
    healthy, report = examine(settings, ManualClock(datetime(2026, 1, 2, tzinfo=UTC)))

    assert healthy
    assert "clock note" in report


@pytest.mark.parametrize(("width", "outcome"), [(50, "note"), (120, "ok")])
def test_the_terminal_is_described(tmp_path: Path, width: int, outcome: str) -> None:
    """A narrow one is noted, and the report fits it."""
    screen = screen_of(width)
    screen.console._force_terminal = True

    assert run_doctor(Settings(home=tmp_path), screen.console, SystemClock())

    (line,) = [line for line in screen.text().splitlines() if line.startswith("terminal")]
    assert outcome in line
    assert max(map(len, screen.text().splitlines())) <= width
