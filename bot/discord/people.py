"""People on Discord, as the rest of the program knows them."""

from __future__ import annotations

from discord.abc import Snowflake

EDGE = "discord"

_PREFIX = "discord:"


def owner_of(user: Snowflake) -> str:
    """The name under which the user's interviews are kept."""
    return f"{_PREFIX}{user.id}"


def user_id_of(owner: str) -> int:
    """Discord's id of a person; ValueError for one of another edge."""
    if not owner.startswith(_PREFIX):
        raise ValueError(f"{owner!r} is nobody on Discord")
    return int(owner.removeprefix(_PREFIX))
