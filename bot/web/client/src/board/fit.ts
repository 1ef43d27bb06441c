import type { WireElement } from "./stamps.ts";

/** How many points of a stroke the server keeps; of more it takes as many, evenly spread. */
const MOST_POINTS = 2_000;

type Point = readonly [number, number];

/**
 * The element as the server keeps it: as many points, and as exact. `whiteboard/elements.py` does
 * the same with whatever comes; done here, a long pen stroke is small enough to be sent.
 */
export function fit<E extends WireElement>(element: E): E {
  if (!("points" in element) || !Array.isArray(element.points)) return element;
  const points = thin(element.points as readonly Point[]).map((point) => rounded(point, 100));
  const fitted = { ...element, points };
  if (!("pressures" in element) || !Array.isArray(element.pressures)) return fitted;
  return { ...fitted, pressures: rounded(thin(element.pressures as readonly number[]), 1_000) };
}

/** At most `MOST_POINTS` of the items, evenly spread, the first and the last among them. */
function thin<T>(items: readonly T[]): readonly T[] {
  if (items.length <= MOST_POINTS) return items;
  const step = (items.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, place) => items[Math.round(place * step)]!);
}

function rounded(numbers: readonly number[], parts: number): number[] {
  return numbers.map((number) => Math.round(number * parts) / parts);
}
