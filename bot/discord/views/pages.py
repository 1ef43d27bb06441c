"""Long text on pages: filling them, and one of them as a message with its menu and buttons.

A message of components holds 40 of them, nested ones counted, and 4,000 characters of text
(https://discord.com/developers/docs/components/reference). A page takes thirteen at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.discord.controls import Control, ControlButton, control_button, control_select
from bot.discord.text import cut, one_line, safe_cut, split_message

ROOM = 3300
"""Characters of a page's own text; the rest of the 4,000 is for its head and foot."""

ACCENT = discord.Colour(0x4F7CAC)
MOST_OPTIONS = 25
MOST_LABEL = 100
_MOST_HEAD = 200


class Picture(NamedTuple):
    """The name of an attached file, empty where there is none, and in words what it shows."""

    file: str
    words: str


@dataclass(frozen=True)
class Section:
    """A part of something long: `title` and `summary` are plain text, `blocks` Markdown.

    A block stays whole where a page has room for it. The first page shows the `picture`.
    """

    title: str
    blocks: tuple[str, ...]
    summary: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Page:
    """One page of a section; `part` counts from 1 to `parts` within it."""

    section: int
    title: str
    summary: str
    text: str
    part: int
    parts: int
    picture: Picture | None = None


class Place(NamedTuple):
    """A page of a revision, both counted from 1, as the argument of a control has it."""

    revision: int
    page: int

    def __str__(self) -> str:
        return f"{self.revision}.{self.page}"

    @classmethod
    def parse(cls, argument: str) -> Place | None:
        """The place in the argument of a control or in the value of a menu; None if in neither."""
        revision, dot, page = argument.partition(".")
        if not dot or not all(part.isascii() and part.isdigit() for part in (revision, page)):
            return None
        return cls(int(revision[:9]), int(page[:9]))


def page_of(argument: str) -> int:
    """The page in a control's argument, `<page>` or `<revision>.<page>`; the first in any other."""
    place = Place.parse(argument if "." in argument else f"1.{argument}")
    return 1 if place is None else place.page


class Door(NamedTuple):
    """What the controls of a page ask for: `hs:<action>:<target>:<revision>.<page>`."""

    action: str
    target: str
    revision: int

    def to(self, page: int) -> Control:
        """The control that opens that page."""
        return Control(self.action, self.target, str(Place(self.revision, page)))


@dataclass(frozen=True)
class Frame:
    """What every page of something carries: `head` and `foot` are Markdown of a line or two."""

    head: str
    foot: str


def lay_out(sections: Iterable[Section], room: int = ROOM) -> tuple[Page, ...]:
    """All pages, in the order of the sections; an empty section has none."""
    return tuple(
        Page(
            index,
            one_line(section.title),
            one_line(section.summary),
            text,
            part,
            len(texts),
            section.picture if part == 1 else None,
        )
        for index, section in enumerate(sections)
        for texts in [fill_pages(section.blocks, room)]
        for part, text in enumerate(texts, 1)
    )


def fill_pages(blocks: Iterable[str], room: int = ROOM) -> tuple[str, ...]:
    """The blocks, with an empty line between them, on pages of at most `room` characters."""
    pieces = (piece for block in blocks for piece in _fitting(block, room))
    return tuple(_gather(pieces, "\n\n", room))


def page_view(
    pages: Sequence[Page],
    page: int,
    frame: Frame,
    door: Door,
    buttons: Sequence[ControlButton] = (),
) -> ui.LayoutView:
    """The page of that number, or the nearest there is, with ways to the others.

    `buttons` are at most five more, in a row of their own.
    """
    number = min(max(1, page), len(pages))
    view = ui.LayoutView(timeout=None)
    view.add_item(_sheet(pages[number - 1], frame, number, len(pages)))
    if len(pages) > 1:
        options = _options(pages, number, door.revision)
        menu = control_select(door.to(number), options, placeholder="Show …")
        view.add_item(ui.ActionRow[Any](menu))
        view.add_item(ui.ActionRow[Any](*_turners(number, len(pages), door)))
    if buttons:
        view.add_item(ui.ActionRow[Any](*buttons))
    return view


def _sheet(page: Page, frame: Frame, number: int, count: int) -> ui.Container[Any]:
    title = safe_cut(page.title, _MOST_HEAD)
    part = f" ({page.part} of {page.parts})" if page.parts > 1 else ""
    where = f"\n-# Page {number} of {count}" if count > 1 else ""
    sheet = ui.Container[Any](
        ui.TextDisplay(f"{frame.head}\n## {title}{part}".strip()),
        ui.Separator(),
        ui.TextDisplay(page.text),
        accent_colour=ACCENT,
    )
    if page.picture is not None and page.picture.file:
        sheet.add_item(gallery(page.picture))
    sheet.add_item(ui.Separator())
    sheet.add_item(ui.TextDisplay(f"{frame.foot}{where}"))
    return sheet


def gallery(picture: Picture) -> ui.MediaGallery[Any]:
    """The attached picture, alone in a frame of its own."""
    shown = f"attachment://{picture.file}"
    return ui.MediaGallery(discord.MediaGalleryItem(shown, description=picture.words))


def _turners(number: int, count: int, door: Door) -> Iterator[ControlButton]:
    yield control_button("Previous", door.to(number - 1), disabled=number == 1)
    yield control_button("Next", door.to(number + 1), disabled=number == count)


def _options(pages: Sequence[Page], number: int, revision: int) -> list[discord.SelectOption]:
    """The sections by their first pages; of many the first and those around the current one."""
    starts = [index for index, page in enumerate(pages, 1) if page.part == 1]
    current = max(start for start in starts if start <= number)
    return [
        discord.SelectOption(
            label=cut(pages[start - 1].title, MOST_LABEL),
            value=str(Place(revision, start)),
            description=cut(pages[start - 1].summary, MOST_LABEL) or None,
            default=start == current,
        )
        for start in _window(starts, starts.index(current))
    ]


def _window(starts: Sequence[int], current: int) -> Sequence[int]:
    if len(starts) <= MOST_OPTIONS:
        return starts
    most = MOST_OPTIONS - 1
    first = min(max(1, current - most // 2), len(starts) - most)
    return [starts[0], *starts[first : first + most]]


def _fitting(block: str, room: int) -> Iterator[str]:
    """The block, divided between its lines, and within a line, only where it is too long."""
    if len(block) <= room:
        yield block
        return
    lines = (part for line in block.split("\n") for part in split_message(line, room) or ("",))
    yield from _gather(lines, "\n", room)


def _gather(pieces: Iterable[str], between: str, room: int) -> Iterator[str]:
    """As many pieces together as have room."""
    gathered = ""
    for piece in pieces:
        joined = f"{gathered}{between}{piece}" if gathered else piece
        if len(joined) > room:
            yield gathered
            joined = piece
        gathered = joined
    if gathered:
        yield gathered
