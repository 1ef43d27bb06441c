"""What a page beside an interview on Discord is told, and by whom."""

from collections.abc import AsyncIterator

import pytest
from console_samples import OPEN

from bot.discord.interviews.mouth import SilentMouth
from bot.discord.interviews.page_talks import PageTalks
from bot.wiring import App, OpenSession, open_sessions


@pytest.fixture
async def open_session(app: App) -> AsyncIterator[OpenSession]:
    """Sessions on the played home."""
    async with open_sessions(app) as opened:
        yield opened


async def test_a_page_that_is_there_before_the_room_follows_the_room(
    app: App, open_session: OpenSession
) -> None:
    """After a restart pages come back first; once the room is open its clock is theirs."""
    talks = PageTalks(app, open_session)
    talk = await talks.talk(OPEN)
    room = talks.session(OPEN, SilentMouth())
    again = await talks.talk(OPEN)
    await talks.close()

    assert again is talk
    assert again.session is room
