"""How utterances were played is kept once each, and an open one remembers how far it got."""

import pytest
from storage_samples import START, minutes, move_of, said, settings_of, utterance_of

from interviewer.ports import InterviewNotFoundError
from interviewer.state import InterviewState, MoveKind
from scoring.conversation import Manner
from storage.errors import UtteranceNotFoundError
from storage.interviews import SqlStore


@pytest.fixture
async def interview(store: SqlStore) -> str:
    """The interview `one`."""
    await store.create_interview("one", settings_of(), START)
    return "one"


async def note(store: SqlStore, manner: Manner) -> None:
    """Note it in the interview `one`."""
    await store.note_manner(
        "one",
        manner.key,
        waited_s=manner.waited_s,
        cut_in=manner.cut_in,
        stopped=manner.stopped,
    )


async def test_manners_come_in_the_order_of_the_utterances(store: SqlStore, interview: str) -> None:
    """By the events that they answer, not by their keys; what answers none comes first."""
    for seq in (2, 10):
        await store.open_utterance(utterance_of(seq, "Why?"), InterviewState(seq=seq), [])
    noted = (
        Manner("welcome", None, cut_in=False, stopped=False),
        Manner("one:2:probe", 0.8, cut_in=True, stopped=False),
        Manner("one:10:probe", 1.4, cut_in=False, stopped=True),
    )
    for manner in reversed(noted):
        await note(store, manner)

    assert await store.manners(interview) == noted


async def test_an_utterance_that_goes_on_is_one(store: SqlStore, interview: str) -> None:
    """Its first wait counts, and whatever happened in any of its parts."""
    await note(store, Manner("one:0:open", None, cut_in=False, stopped=False))
    await note(store, Manner("one:0:open", 0.7, cut_in=True, stopped=False))
    await note(store, Manner("one:0:open", 9.0, cut_in=False, stopped=True))

    assert await store.manners(interview) == (Manner("one:0:open", 0.7, cut_in=True, stopped=True),)


async def test_interviews_do_not_see_each_others(store: SqlStore, interview: str) -> None:
    """And nothing is noted of what is not there."""
    await store.create_interview("two", settings_of(), START)
    await note(store, Manner("one:0:open", 0.7, cut_in=False, stopped=False))

    assert await store.manners("two") == ()
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await store.note_manner("none", "none:0:open", waited_s=0.1, cut_in=False, stopped=False)


async def test_what_was_played_is_remembered_while_it_is_open(
    store: SqlStore, interview: str
) -> None:
    """It grows clause by clause, and a late report of an earlier clause takes nothing back."""
    await store.open_utterance(utterance_of(0, "First this, then that."), InterviewState(seq=0), [])
    for shown in (0, 11, 22, 11):
        await store.note_shown("one:0:probe", shown)

    opened = await store.utterance(interview, 0)
    assert opened is not None
    assert (opened.shown, opened.closed) == (22, False)


async def test_what_was_cut_stays_cut(store: SqlStore, interview: str) -> None:
    """A clause that is reported after the candidate took the floor changes nothing."""
    await store.open_utterance(utterance_of(0, "First this, then that."), InterviewState(seq=0), [])
    await store.close_utterance("one:0:probe", shown=11, at=minutes(1))
    await store.note_shown("one:0:probe", 22)

    closed = await store.utterance(interview, 0)
    assert closed is not None
    assert closed.shown == 11


async def test_only_what_was_opened_can_be_shown(store: SqlStore, interview: str) -> None:
    """A mistyped key is an error, and other utterances stay as they are."""
    await store.commit_event("one", said("Go on."), round_index=0, stage="scope")
    hint = utterance_of(0, "Think of cost.", move_of(MoveKind.HINT))
    await store.open_utterance(hint, InterviewState(seq=0), [])
    with pytest.raises(UtteranceNotFoundError, match="'one:0:probe'"):
        await store.note_shown("one:0:probe", 4)

    assert await store.utterance(interview, 0) == hint
