"""Colours of a picture: which are let through, how the dark theme turns them, what can be read.

A colour that leaves this module is `#rrggbb` and nothing else, whatever was asked for.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

_HEX: Final = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_NAMED: Final = {
    "black": "#000000",
    "blue": "#0000ff",
    "brown": "#a52a2a",
    "cyan": "#00ffff",
    "gold": "#ffd700",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "indigo": "#4b0082",
    "lime": "#00ff00",
    "magenta": "#ff00ff",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "violet": "#ee82ee",
    "white": "#ffffff",
    "yellow": "#ffff00",
}

READABLE: Final = 4.5
"""The least WCAG contrast of a text with what is behind it."""


def read_colour(value: object) -> str | None:
    """`value` as `#rrggbb`; None where it is transparent or no colour that is known."""
    digits = _digits(value)
    return None if digits is None or digits[6:] == "00" else f"#{digits[:6]}"


def read_opacity(value: object) -> float:
    """How much a colour hides of what is behind it, from 0 to 1; 1 where it does not say."""
    alpha = (_digits(value) or "")[6:]
    return int(alpha, 16) / 255 if alpha else 1.0


def _digits(value: object) -> str | None:
    """The six or eight hexadecimal digits of a colour that is known."""
    if not isinstance(value, str):
        return None
    if named := _NAMED.get(value.lower()):
        return named[1:]
    if not _HEX.fullmatch(value):
        return None
    digits = value[1:].lower()
    return digits if len(digits) >= 6 else "".join(2 * digit for digit in digits)


def contrast(one: str, other: str) -> float:
    """The WCAG 2.2 contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4096)
def legible(colour: str, backdrop: str, least: float = READABLE) -> str:
    """The colour, made lighter or darker until it stands out from what is behind it."""
    hue, lightness, saturation = _hls(colour)
    step = 0.04 if contrast("#ffffff", backdrop) > contrast("#000000", backdrop) else -0.04
    while contrast(colour, backdrop) < least and 0 <= lightness <= 1:
        lightness += step
        colour = _hex(hue, lightness, saturation)
    return colour


class Colours(Protocol):
    """How a picture's colours are written: those that it has of its own, and those of a scene.

    What a method gives may be asked of others as a colour of the picture.
    """

    @property
    def card(self) -> str:
        """The ground that everything stands on."""
        ...

    @property
    def edge(self) -> str:
        """The border of the card."""
        ...

    @property
    def ink(self) -> str:
        """The picture's own title."""
        ...

    @property
    def muted(self) -> str:
        """Small print."""
        ...

    @property
    def changed(self) -> str:
        """The halo of what is new."""
        ...

    @property
    def highlighted(self) -> str:
        """The ring of what is evidence."""
        ...

    def line(self, colour: str) -> str:
        """The colour of an outline or arrow."""
        ...

    def fill(self, colour: str) -> str:
        """The colour of an area: in the dark, the paler it was the darker it is."""
        ...

    def text(self, colour: str, backdrop: str) -> str:
        """The colour of a text that stands on `backdrop`, a colour of the picture."""
        ...

    def mix(self, colour: str, other: str, share: float) -> str:
        """A colour of the picture `share` of the way from the second to the first."""
        ...

    def style(self) -> str:
        """The style sheet that the colours that were asked for need; empty where they need none."""
        ...


@dataclass(frozen=True)
class Theme:
    """The colours of a picture; `card` is the ground that everything stands on."""

    name: str
    card: str
    edge: str
    ink: str
    muted: str
    changed: str
    highlighted: str
    dark: bool

    def line(self, colour: str) -> str:
        """See `Colours`."""
        if not self.dark:
            return colour
        hue, lightness, saturation = _hls(colour)
        return legible(_hex(hue, max(0.62, 1 - lightness), saturation * 0.8), self.card, 3.0)

    def fill(self, colour: str) -> str:
        """See `Colours`."""
        if not self.dark:
            return colour
        hue, lightness, saturation = _hls(colour)
        return _hex(hue, 0.17 + 0.6 * (1 - lightness), saturation * 0.5)

    def text(self, colour: str, backdrop: str) -> str:
        """See `Colours`."""
        if self.dark:
            hue, lightness, saturation = _hls(colour)
            colour = _hex(hue, 1 - lightness, saturation)
        return legible(colour, backdrop)

    def mix(self, colour: str, other: str, share: float) -> str:
        """See `Colours`."""
        return mix(colour, other, share)

    def style(self) -> str:
        """See `Colours`."""
        return ""


LIGHT: Final = Theme(
    name="light",
    card="#ffffff",
    edge="#d0d4d9",
    ink="#1e1e1e",
    muted="#5c6370",
    changed="#f08c00",
    highlighted="#d6336c",
    dark=False,
)
DARK: Final = Theme(
    name="dark",
    card="#1e1f22",
    edge="#4e5058",
    ink="#e9ecef",
    muted="#adb5bd",
    changed="#ffc078",
    highlighted="#faa2c1",
    dark=True,
)


class BothThemes:
    """Light and dark at once: the colours of a picture that follows whoever looks at it.

    Each is a variable that the picture's style sheet sets, to the light theme's or, where dark is
    preferred, to the dark theme's. For one picture each.
    """

    def __init__(self) -> None:
        self._variables: dict[tuple[str, str], str] = {}
        self._pairs: dict[str, tuple[str, str]] = {}
        self.card, self.edge = self._of("card"), self._of("edge")
        self.ink, self.muted = self._of("ink"), self._of("muted")
        self.changed, self.highlighted = self._of("changed"), self._of("highlighted")

    def line(self, colour: str) -> str:
        """See `Colours`."""
        return self._variable(LIGHT.line(colour), DARK.line(colour))

    def fill(self, colour: str) -> str:
        """See `Colours`."""
        return self._variable(LIGHT.fill(colour), DARK.fill(colour))

    def text(self, colour: str, backdrop: str) -> str:
        """See `Colours`."""
        light, dark = self._pairs[backdrop]
        return self._variable(LIGHT.text(colour, light), DARK.text(colour, dark))

    def mix(self, colour: str, other: str, share: float) -> str:
        """See `Colours`."""
        (light, dark), (light_other, dark_other) = self._pairs[colour], self._pairs[other]
        return self._variable(mix(light, light_other, share), mix(dark, dark_other, share))

    def style(self) -> str:
        """See `Colours`."""
        light, dark = (
            "".join(f"--c{place}:{pair[one]};" for place, pair in enumerate(self._variables))
            for one in (0, 1)
        )
        return (
            f"<style>:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
        )

    def _of(self, name: str) -> str:
        return self._variable(getattr(LIGHT, name), getattr(DARK, name))

    def _variable(self, light: str, dark: str) -> str:
        pair = light, dark
        if pair not in self._variables:
            self._variables[pair] = f"var(--c{len(self._variables)})"
            self._pairs[self._variables[pair]] = pair
        return self._variables[pair]


@lru_cache(maxsize=4096)
def mix(colour: str, other: str, share: float) -> str:
    """A colour `share` of the way from the second to the first."""
    mixed = (
        round(255 * (share * a + (1 - share) * b))
        for a, b in zip(_rgb(colour), _rgb(other), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hls(colour: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_rgb(colour))


def _hex(hue: float, lightness: float, saturation: float) -> str:
    channels = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness)), saturation)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
