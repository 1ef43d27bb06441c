"""While a judge reads, the candidate at the terminal is told so, and looks at no silence."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from console_samples import screen_of
from pydantic import SecretStr

from bot.console.answers import PipedAnswers
from bot.console.choices import Wishes, design_settings
from bot.console.practice import practise, resume
from bot.reading import READING
from bot.settings import Settings
from bot.wiring import App, open_app
from scenarios.load import Library, builtin_packs_folder, load_library
from storage.scorecards import unfinished_interviews
from tests.messages_stub import Fault, MessagesStub

SCENARIO = "support-agent-limited-actions"
ANSWERS = "How many conversations are there a day, and what may one cost?\n\n/end\n\n"


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped packs."""
    return load_library(builtin_packs_folder())


def settings(home: Path, stub: MessagesStub, **more: Any) -> Settings:
    """Settings that find the stub."""
    key = SecretStr(stub.key)
    return Settings(home=home, anthropic_api_key=key, anthropic_base_url=stub.url, **more)


async def sit(app: App, library: Library) -> str:
    """A short round; what was shown."""
    screen = screen_of()
    wished = design_settings(library, Wishes(SCENARIO), screen.console, ask=False)
    await practise(app, wished, PipedAnswers(io.StringIO(ANSWERS)), screen.console)
    return screen.text()


@pytest.mark.parametrize(("judge", "times"), [("claude-sonnet-5-5", 1), ("none", 0)])
async def test_the_note_stands_between_the_last_word_and_the_card(
    tmp_path: Path, library: Library, judge: str, times: int
) -> None:
    """Where there is a judge; without one the card comes at once."""
    async with (
        MessagesStub() as stub,
        open_app(settings(tmp_path, stub, judge_model=judge), library) as app,
    ):
        shown = await sit(app, library)

    assert shown.count(READING) == times
    assert not times or shown.index(READING) < shown.index("Kept as")


async def test_who_comes_back_while_nothing_but_the_card_is_missing_is_told_so(
    tmp_path: Path, library: Library
) -> None:
    """A sitting that was stopped while the judge read goes on with the judge."""
    async with (
        MessagesStub() as stub,
        open_app(settings(tmp_path, stub), library) as app,
    ):
        stub.fail(Fault.HANG_BEFORE)
        sitting = asyncio.create_task(sit(app, library))
        await stub.asked(1, within=30.0)
        sitting.cancel()
        await asyncio.gather(sitting, return_exceptions=True)
        (left,) = await unfinished_interviews(app.database)
        screen = screen_of()
        await resume(app, left.id, PipedAnswers(io.StringIO("")), screen.console)

    assert screen.text().count(READING) == 1
    assert "Kept as" in screen.text()
