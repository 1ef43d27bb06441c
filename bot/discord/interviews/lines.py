"""What the interviewer says in a call, written in its thread: as said, so also shortened later.

Words are posted when they begin to be spoken and may be cut short; then the message is edited to
what was really said. Without a call the same place is simply written to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.discord.interviews.mouth import ChannelMouth, parts_of
from bot.discord.text import safe
from interviewer.ports import Mouth
from interviewer.state import Utterance

CUT_SHORT = " —"
"""Stands where the interviewer was interrupted."""

Posts = Callable[[str], Awaitable[Mapping[int, str]]]
"""Gives the messages that show the parts of an utterance, by where they begin in its text."""

Reword = Callable[[int, str], Awaitable[None]]
"""Makes the message say that text, with the card under it where it carries the card."""


class Lines(Mouth):
    """Writes utterances, and rewrites them as they turn out."""

    def __init__(self, mouth: ChannelMouth, posts: Posts, reword: Reword) -> None:
        self._mouth = mouth
        self._posts = posts
        self._reword = reword
        self._texts: dict[str, str] = {}

    piecewise = False

    @property
    def recovering(self) -> bool:
        """Whether anything may have been posted before by another process."""
        return self._mouth.recovering

    @recovering.setter
    def recovering(self, recovering: bool) -> None:
        self._mouth.recovering = recovering

    async def say(self, key: str, text: str, offset: int) -> int:
        """Write the whole text; what was written under the key before becomes it."""
        await self._write(key, text)
        return len(text)

    async def begun(self, key: str, text: str) -> None:
        """The words begin to be spoken, as far as they are known."""
        await self._write(key, text)

    async def ended(self, key: str, text: str, shown: int) -> None:
        """`text[:shown]` was said."""
        if text:
            await self._write(key, said(text, shown))
        self._texts.pop(key, None)

    async def _write(self, key: str, text: str) -> None:
        if self._texts.get(key) == text:
            return
        posts = await self._posts(key)
        self._texts[key] = text
        if not posts:
            await self._mouth.say(key, text, 0)
            return
        ends = dict(parts_of(text))
        for start, message in posts.items():
            written = safe(text[start : ends[start]]) if start in ends else CUT_SHORT.strip()
            await self._reword(int(message), written)
        missing = [start for start in ends if start not in posts]
        if missing:
            await self._mouth.say(key, text, min(missing))


def said(text: str, shown: int) -> str:
    """The text as far as it was shown, with a sign where it was cut short."""
    return text if shown >= len(text) else f"{text[:shown].rstrip()}{CUT_SHORT}".lstrip()


def said_so_far(utterance: Utterance, part: int) -> str:
    """What stands in the message that shows an utterance from `part` on."""
    shown = utterance.shown if utterance.closed else len(utterance.text)
    return said(utterance.text, shown)[part:]
