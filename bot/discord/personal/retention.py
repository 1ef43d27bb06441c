"""Once a day: what is kept no longer is deleted, and nobody's interview ends without a word."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.discord.errors import survived
from bot.discord.personal.removal import remove_interview
from storage.retention import expired_interviews
from storage.spending import sweep_spending

if TYPE_CHECKING:
    from bot.discord.client import HotseatBot

_LOG = logging.getLogger(__name__)

DAY_S = 24 * 60 * 60.0

EXPIRED = (
    "This interview was never finished, and the time for which interviews are kept is over: it "
    "was deleted. `/interview start` begins a new one; `/privacy retention` shows and sets the "
    "time."
)


async def keep_retention(bot: HotseatBot) -> None:
    """Delete what expired, once the rooms are open and then daily, until cancelled."""
    await bot.house.ready()
    while True:
        await survived(remove_expired(bot), "deleting what expired")
        await bot.app.services.clock.sleep(DAY_S)


async def remove_expired(bot: HotseatBot) -> None:
    """Delete every interview whose time is over; a failure with one is no reason to keep others."""
    kept_for = timedelta(days=bot.app.settings.retention_days)
    now = bot.app.services.clock.now()
    expired = await expired_interviews(bot.app.database, kept_for, now)
    for one in expired:
        name = f"the end of interview {one.interview_id}"
        await survived(remove_interview(bot, one.interview_id, EXPIRED), name)
    await sweep_spending(bot.app.database, now)
    if expired:
        _LOG.info("deleted %d expired interviews", len(expired))
