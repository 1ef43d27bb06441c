"""Servers that speak the Messages API, and what each makes of a request.

What is known of the others was read in their sources, see the project's provider profiles.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """What a server understands.

    Attributes:
        name: what to call it.
        strict: whether a request that breaks the API's rules is refused.
        output_config: whether `output_config.format` is obeyed.
        tool_choice: whether a forced tool is used.
        counts: whether `count_tokens` exists.
        caches: whether prefixes are cached and accounted for.
        fenced: whether JSON that only the prompt asked for comes in a fence, with a preamble.
    """

    name: str
    strict: bool = False
    output_config: bool = True
    tool_choice: bool = True
    counts: bool = True
    caches: bool = False
    fenced: bool = False


ANTHROPIC = Dialect("anthropic", strict=True, caches=True)
VLLM = Dialect("vllm")
LLAMA_CPP = Dialect("llama.cpp", output_config=False, fenced=True)
OLLAMA = Dialect("ollama", output_config=False, tool_choice=False, counts=False, fenced=True)
