"""Files that hold what people said: whole or not at all, for their owner only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.doors import UsageError


def write_private(path: Path, text: str) -> None:
    """Write the file; raises `UsageError` where it cannot be."""
    with replacing(path) as file:
        file.write(text.encode("utf-8"))


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A draft beside `path` that takes its place at the end, and vanishes if there is none.

    Folders are made where they lack. Raises `UsageError` where the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            yield file
        draft.replace(path)
    except OSError as err:
        reason = err.strerror or type(err).__name__
        raise UsageError(f"{path} cannot be written ({reason}): choose another place") from err
    finally:
        with suppress(OSError):
            draft.unlink()
