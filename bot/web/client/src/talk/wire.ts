/** The messages of the talk socket, as `bot/web/talk_wire.py` writes them. */

export type Phase = "listening" | "thinking" | "paused" | "over";

export interface Stage {
  readonly name: string;
  readonly title: string;
  readonly spent_s: number;
  readonly budget_s: number;
  readonly reached: boolean;
}

export interface Fact {
  /** The scenario's own, or what the candidate assumed and nobody contradicted. */
  readonly kind: "fact" | "assumption";
  readonly topic: string;
  readonly text: string;
}

export interface Situation {
  readonly phase: Phase;
  readonly title: string;
  readonly brief: string;
  readonly round: number;
  readonly rounds: number;
  readonly stages: readonly Stage[];
  readonly stage_index: number;
  readonly stage_left_s: number;
  readonly round_left_s: number;
  readonly facts: readonly Fact[];
  readonly may_answer: boolean;
  readonly where: "page" | "terminal" | "discord";
  /** Whether the interviewer is about to say something. */
  readonly answering: boolean;
  /** How many characters an answer may have. */
  readonly longest_answer: number;
  /** What the program itself has to say, such as why nothing comes; empty for nothing. */
  readonly note: string;
}

export interface Turn {
  readonly key: string;
  readonly speaker: "interviewer" | "candidate";
  readonly text: string;
  readonly done: boolean;
  readonly at: string;
}

export type FromServer =
  | ({ readonly type: "state" } & Situation)
  | { readonly type: "turns"; readonly turns: readonly Turn[] }
  | { readonly type: "taken"; readonly origin: string }
  | { readonly type: "refused"; readonly origin: string; readonly reason: string }
  | { readonly type: "over"; readonly card: string };

export type Deed = "hint" | "next" | "pause" | "resume" | "think" | "end";

export type Saying = { readonly type: "say"; readonly origin: string; readonly text: string };
export type Doing = { readonly type: "do"; readonly origin: string; readonly kind: Deed };
