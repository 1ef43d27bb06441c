"""A board that is drawn by hand in a dozen steps, as scenes and as what is read from them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from scorecard_samples import START, bot, interview, you

from scoring.render.timeline import Drawing
from scoring.scorecard import Scorecard, grade
from whiteboard.excalidraw import read_scene

Element = dict[str, Any]


class Box(NamedTuple):
    """A labelled box at a place."""

    id: str
    label: str
    x: int
    y: int
    type: str = "rectangle"
    fill: str = "#a5d8ff"


def element(id_: str, type_: str, box: tuple[float, float, float, float], **more: Any) -> Element:
    """An element as Excalidraw 0.18 writes it."""
    x, y, width, height = box
    return {
        "id": id_,
        "type": type_,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "angle": 0,
        "strokeColor": "#1e1e1e",
        "backgroundColor": "transparent",
        "fillStyle": "solid",
        "strokeWidth": 2,
        "strokeStyle": "solid",
        "roughness": 0,
        "opacity": 100,
        "groupIds": [],
        "frameId": None,
        "index": None,
        "roundness": None,
        "seed": 1,
        "version": 1,
        "versionNonce": 1,
        "isDeleted": False,
        "boundElements": [],
        "updated": 1,
        "link": None,
        "locked": False,
        **more,
    }


def text(id_: str, words: str, centre: tuple[float, float], container: str | None) -> Element:
    """A text element, bound to its container."""
    width = 9.0 * len(words)
    box = (centre[0] - width / 2, centre[1] - 11, width, 22)
    return element(
        id_,
        "text",
        box,
        text=words,
        originalText=words,
        fontSize=18,
        fontFamily=2,
        textAlign="center",
        verticalAlign="middle",
        containerId=container,
        autoResize=True,
        lineHeight=1.25,
    )


def drawn_box(box: Box) -> list[Element]:
    """The shape and its label."""
    shape = element(
        box.id, box.type, (box.x, box.y, 160, 70), backgroundColor=box.fill, strokeColor="#1971c2"
    )
    return [shape, text(f"{box.id}-label", box.label, (box.x + 80, box.y + 35), box.id)]


def drawn_arrow(source: Box, target: Box) -> Element:
    """An arrow that is bound at both ends, from side to side."""
    flat = abs(target.x - source.x) > abs(target.y - source.y)
    sign = 1 if (target.x > source.x if flat else target.y > source.y) else -1
    half = (80 + 5, 0) if flat else (0, 35 + 5)
    begin = (source.x + 80 + sign * half[0], source.y + 35 + sign * half[1])
    end = (target.x + 80 - sign * half[0], target.y + 35 - sign * half[1])
    across, down = end[0] - begin[0], end[1] - begin[1]
    return element(
        f"{source.id}-to-{target.id}",
        "arrow",
        (*begin, abs(across), abs(down)),
        points=[[0, 0], [across, down]],
        lastCommittedPoint=None,
        startBinding={"elementId": source.id, "focus": 0, "gap": 5},
        endBinding={"elementId": target.id, "focus": 0, "gap": 5},
        startArrowhead=None,
        endArrowhead="arrow",
        elbowed=False,
    )


def drawn_zone(id_: str, title: str, box: tuple[int, int, int, int]) -> list[Element]:
    """A dashed trust boundary with its title near the upper edge."""
    around = element(
        id_,
        "rectangle",
        box,
        strokeStyle="dashed",
        strokeColor="#e03131",
        customData={"kind": "trust_boundary"},
    )
    label = text(f"{id_}-label", title, (box[0] + 80, box[1] + 20), id_)
    return [around, label | {"textAlign": "left", "verticalAlign": "top"}]


BOXES = {
    box.id: box
    for box in (
        Box("user", "Customer", 0, 200, "ellipse", "#e9ecef"),
        Box("gw", "API gateway", 260, 200),
        Box("orch", "Orchestrator", 520, 200, "rectangle", "#d0ebff"),
        Box("llm", "Large model", 780, 60, "rectangle", "#d0bfff"),
        Box("small", "Small model", 780, 200, "rectangle", "#e5dbff"),
        Box("retr", "Retriever", 520, 380, "rectangle", "#b2f2bb"),
        Box("store", "Vector store", 260, 380, "ellipse", "#b2f2bb"),
        Box("policy", "Policy engine", 780, 380, "diamond", "#ffc9c9"),
        Box("tools", "Order tools", 1040, 380, "rectangle", "#ffd8a8"),
        Box("human", "Human queue", 520, 40, "rectangle", "#ffec99"),
        Box("traces", "Trace store", 1040, 200, "rectangle", "#c5f6fa"),
    )
}


def arrow(source: str, target: str) -> list[Element]:
    """The arrow between two of the boxes."""
    return [drawn_arrow(BOXES[source], BOXES[target])]


UNTRUSTED = drawn_zone("zone", "Untrusted", (-40, 140, 240, 170))
STEPS: Sequence[tuple[int, str, list[Element]]] = (
    (70, "scope", [*drawn_box(BOXES["user"]), *drawn_box(BOXES["gw"])]),
    (95, "scope", arrow("user", "gw")),
    (150, "loop", [*drawn_box(BOXES["orch"]), *arrow("gw", "orch")]),
    (200, "loop", [*drawn_box(BOXES["llm"]), *arrow("orch", "llm")]),
    (260, "loop", [*drawn_box(BOXES["tools"]), *arrow("orch", "tools")]),
    (340, "models", [*drawn_box(BOXES["small"]), *arrow("orch", "small")]),
    (420, "models", [*drawn_box(BOXES["retr"]), *arrow("orch", "retr")]),
    (455, "models", [*drawn_box(BOXES["store"]), *arrow("retr", "store")]),
    (640, "trust_boundary", [*drawn_box(BOXES["policy"]), *arrow("orch", "policy")]),
    (700, "trust_boundary", [*arrow("policy", "tools"), *UNTRUSTED]),
    (820, "operations", [*drawn_box(BOXES["human"]), *arrow("orch", "human")]),
    (905, "operations", [*drawn_box(BOXES["traces"]), *arrow("small", "traces")]),
)
"""When, in which stage, and what is added. The arrow past the policy is taken away in step 10."""


def scenes() -> list[list[Element]]:
    """The scene after each step; what was deleted stays as a tombstone."""
    found: list[list[Element]] = []
    elements: dict[str, Element] = {}
    for place, (_, _, added) in enumerate(STEPS):
        elements |= {one["id"]: one for one in added}
        if place == 9:
            elements["orch-to-tools"] = elements["orch-to-tools"] | {"isDeleted": True}
        found.append(list(elements.values()))
    return found


def drawings(begun: datetime, stages: Mapping[str, str] | None = None) -> list[Drawing]:
    """The steps as revisions; `stages` gives the stages other names."""
    names = stages or {}
    return [
        Drawing(
            revision=place,
            round_index=0,
            stage=names.get(stage, stage),
            at=begun + timedelta(seconds=seconds),
            board=read_scene(scene).board,
            elements=scene,
        )
        for place, ((seconds, stage, _), scene) in enumerate(zip(STEPS, scenes(), strict=True), 1)
    ]


STAGES = {"scope": "scope", "loop": "scope", "models": "scope", "trust_boundary": "operations"}
"""The stages of the steps in the sample plan."""


def hand_drawn() -> list[Drawing]:
    """The dozen steps in the stages of the sample plan."""
    return drawings(START, STAGES)


def card_of(boards: list[Drawing], *, revisions: bool = True) -> Scorecard:
    """A card of a round in which these were drawn."""
    stages = {one.stage: one.board for one in boards}
    held = interview(
        bot("Where do you start?"),
        you("I draw it."),
        bot("And then?", "operations"),
        you("More boxes.", "operations"),
        boards=tuple(stages.items()),
    )
    numbered = tuple((one.revision, one.board) for one in boards) if revisions else ()
    return grade(replace(held, rounds=(replace(held.rounds[0], revisions=numbered),)))
