import type { JSX } from "react";

import type { LiveBoard } from "./board/live.ts";
import { Dialog } from "./Dialog.tsx";
import { useStore } from "./store.ts";
import type { Talk } from "./talk/talk.ts";

/** The close code for a link that was valid when the page opened. */
const WITHDRAWN = 4403;
const EXPIRED = "This link has expired or was withdrawn";

interface LinkGoneProps {
  readonly board: LiveBoard;
  readonly talk: Talk;
}

/** Said over the page when the link that led here opens nothing any more. */
export function LinkGone({ board, talk }: LinkGoneProps): JSX.Element | null {
  const atBoard = useStore(board.state, (state) => (state.status === "refused" ? state.closed : 0));
  const atTalk = useStore(talk.state, (state) => (state.status === "refused" ? state.closed : 0));
  const unsaved = useStore(board.state, (state) => state.unsaved);
  const code = atBoard || atTalk;
  if (!code) return null;
  return (
    <Dialog title={code === WITHDRAWN ? EXPIRED : "This page needs a link"}>
      <p>Ask whoever runs the interview for a new one, and open it in this browser.</p>
      {unsaved > 0 && <p>What you drew last was not saved, and is not kept on this device.</p>}
    </Dialog>
  );
}
