import type { AppState } from "@excalidraw/excalidraw/types";
import type { KeyboardEvent } from "react";

/** Excalidraw's shortcuts to what this board does not have: pictures, links, files. */
export function leadsElsewhere(event: KeyboardEvent): boolean {
  const command = event.ctrlKey || event.metaKey;
  if (command) return ["k", "o", "s"].includes(event.key.toLowerCase());
  if (isWriting(event.target)) return false;
  return !event.shiftKey && !event.altKey && event.key === "9";
}

/** Whether Escape has nothing to end that Excalidraw itself would end. */
export function isIdle(state: AppState): boolean {
  return (
    state.activeTool.type === "selection" &&
    !state.editingLinearElement &&
    !state.editingTextElement &&
    !state.newElement &&
    !state.multiElement &&
    !state.openDialog &&
    !state.openMenu &&
    !state.openPopup &&
    !state.openSidebar &&
    !state.contextMenu
  );
}

function isWriting(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
