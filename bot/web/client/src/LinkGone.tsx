import type { JSX } from "react";

import type { LiveBoard } from "./board/live.ts";
import { Dialog } from "./Dialog.tsx";
import { LINK_ENDED } from "./line.ts";
import { useStore } from "./store.ts";
import type { Talk } from "./talk/talk.ts";

const EXPIRED = "This link has expired or was withdrawn";
const LOST = "What you drew last was not saved, and is not kept on this device.";
const KEPT =
  "What you drew last is not saved yet. This browser keeps it, and sends it once a new link is open here.";

interface LinkGoneProps {
  readonly board: LiveBoard;
  readonly talk: Talk;
}

/** Said over the page when the link that led here opens nothing any more. */
export function LinkGone({ board, talk }: LinkGoneProps): JSX.Element | null {
  const atBoard = useStore(board.state, (state) => (state.status === "refused" ? state.closed : 0));
  const atTalk = useStore(talk.state, (state) => (state.status === "refused" ? state.closed : 0));
  const unsaved = useStore(board.state, (state) => state.unsaved);
  const atRisk = useStore(board.state, (state) => state.atRisk);
  const code = atBoard || atTalk;
  if (!code) return null;
  return (
    <Dialog title={code === LINK_ENDED ? EXPIRED : "This page needs a link"}>
      <p>Ask whoever runs the interview for a new one, and open it in this browser.</p>
      {unsaved > 0 && <p>{atBoard === LINK_ENDED || atRisk ? LOST : KEPT}</p>}
    </Dialog>
  );
}
