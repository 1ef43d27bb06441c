"""Voice is an extra: where its libraries are missing everything else works, and says so."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

WITHOUT = """
import sys

class Missing:
    names = {names!r}

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
"""

OF_VOICE = {
    "av",
    "ctranslate2",
    "davey",
    "faster_whisper",
    "huggingface_hub",
    "nacl",
    "onnxruntime",
    "piper",
    "sounddevice",
    "soxr",
}


def run_without(code: str, home: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python code in a process that lacks the libraries of voice."""
    prelude = WITHOUT.format(names=OF_VOICE)
    return subprocess.run(
        [sys.executable, "-c", prelude + code],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
        env={"HOTSEAT_HOME": str(home), "PATH": "/usr/bin:/bin", "HOME": str(home)},
    )


def hotseat(arguments: list[str]) -> str:
    return f"from bot.cli import main\nsys.argv = ['hotseat', *{arguments!r}]\nmain()"


def test_a_drill_in_the_terminal_ends_with_its_card(tmp_path: Path) -> None:
    """The embedded interviewer needs none of it."""
    answers = "An agent chooses its next step itself, a chain follows a fixed order.\n/end\n"
    ended = run_without(hotseat(["drill", "agent-vs-chain"]), tmp_path, answers)

    assert ended.returncode == 0, ended.stderr
    assert "hotseat scorecards export" in ended.stdout


def test_the_discord_bot_is_there(tmp_path: Path) -> None:
    """Its commands are built, the spoken interview left out."""
    code = "import bot.discord.client, bot.discord.cogs.interview\nprint('built')"
    built = run_without(code, tmp_path)

    assert built.stdout == "built\n", built.stderr
