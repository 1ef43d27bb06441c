import { useEffect, useState, type JSX } from "react";

import { Icon } from "./icons.tsx";
import { useStore } from "./store.ts";
import { timeInWords, useElapsed } from "./talk/clock.ts";
import type { Talk } from "./talk/talk.ts";
import type { Turn } from "./talk/wire.ts";

export type Tab = "board" | "talk";

interface TabsProps {
  readonly talk: Talk;
  readonly tab: Tab;
  readonly onChange: (tab: Tab) => void;
}

/** On a phone: one of board and talk at a time, with the last question above the board. */
export function Tabs({ talk, tab, onChange }: TabsProps): JSX.Element {
  const turns = useStore(talk.state, (state) => state.turns);
  const question = lastQuestion(turns);
  const news = useUnread(question?.key, tab);
  return (
    <>
      {question && (
        <button type="button" className="peek" onClick={() => onChange("talk")}>
          <span className="peek-time">
            <StageTime talk={talk} />
          </span>
          <span className="peek-text">{question.text}</span>
        </button>
      )}
      <nav className="tabs" aria-label="Views">
        <button
          type="button"
          aria-current={tab === "board" ? "page" : undefined}
          onClick={() => onChange("board")}
        >
          <Icon name="board" /> Board
        </button>
        <button
          type="button"
          aria-current={tab === "talk" ? "page" : undefined}
          onClick={() => onChange("talk")}
        >
          <Icon name="talk" /> Talk
          {news && <span className="news" role="status" aria-label="Something new was said" />}
        </button>
      </nav>
    </>
  );
}

function StageTime({ talk }: { talk: Talk }): JSX.Element | null {
  const situation = useStore(talk.state, (state) => state.situation);
  const heardAt = useStore(talk.state, (state) => state.heardAt);
  const elapsed = useElapsed(situation, heardAt);
  if (situation === null) return null;
  const title = situation.stages[situation.stage_index]?.title ?? "";
  return (
    <>
      {title} · {timeInWords(situation.stage_left_s - elapsed)}
    </>
  );
}

function lastQuestion(turns: readonly Turn[]): Turn | undefined {
  return turns.findLast((turn) => turn.speaker === "interviewer");
}

function useUnread(key: string | undefined, tab: Tab): boolean {
  const [read, setRead] = useState(key);
  useEffect(() => {
    if (tab === "talk") setRead(key);
  }, [key, tab]);
  return tab !== "talk" && key !== undefined && key !== read;
}
