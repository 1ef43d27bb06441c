"""What is kept no longer goes with its pages: nobody goes on looking at what was deleted."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from bot.web.context import Web
from bot.web.errors import survived
from bot.web.house import House
from interviewer.ports import InterviewNotFoundError
from storage.retention import expired_interviews
from storage.scorecards import delete_interview
from storage.spending import sweep_spending

DAY_S = 86_400.0


async def forget_daily(web: Web, house: House) -> None:
    """Delete what is too old, now and every day, for ever."""
    while True:
        await survived(forget_expired(web, house), "deleting what expired")
        await web.app.services.clock.sleep(DAY_S)


async def forget_expired(web: Web, house: House) -> None:
    """Delete every interview whose time is over, but those of Discord, which the bot deletes."""
    database, now = web.app.database, web.app.services.clock.now()
    age = timedelta(days=web.app.settings.retention_days)
    for one in await expired_interviews(database, age, now):
        if not one.placed:
            await forget(web, house, one.interview_id)
    await sweep_spending(database, now)


async def forget(web: Web, house: House, interview_id: str) -> None:
    """Delete the interview; whoever has its board or its talk open is put out."""
    await web.links.revoke_of(interview_id)
    with suppress(InterviewNotFoundError):
        await delete_interview(web.app.database, interview_id)
    await house.drop(interview_id)
    await web.boards.end(interview_id)
