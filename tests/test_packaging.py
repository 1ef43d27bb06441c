"""What is shipped works where the checkout is not.

The wheel is installed beside the locked dependencies in a fresh environment. uv takes both from
its cache, filled by `make setup`; only where the cache is cold does it ask the package index.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("bot/web/client/",)
"""Sources of what ships built."""

PACKAGES = ("bot", "interviewer", "scenarios", "scoring", "storage", "voice", "whiteboard")
# Where the person running the tests keeps uv's cache; each test has a HOME of its own.
OUTSIDE = dict(os.environ)
MUST_SHIP = (
    r"bot/cli\.py",
    r"interviewer/.+\.(yaml|md)",
    r"scenarios/packs/core/pack\.yaml",
    r"scenarios/packs/core/(design|behavioural|drill|plans)/.+\.yaml",
    r"bot/web/static/(index\.html|build\.json|licences\.txt|assets/.+\.js)",
    r"bot/web/templates/.+\.(html|css)",
    r"scoring/render/.+\.(j2|html|js)",
    r"storage/migrations/env\.py",
    r"storage/migrations/versions/\d+_.+\.py",
    r"whiteboard/fonts/.+\.ttf",
    r"voice/(lexicon|models)\.yaml",
    r"voice/sample/tiny_whisper/model\.bin",
    r"voice/sample/piper_tone/tone\.onnx",
)


class Installed(NamedTuple):
    """A fresh environment that holds the wheel and nothing of the checkout."""

    wheel: Path
    bin: Path
    cwd: Path
    env: dict[str, str]


def _run(command: list[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **options
    )  # type: ignore[call-overload]


def _uv() -> str:
    private = ROOT / ".uv/bin/uv"
    found = str(private) if private.exists() else shutil.which("uv", path=OUTSIDE.get("PATH"))
    assert found, "uv is missing: run `make setup`"
    return found


def _run_uv(*arguments: str | Path, env: dict[str, str] | None = None) -> None:
    """From the cache if it can be, otherwise from the package index."""
    settings = {k: v for k, v in OUTSIDE.items() if k != "VIRTUAL_ENV"} | (env or {})
    for extra in (["--offline"], []):
        done = _run([_uv(), *arguments, *extra], cwd=ROOT, env=settings)
        if done.returncode == 0:
            return
    pytest.fail(f"uv {' '.join(map(str, arguments))}:\n{done.stderr}")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, built from this checkout and installed outside it."""
    folder = tmp_path_factory.mktemp("installed")
    place = folder / "venv"
    _run_uv("build", "--wheel", "--out-dir", folder / "dist")
    (wheel,) = (folder / "dist").glob("*.whl")
    sync = ("sync", "--frozen", "--no-dev", "--no-install-project", "--python", sys.executable)
    _run_uv(*sync, env={"UV_PROJECT_ENVIRONMENT": str(place)})
    _run_uv("pip", "install", "--no-deps", "--python", place / "bin/python", wheel)
    cwd = folder / "elsewhere"
    cwd.mkdir()
    env = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "HOTSEAT_HOME": str(cwd / "data")}
    return Installed(wheel, place / "bin", cwd, env)


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _shippable() -> Iterator[str]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            is_made_here = "__pycache__" in path.parts or name.startswith(LEFT_OUT)
            if path.is_file() and not is_made_here:
                yield name


def test_the_wheel_holds_every_file_of_the_rooms_and_no_other(installed: Installed) -> None:
    """Code, packs, migrations, templates and prompts ship; tests and the like do not."""
    names = {name for name in _names(installed.wheel) if ".dist-info/" not in name}

    assert set(_shippable()) == names


@pytest.mark.parametrize("pattern", MUST_SHIP)
def test_the_wheel_holds_each_kind_of_data(installed: Installed, pattern: str) -> None:
    """A kind of file whose folder was renamed or emptied is noticed."""
    assert any(re.fullmatch(pattern, name) for name in _names(installed.wheel))


def test_the_wheel_carries_its_licence(installed: Installed) -> None:
    """The GPL goes where the program goes."""
    licences = [name for name in _names(installed.wheel) if name.endswith("licenses/LICENSE")]

    assert len(licences) == 1


@pytest.mark.parametrize("arguments", [["--help"], ["packs", "check"]], ids=" ".join)
def test_the_command_runs_outside_the_checkout(installed: Installed, arguments: list[str]) -> None:
    """The installed `hotseat` answers, finds its packs and checks them."""
    done = _run([installed.bin / "hotseat", *arguments], cwd=installed.cwd, env=installed.env)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_installed_rooms_are_used(installed: Installed, package: str) -> None:
    """No path leads back to the checkout: what ran above was the wheel."""
    where = f"import {package}; print({package}.__file__)"
    done = _run([installed.bin / "python", "-c", where], cwd=installed.cwd, env=installed.env)

    assert Path(done.stdout.strip()).is_relative_to(installed.bin.parent)


def test_the_locked_dependencies_agree(installed: Installed) -> None:
    """Nothing the wheel asks for is missing or of another version than it allows."""
    _run_uv("pip", "check", "--python", installed.bin / "python")


@pytest.mark.parametrize("target", ["practice", "test"])
def test_an_old_python_is_told_what_to_do(tmp_path: Path, target: str) -> None:
    """On a machine without Python 3.11 the first run names the cure."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "uv.lock"):
        (tmp_path / name).touch()

    done = _run(["make", target, "PYTHON=/bin/false"], cwd=tmp_path, env=OUTSIDE)

    assert done.returncode != 0
    assert "Hotseat needs Python 3.11 or newer" in done.stderr
    assert f"make {target} PYTHON=python3.12" in done.stderr
