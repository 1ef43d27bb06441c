import type { JSX } from "react";

import { timeInWords, useElapsed } from "./clock.ts";
import type { Situation, Stage } from "./wire.ts";

interface StagesProps {
  readonly situation: Situation;
  readonly heardAt: number;
}

/** How far the round is: each stage with its time, the current one marked. */
export function Stages({ situation, heardAt }: StagesProps): JSX.Element {
  const elapsed = useElapsed(situation, heardAt);
  const { stages, stage_index: index, round, rounds } = situation;
  const current = stages[index];
  const stageLeft = timeInWords(situation.stage_left_s - elapsed);
  const roundLeft = timeInWords(situation.round_left_s - elapsed);
  return (
    <section className="stages" aria-label="Stages">
      <ol className="stage-bar">
        {stages.map((stage, place) => (
          <StageStep key={stage.name} stage={stage} state={stateOf(place, index, stage)} />
        ))}
      </ol>
      <p className="stage-now">
        <strong>{current?.title}</strong>
        <span>
          {rounds > 1 && `Round ${round} of ${rounds} · `}
          Stage {index + 1} of {stages.length}
        </span>
      </p>
      {situation.phase !== "over" && (
        <p className="stage-time">
          <span>
            {situation.phase === "paused" ? "The clock is stopped" : `Stage: ${stageLeft}`}
          </span>
          <span>Round: {roundLeft}</span>
        </p>
      )}
    </section>
  );
}

type StepState = "done" | "current" | "ahead";

function stateOf(place: number, index: number, stage: Stage): StepState {
  if (place === index) return "current";
  return place < index || stage.reached ? "done" : "ahead";
}

const SAID: Readonly<Record<StepState, string>> = {
  done: "done",
  current: "now",
  ahead: "to come",
};

function StageStep({ stage, state }: { stage: Stage; state: StepState }): JSX.Element {
  return (
    <li
      data-state={state}
      title={`${stage.title} (${Math.round(stage.budget_s / 60)} min)`}
      aria-current={state === "current" ? "step" : undefined}
    >
      <span className="unseen">
        {stage.title}, {SAID[state]}
      </span>
      <progress
        aria-label={`Time used of ${stage.title}`}
        max={Math.max(1, stage.budget_s)}
        value={Math.min(stage.spent_s, stage.budget_s)}
      />
    </li>
  );
}
