import { useEffect, useLayoutEffect, useRef, type JSX } from "react";

import { useStore } from "../store.ts";
import type { Talk } from "./talk.ts";
import type { Turn } from "./wire.ts";

/** How near to its end a log counts as being read at its end, in pixels. */
const NEAR_END_PX = 80;

interface LogProps {
  readonly talk: Talk;
  /** What the candidate is called: "You", or "Candidate" to those who watch. */
  readonly candidate: string;
  /** Whether the talk is kept from this person. */
  readonly guest: boolean;
}

/** What was said, in order; it follows the talk unless someone reads further up. */
export function Log({ talk, candidate, guest }: LogProps): JSX.Element {
  const turns = useStore(talk.state, (state) => state.turns);
  const unsent = useStore(talk.state, (state) => state.unsent);
  const answering = useStore(talk.state, (state) => state.situation?.answering ?? false);
  const status = useStore(talk.state, (state) => state.status);
  const log = useRef<HTMLDivElement>(null);
  const following = useRef(true);

  const follow = (): void => {
    const element = log.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  };
  useLayoutEffect(follow, [turns, unsent, answering]);
  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return (
    <div
      ref={log}
      className="log"
      role="log"
      aria-live="polite"
      aria-label="Talk"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        following.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
    >
      {turns.length === 0 && (
        <p className="log-empty">
          {guest
            ? "The talk stays between the candidate and the interviewer."
            : "What is said appears here."}
        </p>
      )}
      {turns.map((turn) => (
        <TurnView key={turn.key} turn={turn} candidate={candidate} />
      ))}
      {unsent.map((saying) => (
        <article key={saying.origin} className="turn" data-speaker="candidate" data-unsent>
          <header>
            {candidate}
            <span>{status === "live" ? "sending…" : "kept, sent when the line is back"}</span>
          </header>
          <p>{saying.text}</p>
        </article>
      ))}
      {answering && (
        <p className="answering">
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          The interviewer is about to speak
        </p>
      )}
    </div>
  );
}

function TurnView({ turn, candidate }: { turn: Turn; candidate: string }): JSX.Element {
  const at = new Date(turn.at);
  const known = !Number.isNaN(at.getTime());
  return (
    <article
      className="turn"
      data-speaker={turn.speaker}
      data-unfinished={turn.done ? undefined : true}
      aria-busy={!turn.done}
    >
      <header>
        {turn.speaker === "interviewer" ? "Interviewer" : candidate}
        {known && (
          <time dateTime={turn.at}>
            {at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}
          </time>
        )}
      </header>
      <p>{turn.text}</p>
    </article>
  );
}
