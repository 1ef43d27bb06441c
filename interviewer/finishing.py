"""Finishes an utterance that was decided before a crash, a cancellation or a failed write."""

from __future__ import annotations

from interviewer.clock import Clock
from interviewer.engines.owning_up import STOPPED, mark_in, unasked_line
from interviewer.ports import Mouth, Store
from interviewer.state import Utterance


async def finish_utterance(store: Store, clock: Clock, mouth: Mouth, utterance: Utterance) -> None:
    """Show what was decided and not yet shown, then close; nothing is worded again.

    A follow-up that was stopped before it asked anything ends in the pack's question.
    """
    if utterance.closed:
        return
    rest = unasked_line(utterance)
    text, shown = f"{utterance.text}{rest}", utterance.shown
    if rest:
        await store.extend_utterance(utterance.key, text, complete=True)
    if text:
        await mouth.ready(text[shown:])
        shown = await mouth.say(utterance.key, text, shown)
        shown = await mouth.finish(utterance.key, shown)
    now = clock.now()
    degraded = STOPPED if rest else utterance.degraded or mark_in(text)
    await store.close_utterance(utterance.key, shown=shown, at=now, degraded=degraded)
