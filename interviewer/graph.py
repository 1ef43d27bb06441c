"""One turn as a LangGraph loop: listen, assess, decide, speak; score at the end.

The graph's own state holds ids and counters. What was said, decided and believed is in the
tables, so a lost checkpoint loses nothing. `listen` is an interrupt and nothing else, because
LangGraph runs a node from its start when it resumes.
"""

# LangGraph ships types but no py.typed promise that strict mode accepts.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt
from langsmith import tracing_context
from opentelemetry import trace

from interviewer.desk import TurnDesk

STRICT_RESUME = "__pregel_strict_resume"
"""LangGraph's internal switch that makes a wrong or used interrupt id an error (1.2)."""


class TurnState(TypedDict):
    """What a checkpoint holds."""

    interview_id: str
    seq: int
    over: bool


@dataclass(frozen=True)
class TurnContext:
    """What a run of the graph is given beside its state."""

    desk: TurnDesk


_TRACER = trace.get_tracer("hotseat.interviewer")
"""Costs next to nothing unless `bot.tracing` has set up where spans go."""

Graph = CompiledStateGraph[TurnState, TurnContext, TurnState, TurnState]


async def _listen(state: TurnState) -> dict[str, Any]:
    seq = interrupt({"after": state["seq"]})
    return {"seq": seq}


async def _assess(state: TurnState, runtime: Runtime[TurnContext]) -> dict[str, Any]:
    with _span("assess", state):
        await runtime.context.desk.take(state["seq"])
        await runtime.context.desk.assess()
    return {"seq": state["seq"]}


async def _decide(state: TurnState, runtime: Runtime[TurnContext]) -> dict[str, Any]:
    with _span("decide", state):
        await runtime.context.desk.take(state["seq"])
        await runtime.context.desk.decide()
    return {"seq": state["seq"]}


async def _speak(state: TurnState, runtime: Runtime[TurnContext]) -> dict[str, Any]:
    with _span("speak", state):
        await runtime.context.desk.take(state["seq"])
        return {"over": await runtime.context.desk.speak()}


async def _score(state: TurnState, runtime: Runtime[TurnContext]) -> dict[str, Any]:
    with _span("score", state):
        await runtime.context.desk.score()
    return {"over": True}


def _span(node: str, state: TurnState) -> AbstractContextManager[Any]:
    """A span for the node: ids only, never words."""
    attributes = {"hotseat.interview_id": state["interview_id"], "hotseat.seq": state["seq"]}
    return _TRACER.start_as_current_span(
        f"hotseat.{node}",
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,  # its text could hold words
    )


def _route(state: TurnState) -> Literal["listen", "score"]:
    return "score" if state["over"] else "listen"


def build_graph(saver: BaseCheckpointSaver[str]) -> Graph:
    """The compiled loop; one serves every interview, as a thread each."""
    builder = StateGraph(TurnState, context_schema=TurnContext)
    builder.add_node("listen", _listen)
    builder.add_node("assess", _assess)
    builder.add_node("decide", _decide)
    builder.add_node("speak", _speak)
    builder.add_node("score", _score)
    builder.add_edge(START, "listen")
    builder.add_edge("listen", "assess")
    builder.add_edge("assess", "decide")
    builder.add_edge("decide", "speak")
    builder.add_conditional_edges("speak", _route, ["listen", "score"])
    builder.add_edge("score", END)
    return builder.compile(checkpointer=saver)


class TurnLoop:
    """Drives the graph's thread of one interview."""

    def __init__(self, graph: Graph, interview_id: str) -> None:
        self._graph = graph
        self._id = interview_id
        self._config: Any = {
            "configurable": {"thread_id": interview_id, STRICT_RESUME: True},
            "recursion_limit": 50,
        }
        self._waiting: str | None = None

    async def take_up(self, desk: TurnDesk, *, last_seq: int, over: bool) -> None:
        """Go on from the checkpoint to the next `listen`, or begin where there is none.

        `last_seq` and `over` are what the tables say. A checkpoint that is ahead of them, as after
        a power cut or beside a restored copy of the database, is passed over.
        """
        known = (await self._graph.aget_state(self._config)).values
        fresh: TurnState | None = None
        if not known or known["seq"] > last_seq or (known["over"] and not over):
            fresh = {"interview_id": self._id, "seq": -1, "over": False}
        await self._run(fresh, desk)

    async def resume(self, seq: int, desk: TurnDesk) -> None:
        """Hand the committed event `seq` to the `listen` that `take_up` or the last turn reached.

        Raises `RuntimeError` where none is waiting.
        """
        if self._waiting is None:
            raise RuntimeError(f"interview {self._id} is not listening; take_up() comes first")
        await self._run(Command(resume={self._waiting: seq}), desk)

    async def _run(self, given: Any, desk: TurnDesk) -> None:
        self._waiting = None
        # Whatever the environment says: what is said in an interview is traced to nobody.
        with tracing_context(enabled=False):
            result = await self._graph.ainvoke(
                given, self._config, context=TurnContext(desk), durability="sync", version="v2"
            )
        interrupts = result.interrupts
        self._waiting = interrupts[0].id if interrupts else None
