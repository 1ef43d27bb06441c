"""Keeps ONNX Runtime from reporting to its maker.

Its official builds do so by default since they carry the 1DS library: they make an identifier for
the machine under `~/.cache/Microsoft` and queue events for Microsoft's servers, the first while it
is being imported (its `Privacy.md`). What is heard here goes nowhere, and neither does that it is.
"""

from __future__ import annotations

import os


def keep_quiet() -> None:
    """Switch that off for this process; to be called before ONNX Runtime is first imported."""
    os.putenv("ORT_DISABLE_TELEMETRY", "1")
