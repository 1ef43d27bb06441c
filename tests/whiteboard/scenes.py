"""Excalidraw elements as the canvas makes them, with as little written as a test needs."""

from typing import Any

Element = dict[str, Any]

_STYLE: Element = {
    "angle": 0,
    "strokeColor": "#1e1e1e",
    "backgroundColor": "transparent",
    "fillStyle": "solid",
    "strokeWidth": 2,
    "strokeStyle": "solid",
    "roundness": None,
    "roughness": 1,
    "opacity": 100,
    "seed": 7,
    "version": 3,
    "versionNonce": 11,
    "index": "a0",
    "isDeleted": False,
    "groupIds": [],
    "frameId": None,
    "boundElements": None,
    "updated": 1,
    "link": None,
    "locked": False,
}
DASHED: Element = {"strokeStyle": "dashed"}


def box(
    name: str, x: float = 0, y: float = 0, w: float = 160, h: float = 80, **more: Any
) -> Element:
    """A rectangle; `type="ellipse"` and the like make it another shape."""
    placed: Element = {"id": name, "type": "rectangle", "x": x, "y": y, "width": w, "height": h}
    return {**_STYLE, **placed, **more}


def frame(
    name: str, x: float, y: float, w: float, h: float, title: str | None = None, **more: Any
) -> Element:
    """A frame and its name."""
    return {**box(name, x, y, w, h, type="frame"), "name": title, **more}


def words(
    name: str, text: str, x: float = 0, y: float = 0, inside: str | None = None, **more: Any
) -> Element:
    """A text whose top left corner is at x, y; `inside` names the element that it is bound to."""
    width = max(10.0, 9.0 * len(text))
    lettering: Element = {
        "text": text,
        "originalText": text,
        "containerId": inside,
        "fontSize": 20,
        "fontFamily": 5,
        "textAlign": "left",
        "verticalAlign": "top" if inside is None else "middle",
        "autoResize": True,
        "lineHeight": 1.25,
    }
    return {**box(name, x, y, width, 25, type="text"), **lettering, **more}


def labelled(name: str, label: str, x: float = 0, y: float = 0, **more: Any) -> list[Element]:
    """A rectangle of 160 by 80 with a bound text."""
    return [box(name, x, y, **more), words(f"{name}-text", label, x + 40, y + 28, name)]


def stroke(name: str, *points: tuple[float, float], **more: Any) -> Element:
    """A line through these places of the canvas, with a head at its end if it is an arrow."""
    kind = more.get("type", "arrow")
    x, y = points[0]
    drawn = [[px - x, py - y] for px, py in points]
    wide = max(px for px, _ in drawn) - min(px for px, _ in drawn)
    high = max(py for _, py in drawn) - min(py for _, py in drawn)
    ends: Element = {
        "points": drawn,
        "lastCommittedPoint": None,
        "startBinding": None,
        "endBinding": None,
        "startArrowhead": None,
        "endArrowhead": "arrow" if kind == "arrow" else None,
    }
    return {**box(name, x, y, wide, high, type=kind), **ends, **more}


def bound(
    name: str, start: str | None, end: str | None, *points: tuple[float, float], **more: Any
) -> Element:
    """An arrow that is bound to these elements; without points it lies far from everything."""
    bindings = {
        side: {"elementId": target, "focus": 0, "gap": 4}
        for side, target in (("startBinding", start), ("endBinding", end))
        if target is not None
    }
    return {**stroke(name, *(points or ((9000, 9000), (9100, 9000)))), **bindings, **more}


def pen(name: str, *points: tuple[float, float], **more: Any) -> Element:
    """A freehand stroke."""
    drawn = stroke(name, *points, type="freedraw")
    for field in ("startBinding", "endBinding", "startArrowhead", "endArrowhead"):
        del drawn[field]
    return {**drawn, "pressures": [], "simulatePressure": True, **more}


def corners(x: float, y: float, w: float, h: float) -> list[tuple[float, float]]:
    """The way around a rectangle, its first corner again at the end."""
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
