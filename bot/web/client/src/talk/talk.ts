import { BROWSER, isNotTaken, Line, type LineStatus, type Surroundings } from "../line.ts";
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

/** Characters as the server counts them: an emoji is one of them, or a few. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** Whether the draft is longer than an answer may be. */
export function isTooLong({ draft, situation }: TalkState): boolean {
  return situation !== null && lengthOf(draft.trim()) > situation.longest_answer;
}

const TYPING_MS = 3_000;
const NOT_READ =
  "The server could not read what was sent last. It is back in the answer box: change it, or send it in parts.";

/** The talk with the interviewer: what was said, what is on its way, and what can be asked. */
export class Talk {
  readonly state: Store<TalkState>;
  private readonly line: Line;
  private readonly drafts: Drafts;
  private doing: Doing | null = null;
  /** What was sent over this line, by origin. */
  private readonly handed = new Set<string>();
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
    if (!text || isTooLong(this.state.get())) return;
    const saying: Saying = { type: "say", origin: newOrigin(), text };
    this.keepUnsent([...this.state.get().unsent, saying]);
    this.write("");
    this.state.set({ refusal: "" });
    this.hand(saying);
  }

  do(kind: Deed): void {
    if (this.doing !== null || this.state.get().status !== "live") return;
    this.doing = { type: "do", origin: newOrigin(), kind };
    this.state.set({ waitingFor: kind, refusal: "" });
    this.hand(this.doing);
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
    // It counts as live with the first situation: before, the server may still say why it is not.
    if (status === "live") return;
    this.state.set({ status, closed: code });
    if (isNotTaken(code)) for (const origin of [...this.handed]) this.giveBack(origin, NOT_READ);
    this.handed.clear();
  }

  private situate(situation: Situation): void {
    const before = this.state.get().status;
    this.state.set({ situation, heardAt: performance.now(), status: "live", closed: 0 });
    if (before === "live") return;
    // The server counts an origin once, so that sending again is safe.
    for (const saying of this.state.get().unsent) this.hand(saying);
    if (this.doing) this.hand(this.doing);
  }

  private hand(request: Saying | Doing): void {
    if (this.line.send(request)) this.handed.add(request.origin);
  }

  private hear(message: FromServer): void {
    switch (message.type) {
      case "state":
        return this.situate(message);
      case "turns":
        return this.state.set({ turns: upsert(this.state.get().turns, message.turns) });
      case "taken":
        return this.settle(message.origin);
      case "refused":
        return this.hearRefusal(message.origin, message.reason);
      case "over":
        return this.state.set({ card: message.card });
    }
  }

  /** Without an origin it is about the talk as a whole; another tab's origin is not our affair. */
  private hearRefusal(origin: string, reason: string): void {
    if (origin === "") this.state.set({ refusal: reason });
    else this.giveBack(origin, reason);
  }

  private settle(origin: string): void {
    this.handed.delete(origin);
    this.keepUnsent(this.state.get().unsent.filter((saying) => saying.origin !== origin));
    if (this.doing?.origin !== origin) return;
    this.doing = null;
    this.state.set({ waitingFor: null });
  }

  /** What was refused goes back into the answer box, before what is being written there. */
  private giveBack(origin: string, reason: string): void {
    const { unsent, draft } = this.state.get();
    const refused = unsent.find((saying) => saying.origin === origin);
    if (!refused && this.doing?.origin !== origin) return;
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
