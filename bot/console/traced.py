"""An interview as it was stored, turn by turn, and as one object for JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from bot.console.model_calls import Totals, call_values
from bot.wiring import App
from interviewer.budget import CallRecord
from interviewer.ports import InboxItem
from interviewer.state import Finding, Utterance, candidate_turn_id, interviewer_turn_id
from storage.calls import calls_of
from storage.scorecards import load_findings
from storage.turn_flags import TurnFlag, flags_of

Stored = TypeVar("Stored")


class Traced(NamedTuple):
    """One event, what it was found to show, and the utterance that answered it.

    `assessed` is what a language model made of it afterwards.
    """

    item: InboxItem
    findings: tuple[Finding, ...]
    utterance: Utterance | None
    assessed: tuple[Finding, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    flag: TurnFlag | None = None


class Trace(NamedTuple):
    """An interview turn by turn; `other_calls` answered no turn, such as those of the judge."""

    interview_id: str
    turns: tuple[Traced, ...]
    other_calls: tuple[CallRecord, ...]

    @property
    def totals(self) -> Totals | None:
        """None where no language model had a part in it."""
        calls = [*(call for one in self.turns for call in one.calls), *self.other_calls]
        found = Totals.of(calls, (one.utterance for one in self.turns))
        return found if found.calls or found.fallbacks else None


async def read_trace(app: App, interview_id: str) -> Trace:
    """Everything that is stored about its turns; `InterviewNotFoundError` where there is none."""
    store, database = app.services.store, app.database
    events = await store.events(interview_id)
    found = await load_findings(database, interview_id)
    answers = {one.seq: one for one in await store.utterances(interview_id)}
    flags = {one.turn_id: one for one in await flags_of(database, interview_id)}
    assessed = _by_event(await store.assessments(interview_id, -1, len(events)))
    seqs = {item.seq for item in events}
    calls = await calls_of(database, interview_id)
    made = _by_event((call.seq, call) for call in calls if call.seq in seqs)
    turns = tuple(
        Traced(
            item,
            found.get(item.seq, ()),
            answers.get(item.seq),
            assessed.get(item.seq, ()),
            made.get(item.seq, ()),
            flags.get(interviewer_turn_id(item.seq)),
        )
        for item in events
    )
    return Trace(interview_id, turns, tuple(call for call in calls if call.seq not in seqs))


def _by_event(pairs: Iterable[tuple[int, Stored]]) -> Mapping[int, tuple[Stored, ...]]:
    grouped: defaultdict[int, list[Stored]] = defaultdict(list)
    for seq, one in pairs:
        grouped[seq].append(one)
    return {seq: tuple(ones) for seq, ones in grouped.items()}


def document_of(found: Trace) -> dict[str, Any]:
    """Everything as plain values for JSON; what a language model had no part in has no key."""
    document = {
        "interview_id": found.interview_id,
        "turns": [_values(one) for one in found.turns],
    }
    if found.other_calls:
        document["other_calls"] = [call_values(call) for call in found.other_calls]
    if found.totals is not None:
        document["totals"] = found.totals.values()
    return document


def _values(one: Traced) -> dict[str, Any]:
    utterance = one.utterance
    return {
        "event_id": candidate_turn_id(one.item.seq),
        "round_index": one.item.round_index,
        "stage": one.item.stage,
        "event": one.item.event.model_dump(mode="json"),
        "findings": [finding.model_dump(mode="json") for finding in one.findings],
        "turn_id": interviewer_turn_id(one.item.seq),
        "utterance": None
        if utterance is None
        else utterance.model_dump(mode="json", exclude={"interview_id", "seq"}),
        **dict(_values_of_model_and_flag(one)),
    }


def _values_of_model_and_flag(one: Traced) -> Iterator[tuple[str, Any]]:
    """What most turns do not have, where there is any of it."""
    if one.assessed:
        yield "assessed", [finding.model_dump(mode="json") for finding in one.assessed]
    if one.calls:
        yield "calls", [call_values(call) for call in one.calls]
    if one.flag is not None:
        yield "flag", {"note": one.flag.note, "at": one.flag.at.isoformat()}
