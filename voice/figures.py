"""Numbers as they are said: money, units, ranges, percentiles, versions, comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Units = Mapping[str, tuple[str, str]]
"""What stands after a number -> how one and how several of it are called."""

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_ALONE = rf"(?<![\w.,]){_NUMBER}"
_END = r"(?![\w])"

_SCALES = {
    "k": "thousand",
    "K": "thousand",
    "M": "million",
    "mn": "million",
    "B": "billion",
    "bn": "billion",
    "T": "trillion",
}
_MONEY = {
    "$": ("dollar", "dollars", "cents"),
    "€": ("euro", "euros", "cents"),
    "£": ("pound", "pounds", "pence"),
}
_PER = {
    "s": "second",
    "sec": "second",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
    "mo": "month",
    "yr": "year",
}

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _sum_of_money(found: re.Match[str]) -> str:
    sign, number, scale, word = found.groups()
    one, several, hundredths = _MONEY[sign]
    if scale or word:
        return f"{number} {_SCALES.get(scale or '', word)} {several}"
    whole, _, part = number.partition(".")
    if len(part) != 2:
        return f"{number} {one if number == '1' else several}"
    if whole in ("", "0"):
        return f"{int(part)} {hundredths}"
    named = f"{whole} {one if whole == '1' else several}"
    return named if part == "00" else f"{named} {int(part)}"


def _scaled(found: re.Match[str]) -> str:
    return f"{found[1]} {_SCALES[found[2]]}"


def _dotted(found: re.Match[str]) -> str:
    """Versions of three figures are said with "point", addresses of four with "dot"."""
    parts = found[0].split(".")
    return (" point " if len(parts) == 3 else " dot ").join(parts)


def _per(found: re.Match[str]) -> str:
    return f" per {_PER.get(found[1], found[1])}"


_BEFORE_UNITS: tuple[_Rule, ...] = (
    (
        re.compile(
            rf"([$€£])\s?{_NUMBER}(?:(k|K|mn|M|bn|B|T){_END}|\s(thousand|million|billion)\b)?"
        ),
        _sum_of_money,
    ),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+){2,3}(?![\w]|\.\d)"), _dotted),
    (re.compile(r"\b[vV](?=\d)"), "version "),
    (re.compile(r"\b[pP](?=\d{2,3}(?:\.\d+)?\b)"), "P "),
    (re.compile(r"#(?=\d)"), "number "),
    (re.compile(rf"(?<!-){_ALONE}\s?[–-]\s?(?={_NUMBER})(?!\d+-)"), r"\1 to "),
    (re.compile(rf"{_ALONE}(k|K|mn|M|bn|B|T){_END}"), _scaled),
    (re.compile(rf"{_ALONE}\s?\^\s?(?=-?\d)"), r"\1 to the "),
    (re.compile(r"(?<=\d)[eE](?=[-+]?\d)"), " times 10 to the "),
    (re.compile(r"(?<![\w)])[-−](?=\.?\d)"), "minus "),
    (re.compile(rf"{_ALONE}\s?[x×*]\s?(?=\d)"), r"\1 times "),
    (re.compile(r"(?<![\w/:])(\d+)/(?=\d+(?![\w/]))"), r"\1 over "),
    (re.compile(r"(?<![\w:])(\d):(?=\d(?![\d:]))"), r"\1 to "),
)
_AFTER_UNITS: tuple[_Rule, ...] = (
    (re.compile(r"(?<=\d)\s?%"), " percent"),
    (
        re.compile(
            r"(?<=[a-z])\s?/\s?(s|sec|min|h|hr|d|mo|yr|second|minute|hour|day|week|month|year"
            r"|user|request|token|call|query|core|node|replica)\b"
        ),
        _per,
    ),
    (re.compile(r"(?<!\w)~\s?(?=\d)|≈"), " about "),
    (re.compile(r"(?:<|(?<![-=]))[-=]++>|→|⇒"), " to "),
    (re.compile(r">=|≥"), " at least "),
    (re.compile(r"<=|≤"), " at most "),
    (re.compile(r"!=|≠"), " is not "),
    (re.compile(r"=+"), " equals "),
    (re.compile(r"<(?=\s?\w)"), " less than "),
    (re.compile(r">(?=\s?\w)"), " more than "),
    (re.compile(r"(?<=[\w)])\s?\+(?!\w)"), " plus"),
    (re.compile(r"\+"), " plus "),
    (re.compile(r"[×·]"), " times "),
    (re.compile(r"%"), " percent "),
    (re.compile(r"°\s?C\b"), " degrees Celsius"),
    (re.compile(r"°"), " degrees"),
    (re.compile(r"&"), " and "),
    (re.compile(r"@"), " at "),
)


def spoken_figures(text: str, units: Units) -> str:
    """The text with its numbers, units and signs in words, as "10 thousand", "12 cents", "P 99"."""
    for rule, said in _BEFORE_UNITS:
        text = rule.sub(said, text)
    text = _with_units(text, units)
    for rule, said in _AFTER_UNITS:
        text = rule.sub(said, text)
    return text


def _with_units(text: str, units: Units) -> str:
    if not units:
        return text
    longest_first = sorted(units, key=len, reverse=True)
    names = "|".join(map(re.escape, longest_first))
    unit = re.compile(
        rf"(?<![\w.,]){_NUMBER}( thousand| million| billion)?[ ]?-?({names})(?![\w.]\w|\w)"
    )

    def said(found: re.Match[str]) -> str:
        number, scale, name = found.groups()
        if name == "s" and _is_decade(found):
            return found[0]
        one, several = units[name]
        return f"{number}{scale or ''} {one if number == '1' and not scale else several}"

    return unit.sub(said, text)


def _is_decade(found: re.Match[str]) -> bool:
    return re.fullmatch(r"(?:19|20)\d0s", found[0]) is not None
