"""Permission bits and how they add up in a channel.

https://discord.com/developers/docs/topics/permissions
"""

from enum import IntFlag


class Permission(IntFlag):
    """The bits that matter for text and for voice."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    USE_VAD = 1 << 25
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    REQUEST_TO_SPEAK = 1 << 32
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


P = Permission

EVERYONE = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS
    | P.SEND_MESSAGES_IN_THREADS
    | P.CHANGE_NICKNAME
    | P.USE_EXTERNAL_APPS
    | P.STREAM
    | P.CONNECT
    | P.SPEAK
    | P.USE_VAD
    | P.REQUEST_TO_SPEAK
)
"""What a fresh server lets everybody do."""

BOT_ROLE = EVERYONE & ~(P.USE_EXTERNAL_APPS | P.CHANGE_NICKNAME | P.STREAM)
"""What the invitation of the bot asks for, unless a test says otherwise."""

IN_DIRECT_MESSAGES = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.MENTION_EVERYONE
    | P.USE_EXTERNAL_EMOJIS
)
ALL = Permission((1 << 52) - 1)


def permission(name: str) -> Permission:
    """The bit of `attach_files` or `ATTACH_FILES`; KeyError for an unknown name."""
    return Permission[name.upper()]


def overwritten(
    base: int, overwrites: dict[int, tuple[int, int]], everyone: int, roles: list[int], user: int
) -> int:
    """Permissions in a channel: everyone's overwrite first, then roles together, then the user.

    Args:
        base: permissions in the guild.
        overwrites: id of a role or user -> (allowed, denied).
        everyone: id of the @everyone role.
        roles: ids of the member's other roles.
        user: id of the member.
    """
    if base & P.ADMINISTRATOR:
        return ALL
    allow, deny = overwrites.get(everyone, (0, 0))
    base = base & ~deny | allow
    allow = deny = 0
    for role in roles:
        more, less = overwrites.get(role, (0, 0))
        allow, deny = allow | more, deny | less
    base = base & ~deny | allow
    allow, deny = overwrites.get(user, (0, 0))
    return base & ~deny | allow
