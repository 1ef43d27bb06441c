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
        """The candidate's words, without the mention that addressed them; empty if none came.

        Whom or what else they mention by its id is nobody's business who reads the transcript.
        """
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return ""
        words = re.sub(rf"\s*<@!?{self.me}>\s*", " ", message.content).strip()
        return _without_ids(words)

    def is_unread(self, message: discord.Message) -> bool:
        """Whether the words did not come along."""
        return self.needs_form and not message.content and not message.attachments


_BY_ID = (
    (re.compile(r"<@[!&]?\d+>"), "@someone"),
    (re.compile(r"<#\d+>"), "#channel"),
    (re.compile(r"<a?(:\w+:)\d+>"), r"\1"),
)
"""How Discord writes people and roles, channels, and emoji of a server's own."""


def _without_ids(words: str) -> str:
    for pattern, instead in _BY_ID:
        words = pattern.sub(instead, words)
    return words


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
