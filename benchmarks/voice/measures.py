"""What calls show: waits, cut-ins, stops, late frames; from what was heard and the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.voice.calls import Block, Heard, Recorded
from benchmarks.voice.person import Scene

SILENT_S = 0.6
"""Silence after which an answer has stopped; gaps between its words are shorter."""
STOP_LIMIT_S = 3.0
LOST_AFTER_S = (0.5, 2.5)
"""Silent from the first to the second of these seconds after a sound: the answer is lost."""
LATE_S = (0.02, 0.3)
"""A piece that comes so much after the end of the one before is late; more is a pause."""


@dataclass(frozen=True)
class Reply:
    """How a turn was answered.

    `waited_s`: from the last sample of speech to our first sound, None where no answer came.
    `made_s`: the part of it after the engine was asked. `cut_in`: we spoke before it was over.
    """

    scene: Scene
    waited_s: float | None
    made_s: float | None
    cut_in: bool


def replies(calls: Iterable[Recorded], *kinds: str) -> list[Reply]:
    """How the turns of these kinds were answered."""
    return [
        _reply(call.heard, scene) for call in calls for scene in call.scenes if scene.kind in kinds
    ]


def waits_s(answered: Iterable[Reply]) -> list[float]:
    """The waits of turns that were answered and not cut off."""
    return [reply.waited_s for reply in answered if reply.waited_s is not None and not reply.cut_in]


def made_s(answered: Iterable[Reply]) -> list[float]:
    """From the engine's being asked to our first sound, of the same turns."""
    return [reply.made_s for reply in answered if reply.made_s is not None and not reply.cut_in]


def missed(answered: Iterable[Reply]) -> list[bool]:
    """Whether each turn was left without an answer."""
    return [reply.waited_s is None for reply in answered]


def stops_s(calls: Iterable[Recorded]) -> list[float | None]:
    """From the first sound of an interruption to our last; None where we went on."""
    return [
        _stop(call.heard, scene.spoken[1].start_s)
        for call in calls
        for scene in _overheard(call, "barge-in")
    ]


def lost_answers(calls: Iterable[Recorded], kind: str) -> list[bool]:
    """For each sound over an answer that wants no turn: whether the answer was lost for it."""
    return [_is_lost(call.heard, scene) for call in calls for scene in _overheard(call, kind)]


def false_turns(calls: Iterable[Recorded]) -> list[bool]:
    """For each noise while nobody spoke: whether it was taken for a turn."""
    return [
        _turned(call.heard, scene.spoken[0].start_s, scene.to_s)
        for call in calls
        for scene in call.scenes
        if scene.kind == "noise alone" and scene.spoken
    ]


def late_pieces(calls: Iterable[Recorded]) -> tuple[int, int]:
    """How many pieces of audio came late, and of how many."""
    late_s = [late_s for call in calls for late_s in call.heard.late_s]
    return sum(LATE_S[0] < each < LATE_S[1] for each in late_s), len(late_s)


def all_calls(blocks: Sequence[Block]) -> list[Recorded]:
    """The calls of several blocks."""
    return [call for block in blocks for call in block.calls]


def _reply(heard: Heard, scene: Scene) -> Reply:
    first_end_s, end_s = scene.spoken[0].end_s, scene.spoken[-1].end_s
    cut_in = any(first_end_s < start_s < end_s for start_s, _ in heard.loud)
    onset_s = next((start_s for start_s, _ in heard.loud if end_s <= start_s < scene.to_s), None)
    if onset_s is None:
        return Reply(scene, None, None, cut_in)
    asked_s = [at_s for at_s, _ in heard.turns if end_s < at_s < onset_s]
    return Reply(scene, onset_s - end_s, onset_s - asked_s[-1] if asked_s else None, cut_in)


def _overheard(call: Recorded, kind: str) -> list[Scene]:
    """Scenes of a kind in which our answer could be heard as the sound began."""
    return [
        scene
        for scene in call.scenes
        if scene.kind == kind
        and len(scene.spoken) > 1
        and _is_loud(call.heard, scene.spoken[1].start_s - SILENT_S, scene.spoken[1].start_s)
    ]


def _stop(heard: Heard, from_s: float) -> float | None:
    last_s = from_s
    for start_s, end_s in heard.loud:
        if start_s < from_s:
            continue
        if start_s - last_s > SILENT_S:
            break
        last_s = end_s
    return last_s - from_s if last_s - from_s < STOP_LIMIT_S else None


def _is_lost(heard: Heard, scene: Scene) -> bool:
    sound = scene.spoken[1]
    since_s, until_s = (sound.end_s + after_s for after_s in LOST_AFTER_S)
    return _turned(heard, sound.start_s, scene.to_s) or not _is_loud(heard, since_s, until_s)


def _turned(heard: Heard, from_s: float, to_s: float) -> bool:
    return any(from_s < at_s < to_s for at_s, _ in heard.turns)


def _is_loud(heard: Heard, from_s: float, to_s: float) -> bool:
    return any(from_s < start_s < to_s for start_s, _ in heard.loud)
