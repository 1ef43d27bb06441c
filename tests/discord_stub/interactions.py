"""Commands, presses, picks, forms and autocompletion: from the person's client to the bot."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord_stub.channels import DM
from tests.discord_stub.limits import LIMITS
from tests.discord_stub.permissions import Permission

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.messages import Message
    from tests.discord_stub.state import User, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9

ALLOWED_ANSWERS = {
    COMMAND: (MESSAGE, DEFER, MODAL),
    COMPONENT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE),
}
"""https://discord.com/developers/docs/interactions/receiving-and-responding"""

FOR_EXTERNAL_APPS = Permission.EMBED_LINKS | Permission.ATTACH_FILES
"""What an app may do with its answers in a server that it was not added to."""


@dataclass(eq=False, slots=True)
class Interaction:
    """One thing that a person did with the bot, and what the bot answered.

    Attributes:
        owners: which install it runs under: "0" -> guild, "1" -> user.
        source: the message whose component was used.
        trigger: for a form, the interaction that opened it.
        sent_at: monotonic seconds at which the bot was told.
        answer: callback type of the first answer; None before it.
        original: what `@original` means.
    """

    world: World
    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    data: dict[str, Any]
    owners: dict[str, str]
    source: Message | None = None
    trigger: Interaction | None = None
    sent_at: float = 0.0
    created: float = 0.0
    answer: int | None = None
    ephemeral: bool = False
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def context(self) -> int:
        """0 in a server, 1 in the bot's own direct messages, 2 elsewhere."""
        if self.channel.guild is not None:
            return 0
        return 1 if self.channel.kind == DM else 2

    @property
    def late(self) -> bool:
        """Whether the time for a first answer is over."""
        return time.monotonic() - self.sent_at > self.world.first_answer_s

    @property
    def expired(self) -> bool:
        """Whether the token is worth nothing any more."""
        return self.world.now() - self.created > LIMITS["interaction.token_s"].most

    def message_fields(self) -> dict[str, Any]:
        """What a message says about the interaction that it answers."""
        app = str(self.world.application_id)
        fields: dict[str, Any] = {
            "application_id": app,
            "webhook_id": app,
            "interaction_metadata": self._metadata(),
        }
        if self.kind == COMMAND:
            fields["interaction"] = {
                "id": str(self.id),
                "type": self.kind,
                "name": self.command_name,
                "user": self.user.payload(),
            }
        return fields

    @property
    def command_name(self) -> str:
        """`interview start` for that command; empty for what is no command."""
        words, options = [self.data.get("name", "")], self.data.get("options", [])
        while options and options[0]["type"] in (1, 2):
            words.append(options[0]["name"])
            options = options[0].get("options", [])
        return " ".join(words)

    def _metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "user": self.user.payload(),
            "authorizing_integration_owners": self.owners,
        }
        if self.source is not None and self.kind == COMPONENT:
            metadata["interacted_message_id"] = str(self.source.id)
        if self.trigger is not None:
            metadata["triggering_interaction_metadata"] = self.trigger._metadata()
        return metadata

    def payload(self) -> dict[str, Any]:
        """As INTERACTION_CREATE has it."""
        payload: dict[str, Any] = {
            "id": str(self.id),
            "application_id": str(self.world.application_id),
            "type": self.kind,
            "token": self.token,
            "version": 1,
            "locale": self.user.locale,
            "entitlements": [],
            "authorizing_integration_owners": self.owners,
            "context": self.context,
            "attachment_size_limit": LIMITS["attachment.bytes"].most,
            "app_permissions": str(int(self._app_permissions())),
            "channel_id": str(self.channel.id),
            "channel": self._channel_payload(),
            "data": self.data,
        }
        if self.source is not None:
            payload["message"] = self.source.payload()
        return payload | self._who()

    def _who(self) -> dict[str, Any]:
        guild = self.channel.guild
        if guild is None:
            return {"user": self.user.payload()}
        member = guild.members[self.user.id].payload()
        member["permissions"] = str(int(self.channel.permissions_of(self.user.id)))
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": member,
        }

    def _app_permissions(self) -> Permission:
        guild = self.channel.guild
        if guild is not None and not guild.has_bot:
            return FOR_EXTERNAL_APPS
        return self.channel.permissions_of(self.world.bot.id)

    def _channel_payload(self) -> dict[str, Any]:
        held = self.channel.permissions_of(self.user.id)
        return self.channel.payload() | {"permissions": str(int(held))}


def open_interaction(
    kind: int,
    user: User,
    channel: Channel,
    data: dict[str, Any],
    owners: dict[str, str],
    *,
    source: Message | None = None,
    trigger: Interaction | None = None,
) -> Interaction:
    """Tell the bot what a person did; the clock for its first answer starts."""
    world = channel.world
    interaction = Interaction(
        world,
        world.next_id(),
        secrets.token_urlsafe(24),
        kind,
        user,
        channel,
        data,
        owners,
        source,
        trigger,
        sent_at=time.monotonic(),
        created=world.now(),
    )
    world.interactions[interaction.id] = interaction
    world.tokens[interaction.token] = interaction
    world.gateway.dispatch("INTERACTION_CREATE", interaction.payload())
    return interaction
