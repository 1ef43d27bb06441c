"""Study groups as messages: members, invitations, figures, and what is asked before an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.controls import Control, control_button, control_select
from bot.discord.people import user_id_of
from bot.discord.text import moment, safe_line
from bot.discord.views.pages import (
    ACCENT,
    MOST_OPTIONS,
    Door,
    Frame,
    Section,
    fill_pages,
    lay_out,
    page_view,
)
from scoring.agreement import Agreement
from scoring.group_figures import StageAgreement, agreement_words, bias_words
from scoring.groups import Invitation, Member, Role
from storage.groups import StoredGroup

MEMBERS = "group_members"
JOIN = "group_join"
POST_INVITATION = "group_post"
REVOKE = "group_revoke"
DELETE = "group_delete"

_ROLE_WORDS = {
    Role.OWNER: "Changes roles, removes members, takes down cards, moves or closes the group",
    Role.REVIEWER: "Shares and rates, invites others, answers disputes",
    Role.MEMBER: "Shares and rates",
}


def mention(person: str) -> str:
    """A person by their id, which Discord shows by name; nobody is notified."""
    return f"<@{user_id_of(person)}>"


def group_name(stored: StoredGroup) -> str:
    """The group's name, bold and harmless."""
    return f"**{safe_line(stored.group.name)}**"


def text_view(text: str, *buttons: ui.Item[Any]) -> ui.LayoutView:
    """A text in a frame with buttons under it."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container[Any](ui.TextDisplay(text), accent_colour=ACCENT))
    if buttons:
        view.add_item(ui.ActionRow[Any](*buttons))
    return view


def members_view(stored: StoredGroup, page: int = 1) -> ui.LayoutView:
    """Who is in the group, by role."""
    by_role = {role: [one for one in stored.group.members if one.role is role] for role in Role}
    blocks = tuple(_role_block(role, found) for role, found in by_role.items() if found)
    head = f"Study group {group_name(stored)}\n-# Cards are posted to <#{stored.channel}>"
    pages = lay_out([Section("Members", blocks)])
    return page_view(pages, page, Frame(head, _count(stored)), Door(MEMBERS, stored.id, 1))


def invited_view(stored: StoredGroup, invitation: Invitation, server: str) -> ui.LayoutView:
    """The invitation as the invited person gets it: one button leads in."""
    text = (
        f"## An invitation to {group_name(stored)}\n"
        f"{mention(invitation.by)} invites you to this study group on {safe_line(server)}. Its "
        "members share the scorecards of their mock interviews and rate each other's, everybody "
        "before they see what the others gave.\n"
        f"-# Open until {moment(invitation.expires_at, 'f')}"
    )
    return text_view(text, _join_button(stored, invitation))


def posted_invitation_view(stored: StoredGroup, invitation: Invitation) -> ui.LayoutView:
    """An open invitation in a channel."""
    text = (
        f"## Study group {group_name(stored)}\n"
        f"{mention(invitation.by)} invites up to {invitation.terms.uses} of you. Members share the "
        "scorecards of their mock interviews and rate each other's blind.\n"
        f"-# Open until {moment(invitation.expires_at, 'f')}"
    )
    return text_view(text, _join_button(stored, invitation))


def code_view(stored: StoredGroup, invitation: Invitation, why: str = "") -> ui.LayoutView:
    """The code for whoever invites, to pass on; an open one can be posted as a button."""
    terms = invitation.terms
    whom = (
        f"{mention(terms.person)} alone"
        if terms.person is not None
        else f"whoever has it, {terms.uses} at most"
    )
    lines = [why] if why else []
    lines += [
        f"The code for {group_name(stored)}, for {whom}:",
        f"```\n{invitation.code}\n```",
        f"They type `/group join code:` and the code on this server, until "
        f"{moment(invitation.expires_at, 'f')}. `/group invitations` takes it back.",
    ]
    if terms.person is not None:
        return text_view("\n".join(lines))
    button = control_button("Post a join button here", Control(POST_INVITATION, invitation.code))
    return text_view("\n".join(lines), button)


def invitations_view(stored: StoredGroup, open_: Sequence[Invitation]) -> ui.LayoutView:
    """The invitations that still lead into the group, and a menu to take one back."""
    if not open_:
        return text_view(f"No invitation leads into {group_name(stored)} now.")
    shown = open_[:MOST_OPTIONS]
    lines = [f"{number}. {_invitation_line(one)}" for number, one in enumerate(shown, 1)]
    more = f"\n-# and {len(open_) - len(shown)} more" if len(open_) > len(shown) else ""
    view = text_view(f"### Invitations into {group_name(stored)}\n" + "\n".join(lines) + more)
    options = [
        discord.SelectOption(label=f"Invitation {number}", value=one.code)
        for number, one in enumerate(shown, 1)
    ]
    menu = control_select(Control(REVOKE, stored.id), options, placeholder="Take back …")
    view.add_item(ui.ActionRow[Any](menu))
    return view


def delete_view(stored: StoredGroup, shares: int) -> ui.LayoutView:
    """Whether the group should really go."""
    cards = "1 shared card is" if shares == 1 else f"{shares} shared cards are"
    text = (
        f"Close {group_name(stored)} for good? {cards} taken down, with all ratings and comments "
        "there. The interviews stay with their candidates."
    )
    button = control_button(
        "Close the group", Control(DELETE, stored.id), style=discord.ButtonStyle.danger
    )
    return text_view(text, button)


def figures_view(
    stored: StoredGroup, agreements: Sequence[StageAgreement], bias: Agreement, closed: int = 0
) -> ui.LayoutView:
    """How far people agree per stage, and how the bot rates beside them.

    `closed` is how many shared cards were left out, as they are not open to whoever asks.
    """
    lines = [
        f"## Figures of {group_name(stored)}",
        *_left_out(closed),
        f"**The bot beside the group:** {bias_words(bias)}",
        "### Agreement per stage",
    ]
    lines += [
        f"**{safe_line(one.title)}**\n-# Peers: {agreement_words(one.peers)} · with the "
        f"candidates' own: {agreement_words(one.with_own)}"
        for one in agreements
    ] or ["Nothing is shared that is open to you."]
    lines.append(
        "-# Alpha is 1 where all agree and 0 where they agree as by chance. Under 20 ratings in "
        "common there is no figure to go by. No figure is about a person."
    )
    first, *rest = fill_pages(lines)
    return text_view(first + ("\n-# There are more stages than fit here." if rest else ""))


def _left_out(closed: int) -> Iterator[str]:
    if closed:
        cards = "1 shared card is" if closed == 1 else f"{closed} shared cards are"
        yield f"-# {cards} not open to you and left out, until you have handed in your ratings."


def _role_block(role: Role, members: Sequence[Member]) -> str:
    lines = (f"- {mention(one.person)} since {moment(one.since, 'D')}" for one in members)
    return "\n".join((f"**{role.value.capitalize()}**", f"-# {_ROLE_WORDS[role]}", *lines))


def _count(stored: StoredGroup) -> str:
    count = len(stored.group.members)
    return "-# 1 member" if count == 1 else f"-# {count} members"


def _join_button(stored: StoredGroup, invitation: Invitation) -> ui.Item[Any]:
    return control_button(
        "Join",
        Control(JOIN, invitation.code, stored.server),
        style=discord.ButtonStyle.success,
    )


def _invitation_line(one: Invitation) -> str:
    if one.terms.person is not None:
        whom = f"for {mention(one.terms.person)}"
    else:
        whom = f"open code, {len(one.used_by)} of {one.terms.uses} used"
    role = "" if one.terms.role is Role.MEMBER else f", as {one.terms.role.value}"
    return f"{whom}{role}, by {mention(one.by)}, until {moment(one.expires_at, 'f')}"
