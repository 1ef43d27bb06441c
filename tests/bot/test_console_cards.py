"""Cards at the terminal: list, show, export, delete."""

import io
import sys
from pathlib import Path

import pytest
from console_samples import FINISHED, OPEN, Screen, screen_of

from bot.console.cards import (
    delete_card,
    find_interview,
    list_cards,
    show_card,
)
from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import App, open_app
from scenarios.load import Library
from scoring.scorecard import scorecard_from_json
from storage.errors import ScorecardNotFoundError
from storage.tables import INTERVIEWS, OF_INTERVIEWS


class Keyboard(io.StringIO):
    """A person who types these lines at a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


async def test_the_list_shows_cards_and_how_to_go_on(app: App, screen: Screen) -> None:
    """Graded interviews stand with their end, open ones with the command that resumes them."""
    await list_cards(app, screen.console)

    graded, unfinished = screen.text().split("Unfinished")
    assert FINISHED in graded
    assert "ended early" in graded
    assert OPEN not in graded
    assert f"hotseat resume {OPEN}" in unfinished


@pytest.mark.parametrize("width", [40, 200])
async def test_the_list_fits_any_terminal(app: App, width: int) -> None:
    """No line is wider than the terminal, and the ids stay whole."""
    screen = screen_of(width)

    await list_cards(app, screen.console)

    assert FINISHED in screen.text()
    assert max(map(len, screen.text().splitlines())) <= width


async def test_an_empty_list_says_how_to_start(
    tmp_path: Path, library: Library, screen: Screen
) -> None:
    """A new home has no table, but a first step."""
    async with open_app(Settings(home=tmp_path / "new"), library) as app:
        await list_cards(app, screen.console)
        with pytest.raises(UsageError, match="hotseat practice"):
            await show_card(app, screen.console)

    assert "hotseat practice" in screen.text()


async def test_an_interview_is_listed_when_its_pack_is_gone(
    settings: Settings, screen: Screen
) -> None:
    """The ids of the items stand in for titles that no pack has any more."""
    async with open_app(settings, Library(())) as app:
        await list_cards(app, screen.console)

    assert "what-is-a-token" in screen.text().replace("\n", "")


async def test_the_latest_card_is_shown(app: App, screen: Screen) -> None:
    """Without an id it is the latest graded interview, as the terminal shows it."""
    await show_card(app, screen.console)

    assert "Practice feedback" in screen.text()
    assert "ended early" in screen.text()


@pytest.mark.parametrize(
    ("form", "opening", "drawn"),
    [("markdown", "# Scorecard", ""), ("html", "<!DOCTYPE html>", 'id="board-1-1"')],
)
async def test_a_card_is_printed_in_other_forms(
    app: App, screen: Screen, form: str, opening: str, drawn: str
) -> None:
    """What is printed is the document itself, neither wrapped nor coloured; a page has boards."""
    await show_card(app, screen.console, FINISHED[:4], as_=form)

    assert screen.text().lower().startswith(opening.lower())
    assert drawn in screen.text()


async def test_a_printed_json_card_reads_back(app: App, screen: Screen) -> None:
    """JSON on the screen is the stored card."""
    await show_card(app, screen.console, FINISHED, revision=1, as_="json")

    assert scorecard_from_json(screen.text()).interview_id == FINISHED


async def test_a_revision_that_is_not_there_is_said(app: App, screen: Screen) -> None:
    """An unknown revision names the interview and the revision."""
    with pytest.raises(ScorecardNotFoundError, match="revision 7"):
        await show_card(app, screen.console, FINISHED, revision=7)


async def test_an_open_interview_has_no_card_yet(app: App, screen: Screen) -> None:
    """Asking for its card says how to finish it."""
    with pytest.raises(UsageError, match=f"hotseat resume {OPEN}"):
        await show_card(app, screen.console, OPEN)


async def test_a_beginning_of_an_id_is_enough(app: App) -> None:
    """One interview begins with it, so it is meant."""
    assert await find_interview(app, "dr") == FINISHED


async def test_no_id_is_the_latest_interview(app: App) -> None:
    """Whether it is over or not."""
    assert await find_interview(app, None) == OPEN


@pytest.mark.parametrize(
    ("given", "message"),
    [("drilled3", FINISHED), ("", "no interview"), ("zzzzzz", "hotseat scorecards list")],
)
async def test_an_unknown_id_names_those_that_come_near(app: App, given: str, message: str) -> None:
    """The error lists what there is."""
    with pytest.raises(UsageError, match=message):
        await find_interview(app, given)


async def test_an_ambiguous_beginning_is_refused(app: App) -> None:
    """Two interviews begin alike: nobody guesses which one is meant."""
    first = await app.services.store.interview(FINISHED)
    await app.services.store.create_interview("drawn222", first.settings, first.started_at)

    with pytest.raises(UsageError, match=f"drawn222, {FINISHED}"):
        await find_interview(app, "dr")


async def test_another_owner_is_not_listed(app: App, screen: Screen) -> None:
    """What a server's member practised is not this computer's to show."""
    first = await app.services.store.interview(FINISHED)
    other = first.settings.model_copy(update={"owner": "somebody"})
    await app.services.store.create_interview("elsewher", other, first.started_at)

    await list_cards(app, screen.console)

    assert "elsewher" not in screen.text()


async def test_deleting_leaves_no_row(app: App, screen: Screen) -> None:
    """With --yes it goes at once, and the screen says what went."""
    await delete_card(app, screen.console, FINISHED[:3], yes=True)

    said = " ".join(screen.text().split())
    assert f"Deleted {FINISHED}" in said
    assert "1 scorecard, and its checkpoints" in said
    assert "1 board," in said
    for table in OF_INTERVIEWS:
        rows = await app.database.run(lambda c, table=table: c.execute(table.select()).all())
        assert not any(FINISHED in row for row in rows)


async def test_what_cannot_be_read_can_be_deleted(app: App, screen: Screen) -> None:
    """A damaged interview is found by its id and goes like any other."""
    await app.database.run(
        lambda c: c.execute(
            INTERVIEWS.update().where(INTERVIEWS.c.id == OPEN).values(settings="{damaged words")
        )
    )

    await delete_card(app, screen.console, OPEN[:3], yes=True)

    assert f"Deleted {OPEN} (damaged)" in screen.text()
    await list_cards(app, screen.console)
    assert "damaged words" not in screen.text()


async def test_a_pipe_deletes_nothing_without_yes(app: App, screen: Screen) -> None:
    """Where nobody can answer the question, the answer is no."""
    with pytest.raises(UsageError, match="--yes"):
        await delete_card(app, screen.console, FINISHED)

    await show_card(app, screen.console, FINISHED)


@pytest.mark.parametrize(
    ("typed", "left"), [("y\n", False), ("n\n", True), ("\n", True), ("", True)]
)
async def test_a_person_is_asked(
    app: App, monkeypatch: pytest.MonkeyPatch, typed: str, left: bool
) -> None:
    """Only a plain yes deletes."""
    screen = screen_of(terminal=True)
    monkeypatch.setattr(sys, "stdin", Keyboard(typed))

    await delete_card(app, screen.console, OPEN)

    assert "for good?" in screen.text()
    assert (OPEN in await _ids(app)) is left


async def _ids(app: App) -> str:
    screen = screen_of()
    await list_cards(app, screen.console)
    return screen.text()
