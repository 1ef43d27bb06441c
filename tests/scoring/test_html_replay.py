"""The boards of a round on its card, one by one, with what changed and what is evidence."""

import base64
import hashlib
import html
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from replay_samples import (
    BOXES,
    STEPS,
    Box,
    card_of,
    drawn_arrow,
    drawn_box,
    element,
    hand_drawn,
    text,
)
from scorecard_samples import DRAWING, START

from scoring.render.html import Link, card_policy, render_html
from scoring.render.replay import MOST_CHANGES, Replay, chosen_drawings, replays
from scoring.render.timeline import MOST_FRAMES, Drawing
from whiteboard.board import Arrow, Board, Component
from whiteboard.excalidraw import read_scene

HOSTILE = '</text><script>alert(1)</script><image href="https://evil.example/x"/>"\'&\u202e'
PICTURE = "data:image/svg+xml,"
SVG = "{http://www.w3.org/2000/svg}"
INERT = {"svg", "g", "rect", "ellipse", "circle", "polygon", "polyline", "path", "line", "text"}
INERT |= {"tspan", "title", "desc", "defs", "clipPath", "mask", "marker", "filter", "style"}


def replay_of(boards: list[Drawing], **more: bool) -> Replay:
    return replays(card_of(boards, **more), boards)[0]


class Page(HTMLParser):
    """Tags with their attributes, and the ids in which each is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, tag: str, class_: str) -> list[dict[str, str]]:
        return [a for t, a in self.tags if t == tag and class_ in a.get("class", "").split()]

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] for _, attrs in self.tags if attribute in attrs]


def pictures(page: Page) -> list[ElementTree.Element]:
    """The embedded pictures, parsed."""
    addresses = page.values("src")
    assert len(addresses) == len([tag for tag, _ in page.tags if tag == "img"])
    assert all(one.startswith(PICTURE) for one in addresses)
    return [parsed(one) for one in addresses]


def parsed(address: str) -> ElementTree.Element:
    return ElementTree.fromstring(unquote(address.removeprefix(PICTURE)))  # noqa: S314 - our own


def marked(address: str) -> int:
    """How many halos and rings there are."""
    return len(parsed(address).findall(f"{SVG}g"))


def test_every_revision_is_a_frame_with_time_stage_and_change() -> None:
    """In the order in which they were drawn; the first says nothing about changes."""
    boards = hand_drawn()
    shown = replay_of(boards)
    assert [one.time for one in shown.frames][:3] == ["1:10", "1:35", "2:30"]
    assert shown.frames[0].changes == ()
    assert "Orchestrator" in " ".join(shown.frames[2].changes)
    assert [one.stage for one in shown.frames] == ["Scope"] * 8 + ["Operations"] * 4
    assert [(place, one.ends) for place, one in shown.stops] == [
        (7, ("Scope",)),
        (11, ("Operations",)),
    ]


def test_a_frame_says_after_which_turn_it_was_drawn() -> None:
    """And the transcript has the board there, with a link to it."""
    boards = hand_drawn()
    frame = replay_of(boards).frames[0]
    assert frame.after is not None
    assert frame.after.index == 2
    page = Page(render_html(card_of(boards), drawings=boards))
    assert f"#turn-{frame.after.id}" in page.values("href")
    assert f"#{frame.id}" in page.values("href")
    assert len(page.of("li", "drew")) == len(boards)


def test_what_changed_has_a_halo() -> None:
    """The new box and its arrow in one frame, nothing in the first and in what is ringed."""
    shown = replay_of(hand_drawn())
    assert [marked(one.picture.address) for one in shown.frames[:3]] == [0, 1, 2]
    (sight,) = shown.seen.values()
    assert marked(sight.picture.address) == 1


def test_a_renamed_box_is_one_change() -> None:
    """Its arrows are not new, though they lead to another name."""
    first = hand_drawn()[-1]
    scene = [
        one | {"text": "Conductor", "originalText": "Conductor"}
        if one["id"] == "orch-label"
        else one
        for one in first.elements or ()
    ]
    renamed = replace(first, revision=13, elements=scene, board=read_scene(scene).board)
    last = replay_of([first, renamed]).frames[-1]
    assert len(last.changes) == 1
    assert marked(last.picture.address) == 1


def test_of_parallel_arrows_the_new_one_has_a_halo() -> None:
    """Neither those that join the same boxes, nor all of them where one is labelled anew."""
    first = hand_drawn()[1]
    plain = next(one for one in first.elements or () if one["type"] == "arrow")
    labels = {
        place: text(f"said-{place}", word, (200, 200), f"second-{place}")
        for place, word in enumerate(("asks", "tells"))
    }
    more = {place: plain | {"id": f"second-{place}"} for place in labels}
    both = [*(first.elements or ()), *more.values(), *labels.values()]
    other = [
        one | {"originalText": "shows", "text": "shows"} if one == labels[1] else one
        for one in both
    ]
    later = [
        replace(first, revision=9 + place, elements=scene, board=read_scene(scene).board)
        for place, scene in enumerate((both, other))
    ]
    frames = replay_of([first, *later]).frames
    assert [len(one.changes) for one in frames] == [0, 2, 1]
    assert [marked(one.picture.address) for one in frames] == [0, 2, 1]


def test_many_changes_are_counted() -> None:
    """A board that comes all at once has a few sentences and the number of the others."""
    boards = hand_drawn()
    shown = replay_of([boards[0], boards[-1]])
    last = shown.frames[-1]
    assert len(last.changes) == MOST_CHANGES
    assert last.more_changes > 0


def test_what_is_drawn_on_the_board_is_seen_ringed_where_it_came() -> None:
    """The gateway is evidence from the first revision on; the link leads to its ring."""
    boards = hand_drawn()
    card = card_of(boards)
    (evidence, sight), *others = replays(card, boards)[0].seen.items()
    assert (evidence.quote, evidence.revision, others) == ("API gateway", 1, [])
    page = Page(render_html(card, drawings=boards))
    assert f"#{sight.id}" in page.values("href")
    (ringed,) = page.of("picture", "seen")
    assert ringed["id"] == sight.id
    assert "“API gateway” is ringed" in sight.picture.alt
    assert sight.picture.address in page.values("src")
    assert sight.picture.address != replay_of(boards).frames[0].picture.address


def test_a_card_without_revisions_finds_its_evidence_too() -> None:
    """Cards of earlier versions have the element alone."""
    boards = hand_drawn()
    (sight,) = replay_of(boards, revisions=False).seen.values()
    assert sight.id == "seen-1-1-1"


def test_evidence_that_no_board_shows_is_a_quote_alone() -> None:
    """As on a card whose names were taken out, and on one without its boards."""
    boards = hand_drawn()
    card = card_of(boards)
    others = [replace(one, board=Board(), elements=[]) for one in boards]
    assert replays(card, others)[0].seen == {}
    for given in ((), others):
        assert "on the whiteboard" in render_html(card, drawings=given)
        assert "seen-" not in "".join(Page(render_html(card, drawings=given)).values("href"))


def test_a_text_board_has_pictures() -> None:
    """A sketch has no scene; it is laid out."""
    boards = [Drawing(1, 0, "scope", START, DRAWING)]
    page = Page(render_html(card_of(boards), drawings=boards))
    assert any("API gateway" in "".join(one.itertext()) for one in pictures(page))


def test_without_a_script_the_ends_of_stages_are_a_list() -> None:
    """They alone are shown, each has its link, and the controls are hidden."""
    boards = hand_drawn()
    page = Page(render_html(card_of(boards), drawings=boards))
    assert len(page.of("li", "frame")) == len(STEPS)
    ends = [one["id"] for one in page.of("li", "end")]
    assert ends == ["board-1-8", "board-1-12"]
    assert {f"#{one}" for one in ends} <= set(page.values("href"))
    (controls,) = page.of("div", "scrub")
    assert "hidden" in controls
    style = files("scoring.render").joinpath("scorecard.css").read_text("utf-8")
    assert ".frame { display: none;" in style
    assert ".frame.end, .frame:target, .frame:has(:target) { display: block; }" in style


def test_the_page_runs_its_own_script_and_nothing_else() -> None:
    """Style and script are named by their hashes; every address is a fragment or data."""
    boards = hand_drawn()
    text = render_html(card_of(boards), drawings=boards)
    page = Page(text)
    script = files("scoring.render").joinpath("replay.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(attrs["content"] for _, attrs in page.tags if "http-equiv" in attrs)
    assert policy == card_policy()
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert text.count("<script") == text.count(f"<script>{script}</script>") == 1
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert page.values("style") == []
    assert all(one.startswith(("#", "data:,")) for one in page.values("href"))
    assert not {tag for tag, _ in page.tags} & {"iframe", "object", "embed", "form", "base"}


def test_a_page_without_boards_has_no_script() -> None:
    """It needs none, and its policy allows none."""
    text = render_html(card_of([]))
    assert "<script" not in text
    assert "script-src" not in text


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    """Frames, rings, turns and quotes."""
    boards = hand_drawn()
    page = Page(render_html(card_of(boards), drawings=boards))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {one[1:] for one in page.values("href") if one.startswith("#")} <= set(ids)


def hostile() -> list[Drawing]:
    """A board whose labels want to be markup, in the middle of the others."""
    named = Box("evil", HOSTILE, 0, 600)
    scene = [*drawn_box(BOXES["gw"]), *drawn_box(named), drawn_arrow(BOXES["gw"], named)]
    scene += [element('"><b onload=x', "rectangle", (900, 0, 50, 50), strokeColor='"/><script>')]
    board = read_scene(scene).board
    later = START + timedelta(seconds=990)
    return [*hand_drawn(), Drawing(13, 0, "operations", later, board, scene)]


def test_labels_are_text_in_the_page_and_in_the_pictures() -> None:
    """No tag, handler or address comes from what somebody drew."""
    boards = hostile()
    text = render_html(card_of(boards), drawings=boards)
    page = Page(text)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "evil.example" not in re.sub(r"&[^;]+;", "", "".join(page.values("href")))
    for picture in pictures(page):
        for part in picture.iter():
            assert part.tag.removeprefix(SVG) in INERT
            names = [name.rsplit("}")[-1] for name in part.attrib]
            assert not [one for one in names if one.startswith("on") or one in {"href", "src"}]
    assert any("alert(1)" in "".join(one.itertext()) for one in pictures(page))


@cache
def crowded(count: int) -> tuple[Drawing, ...]:
    """As many revisions of a board of forty elements; each has its arrows from another box."""
    boxes = [Box(f"b{at}", f"Component {at}", at % 5 * 220, at // 5 * 140) for at in range(14)]
    shapes = [part for box in boxes for part in drawn_box(box)]
    components = tuple(sorted(Component(box.label.lower(), box.label) for box in boxes))
    found: list[Drawing] = []
    for revision in range(1, count + 1):
        one = boxes[revision % 14]
        others = [box for box in boxes if box is not one]
        found.append(
            Drawing(
                revision,
                0,
                "scope" if revision < count // 2 else "operations",
                START + timedelta(seconds=8 * revision),
                Board(
                    components,
                    tuple(sorted(Arrow(one.label.lower(), box.label.lower()) for box in others)),
                ),
                [*shapes, *(drawn_arrow(one, box) for box in others)],
            )
        )
    return tuple(found)


def test_a_long_round_is_thinned_out_and_stays_small() -> None:
    """At most sixty boards, ends of stages among them, below three megabytes."""
    boards = list(crowded(150))
    assert len(boards[0].elements or ()) >= 40
    card = card_of(boards)
    (shown,) = (found := replays(card, boards)).values()
    assert (len(shown.frames), shown.count) == (MOST_FRAMES, 150)
    assert [one.ends for _, one in shown.stops] == [("Scope",), ("Operations",)]
    text = render_html(card, shown=found)
    assert "150 boards, 60 of them shown" in text
    assert len(text.encode()) < 3_000_000


def test_only_chosen_boards_need_their_scenes() -> None:
    """Whoever reads them from a store asks first which."""
    boards = list(crowded(150))
    card = card_of(boards)
    chosen = {one.revision for one in chosen_drawings(card, boards)}
    bare = [one if one.revision in chosen else replace(one, elements=None) for one in boards]
    assert replays(card, bare) == replays(card, boards)


def test_a_board_that_did_not_change_is_embedded_once() -> None:
    """The same board in a row is one frame, at the end of both stages."""
    first = hand_drawn()[0]
    again = replace(first, revision=2, stage="operations")
    (frame,) = replay_of([first, again]).frames
    assert frame.ends == ("Scope", "Operations")


def test_a_picture_is_described_in_words() -> None:
    """Whoever does not see it reads boxes, zones and arrows."""
    last = replay_of(hand_drawn()).frames[-1]
    assert (last.picture.width, last.picture.height) > (1_000, 400)
    assert "API gateway" in last.picture.alt
    assert "Customer → API gateway" in last.picture.alt
    assert "Zones: Untrusted" in last.picture.alt


def test_links_stand_on_a_served_page_alone() -> None:
    """The offline file leads nowhere."""
    way = Link("/i/1/scorecard.html?a=1&b=2", "Download <it>")
    served = render_html(card_of([]), links=[way])
    assert html.escape(way.address) in served
    assert "Download &lt;it&gt;" in served
    assert "Other pages" not in render_html(card_of([]))


@pytest.mark.parametrize("boards", [hand_drawn, hostile])
def test_the_same_boards_give_the_same_bytes(boards) -> None:
    """No clock, no randomness, no order of sets."""
    given = boards()
    assert render_html(card_of(given), drawings=given) == render_html(
        card_of(given), drawings=given
    )
