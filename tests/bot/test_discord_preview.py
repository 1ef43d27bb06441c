"""`hotseat discord-preview`: scenes played with the real bot, from a checkout only."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 120


def preview(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as it is typed in that folder."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "discord-preview", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


def test_a_scene_is_played_printed_and_written(tmp_path: Path) -> None:
    """The drill, up to its card, on the screen and as one web page for each screen."""
    done = preview(ROOT, "drill", "--html", str(tmp_path / "pages"))

    assert done.returncode == 0, done.stderr
    assert "===== A drill graded at once" in done.stdout
    assert "[Try again] [Next question]" in done.stdout
    pages = sorted(page.name for page in (tmp_path / "pages").iterdir())
    assert pages == ["01-a-drill-graded-at-once.html", "02-progress.html"]
    assert "Try again" in (tmp_path / "pages" / pages[0]).read_text("utf-8")


def test_a_scene_that_there_is_not() -> None:
    """The names of those that there are; nothing is played."""
    done = preview(ROOT, "opera")

    assert done.returncode != 0
    assert "no scene opera; there is interview, drill, group" in done.stderr
    assert "=====" not in done.stdout


def test_outside_a_checkout(tmp_path: Path) -> None:
    """One sentence that says where it works, and no trace of a fault."""
    done = preview(tmp_path)

    assert done.returncode != 0
    assert "clone that, run `make setup` there" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
