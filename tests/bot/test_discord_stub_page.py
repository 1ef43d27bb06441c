"""What people see, as a web page: the client's Markdown, cards, files, forms."""

import pytest
from discord_stub_samples import asking, opened, running, text, v2

from tests.discord_stub import DiscordStub
from tests.discord_stub.markdown import Reader, relative, to_html

NOW = 1_700_000_000
READER = Reader(lambda sign, number: f"name{number}", NOW)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"0.88\. \*no\* **yes \[x\]**", "0.88. *no* <strong>yes [x]</strong>"),
        ("**a** *b* _c_ __d__ ~~e~~", "<strong>a</strong> <em>b</em> <em>c</em> <u>d</u> <s>e</s>"),
        ("`**a**`", "<code>**a**</code>"),
        ("snake_case_name", "snake_case_name"),
        ("||a||", '<span class="spoiler">a</span>'),
        ("<@1> <#2>", '<span class="mention">@name1</span> <span class="mention">#name2</span>'),
        ("<@&3>", '<span class="mention">@name3</span>'),
        (f"<t:{NOW + 300}:R>", '<span class="time">in 5 minutes</span>'),
        (f"<t:{NOW}:t>", '<span class="time">22:13</span>'),
        ("<script>", "&lt;script&gt;"),
        ("[a](https://b.c)", '<a href="https://b.c">a</a>'),
        ("see https://b.c.", 'see <a href="https://b.c">https://b.c</a>.'),
        ("a\nb", "a<br>b"),
    ],
)
def test_a_line_is_marked_up(written: str, shown: str) -> None:
    """Styles, code, mentions, times and links; everything else is plain text."""
    assert to_html(written, READER) == f"<div>{shown}</div>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# a", "<h1>a</h1>"),
        ("### a", "<h3>a</h3>"),
        ("-# a", "<small>a</small>"),
        ("> a\n> b", "<blockquote><div>a<br>b</div></blockquote>"),
        (">>> a\nb", "<blockquote><div>a<br>b</div></blockquote>"),
        ("```py\n<x>\n```", "<div><pre>&lt;x&gt;</pre></div>"),
        (
            "- a\n1. b",
            '<ul><li style="margin-left:0px">a</li></ul>'
            '<ol start="1"><li style="margin-left:0px">b</li></ol>',
        ),
    ],
)
def test_a_block_is_marked_up(written: str, shown: str) -> None:
    """Headers, small print, quotes, fences and lists."""
    assert to_html(written, READER) == shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "in 0 seconds"),
        (59, "in 59 seconds"),
        (60, "in 1 minute"),
        (-7200, "2 hours ago"),
        (-86_400, "1 day ago"),
    ],
)
def test_moments_are_told_from_now(seconds: float, words: str) -> None:
    """Relative times round to their greatest unit."""
    assert relative(seconds) == words


async def test_a_page_shows_what_its_reader_sees() -> None:
    """Names, commands, cards and files for one person; nothing of others, nothing from outside."""
    async with DiscordStub() as stub:
        alice, bob = stub.add_user("Alice"), stub.add_user("Bob")
        general = stub.add_guild("Study group", members=[alice, bob]).text_channel("general")
        async with running(stub):
            await alice.runs(general, "/interview card")
            await alice.runs(general, "/interview slow", secret=True)
            await alice.sees(general, "and one more")
            hers, his = alice.page(general), bob.page(general)

        assert '<b>Alice</b> used <span class="mention">/interview card</span>' in hers
        assert 'class="container bar" style="--accent:#5865f2"' in hers
        assert "Only you can see this" in hers
        assert "and one more" not in his
        assert "src=" not in his.replace('src="data:', "")


async def test_an_open_form_stands_in_front() -> None:
    """A call with a form draws the form over the channel."""
    async with DiscordStub() as stub:
        alice = stub.add_user("alice")
        stub.add_guild("Study group", members=[alice])
        async with running(stub):
            await alice.runs(alice.dm(), "/interview start", round="drill")
            page = alice.page(await alice.presses(alice.dm(), "Form"))

        assert "<label>Why <em>*</em></label>" in page


async def test_every_component_and_embed_is_drawn() -> None:
    """Text and page draw what a message can hold."""
    media = {"media": {"url": "https://example.org/a.png"}, "description": "a chart"}
    parts = [
        text("words"),
        {"type": 14},
        {"type": 14, "divider": False},
        {"type": 12, "items": [media]},
        {"type": 9, "components": [text("beside")], "accessory": {"type": 11} | media},
        {"type": 1, "components": [{"type": 5, "custom_id": "u", "placeholder": "Who"}]},
    ]
    embed = {
        "title": "T",
        "description": "D",
        "author": {"name": "A"},
        "fields": [{"name": "N", "value": "V"}],
        "footer": {"text": "F"},
        "image": {"url": "https://example.org/a.png"},
    }
    async with opened() as place:
        await place.api.ask("POST", place.messages, v2(*parts))
        await place.api.ask("POST", place.messages, {"embeds": [embed]})

        first, second = place.alice.messages(place.general)
        assert first.text == "words\n---\n\n[image a chart]\nbeside [image a chart]\n<Who>"
        assert second.text == ("| A\n| T\n| D\n| N: V\n| [image https://example.org/a.png]\n| F")
        page = place.alice.page(place.general)
        for piece in ("thumbnail", "gallery", "separator blank", "menu", "fields", "foot"):
            assert f'class="{piece}"' in page


async def test_a_page_is_drawn_at_the_worlds_time() -> None:
    """With a clock of one's own the page is the same every time."""

    async def draw() -> str:
        async with DiscordStub() as stub, asking(stub):
            stub.world.clock = lambda: float(NOW)
            alice = stub.add_user("alice")
            await alice.says(alice.dm(), f"it is <t:{NOW}:t>")
            return alice.page(alice.dm())

    assert await draw() == await draw()
