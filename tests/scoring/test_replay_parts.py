"""What the pictures of a replay mark, and what they say in words."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote
from xml.etree import ElementTree

from replay_samples import Box, card_of, drawn_arrow, drawn_box, drawn_zone
from scorecard_samples import START

from scoring.drawn_parts import zone_element
from scoring.render.replay import Replay, replays
from scoring.render.timeline import Drawing, Element
from scoring.scorecard import Scorecard
from scoring.verdicts import Evidence
from whiteboard.excalidraw import read_scene

SVG = "{http://www.w3.org/2000/svg}"
CLIENT, GATEWAY = Box("client", "Client", 0, 0), Box("gw", "API gateway", 400, 0)


def drawn(revision: int, *elements: Element) -> Drawing:
    """A revision that was drawn by hand."""
    scene = list(elements)
    return Drawing(revision, 0, "scope", START, read_scene(scene).board, scene)


def replay_of(*boards: Drawing) -> Replay:
    return replays(card_of(list(boards)), boards)[0]


def test_a_line_without_heads_is_no_arrow_in_words() -> None:
    """The description joins its ends with a dash, whichever way it was drawn, and marks it."""
    line = drawn_arrow(GATEWAY, CLIENT) | {"endArrowhead": None}
    boxes = [*drawn_box(CLIENT), *drawn_box(GATEWAY)]
    first, last = replay_of(drawn(1, *boxes), drawn(2, *boxes, line)).frames

    assert "Arrows: API gateway — Client" in last.picture.alt
    assert first.picture.address != last.picture.address
    assert last.changes == ("added the line between “API gateway” and “Client”",)


def halos(address: str) -> set[tuple[str, str]]:
    """Where the rings and halos of a picture begin."""
    groups = ElementTree.fromstring(unquote(address.partition(",")[2])).findall(f"{SVG}g")  # noqa: S314 - our own
    shapes = [one for group in groups for one in group.findall(f"{SVG}rect")]
    return {(one.attrib["x"], one.attrib["y"]) for one in shapes}


def card_with(boards: Sequence[Drawing], evidence: Evidence) -> Scorecard:
    """A card whose first verdict rests on this."""
    card = card_of(list(boards))
    (held,) = card.rounds
    stage = held.stages[0]
    verdicts = (replace(stage.verdicts[0], evidence=(evidence,)), *stage.verdicts[1:])
    stages = (stage.model_copy(update={"verdicts": verdicts}), *held.stages[1:])
    return card.model_copy(update={"rounds": (held.model_copy(update={"stages": stages}),)})


def test_a_zone_that_is_called_like_a_box_is_ringed_itself() -> None:
    """Evidence says which of them it is, and the halo of what is new is around the zone."""
    zone = drawn_zone("zone", "Client", (360, -60, 240, 170))
    boards = [drawn(1, *drawn_box(CLIENT), *drawn_box(GATEWAY), *zone)]
    given = [
        Evidence("", 0, 6, "Client", "board", element, 1)
        for element in ("client", zone_element("client"))
    ]
    sights = [replays(card_with(boards, one), boards)[0].seen[one] for one in given]
    box, around = (halos(sight.picture.address) for sight in sights)

    assert [float(x) > 300 for x, _ in (*box, *around)] == [False, True]
