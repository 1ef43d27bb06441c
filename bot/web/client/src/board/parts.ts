import {
  CaptureUpdateAction,
  convertToExcalidrawElements,
  FONT_FAMILY,
  ROUNDNESS,
} from "@excalidraw/excalidraw";
import type { ExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";

import type { Look } from "./palette.ts";
import { frameOf, freePlace, type Rect } from "./room.ts";

const LABEL = { fontFamily: FONT_FAMILY.Nunito, fontSize: 18 } as const;
/** What Excalidraw lays over the canvas: its toolbar, and on a wide canvas the styles at the left. */
const TOOLBAR_PX = 72;
const STYLES_PX = 228;
const WIDE_PX = 730;

/** Around what is selected when a zone is drawn, in pixels. */
const ZONE_MARGIN = 32;
const ZONE_TITLE = 24;

/** A new part as elements: the shape and the label bound to it. */
export function partElements(look: Look, { x, y, width, height }: Rect): ExcalidrawElement[] {
  const zone = look.shape === "zone";
  const elements = convertToExcalidrawElements([
    {
      type: look.shape === "zone" ? "rectangle" : look.shape,
      x,
      y,
      width,
      height,
      strokeColor: look.stroke,
      backgroundColor: look.fill,
      fillStyle: "solid",
      strokeStyle: zone ? "dashed" : "solid",
      strokeWidth: 2,
      roughness: 0,
      roundness: look.shape === "rectangle" ? { type: ROUNDNESS.ADAPTIVE_RADIUS } : null,
      customData: { kind: look.kind },
      label: {
        text: look.title,
        strokeColor: zone ? look.stroke : "#1e1e1e",
        verticalAlign: zone ? "top" : "middle",
        ...LABEL,
      },
    },
  ]);
  // Excalidraw gives an index to what has none, between its neighbours.
  return elements.map((element) => ({ ...element, index: null }));
}

/**
 * Puts a part on the board, selected: into free room near the middle of the view, or, for a zone,
 * around the parts that are selected.
 */
export function place(api: ExcalidrawImperativeAPI, look: Look): void {
  const added = partElements(look, placeFor(api, look));
  const all = api.getSceneElementsIncludingDeleted();
  const shape = added.find((element) => element.type !== "text");
  // A zone goes behind all others, or it would catch the clicks on what it holds.
  api.updateScene({
    elements: look.shape === "zone" ? [...added, ...all] : [...all, ...added],
    appState: { selectedElementIds: shape ? { [shape.id]: true } : {} },
    captureUpdate: CaptureUpdateAction.IMMEDIATELY,
  });
  api.setActiveTool({ type: "selection" });
}

function placeFor(api: ExcalidrawImperativeAPI, look: Look): Rect {
  const shapes = api
    .getSceneElements()
    .filter((element) => !isInside(element) && element.type !== "arrow");
  const [zones, boxes] = [shapes.filter(isZone), shapes.filter((element) => !isZone(element))];
  const zone = look.shape === "zone";
  const chosen = boxes.filter((box) => api.getAppState().selectedElementIds[box.id]);
  if (zone && chosen.length > 1) return frameOf(chosen, ZONE_MARGIN, ZONE_TITLE);
  const { width, height } = look;
  const free = freePlace(viewOf(api), { width, height }, boxes, zone ? [] : zones);
  return { ...free, width, height };
}

function isInside(element: ExcalidrawElement): boolean {
  return element.type === "text" && element.containerId !== null;
}

function isZone(element: ExcalidrawElement): boolean {
  return element.type === "frame" || element.customData?.["kind"] === "trust_boundary";
}

function viewOf(api: ExcalidrawImperativeAPI): Rect {
  const { scrollX, scrollY, zoom, width, height } = api.getAppState();
  const left = width >= WIDE_PX ? STYLES_PX : 0;
  return {
    x: left / zoom.value - scrollX,
    y: TOOLBAR_PX / zoom.value - scrollY,
    width: (width - left) / zoom.value,
    height: (height - 2 * TOOLBAR_PX) / zoom.value,
  };
}
