"""A round on the real tables: a library of one plan, and a mouth that remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from scenarios.rounds import RoundPlan


@dataclass(frozen=True)
class PlanLibrary:
    """Knows the given plans by their items."""

    plans: tuple[RoundPlan, ...]

    def round_for(self, *items: str) -> RoundPlan:
        return next(plan for plan in self.plans if plan.item == "+".join(items))


class MouthBrokenError(Exception):
    """The edge could not show anything."""


@dataclass
class RecordingMouth:
    """Shows each character of an utterance once; `breaks_after` characters it fails once."""

    shown: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    breaks_after: int | None = None

    async def say(self, key: str, text: str, offset: int) -> int:
        start = max(offset, len(self.shown.get(key, "")))
        if self.breaks_after is not None:
            end, self.breaks_after = start + self.breaks_after, None
            self._show(key, text[start:end])
            raise MouthBrokenError(key)
        self._show(key, text[start:])
        return len(text)

    def _show(self, key: str, piece: str) -> None:
        if piece:
            self.shown[key] = self.shown.get(key, "") + piece
            self.pieces.append(piece)
