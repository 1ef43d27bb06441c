"""Before a card is shared: what will be left out of it, and where it will be posted.

What was chosen so far stands in the message itself, as the chosen options of its menu, so that it
outlives a restart without being stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.discord.controls import (
    Control,
    control_button,
    control_modal,
    control_select,
    text_field,
)
from bot.discord.text import cut, safe_cut
from bot.discord.views.group import group_name
from bot.discord.views.pages import ACCENT, MOST_LABEL, MOST_OPTIONS
from scoring.redact import Found, found_words
from scoring.render.wording import card_title
from scoring.scorecard import Scorecard
from storage.groups import StoredGroup
from storage.leftovers import Leftover

NAMES = "share_names"
MORE_NAMES = "share_more"
GO = "share_go"
UNSHARE_SURE = "unshare_sure"
MOST_FOUND = 1_500
MOST_TYPED = 2_000
MOST_LEFT = 5
"""Places that are named of those in which something could not be taken down."""


@dataclass(frozen=True)
class Offer:
    """A card about to be shared: `argument` says in a control with which group and how."""

    interview_id: str
    group_id: str
    anonymous: bool

    @property
    def argument(self) -> str:
        """Group and whether anonymous."""
        return f"{self.group_id}.{'a' if self.anonymous else 'n'}"

    @classmethod
    def of(cls, control: Control) -> Offer:
        """What a control asks for; nothing of it is to be trusted."""
        group, how, _ = _split(control.argument)
        return cls(control.target, group, how != "n")

    def control(self, action: str) -> Control:
        """The control that does `action` with the offer."""
        return Control(action, self.interview_id, self.argument)

    def go(self, names: Iterable[str]) -> Control:
        """The control that shares the card without these names, and with no others left out."""
        return Control(GO, self.interview_id, f"{self.argument}.{names_digest(names)}")


def names_digest(names: Iterable[str]) -> str:
    """A few letters that stand for the chosen names, in whatever order."""
    chosen = "\n".join(sorted(name[:MOST_LABEL] for name in names))
    return hashlib.sha256(chosen.encode()).hexdigest()[:8]


def digest_in(control: Control) -> str:
    """Which names the control was made for."""
    return _split(control.argument)[2]


def _split(argument: str) -> tuple[str, str, str]:
    group, _, rest = argument.partition(".")
    how, _, digest = rest.partition(".")
    return group, how, digest


def offer_view(
    offer: Offer,
    card: Scorecard,
    stored: StoredGroup,
    found: Sequence[Found],
    suggested: Sequence[str],
    warning: str = "",
) -> ui.LayoutView:
    """What will be posted where, what is left out of it, and what else might be."""
    chosen = [one.name for one in found]
    names = _offered_names(chosen, suggested)
    shown = [name for name in names if name in chosen]
    view = ui.LayoutView(timeout=None)
    text = "\n".join(_lines(offer, card, stored, found, warning))
    view.add_item(ui.Container[Any](ui.TextDisplay(text), accent_colour=ACCENT))
    if names:
        options = [
            discord.SelectOption(
                label=cut(name, MOST_LABEL), value=name[:MOST_LABEL], default=name in chosen
            )
            for name in names
        ]
        menu = control_select(
            offer.control(NAMES), options, placeholder=_PLACEHOLDER, max_values=len(options)
        )
        menu.item.min_values = 0
        view.add_item(ui.ActionRow[Any](menu))
    view.add_item(
        ui.ActionRow[Any](
            control_button("Share", offer.go(shown), style=discord.ButtonStyle.success),
            control_button("Other names …", offer.control(MORE_NAMES)),
        )
    )
    return view


_PLACEHOLDER = "Names to leave out …"


def names_form(offer: Offer) -> ui.Modal:
    """The form for names that nobody suggested."""
    field = text_field(
        "Names, with commas between them",
        "names",
        description="They are replaced in everything that was said, agreed and drawn",
        max_length=MOST_TYPED,
    )
    return control_modal("Leave out as well", offer.control(MORE_NAMES), [field])


def chosen_names(components: Sequence[Any]) -> list[str]:
    """The names that stand chosen in the menu of a message, as it came back from Discord."""
    menus = (
        inner
        for component in components
        for inner in getattr(component, "children", ())
        if isinstance(inner, discord.SelectMenu)
    )
    return [option.value for menu in menus for option in menu.options if option.default]


def fits_menu(names: Sequence[str]) -> bool:
    """Whether all of them can stand chosen."""
    return len(names) <= MOST_OPTIONS


def left_words(left: Sequence[Leftover]) -> str:
    """What could not be taken down, and what becomes of it; empty where nothing is left."""
    if not left:
        return ""
    shown = [_left_where(one) for one in left[:MOST_LEFT]]
    more = f" and {len(left) - MOST_LEFT} more" if len(left) > MOST_LEFT else ""
    return (
        f"\n⚠ I could not remove everything on Discord: {', '.join(shown)}{more}. No rating and no "
        "answer can be read there any more. I try again whenever I start; whoever runs the server "
        "can delete it now, or allow me to (Manage Threads, View Channel)."
    )


def _left_where(left: Leftover) -> str:
    thread = f"the thread <#{left.thread}>" if left.thread is not None else ""
    message = f"the message in <#{left.channel}>" if left.message is not None else ""
    return " with ".join(one for one in (message, thread) if one)


def _offered_names(chosen: Sequence[str], suggested: Sequence[str]) -> list[str]:
    """Those chosen first; a name once, however it is written."""
    taken: dict[str, str] = {}
    for name in (*chosen, *suggested):
        taken.setdefault(name.casefold(), name)
    return list(taken.values())[:MOST_OPTIONS]


def _lines(
    offer: Offer, card: Scorecard, stored: StoredGroup, found: Sequence[Found], warning: str
) -> list[str]:
    whom = "**without your name**" if offer.anonymous else "with your name"
    lines = [
        f"## Share {safe_cut(card_title(card), 150)}?",
        f"It is posted to <#{stored.channel}> for {group_name(stored)}, {whom}. Everybody in that "
        "channel sees which interview it was; only members of the group can read what was said, "
        "and the ratings open to each when they have handed in their own.",
    ]
    if found:
        lines += ["### Left out", safe_cut(found_words(found), MOST_FOUND)]
    else:
        lines.append("Nothing is left out. Choose names of employers and clients below.")
    lines.append("-# Only names that you give are found, however they are written.")
    if offer.anonymous:
        lines.append("-# People may still recognise your story, or how you write.")
    if warning:
        lines.append(f"-# {warning}")
    return lines


def unshare_view(interview_id: str, groups: int, reviewers: int) -> ui.LayoutView:
    """Whether the card should really go, and what goes with it."""
    where = "1 group" if groups == 1 else f"{groups} groups"
    who = "1 reviewer" if reviewers == 1 else f"{reviewers} reviewers"
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.TextDisplay(
            f"Take this card down in {where}, with its thread and the ratings that {who} handed "
            "in? The interview stays with you."
        )
    )
    sure = Control(UNSHARE_SURE, interview_id)
    view.add_item(
        ui.ActionRow[Any](control_button("Unshare", sure, style=discord.ButtonStyle.danger))
    )
    return view
