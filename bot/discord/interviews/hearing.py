"""Which messages of a conversation are answers, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass

import discord

from storage.places import PlaceKind


@dataclass(frozen=True)
class Ears:
    """What the bot can read in a channel.

    Discord hands over the words of direct messages, of replies to the bot and of messages that
    mention it; those of others only with the message-content intent. `me` is the bot's own id.
    """

    me: int
    kind: PlaceKind
    message_content: bool

    @property
    def needs_form(self) -> bool:
        """Whether plain messages cannot be read, so that a form is offered for the answer."""
        return self.kind is not PlaceKind.DM and not self.message_content

    def answer_in(self, message: discord.Message) -> str:
        """The candidate's words, without the mention that addressed them; empty if none came."""
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return ""
        return re.sub(rf"\s*<@!?{self.me}>\s*", " ", message.content).strip()

    def is_unread(self, message: discord.Message) -> bool:
        """Whether the words did not come along."""
        return self.needs_form and not message.content and not message.attachments


def how_to_answer(ears: Ears) -> str:
    """What a candidate must do so that an answer is read."""
    if ears.kind is PlaceKind.DM:
        return "Just write your answers here."
    if ears.message_content:
        return "Just write your answers in this thread."
    return (
        "I cannot read plain messages on this server, so **reply** to me, **mention** me, or press "
        "**Answer**. In our direct messages plain messages work."
    )
