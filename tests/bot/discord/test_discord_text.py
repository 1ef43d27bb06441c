"""Text for Discord."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_of_discord import pings, shown

from bot.discord.text import (
    bar,
    cut,
    moment,
    one_line,
    quote,
    safe,
    safe_cut,
    safe_line,
    split_message,
    split_offsets,
)
from whiteboard.board import strip_unseen

HOSTILE = (
    "**bold** __under__ ~~gone~~ *it* _it_ ||secret||",
    "`code` ``more`` ```py\nimport os\n```",
    "# Heading\n## two\n### three\n-# small print",
    "> quoted\n>>> all the rest\nof it",
    "- list\n* list\n+ list\n  - nested",
    "1. one\n7. seven\n 3. three",
    "[click me](https://evil.example) <https://evil.example> https://evil.example/a_b_c",
    "discord.gg/abc discordapp.com/invite/x steam://run/1 mailto:me@evil.example",
    "<@123> <@!123> <@&456> <#789> </ban:1> <id:customize> <t:1:R> <:x:1> <a:x:1> :smile:",
    "@everyone @here @Everyone <@\u200b123> @\u200beveryone",
    "\u202eevil\u202c zero\u200bwidth\u2060 tag\U000e0041 \x1b[31mred\x07",
    r"back\slash \*not\* \\ ¯\_(ツ)_/¯ \` \@everyone ends with \ ".rstrip(),
    "- ** `", "5.", "word- 12. x: y", ":", "a:b:c", "\\", "|",
)  # fmt: skip
FAMILY = "👩‍👩‍👧‍👦"
markup = (
    st.text(st.sampled_from("\\*_~`|<>[]()#@!&:-+.=/ \n\t12ab,eé\u200b\u202e\u0301😀")) | st.text()
)


@pytest.mark.parametrize("text", HOSTILE)
def test_known_markup_stays_text(text: str) -> None:
    """Every construct of the client is shown as it was typed, and nobody is pinged."""
    seen = shown(safe(text))
    assert strip_unseen(seen.text) == strip_unseen(text)
    assert seen.rules == frozenset()
    assert not pings(safe(text))


@pytest.mark.parametrize("text", HOSTILE[:10])
def test_the_reader_of_these_tests_knows_the_markup(text: str) -> None:
    """Unescaped, every sample but the invisible ones means something to it."""
    assert shown(text).rules


@given(markup)
@example("@everyone@here")
def test_any_text_stays_text(text: str) -> None:
    """What is displayed is the text without its unseen characters, and nothing but text."""
    seen = shown(safe(text))
    assert strip_unseen(seen.text) == strip_unseen(text)
    assert seen.rules == frozenset()
    assert not pings(safe(text))


@given(st.lists(st.sampled_from(HOSTILE) | markup, max_size=6).map(" ".join), st.integers(2, 60))
def test_safe_text_stays_safe_in_pieces(text: str, limit: int) -> None:
    """Wherever it is split or cut, no piece begins with or contains markup."""
    for piece in (*split_message(safe(text), limit), safe_cut(text, limit)):
        assert shown(piece).rules == frozenset()
        assert not pings(piece)
        assert len(piece) <= limit


@given(markup)
def test_one_line_has_no_line_breaks(text: str) -> None:
    """Labels and titles stand on one line, with single blanks."""
    assert one_line(text) == " ".join(strip_unseen(text).split())
    assert "\n" not in safe_line(text)


@given(markup, st.integers(3, 80))
def test_a_quoted_block_fits_and_every_line_of_it_is_quoted(text: str, limit: int) -> None:
    """No line escapes from the block, whatever the text holds."""
    block = quote(text, limit)
    assert len(block) <= limit
    assert all(line.startswith("> ") for line in block.split("\n") if block)
    bare = "\n".join(line[2:] for line in block.split("\n"))
    assert shown(bare).rules == frozenset()


def test_a_long_quote_is_cut_at_a_word() -> None:
    """The last word is whole, an ellipsis says that there was more."""
    assert quote("one two three four", 14) == "> one two…"
    assert quote("one\ntwo", 99) == "> one\n> two"


@given(markup, st.integers(2, 50))
def test_pieces_fit_and_join_back(text: str, limit: int) -> None:
    """Pieces are slices in order, none blank, none too long; only blanks lie between them."""
    offsets = split_offsets(text, limit)
    assert split_message(text, limit) == tuple(text[start:end] for start, end in offsets)
    edges = [0, *(edge for span in offsets for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(not text[end:start].strip() for end, start in list(pairwise(edges))[::2])
    assert all(0 < end - start <= limit and text[start:end].strip() for start, end in offsets)


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 10, ()),
        (" \n ", 10, ()),
        ("short", 10, ("short",)),
        ("One two.\n\nThree four. Five", 20, ("One two.", "Three four. Five")),
        ("One two. Three. Four five", 16, ("One two. Three.", "Four five")),
        ('He said "no." Then he left', 16, ('He said "no."', "Then he left")),
        ("one two three four", 9, ("one two", "three", "four")),
        ("第一句。第二句。第三句。", 9, ("第一句。第二句。", "第三句。")),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
        (r"aaa\*bbb", 4, ("aaa", r"\*bb", "b")),
        (r"aa\\bbb", 4, (r"aa\\", "bbb")),
        ("abce\u0301f", 4, ("abc", "e\u0301f")),
        (f"ab{FAMILY}", 8, ("ab", FAMILY)),
        ("abc👍🏽d", 4, ("abc", "👍🏽d")),
        ("a🇩🇪🇫🇷", 4, ("a🇩🇪", "🇫🇷")),
        ("abc\ud83d\ude00", 4, ("abc", "\ud83d\ude00")),
    ],
)
def test_where_a_message_is_split(text: str, limit: int, pieces: tuple[str, ...]) -> None:
    """At a paragraph, else a sentence, else a word, else where no character is torn."""
    assert split_message(text, limit) == pieces


def test_a_character_longer_than_a_message_is_split_all_the_same() -> None:
    """Endless combining marks do not stop the work."""
    pieces = split_message("a" + "\u0301" * 25, 10)
    assert [len(piece) for piece in pieces] == [10, 10, 6]


@pytest.mark.parametrize(
    ("text", "limit", "found"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("abcdefghij", 5, "abcd…"),
        ("abcd e\u0301fgh", 6, "abcd…"),
        (r"abc\*de", 5, "abc…"),
        ("word", 1, "…"),
        ("word", 0, ""),
    ],
)
def test_cut(text: str, limit: int, found: str) -> None:
    """At a word where one is near, never within a character or an escape."""
    assert cut(text, limit) == found


def test_moments_are_left_to_the_readers_client() -> None:
    """One moment in any zone is the same; without a zone it is refused."""
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert moment(noon, "R") == "<t:1795176000:R>"
    assert moment(noon.astimezone(timezone(timedelta(hours=9)))) == "<t:1795176000:f>"
    with pytest.raises(ValueError, match="time zone"):
        moment(noon.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("share", "signs"), [(0, "▱▱▱▱"), (0.5, "▰▰▱▱"), (1, "▰▰▰▰"), (1.7, "▰▰▰▰"), (-1, "▱▱▱▱")]
)
def test_bar(share: float, signs: str) -> None:
    """A share outside of 0 to 1 is drawn as the nearer end."""
    assert bar(share, 4) == signs
