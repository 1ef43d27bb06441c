"""The scorecard in every form."""

import base64
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from scorecard_samples import ASK, DRAWING, FALLBACK, REPLY, bot, interview, you

from scoring.render.html import render_html
from scoring.render.markdown import escape, render_markdown
from scoring.render.passages import segments
from scoring.render.terminal import render_terminal
from scoring.scorecard import DISCLAIMER, Scorecard, grade
from scoring.slips import words_of
from scoring.transcript import Turn, Word
from scoring.verdicts import Evidence

HOSTILE = (
    "The service falls back to a provider <script>alert(1)</script> [x](http://evil.example) "
    '**bold** | `code` @everyone "><img src=//evil.example> \x1b[31mred\x1b[0m \u202egnp'
)


def card(text: str = FALLBACK) -> Scorecard:
    return grade(
        interview(
            bot("Where do you start?"),
            you(ASK),
            bot("And how fast?", move="hint", aims_at="scope/latency"),
            you(REPLY),
            you(text, "operations"),
            you("3,000 tokens in at 3 dollars a million is 9 dollars.", "operations"),
            boards=(("operations", DRAWING),),
        )
    )


def terminal(shown: Scorecard) -> str:
    out = io.StringIO()
    render_terminal(shown, Console(file=out, width=90, color_system=None))
    return out.getvalue()


class Page(HTMLParser):
    """Tags, ids, links and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


@pytest.mark.parametrize("form", [render_html, render_markdown, terminal])
def test_every_form_says_how_far_to_trust_it(form) -> None:
    """The disclaimer and what "not detected" means stand on each card, also an empty one."""
    for shown in (card(), grade(interview(reached=()))):
        text = " ".join(form(shown).split())
        assert DISCLAIMER in text
        assert "proves nothing" in text


@pytest.mark.parametrize("form", [render_html, render_markdown, terminal])
def test_the_same_card_gives_the_same_bytes(form) -> None:
    """No clock, no randomness, no order of sets."""
    assert form(card()) == form(card())


@pytest.mark.parametrize("form", [render_html, render_markdown, terminal])
def test_verdicts_help_times_and_sums_are_said_in_words(form) -> None:
    """Nothing depends on colour or on a symbol alone."""
    text = " ".join(form(card()).split())
    for words in ("unprompted", "after a hint", "not detected", "2:10", "4:00", "does not fit"):
        assert words in text
    assert "A slip of a thousand." in text


def test_html_asks_nobody_for_anything() -> None:
    """One style sheet, named by its hash; no script, no address but fragments and data."""
    html = render_html(card(HOSTILE))
    page = Page(html)
    style = files("scoring.render").joinpath("scorecard.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv"))
    assert policy is not None
    assert f"<style>{style}</style>" in html
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert page.values("style") == page.values("src") == page.values("action") == []
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "form"}
    assert all(re.match(r"#|data:,$", href) for href in page.values("href"))
    assert "@import" not in style
    assert "url(" not in style


def test_html_shows_hostile_text_as_text() -> None:
    """What the candidate wrote is on the page, letter by letter, and is no markup."""
    text = "".join(Page(render_html(card(HOSTILE))).text)
    assert "<script>alert(1)</script>" in text


def test_html_links_every_quote_to_its_mark() -> None:
    """All fragments exist, ids are unique, and a quote's target starts with the quote."""
    page = Page(render_html(card()))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.values("href") if href.startswith("#")} <= set(ids)
    assert any(one.startswith("quote-") for one in ids)


def test_html_has_landmarks_headings_and_table_scopes() -> None:
    """One h1, no level skipped, every table heading scoped, a way to skip to the content."""
    one = interview(you(ASK))
    for shown in (card(), grade(replace(one, rounds=(*one.rounds, *one.rounds)))):
        check_structure(Page(render_html(shown)))


def check_structure(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(attrs.get("scope") for tag, attrs in page.tags if tag == "th")
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.tags}
    assert ("a", {"class": "skip", "href": "#main"}) in page.tags


def test_markdown_shows_hostile_text_as_text() -> None:
    """No raw tag, link, mention or autolink survives."""
    text = render_markdown(card(HOSTILE))
    assert not re.search(r"(?<!\\)<(?:script|img)", text)
    assert not re.search(r"(?<!\\)\[x(?<!\\)\]", text)
    assert "://" not in text
    assert not re.search(r"(?<!\\)@everyone", text)


@given(st.text(max_size=60))
def test_escaped_text_is_one_line_without_bare_markup(text: str) -> None:
    """For any text: one line, and every special character has its backslash."""
    line = escape(text)
    assert "\n" not in line
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>|~]", line)


def test_the_terminal_gets_no_control_characters() -> None:
    """Escape sequences and direction overrides of the candidate are gone."""
    text = terminal(card(HOSTILE))
    assert "\x1b" not in text
    assert "\u202e" not in text


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_segments_put_the_turn_together_again(text: str, pairs: list[tuple[int, int]]) -> None:
    """Overlapping quotes lose nothing, and exactly the quoted characters are marked."""
    spans = [(min(p), max(p)) for p in pairs if min(p) < max(p) <= len(text)]
    turn = Turn("c1", 0, card().transcript[0].speaker, text, 0, "scope", card().started_at)
    cut = segments(turn, [Evidence("c1", a, b, text[a:b], "cue") for a, b in spans])
    assert "".join(piece.text for piece in cut) == text
    marked = sum(len(piece.text) for piece in cut if piece.quoted)
    assert marked == len({at for a, b in spans for at in range(a, b)})
    unsure = replace(turn, words=tuple(Word(word, 0.0, 0.0, True) for word in text.split()))
    again = segments(unsure, [Evidence("c1", a, b, text[a:b], "cue") for a, b in spans])
    assert "".join(piece.text for piece in again) == text
    assert sum(piece.unsure for piece in again) == len(words_of(text))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAIRS = """ink/paper ink/card soft/paper soft/card accent/paper accent/card accent/accent-tint
ink/accent-tint good/good-tint good/card warn/warn-tint warn/card bad/bad-tint bad/card
mute/mute-tint mute/card mute/paper mark-ink/mark mast-ink/mast mast-soft/mast card/good card/warn
card/bad card/mute"""


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS.split())
def test_text_stands_out_from_its_ground(theme: int, pair: str) -> None:
    """At least 4.5 to 1 in both themes."""
    style = files("scoring.render").joinpath("scorecard.css").read_text("utf-8")
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    ink, ground = pair.split("/")
    assert contrast(colours[ink], colours[ground]) >= 4.5
