"""A corrected interview is graded again, whole or not at all, and the first card stays."""

import asyncio
from dataclasses import replace

import pytest
from console_samples import ANSWER, FINISHED, OPEN

from bot.doors import UsageError
from bot.regrading import PACK_CHANGED, regrade
from bot.settings import Settings
from bot.wiring import App, open_app
from interviewer.ports import InterviewNotFoundError
from scenarios.load import Library
from scoring.corrections import CorrectionRefusedError
from scoring.scorecard import Scorecard
from scoring.transcript import Speaker, Turn
from storage import corrections as stored_corrections
from storage.corrections import corrections_of
from storage.errors import RevisionExistsError
from storage.reviews import load_reviews
from storage.scorecards import load_scorecard
from storage.tables import INBOX, INTERVIEWS

TYPED = ANSWER.replace("tokenizer", "tokenzier")
"""The first answer with two letters that changed places."""


@pytest.fixture
async def mistyped(app: App) -> Turn:
    """The finished interview, its first answer mistyped, as if it had been sent so."""
    event = (await app.services.store.events(FINISHED))[1]
    assert event.event.text == ANSWER
    changed = event.event.model_copy(update={"text": TYPED}).model_dump_json()
    row = (INBOX.c.interview_id == FINISHED) & (INBOX.c.seq == event.seq)
    await app.database.run(lambda c: c.execute(INBOX.update().where(row).values(event=changed)))
    return next(
        turn
        for turn in await app.services.store.transcript(FINISHED)
        if turn.speaker is Speaker.CANDIDATE
    )


def turn_of(card: Scorecard, turn_id: str) -> Turn:
    """The turn on the card."""
    return next(turn for turn in card.transcript if turn.id == turn_id)


async def test_the_corrected_answer_is_graded_as_the_next_revision(
    app: App, mistyped: Turn
) -> None:
    """It carries both texts and says so; the first card and what was typed stay as they were."""
    first = await load_scorecard(app.database, FINISHED)

    card = await regrade(app, FINISHED, {mistyped.id: ANSWER})

    assert card.revision == 2
    assert await load_scorecard(app.database, FINISHED) == card
    assert await load_scorecard(app.database, FINISHED, 1) == first
    turn = turn_of(card, mistyped.id)
    assert (turn.text, turn.original) == (ANSWER, TYPED)
    assert any("corrected after the interview" in notice for notice in card.notices)
    (kept,) = await corrections_of(app.database, FINISHED)
    assert (kept.turn_id, kept.original, kept.corrected) == (mistyped.id, TYPED, ANSWER)
    assert await app.services.store.transcript(FINISHED) == tuple(
        mistyped if turn.id == mistyped.id else turn for turn in first.transcript
    )
    assert len(await load_reviews(app.database, "local")) > 0


async def test_corrections_add_up(app: App, mistyped: Turn) -> None:
    """A later one goes on from the earlier, of another turn or of the same."""
    other = next(
        turn
        for turn in (await load_scorecard(app.database, FINISHED)).transcript
        if "fixed ones" in turn.text
    )
    await regrade(app, FINISHED, {mistyped.id: ANSWER})
    card = await regrade(app, FINISHED, {other.id: other.text.replace("An agent", "The agent")})

    assert card.revision == 3
    assert turn_of(card, mistyped.id).text == ANSWER
    assert turn_of(card, other.id).original == other.text
    back = await regrade(app, FINISHED, {mistyped.id: TYPED})
    assert turn_of(back, mistyped.id).original is None
    assert turn_of(back, other.id).original == other.text


async def test_one_refused_text_refuses_all(app: App, mistyped: Turn) -> None:
    """Nothing is stored of a set in which one text is no correction."""
    other = next(
        turn
        for turn in (await load_scorecard(app.database, FINISHED)).transcript
        if "fixed ones" in turn.text
    )
    with pytest.raises(CorrectionRefusedError):
        await regrade(
            app, FINISHED, {mistyped.id: ANSWER, other.id: "Idempotency keys, and a dead letter."}
        )

    assert (await load_scorecard(app.database, FINISHED)).revision == 1
    assert await corrections_of(app.database, FINISHED) == ()


@pytest.mark.parametrize("turn_id", ["none", "i0000"])
async def test_only_own_answers_are_corrected(app: App, turn_id: str) -> None:
    """Neither what the interviewer said nor what nobody did."""
    with pytest.raises(CorrectionRefusedError, match="only an answer of the candidate"):
        await regrade(app, FINISHED, {turn_id: "Something else."})


async def test_control_characters_are_taken_out_as_from_answers(app: App, mistyped: Turn) -> None:
    """What nobody can type does not come in by a correction."""
    card = await regrade(app, FINISHED, {mistyped.id: f"\x1b{ANSWER}\u202e"})

    assert turn_of(card, mistyped.id).text == ANSWER


async def test_an_open_interview_is_not_regraded(app: App) -> None:
    """It has no card yet; nor has one that is not there."""
    with pytest.raises(UsageError, match=f"{OPEN} is not over"):
        await regrade(app, OPEN, {"t0001": ANSWER})
    with pytest.raises(InterviewNotFoundError):
        await regrade(app, "none", {"t0001": ANSWER})
    with pytest.raises(UsageError, match="nothing was corrected"):
        await regrade(app, FINISHED, {})


async def test_content_that_is_gone_is_said(app: App, settings: Settings) -> None:
    """It can be put back; nothing is graded by halves."""
    bare = App(settings, replace(app.services, library=Library(())), app.database)

    with pytest.raises(UsageError, match="put the pack back"):
        await regrade(bare, FINISHED, {"t0001": ANSWER})


async def test_a_changed_pack_is_named_on_the_card(app: App, mistyped: Turn) -> None:
    """The card says which content it was graded by, and that the first was graded by another."""
    stored = await app.services.store.interview(FINISHED)
    older = stored.settings.model_copy(update={"pack_hash": "older"}).model_dump_json()
    await app.database.run(
        lambda c: c.execute(
            INTERVIEWS.update().where(INTERVIEWS.c.id == FINISHED).values(settings=older)
        )
    )

    card = await regrade(app, FINISHED, {mistyped.id: ANSWER})

    assert PACK_CHANGED in card.notices
    assert card.pack_hash not in ("", "older")


async def test_a_crash_leaves_both_or_nothing(
    app: App, mistyped: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the card was written and before the correction was: neither is there."""
    write = stored_corrections.insert_card

    def write_and_fail(*given: object) -> None:
        write(*given)  # pyright: ignore[reportArgumentType]
        raise RuntimeError("killed")

    monkeypatch.setattr(stored_corrections, "insert_card", write_and_fail)
    with pytest.raises(RuntimeError, match="killed"):
        await regrade(app, FINISHED, {mistyped.id: ANSWER})
    assert (await load_scorecard(app.database, FINISHED)).revision == 1
    assert await corrections_of(app.database, FINISHED) == ()

    monkeypatch.undo()
    assert (await regrade(app, FINISHED, {mistyped.id: ANSWER})).revision == 2


async def test_two_at_once_do_not_lose_one(app: App, mistyped: Turn) -> None:
    """One is stored; the other is told to look again, and its text is not half there."""
    done = await asyncio.gather(
        regrade(app, FINISHED, {mistyped.id: ANSWER}),
        regrade(app, FINISHED, {mistyped.id: ANSWER}),
        return_exceptions=True,
    )

    assert {type(one) for one in done} == {Scorecard, RevisionExistsError}
    assert len(await corrections_of(app.database, FINISHED)) == 1


async def test_the_correction_outlives_the_process(settings: Settings, library: Library) -> None:
    """The same database opened again has card and correction."""
    async with open_app(settings, library) as app:
        turn = (await app.services.store.transcript(FINISHED))[1]
        await regrade(app, FINISHED, {turn.id: turn.text.replace("A token", "The token")})
    async with open_app(settings, library) as app:
        assert len(await corrections_of(app.database, FINISHED)) == 1
        assert (await load_scorecard(app.database, FINISHED)).revision == 2
