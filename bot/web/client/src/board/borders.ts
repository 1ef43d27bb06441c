import type { Rect } from "./room.ts";

interface Outline extends Rect {
  readonly type: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the line from the middle of `from` to the middle of `to` leaves it, `gap` outside. */
export function borderPoint(from: Outline, to: Rect, gap: number): Point {
  const [middle, other] = [middleOf(from), middleOf(to)];
  const [dx, dy] = [other.x - middle.x, other.y - middle.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return middle;
  const share = reach(from, dx / length, dy / length) + gap;
  return { x: middle.x + (dx / length) * share, y: middle.y + (dy / length) * share };
}

/** How far the outline is from its middle in a direction of length 1. */
function reach({ type, width, height }: Outline, dx: number, dy: number): number {
  const [across, down] = [Math.abs(dx) / (width / 2), Math.abs(dy) / (height / 2)];
  if (type === "ellipse") return 1 / Math.hypot(across, down);
  if (type === "diamond") return 1 / (across + down);
  return 1 / Math.max(across, down);
}

function middleOf({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
