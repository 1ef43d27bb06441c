"""Mouse and keyboard on an open board: the steps that drawing plans are made of.

Places are pixels of the screen, counted from the corner of the part of the canvas that no toolbar
covers. What a step has drawn is kept under a name, so that later steps can point at it in the
words of `drawing_places`; a pair of numbers is a free place.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.drawing_places import (
    Bounds,
    Point,
    along_ellipse,
    along_rectangle,
    bounds_of,
    middle,
    read_spot,
    turned,
)
from benchmarks.drawn_page import Canvas

CORNER = (240, 80)
DOUBLE_CLICK_MS = 350
"""Two clicks within less would be a double one."""
HANDLE_PX = 24
"""From a selected shape up to the handle that turns it."""
PATIENCE = 50
"""How often the page is asked for what was just drawn."""
_EDITOR = "textarea.excalidraw-wysiwyg"
_FORM = "label:has([data-testid={form}-arrow])"

Place = str | Sequence[float]


class Hand:
    """Draws on one canvas; every place it aims at is missed by up to `wobble` pixels."""

    def __init__(self, canvas: Canvas, wobble: float, chance: random.Random) -> None:
        self._canvas, self._page = canvas, canvas.page
        self._wobble, self._chance = wobble, chance
        self._zoom, self._scroll = 1.0, (0.0, 0.0)
        self._ids: dict[str, str] = {}
        self._chosen = {
            "stroke": "label[title=Solid]",
            "arrow": "label:has([data-testid=round-arrow])",
        }
        self._heads = ["None", "Arrow"]

    def zoom(self, times: int) -> None:
        """Press zoom in (or out, below 0) that often; each is a tenth of the full size."""
        for _ in range(abs(times)):
            self._page.keyboard.press("Control+=" if times > 0 else "Control+-")
        zoom = self._zoom + times / 10
        change = 1 / zoom - 1 / self._zoom
        self._scroll = (
            self._scroll[0] + self._canvas.width / 2 * change,
            self._scroll[1] + self._canvas.height / 2 * change,
        )
        self._zoom = zoom

    def box(self, name: str, x: float, y: float, w: float, h: float, label: str = "") -> None:
        """A rectangle from its first corner; a negative size is drawn towards the left or up."""
        self._shape("r", name, (x, y, w, h), label)

    def ellipse(self, name: str, x: float, y: float, w: float, h: float, label: str = "") -> None:
        """The same with an ellipse."""
        self._shape("o", name, (x, y, w, h), label)

    def diamond(self, name: str, x: float, y: float, w: float, h: float, label: str = "") -> None:
        """The same with a diamond."""
        self._shape("d", name, (x, y, w, h), label)

    def part(self, kind: str, name: str, x: float, y: float, label: str = "") -> None:
        """A part of the palette, dragged to its place and renamed."""
        known = set(self._canvas.elements)
        self._page.click(f"button[data-kind={kind}]")
        self._keep(name, known)
        left, top, _, _ = self._bounds(name)
        grip = self._grip(name)
        aim = self._aim((x, y))
        self._drag([grip, (grip[0] + aim[0] - left, grip[1] + aim[1] - top)])
        if label:
            self._write(label)
        self._rest()

    def around(self, name: str, names: Sequence[str], label: str) -> None:
        """The palette's zone around parts that are selected."""
        self._select(names)
        known = set(self._canvas.elements)
        self._page.click("button[data-kind=trust_boundary]")
        self._keep(name, known)
        self._write(label)
        self._rest()

    def zone(  # noqa: PLR0913, PLR0917  (one step of a plan is one line)
        self,
        name: str,
        x: float,
        y: float,
        w: float,
        h: float,
        title: str,
        stroke: str = "Dashed",
        free: bool = False,
    ) -> None:
        """A large rectangle; its title is bound to its top, or, if `free`, written on it."""
        self._style("r", "stroke", f"label[title={stroke}]")
        self._shape("", name, (x, y, w, h), "" if free else title, top=True)
        self.touch()
        self._style("r", "stroke", "label[title=Solid]")
        self._rest()
        if free:
            self.text(f"{name}_title", x + 14, y + 10, title)

    def frame(self, name: str, x: float, y: float, w: float, h: float, title: str) -> None:
        """Excalidraw's frame, renamed at its title."""
        self._shape("f", name, (x, y, w, h), "")
        left, top, _, _ = self._bounds(name)
        self._page.mouse.dblclick(left + 18, top - 10)
        self._page.wait_for_timeout(150)
        self._page.keyboard.type(title)
        self._page.keyboard.press("Enter")
        self.touch()

    def text(self, name: str, x: float, y: float, words: str) -> None:
        """Free text from its left upper corner."""
        self._key("t")
        known = set(self._canvas.elements)
        self._page.mouse.click(*self._aim((x, y)))
        self._page.wait_for_selector(_EDITOR)
        self._page.keyboard.type(words)
        self._page.keyboard.press("Escape")
        self._keep(name, known)
        self._rest()

    def onto(self, name: str, target: str, dx: float = 0, dy: float = 0) -> None:
        """Drag something until its middle lies on that of another, moved by `dx` and `dy`."""
        grip, (x, y) = self._grip(name), middle(self._bounds(target))
        own = middle(self._bounds(name))
        self._drag([grip, (grip[0] + x + dx - own[0], grip[1] + y + dy - own[1])])
        self._rest()

    def arrow(  # noqa: PLR0913, PLR0917  (one step of a plan is one line)
        self,
        source: Place,
        target: Place,
        label: str = "",
        name: str = "",
        via: Sequence[Sequence[float]] = (),
        free: bool = False,
        form: str = "round",
        heads: Sequence[str] = ("None", "Arrow"),
    ) -> None:
        """An arrow, clicked together where it leads over points; `free` keeps it from binding."""
        self._style("a", "arrow", _FORM.format(form=form))
        self._choose_heads(heads)
        self._stroke("", name, self._way(source, target, via), free=free)
        if label:
            self._write(label)
        self._rest()

    def line(self, points: Sequence[Sequence[float]], name: str = "") -> None:
        """A line over points; one that comes back to its start is a closed shape."""
        self._stroke("l", name, [self._aim(point) for point in points])
        self._rest()

    def loop(self, name: str, x: float, y: float, w: float, h: float, round_: bool = False) -> None:
        """A box, or with `round_` an ellipse, with the pen; it closes a little off its start."""
        along = along_ellipse if round_ else along_rectangle
        self.pen(name, [along(step / 48, x, y, w, h) for step in range(50)])

    def pen(self, name: str, points: Sequence[Sequence[float]]) -> None:
        """A stroke of the pen."""
        self._key("p")
        known = set(self._canvas.elements)
        self._drag([self._aim(point) for point in points], steps=3)
        self._keep(name, known)
        self._rest()

    def move(self, name: str, dx: float, dy: float) -> None:
        """Drag something elsewhere."""
        x, y = self._grip(name)
        self._drag([(x, y), (x + dx, y + dy)])
        self._rest()

    def delete(self, name: str) -> None:
        """Select something and delete it."""
        self._select([name])
        self._page.keyboard.press("Delete")
        self._rest()

    def group(self, *names: str) -> None:
        """Group what is named."""
        self._select(names)
        self._page.keyboard.press("Control+g")
        self._rest()

    def rotate(self, name: str, degrees: float) -> None:
        """Turn something clockwise by the handle above it."""
        self._select([name])
        bounds = self._bounds(name)
        centre, reach = middle(bounds), (bounds[3] - bounds[1]) / 2 + HANDLE_PX
        self._drag([turned(centre, reach, 0), turned(centre, reach, degrees)])
        self._rest()

    def touch(self) -> None:
        """Click into an empty corner, which gives the canvas the keyboard."""
        canvas = self._canvas
        self._page.mouse.click(canvas.left + canvas.width - 200, canvas.top + canvas.height - 150)
        self._page.wait_for_timeout(60)

    def fit(self) -> None:
        """Bring all that is drawn into view."""
        self.touch()
        self._key("Shift+1")

    def _shape(
        self, key: str, name: str, area: tuple[float, ...], label: str, top: bool = False
    ) -> None:
        x, y, w, h = area
        self._stroke(key, name, [self._aim((x, y)), self._aim((x + w, y + h))])
        if label:
            self._write(label)
            if top:
                self._page.click("label:has([data-testid=align-top])")
        self._rest()

    def _stroke(self, key: str, name: str, way: Sequence[Point], *, free: bool = False) -> None:
        if key:
            self._key(key)
        known = set(self._canvas.elements)
        if free:
            self._page.keyboard.down("Control")
        if len(way) == 2:
            self._drag(way)
        else:
            self._click_along(way)
        if free:
            self._page.keyboard.up("Control")
        self._keep(name, known)

    def _drag(self, way: Sequence[Point], steps: int = 8) -> None:
        mouse = self._page.mouse
        mouse.move(*way[0])
        mouse.down()
        for point in way[1:]:
            mouse.move(*point, steps=steps)
        mouse.up()
        self._canvas.settle()

    def _click_along(self, way: Sequence[Point]) -> None:
        for point in way:
            self._page.mouse.move(*point, steps=4)
            self._page.mouse.click(*point)
            self._page.wait_for_timeout(
                350
            )  # Two clicks in quick succession would be a double one.
        if way[0] != way[-1]:
            self._page.keyboard.press("Escape")
        self._canvas.settle()

    def _write(self, words: str) -> None:
        self._page.keyboard.press("Enter")
        self._page.wait_for_selector(_EDITOR)
        self._page.keyboard.type(words)
        self._page.keyboard.press("Escape")
        self._canvas.settle()

    def _style(self, key: str, what: str, wanted: str) -> None:
        self._key(key)
        if self._chosen[what] != wanted:
            self._page.click(wanted)
            self._chosen[what] = wanted

    def _choose_heads(self, heads: Sequence[str]) -> None:
        for end, head in enumerate(heads):
            if self._heads[end] != head:
                picker = f"button[aria-label=arrowhead_{'end' if end else 'start'}]"
                self._page.click(picker)
                self._page.click(f".picker-option[aria-label='{head}']")
                self._page.click(picker)
                self._heads[end] = head

    def _select(self, names: Sequence[str]) -> None:
        self._rest()
        for name in names:
            shift = ["Shift"] if name != names[0] else []
            self._page.mouse.move(*self._grip(name))
            for key in shift:
                self._page.keyboard.down(key)
            self._page.mouse.click(*self._grip(name))
            for key in shift:
                self._page.keyboard.up(key)
        self._page.wait_for_timeout(60)

    def _rest(self) -> None:
        self._page.keyboard.press("Escape")
        self._page.keyboard.press("Escape")
        self._canvas.settle(30)

    def _key(self, key: str) -> None:
        self._page.keyboard.press(key)
        self._page.wait_for_timeout(60)

    def _keep(self, name: str, known: set[str]) -> None:
        new: list[str] = []
        for _ in range(PATIENCE):
            self._canvas.settle()
            if new := sorted(set(self._canvas.elements) - known, key=self._is_text):
                break
        assert new, f"nothing was drawn as {name or 'an arrow'}"
        if name:
            self._ids[name] = new[0]

    def _is_text(self, element_id: str) -> bool:
        return self._canvas.elements[element_id]["type"] == "text"

    def _aim(self, place: Sequence[float]) -> Point:
        miss = (self._chance.uniform(-self._wobble, self._wobble) for _ in range(2))
        x, y = (value + off for value, off in zip(place, miss, strict=True))
        return self._canvas.left + CORNER[0] + x, self._canvas.top + CORNER[1] + y

    def _way(self, source: Place, target: Place, via: Sequence[Sequence[float]]) -> list[Point]:
        turns = [self._aim(point) for point in via]
        first = self._end(source, turns[0] if turns else self._centre(target))
        last = self._end(target, turns[-1] if turns else self._centre(source))
        return [first, *turns, last]

    def _centre(self, place: Place) -> Point:
        if not isinstance(place, str):
            return self._aim(place)
        return middle(self._bounds(read_spot(place).name))

    def _end(self, place: Place, other: Point) -> Point:
        if not isinstance(place, str):
            return self._aim(place)
        spot = read_spot(place)
        (x, y), side = spot.point(self._bounds(spot.name), other)
        slip = self._chance.uniform(-1, 1) * self._wobble
        return (x + slip, y) if side in "tb" else (x, y + slip)

    def _bounds(self, name: str) -> Bounds:
        element = self._canvas.elements[self._ids[name]]
        x, y = element["x"], element["y"]
        points = element.get("points") or [(0, 0), (element["width"], element["height"])]
        return bounds_of([self._seen(x + right, y + down) for right, down in points])

    def _seen(self, x: float, y: float) -> Point:
        return (
            self._canvas.left + (x + self._scroll[0]) * self._zoom,
            self._canvas.top + (y + self._scroll[1]) * self._zoom,
        )

    def _grip(self, name: str) -> Point:
        """Where something can be taken hold of: its text, its line, or else its left border."""
        element = self._canvas.elements[self._ids[name]]
        left, top, right, bottom = self._bounds(name)
        if element.get("points"):
            x, y = element["points"][len(element["points"]) // 3]
            return self._seen(element["x"] + x, element["y"] + y)
        bound = [one["type"] for one in element["boundElements"] or ()]
        if element["type"] == "text" or "text" in bound:
            return (left + right) / 2, (top + bottom) / 2
        if element["type"] == "frame":
            return left + (right - left) * 0.7, top
        share = 0.3 if element["type"] == "rectangle" else 0.5
        return left, top + (bottom - top) * share
