"""What came of something that a person did with the bot."""

from __future__ import annotations

from typing import Any

from tests.discord_stub.interactions import DEFER, Interaction
from tests.discord_stub.messages import Message
from tests.discord_stub.screen import draw_modal

WITHIN_S = 20.0
"""How long a person looks for something before giving up."""


class Modal(dict[str, Any]):
    """A form as the bot sent it.

    Attributes:
        opened_by: the interaction that it answers.
    """

    def __init__(self, data: dict[str, Any], opened_by: Interaction) -> None:
        super().__init__(data)
        self.opened_by = opened_by

    @property
    def title(self) -> str:
        """Its headline."""
        return self["title"]

    @property
    def text(self) -> str:
        """Its title, texts and fields, as a person reads them."""
        return draw_modal(self)


class NotAnsweredError(AssertionError):
    """Discord would show "The application did not respond"."""


class Call:
    """Something a person did with the bot, and how the bot answers.

    Attributes:
        interaction: what was sent.
    """

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    @property
    def messages(self) -> list[Message]:
        """The messages that answer it, oldest first, without deleted ones."""
        return [message for message in self.interaction.messages if not message.deleted]

    @property
    def message(self) -> Message:
        """The first answer: a new message, or the one whose component was used."""
        message = self.interaction.original
        if message is None:
            raise AssertionError("the answer is no message")
        return message

    @property
    def ephemeral(self) -> bool:
        """Whether the first answer is for this person alone."""
        return self.interaction.ephemeral

    @property
    def deferred(self) -> bool:
        """Whether the first answer was "thinking"."""
        return self.interaction.answer == DEFER

    @property
    def modal(self) -> Modal | None:
        """The form that opened; None if none did."""
        modal = self.interaction.modal
        return Modal(modal, self.interaction) if modal is not None else None

    @property
    def text(self) -> str:
        """What the first answer shows now."""
        return self.message.text

    async def finished(self, within: float = WITHIN_S) -> Message:
        """The first answer, as soon as it no longer says that the bot is thinking."""

        def look() -> Message | None:
            message = self.interaction.original
            return message if message and not message.loading else None

        return await self.interaction.world.changes.until(self.interaction.id, look, within)
