"""A language model with scripted answers, and what a judge's call asks for."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any

from scoring.judge import JudgeSettings, judge
from scoring.language_model import (
    Account,
    Ask,
    Completion,
    Failure,
    ModelFailureError,
    StreamItem,
    Usage,
)
from scoring.record import InterviewRecord
from scoring.scorecard import Scorecard
from scoring.verdicts import ConceptVerdict

NONCE = "0f1e2d3c4b5a"
ACCOUNT = Account("iv-1", "person")
SETTINGS = JudgeSettings("judge-model")
USED = Usage(input=10, cache_read=100, output=5)

Said = Mapping[str, str]
Script = Callable[[Ask], str | Failure]


def keys_of(ask: Ask) -> tuple[str, ...]:
    """The concepts of a call, in its order."""
    return tuple(re.findall(r"^concept (\S+?):", ask.user[1].text, re.MULTILINE))


def answer(verdicts: Sequence[Mapping[str, Any]]) -> str:
    """An answer of the form that is asked for."""
    return json.dumps({"verdicts": list(verdicts)})


def said(verdict: str, quote: str = "", turn: str = "", reason: str = "") -> Said:
    """One verdict but for its concept."""
    return {"verdict": verdict, "quote": quote, "turn": turn, "reason": reason}


MISSED = said("missed")


def saying(by_key: Mapping[str, Said | Sequence[Said]]) -> Script:
    """Says the same of a concept in every sample, or what is listed, sample by sample."""

    def script(ask: Ask) -> str:
        given = []
        for key in keys_of(ask):
            one = by_key.get(key, MISSED)
            chosen = one if isinstance(one, Mapping) else one[ask.sample]
            given.append({"concept": key, **chosen})
        return answer(given)

    return script


class Scripted:
    """Answers by its script, and keeps what it was asked."""

    name = "scripted"

    def __init__(self, script: Script) -> None:
        self._script = script
        self.asks: list[Ask] = []
        self.under_way = 0
        self.most_under_way = 0
        self.done_before: list[int] = []
        self._done = 0

    async def stream(self, ask: Ask) -> AsyncGenerator[StreamItem, None]:
        self.asks.append(ask)
        self.done_before.append(self._done)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        for _ in range(3):
            await asyncio.sleep(0)
        self.under_way -= 1
        self._done += 1
        text = self._script(ask)
        if isinstance(text, Failure):
            raise ModelFailureError(text, f"{self.name}: {text.value}")
        yield USED
        yield text
        yield Completion(text, USED, "judge-model-2026-11")


def verdict_of(card: Scorecard, address: str) -> ConceptVerdict:
    """The verdict on that concept in the first round."""
    held = card.rounds[0]
    verdicts = [one for stage in held.stages for one in stage.verdicts]
    verdicts += held.curveball.verdicts if held.curveball else ()
    return next(one for one in verdicts if one.key == address)


async def judged(
    record: InterviewRecord, script: Script, settings: JudgeSettings = SETTINGS
) -> tuple[Scorecard, Scripted]:
    """The card, and the model with what it was asked."""
    model = Scripted(script)
    return await judge(record, model, settings, NONCE, ACCOUNT), model
