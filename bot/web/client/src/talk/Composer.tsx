import { useState, type JSX, type KeyboardEvent } from "react";

import { Dialog } from "../Dialog.tsx";
import { Icon } from "../icons.tsx";
import { Notice } from "../Notice.tsx";
import { useStore } from "../store.ts";
import { isTooLong, lengthOf, type Talk } from "./talk.ts";
import type { Phase, Situation } from "./wire.ts";

/** From which part of the longest answer on its length is shown. */
const LENGTH_SHOWN = 0.8;

interface ComposerProps {
  readonly talk: Talk;
  readonly situation: Situation;
}

/** The answer box and what can be asked of the interviewer. */
export function Composer({ talk, situation }: ComposerProps): JSX.Element {
  const draft = useStore(talk.state, (state) => state.draft);
  const refusal = useStore(talk.state, (state) => state.refusal);
  const tooLong = useStore(talk.state, isTooLong);
  const { phase } = situation;
  const paused = phase === "paused";

  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    talk.say();
  };

  return (
    <div className="composer">
      {refusal && (
        <Notice tone="bad" onClose={() => talk.dismiss()}>
          {refusal}
        </Notice>
      )}
      <div className="answer">
        <label className="unseen" htmlFor="answer">
          Your answer
        </label>
        <textarea
          id="answer"
          rows={2}
          value={draft}
          placeholder={paused ? "Paused. Resume to go on." : "Think aloud here…"}
          aria-describedby="answer-length answer-keys"
          aria-invalid={tooLong}
          onChange={(event) => talk.write(event.target.value)}
          onKeyDown={onKey}
        />
        <button
          type="button"
          className="send"
          aria-label="Send the answer"
          disabled={!draft.trim() || tooLong}
          onClick={() => talk.say()}
        >
          <Icon name="send" />
        </button>
      </div>
      <Length draft={draft} longest={situation.longest_answer} />
      <p className="keys" id="answer-keys">
        <kbd>Enter</kbd> sends, <kbd>Shift Enter</kbd> new line, <kbd>F6</kbd> board and talk
      </p>
      <Deeds talk={talk} phase={phase} />
    </div>
  );
}

/** How much of an answer's room is taken, once most of it is. */
function Length({ draft, longest }: { draft: string; longest: number }): JSX.Element | null {
  const length = lengthOf(draft.trim());
  if (length < longest * LENGTH_SHOWN) return null;
  const [is, most] = [length, longest].map((count) => count.toLocaleString("en"));
  return (
    <p className="length" id="answer-length" data-over={length > longest || undefined}>
      {is} of {most} characters{length > longest && ": too long for one answer, send it in parts"}
    </p>
  );
}

function Deeds({ talk, phase }: { talk: Talk; phase: Phase }): JSX.Element {
  const [ending, setEnding] = useState(false);
  const status = useStore(talk.state, (state) => state.status);
  const waitingFor = useStore(talk.state, (state) => state.waitingFor);
  const off = status !== "live" || waitingFor !== null;
  const paused = phase === "paused";
  return (
    <div className="deeds" role="group" aria-label="Interview">
      <button type="button" disabled={off || paused} onClick={() => talk.do("hint")}>
        Hint
      </button>
      <button
        type="button"
        disabled={off || paused}
        aria-pressed={phase === "thinking"}
        onClick={() => talk.do("think")}
      >
        Let me think
      </button>
      <button type="button" disabled={off || paused} onClick={() => talk.do("next")}>
        Next stage
      </button>
      <button type="button" disabled={off} onClick={() => talk.do(paused ? "resume" : "pause")}>
        {paused ? "Resume" : "Pause"}
      </button>
      <button type="button" disabled={off} onClick={() => setEnding(true)}>
        End
      </button>
      {ending && <EndDialog talk={talk} onClose={() => setEnding(false)} />}
    </div>
  );
}

function EndDialog({ talk, onClose }: { talk: Talk; onClose: () => void }): JSX.Element {
  return (
    <Dialog title="End the interview?" onClose={onClose}>
      <p>
        The rest of the stages stay unanswered, and the scorecard is written from what was said.
      </p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          Go on
        </button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            talk.do("end");
            onClose();
          }}
        >
          End the interview
        </button>
      </div>
    </Dialog>
  );
}
