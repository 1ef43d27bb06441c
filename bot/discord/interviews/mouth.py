"""Posts what the interviewer says: each part once, whatever fails on the way.

A part is known by the utterance's key and by where it begins in the text. It is sent with a nonce
made of both, which Discord enforces for some minutes; where an earlier attempt may have gone
through, the channel's history is read first.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import discord
from discord import ui

from bot.discord.interviews.typing import Typing
from bot.discord.replies import NOBODY
from bot.discord.text import MESSAGE_LIMIT, safe, split_offsets
from bot.reading import READING, is_closing
from interviewer.ports import Mouth
from interviewer.state import MoveKind
from storage.database import Database
from storage.places import all_posts, posted_among, posts_of, record_post

WITH_CARD = (MoveKind.OPEN.value, MoveKind.ADVANCE.value)
"""Moves after which the status card comes along, so that it stays in reach."""

MAX_BESIDE_CARD = 1_800
"""Characters of a text that leave room for the status card in the same message."""


def nonce_of(key: str, part: int) -> str:
    """At most 25 characters, the same for the same part."""
    digest = hashlib.sha256(f"{key}:{part}".encode()).digest()
    return base64.b32encode(digest[:15]).decode("ascii")


class Poster:
    """Puts messages of one interview into its channel, each once.

    `since` is a message, or whatever else has an id, after which the interview's first post came.
    """

    def __init__(
        self,
        database: Database,
        interview_id: str,
        channel: discord.abc.Messageable,
        me: int,
        since: int,
    ) -> None:
        self._database = database
        self._id = interview_id
        self._channel = channel
        self._me = me
        self._since = since

    async def post(
        self,
        key: str,
        part: int,
        *,
        content: str | None = None,
        view: ui.LayoutView | None = None,
        files: Sequence[discord.File] = (),
        fresh: bool = False,
    ) -> str:
        """Post the part and return its message's id.

        `fresh` says that it was never tried before, so that nothing need be looked up.
        """
        if not fresh and (found := await self._find(key, part, _first_text(content, view))):
            return found
        sent: dict[str, Any] = {"view": view} if view is not None else {"content": content}
        if files:
            sent["files"] = list(files)
        message = await self._channel.send(
            nonce=nonce_of(f"{self._id}:{key}", part), allowed_mentions=NOBODY, **sent
        )
        await record_post(self._database, self._id, key, part, str(message.id))
        return str(message.id)

    async def _find(self, key: str, part: int, text: str) -> str | None:
        """The message that shows it, from our records or from the channel."""
        posted = (await posts_of(self._database, self._id, key)).get(part)
        if posted is not None:
            return posted
        found = await self._showing(text) if text.strip() else ()
        free = [one for one in found if one not in await posted_among(self._database, found)]
        if not free:
            return None
        await record_post(self._database, self._id, key, part, free[0])
        return free[0]

    async def _showing(self, text: str) -> Sequence[str]:
        """Our messages with that text, the newest first, from the interview's beginning on.

        The same may have been said in the channel before it, in an interview that was deleted.
        """
        known = map(int, await all_posts(self._database, self._id))
        after = discord.Object(min(known, default=self._since))
        history = self._channel.history(limit=None, after=after, oldest_first=False)
        return [
            str(message.id)
            async for message in history
            if message.author.id == self._me and text_of(message).strip() == text.strip()
        ]


def _first_text(content: str | None, view: ui.LayoutView | None) -> str:
    if view is None:
        return content or ""
    shown = (one for one in view.walk_children() if isinstance(one, ui.TextDisplay))
    return next((one.content for one in shown), "")


def text_of(message: discord.Message) -> str:
    """What a message of ours says first: its content, or the first text of its layout."""
    if message.content:
        return message.content
    view = ui.LayoutView.from_message(message, timeout=None)
    return _first_text(None, view if isinstance(view, ui.LayoutView) else None)


Layout = Callable[[str], Awaitable[ui.LayoutView]]
"""Makes the layout of a text with the status card under it."""


class BeforeCard(Protocol):
    """What is to be shown above the opening of a stage."""

    async def __call__(self, *, fresh: bool) -> None:
        """Show it, if there is anything; with `fresh` it was never tried before. Never fails."""
        ...


class ChannelMouth(Mouth):
    """Speaks in a channel; the opening of a stage brings the status card along.

    `before_card` is called first then. `moved` is told the message that carries the card now.
    `typing` ends when something is said; with `reads`, a judge reads the answers after the last
    word, and that is said once. While `recovering`, anything may have been posted before by another
    process.
    """

    def __init__(
        self,
        poster: Poster,
        with_card: Layout,
        moved: Callable[[str], Awaitable[None]],
        typing: Typing,
        before_card: BeforeCard,
        *,
        reads: bool,
        recovering: bool,
    ) -> None:
        self._poster = poster
        self._with_card = with_card
        self._moved = moved
        self._typing = typing
        self._before_card = before_card
        self._reads = reads
        self._tried: set[str] = set()
        self.recovering = recovering

    piecewise = False

    async def say(self, key: str, text: str, offset: int) -> int:
        """Post `text[offset:]` in messages of the size that Discord takes."""
        fresh = not self.recovering and key not in self._tried
        self._tried.add(key)
        self._typing.stop()
        if key.endswith(WITH_CARD) and not offset:
            await self._before_card(fresh=fresh)
        parts = parts_of(text[offset:])
        for start, end in parts:
            part = offset + start
            shown = safe(text[part : offset + end])
            last = (start, end) == parts[-1]
            if last and len(shown) <= MAX_BESIDE_CARD and key.endswith(WITH_CARD):
                await self._post_with_card(key, part, shown, fresh=fresh)
            else:
                await self._poster.post(key, part, content=shown, fresh=fresh)
        if self._reads and is_closing(key):
            await self._poster.post("reading", 0, content=READING, fresh=fresh)
            self._typing.go_on()
        self._tried.discard(key)
        return len(text)

    async def _post_with_card(self, key: str, part: int, shown: str, *, fresh: bool) -> None:
        view = await self._with_card(shown)
        await self._moved(await self._poster.post(key, part, view=view, fresh=fresh))


def parts_of(text: str) -> Sequence[tuple[int, int]]:
    """Where to cut, so that each part fits after its marks were made harmless."""
    for limit in (MESSAGE_LIMIT, MESSAGE_LIMIT // 2, MESSAGE_LIMIT // 5):
        parts = split_offsets(text, limit)
        if all(len(safe(text[start:end])) <= MESSAGE_LIMIT for start, end in parts):
            return parts
    return split_offsets(text, MESSAGE_LIMIT // 10)


class SilentMouth(Mouth):
    """For interviews that are shown as a whole, from what is stored."""

    recovering = False
    piecewise = False

    async def say(self, key: str, text: str, offset: int) -> int:
        """Nothing is sent: the message of the interview is drawn anew after every event."""
        return len(text)
