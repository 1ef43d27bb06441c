import type { JSX } from "react";

import type { LiveBoard } from "./board/live.ts";
import { useStore } from "./store.ts";
import type { Talk } from "./talk/talk.ts";

/** The close code for a link that was valid when the page opened. */
const WITHDRAWN = 4403;

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
    <div className="gone" role="alertdialog" aria-labelledby="gone-title">
      <div>
        <h2 id="gone-title">
          {code === WITHDRAWN ? "This link has expired or was withdrawn" : "This page needs a link"}
        </h2>
        <p>Ask whoever runs the interview for a new one, and open it in this browser.</p>
        {unsaved > 0 && <p>What you drew last is kept on this device until then.</p>}
      </div>
    </div>
  );
}
