"""What was misheard is put right before grading, by the same rules wherever somebody speaks."""

import pytest
from console_samples import FINISHED, OPEN

from bot.hearings import correct_heard, uncertain_turns
from bot.regrading import record_of, regrade
from bot.wiring import App
from interviewer.grading import finish_interview
from interviewer.ports import InterviewNotFoundError
from interviewer.state import Event, EventKind, InterviewState
from scoring.corrections import CorrectionRefusedError
from scoring.record import Ending
from scoring.transcript import Source, Turn, Word
from storage.errors import GradingBegunError
from storage.scorecards import load_scorecard
from storage.tables import INTERVIEWS

HEARD = "A taken is a peace of a word."
MEANT = "A token is a piece of a word."


async def say(app: App, text: str, *unsure: str, source: Source = Source.SPOKEN) -> str:
    """Add an answer to the open interview; returns the id of its turn."""
    words = tuple(
        Word(word, float(at), at + 0.5, word in unsure) for at, word in enumerate(text.split())
    )
    event = Event(
        kind=EventKind.SAID,
        at=app.services.clock.now(),
        text=text,
        source=source,
        words=words if source is Source.SPOKEN else (),
    )
    seq = await app.services.store.commit_event(OPEN, event, round_index=0, stage="scope")
    return f"c{seq:04d}"


async def turn(app: App, turn_id: str) -> Turn:
    """The turn of the open interview as it reads now."""
    transcript = await app.services.store.transcript(OPEN)
    return next(one for one in transcript if one.id == turn_id)


async def end(app: App) -> None:
    """The last move of the open interview is made; it is not graded yet."""
    stored = await app.services.store.interview(OPEN)
    state = stored.state.model_copy(update={"ending": Ending.COMPLETED})
    snapshot = InterviewState.model_validate(state).model_dump_json()
    row = INTERVIEWS.c.id == OPEN
    await app.database.run(
        lambda c: c.execute(INTERVIEWS.update().where(row).values(snapshot=snapshot)).rowcount
    )


async def test_a_misheard_answer_reads_as_it_was_meant(app: App) -> None:
    """With what was heard beside it, and the words with their times as they were heard."""
    spoken = await say(app, HEARD, "taken")
    words = (await turn(app, spoken)).words

    now = await correct_heard(app, OPEN, spoken, f" {MEANT}\x07\n")

    assert (now.text, now.original, now.words) == (MEANT, HEARD, words)
    assert await turn(app, spoken) == now
    back = await correct_heard(app, OPEN, spoken, HEARD)
    assert (back.text, back.original) == (HEARD, None)


async def test_answers_with_doubtful_words_are_found(app: App) -> None:
    """Those that are still doubtful: not certain ones, not typed ones, not those put right."""
    await say(app, "Nothing in doubt.")
    await say(app, "Typed.", "Typed.", source=Source.TYPED)
    first, second = await say(app, HEARD, "taken"), await say(app, "And cash.", "cash.")
    assert [one.id for one in await uncertain_turns(app, OPEN)] == [first, second]

    await correct_heard(app, OPEN, first, MEANT)

    assert [one.id for one in await uncertain_turns(app, OPEN)] == [second]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEARD, "nothing was changed"),
        ("A token is a piece of a word, about four characters long.", "put in"),
        ("An embedding is a vector.", "sounds different|rewritten"),
    ],
)
async def test_an_answer_cannot_be_rewritten(app: App, text: str, why: str) -> None:
    """What is refused changes nothing."""
    spoken = await say(app, HEARD, "taken")
    before = await turn(app, spoken)
    with pytest.raises(CorrectionRefusedError, match=why):
        await correct_heard(app, OPEN, spoken, text)

    assert await turn(app, spoken) == before


async def test_only_own_spoken_answers_were_misheard(app: App) -> None:
    """Neither what was typed, nor what the interviewer said, nor what is not there."""
    typed = await say(app, HEARD, source=Source.TYPED)
    for turn_id, why in ((typed, "only what was spoken"), ("i0000", "only"), ("c0999", "no such")):
        with pytest.raises(CorrectionRefusedError, match=why):
            await correct_heard(app, OPEN, turn_id, MEANT)
    with pytest.raises(InterviewNotFoundError):
        await correct_heard(app, "none", typed, MEANT)


async def test_the_card_is_graded_by_what_was_meant(app: App) -> None:
    """It has both versions and says so; the last words can be put right after the last move."""
    spoken = await say(app, HEARD, "taken")
    await end(app)
    await correct_heard(app, OPEN, spoken, MEANT)

    await finish_interview(app.services, OPEN)

    card = await load_scorecard(app.database, OPEN)
    graded = next(one for one in card.transcript if one.id == spoken)
    assert (graded.text, graded.original) == (MEANT, HEARD)
    assert [one for one in card.notices if "put right before grading" in one] == [
        "Two words of your answers were put right before grading, because the bot had misheard; "
        "what it heard stands beside it."
    ]


async def test_once_it_is_graded_the_card_is_the_place_for_it(app: App) -> None:
    """Nothing changes under a card; a new revision goes on from what was heard first."""
    spoken = await say(app, HEARD, "taken")
    await end(app)
    await correct_heard(app, OPEN, spoken, "A token is a peace of a word.")
    await finish_interview(app.services, OPEN)
    for interview in (OPEN, FINISHED):
        answer = spoken if interview == OPEN else "c0001"
        with pytest.raises((GradingBegunError, CorrectionRefusedError)):
            await correct_heard(app, interview, answer, MEANT)

    card = await regrade(app, OPEN, {spoken: MEANT})

    graded = next(one for one in card.transcript if one.id == spoken)
    assert (card.revision, graded.text, graded.original) == (2, MEANT, HEARD)
    first = next(one for one in (await record_of(app, OPEN)).transcript if one.id == spoken)
    assert first.text == "A token is a peace of a word."
