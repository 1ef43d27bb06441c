"""What people say stays out of the log."""

import logging

import pytest
from conftest import Hall

SAID = (
    "How many zebrafish conversations a day do we expect?",
    "I assume that quokka refunds go through a person above fifty euros.",
    "Everything goes through one narwhal gateway with retries and a budget.",
)
BOARD = "client -> axolotl gateway"
ANIMALS = ("zebrafish", "quokka", "narwhal", "axolotl", "pangolin")


async def test_no_line_of_a_whole_round_holds_a_word_of_the_candidate(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    """Ours at the finest level and the libraries' at the bot's own: answers, a board, a mistake."""
    caplog.set_level(logging.INFO)
    for name in ("bot", "interviewer", "scoring", "storage"):
        caplog.set_level(logging.DEBUG, logger=name)
    alice = hall.stub.add_user("alice", installed=True)
    dm = alice.dm()
    await (await alice.runs(dm, "/interview start")).finished()
    await alice.sees(dm, "Listening")
    for words in SAID:
        asked = await alice.says(dm, words)
        await alice.sees(dm, ".", after=asked)
    form = await alice.presses(dm, "Board")
    await alice.fills(form, {"text": BOARD})
    await hall.settled()
    broken = await alice.runs(dm, "/drill", question="pangolin")
    await broken.finished()
    await alice.presses(dm, "End")
    await alice.presses(dm, "End it")
    await alice.sees(dm, "Scorecard:")
    await hall.restart()

    lines = [f"{caplog.handler.format(one)} {one.args}".casefold() for one in caplog.records]

    assert any(one.name.startswith("bot.") for one in caplog.records)
    assert not [line for line in lines if any(animal in line for animal in ANIMALS)]
