import type { LiveBoard } from "./board/live.ts";
import type { Talk } from "./talk/talk.ts";

declare global {
  interface Window {
    /** Set before the module loads: where Excalidraw finds its fonts. */
    EXCALIDRAW_ASSET_PATH?: string | string[];
    readonly hotseat?: Readonly<PageFacts>;
  }
}

/** What tests and people with a console open may read of the page. It can change nothing. */
export interface PageFacts {
  /** The board's line: connecting, live, offline or refused. */
  readonly status: string;
  /** edit, view, or null before the server has said. */
  readonly role: string | null;
  readonly epoch: number;
  /** Number of the last batch that the server has committed. */
  readonly acked: number;
  /** Elements that the server is not known to hold. */
  readonly unsaved: number;
  /** Elements on the canvas, without deleted ones. */
  readonly elements: number;
  /** When the canvas could be used first, in milliseconds since navigation; 0 before. */
  readonly usableAt: number;
  /** The talk's line. */
  readonly talk: string;
  /** Answers that the server has not confirmed. */
  readonly unsent: number;
}

export function expose(board: LiveBoard, talk: Talk): void {
  const facts: PageFacts = {
    get status() {
      return board.state.get().status;
    },
    get role() {
      return board.state.get().role;
    },
    get epoch() {
      return board.state.get().epoch;
    },
    get acked() {
      return board.state.get().acked;
    },
    get unsaved() {
      return board.state.get().unsaved;
    },
    get elements() {
      return board.canvas?.getSceneElements().length ?? 0;
    },
    get usableAt() {
      return board.usableAt;
    },
    get talk() {
      return talk.state.get().status;
    },
    get unsent() {
      return talk.state.get().unsent.length;
    },
  };
  Object.defineProperty(window, "hotseat", { value: Object.freeze(facts) });
}
