"""Calls in the time of their audio, faster than real: what the policy does on an endless machine.

Recognition and synthesis take no time here, so waits are shorter than in a call by what they take;
who is cut off does not depend on the machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from benchmarks.voice.calls import AFTER_S, Heard, Recorded
from benchmarks.voice.interviewer import Interviewer, Models
from benchmarks.voice.person import Person, Scene
from voice.speech import FRAME_S, SPEAKING_FRAME


async def hold_virtually(models: Models, script: Sequence[Scene]) -> Recorded:
    """One call with a scripted person."""
    heard = Heard()
    interviewer = Interviewer(models, lambda text: heard.turns.append((now_s, text)), _at_once)
    now_s = 0.0

    def begins(scene: Scene) -> None:
        interviewer.answers = list(scene.answers)

    person = Person(script, begins)
    interviewer.asks(script[0].question)
    left = round(AFTER_S / FRAME_S)
    while left > 0:
        left -= person.has_finished
        interviewer.conversation.hear(person.frame(heard.is_heard(now_s)))
        now_s = person.now_s
        await interviewer.conversation.settle()
        for _ in range(3):
            await asyncio.sleep(0)
        heard.add(now_s, interviewer.playback.read(SPEAKING_FRAME))
    await interviewer.close()
    return Recorded(person.scenes, heard)


async def _at_once(answer: str) -> AsyncIterator[str]:
    yield answer
