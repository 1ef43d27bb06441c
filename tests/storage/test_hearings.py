"""A spoken answer that was misheard is put right before it is graded; what was heard stays."""

import json

import pytest
from sqlalchemy import func, select
from storage_samples import START, card_of, minutes, said, settings_of, utterance_of

from interviewer.ports import InterviewNotFoundError
from interviewer.state import Event, EventKind, InterviewState
from scoring.record import Ending
from scoring.transcript import Source, Turn, Word
from storage.database import Database
from storage.errors import EventNotFoundError, GradingBegunError
from storage.interviews import SqlStore
from storage.people import export_own_interview
from storage.retention import export_interview
from storage.tables import HEARINGS, INBOX

HEARD = "We cash the answers."
MEANT = "We cache the answers."
WORDS = (
    Word("We", 0.5, 0.7),
    Word("cash", 0.8, 1.1, uncertain=True),
    Word("the", 1.2, 1.3),
    Word("answers.", 1.3, 1.9),
)


@pytest.fixture
async def interview(store: SqlStore) -> str:
    """The interview `one`, in which something was heard as event 0 and typed as event 1."""
    await store.create_interview("one", settings_of(), START)
    heard = said(HEARD, source=Source.SPOKEN, words=WORDS)
    for event in (heard, said("We cash the answers.")):
        await store.commit_event("one", event, round_index=0, stage="scope")
    return "one"


async def spoken(store: SqlStore) -> Turn:
    """The spoken turn of the interview `one`."""
    return (await store.transcript("one"))[0]


async def test_both_versions_are_in_the_transcript(store: SqlStore, interview: str) -> None:
    """The text as it was meant, what was heard beside it with its words and times; none else."""
    await store.correct_hearing(interview, 0, MEANT, minutes(1))

    heard, typed = await store.transcript(interview)
    assert (heard.text, heard.original, heard.words) == (MEANT, HEARD, WORDS)
    assert (typed.text, typed.original) == (HEARD, None)
    assert (await store.inbox_item(interview, 0)).event.text == HEARD


async def test_the_last_correction_counts(store: SqlStore, interview: str) -> None:
    """A later one takes the place of the earlier one, and what was heard takes it back."""
    await store.correct_hearing(interview, 0, "We catch the answers.", minutes(1))
    await store.correct_hearing(interview, 0, MEANT, minutes(2))
    assert (await spoken(store)).text == MEANT

    await store.correct_hearing(interview, 0, HEARD, minutes(3))
    turn = await spoken(store)
    assert (turn.text, turn.original) == (HEARD, None)


@pytest.mark.parametrize("seq", [1, 2, 7])
async def test_only_what_was_spoken_was_misheard(store: SqlStore, interview: str, seq: int) -> None:
    """What was typed, what was no answer and what never was cannot be put right in this way."""
    paused = Event(kind=EventKind.PAUSED, at=START, source=Source.SPOKEN)
    await store.commit_event(interview, paused, round_index=0, stage="scope")
    before = await store.transcript(interview)
    with pytest.raises(EventNotFoundError, match=f"'one' has no spoken answer {seq}"):
        await store.correct_hearing(interview, seq, MEANT, minutes(1))

    assert await store.transcript(interview) == before


async def test_nothing_changes_once_it_is_graded(store: SqlStore, interview: str) -> None:
    """From the moment on at which the transcript is read, also when it is read once more."""
    over = InterviewState(seq=1, ending=Ending.COMPLETED)
    await store.open_utterance(utterance_of(1, "That is all."), over, [])
    await store.correct_hearing(interview, 0, MEANT, minutes(1))
    for minute in (2, 3):
        await store.begin_grading(interview, minutes(minute))
        with pytest.raises(GradingBegunError, match="'one' is graded as it stands"):
            await store.correct_hearing(interview, 0, HEARD, minutes(minute))
    assert (await store.interview(interview)).finished_at is None
    await store.finish_interview(interview, card_of(), Ending.COMPLETED, minutes(4))
    with pytest.raises(GradingBegunError, match="on its scorecard"):
        await store.correct_hearing(interview, 0, HEARD, minutes(5))

    assert (await spoken(store)).text == MEANT


async def test_interviews_of_the_time_before_speech_are_closed(
    store: SqlStore, interview: str
) -> None:
    """What was finished without that mark is finished all the same."""
    await store.finish_interview(interview, card_of(), Ending.COMPLETED, minutes(2))
    with pytest.raises(GradingBegunError):
        await store.correct_hearing(interview, 0, MEANT, minutes(3))


async def test_an_unknown_interview_is_named(store: SqlStore) -> None:
    """Nothing is put right in what is not there."""
    with pytest.raises(InterviewNotFoundError, match="'none'"):
        await store.correct_hearing("none", 0, MEANT, minutes(1))


async def test_the_export_has_what_was_put_right(
    database: Database, store: SqlStore, interview: str
) -> None:
    """Both to whoever runs it and to the person: the correction and what was heard."""
    await store.correct_hearing(interview, 0, MEANT, minutes(1))
    for export in (
        await export_interview(database, interview),
        await export_own_interview(database, "ada", interview),
    ):
        assert [row["corrected"] for row in export["hearings"]] == [MEANT]
        assert export["inbox"][0]["event"]["text"] == HEARD


async def test_events_of_the_time_before_speech_are_read(
    database: Database, store: SqlStore, interview: str
) -> None:
    """Words that were stored without a mark of certainty are words that were heard for certain."""
    stored = await database.run(lambda c: c.execute(select(INBOX.c.event)).scalars().first())
    event = json.loads(stored or "")
    for word in event["words"]:
        del word["uncertain"]
    await database.run(
        lambda c: (
            c.execute(
                INBOX.update().where(INBOX.c.seq == 0).values(event=json.dumps(event))
            ).rowcount
        )
    )

    words = (await spoken(store)).words
    assert [word.text for word in words] == [word.text for word in WORDS]
    assert not any(word.uncertain for word in words)
    assert (
        await database.run(
            lambda c: c.execute(select(func.count()).select_from(HEARINGS)).scalar_one()
        )
        == 0
    )
