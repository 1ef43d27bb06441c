"""Whether the interviewer has made a move that it was not offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from evals.worlds import World
from interviewer.ports import Engine, Occasion, Reply
from interviewer.state import Move, Utterance

Offers = dict[tuple[str, int], tuple[Move, ...]]
"""What was offered, by interview and event."""


class Watched:
    """An engine, and what it was offered."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self.prepare, self.assess = engine.prepare, engine.assess
        self.offers: Offers = {}
        self._engine = engine

    async def reply(self, occasion: Occasion) -> Reply:
        """The engine's reply."""
        self.offers[occasion.interview_id, occasion.seq] = occasion.offers
        return await self._engine.reply(occasion)

    def strays(self, utterances: Iterable[Utterance]) -> Iterator[Move]:
        """The moves that were not among the offers of their turn."""
        for one in utterances:
            offered = self.offers.get((one.interview_id, one.seq))
            if offered is not None and _what(one.move) not in map(_what, offered):
                yield one.move


def watch(world: World) -> tuple[World, Watched]:
    """The world with its engine watched."""
    engine = Watched(world.app.services.engine)
    services = replace(world.app.services, engine=engine)
    return replace(world, app=replace(world.app, services=services)), engine


def _what(move: Move) -> tuple[object, ...]:
    return move.kind, move.concept, move.line, move.facts
