/** Where a new box fits. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** Between boxes, so that an arrow and its label fit. */
const GAP = 64;
/** How finely and how far places are tried, in pixels and in steps to each side. */
const STEP = 24;
const STEPS = 30;

/**
 * The free place nearest to the middle of the view, its left upper corner. A box may lie within a
 * zone, never across its border. Where all is taken the middle itself, moved a little.
 */
export function freePlace(
  view: Rect,
  size: Size,
  boxes: readonly Rect[],
  zones: readonly Rect[],
): { x: number; y: number } {
  const middle = {
    x: view.x + (view.width - size.width) / 2,
    y: view.y + (view.height - size.height) / 2,
  };
  const fits = (place: Rect): boolean =>
    boxes.every((box) => !overlaps(place, box, GAP)) &&
    zones.every((zone) => !overlaps(place, zone, 0) || holds(zone, place));
  const places = around(middle, size);
  const seen = places.filter((place) => holds(view, place));
  const { x, y } = [...seen, ...places].find(fits) ?? {
    x: middle.x + GAP / 2,
    y: middle.y + GAP / 2,
  };
  return { x: Math.round(x), y: Math.round(y) };
}

/** The rectangle around some others, with a margin, and more of it above for a title. */
export function frameOf(inside: readonly Rect[], margin: number, title: number): Rect {
  const left = Math.min(...inside.map((one) => one.x)) - margin;
  const top = Math.min(...inside.map((one) => one.y)) - margin - title;
  const right = Math.max(...inside.map((one) => one.x + one.width)) + margin;
  const bottom = Math.max(...inside.map((one) => one.y + one.height)) + margin;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function around(middle: { x: number; y: number }, size: Size): Rect[] {
  const places: (Rect & { far: number })[] = [];
  for (let column = -STEPS; column <= STEPS; column += 1) {
    for (let row = -STEPS; row <= STEPS; row += 1) {
      const [dx, dy] = [column * STEP, row * STEP];
      // A drawing reads from left to right: rows are filled before columns, to the right first.
      const far = Math.hypot(dx, dy * 2.4) + (dx < 0 ? 1 : 0);
      places.push({ ...size, x: middle.x + dx, y: middle.y + dy, far });
    }
  }
  return places.sort((one, other) => one.far - other.far);
}

function overlaps(one: Rect, other: Rect, gap: number): boolean {
  return (
    one.x < other.x + other.width + gap &&
    other.x < one.x + one.width + gap &&
    one.y < other.y + other.height + gap &&
    other.y < one.y + one.height + gap
  );
}

function holds(outer: Rect, inner: Rect): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
