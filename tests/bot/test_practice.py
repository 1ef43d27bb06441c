"""A sitting in the terminal: every command, every odd line, and how it goes on afterwards."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from console_samples import START, Screen, screen_of
from rich.cells import cell_len

from bot.console.answers import COMMANDS, PipedAnswers, is_command
from bot.console.choices import Wishes, design_settings, drill_settings
from bot.console.practice import latest_unfinished, practise, resume
from bot.doors import UsageError
from bot.settings import Settings
from bot.wiring import App, open_app
from interviewer.clock import ManualClock
from interviewer.ports import InterviewNotFoundError
from interviewer.session import MAX_CHARS
from interviewer.state import EventKind, InterviewSettings
from scenarios.load import Library
from storage.errors import DatabaseReadOnlyError, DiskFullError
from storage.retention import delete_expired

QUESTIONS = "what-is-a-token,agent-vs-chain"
SCENARIO = "support-agent-limited-actions"


class StandingClock(ManualClock):
    """Moves only when told to: who waits for it waits until the sitting is over."""

    async def sleep(self, seconds: float) -> None:
        """For ever."""
        await asyncio.Event().wait()


@pytest.fixture
def clock() -> StandingClock:
    """The clock of the sitting."""
    return StandingClock(START)


@pytest.fixture
async def app(tmp_path: Path, library: Library, clock: StandingClock) -> AsyncIterator[App]:
    """The application on an empty home."""
    async with open_app(Settings(home=tmp_path / "sitting"), library, clock) as opened:
        yield opened


def drill(app: App) -> InterviewSettings:
    """Two drill questions."""
    console = screen_of().console
    return drill_settings(app.services.library, Wishes(QUESTIONS), console, ask=False)


def design(app: App) -> InterviewSettings:
    """The support agent."""
    console = screen_of().console
    return design_settings(app.services.library, Wishes(SCENARIO), console, ask=False)


def typed(*blocks: str) -> PipedAnswers:
    """Answers and commands, an empty line after each."""
    return PipedAnswers(io.StringIO("\n\n".join(blocks) + "\n\n"))


async def sit(app: App, settings: InterviewSettings, *blocks: str, width: int = 100) -> str:
    """Hold a sitting and give back what was shown."""
    screen = screen_of(width)
    await practise(app, settings, typed(*blocks), screen.console)
    return screen.text()


async def latest(app: App) -> str:
    """The id of the sitting that is not over."""
    found = await latest_unfinished(app)
    assert found is not None
    return found


async def kinds(app: App) -> list[EventKind]:
    """What was reported in the sitting that is not over."""
    return [item.event.kind for item in await app.services.store.events(await latest(app))]


async def said(app: App) -> list[str]:
    """The answers of the sitting that is not over."""
    events = await app.services.store.events(await latest(app))
    return [item.event.text for item in events if item.event.kind is EventKind.SAID]


@pytest.mark.parametrize("write", [str.lower, str.upper])
async def test_every_command_does_what_help_says(app: App, write) -> None:
    """Commands work in any case, and each reaches the interview or the screen."""
    commands = ("/help", "/facts", "/think", "/hint", "/pause", "/go", "/next")
    shown = await sit(app, design(app), *map(write, commands))

    assert await kinds(app) == [
        EventKind.BEGAN,
        EventKind.THINK,
        EventKind.HINT,
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.NEXT,
    ]
    assert all(f"{name:8} {meaning}" in shown for name, meaning in COMMANDS.items())
    assert "No facts given and no assumptions agreed yet" in shown
    assert "Paused; the clock stands still. /go goes on." in shown
    assert "▶ Loop" in shown


async def test_facts_lists_what_was_given(app: App) -> None:
    """A fact that was asked for stands in the list, its words untouched."""
    shown = await sit(app, design(app), "How many conversations are there a day?", "/facts")

    assert "What holds for this round" in shown
    assert shown.count("30,000 conversations a day") == 2


async def test_end_shows_the_card(app: App) -> None:
    """After /end there is a card, and nothing to resume."""
    shown = await sit(app, drill(app), "A token is a piece of a word.", "/END")

    assert "hotseat scorecards export" in shown
    assert "is kept: `hotseat resume" not in shown
    assert await latest_unfinished(app) is None


async def test_end_of_the_input_keeps_the_interview(app: App) -> None:
    """Without /end the interview is open; resume shows where it stopped and goes on there."""
    shown = await sit(app, drill(app), "A token is a piece of a word.")
    found = await latest(app)
    assert f"Interview {found} is kept: `hotseat resume {found}` goes on." in shown

    again = screen_of()
    await resume(app, found, typed("The model reads them one by one.", "/end"), again.console)

    assert "A token is a piece of a word." in again.text()
    assert "hotseat scorecards export" in again.text()
    answers = [turn.text for turn in await app.services.store.transcript(found)]
    assert {"A token is a piece of a word.", "The model reads them one by one."} <= set(answers)


async def test_hint_to_resume_names_the_database(app: App) -> None:
    """Where a database was chosen, the command that goes on chooses it too."""
    file = app.settings.database_path.with_name("it's mine.sqlite")
    chosen = replace(app, settings=app.settings.model_copy(update={"database": file}))

    assert "--database " in await sit(chosen, drill(app))


async def test_unknown_command_is_named_and_not_an_answer(app: App) -> None:
    """One word after a slash is no answer; the commands that there are are listed."""
    shown = await sit(app, drill(app), "/Hnit")

    assert "There is no /hnit. Commands: /hint /think" in shown
    assert await said(app) == []


async def test_command_with_more_words_is_not_sent(app: App) -> None:
    """A board in one line with its command is not taken for something said."""
    shown = await sit(app, drill(app), "/board a -> b")

    assert "Nothing was sent: /board stands alone on its line." in shown
    assert await said(app) == []


@pytest.mark.parametrize("answer", ["/v1/orders is the path", "/v1/orders", "/etc/passwd", "//"])
async def test_answer_that_begins_with_a_slash_is_an_answer(app: App, answer: str) -> None:
    """A path is no command."""
    await sit(app, drill(app), answer)

    assert await said(app) == [answer]


def test_word_after_a_slash_within_an_answer_belongs_to_it() -> None:
    """Only a command that there is ends an answer."""
    answers = PipedAnswers(io.StringIO("It is served under\n/orders\nand cached.\n/hint\n"))

    async def read() -> list[str | None]:
        return [await answers.next(str) for _ in range(3)]

    assert asyncio.run(read()) == ["It is served under\n/orders\nand cached.", "/hint", None]
    assert is_command(" /Orders ")


@pytest.mark.parametrize("board", ["-> nowhere", "[red](((", "a -> ->", 'x -> "\x1b[31m'])
async def test_bad_board_names_line_and_column_and_keeps_the_board(app: App, board: str) -> None:
    """What cannot be read is placed, and the board stays as it was."""
    shown = await sit(app, design(app), "/board\nclient -> gateway", f"/board\ncache\n{board}")
    (kept,) = await app.services.store.boards(await latest(app))

    assert "Your board now, as the interviewer has it:" in shown
    assert "line 2, column " in shown
    assert ". The board is unchanged." in " ".join(shown.split())
    assert [component.label for component in kept.board.components] == ["client", "gateway"]
    assert "\x1b" not in shown


async def test_empty_board_changes_nothing(app: App) -> None:
    """/board and an empty line leaves the board."""
    await sit(app, design(app), "/board\n\n")

    assert await app.services.store.boards(await latest(app)) == ()


async def test_markup_in_a_board_is_shown_as_it_is(app: App) -> None:
    """A label is quoted letter by letter when the interviewer asks about it."""
    sketch = '/board\n"[red]llm[/red]" -> "[bold]orders database"'
    shown = await sit(app, design(app), "/next", sketch, "/next", "/next", "/next", "hm", "yes")

    assert "\x1b" not in shown
    (kept,) = await app.services.store.boards(await latest(app))
    assert "[red]llm[/red]" in {component.label for component in kept.board.components}
    assert "[red]llm[/red]" in shown


async def test_nothing_is_not_an_answer(app: App) -> None:
    """Only control characters, or an empty field, are not sent; the reason is said."""
    shown = await sit(app, drill(app), "\x07\x1b\x00", "\u202e")

    assert shown.count("Nothing was sent: write an answer.") == 2
    assert await said(app) == []


async def test_message_that_is_too_long_is_refused_whole(app: App) -> None:
    """The limit is named, nothing of the message is stored, and the round goes on."""
    shown = await sit(app, drill(app), "word " * 10_000, "A token is a piece of a word.")
    flat = " ".join(shown.split())

    assert "49,999 characters" in flat or "50,000 characters" in flat
    assert f"{MAX_CHARS:,} is the most" in flat
    assert "send it in parts" in flat
    assert await said(app) == ["A token is a piece of a word."]


async def test_every_script_survives(app: App) -> None:
    """Right-to-left text, emoji and combining characters are stored and shown as they came."""
    answers = ["שלום, מה זה טוקן?", "👩🏽‍💻 tokens 🤖", "e\u0301tude 日本語のトークン"]
    await sit(app, drill(app), *answers)
    found, screen = await latest(app), screen_of()
    await resume(app, found, typed(), screen.console)

    assert await said(app) == answers
    assert "日本語のトークン" in screen.text()


async def test_markup_and_escapes_of_an_answer_do_nothing(app: App) -> None:
    """What was said is shown again without colour, cursor or title sequences."""
    screen = screen_of(terminal=True)
    await practise(
        app, drill(app), typed("[red]one[/red] \x1b]0;mine\x07\x9b2J two"), screen.console
    )
    await resume(app, await latest(app), typed(), screen.console)

    assert "[red]one[/red]" in screen.text()
    assert not any(code in screen.text() for code in ("\x1b]", "\x07", "\x9b", "\x1b[2J"))


async def test_forty_columns_are_enough(app: App) -> None:
    """No line is wider than the terminal."""
    blocks = ("How many conversations are there a day?", "/facts", "/help", "/nope", "/end")
    shown = await sit(app, design(app), *blocks, width=40)

    assert max(cell_len(line) for line in shown.splitlines()) <= 40


class FillingDisk(PipedAnswers):
    """Answers; before the second the disk has no more room for the database."""

    def __init__(self, app: App, answers: str) -> None:
        super().__init__(io.StringIO(answers))
        self._app = app
        self._given = 0

    async def next(self, status: Callable[[], str]) -> str | None:
        """The next answer."""
        self._given += 1
        if self._given == 2:
            await limit_pages(self._app, 1)
        return await super().next(status)


async def limit_pages(app: App, pages: int) -> None:
    """Let the database file grow to that many pages; SQLite takes none away."""
    await app.database.run(
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    )


async def test_full_disk_gives_the_answer_back(app: App) -> None:
    """An answer that could not be stored is shown again; with room the interview goes on."""
    screen = screen_of()
    long_answer = "It was lost at sea. " * 900
    answers = FillingDisk(app, f"A token is a piece of a word.\n\n{long_answer}\n\n")
    with pytest.raises(DiskFullError, match="make room and go on") as failed:
        await practise(app, drill(app), answers, screen.console)
    found = await latest(app)

    assert failed.value.__notes__ == [
        f"Interview {found} is kept: `hotseat resume {found}` goes on."
    ]
    flat = " ".join(screen.text().split())
    assert "This answer could not be stored. Keep it and send it again:" in flat
    assert long_answer.strip() in flat
    assert await said(app) == ["A token is a piece of a word."]
    await limit_pages(app, 1_000_000)
    again = screen_of()
    await resume(app, found, typed(long_answer, "/end"), again.console)
    assert "hotseat scorecards export" in again.text()


CHECKPOINT_DAMAGES = {
    "values": "UPDATE checkpoints SET checkpoint = x'ff00'",
    "tables": "DROP TABLE checkpoints; CREATE TABLE checkpoints (other)",
    "pages": None,
}


@pytest.mark.parametrize("damage", CHECKPOINT_DAMAGES)
async def test_damaged_checkpoints_lose_nothing(app: App, damage: str) -> None:
    """Unreadable values, foreign tables and garbage in mid-round: the round goes on."""
    await sit(app, drill(app), "A token is a piece of a word.")
    file, script = app.database.checkpoint_path, CHECKPOINT_DAMAGES[damage]
    if script is None:
        file.write_bytes(b"\x00garbage" * 1_000)
    else:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(script)
    found = await latest(app)
    await resume(app, found, typed("The model reads them one by one."), screen_of().console)

    assert await said(app) == [
        "A token is a piece of a word.",
        "The model reads them one by one.",
    ]


async def test_folder_in_place_of_the_checkpoints_is_named(app: App) -> None:
    """What cannot be replaced is named, and that nothing hangs on it."""
    file = app.database.checkpoint_path
    file.mkdir()
    with pytest.raises(DatabaseReadOnlyError) as refused:
        await sit(app, drill(app))

    assert f"{file} holds no answers: delete it" in str(refused.value)


async def test_old_interviews_are_deleted_before_a_new_one(app: App, clock: StandingClock) -> None:
    """The retention time of the settings holds, and the candidate is told what went."""
    await sit(app, drill(app), "/end")
    await sit(app, drill(app))
    old = await latest(app)
    clock.advance(timedelta(days=89).total_seconds())
    assert "Deleted" not in await sit(app, drill(app))
    clock.advance(timedelta(days=2).total_seconds())
    shown = await sit(app, drill(app))

    assert "Deleted 2 interviews of more than 90 days ago. HOTSEAT_RETENTION_DAYS" in shown
    with pytest.raises(InterviewNotFoundError):
        await app.services.store.interview(old)
    assert await delete_expired(app.database, timedelta(days=1), clock.now()) != ()


async def test_expired_interview_cannot_be_resumed(app: App, clock: StandingClock) -> None:
    """The retention time holds for it too; what happened to it is said."""
    await sit(app, drill(app))
    found, screen = await latest(app), screen_of()
    clock.advance(timedelta(days=400).total_seconds())
    with pytest.raises(InterviewNotFoundError, match=found):
        await resume(app, found, typed(), screen.console)

    assert "Deleted 1 interview of more than 90 days ago." in screen.text()


async def test_interview_whose_pack_is_gone_says_what_it_needs(app: App) -> None:
    """The id of the interview, of the missing item, and both ways out."""
    await sit(app, drill(app))
    found = await latest(app)
    bare = replace(app, services=replace(app.services, library=Library(())))
    with pytest.raises(UsageError) as refused:
        await resume(bare, found, typed(), screen_of().console)

    for part in (found, "what-is-a-token", "packs", f"hotseat scorecards delete {found}"):
        assert part in str(refused.value)


async def test_changed_pack_is_mentioned(app: App) -> None:
    """Whoever goes on after the pack was edited knows that its questions may differ."""
    changed = drill(app).model_copy(update={"pack_hash": "another"})
    await sit(app, changed)
    screen: Screen = screen_of()
    await resume(app, await latest(app), typed(), screen.console)

    assert "The pack was changed after this interview began" in screen.text()
