"""What is told in the thread about the call."""

from __future__ import annotations

WITHDRAWN = (
    "I no longer hear you, and have left the voice channel. We go on in writing here: just answer."
)
REMOVED = (
    "I am no longer in <#{channel}>: somebody removed me, or the channel is gone. The clock stands "
    "still; an answer in writing goes on with it."
)
LEFT = (
    "You left <#{channel}>, so the clock stands still. I wait there for {minutes:.0f} minutes; "
    "come back and we go on, or answer in writing."
)
NOT_FOLLOWED = (
    "You are in another channel, and I cannot follow you: {reason} The clock stands still. Come "
    "back to <#{channel}>, or answer in writing."
)
NOT_MOVED = "Discord did not let me in."
APART = (
    "I am in <#{channel}> now and you are not, so the clock stands still. I wait there for "
    "{minutes:.0f} minutes; join me and we go on, or answer in writing."
)
WAITED = "You were away for {minutes:.0f} minutes, so I left <#{channel}>. {clock}"
GAVE_UP = (
    "The line to <#{channel}> did not come back in {minutes:.0f} minutes, so I gave it up. {clock}"
)
STANDS = "Your interview is kept, and its clock stands still."
RUNS = "Your interview is kept, and its clock runs: we go on in writing here."
LOST = (
    "The line to the voice channel is down, and the clock stands still. I keep trying; writing "
    "works meanwhile."
)
RESTORED = "The line is back. Go on whenever you like."
RESTORED_ALONE = "The line is back. I wait in <#{channel}>."
DEAFENED = "You are deafened and cannot hear me, so I write. Undeafen, and I speak again."
BOT_DEAFENED = "The server has deafened me: I hear nothing any more. Writing works."
HEARS_AGAIN = "I hear you again."
SILENCED = (
    "I may not speak in <#{channel}>: I was muted by the server or lack the permission, so I "
    "write. I still hear you."
)
IN_AUDIENCE = (
    "<#{channel}> is a stage and I am in its audience. I have asked to speak; until a moderator "
    "invites me I write. I hear you once you are a speaker."
)
NEVER_STARTED = "Nobody pressed the button, so I left <#{channel}>. {otherwise}"
CANDIDATE_LEFT = "You left <#{channel}> before we began, and so did I. {otherwise}"
APART_BEFORE = "I was moved to <#{channel}>, away from you, before we began, and left. {otherwise}"
GONE_BEFORE = "I was removed from <#{channel}> before we began. {otherwise}"

WELCOME_BACK = "Welcome back. We were at this: {question}"
GO_ON = "We go on. We were at this: {question}"
FAILED = "Something went wrong on my side, so I left the voice channel."
TOO_LATE = "That call is over, or its interview is: `/interview start` begins one."
