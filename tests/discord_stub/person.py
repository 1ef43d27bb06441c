"""People who use the bot: they write, run commands, press, pick, fill in, and look.

A person can do only what Discord's client would let them do here; anything else is an
AssertionError that says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from tests.discord_stub import command_line, forms
from tests.discord_stub.calls import WITHIN_S, Call, Modal, NotAnsweredError
from tests.discord_stub.channels import Channel
from tests.discord_stub.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    open_interaction,
)
from tests.discord_stub.limits import LIMITS
from tests.discord_stub.messages import REPLY, Message, attach, resolve_mentions
from tests.discord_stub.page import draw_page
from tests.discord_stub.permissions import Permission
from tests.discord_stub.rest_marks import react, start_typing
from tests.discord_stub.rest_messages import publish, remove
from tests.discord_stub.screen import draw_channel, visible
from tests.discord_stub.voice_person import InVoice

if TYPE_CHECKING:
    from tests.discord_stub.state import User, World

Files = dict[str, bytes]


Place = Channel | Message | Call


class Person(InVoice):
    """Somebody with an account. Made by `stub.add_user`."""

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.user = user

    @property
    def id(self) -> int:
        """The account's id."""
        return self.user.id

    @property
    def mention(self) -> str:
        """How others name this person in a message."""
        return f"<@{self.id}>"

    def dm(self) -> Channel:
        """The direct messages with the bot."""
        return self.world.dm_with(self.user)

    def refuses_dms(self, *, refuses: bool = True) -> None:
        """Switch direct messages from servers off, or on again."""
        self.user.accepts_dms = not refuses

    def installs(self, *, installed: bool = True) -> None:
        """Put the application among this person's own, or take it away."""
        self.user.has_installed_app = installed

    # --- writing ------------------------------------------------------------------------

    async def says(
        self,
        place: Place,
        text: str,
        *,
        reply_to: Message | None = None,
        mention: bool = True,
        files: Files | None = None,
    ) -> Message:
        """Write a message; `mention` says whether a reply pings who is replied to."""
        channel = self._open(place, Permission.SEND_MESSAGES)
        if len(text) > LIMITS["message.content"].most:
            raise AssertionError(f"{len(text)} characters: the client would make a file of it")
        if channel.archived and channel.locked:
            raise AssertionError(f"{channel.name} is locked")
        message = Message(self.world.next_id(), channel, self.user, text)
        if reply_to is not None:
            message.kind, message.reply_to = REPLY, reply_to
        for name, data in (files or {}).items():
            message.attachments.append(attach(self.world, channel, name, data))
        everything = ["users", "roles", "everyone"]
        resolve_mentions(message, {"parse": everything, "replied_user": mention})
        if channel.is_thread:
            channel.add_thread_member(self.id)
        publish(message)
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Change an own message."""
        if message.author is not self.user:
            raise AssertionError("only own messages can be edited")
        message.content = text
        resolve_mentions(message, None)
        message.changed()
        self.world.tell_message("MESSAGE_UPDATE", message)

    async def deletes(self, message: Message) -> None:
        """Delete an own message, or as a moderator somebody's; ephemeral ones are dismissed."""
        held = message.channel.permissions_of(self.id)
        mine = self.user in (message.author, message.only_for)
        if not mine and not held & Permission.MANAGE_MESSAGES:
            raise AssertionError(f"{self.user.name} may not delete this message")
        remove(message)

    async def types(self, place: Place) -> None:
        """Start typing."""
        start_typing(self._open(place, Permission.SEND_MESSAGES), self.world, self.id)

    async def reacts(self, message: Message, emoji: str) -> None:
        """React to a message."""
        self._open(message, Permission.ADD_REACTIONS)
        react(message, emoji, self.id)

    async def leaves(self, thread: Channel | None = None) -> None:
        """Leave a thread, or the call where none is named."""
        if thread is None:
            self.leaves_voice()
        else:
            thread.remove_thread_member(self.id)

    # --- commands -----------------------------------------------------------------------

    async def runs(self, place: Place, line: str, /, **options: Any) -> Call:
        """Run a slash command and wait for the bot's first answer.

        Options are given by name: plain values, names or values of choices, people, channels,
        roles, and (name, bytes) for files. NotAnsweredError after three seconds.
        """
        channel = self._open(place, Permission.VIEW_CHANNEL)
        typed = command_line.type_command(self.user, channel, line)
        data = command_line.fill_options(typed, channel, options)
        return await self._acts(COMMAND, channel, data, typed.owners)

    async def completes(
        self, place: Place, line: str, /, *, option: str, typed: str = "", **others: Any
    ) -> list[dict[str, Any]]:
        """What the bot offers while an option is being typed: names and values."""
        channel = self._open(place, Permission.VIEW_CHANNEL)
        command = command_line.type_command(self.user, channel, line)
        data = command_line.focus_option(command, channel, option, typed, others)
        call = await self._acts(AUTOCOMPLETE, channel, data, command.owners)
        return call.interaction.choices

    async def chooses(
        self, target: Message | Person, entry: str, place: Place | None = None
    ) -> Call:
        """Choose an entry of the app's menu on a message, or on a person seen in `place`."""
        is_message = isinstance(target, Message)
        where = target if isinstance(target, Message) else place
        if where is None:
            raise AssertionError("a person is seen in a place: name it")
        channel = self._open(where, Permission.VIEW_CHANNEL)
        kind = command_line.MESSAGE_MENU if is_message else command_line.USER_MENU
        typed = command_line.menu_command(self.user, channel, kind, entry)
        resolved: dict[str, Any] = {}
        if isinstance(target, Message):
            resolved["messages"] = {str(target.id): target.payload()}
        else:
            command_line.resolve(command_line.USER, target, channel, resolved)
        data = typed.data | {"target_id": str(target.id), "resolved": resolved}
        return await self._acts(COMMAND, channel, data, typed.owners)

    # --- buttons, menus, forms ----------------------------------------------------------

    async def presses(self, where: Place, button: str) -> Call:
        """Press a button, named by label, emoji or custom id.

        In a place it is the newest message with such a button.
        """
        message, found = self._find(where, button, forms.find_button)
        forms.require_pressable(found)
        data = {"custom_id": found["custom_id"], "component_type": found["type"]}
        return await self._uses(message, found, data)

    async def picks(self, where: Place, menu: str, choices: list[Any]) -> Call:
        """Pick in a menu, named by placeholder or custom id: labels, values, or people."""
        message, found = self._find(where, menu, forms.find_menu)
        data = {"custom_id": found["custom_id"], "component_type": found["type"]}
        return await self._uses(message, found, data | forms.pick(found, choices, message.channel))

    async def fills(self, form: Call | Modal, answers: dict[str, Any]) -> Call:
        """Send the form that a call opened, with answers by label or custom id."""
        modal = form.modal if isinstance(form, Call) else form
        if modal is None:
            raise AssertionError("no form opened")
        opened = modal.opened_by
        data = forms.fill(modal, answers, opened.channel)
        return await self._acts(
            MODAL_SUBMIT,
            opened.channel,
            data,
            opened.owners,
            source=opened.source,
            trigger=opened,
        )

    def _find(
        self,
        where: Place,
        name: str,
        look: Callable[[Message, str], dict[str, Any] | None],
    ) -> tuple[Message, dict[str, Any]]:
        if isinstance(where, Call):
            where = where.message
        if isinstance(where, Message):
            self._require_on_screen(where)
            candidates = [where]
        else:
            candidates = visible(self._open(where, Permission.VIEW_CHANNEL), self.user)[::-1]
        for message in candidates:
            if (found := look(message, name)) is not None:
                return message, found
        shown = "\n".join(message.text for message in candidates[:3])
        raise AssertionError(f"{self.user.name} sees no {name!r}; the newest there:\n{shown}")

    def _require_on_screen(self, message: Message) -> None:
        self._open(message, Permission.VIEW_CHANNEL)
        if message.deleted:
            raise AssertionError("that message was deleted")
        if message.only_for not in (None, self.user):
            raise AssertionError(f"{self.user.name} does not see that message")

    async def _uses(
        self, message: Message, component: dict[str, Any], data: dict[str, Any]
    ) -> Call:
        origin = message.interaction
        owners = origin.owners if origin else _owners_of(message.channel)
        data = data | {"id": component["id"]}
        return await self._acts(COMPONENT, message.channel, data, owners, source=message)

    async def _acts(
        self,
        kind: int,
        channel: Channel,
        data: dict[str, Any],
        owners: dict[str, str],
        *,
        source: Message | None = None,
        trigger: Interaction | None = None,
    ) -> Call:
        interaction = open_interaction(
            kind, self.user, channel, data, owners, source=source, trigger=trigger
        )

        def look() -> int | None:
            if interaction.answer is None and not self.world.gateway.reachable:
                raise NotAnsweredError("the application did not respond: it is not connected")
            return interaction.answer

        try:
            within = self.world.first_answer_s + 0.25
            await self.world.changes.until(interaction.id, look, within)
        except TimeoutError:
            name = interaction.command_name or data.get("custom_id")
            raise NotAnsweredError(f"the application did not respond to {name!r}") from None
        return Call(interaction)

    # --- looking ------------------------------------------------------------------------

    async def sees(
        self, place: Place, text: str, *, within: float = WITHIN_S, after: Message | None = None
    ) -> Message:
        """The newest message of others that shows `text`, a plain text or a regular expression.

        Waits for it; `after` skips what stood there up to that message.
        """
        channel = self._channel(place)
        shows = _pattern(text)

        def look() -> Message | None:
            for message in reversed(visible(channel, self.user)):
                if after is not None and message.id <= after.id:
                    return None
                if message.author is not self.user and shows(message.text):
                    return message
            return None

        try:
            return await self.world.changes.until(channel.id, look, within)
        except TimeoutError:
            shown = self.screen(channel) if channel.sees(self.id) else "(no access)"
            raise AssertionError(f"{self.user.name} does not see {text!r} in:\n{shown}") from None

    async def no_longer_sees(self, place: Place, text: str, *, within: float = WITHIN_S) -> None:
        """Wait until no message of others shows `text`."""
        channel = self._channel(place)
        shows = _pattern(text)

        def look() -> bool | None:
            there = visible(channel, self.user)
            return None if any(shows(m.text) for m in there if m.author is not self.user) else True

        try:
            await self.world.changes.until(channel.id, look, within)
        except TimeoutError:
            raise AssertionError(f"{self.user.name} still sees {text!r}") from None

    async def sees_typing(self, place: Place, *, within: float = WITHIN_S) -> None:
        """Wait until the bot types."""
        channel, bot = self._channel(place), self.world.bot.id
        await self.world.changes.until(
            channel.id,
            lambda: channel.typing_until.get(bot, 0) > self.world.now() or None,
            within,
        )

    async def sees_thread(self, name: str = "", *, within: float = WITHIN_S) -> Channel:
        """The newest thread that this person is in, and whose name holds `name`."""

        def look() -> Channel | None:
            for channel in reversed(self.world.channels.values()):
                if channel.is_thread and self.id in channel.joined and name in channel.name:
                    return channel
            return None

        return await self.world.changes.until(self.id, look, within)

    def screen(self, place: Place) -> str:
        """What this person sees in a place, as text."""
        return draw_channel(self._open(place, Permission.VIEW_CHANNEL), self.user)

    def page(self, place: Place) -> str:
        """The same as a web page, whole in one file; a call's open form stands in front."""
        channel = self._open(place, Permission.VIEW_CHANNEL)
        return draw_page(channel, self.user, form=place.modal if isinstance(place, Call) else None)

    def messages(self, place: Place) -> list[Message]:
        """The messages that this person sees in a place, oldest first."""
        return visible(self._open(place, Permission.VIEW_CHANNEL), self.user)

    def downloads(self, message: Message, name: str) -> bytes:
        """The bytes of a file on a message."""
        self._require_on_screen(message)
        for attachment in message.attachments:
            if attachment.name == name:
                file_id = int(urlparse(attachment.url).path.split("/")[-2])
                return self.world.files[file_id]
        names = [attachment.name for attachment in message.attachments]
        raise AssertionError(f"no file {name!r} among {names}")

    def _open(self, place: Place, needed: Permission) -> Channel:
        channel = self._channel(place)
        if not channel.sees(self.id):
            raise AssertionError(f"{self.user.name} cannot open {channel.name}")
        if not channel.permissions_of(self.id) & needed:
            raise AssertionError(f"{self.user.name} lacks {needed.name} in {channel.name}")
        return channel

    @staticmethod
    def _channel(place: Place) -> Channel:
        if isinstance(place, Message):
            return place.channel
        return place.interaction.channel if isinstance(place, Call) else place


def _owners_of(channel: Channel) -> dict[str, str]:
    return {"0": str(channel.guild.id) if channel.guild else "0"}


def _pattern(text: str) -> Callable[[str], bool]:
    try:
        pattern = re.compile(text, re.MULTILINE)
    except re.error:
        return lambda shown: text in shown
    return lambda shown: text in shown or pattern.search(shown) is not None
