import type { JSX } from "react";

import type { LiveBoard } from "./board/live.ts";
import type { BoardState } from "./board/sync.ts";
import type { Person } from "./board/wire.ts";
import type { LineStatus } from "./line.ts";
import { useStore } from "./store.ts";
import { isOver, type Talk } from "./talk/talk.ts";

interface StatusProps {
  readonly board: LiveBoard;
  readonly talk: Talk;
}

/** How the page stands with the server, and who else is here. */
export function Status({ board, talk }: StatusProps): JSX.Element {
  const state = useStore(board.state, (value) => value);
  const talking = useStore(talk.state, (value) => value.status);
  const over = useStore(talk.state, isOver);
  const { tone, text } = describe(state, talking, over);
  const others = state.people.filter((person) => person.id !== state.you);
  return (
    <div className="status">
      <span className="pill" role="status" data-tone={tone} data-testid="status">
        {text}
      </span>
      {others.length > 0 && <span className="people">{withWhom(others)}</span>}
    </div>
  );
}

interface Said {
  readonly tone: "good" | "waiting" | "bad";
  readonly text: string;
}

function describe(board: BoardState, talk: LineStatus, over: boolean): Said {
  const lines = [board.status, talk];
  if (lines.includes("refused")) return { tone: "bad", text: "Link no longer valid" };
  if (board.status === "offline" && board.role !== null) {
    return board.role === "edit"
      ? { tone: "waiting", text: "Offline: kept on this device, sent when the line is back" }
      : { tone: "waiting", text: "Offline: trying again" };
  }
  if (lines.includes("offline")) return { tone: "waiting", text: "Offline: trying again" };
  if (lines.includes("connecting")) return { tone: "waiting", text: "Connecting" };
  return board.role === "view" || over
    ? { tone: "good", text: "Read-only" }
    : { tone: "good", text: "Live" };
}

function withWhom(others: readonly Person[]): string {
  const names = others.map(({ name, role }) => (role === "view" ? `${name} (viewing)` : name));
  return `with ${names.join(", ")}`;
}
