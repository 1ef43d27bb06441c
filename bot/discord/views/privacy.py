"""What is stored about a person, in plain words, and the question before all of it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button
from bot.discord.text import moment

DELETED = (
    "**Done: nothing is stored about you any more.** What stays is with Discord: the messages in "
    "our direct messages and in interview threads. You can delete your own messages; whoever runs "
    "a server can delete a thread. Backups that the operator of this bot has made are theirs to "
    "delete."
)


@dataclass(frozen=True)
class Kept:
    """What is stored about a person, in numbers; `own_days` is None where they set no time.

    `oldest` is when the oldest interview ended, or began if it never ended.
    """

    finished: int
    unfinished: int
    shared: int
    groups: int
    own_days: int | None
    most_days: int
    oldest: datetime | None
    now: datetime

    @property
    def days(self) -> int:
        """For how long the person's interviews are kept."""
        return min(self.most_days, self.own_days or self.most_days)

    @property
    def counts(self) -> str:
        """The numbers in words."""
        found = [
            _count(self.finished, "finished interview"),
            _count(self.unfinished, "unfinished interview"),
            _count(self.shared, "shared card"),
            _count(self.groups, "study group"),
        ]
        return ", ".join(one for one in found if one) or "nothing"


def privacy_view(kept: Kept, user_id: int, sent: str | None = None) -> ui.LayoutView:
    """What, where, how long, who; with the ways to a copy and to the end of it.

    `sent` says what goes to a language model, None where nothing does.
    """
    elsewhere = "nothing goes to another service" if sent is None else "and elsewhere as follows"
    model = "" if sent is None else f" {sent} No name, id or other interview goes along."
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.TextDisplay(
            "## Your data\n"
            f"**Stored about you now:** {kept.counts}.\n\n"
            "**What.** Your Discord id. Your answers, sketches and the questions you were asked; "
            "the cards, with your corrections, disputes and own ratings. In study groups: "
            "membership, what you shared, and how you rated others. No sound, also of calls, no "
            "picture, no messages from anywhere but your own interviews.\n\n"
            f"**Where.** In one database on the computer that runs this bot; {elsewhere}.{model} "
            "Messages themselves are also with Discord, which has its own rules.\n"
            "\n**Who sees it.** You. Whoever operates this bot could open its database. A study "
            "group sees a card only after you shared it, until you unshare it.\n\n"
            f"**How long.** {retention_text(kept)}\n\n"
            "**Export** holds all of it, the bot's ratings too: a card that you wanted to rate "
            "first counts as opened from then on.\n\n"
            "-# Practice only: never for hiring decisions. Logs hold ids and counts, never words."
        )
    )
    target = str(user_id)
    row = ui.ActionRow[Any](
        control_button("Export", Control("privacy_export", target)),
        control_button(
            "Delete everything", Control("privacy_ask", target), style=discord.ButtonStyle.danger
        ),
    )
    layout.add_item(row)
    return layout


def delete_view(kept: Kept, user_id: int) -> ui.LayoutView:
    """What goes, what stays, and the button that does it."""
    running = " An interview that is going on stops." if kept.unfinished else ""
    shared = " Shared cards are taken down with their reviews." if kept.shared else ""
    groups = (
        " You leave your study groups; what you own passes to whoever has been in it longest."
        if kept.groups
        else ""
    )
    layout = ui.LayoutView(timeout=None)
    layout.add_item(
        ui.TextDisplay(
            f"**Delete everything that is stored about you?** Stored now: {kept.counts}."
            f"{running}{shared}{groups}\n"
            "It happens at once and cannot be undone; `/privacy export` makes a copy first. "
            "Messages here and in threads are with Discord and stay there; `/scorecard delete`, "
            "used before, takes mine about one interview away as well."
        )
    )
    row = ui.ActionRow[Any](
        control_button(
            "Delete everything",
            Control("privacy_delete", str(user_id)),
            style=discord.ButtonStyle.danger,
        )
    )
    layout.add_item(row)
    return layout


def retention_text(kept: Kept) -> str:
    """For how long interviews are kept, and how to change that."""
    whose = "as you set it" if kept.own_days else "as for everybody here"
    lines = [
        f"Your interviews are deleted {_count(kept.days, 'day')} after they ended ({whose}), with "
        "their cards and shares."
    ]
    if kept.oldest is not None:
        end = max(kept.oldest + timedelta(days=kept.days), kept.now + timedelta(days=1))
        lines.append(f"The oldest one goes about {moment(end, 'R')}.")
    lines.append(f"`/privacy retention days:…` sets 1 to {kept.most_days} days.")
    return " ".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""
