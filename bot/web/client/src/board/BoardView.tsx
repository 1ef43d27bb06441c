import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useEffect, useRef, type JSX, type KeyboardEvent } from "react";

import { useStore } from "../store.ts";
import { useTheme } from "../theme.ts";
import { Notice } from "../Notice.tsx";
import { Canvas } from "./Canvas.tsx";
import { isIdle, leadsElsewhere } from "./keys.ts";
import type { LiveBoard } from "./live.ts";
import { Palette } from "./Palette.tsx";
import type { BoardState } from "./sync.ts";

interface BoardViewProps {
  readonly board: LiveBoard;
  readonly over: boolean;
  readonly announce: (text: string) => void;
}

/** The palette, the canvas, and what has to be said over it. */
export function BoardView({ board, over, announce }: BoardViewProps): JSX.Element {
  const theme = useTheme();
  const role = useStore(board.state, (state) => state.role);
  const refusal = useStore(board.state, (state) => state.refusal);
  const status = useStore(board.state, (state) => state.status);
  const area = useRef<HTMLDivElement>(null);
  const readOnly = role !== "edit" || over || status === "refused";
  useFlushOnLeaving(board);
  useWarningOnLeaving(board);

  const toCanvas = (): void => focusCanvas(area.current);
  const onKey = (event: KeyboardEvent): void => {
    if (leadsElsewhere(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Escape" && board.canvas && escape(board.canvas)) {
      event.stopPropagation();
    }
  };

  return (
    <main className="board" id="board" aria-label="Whiteboard">
      {!over && role !== "view" && (
        <Palette board={board} enabled={!readOnly} announce={announce} toCanvas={toCanvas} />
      )}
      <div className="canvas" ref={area} onKeyDownCapture={onKey}>
        <Canvas board={board} theme={theme} readOnly={readOnly} />
        <Cover state={{ role, status }} />
        {refusal && (
          <Notice tone="bad" onClose={() => board.state.set({ refusal: "" })}>
            Not saved: {refusal}
          </Notice>
        )}
      </div>
    </main>
  );
}

/** What lies over the canvas while there is no board to draw on. */
function Cover({ state }: { state: Pick<BoardState, "role" | "status"> }): JSX.Element | null {
  const { role, status } = state;
  if (role !== null || status === "refused") return null;
  return (
    <div className="cover" role="status">
      <span className="spinner" aria-hidden="true" />
      {status === "offline" ? "The server does not answer. Trying again…" : "Opening the board…"}
    </div>
  );
}

/**
 * Escape drops the selection, then leads to the parts, once Excalidraw has nothing to end. A dialog
 * is closed here: the list of shortcuts takes no focus, and so would not hear of the key.
 */
function escape(canvas: ExcalidrawImperativeAPI): boolean {
  const state = canvas.getAppState();
  if (state.openDialog) {
    canvas.updateScene({ appState: { openDialog: null } });
    return true;
  }
  if (!isIdle(state)) return false;
  if (Object.keys(state.selectedElementIds).length > 0) {
    canvas.updateScene({ appState: { selectedElementIds: {} } });
  } else {
    document.querySelector<HTMLElement>("#parts button[tabindex='0']")?.focus();
  }
  return true;
}

export function focusCanvas(area: ParentNode | null): void {
  area?.querySelector<HTMLElement>(".excalidraw-container, .excalidraw")?.focus();
}

/** Asks before the page is left while what was drawn last is nowhere else. */
function useWarningOnLeaving(board: LiveBoard): void {
  const atRisk = useStore(board.state, (state) => state.atRisk);
  useEffect(() => {
    if (!atRisk) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [atRisk]);
}

function useFlushOnLeaving(board: LiveBoard): void {
  useEffect(() => {
    const flush = (): void => board.flush();
    const back = (): void => {
      if (document.visibilityState === "visible") board.retry();
      else board.flush();
    };
    const retry = (): void => board.retry();
    window.addEventListener("pagehide", flush);
    window.addEventListener("online", retry);
    document.addEventListener("visibilitychange", back);
    return () => {
      window.removeEventListener("pagehide", flush);
      window.removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", back);
    };
  }, [board]);
}
