import { useId, useRef, useState, type JSX } from "react";

import { Dialog } from "../Dialog.tsx";
import { Notice } from "../Notice.tsx";
import { makeLink, revokeLinks, type Link, type Shared } from "./links.ts";

const CHOICES: readonly { role: Shared; title: string; meaning: string }[] = [
  { role: "edit", title: "Draws with you", meaning: "Changes the board, does not see the talk" },
  { role: "view", title: "Watches", meaning: "Sees the board as it grows" },
  { role: "card", title: "Reads the scorecard", meaning: "Once the interview is over" },
];

/** Hands out links into the interview, and takes them back. */
export function ShareDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const [role, setRole] = useState<Shared>("view");
  const [link, setLink] = useState<Link | null>(null);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState("");

  const attempt = (task: () => Promise<void>): void => {
    setProblem("");
    setSaid("");
    task().catch((err: unknown) => setProblem(err instanceof Error ? err.message : String(err)));
  };
  const make = (): void => attempt(async () => setLink(await makeLink(role)));
  const revoke = (): void =>
    attempt(async () => {
      const count = await revokeLinks();
      setLink(null);
      setSaid(count === 1 ? "One link was taken back." : `${count} links were taken back.`);
    });

  return (
    <Dialog title="Share this interview" onClose={onClose}>
      <fieldset className="choices">
        <legend className="unseen">What the link is for</legend>
        {CHOICES.map((choice) => (
          <label key={choice.role}>
            <input
              type="radio"
              name="shared"
              checked={role === choice.role}
              onChange={() => {
                setRole(choice.role);
                setLink(null);
              }}
            />
            <span>
              <strong>{choice.title}</strong>
              {choice.meaning}
            </span>
          </label>
        ))}
      </fieldset>
      {link && <Address link={link} />}
      {said && <Notice tone="plain">{said}</Notice>}
      {problem && <Notice tone="bad">{problem}</Notice>}
      <div className="dialog-buttons">
        <button type="button" className="button spread" onClick={revoke}>
          Take all back
        </button>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
        <button type="button" className="button primary" onClick={make}>
          Make a link
        </button>
      </div>
    </Dialog>
  );
}

function Address({ link }: { link: Link }): JSX.Element {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  // The clipboard is missing on pages served without TLS: then the address is there to be copied.
  const copy = (): void => {
    field.current?.select();
    const writing = navigator.clipboard?.writeText(link.address);
    void writing?.then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div className="address">
      <label htmlFor={id}>This link works for {link.hours} hours</label>
      <div>
        <input id={id} ref={field} readOnly value={link.address} />
        <button type="button" className="button" onClick={copy}>
          <span role="status">{copied ? "Copied" : "Copy"}</span>
        </button>
      </div>
    </div>
  );
}
