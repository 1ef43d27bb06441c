"""Serve the stub by hand, for the shipped packs.

python -m tests.messages_stub --port 8788
ANTHROPIC_API_KEY=stub-key ANTHROPIC_BASE_URL=http://127.0.0.1:8788 hotseat practice
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import suppress

from scenarios.load import builtin_packs_folder, load_library
from tests.messages_stub.honest import honest
from tests.messages_stub.hostile import hostile
from tests.messages_stub.server import MessagesStub


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser("python -m tests.messages_stub", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--port", type=int, default=8788, help="0 takes a free one")
    parser.add_argument("--key", default="stub-key", help="the API key that is let in")
    parser.add_argument("--hostile", action="store_true", help="answer as badly as can be")
    parser.add_argument("--first-token", type=float, default=0.3, help="seconds")
    parser.add_argument("--per-token", type=float, default=0.01, help="seconds")
    return parser.parse_args(arguments)


async def serve(chosen: argparse.Namespace) -> None:
    """Answer until cancelled, then say what was wrong with the requests."""
    good = honest(load_library(builtin_packs_folder()))
    stub = MessagesStub(
        hostile(base=good) if chosen.hostile else good,
        key=chosen.key,
        first_token_s=chosen.first_token,
        per_token_s=chosen.per_token,
        port=chosen.port,
    )
    async with stub:
        kind = "hostile" if chosen.hostile else "honest"
        about = f"{stub.url} answers, {kind}, to the key {stub.key}. It is no language model."
        print(about, flush=True)
        try:
            await asyncio.Event().wait()
        finally:
            for violation in stub.take_violations():
                print(f"refused: {violation}")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(read_arguments()))
