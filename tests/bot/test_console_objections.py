"""Correcting an answer and disputing a verdict at the terminal."""

import sys

import pytest
from console_samples import ANSWER, FINISHED, OPEN, QUESTIONS, Screen, screen_of

from bot import cli
from bot.console import answers
from bot.console.cards import show_card
from bot.console.exports import export
from bot.console.objections import correct_turn, dispute_concept, list_disputable
from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import App
from storage.corrections import corrections_of
from storage.notes import notes_of
from storage.scorecards import load_scorecard

FIRST_ANSWER = 2
"""What the card calls it."""
CHANGED = ANSWER.replace("A token", "The token")


def plain(screen: Screen) -> str:
    """What was printed, on one line."""
    return " ".join(screen.text().split())


async def first_concept(app: App) -> str:
    """The address of the first verdict on the card."""
    return (await load_scorecard(app.database, FINISHED)).rounds[0].stages[0].verdicts[0].key


async def test_a_corrected_answer_is_on_the_card(app: App, screen: Screen) -> None:
    """The command says what came of it, and the card shows both texts."""
    await correct_turn(app, screen.console, FINISHED[:4], FIRST_ANSWER, CHANGED)

    said = plain(screen)
    assert "Turn 2 is corrected; the card is now revision 2." in said
    assert "corrected after the interview" in said
    (kept,) = await corrections_of(app.database, FINISHED)
    assert kept.corrected == CHANGED
    shown = screen_of()
    await show_card(app, shown.console, FINISHED)
    assert "turn 2, first typed and now graded" in plain(shown)


@pytest.mark.parametrize(
    ("number", "text", "message"),
    [
        (1, CHANGED, "turn 1 is no answer of yours; these are: 2, "),
        (99, CHANGED, "turn 99 is no answer"),
        (FIRST_ANSWER, ANSWER, "turn 2 was not corrected: nothing was changed"),
        (FIRST_ANSWER, "Idempotency keys and a dead letter queue.", "turn 2 was not corrected"),
    ],
)
async def test_what_is_no_correction_is_said(
    app: App, screen: Screen, number: int, text: str, message: str
) -> None:
    """Which turns there are, or which words are refused; nothing is stored."""
    with pytest.raises(UsageError, match=message):
        await correct_turn(app, screen.console, FINISHED, number, text)

    assert await corrections_of(app.database, FINISHED) == ()


async def test_a_person_edits_the_answer_as_it_stands(
    app: App, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal the field holds the answer; in a pipe the text has to be given."""
    with pytest.raises(UsageError, match="nobody can be asked"):
        await correct_turn(app, screen.console, FINISHED, FIRST_ANSWER, None)
    offered: list[str] = []

    async def edit(question: str, text: str) -> str | None:
        offered.append(text)
        return text.replace("A token", "The token") if len(offered) > 1 else None

    monkeypatch.setattr(answers, "is_interactive", lambda: True)
    monkeypatch.setattr(answers, "edit_text", edit)
    with pytest.raises(UsageError, match="nothing was changed"):
        await correct_turn(app, screen.console, FINISHED, FIRST_ANSWER, None)
    await correct_turn(app, screen.console, FINISHED, FIRST_ANSWER, None)

    assert offered == [ANSWER, ANSWER]
    assert [one.corrected for one in await corrections_of(app.database, FINISHED)] == [CHANGED]


async def test_an_edited_text_is_taken_from_the_field() -> None:
    """Enter sends the text with what was typed behind it; Ctrl+C gives up."""
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(" and more\r")
        assert await answers.edit_text("Correct it:", "Some words") == "Some words and more"
        keys.send_text("\x03")
        assert await answers.edit_text("Correct it:", "Some words") is None


async def test_a_dispute_stands_beside_the_verdict(
    app: App, screen: Screen, settings: Settings
) -> None:
    """On the screen and in the written card, in the terminal's colours or none; not in JSON."""
    key = await first_concept(app)
    before = await load_scorecard(app.database, FINISHED)

    await dispute_concept(app, screen.console, FINISHED, (key, None), " I said so. ")

    assert f"Your dispute of {key} stands beside the verdict" in plain(screen)
    (kept,) = (await notes_of(app.database, FINISHED)).disputes
    assert (kept.key, kept.reason, kept.revision) == (key, "I said so.", 1)
    assert await load_scorecard(app.database, FINISHED) == before
    for form in ("terminal", "markdown", "html"):
        shown = screen_of()
        await show_card(app, shown.console, FINISHED, as_=form)
        assert "I said so" in plain(shown)
    (file,) = await export(app, screen.console, FINISHED, settings.home, "markdown")
    assert "I said so" in file.read_text("utf-8")


async def test_what_can_be_disputed_is_listed(app: App, screen: Screen) -> None:
    """With its address and statement, as long as it is not disputed."""
    key = await first_concept(app)
    await list_disputable(app, screen.console, FINISHED)
    assert key in plain(screen)
    assert f"hotseat scorecards dispute {FINISHED} CONCEPT" in plain(screen)

    await dispute_concept(app, screen.console, FINISHED, (key, 1), "I said so.")

    later = screen_of()
    await list_disputable(app, later.console, FINISHED)
    assert f"{key} " not in plain(later)


async def test_a_concept_is_found_by_its_own_id(app: App, screen: Screen) -> None:
    """Without the stage, where it is there once."""
    key = await first_concept(app)
    assert key.startswith(QUESTIONS[0])

    await dispute_concept(
        app, screen.console, FINISHED, (key.partition("/")[2], None), "I said so."
    )

    assert len((await notes_of(app.database, FINISHED)).disputes) == 1


async def test_what_cannot_be_disputed_is_said(app: App, screen: Screen) -> None:
    """Unknown concepts, other rounds, no reason, a second time, an interview without a card."""
    key = await first_concept(app)
    for concept, reason, message in (
        (("nothing", None), "So.", "no verdict on 'nothing'"),
        ((key, 2), "So.", "no verdict on"),
        ((key, None), " ", "was not disputed: give a reason"),
        ((key, None), None, "nobody can be asked"),
    ):
        with pytest.raises(UsageError, match=message):
            await dispute_concept(app, screen.console, FINISHED, concept, reason)
    await dispute_concept(app, screen.console, FINISHED, (key, None), "So.")
    with pytest.raises(UsageError, match="disputed already"):
        await dispute_concept(app, screen.console, FINISHED, (key, None), "So.")
    with pytest.raises(UsageError, match="is not over"):
        await dispute_concept(app, screen.console, OPEN, (key, None), "So.")

    assert len((await notes_of(app.database, FINISHED)).disputes) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("correct", FINISHED, "2", "--text", CHANGED), "revision 2"),
        (("dispute", FINISHED), "CONCEPT --reason"),
        (("dispute", FINISHED, "nothing", "--reason", "So."), "no verdict on 'nothing'"),
    ],
)
def test_the_commands_are_there(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    """`hotseat scorecards correct` and `dispute`, on the database that is named."""
    database = ("--database", str(settings.database_path))
    monkeypatch.setattr(sys, "argv", ["hotseat", "scorecards", *words, *database])

    with pytest.raises(SystemExit):
        cli.main()

    assert said in "".join(capsys.readouterr())
