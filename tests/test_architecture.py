"""The layout of DESIGN section 3, as code: change the table and this file together, on purpose."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT: dict[str, set[str]] = {
    "whiteboard": set(),
    "voice": set(),
    "scenarios": {"whiteboard"},
    "scoring": {"scenarios", "whiteboard"},
    "interviewer": {"scoring", "scenarios", "whiteboard"},
    "storage": {"interviewer", "scoring", "scenarios", "whiteboard"},
    "bot": {"storage", "interviewer", "scoring", "scenarios", "whiteboard", "voice"},
}
BUILT = set(MAY_IMPORT)

# Library -> the files and folders (these end in a slash) that may import it.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "aiohttp": ("bot/discord/",),
    "alembic": ("storage/",),
    "av": ("voice/audio.py", "voice/samples.py", "bot/discord/voice/opus.py"),
    "ctranslate2": ("voice/transcribe.py", "voice/devices.py"),
    "davey": ("bot/discord/",),
    "anthropic": ("interviewer/engines/claude.py",),
    "discord": ("bot/discord/",),
    "faster_whisper": ("voice/transcribe.py",),
    "itsdangerous": ("bot/web/",),
    "jellyfish": ("scoring/mishearing.py",),
    "nacl": ("bot/discord/",),
    "onnxruntime": ("voice/vad.py", "voice/end_of_turn.py", "voice/speak.py"),
    "sounddevice": ("bot/console/",),
    "soxr": ("voice/audio.py",),
    "fsrs": ("scoring/practice_schedule.py",),
    "jinja2": ("scoring/render/", "bot/web/"),
    "langchain_core": ("interviewer/graph.py", "storage/checkpoints.py", "storage/saver.py"),
    "langgraph": ("interviewer/graph.py", "storage/checkpoints.py", "storage/saver.py"),
    "langsmith": ("interviewer/graph.py",),
    "httpx2": ("interviewer/engines/claude.py", "voice/download.py"),
    "matplotlib": ("scoring/render/chart.py",),
    "opentelemetry": ("bot/tracing.py", "interviewer/engines/claude.py", "interviewer/graph.py"),
    "piper": ("voice/speak.py",),
    "platformdirs": ("bot/settings.py",),
    "prompt_toolkit": ("bot/console/",),
    "pydantic_settings": ("bot/settings.py",),
    "resvg_py": ("whiteboard/picture.py",),
    "rich": ("bot/console/", "scoring/render/terminal.py"),
    "snowballstemmer": ("scoring/text.py",),
    "sqlalchemy": ("storage/",),
    "sqlmodel": ("storage/",),
    "starlette": ("bot/web/",),
    "typer": ("bot/",),
    "uvicorn": ("bot/web/",),
    "websockets": ("bot/web/",),
    "yarl": ("bot/discord/",),
}
# A library whose own interface is written in another's types brings that one along.
BROUGHT_BY = {
    "langchain_core": "langgraph",
    "langsmith": "langgraph",
    "pydantic_core": "pydantic",
    "yarl": "aiohttp",
}
# A migration is a list of columns, frozen once released.
CONTENT = ("storage/migrations/versions/",)
OUTER_DOORS = {"bot/cli.py", "bot/discord/errors.py"}
READS_THE_ENVIRONMENT = {"bot/settings.py"}

DOORS = ("interviewer.state", "scoring.evidence", "scoring.render.chart", "bot.cli")
HEAVY = {
    "aiohttp",
    "alembic",
    "anthropic",
    "av",
    "ctranslate2",
    "davey",
    "discord",
    "faster_whisper",
    "httpx2",
    "jinja2",
    "langgraph",
    "matplotlib",
    "onnxruntime",
    "opentelemetry",
    "piper",
    "prompt_toolkit",
    "resvg_py",
    "rich",
    "sounddevice",
    "soxr",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
    "uvicorn",
    "websockets",
}

PERSONAL = {"text", "quote", "quotes", "answer", "answers", "said", "utterance", "transcript"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log", "msg", "bind"}

MOST_LINES_PER_FILE = 400
MOST_LINES_PER_FUNCTION = 40


class Import(NamedTuple):
    """One imported module and the line that imports it."""

    module: str
    line: int


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _found() -> set[str]:
    return {name for name in MAY_IMPORT if (ROOT / name / "__init__.py").is_file()}


def _sources() -> list[Path]:
    found = (path for name in _found() for path in (ROOT / name).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def _imports(tree: ast.Module) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield Import(node.module, node.lineno)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            name = node.args[0] if node.args else None
            if isinstance(name, ast.Constant):
                yield Import(str(name.value), node.lineno)


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


def _inside(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name.startswith(room) if room.endswith("/") else name == room for room in rooms)


def _pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _declared() -> set[str]:
    project = _pyproject()["project"]
    groups = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
    return {_normal(re.split(r"[^\w.-]", entry)[0]) for group in groups for entry in group}


each_file = pytest.mark.parametrize("path", _sources(), ids=_name)


def test_every_room_of_the_table_stands() -> None:
    """The packages found are those of the table, no more and no fewer."""
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert folders - {"benchmarks", "evals"} == BUILT


def test_the_wheel_lists_the_rooms() -> None:
    """pyproject names every package once for the wheel, the sdist and the type checker."""
    tool = _pyproject()["tool"]
    targets = tool["hatch"]["build"]["targets"]

    assert sorted(BUILT) == targets["wheel"]["packages"]
    assert set(targets["sdist"]["include"]) >= BUILT
    assert set(tool["pyright"]["include"]) >= BUILT


@each_file
def test_imports_go_down_only(path: Path) -> None:
    """A room imports itself and the rooms below it."""
    room = _name(path).split("/")[0]
    allowed = MAY_IMPORT[room] | {room}

    upward = [
        found
        for found in _imports(_tree(path))
        if (top := found.module.split(".")[0]) in MAY_IMPORT and top not in allowed
    ]

    assert upward == []


@each_file
def test_each_library_stays_in_its_room(path: Path) -> None:
    """A third-party library is imported only where the table says."""
    strays = [
        found
        for found in _imports(_tree(path))
        if (rooms := ONLY_IN.get(found.module.split(".")[0])) and not _inside(_name(path), rooms)
    ]

    assert strays == []


def test_every_import_is_a_declared_dependency() -> None:
    """No room leans on a package that another one happens to bring along."""
    providers = packages_distributions()
    declared = _declared() | {guest for guest, host in BROUGHT_BY.items() if host in _declared()}
    undeclared = {
        f"{_name(path)}:{found.line}: {found.module}"
        for path in _sources()
        for found in _imports(_tree(path))
        if (top := found.module.split(".")[0]) not in sys.stdlib_module_names | MAY_IMPORT.keys()
        and top not in declared
        and declared.isdisjoint(map(_normal, providers.get(top, [])))
    }

    assert undeclared == set()


@pytest.mark.parametrize(
    "path", [path for path in _sources() if path.name == "__init__.py"], ids=_name
)
def test_a_package_opens_with_words_only(path: Path) -> None:
    """Each __init__.py is one docstring: importing a room costs nothing."""
    tree = _tree(path)

    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@each_file
def test_only_the_settings_read_the_environment(path: Path) -> None:
    """There is one answer to "where does this value come from"."""
    reads = [
        node.lineno
        for node in ast.walk(_tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"))
        or (isinstance(node, ast.alias) and node.name in ("environ", "environb", "getenv"))
    ]

    assert reads == [] or _name(path) in READS_THE_ENVIRONMENT


@each_file
def test_nothing_is_caught_wholesale(path: Path) -> None:
    """Bare `except`, `except Exception` and their like stand at the outer doors only."""
    wide = [
        node.lineno
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]

    assert wide == [] or _name(path) in OUTER_DOORS


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        kind is None or ast.unparse(kind).rpartition(".")[2] in ("Exception", "BaseException")
        for kind in kinds
    )


@each_file
def test_files_and_functions_stay_small(path: Path) -> None:
    """At most 400 lines a file and 40 a function, docstring included."""
    long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not _inside(_name(path), CONTENT)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_PER_FUNCTION
    ]

    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES_PER_FILE
    assert long == []


@each_file
def test_logs_hold_no_words_of_people(path: Path) -> None:
    """No log call is handed a text, a quote or an answer, by name or by value."""
    leaks = [
        f"line {node.lineno}: {word}"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and _writes_a_log(node)
        for word in sorted(_words_of(node) & PERSONAL)
    ]

    assert leaks == []


def _writes_a_log(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in LOG_METHODS:
        return False
    return "log" in ast.unparse(call.func.value).lower()


def _words_of(call: ast.Call) -> set[str]:
    named = {keyword.arg for keyword in call.keywords if keyword.arg}
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    for node in (inner for value in values for inner in ast.walk(value)):
        if isinstance(node, ast.Attribute):
            named.add(node.attr)
        elif isinstance(node, ast.Name):
            named.add(node.id)
    return named


@pytest.mark.parametrize("module", DOORS)
def test_a_door_opens_without_the_heavy_furniture(module: str) -> None:
    """Importing a room loads no heavy library, so `hotseat --help` answers at once."""
    report = f"import sys, {module}; print(*(name.split('.')[0] for name in sys.modules))"

    seen = subprocess.run(
        [sys.executable, "-c", report], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert seen.stderr == ""
    assert HEAVY & set(seen.stdout.split()) == set()


class Sample(NamedTuple):
    """A line of code and whether the rule under test objects to it."""

    code: str
    refused: bool


@pytest.mark.parametrize(
    "sample",
    [
        Sample("log.info('said', text=turn)", True),
        Sample("self._logger.warning(f'{turn.text}')", True),
        Sample("logging.info('%s', answer)", True),
        Sample("log.info('said', length=3, text_id=turn.id)", False),
        Sample("board.error(text)", False),
    ],
)
def test_the_log_rule_sees_what_it_should(sample: Sample) -> None:
    """The rule on logs catches keywords, f-strings and arguments, and nothing else."""
    (call,) = [
        node
        for node in ast.walk(ast.parse(sample.code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]

    assert sample.refused == (_writes_a_log(call) and bool(_words_of(call) & PERSONAL))


@pytest.mark.parametrize(
    "sample",
    [
        Sample("except Exception:", True),
        Sample("except:", True),
        Sample("except (ValueError, builtins.BaseException):", True),
        Sample("except (ValueError, OSError):", False),
    ],
)
def test_the_catch_rule_sees_what_it_should(sample: Sample) -> None:
    """The rule on handlers reads bare, dotted and grouped forms."""
    tree = ast.parse(f"try:\n    pass\n{sample.code}\n    pass")
    (handler,) = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]

    assert sample.refused == _catches_everything(handler)
