import { useEffect, useState, type JSX, type ReactNode } from "react";

import type { Role } from "../board/wire.ts";
import { useStore } from "../store.ts";
import { Composer } from "./Composer.tsx";
import { Notice } from "../Notice.tsx";
import { Log } from "./Log.tsx";
import { Stages } from "./Stages.tsx";
import { isOver, type Talk } from "./talk.ts";
import type { Fact, Situation } from "./wire.ts";

interface PanelProps {
  readonly talk: Talk;
  readonly role: Role | null;
  /** The page's name, the state of the line and the page's own buttons. */
  readonly head: ReactNode;
}

/** Everything but the board: brief, stages, facts, talk, answer. */
export function Panel({ talk, role, head }: PanelProps): JSX.Element {
  const situation = useStore(talk.state, (state) => state.situation);
  const heardAt = useStore(talk.state, (state) => state.heardAt);
  const card = useStore(talk.state, (state) => state.card);
  const over = useStore(talk.state, isOver);
  const refusal = useStore(talk.state, (state) => state.refusal);
  const answers = situation?.may_answer === true && !over;
  const candidate = situation?.may_answer && role !== "view" ? "You" : "Candidate";
  return (
    <aside className="panel" id="talk" aria-label="Interview">
      {head}
      {situation && (
        <>
          <Brief situation={situation} />
          <Stages situation={situation} heardAt={heardAt} />
          <Facts facts={situation.facts} />
        </>
      )}
      <Log talk={talk} candidate={candidate} guest={isGuest(situation, role)} />
      {situation?.note && <Notice tone="plain">{situation.note}</Notice>}
      {refusal && !answers && (
        <Notice tone="bad" onClose={() => talk.dismiss()}>
          {refusal}
        </Notice>
      )}
      {over ? (
        <Ended card={role === "view" ? null : card} />
      ) : (
        situation && <Foot talk={talk} role={role} situation={situation} />
      )}
    </aside>
  );
}

function Brief({ situation }: { situation: Situation }): JSX.Element {
  const [open, setOpen] = useState(true);
  useEffect(() => {
    document.title = `${situation.title} · Hotseat`;
  }, [situation.title]);
  return (
    <details className="brief" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h1>{situation.title}</h1>
      </summary>
      <p>{situation.brief}</p>
    </details>
  );
}

function Facts({ facts }: { facts: readonly Fact[] }): JSX.Element | null {
  if (facts.length === 0) return null;
  return (
    <details className="facts">
      <summary>
        <h2>What you have found out</h2>
        <span className="count">{facts.length}</span>
      </summary>
      <dl>
        {facts.map((fact) => (
          <div key={`${fact.topic} ${fact.text}`}>
            <dt>
              {fact.topic}
              {fact.kind === "assumption" && " (assumed)"}
            </dt>
            <dd>{fact.text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Ended({ card }: { card: string | null }): JSX.Element {
  return (
    <div className="ended">
      <p>The interview is over.</p>
      {card !== null && (
        <a className="button primary" href={card}>
          Open the scorecard
        </a>
      )}
    </div>
  );
}

interface FootProps {
  readonly talk: Talk;
  readonly role: Role | null;
  readonly situation: Situation;
}

function Foot({ talk, role, situation }: FootProps): JSX.Element {
  if (situation.may_answer) return <Composer talk={talk} situation={situation} />;
  return <p className="watching">{whyNot(situation, role)}</p>;
}

/** Who was let in by the candidate: the server tells them nothing of the talk. */
function isGuest(situation: Situation | null, role: Role | null): boolean {
  if (situation === null || situation.may_answer) return false;
  return situation.where === "page" || role === "view";
}

const WHERE = {
  terminal: "in the terminal",
  discord: "on Discord",
} as const;

function whyNot({ where }: Situation, role: Role | null): string {
  if (where === "page") return "You have the board; the candidate answers.";
  if (role === "view") return `The candidate answers ${WHERE[where]}.`;
  return `You answer ${WHERE[where]}. The board is here.`;
}
