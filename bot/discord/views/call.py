"""A call as it is shown: who is asked what, how it stands, and the way back to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button

START, WRITE, STOP = "call_start", "call_write", "call_stop"
"""Actions of the candidate on a call, by its thread."""

HEAR, IGNORE = "call_hear", "call_ignore"
"""Actions of everybody else in the channel, by the same."""

JOIN, DONE = "call_join", "done"
"""Actions of the candidate on an interview: bring the voice back, and an answer is finished."""

MOST_NAMED = 20
"""People who are named in a message; of more only the number is told."""


class Talk(StrEnum):
    """What goes on in a call; the values are those of the conversation's own activities."""

    LISTENING = "listening"
    HEARING = "hearing"
    THINKING = "thinking"
    ANSWERING = "answering"
    SPEAKING = "speaking"


@dataclass(frozen=True)
class CallStanding:
    """How a call stands, as far as its card shows it; `channel` is the voice channel's id.

    `muted` and `deafened` are the candidate, `silenced` and `deaf` the bot: it may not speak there,
    or hears nobody.
    `away` is a candidate who has left, `lost` a line that is down.
    """

    channel: int
    talk: Talk = Talk.LISTENING
    muted: bool = False
    deafened: bool = False
    silenced: bool = False
    deaf: bool = False
    away: bool = False
    lost: bool = False

    @property
    def drawn(self) -> CallStanding:
        """The same as far as it can be told apart on the card.

        Whether somebody speaks or only could is not worth an edit each time.
        """
        talk = Talk.LISTENING if self.talk is Talk.HEARING else self.talk
        return CallStanding(**{**vars(self), "talk": talk})


_WORDS = {
    Talk.LISTENING: "● **Listening.** Speak when you are ready; writing works too.",
    Talk.THINKING: "◔ **Thinking.** Take your time; nobody interrupts. Just go on when ready.",
    Talk.ANSWERING: "… **One moment.**",
    Talk.SPEAKING: "◖ **Speaking.** Speak, and I stop.",
}


def standing_words(call: CallStanding, *, paused: bool, thinking: bool) -> str:
    """What goes on, in a line, with what is in the way of it in another."""
    notes = _notes(call)
    small = f"\n-# {' '.join(notes)}" if notes else ""
    return _state(call, paused=paused, thinking=thinking) + small


def _state(call: CallStanding, *, paused: bool, thinking: bool) -> str:
    if call.lost:
        return "❚❚ **The line is down.** The clock stands still while I reconnect."
    if call.away:
        return f"❚❚ **You left** <#{call.channel}>. Come back, and we go on; writing works too."
    if paused:
        return "❚❚ **Paused**, the clock stands still, and what you say is not heard."
    return _WORDS[Talk.THINKING if thinking else call.drawn.talk]


def _notes(call: CallStanding) -> list[str]:
    said = (
        (call.muted and not call.away, "You are muted: I hear nothing, and the clock runs."),
        (call.deafened and not call.away, "You are deafened: I write."),
        (call.silenced, "I may not speak in that channel: I write."),
        (call.deaf, "The server has deafened me: write."),
    )
    return [sentence for applies, sentence in said if applies]


def consent_view(
    thread: int, channel: int, others: Collection[int], *, again: bool, sent: str | None
) -> ui.LayoutView:
    """What the candidate agrees to by starting; `sent` says who else gets the words, if anybody.

    `again` is a call that goes on with an interview.
    """
    go = "Go on: you may hear me" if again else "Start: you may hear me"
    who = f" Here now: {_named(others)}." if others else ""
    lines = [
        f"## {'We go on by voice' if again else 'Before we begin'}",
        f"I am in <#{channel}> with you. With **{go.partition(':')[0]}** you agree to this:",
        "- **I hear you**, in this call only: until it ends, or you press *Stop hearing me*; if "
        "you leave and come back, I hear you again until you press *Stop hearing me*. What you say "
        "is turned into text on the computer that runs me. The text is kept as in a written "
        "interview, and stands in this thread.",
        "- **Sound is never kept**, and sent to nobody.",
        "- **Nobody else is heard.** Others in the channel hear us both; each is asked there "
        f"whether I may notice *that* they speak, so as not to talk over them.{who}",
    ]
    lines += [f"- {sent}"] if sent else []
    row: ui.ActionRow[Any] = ui.ActionRow(
        _button(go, START, thread, discord.ButtonStyle.success),
        _button("No, in writing", WRITE, thread),
    )
    return _view("\n".join(lines), row)


def agreed_view(thread: int, channel: int) -> ui.LayoutView:
    """In place of the question, once the candidate has agreed."""
    text = (
        f"**I hear you in <#{channel}>**, in this call only. Just speak; interrupt me whenever you "
        "like. Sound is never kept."
    )
    return _view(text, ui.ActionRow[Any](_button("Stop hearing me", STOP, thread)))


def bystanders_view(
    thread: int, candidate: int, agreed: Collection[int], undecided: Collection[int]
) -> ui.LayoutView:
    """What everybody else in the channel is asked, with who has agreed so far."""
    lines = [
        f"**I hold a mock interview with <@{candidate}> in this channel, and I do not hear you.** "
        "What you say is thrown away undecoded.",
        "If you agree, I notice *that* you speak, so as not to talk over you. Your words are not "
        "turned into text, and nothing of it is kept. It ends with the call, when you leave, or "
        "with a press on No.",
    ]
    lines += [f"-# Asked: {_named(undecided)}"] if undecided else []
    lines += [f"-# Agreed: {_named(agreed)}"] if agreed else []
    row: ui.ActionRow[Any] = ui.ActionRow(
        _button("You may hear me", HEAR, thread), _button("No", IGNORE, thread)
    )
    return _view("\n".join(lines), row)


def rejoin_view(sentence: str, interview_id: str) -> ui.LayoutView:
    """What happened, and a button that brings the voice back; pressing it is consent."""
    text = (
        f"{sentence}\n-# **Join again** brings the voice back to the channel that you are in. It "
        "also means that I may hear you there, as before: in that call only, no sound kept."
    )
    button = control_button(
        "Join again", Control(JOIN, interview_id), style=discord.ButtonStyle.success
    )
    return _view(text, ui.ActionRow[Any](button))


def heard_now_view(thread: int, channel: int, *, as_candidate: bool, now: bool) -> ui.LayoutView:
    """For `/privacy show`: that one is heard, or has agreed to it, and how to end it."""
    what = "your words" if as_candidate else "that you speak, not what you say"
    heard = "**I hear you right now**" if now else "**You agreed that I may hear you**"
    text = f"{heard} in <#{channel}>: {what}. No sound is kept."
    action = STOP if as_candidate else IGNORE
    return _view(text, ui.ActionRow[Any](_button("Stop hearing me", action, thread)))


def _named(people: Collection[int]) -> str:
    if len(people) > MOST_NAMED:
        return f"{len(people)} people"
    return ", ".join(f"<@{one}>" for one in sorted(people))


def _button(
    label: str,
    action: str,
    thread: int,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ui.Item[Any]:
    return control_button(label, Control(action, str(thread)), style=style)


def _view(text: str, *rows: ui.ActionRow[Any]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(text))
    for row in rows:
        layout.add_item(row)
    return layout


def call_buttons(call: CallStanding, interview_id: str, thread: str) -> Sequence[ui.Item[Any]]:
    """Buttons that a status card has in a call only: first row, second row."""
    done = control_button("I'm done", Control(DONE, interview_id), disabled=call.away or call.lost)
    return done, control_button("Stop hearing me", Control(STOP, thread))
