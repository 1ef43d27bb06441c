import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useId, useState, type FormEvent, type JSX } from "react";

import { Dialog } from "../Dialog.tsx";
import { connect, ends, type End } from "./connect.ts";

interface ConnectProps {
  readonly canvas: ExcalidrawImperativeAPI;
  readonly announce: (text: string) => void;
  readonly onClose: () => void;
}

/** Draws an arrow without a pointer: from one part to another, both chosen by name. */
export function ConnectDialog({ canvas, announce, onClose }: ConnectProps): JSX.Element {
  const [parts] = useState(() => ends(canvas));
  const [from, setFrom] = useState(parts[0]?.id ?? "");
  const [to, setTo] = useState(parts[1]?.id ?? "");
  const [label, setLabel] = useState("");
  const labelId = useId();
  const possible = from !== to && parts.length > 1;

  const draw = (event: FormEvent): void => {
    event.preventDefault();
    if (!possible || !connect(canvas, from, to, label.trim())) return;
    const name = (id: string): string => parts.find((part) => part.id === id)?.name ?? "";
    announce(`An arrow leads from ${name(from)} to ${name(to)}.`);
    onClose();
  };

  return (
    <Dialog title="Connect two parts" onClose={onClose}>
      {parts.length < 2 ? (
        <>
          <p>There have to be two named parts on the board first.</p>
          <div className="dialog-buttons">
            <button type="button" className="button" onClick={onClose}>
              Close
            </button>
          </div>
        </>
      ) : (
        <form className="connect" onSubmit={draw}>
          <Choice name="From" parts={parts} value={from} onChange={setFrom} />
          <Choice name="To" parts={parts} value={to} onChange={setTo} />
          <label htmlFor={labelId}>Label, if any</label>
          <input
            id={labelId}
            value={label}
            maxLength={80}
            onChange={(event) => setLabel(event.target.value)}
          />
          <div className="dialog-buttons">
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="button primary" disabled={!possible}>
              Draw the arrow
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly parts: readonly End[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

function Choice({ name, parts, value, onChange }: ChoiceProps): JSX.Element {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{name}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {parts.map((part) => (
          <option key={part.id} value={part.id}>
            {part.name}
          </option>
        ))}
      </select>
    </>
  );
}
