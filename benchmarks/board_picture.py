"""How long a text board takes to become a PNG: the sketch read, laid out, drawn, and rendered.

    python -m benchmarks.board_picture [RUNS]

The typical board is what a candidate has after half of a design round; the aim is for it. The
first picture of a process is left out: it loads the renderer.
"""

from __future__ import annotations

import sys

from benchmarks.figures import Sample, machine, median, percentile, print_table, verdict
from whiteboard.picture import scene_png, scene_svg
from whiteboard.scene import board_elements
from whiteboard.sketch import parse_sketch

RUNS = 30
AIM_MS = 120.0
TYPICAL = "typical"
BOARDS = {
    "small": """
        user -> gateway -> LLM : prompt
        gateway -> cache
    """,
    TYPICAL: """
        user -> gateway -> orchestrator : question
        gateway -> guardrail
        orchestrator -> LLM : prompt
        orchestrator -> retriever -> vector store
        zone trusted {
          policy engine -> order API : approved
        }
        orchestrator -> policy engine : refund
        policy engine -> human review : above 50
        note: refunds above 50 need a person
    """,
    "large": """
        zone internet { mobile app ; web app ; partner client }
        mobile app, web app, partner client -> gateway : HTTPS
        zone company {
          gateway -> auth service ; gateway -> input guardrail : raw text
          zone agent runtime {
            input guardrail -> orchestrator : cleaned request
            orchestrator -> planner LLM : plan
            orchestrator -> small classifier model : intent
            orchestrator -> retriever : query
          }
          retriever -> vector store ; retriever -> document database
          retriever -> re-ranker -> orchestrator : top 8
          zone acting side {
            orchestrator -> policy engine : proposed action
            policy engine -> payments tool, email tool : approved
            payments tool -> ledger database : debit
            ledger database -> reconciliation queue -> reconciliation worker
          }
          policy engine <-> human review : above 200
          orchestrator, policy engine, payments tool -> trace store : spans
          trace store -> eval harness : nightly
          eval harness -> planner LLM : regression suite
        }
    """,
}


def measure(text: str, runs: int) -> tuple[Sample, Sample, Sample, int]:
    """Text to elements, elements to SVG, text to PNG; and the bytes of the picture."""
    layout, svg, whole = Sample(), Sample(), Sample()
    size = len(scene_png(board_elements(parse_sketch(text))))
    for _ in range(runs):
        with layout:
            elements = board_elements(parse_sketch(text))
        with svg:
            scene_svg(elements)
        with whole:
            scene_png(board_elements(parse_sketch(text)))
    return layout, svg, whole, size


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    rows: list[tuple[str, ...]] = []
    typical = 0.0
    for name, text in BOARDS.items():
        layout, svg, whole, size = measure(text, runs)
        if name == TYPICAL:
            typical = median(whole.wall_ms)
        board = parse_sketch(text)
        parts = f"{len(board.components)} + {len(board.arrows)}"
        times = (median(layout.wall_ms), median(svg.wall_ms), median(whole.wall_ms))
        tail = (percentile(whole.wall_ms, 0.95), median(whole.cpu_ms))
        rows.append((name, parts, *(f"{t:.0f}" for t in (*times, *tail)), f"{size / 1000:.0f}"))
    head = ("board", "boxes + arrows", "layout ms", "SVG ms", "to PNG ms", "p95", "CPU ms", "kB")
    print_table(f"Text board to PNG, {runs} runs, medians ({machine()})", head, rows)
    print(f"\ntypical board {typical:.0f} ms, aim {AIM_MS:g}: {verdict(typical, AIM_MS)}")


if __name__ == "__main__":
    main()
