import { BROWSER, Line, type LineStatus, type Surroundings } from "../line.ts";
import { Store } from "../store.ts";
import { Drafts } from "./drafts.ts";
import { upsert } from "./turns.ts";
import type { Deed, Doing, FromServer, Saying, Situation, Turn } from "./wire.ts";

export interface TalkState {
  readonly status: LineStatus;
  readonly closed: number;
  /** Null until the server has said. */
  readonly situation: Situation | null;
  /** When the situation came, on the page's own clock in milliseconds. */
  readonly heardAt: number;
  readonly turns: readonly Turn[];
  /** Said here, and not yet confirmed by the server. */
  readonly unsent: readonly Saying[];
  readonly waitingFor: Deed | null;
  readonly draft: string;
  /** Why something was refused, in the server's words. */
  readonly refusal: string;
  /** Where the scorecard is, once it is written. */
  readonly card: string | null;
}

/** Whether the talk has ended, with a scorecard or before it is written. */
export function isOver({ situation, card }: TalkState): boolean {
  return card !== null || situation?.phase === "over";
}

const TYPING_MS = 3_000;

/** The talk with the interviewer: what was said, what is on its way, and what can be asked. */
export class Talk {
  readonly state: Store<TalkState>;
  private readonly line: Line;
  private readonly drafts: Drafts;
  private doing: Doing | null = null;
  private typedAt = 0;

  constructor(place: { interview: string; talk: string }, around?: Surroundings) {
    this.drafts = new Drafts(place.interview);
    this.state = new Store<TalkState>({
      status: "connecting",
      closed: 0,
      situation: null,
      heardAt: 0,
      turns: [],
      unsent: this.drafts.unsent,
      waitingFor: null,
      draft: this.drafts.draft,
      refusal: "",
      card: null,
    });
    const handlers = {
      onMessage: (message: unknown) => this.hear(message as FromServer),
      onStatus: (status: LineStatus, code: number) => this.noteLine(status, code),
    };
    this.line = new Line(place.talk, handlers, around ?? BROWSER);
  }

  start(): void {
    this.line.open();
  }

  retry(): void {
    if (this.state.get().status === "offline") this.line.open();
  }

  /** Sends the draft; it stays on screen, and in this tab, until the server has it. */
  say(): void {
    const text = this.state.get().draft.trim();
    if (!text) return;
    const saying: Saying = { type: "say", origin: newOrigin(), text };
    this.keepUnsent([...this.state.get().unsent, saying]);
    this.write("");
    this.state.set({ refusal: "" });
    this.line.send(saying);
  }

  do(kind: Deed): void {
    if (this.doing !== null || this.state.get().status !== "live") return;
    this.doing = { type: "do", origin: newOrigin(), kind };
    this.state.set({ waitingFor: kind, refusal: "" });
    this.line.send(this.doing);
  }

  /** The draft as it stands; the interviewer hears that something is being written. */
  write(text: string): void {
    this.drafts.draft = text;
    this.state.set({ draft: text });
    const now = performance.now();
    if (!text || now - this.typedAt < TYPING_MS) return;
    this.typedAt = now;
    this.line.send({ type: "typing" });
  }

  dismiss(): void {
    this.state.set({ refusal: "" });
  }

  private noteLine(status: LineStatus, code: number): void {
    const before = this.state.get().status;
    this.state.set({ status, closed: code });
    if (status !== "live" || before === "live") return;
    // The server counts an origin once, so that sending again is safe.
    for (const saying of this.state.get().unsent) this.line.send(saying);
    if (this.doing) this.line.send(this.doing);
  }

  private hear(message: FromServer): void {
    switch (message.type) {
      case "state":
        return this.state.set({ situation: message, heardAt: performance.now() });
      case "turns":
        return this.state.set({ turns: upsert(this.state.get().turns, message.turns) });
      case "taken":
        return this.settle(message.origin);
      case "refused":
        return this.giveBack(message.origin, message.reason);
      case "over":
        return this.state.set({ card: message.card });
    }
  }

  private settle(origin: string): void {
    this.keepUnsent(this.state.get().unsent.filter((saying) => saying.origin !== origin));
    if (this.doing?.origin !== origin) return;
    this.doing = null;
    this.state.set({ waitingFor: null });
  }

  /** What was refused goes back into the answer box, before what is being written there. */
  private giveBack(origin: string, reason: string): void {
    const { unsent, draft } = this.state.get();
    const refused = unsent.find((saying) => saying.origin === origin);
    if (refused) this.write(draft ? `${refused.text}\n\n${draft}` : refused.text);
    this.settle(origin);
    this.state.set({ refusal: reason });
  }

  private keepUnsent(unsent: readonly Saying[]): void {
    this.drafts.unsent = unsent;
    this.state.set({ unsent });
  }
}

/** A UUID; `crypto.randomUUID` is missing on pages served without TLS to another machine. */
function newOrigin(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
