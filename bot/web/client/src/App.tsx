import { useEffect, useState, type JSX } from "react";
import { flushSync } from "react-dom";

import { BoardView, focusCanvas } from "./board/BoardView.tsx";
import type { LiveBoard } from "./board/live.ts";
import { Icon } from "./icons.tsx";
import type { Role } from "./board/wire.ts";
import { LinkGone } from "./LinkGone.tsx";
import { ShareDialog } from "./sharing/ShareDialog.tsx";
import { Status } from "./Status.tsx";
import { useStore } from "./store.ts";
import { Panel } from "./talk/Panel.tsx";
import { isOver, type Talk } from "./talk/talk.ts";
import type { Situation } from "./talk/wire.ts";
import { Tabs, type Tab } from "./Tabs.tsx";
import { toggleTheme, useTheme } from "./theme.ts";

interface AppProps {
  readonly board: LiveBoard;
  readonly talk: Talk;
}

/** The page of one interview. */
export function App({ board, talk }: AppProps): JSX.Element {
  const [tab, setTab] = useState<Tab>("board");
  const [open, setOpen] = useState(true);
  const [said, announce] = useState("");
  const role = useStore(board.state, (state) => state.role);
  const over = useStore(talk.state, isOver);
  useRegionKey(() => setOpen(true), setTab);
  useRetry(talk);

  return (
    <div className="page" data-panel={open ? "open" : "closed"} data-tab={tab}>
      <nav className="skips" aria-label="Skip">
        <a href="#answer" onClick={() => setTab("talk")}>
          Skip to the answer box
        </a>
        <a href="#parts" onClick={() => setTab("board")}>
          Skip to the parts
        </a>
      </nav>
      <BoardView board={board} over={over} announce={announce} />
      <Panel
        talk={talk}
        role={role}
        head={<Head board={board} talk={talk} onCollapse={() => setOpen(false)} />}
      />
      <button
        type="button"
        className="reopen"
        aria-label="Show the talk"
        onClick={() => setOpen(true)}
      >
        <Icon name="expand" />
        <span>Talk</span>
      </button>
      <Tabs talk={talk} tab={tab} onChange={setTab} />
      <LinkGone board={board} talk={talk} />
      <div className="unseen" role="status">
        {said}
      </div>
    </div>
  );
}

interface HeadProps extends AppProps {
  readonly onCollapse: () => void;
}

function Head({ board, talk, onCollapse }: HeadProps): JSX.Element {
  const theme = useTheme();
  const [sharing, setSharing] = useState(false);
  const role = useStore(board.state, (state) => state.role);
  const shareable = useStore(talk.state, ({ situation }) => mayShare(situation, role));
  const other = theme === "dark" ? "light" : "dark";
  return (
    <header className="head">
      <span className="brand">
        <img src="/static/icon.svg" alt="" width="22" height="22" />
        Hotseat
      </span>
      <Status board={board} talk={talk} />
      {shareable && (
        <button
          type="button"
          className="icon-button"
          aria-label="Share this interview"
          title="Share this interview"
          onClick={() => setSharing(true)}
        >
          <Icon name="share" />
        </button>
      )}
      {sharing && <ShareDialog onClose={() => setSharing(false)} />}
      <button
        type="button"
        className="icon-button"
        aria-label={`Switch to the ${other} theme`}
        title={`Switch to the ${other} theme`}
        onClick={toggleTheme}
      >
        <Icon name={theme === "dark" ? "sun" : "moon"} />
      </button>
      <button
        type="button"
        className="icon-button only-wide"
        aria-label="Hide the talk"
        title="Hide the talk"
        onClick={onCollapse}
      >
        <Icon name="collapse" />
      </button>
    </header>
  );
}

/**
 * Links are the candidate's to hand out. Where answers are given elsewhere, the page cannot tell the
 * candidate from others who draw; the server can, and says so.
 */
function mayShare(situation: Situation | null, role: Role | null): boolean {
  if (situation === null || role === "view") return false;
  return situation.where === "page" ? situation.may_answer : role === "edit";
}

const REGIONS: readonly { tab: Tab; find: () => HTMLElement | null }[] = [
  { tab: "board", find: () => document.querySelector("#parts button[tabindex='0']") },
  { tab: "board", find: () => document.querySelector(".canvas .excalidraw-container") },
  { tab: "talk", find: () => document.querySelector("#answer, #talk .log") },
];

/** F6 moves from parts to canvas to talk, Shift F6 back; the browser's own F6 is not needed here. */
function useRegionKey(openPanel: () => void, show: (tab: Tab) => void): void {
  useEffect(() => {
    const move = (event: KeyboardEvent): void => {
      if (event.key !== "F6") return;
      event.preventDefault();
      const next = nextRegion(event.shiftKey ? -1 : 1);
      // What is hidden takes no focus: the region is shown before it gets it.
      flushSync(() => {
        if (REGIONS[next]!.tab === "talk") openPanel();
        show(REGIONS[next]!.tab);
      });
      if (next === 1) focusCanvas(document);
      else REGIONS[next]!.find()?.focus();
    };
    window.addEventListener("keydown", move, true);
    return () => window.removeEventListener("keydown", move, true);
  }, [openPanel, show]);
}

function nextRegion(step: 1 | -1): number {
  const here = document.activeElement;
  const inside = [".palette", ".canvas", ".panel"].findIndex((place) => here?.closest(place));
  const from = inside < 0 ? (step > 0 ? -1 : 0) : inside;
  let next = from;
  do next = (next + step + REGIONS.length) % REGIONS.length;
  while (REGIONS[next]!.find() === null && next !== from);
  return next;
}

function useRetry(talk: Talk): void {
  useEffect(() => {
    const retry = (): void => talk.retry();
    window.addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    return () => {
      window.removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", retry);
    };
  }, [talk]);
}
