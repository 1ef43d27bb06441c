"""What is told when something is broken: a sentence for the person, the rest for the log."""

import ast
import logging
import re
from pathlib import Path

import pytest
from card_owner import drilled
from conftest import Hall
from test_discord_interview import QUESTION, begin

import bot.discord
from bot.discord.errors import explain
from bot.regrading import PackGoneError
from storage.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    DatabaseReadOnlyError,
    DiskFailedError,
    DiskFullError,
    StorageError,
)
from storage.tables import SCORECARDS

WORDS = "Project Bluebird of Initech"
REFERENCE = re.compile(r"reference ([0-9a-f]{8})")
ADVICE = "/data/hotseat.db is damaged; `hotseat scorecards delete x`, or use --database"


async def test_a_fault_is_told_by_a_number_that_the_log_has(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says where it happened, and holds nothing of what the person wrote."""
    alice = hall.stub.add_user("alice", installed=True)
    dm = alice.dm()
    await begin(alice, dm)
    await alice.sees(dm, QUESTION)

    async def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError(WORDS)

    monkeypatch.setattr("bot.discord.cogs.board.press", breaks)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        call = await alice.runs(dm, "/board", sketch=f"note: {WORDS}")
        told = (await call.finished()).text

    (number,) = REFERENCE.findall(told)
    assert "What you said before is kept" in told
    assert WORDS not in told
    assert number in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "Bluebird" not in caplog.text


@pytest.mark.parametrize(
    "kind",
    [
        DatabaseCorruptError,
        DatabaseLockedError,
        DatabaseReadOnlyError,
        DiskFailedError,
        DiskFullError,
        StorageError,
    ],
)
def test_advice_for_the_operator_goes_to_the_log(
    kind: type[StorageError], caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody on Discord is told of files and commands of a terminal; the number leads to them."""
    told = explain(kind(ADVICE))
    assert told is not None
    (number,) = REFERENCE.findall(told)
    assert "whoever runs the bot" in told
    assert "hotseat" not in told
    assert "--database" not in told
    assert f"fault {number}: {ADVICE}" in caplog.text


def test_a_pack_that_is_gone_is_no_advice_for_a_terminal() -> None:
    """Only the operator can put it back, and the person is told so."""
    told = explain(PackGoneError("interview x cannot be graded again: put the pack back first"))
    assert told is not None
    assert "whoever runs the bot" in told


async def test_a_damaged_card_hides_no_other(hall: Hall) -> None:
    """Progress counts what can be read and says what is left out; the list shows which it is."""
    alice = hall.stub.add_user("alice", installed=True)
    await drilled(hall, alice, "aaaaaaaa")
    await drilled(hall, alice, "bbbbbbbb", days=1)
    damage = SCORECARDS.update().where(SCORECARDS.c.interview_id == "aaaaaaaa").values(card="{}")
    await hall.bot.app.database.run(lambda connection: connection.execute(damage))
    dm = alice.dm()

    call = await alice.runs(dm, "/progress")
    progress = (await call.finished()).text
    listed = (await (await alice.runs(dm, "/scorecard list")).finished()).text
    broken = await alice.runs(dm, "/scorecard show", interview="aaaaaaaa")
    told = (await broken.finished()).text

    assert "1 card cannot be read" in progress
    assert "It cannot be read" in listed
    assert REFERENCE.search(told)
    assert "hotseat" not in told


def test_nothing_that_is_shown_on_discord_names_a_terminal_s_command() -> None:
    """A person on Discord has no terminal: `hotseat ...` is no advice there."""
    folder = Path(bot.discord.__file__).parent
    sources = list(folder.rglob("*.py"))
    found = [
        f"{path.relative_to(folder)}: {node.value[:60]}"
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "`hotseat " in node.value
    ]
    assert len(sources) > 50
    assert found == []
