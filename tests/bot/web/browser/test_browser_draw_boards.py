"""The boards that the reader is measured on can still be drawn in today's page."""

import asyncio
from pathlib import Path

import pytest
import yaml

from benchmarks import draw_boards

PLAN = {
    "steps": [
        ["box", "a", 0, 100, 140, 70, "API"],
        ["part", "llm", "m", 300, 100, "model"],
        ["arrow", "a", "m", "prompt"],
    ]
}
TRUTH = {"nodes": ["API", "model"], "edges": [["API", "model", "prompt"]], "zones": []}


async def test_a_board_is_drawn_as_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand and from the palette; what is stored is written down and reads as it was meant."""
    for kind, content in (("plan", PLAN), ("truth", TRUTH)):
        (tmp_path / f"small.{kind}.yaml").write_text(yaml.safe_dump(content), "utf-8")
    monkeypatch.setattr(draw_boards, "BOARDS", tmp_path)
    # Its browser is driven from a thread, since one that waits for it cannot share a loop.
    assert await asyncio.to_thread(draw_boards.main, [str(tmp_path), "small"]) == 0

    assert capsys.readouterr().out == "small\n"
    assert (tmp_path / "small.excalidraw.json").exists()
