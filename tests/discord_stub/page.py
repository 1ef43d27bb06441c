"""A channel as a web page in the look of Discord's dark client, whole in one file."""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tests.discord_stub.components import (
    BUTTON,
    CONTAINER,
    FILE,
    GALLERY,
    INPUT,
    LINK_STYLE,
    ROW,
    SECTION,
    SEPARATOR,
    TEXT,
    THUMBNAIL,
    walk,
)
from tests.discord_stub.forms import fields
from tests.discord_stub.markdown import Reader, to_html
from tests.discord_stub.screen import visible

if TYPE_CHECKING:
    from tests.discord_stub.channels import Channel
    from tests.discord_stub.messages import Attachment, Message
    from tests.discord_stub.state import User, World

TOGETHER_S = 7 * 60
"""Messages of one author that follow within this time stand under one name."""

_STYLE = Path(__file__).with_name("page.css")
_AVATARS = ("#5865f2", "#757e8a", "#3ba55c", "#faa61a", "#ed4245", "#eb459f")
_BLURPLE = 0x5865F2

_MARKS = re.compile(r"[*_`~|#]")

Component = dict[str, Any]


def draw_page(channel: Channel, user: User, *, form: dict[str, Any] | None = None) -> str:
    """The HTML of what a person sees in a channel, with a form in front if one is open."""
    painter = _Painter(channel, user)
    sign, name = ("@", channel.world.bot.display_name) if channel.guild is None else ("#", "")
    title = f"<span>{sign}</span>{_text(name or channel.name)}"
    body = f"<header>{title}</header><main>{painter.messages()}</main>"
    body += painter.form(form) if form else ""
    style = _STYLE.read_text("utf-8")
    return (
        f'<!doctype html><html lang="{user.locale}"><head><meta charset="utf-8">'
        f"<title>{_text(name or channel.name)}</title><style>{style}</style></head>"
        f"<body>{body}</body></html>"
    )


def _text(text: Any) -> str:
    return html.escape(str(text))


class _Painter:
    def __init__(self, channel: Channel, user: User) -> None:
        self._channel = channel
        self._user = user
        self._world: World = channel.world
        self._reader = Reader(self._name, self._world.now())

    def _name(self, sign: str, number: int) -> str:
        if sign == "@" and number in self._world.users:
            return self._world.users[number].display_name
        if sign == "#" and number in self._world.channels:
            return self._world.channels[number].name
        roles = self._channel.guild.roles if self._channel.guild else {}
        return roles[number].name if number in roles else "unknown"

    def markdown(self, text: str) -> str:
        return to_html(text, self._reader)

    # --- messages -----------------------------------------------------------------------

    def messages(self) -> str:
        made: list[str] = []
        last: Message | None = None
        for message in visible(self._channel, self._user):
            together = (
                last is not None
                and last.author is message.author
                and message.created - last.created < TOGETHER_S
                and not self._above(message)
                and not message.ephemeral
            )
            made.append(self._message(message, first=not together))
            last = message
        return "".join(made) + self._typing()

    def _message(self, message: Message, *, first: bool) -> str:
        kind = f"{'first' if first else ''} {'ephemeral' if message.ephemeral else ''}".strip()
        above = self._above(message)
        head = f"{above}{self._head(message)}" if first else ""
        parts = [self.markdown(message.content)] if message.content else []
        if message.content and message.edited_at:
            parts.append('<span class="edited">(edited)</span>')
        if message.loading:
            parts.append(
                f'<div class="dim">{_text(message.author.display_name)} is thinking...</div>'
            )
        parts += [self._embed(embed) for embed in message.embeds]
        parts += [self._component(component) for component in message.components]
        parts += [self._attachment(file) for file in self._loose_files(message)]
        parts.append(self._reactions(message))
        if message.ephemeral:
            parts.append('<div class="note">Only you can see this • <a>Dismiss message</a></div>')
        return f'<article class="{kind}">{head}{"".join(parts)}</article>'

    def _head(self, message: Message) -> str:
        author, when = message.author, datetime.fromtimestamp(message.created, UTC)
        colour = _AVATARS[0 if author.is_bot else crc32(author.name.encode()) % len(_AVATARS)]
        name = author.display_name
        app = '<span class="app">APP</span>' if author.is_bot else ""
        return (
            f'<div class="avatar" style="background:{colour}">{_text(name[:1])}</div>'
            f'<div><span class="who">{_text(name)}</span>{app}'
            f'<span class="when">Today at {when:%H:%M}</span></div>'
        )

    def _above(self, message: Message) -> str:
        call = message.interaction
        if call is not None and message.answers_command:
            name, command = _text(call.user.display_name), _text(call.command_name)
            line = f'<b>{name}</b> used <span class="mention">/{command}</span>'
        elif message.reply_to is not None:
            target = message.reply_to
            words = _MARKS.sub("", target.content.split("\n")[0])[:80] or "Click to see message"
            line = f"<b>@{_text(target.author.display_name)}</b> {_text(words)}"
        else:
            return ""
        return f'<div class="above">{line}</div>'

    def _typing(self) -> str:
        now, users = self._world.now(), self._world.users
        names = [
            f"<b>{_text(users[user_id].display_name)}</b>"
            for user_id, until in self._channel.typing_until.items()
            if until > now and user_id != self._user.id
        ]
        return f'<div class="typing">{", ".join(names)} is typing…</div>' if names else ""

    def _reactions(self, message: Message) -> str:
        made = "".join(
            f"<span>{_text(n)} {len(who)}</span>" for n, who in message.reactions.items()
        )
        return f'<div class="reactions">{made}</div>' if made else ""

    # --- files --------------------------------------------------------------------------

    def _loose_files(self, message: Message) -> list[Attachment]:
        shown = str([part for _, part in walk(message.components)])
        shown += str(message.embeds)
        return [file for file in message.attachments if file.url not in shown]

    def _attachment(self, file: Attachment) -> str:
        if file.width is not None:
            return f'<div><img class="file" src="{self._inlined(file.url)}"></div>'
        return self._file_card(file.name, file.size)

    def _inlined(self, url: str) -> str:
        """An uploaded picture as a data address; others stay where they are."""
        parts = url.split("/")
        data = self._world.files.get(int(parts[-2])) if parts[-2].isdecimal() else None
        if data is None:
            return _text(url)
        kind = mimetypes.guess_type(parts[-1])[0] or "image/png"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"

    @staticmethod
    def _file_card(name: str, size: int) -> str:
        shown = f"{size} bytes" if size < 1024 else f"{size / 1024:.2f} KB"
        card = f"<div><a>{_text(name)}</a><small>{shown}</small></div>"
        return f'<div class="card"><i></i>{card}</div>'

    # --- embeds and components ----------------------------------------------------------

    def _embed(self, embed: dict[str, Any]) -> str:
        parts = []
        if embed.get("author"):
            parts.append(f"<div><b>{_text(embed['author']['name'])}</b></div>")
        if embed.get("title"):
            parts.append(f'<div class="title">{self.markdown(embed["title"])}</div>')
        if embed.get("description"):
            parts.append(f"<div>{self.markdown(embed['description'])}</div>")
        if embed.get("fields"):
            made = "".join(self._field(field) for field in embed["fields"])
            parts.append(f'<div class="fields">{made}</div>')
        if embed.get("image"):
            parts.append(f'<div><img src="{self._inlined(embed["image"]["url"])}"></div>')
        if embed.get("footer"):
            parts.append(f'<div class="foot">{_text(embed["footer"]["text"])}</div>')
        accent = f"--accent:#{embed.get('color') or 0x1E1F22:06x}"
        return f'<div class="embed" style="{accent}">{"".join(parts)}</div>'

    def _field(self, field: dict[str, Any]) -> str:
        span = 4 if field.get("inline") else 12
        inside = f"<b>{_text(field['name'])}</b>{self.markdown(field['value'])}"
        return f'<div class="field" style="grid-column:span {span}">{inside}</div>'

    def _component(self, component: Component) -> str:
        painters = {
            TEXT: lambda c: f"<div>{self.markdown(c['content'])}</div>",
            ROW: lambda c: f'<div class="row">{self._all(c["components"])}</div>',
            BUTTON: self._button,
            CONTAINER: self._container,
            SECTION: self._section,
            SEPARATOR: self._separator,
            GALLERY: self._gallery,
            THUMBNAIL: self._thumbnail,
            FILE: lambda c: self._file_card(c.get("name", "file"), c.get("size", 0)),
        }
        return painters.get(component["type"], self._menu)(component)

    def _all(self, components: list[Component]) -> str:
        return "".join(self._component(component) for component in components)

    @staticmethod
    def _button(button: Component) -> str:
        style = button.get("style", 2)
        off = " off" if button.get("disabled") else ""
        emoji = (button.get("emoji") or {}).get("name") or ""
        label = f"<span>{_text(button['label'])}</span>" if button.get("label") else ""
        mark = f"<span>{_text(emoji)}</span>" if emoji else ""
        arrow = "<span>↗</span>" if style == LINK_STYLE else ""
        return f'<span class="button s{style}{off}">{mark}{label}{arrow}</span>'

    @staticmethod
    def _menu(menu: Component) -> str:
        chosen = [option["label"] for option in menu.get("options", []) if option.get("default")]
        title = ", ".join(chosen) or menu.get("placeholder") or "Make a selection"
        kind = f"menu{' chosen' if chosen else ''}{' off' if menu.get('disabled') else ''}"
        return f'<div class="{kind}"><span>{_text(title)}</span><span>⌄</span></div>'

    def _container(self, container: Component) -> str:
        accent = container.get("accent_color")
        kind = "container bar" if accent is not None else "container"
        style = f"--accent:#{accent if accent is not None else _BLURPLE:06x}"
        return f'<div class="{kind}" style="{style}">{self._all(container["components"])}</div>'

    def _section(self, section: Component) -> str:
        words, beside = self._all(section["components"]), self._component(section["accessory"])
        return f'<div class="section"><div>{words}</div><div>{beside}</div></div>'

    @staticmethod
    def _separator(separator: Component) -> str:
        blank = "" if separator.get("divider", True) else " blank"
        wide = " wide" if separator.get("spacing") == 2 else ""
        return f'<div class="separator{blank}{wide}"></div>'

    def _gallery(self, gallery: Component) -> str:
        images = (f'<img src="{self._inlined(i["media"]["url"])}">' for i in gallery["items"])
        return f'<div class="gallery">{"".join(images)}</div>'

    def _thumbnail(self, thumbnail: Component) -> str:
        return f'<img class="thumbnail" src="{self._inlined(thumbnail["media"]["url"])}">'

    # --- forms --------------------------------------------------------------------------

    def form(self, modal: dict[str, Any]) -> str:
        texts = "".join(self._component(c) for c in modal["components"] if c["type"] == TEXT)
        entries = "".join(self._entry(label, field) for label, field in fields(modal))
        buttons = '<span class="button">Cancel</span><span class="button s1">Submit</span>'
        return (
            f'<div class="shade"><div class="form"><h2>{_text(modal["title"])}</h2>'
            f'<div class="fields">{texts}{entries}</div><footer>{buttons}</footer></div></div>'
        )

    def _entry(self, label: str, field: Component) -> str:
        star = " <em>*</em>" if field.get("required", True) else ""
        head = f"<label>{_text(label)}{star}</label>"
        if field["type"] != INPUT:
            return head + self._menu(field)
        tall = " tall" if field.get("style") == 2 else ""
        held = _text(field.get("value") or "")
        shown = held or f'<span class="dim">{_text(field.get("placeholder") or "")}</span>'
        return f'{head}<div class="input{tall}">{shown}</div>'
