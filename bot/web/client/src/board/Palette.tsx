import { serializeLibraryAsJSON } from "@excalidraw/excalidraw";
import { useRef, useState, type DragEvent, type JSX, type KeyboardEvent } from "react";

import { Icon } from "../icons.tsx";
import { ConnectDialog } from "./ConnectDialog.tsx";
import type { LiveBoard } from "./live.ts";
import { PALETTE, type Look } from "./palette.ts";
import { partElements, place } from "./parts.ts";

const LIBRARY = "application/vnd.excalidrawlib+json";
const STEP: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

interface PaletteProps {
  readonly board: LiveBoard;
  readonly enabled: boolean;
  /** Says aloud what has happened. */
  readonly announce: (text: string) => void;
  /** Moves the keyboard to the canvas, where Enter renames what is selected. */
  readonly toCanvas: () => void;
}

/** The parts of a design: one toolbar, one Tab stop, arrow keys within. */
export function Palette({ board, enabled, announce, toCanvas }: PaletteProps): JSX.Element {
  const [current, setCurrent] = useState(0);
  const [connecting, setConnecting] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLElement[] => [
    ...(bar.current?.querySelectorAll<HTMLElement>("button") ?? []),
  ];

  const move = (event: KeyboardEvent): void => {
    const all = buttons();
    const ends: Record<string, number> = { Home: 0, End: all.length - 1 };
    const step = STEP[event.key];
    const next = step === undefined ? ends[event.key] : (current + step + all.length) % all.length;
    if (next === undefined) return isShortcut(event) ? passOn(event, toCanvas) : undefined;
    event.preventDefault();
    setCurrent(next);
    all[next]?.focus();
  };

  const put = (look: Look): void => {
    if (board.canvas === null) return;
    place(board.canvas, look);
    announce(`${look.title} is on the board. Enter renames it.`);
    toCanvas();
  };

  return (
    <div className="palette" id="parts">
      <h2 className="palette-title">Parts</h2>
      <div
        ref={bar}
        className="palette-items"
        role="toolbar"
        aria-label="Parts of a design"
        onKeyDown={move}
      >
        {PALETTE.map((look, index) => (
          <button
            key={look.kind}
            type="button"
            className="part"
            title={look.title}
            data-kind={look.kind}
            tabIndex={index === current ? 0 : -1}
            disabled={!enabled}
            draggable={enabled && look.shape !== "zone"}
            onFocus={() => setCurrent(index)}
            onClick={() => put(look)}
            onDragStart={(event) => carry(event, look)}
          >
            <Swatch look={look} />
            <span className="part-name">{look.title}</span>
          </button>
        ))}
      </div>
      <button
        type="button"
        className="part part-connect"
        title="Draw an arrow between two parts by name"
        disabled={!enabled}
        onClick={() => setConnecting(true)}
      >
        <Icon name="connect" />
        <span className="part-name">Connect…</span>
      </button>
      {connecting && board.canvas && (
        <ConnectDialog
          canvas={board.canvas}
          announce={announce}
          onClose={() => setConnecting(false)}
        />
      )}
    </div>
  );
}

function isShortcut({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
}

/** The letters of the canvas's tools work here too, since nothing is written in a toolbar. */
function passOn({ key, code }: KeyboardEvent, toCanvas: () => void): void {
  toCanvas();
  const pressed = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(pressed);
}

/** A part can be dragged onto the board: Excalidraw takes it for one of its library. */
function carry(event: DragEvent, look: Look): void {
  const item = {
    id: look.kind,
    status: "published" as const,
    created: 0,
    elements: partElements(look, { ...look, x: 0, y: 0 }) as never,
  };
  event.dataTransfer.effectAllowed = "copy";
  event.dataTransfer.setData(LIBRARY, serializeLibraryAsJSON([item]));
}

function Swatch({ look }: { look: Look }): JSX.Element {
  const paint = { fill: look.fill, stroke: look.stroke };
  return (
    <svg className="swatch" viewBox="0 0 28 20" aria-hidden="true" focusable="false">
      {look.shape === "ellipse" && <ellipse cx="14" cy="10" rx="12" ry="8" {...paint} />}
      {look.shape === "diamond" && <path d="M14 1.5 26.5 10 14 18.5 1.5 10Z" {...paint} />}
      {look.shape === "rectangle" && (
        <rect x="2" y="3" width="24" height="14" rx="3.5" {...paint} />
      )}
      {look.shape === "zone" && (
        <rect x="2" y="2.5" width="24" height="15" strokeDasharray="4 2.6" {...paint} />
      )}
    </svg>
  );
}
