"""Run the Dockerfile's steps in a temporary folder, where no Docker engine is at hand.

    python scripts/docker_steps.py [--target STAGE] [--folder FOLDER] [-- ARGUMENTS]

The Dockerfile itself is read. As in Docker, the last stage is built (or the target) with those that
it needs and no others. Each stage gets the same root in turn, empty or as an earlier stage left it,
so that a stage sees nothing of another but what FROM and `COPY --from` bring. Absolute paths in
ENV, WORKDIR, COPY and RUN mean places under that root; `.dockerignore` decides what COPY sees. At
the end the entrypoint runs in the stage that was built last, with the arguments. Exit status 0 says
that every step and the entrypoint succeeded.

What it does not prove: the base image is played by a virtual environment of this Python, and the
commands in `NEED_ROOT` are announced instead of run.
"""

import argparse
import fnmatch
import json
import os
import re
import shlex
import shutil
import string
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, field, replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NEED_ROOT = ("useradd", "groupadd", "chown", "apt-get")
# The places of the real machine that a command in an image would find too.
OF_THE_MACHINE = r"dev|proc|bin|usr/bin"
# What reaches a step from outside: how to get at the package index, and uv's cache.
PASSED_ON = re.compile(
    r"(?i)(https?|all|no)_proxy|ssl_cert_\w+|pip_(cert|index_url)|uv_(cache|def)\w+"
)

FROM = re.compile(
    r"(?:python:(?P<version>\d+\.\d+)-slim|(?P<stage>[\w-]+))(?: AS (?P<name>[\w-]+))?",
    re.IGNORECASE,
)
COPY_FROM = re.compile(r"--from=(\S+)")
ABSOLUTE = re.compile(rf"(?<![\w./$}}-])/(?!(?:{OF_THE_MACHINE})(?:/|\b))(?=\w)")


class StepError(Exception):
    """A step of the Dockerfile failed, or is one that this script does not know."""


@dataclass(frozen=True)
class Step:
    """One instruction of the Dockerfile and its words, continuation lines joined."""

    instruction: str
    words: str


@dataclass
class Stage:
    """The state of the stage being built: its environment, folder and command."""

    root: Path
    env: dict[str, str]
    folder: Path = field(init=False)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start in the image's own root folder."""
        self.folder = self.root

    def resolve(self, words: str) -> str:
        """Absolute paths moved under the root, then variables filled in."""
        moved = ABSOLUTE.sub(lambda _: f"{self.root}/", words)
        return string.Template(moved).safe_substitute(self.env)

    def place(self, path: str) -> Path:
        """Where a path of the image lies on this machine."""
        return self.folder / self.resolve(path)


@dataclass
class Build:
    """A run through the Dockerfile: finished stages are put aside under their names."""

    folder: Path
    context: tuple[str, ...]
    with_pip: bool
    stage: Stage | None = None
    name: str = ""
    finished: dict[str, Stage] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The one place where every stage is built, so that absolute paths agree."""
        return self.folder / "root"

    def current(self) -> Stage:
        """The stage that the instruction belongs to."""
        if self.stage is None:
            raise StepError("the first instruction must be FROM")
        return self.stage


def read_steps(dockerfile: Path) -> list[Step]:
    """The instructions of a Dockerfile in order, without comments."""
    lines = [
        line
        for line in dockerfile.read_text("utf-8").splitlines()
        if not re.match(r"\s*(#|$)", line)
    ]
    joined = "\n".join(lines).replace("\\\n", " ")
    split = (line.strip().partition(" ") for line in joined.splitlines())
    return [Step(instruction.upper(), words.strip()) for instruction, _, words in split]


def needed_steps(steps: list[Step], target: str | None) -> list[Step]:
    """The steps of the target's stage (the last if None) and of those that it builds on."""
    stages: dict[str, list[Step]] = {}
    for number, step in enumerate(steps):
        if step.instruction == "FROM" or not stages:
            match = FROM.fullmatch(step.words)
            stages[(match and match["name"]) or f"stage {number}"] = []
        stages[next(reversed(stages))].append(step)
    if target is not None and target not in stages:
        raise StepError(f"there is no stage {target}; there are {', '.join(stages)}")
    needed = [target or next(reversed(stages))]
    for name in needed:
        needed += [
            other for other in _origins(stages[name]) if other in stages and other not in needed
        ]
    return [step for name, its in stages.items() if name in needed for step in its]


def _origins(steps: list[Step]) -> list[str]:
    based_on = [match["stage"] for step in steps if (match := _base(step)) and match["stage"]]
    copied = [
        name
        for step in steps
        if step.instruction == "COPY"
        for name in COPY_FROM.findall(step.words)
    ]
    return based_on + copied


def _base(step: Step) -> re.Match[str] | None:
    return FROM.fullmatch(step.words) if step.instruction == "FROM" else None


def visible_files(project: Path) -> tuple[str, ...]:
    """The files of the project that `.dockerignore` lets a COPY see; the last match decides."""
    lines = (project / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    found: list[str] = []
    for parent, folders, files in os.walk(project):
        here = Path(parent).relative_to(project)
        folders[:] = [name for name in folders if _visible(here / name, rules)]
        found += [(here / name).as_posix() for name in files if _visible(here / name, rules)]
    return tuple(found)


def _visible(path: Path, rules: list[str]) -> bool:
    seen = True
    names = [path.as_posix(), *(parent.as_posix() for parent in path.parents[:-1])]
    for rule in rules:
        pattern = rule.lstrip("!").removeprefix("**/")
        floating = "**/" in rule
        if any(fnmatch.fnmatch(Path(n).name if floating else n, pattern) for n in names):
            seen = rule.startswith("!")
    return seen


def run_from(build: Build, words: str) -> None:
    """FROM: put the finished stage aside; begin with a fresh Python, or as another stage ended."""
    match = FROM.fullmatch(words)
    if match is None:
        raise StepError(f"FROM {words}: only python:<version>-slim or a stage can be played")
    if build.stage is not None:
        build.root.rename(build.folder / f"stage-{build.name}")
        build.finished[build.name] = build.stage
    build.name = match["name"] or "last"
    build.stage = (
        _fresh(build, match["version"]) if match["version"] else _based_on(build, match["stage"])
    )


def _based_on(build: Build, name: str) -> Stage:
    if name not in build.finished:
        raise StepError(f"FROM {name}: there is no such stage before it")
    shutil.copytree(build.folder / f"stage-{name}", build.root, symlinks=True)
    earlier = build.finished[name]
    stage = replace(earlier, env=dict(earlier.env))
    stage.folder = earlier.folder
    return stage


def _fresh(build: Build, version: str) -> Stage:
    if version != (here := f"{sys.version_info.major}.{sys.version_info.minor}"):
        sys.stdout.write(f"note: Python {here} plays the image's {version}\n")
    base = build.root / "usr/local"
    venv.create(base, with_pip=build.with_pip, symlinks=True)
    home = build.root / "root"
    home.mkdir()
    env = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    stand_ins = _stand_ins(build.folder / "stand-ins")
    env |= {"PATH": f"{stand_ins}:{base}/bin:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"}
    return Stage(build.root, env)


def _stand_ins(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name in NEED_ROOT:
        stand_in = folder / name
        stand_in.write_text('#!/bin/sh\necho "not run here: ${0##*/} $*"\n', "utf-8")
        stand_in.chmod(0o755)
    return folder


def run_copy(build: Build, words: str) -> None:
    """COPY: from the visible files of the project, or from a finished stage."""
    stage = build.current()
    flags = dict(re.findall(r"--(\w+)=(\S+)", words))
    *sources, target = (word for word in words.split() if not word.startswith("--"))
    place = stage.place(target)
    for source in sources:
        if "from" in flags:
            origin = build.folder / f"stage-{flags['from']}" / source.lstrip("/")
            shutil.copytree(origin, place, symlinks=True, dirs_exist_ok=True)
        else:
            _copy_visible(build.context, source, place, into=target.endswith("/"))


def _copy_visible(context: tuple[str, ...], source: str, place: Path, *, into: bool) -> None:
    inside = [name for name in context if name == source or name.startswith(f"{source}/")]
    if not inside:
        raise StepError(f"COPY {source}: no such file, or .dockerignore hides it")
    for name in inside:
        tail = Path(name).name if name == source else name.removeprefix(f"{source}/")
        goal = place if name == source and not into else place / tail
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, goal)


def run_env(build: Build, words: str) -> None:
    """ENV: every NAME=value of the line; a value sees what earlier lines set."""
    stage = build.current()
    pairs = (word.partition("=") for word in shlex.split(words))
    stage.env |= {name: stage.resolve(value) for name, _, value in pairs}


def run_workdir(build: Build, words: str) -> None:
    """WORKDIR: make the folder and go there."""
    stage = build.current()
    stage.folder = stage.place(words)
    stage.folder.mkdir(parents=True, exist_ok=True)


def run_run(build: Build, words: str) -> None:
    """RUN: the line in a shell, in the stage's folder and environment only."""
    stage = build.current()
    moved = ABSOLUTE.sub(lambda _: f"{stage.root}/", words)
    _call(["/bin/sh", "-c", moved], stage)


def run_entrypoint(build: Build, words: str) -> None:
    """ENTRYPOINT: remembered for the end; the list form only."""
    build.current().entrypoint = json.loads(words)


def run_cmd(build: Build, words: str) -> None:
    """CMD: what the entrypoint gets when nothing else is asked for."""
    build.current().command = json.loads(words)


def run_nothing(build: Build, words: str) -> None:
    """USER and VOLUME: nothing to do without an engine."""
    build.current()
    if not words:
        raise StepError("USER and VOLUME need a word")


INSTRUCTIONS = {
    "FROM": run_from,
    "COPY": run_copy,
    "ENV": run_env,
    "WORKDIR": run_workdir,
    "RUN": run_run,
    "ENTRYPOINT": run_entrypoint,
    "CMD": run_cmd,
    "USER": run_nothing,
    "VOLUME": run_nothing,
}


def _call(command: list[str], stage: Stage) -> None:
    done = subprocess.run(  # noqa: S603 - the commands are those of our own Dockerfile
        command, cwd=stage.folder, env=stage.env, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise StepError(f"exit status {done.returncode}: {shlex.join(command)}")


def run_steps(folder: Path, arguments: list[str], target: str | None = None) -> None:
    """Build the last stage of the Dockerfile (or the target) under a folder, run the entrypoint.

    Raises:
        StepError: a step failed or is not known here.
    """
    steps = needed_steps(read_steps(PROJECT / "Dockerfile"), target)
    # The image's Python always has pip; here it costs seconds a stage.
    with_pip = any("pip" in step.words for step in steps if step.instruction == "RUN")
    build = Build(folder, visible_files(PROJECT), with_pip)
    for number, step in enumerate(steps, start=1):
        sys.stdout.write(f"step {number}: {step.instruction} {step.words}\n")
        sys.stdout.flush()
        if step.instruction not in INSTRUCTIONS:
            raise StepError(f"step {number}: {step.instruction} is not known here")
        INSTRUCTIONS[step.instruction](build, step.words)
    stage = build.current()
    program = shutil.which(stage.entrypoint[0], path=stage.env["PATH"])
    if program is None or not Path(program).is_relative_to(build.root):
        raise StepError(f"ENTRYPOINT {stage.entrypoint}: not found in the last stage")
    _call([program, *stage.entrypoint[1:], *(arguments or stage.command)], stage)


def main() -> int:
    """Read the arguments and run; the exit status."""
    parser = argparse.ArgumentParser(description="Run the Dockerfile's steps without Docker.")
    parser.add_argument("--folder", type=Path, help="an empty folder (default: temporary)")
    parser.add_argument("--target", help="a stage (default: the last one)")
    parser.add_argument("arguments", nargs="*", help="for the entrypoint (default: CMD)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="docker-steps-") as spare:
        try:
            run_steps((options.folder or Path(spare)).resolve(), options.arguments, options.target)
        except StepError as error:
            sys.stderr.write(f"docker_steps: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
