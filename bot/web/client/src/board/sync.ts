import { BROWSER, isNotTaken, Line, LINK_ENDED, type LineStatus, type Surroundings } from "../line.ts";
import { isKept, split } from "./batches.ts";
import type { Copies, Inheritance } from "./copies.ts";
import { fit } from "./fit.ts";
import { Ledger } from "./ledger.ts";
import type { WireElement } from "./stamps.ts";
import type { FromServer, Person, Role, ToServer } from "./wire.ts";

/** The canvas, as far as the synchronisation knows it. */
export interface Scene {
  /** All elements, tombstones included. */
  elements(): readonly WireElement[];
  /** Others' elements come in; newer local ones stay. */
  merge(remote: readonly WireElement[]): void;
  /** The board is exactly this; nothing local stays, nor can it be undone. */
  replace(elements: readonly WireElement[]): void;
  /** Brings what is drawn into view. */
  center(): void;
  /** Ends deferrals of elements that are no longer edited. */
  settle(): void;
}

/** What the page shows of the synchronisation. */
export interface BoardState {
  readonly status: LineStatus;
  /** The code with which the server closed the line last, 0 where it did not. */
  readonly closed: number;
  /** Null until the server has said. */
  readonly role: Role | null;
  readonly you: string;
  readonly people: readonly Person[];
  readonly epoch: number;
  /** The last batch that the server has committed. */
  readonly acked: number;
  /** Elements that the server is not known to hold. */
  readonly unsaved: number;
  /** Why the server would not have something, in its own words; empty where nothing is wrong. */
  readonly refusal: string;
  /** Whether this page is the only place where the unsaved elements are. */
  readonly atRisk: boolean;
}

export const UNKNOWN: BoardState = {
  status: "connecting",
  closed: 0,
  role: null,
  you: "",
  people: [],
  epoch: 0,
  acked: 0,
  unsaved: 0,
  refusal: "",
  atRisk: false,
};

const NOTHING_LEFT: Inheritance = { elements: [], from: [], outdated: 0 };

const TOO_LATE =
  "A new round has begun on an empty board; what was drawn last came too late for the one before.";
const TOO_LARGE = "One shape is too large to be saved; draw it in parts.";
const NOT_READ = "The server could not read what was drawn last. Draw it in another way.";

export interface Board {
  readonly scene: Scene;
  readonly copies: Copies;
  get(): BoardState;
  set(change: Partial<BoardState>): void;
  pointed(id: string, x: number, y: number): void;
}

/** How long changes are gathered before they are sent. */
const BATCH_MS = 80;
/** How long an answer may take before the line counts as dead. */
const PATIENCE_MS = 10_000;
const POINTER_MS = 60;

export class BoardSync {
  private readonly line: Line;
  private readonly ledger = new Ledger();
  private readonly board: Board;
  private readonly around: Surroundings;
  private seq = 0;
  private ready = false;
  private over = false;
  private inherited: readonly string[] = [];
  private inheriting = 0;
  /** The refusal that ends by itself, once what it is about could be sent. */
  private passing = "";
  private gathering: number | null = null;
  private patience: number | null = null;
  private pointer: { x: number; y: number } | null = null;
  private pointing: number | null = null;
  private turn: Promise<void> = Promise.resolve();

  constructor(address: string, board: Board, around: Surroundings = BROWSER) {
    this.board = board;
    this.around = around;
    this.line = new Line(
      address,
      {
        onMessage: (message) => this.hear(message as FromServer),
        onStatus: (status, code) => this.noteLine(status, code),
      },
      around,
    );
  }

  /** Opens the line; called once the canvas has finished loading. */
  start(): void {
    this.line.open();
  }

  /** The network is back, or the page is looked at again: a new line at once. */
  retry(): void {
    if (this.board.get().status === "offline") this.line.open();
  }

  stop(): void {
    this.flush();
    this.line.close();
  }

  /** The interview goes on here: what was put off is sent again. */
  goOn(): void {
    this.over = false;
    if (this.ledger.goOn()) this.flush();
  }

  /** The interview is over: once everything is saved, this device keeps nothing of it. */
  end(): void {
    this.over = true;
    this.tidy();
  }

  /** Something on the canvas may have changed. */
  changed(): void {
    if (!this.ready || !this.mayDraw) return;
    this.gathering ??= this.around.later(() => this.flush(), BATCH_MS);
  }

  /** Sends and keeps what is new, without waiting for more. */
  flush(): void {
    if (this.gathering !== null) this.around.cancel(this.gathering);
    this.gathering = null;
    if (!this.ready || !this.mayDraw) return;
    this.board.scene.settle();
    const elements = this.drawn();
    if (this.board.get().status === "live") this.send(this.ledger.waiting(elements));
    this.keep(elements);
  }

  /** Where this person points, in the board's coordinates. */
  point(x: number, y: number): void {
    if (!this.ready) return;
    this.pointer = { x, y };
    this.pointing ??= this.around.later(() => {
      this.pointing = null;
      if (this.pointer) this.post({ type: "pointer", ...this.pointer });
    }, POINTER_MS);
  }

  private drawn(): readonly WireElement[] {
    return this.board.scene.elements().filter(isKept);
  }

  private get mayDraw(): boolean {
    return this.board.get().role === "edit";
  }

  private post(message: ToServer): boolean {
    return this.line.send(message);
  }

  private send(elements: readonly WireElement[]): void {
    const { batches, tooLarge } = split(elements.map(fit));
    for (const batch of batches) {
      const seq = ++this.seq;
      const epoch = this.board.get().epoch;
      if (!this.post({ type: "update", epoch, seq, elements: batch })) return;
      this.ledger.depart(seq, batch);
    }
    this.ledger.rest(tooLarge);
    if (tooLarge.length) this.board.set({ refusal: TOO_LARGE });
    if (this.ledger.inFlight) this.patience ??= this.hangOn();
  }

  private keep(elements: readonly WireElement[]): void {
    const unsaved = this.ledger.unsaved(elements);
    const before = this.board.get().unsaved;
    this.board.set({ unsaved: unsaved.length });
    if (unsaved.length === 0) this.unrefuse();
    this.tidy();
    if (unsaved.length === 0 && before === 0 && this.inherited.length === 0) return;
    const { epoch } = this.board.get();
    const instead = this.inherited;
    this.inherited = [];
    this.inTurn(
      () => this.board.copies.keep(epoch, unsaved, instead),
      (kept) => this.board.set({ atRisk: !kept && unsaved.length > 0 }),
    );
  }

  /** Leaves nothing of an interview on the device that is over, once all of it is saved. */
  private tidy(): void {
    if (!this.over || !this.ready || this.inheriting || this.board.get().unsaved) return;
    this.inTurn(() => this.board.copies.forget());
  }

  /** The device's storage does one thing after the other; `done` hears whether it could. */
  private inTurn(task: () => Promise<void>, done: (could: boolean) => void = () => undefined): void {
    this.turn = this.turn.then(task).then(
      () => done(true),
      () => done(false),
    );
  }

  private hangOn(): number {
    return this.around.later(() => {
      this.patience = null;
      if (this.ledger.inFlight) this.line.renew();
    }, PATIENCE_MS);
  }

  private noteLine(status: LineStatus, code: number): void {
    if (status === "live") return;
    this.ready = this.ready && status === "offline";
    // Without a link that is good now, what is not saved waits for the next one.
    if (code === LINK_ENDED) this.inTurn(() => this.board.copies.forget());
    if (isNotTaken(code) && this.ledger.inFlight) {
      this.ledger.refuseAll();
      this.board.set({ refusal: NOT_READ });
    }
    this.ledger.ground();
    this.board.set({ status, closed: code, people: [] });
  }

  private hear(message: FromServer): void {
    switch (message.type) {
      case "init":
        return this.begin(message);
      case "ack":
        this.ledger.arrive(message.seq, message.unkept);
        this.board.set({ acked: message.seq });
        if (message.reason) this.board.set({ refusal: message.reason });
        return this.afterAnswer();
      case "update":
        this.ledger.learn(message.elements);
        return this.board.scene.merge(message.elements);
      case "people":
        return this.board.set({ people: message.people });
      case "pointer":
        return this.board.pointed(message.id, message.x, message.y);
      case "epoch":
        this.ready = false;
        return this.ledger.ground();
      case "refused":
        return this.hearRefusal(message);
    }
  }

  private hearRefusal({ seq, reason, later }: Extract<FromServer, { type: "refused" }>): void {
    if (later) this.ledger.delay(seq);
    else this.ledger.refuse(seq);
    if (later) this.passing = reason;
    this.board.set({ refusal: reason });
    this.afterAnswer();
  }

  private unrefuse(): void {
    if (this.passing && this.board.get().refusal === this.passing) this.board.set({ refusal: "" });
    this.passing = "";
  }

  private afterAnswer(): void {
    if (this.patience !== null) this.around.cancel(this.patience);
    this.patience = this.ledger.inFlight ? this.hangOn() : null;
    if (this.ready && this.mayDraw) this.keep(this.drawn());
  }

  private begin(init: Extract<FromServer, { type: "init" }>): void {
    const { role: before, epoch: last } = this.board.get();
    const { role, you, people, epoch } = init;
    const anew = before === null || last !== epoch;
    const waits = this.waits(before);
    this.ledger.restart(init.elements);
    if (anew || (role === "view" && !waits)) this.board.scene.replace(init.elements);
    else this.board.scene.merge(init.elements);
    if (before === null) this.board.scene.center();
    this.board.set({ status: "live", closed: 0, role, you, people, epoch });
    if (anew && waits) this.board.set({ refusal: TOO_LATE });
    this.ready = true;
    if (role !== "edit") {
      return this.board.set({ unsaved: waits ? this.ledger.unsaved(this.drawn()).length : 0 });
    }
    if (anew || before === "view") void this.takeOver(epoch);
    else this.flush();
  }

  /** Whether this person drew something that the server is not known to hold. */
  private waits(role: Role | null): boolean {
    if (role === null) return false;
    if (role === "view") return this.board.get().unsaved > 0;
    return this.ledger.unsaved(this.drawn()).length > 0;
  }

  /** What earlier page loads drew and could not send comes back. */
  private async takeOver(epoch: number): Promise<void> {
    this.inheriting += 1;
    const left = await this.board.copies.inherit(epoch).catch(() => NOTHING_LEFT);
    this.inheriting -= 1;
    if (this.board.get().epoch !== epoch || !this.mayDraw) return;
    if (left.outdated) this.board.set({ refusal: TOO_LATE });
    this.board.scene.merge(left.elements);
    this.inherited = left.from;
    this.flush();
  }
}
