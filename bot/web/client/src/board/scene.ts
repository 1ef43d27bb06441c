import { CaptureUpdateAction, reconcileElements, restoreElements } from "@excalidraw/excalidraw";
import type { RemoteExcalidrawElement } from "@excalidraw/excalidraw/data/reconcile";
import type { OrderedExcalidrawElement } from "@excalidraw/excalidraw/element/types";
import type { AppState, ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";

import { isBlankText } from "./batches.ts";
import { Deferral } from "./deferral.ts";
import { isSame, type WireElement } from "./stamps.ts";
import type { Scene } from "./sync.ts";

/** The canvas of Excalidraw. */
export class CanvasScene implements Scene {
  private readonly api: ExcalidrawImperativeAPI;
  private readonly deferral = new Deferral<WireElement>();

  constructor(api: ExcalidrawImperativeAPI) {
    this.api = api;
  }

  elements(): readonly WireElement[] {
    return this.api.getSceneElementsIncludingDeleted();
  }

  merge(remote: readonly WireElement[]): void {
    const local = this.api.getSceneElementsIncludingDeleted();
    const before = new Map<string, WireElement>(local.map((element) => [element.id, element]));
    const fresh = remote.filter((one) => !isBlankText(one) && !isSame(one, before.get(one.id)));
    if (fresh.length === 0) return;
    const state = this.api.getAppState();
    this.deferral.note(fresh, before, edited(state));
    this.put(reconcileElements(local, revive(fresh) as RemoteExcalidrawElement[], state));
  }

  replace(elements: readonly WireElement[]): void {
    this.deferral.clear();
    this.put(revive(elements.filter((element) => !isBlankText(element))));
    this.api.history.clear();
  }

  /** Brings what is drawn into view. */
  center(): void {
    if (this.api.getSceneElements().length === 0) return;
    this.api.scrollToContent(undefined, { fitToContent: true, animate: false });
  }

  settle(): void {
    const local = this.api.getSceneElementsIncludingDeleted();
    const now = new Map<string, WireElement>(local.map((element) => [element.id, element]));
    const { take, raise } = this.deferral.settle(now, edited(this.api.getAppState()));
    if (take.length) this.merge(take);
    if (raise.length === 0) return;
    const above = new Map(raise.map((one) => [one.id, one.above]));
    this.put(
      this.api.getSceneElementsIncludingDeleted().map((element) => {
        const version = above.get(element.id);
        if (version === undefined) return element;
        return { ...element, version: version + 1, versionNonce: nonce() };
      }),
    );
  }

  private put(elements: readonly OrderedExcalidrawElement[]): void {
    this.api.updateScene({ elements, captureUpdate: CaptureUpdateAction.NEVER });
  }
}

/** The elements that Excalidraw will not let others change at this moment. */
function edited(state: AppState): ReadonlySet<string> {
  const busy = [state.editingTextElement, state.resizingElement, state.newElement];
  return new Set(busy.flatMap((element) => (element ? [element.id] : [])));
}

/**
 * Elements from the wire with every field that Excalidraw relies on. They go in by their own order,
 * since Excalidraw writes new indices over those that are out of order. Tombstones stay as they
 * are: it would drop the small ones, and a deletion with them.
 */
function revive(elements: readonly WireElement[]): OrderedExcalidrawElement[] {
  const inOrder = [...elements].sort(byIndex) as unknown as OrderedExcalidrawElement[];
  const alive = restoreElements(
    inOrder.filter((element) => !element.isDeleted),
    null,
  );
  return [...alive, ...inOrder.filter((element) => element.isDeleted)];
}

function byIndex(one: WireElement, other: WireElement): number {
  const [left, right] = [one.index ?? "", other.index ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

function nonce(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
}
