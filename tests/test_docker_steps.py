"""The image's steps are run, not only read.

The build asks a package index for uv, as `make test` does when it sets itself up.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each test has a HOME of its own; uv's cache is where it was before.
OUTSIDE = dict(os.environ)
CACHE = OUTSIDE.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv"))


def _docker_steps(script: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, script, *arguments],
        env=OUTSIDE | {"UV_CACHE_DIR": CACHE},
        capture_output=True,
        text=True,
        check=False,
    )


def _project_with(tmp_path: Path, dockerfile: str) -> Path:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/docker_steps.py", tmp_path / "scripts")
    (tmp_path / ".dockerignore").write_text("*\n!shown\n", "utf-8")
    (tmp_path / "Dockerfile").write_text(f"FROM python:3.11-slim\n{dockerfile}", "utf-8")
    for name in ("shown", "hidden"):
        (tmp_path / name).write_text("", "utf-8")
    return tmp_path / "scripts/docker_steps.py"


@pytest.mark.timeout(900)
def test_the_dockerfile_builds_and_answers(tmp_path: Path) -> None:
    """Every step of the Dockerfile succeeds, and its entrypoint finds the packs."""
    script = ROOT / "scripts/docker_steps.py"

    done = _docker_steps(script, "--folder", tmp_path / "image", "--", "packs", "check")

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


@pytest.mark.parametrize(
    ("dockerfile", "reason"),
    [
        ("WORKDIR /src\nCOPY shown ./\nCOPY hidden ./\n", "COPY hidden: no such file"),
        ("RUN test -e /etc\n", "exit status 1"),
        ("HEALTHCHECK NONE\n", "step 2: HEALTHCHECK is not known here"),
        ('ENTRYPOINT ["hotseat"]\n', "ENTRYPOINT ['hotseat']: not found in the last stage"),
        ("FROM nowhere\n", "FROM nowhere: there is no such stage before it"),
    ],
)
def test_a_broken_dockerfile_fails(tmp_path: Path, dockerfile: str, reason: str) -> None:
    """A hidden file, a failing command, an unknown step and a missing program are all named."""
    done = _docker_steps(_project_with(tmp_path, dockerfile))

    assert done.returncode == 1
    assert done.stderr.startswith(f"docker_steps: {reason}")


STAGES = """FROM python:3.11-slim AS base
ENV WORD=true
ENTRYPOINT ["python", "--version"]
RUN mkdir -p /opt && echo base > /opt/of-base
FROM base AS wanted
RUN test "$WORD" = true && test -e /opt/of-base && echo wanted > /opt/of-wanted
FROM python:3.11-slim AS apart
RUN test ! -e /opt/of-base && exit 7
FROM base
COPY --from=wanted /opt /opt
RUN test -e /opt/of-wanted
"""


@pytest.mark.parametrize(
    ("target", "status"), [((), 0), (("--target", "wanted"), 0), (("--target", "apart"), 1)]
)
def test_only_what_the_target_needs_is_built(
    tmp_path: Path, target: tuple[str, ...], status: int
) -> None:
    """A stage begins as the one it is based on ended; a stage that nobody needs is left out."""
    script = _project_with(tmp_path, "")
    (tmp_path / "Dockerfile").write_text(STAGES, "utf-8")

    done = _docker_steps(script, *target)

    assert done.returncode == status, done.stderr
    assert ("exit status 7" in done.stderr) is (status == 1)


def test_a_target_that_is_no_stage_is_told(tmp_path: Path) -> None:
    """The message lists the stages."""
    script = _project_with(tmp_path, "")
    (tmp_path / "Dockerfile").write_text(STAGES, "utf-8")

    done = _docker_steps(script, "--target", "gpu")

    assert "there is no stage gpu; there are base, wanted, apart" in done.stderr


def test_the_image_holds_every_room() -> None:
    """Dockerfile and .dockerignore name the packages that the wheel lists."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    ignore = (ROOT / ".dockerignore").read_text("utf-8")

    assert re.findall(r"^COPY (\w+) \./\1$", dockerfile, re.MULTILINE) == listed
    assert set(re.findall(r"^!(\w+)$", ignore, re.MULTILINE)) - {"LICENSE"} == set(listed)


def test_one_version_of_uv() -> None:
    """The Makefile and the image install the same uv."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")

    pinned = re.findall(r"^UV_VERSION := (\S+)$", makefile, re.MULTILINE)

    assert len(pinned) == 1
    assert re.findall(r"\buv==(\S+)", dockerfile) == pinned
