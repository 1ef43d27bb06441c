"""Discord's end-to-end encryption (DAVE) of incoming frames.

The library holds the session and its keys (https://daveprotocol.com); this is the one step that it
leaves to whoever listens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord.voice.rtp import SILENCE, Refused

if TYPE_CHECKING:
    from davey import DaveSession

MARK = b"\xfa\xfa"
"""What every encrypted frame ends with."""


def unwrap(
    session: DaveSession | None, version: int, user_id: int, frame: bytes
) -> bytes | Refused:
    """The Opus frame that `user_id` sent, or why it cannot be had. Version 0 is no encryption.

    A frame that does not decrypt must not reach the decoder: a third of random bytes are Opus.
    """
    if frame == SILENCE:
        return frame
    # Frames on their way while the call turns encryption off are still encrypted.
    if version == 0 and not (session is not None and session.ready and frame.endswith(MARK)):
        return frame
    if session is None or not session.ready:
        return Refused.DAVE_NOT_READY
    return _decrypt(session, user_id, frame)


def _decrypt(session: DaveSession, user_id: int, frame: bytes) -> bytes | Refused:
    import davey

    try:
        return session.decrypt(user_id, davey.MediaType.audio, frame)
    except ValueError:
        return Refused.DAVE
