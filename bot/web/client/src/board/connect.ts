import {
  CaptureUpdateAction,
  convertToExcalidrawElements,
  FONT_FAMILY,
  newElementWith,
} from "@excalidraw/excalidraw";
import type { ExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";

import { borderPoint } from "./borders.ts";

/** A shape that arrows may join, by the name on it. */
export interface End {
  readonly id: string;
  readonly name: string;
}

const GAP = 6;
const SHAPES: ReadonlySet<string> = new Set(["rectangle", "ellipse", "diamond"]);

/** The labelled shapes of the board in alphabetical order. */
export function ends(api: ExcalidrawImperativeAPI): End[] {
  const scene = api.getSceneElements();
  const labels = new Map(
    scene.flatMap((one) =>
      one.type === "text" && one.containerId ? [[one.containerId, one.originalText] as const] : [],
    ),
  );
  return scene
    .flatMap((one) => {
      const name = SHAPES.has(one.type) ? labels.get(one.id) : undefined;
      return name ? [{ id: one.id, name }] : [];
    })
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Draws an arrow from one shape to another, bound to both; false where one of them is gone. */
export function connect(
  api: ExcalidrawImperativeAPI,
  from: string,
  to: string,
  label: string,
): boolean {
  const scene = api.getSceneElementsIncludingDeleted();
  const [source, target] = [from, to].map((id) => scene.find((one) => one.id === id));
  if (!source || !target || source === target) return false;
  const added = arrow(source, target, label);
  const bound = { id: added[0]!.id, type: "arrow" as const };
  const joined = scene.map((one) =>
    one === source || one === target
      ? newElementWith(one as ExcalidrawElement, {
          boundElements: [...(one.boundElements ?? []), bound],
        })
      : one,
  );
  api.updateScene({
    elements: [...joined, ...added],
    appState: { selectedElementIds: { [bound.id]: true } },
    captureUpdate: CaptureUpdateAction.IMMEDIATELY,
  });
  return true;
}

function arrow(source: ExcalidrawElement, target: ExcalidrawElement, label: string) {
  const start = borderPoint(source, target, GAP);
  const end = borderPoint(target, source, GAP);
  const elements = convertToExcalidrawElements([
    {
      type: "arrow",
      x: start.x,
      y: start.y,
      points: [
        [0, 0],
        [end.x - start.x, end.y - start.y],
      ] as never,
      roughness: 0,
      endArrowhead: "arrow",
      ...(label ? { label: { text: label, fontFamily: FONT_FAMILY.Nunito, fontSize: 16 } } : {}),
    },
  ]);
  return elements.map((element) => {
    const placed = { ...element, index: null };
    if (placed.type !== "arrow") return placed;
    const bind = (to: ExcalidrawElement) => ({ elementId: to.id, focus: 0, gap: GAP });
    return { ...placed, startBinding: bind(source), endBinding: bind(target) };
  });
}
