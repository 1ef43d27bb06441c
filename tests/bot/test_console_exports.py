"""Files with cards and data: which are written, what they hold, and who can read them."""

import json
import stat
from pathlib import Path
from typing import get_args

import pytest
from console_samples import ANSWER, FINISHED, OPEN, Screen

from bot import cli
from bot.console.exports import ExportForm, export
from bot.doors import UsageError
from bot.wiring import App
from scoring.scorecard import scorecard_from_json
from storage.tables import OF_INTERVIEWS, SCORECARDS


def test_command_offers_every_form() -> None:
    """The option and the writer know the same words."""
    assert get_args(cli.ExportForm) == get_args(ExportForm)


async def test_all_is_every_form_and_the_data(app: App, screen: Screen, tmp_path: Path) -> None:
    """Four files, readable by their owner only, and named on the screen."""
    paths = await export(app, screen.console, FINISHED, tmp_path / "out" / "deep", "all")

    assert sorted("".join(path.suffixes) for path in paths) == [
        ".data.json",
        ".html",
        ".json",
        ".md",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert {path.parent for path in paths} == {tmp_path / "out" / "deep"}
    assert all(str(path) in screen.text() for path in paths)
    card = tmp_path / "out" / "deep" / f"hotseat-{FINISHED}.json"
    assert scorecard_from_json(card.read_text("utf-8")).interview_id == FINISHED


FILLED = {"interviews", "inbox", "outbox", "findings", "board_revisions", "scorecards", "verdicts"}
"""Tables in which an interview in the terminal leaves something."""


async def test_data_is_everything_stored(app: App, screen: Screen, tmp_path: Path) -> None:
    """Each table of a graded interview, with what was said."""
    (path,) = await export(app, screen.console, FINISHED, tmp_path, "data")
    data = json.loads(path.read_text("utf-8"))

    assert path.name == f"hotseat-{FINISHED}.data.json"
    assert data.keys() >= {table.name for table in OF_INTERVIEWS}
    assert {name for name, rows in data.items() if rows} >= FILLED
    assert ANSWER in [row["event"]["text"] for row in data["inbox"]]


@pytest.mark.parametrize("form", ["data", "all"])
async def test_an_open_interview_has_data(
    app: App, screen: Screen, tmp_path: Path, form: ExportForm
) -> None:
    """It has no card yet, and what is stored can be taken along all the same."""
    (path,) = await export(app, screen.console, OPEN, tmp_path / "mine", form)
    data = json.loads(path.read_text("utf-8"))

    assert [row["id"] for row in data["interviews"]] == [OPEN]
    assert data["scorecards"] == []


async def test_an_open_interview_has_no_card(app: App, screen: Screen, tmp_path: Path) -> None:
    """Asking for one says how to finish it, and writes nothing."""
    with pytest.raises(UsageError, match=f"hotseat resume {OPEN}"):
        await export(app, screen.console, OPEN, tmp_path / "out")

    assert not (tmp_path / "out").exists()


async def test_a_damaged_card_is_in_the_data(app: App, screen: Screen, tmp_path: Path) -> None:
    """What cannot be shown any more can still be taken along."""
    await app.database.run(lambda c: c.execute(SCORECARDS.update().values(card="{half a card")))
    (path,) = await export(app, screen.console, FINISHED, tmp_path, "data")

    assert json.loads(path.read_text("utf-8"))["scorecards"][0]["card"] == "{half a card"


@pytest.mark.parametrize(
    ("name", "opening"),
    [("card.HTML", "<!doctype html>"), ("card.md", "# scorecard"), ("card.json", "{")],
)
async def test_a_file_decides_its_form(
    app: App, screen: Screen, tmp_path: Path, name: str, opening: str
) -> None:
    """Without --as the end of the name says how to write it."""
    (path,) = await export(app, screen.console, None, tmp_path / name)

    assert path == tmp_path / name
    assert path.read_text("utf-8").lower().startswith(opening)


async def test_a_folder_gets_a_page(app: App, screen: Screen, tmp_path: Path) -> None:
    """Without --as and without a file name it is HTML, also where the folder ends in .md."""
    (tmp_path / "notes.md").mkdir()
    (path,) = await export(app, screen.console, None, tmp_path / "notes.md")

    assert path == tmp_path / "notes.md" / f"hotseat-{FINISHED}.html"


async def test_a_page_has_the_boards(app: App, screen: Screen, tmp_path: Path) -> None:
    """What was drawn is in the file, as pictures that load nothing."""
    (path,) = await export(app, screen.console, FINISHED, tmp_path / "card.html")
    page = path.read_text("utf-8")

    assert 'id="board-1-1"' in page
    assert 'src="data:image/svg+xml,' in page
    assert "client → model" in page


async def test_data_goes_into_a_json_file(app: App, screen: Screen, tmp_path: Path) -> None:
    """Both the card and the data are JSON; --as tells them apart."""
    (path,) = await export(app, screen.console, FINISHED, tmp_path / "mine.json", "data")

    assert json.loads(path.read_text("utf-8"))["inbox"] != []


@pytest.mark.parametrize(("name", "form"), [("a.md", "json"), ("a.html", "data"), ("a.md", "all")])
async def test_a_file_of_another_form_is_refused(
    app: App, screen: Screen, tmp_path: Path, name: str, form: ExportForm
) -> None:
    """A .md file is not filled with JSON."""
    with pytest.raises(UsageError, match="give a folder"):
        await export(app, screen.console, None, tmp_path / name, form)


async def test_nothing_is_overwritten_without_force(
    app: App, screen: Screen, tmp_path: Path
) -> None:
    """One file in the way stops all of them; with force it is replaced."""
    (tmp_path / f"hotseat-{FINISHED}.json").write_text("mine")

    with pytest.raises(UsageError, match="--force"):
        await export(app, screen.console, FINISHED, tmp_path, "all")

    assert not (tmp_path / f"hotseat-{FINISHED}.md").exists()
    await export(app, screen.console, FINISHED, tmp_path, "json", force=True)
    assert json.loads((tmp_path / f"hotseat-{FINISHED}.json").read_text("utf-8"))["revision"] == 1


async def test_a_place_that_cannot_be_written_is_said(
    app: App, screen: Screen, tmp_path: Path
) -> None:
    """A file where a folder has to be is the system's error in our words."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(UsageError, match="cannot be written"):
        await export(app, screen.console, FINISHED, tmp_path / "taken" / "card.md")
