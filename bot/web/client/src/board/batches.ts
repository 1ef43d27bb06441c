import type { WireElement } from "./stamps.ts";

/** The server keeps no element above this, as UTF-8 JSON. */
const MAX_ELEMENT_BYTES = 64 * 1024;
const MAX_BATCH_BYTES = 160 * 1024;
const MAX_BATCH_ELEMENTS = 200;

/** Pictures and embedded pages are not kept on this board. */
const NOT_KEPT: ReadonlySet<string> = new Set(["image", "embeddable", "iframe", "selection"]);

const encoder = new TextEncoder();

/** Whether the board keeps such an element at all. */
export function isKept(element: WireElement): boolean {
  return !NOT_KEPT.has(element.type) && !isBlankText(element);
}

/** A text just begun: others' canvases would take it for a deleted one. */
export function isBlankText(element: WireElement): boolean {
  return element.type === "text" && !element.isDeleted && "text" in element && element.text === "";
}

export interface Batches {
  readonly batches: readonly (readonly WireElement[])[];
  readonly tooLarge: readonly WireElement[];
}

/** Splits elements into messages of a size that the server takes. */
export function split(elements: readonly WireElement[]): Batches {
  const batches: WireElement[][] = [];
  const tooLarge: WireElement[] = [];
  let room = 0;
  for (const element of elements) {
    const size = encoder.encode(JSON.stringify(element)).length;
    if (size > MAX_ELEMENT_BYTES) {
      tooLarge.push(element);
      continue;
    }
    const last = batches.at(-1);
    if (last === undefined || size > room || last.length >= MAX_BATCH_ELEMENTS) {
      batches.push([element]);
      room = MAX_BATCH_BYTES - size;
    } else {
      last.push(element);
      room -= size;
    }
  }
  return { batches, tooLarge };
}
