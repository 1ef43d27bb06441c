"""Signed links into the page: whose they are, what they allow, when they end.

A token is the signed id of a row. What the row says counts at every use, so a link that was
revoked ends at once, on open connections as well.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from interviewer.clock import Clock
from storage.database import Database
from storage.web_links import (
    StoredLink,
    add_link,
    end_all_links,
    extend_link,
    find_link,
    links_of,
    revoke_link,
    signing_keys,
)

_SALT = "hotseat link"
_COOKIE_SALT = "hotseat cookie"
_ID_BYTES = 16
_LONGEST_TOKEN = 200
LONGEST_NAME = 40

ENTRANCE_LASTS = timedelta(minutes=1)

_TAKEN = (
    "This link works once, and it was followed before, by you or by somebody else at this "
    "computer. Whoever came by it is out; the link that `hotseat web` has printed works."
)


class Role(StrEnum):
    """What a link opens."""

    OWNER = "owner"
    """All interviews of its person."""
    CANDIDATE = "candidate"
    """One interview, as the person who takes it."""
    EDITOR = "editor"
    """Its board, to draw on."""
    VIEWER = "viewer"
    """Its board, to look at."""
    READER = "reader"
    """Its scorecard."""
    ENTRANCE = "entrance"
    """Nothing by itself: whoever follows it first gets a link of an owner."""


_TO_ALL = (Role.OWNER, Role.ENTRANCE)
"""Roles of links that name no interview."""


class LinkError(Exception):
    """This link opens nothing; the message is for whoever followed it."""


@dataclass(frozen=True)
class Grant:
    """What a link gives: to whom, in which interview, until when.

    `interview` is None where all of the person's are meant; `name` is what others see.
    """

    link: str
    role: Role
    interview: str | None
    person: str
    name: str
    expires_at: datetime

    @property
    def may_draw(self) -> bool:
        """Whether the board changes by what they send."""
        return self.role in (Role.OWNER, Role.CANDIDATE, Role.EDITOR)

    @property
    def may_see_board(self) -> bool:
        """Whether the board is shown to them while it is drawn."""
        return self.role not in (Role.READER, Role.ENTRANCE)

    @property
    def may_talk(self) -> bool:
        """Whether they speak with the interviewer."""
        return self.role in (Role.OWNER, Role.CANDIDATE)

    @property
    def may_see_card(self) -> bool:
        """Whether the scorecard is shown to them."""
        return self.role in (Role.OWNER, Role.CANDIDATE, Role.READER)


class Links:
    """All links of this installation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._open: dict[str, set[asyncio.Event]] = {}
        self._entered: dict[str, str] = {}

    async def make(
        self,
        role: Role,
        interview: str | None,
        person: str,
        name: str = "",
        *,
        lasts: timedelta,
    ) -> str:
        """A new link's token. An owner's and an entrance have no interview, every other has one.

        Raises `InterviewNotFoundError`.
        """
        if (role in _TO_ALL) != (interview is None):
            raise ValueError("a link of an owner is to no single interview, any other is to one")
        now = self._clock.now()
        link = StoredLink(
            secrets.token_urlsafe(_ID_BYTES),
            interview,
            role.value,
            person,
            name[:LONGEST_NAME],
            now,
            now + lasts,
        )
        await add_link(self._database, link)
        return (await self._serializer(_SALT)).dumps(link.id)

    async def read(self, token: str) -> Grant:
        """What the token gives now; raises `LinkError`."""
        return await self._granted(await self._signed_id(token, _SALT))

    async def follow(self, token: str, lasts: timedelta) -> str:
        """The token that a browser goes on with: this one, or an owner's for an entrance.

        The first who follows an entrance uses it up. It stands where others at this computer can
        read it, in the list of processes; so the second ends what the first was given. Raises
        `LinkError`.
        """
        link_id = await self._signed_id(token, _SALT)
        entered = self._entered.pop(link_id, None)
        if entered is not None:
            await self.revoke(entered)
            raise LinkError(_TAKEN)
        grant = await self._granted(link_id)
        if grant.role is not Role.ENTRANCE:
            return token
        if not await revoke_link(self._database, link_id, self._clock.now()):
            raise LinkError(_TAKEN)
        owned = await self.make(Role.OWNER, None, grant.person, lasts=lasts)
        self._entered[link_id] = await self._signed_id(owned, _SALT)
        return owned

    async def cookie_of(self, token: str) -> str:
        """What a browser keeps in place of the token; raises `LinkError`."""
        link_id = await self._signed_id(token, _SALT)
        return (await self._serializer(_COOKIE_SALT)).dumps(link_id)

    async def read_cookie(self, cookie: str) -> Grant:
        """As `read`, of a cookie. Neither can be used in place of the other."""
        return await self._granted(await self._signed_id(cookie, _COOKIE_SALT))

    async def of(self, interview: str) -> tuple[Grant, ...]:
        """The links into this interview that can be used now, the latest first."""
        now = self._clock.now()
        links = await links_of(self._database, interview)
        return tuple(_grant(link) for link in links if _is_open(link, now))

    async def revoke(self, link_id: str) -> None:
        """End the link, and every connection that was opened by it."""
        await revoke_link(self._database, link_id, self._clock.now())
        for ended in self._open.get(link_id, ()):
            ended.set()

    async def revoke_of(self, interview: str) -> None:
        """End all links into this interview."""
        for grant in await self.of(interview):
            await self.revoke(grant.link)

    async def end_all(self) -> None:
        """End every link that was ever made, whatever it is to, and sign with a new key."""
        await end_all_links(self._database, self._clock.now())
        for watchers in self._open.values():
            for ended in watchers:
                ended.set()

    async def renewed(self, grant: Grant, lasts: timedelta) -> Grant | None:
        """The grant as it is now, None where its link can no longer be used.

        One of an owner that is used lasts so long anew, once half of that has passed: nobody is put
        out in the middle of a round.
        """
        now = self._clock.now()
        link = await find_link(self._database, grant.link)
        if link is None or not _is_open(link, now):
            return None
        found = _grant(link)
        if found.role is Role.OWNER and found.expires_at - now < lasts / 2:
            await extend_link(self._database, found.link, now + lasts)
            return replace(found, expires_at=now + lasts)
        return found

    @contextmanager
    def watching(self, grant: Grant) -> Iterator[asyncio.Event]:
        """An event that is set when the link is revoked."""
        ended = asyncio.Event()
        watchers = self._open.setdefault(grant.link, set())
        watchers.add(ended)
        try:
            yield ended
        finally:
            watchers.discard(ended)
            if not watchers and self._open.get(grant.link) is watchers:
                del self._open[grant.link]

    def seconds_left(self, grant: Grant) -> float:
        """How long the link can still be used."""
        return (grant.expires_at - self._clock.now()).total_seconds()

    async def _serializer(self, salt: str) -> URLSafeSerializer:
        # Read each time: another process may have made a new one.
        keys = await signing_keys(self._database)
        return URLSafeSerializer(keys, salt, signer_kwargs={"digest_method": sha256})

    async def _signed_id(self, token: str, salt: str) -> str:
        serializer = await self._serializer(salt)
        try:
            if len(token) > _LONGEST_TOKEN:
                raise BadData("too long")
            link_id = serializer.loads(token)
        except BadData:
            link_id = None
        if not isinstance(link_id, str):
            raise LinkError("This link was not made here, or a part of it is missing.")
        return link_id

    async def _granted(self, link_id: str) -> Grant:
        link = await find_link(self._database, link_id)
        if link is None:
            raise LinkError("What this link opened has been deleted.")
        if link.revoked_at is not None:
            raise LinkError("This link has been revoked.")
        if not _is_open(link, self._clock.now()):
            raise LinkError("This link has expired.")
        return _grant(link)


def _is_open(link: StoredLink, now: datetime) -> bool:
    return link.revoked_at is None and now < link.expires_at


def _grant(link: StoredLink) -> Grant:
    return Grant(
        link.id, Role(link.role), link.interview_id, link.person, link.name, link.expires_at
    )
