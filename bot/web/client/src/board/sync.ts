import { BROWSER, Line, type LineStatus, type Surroundings } from "../line.ts";
import { isKept, split } from "./batches.ts";
import type { Copies } from "./copies.ts";
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
};

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
  private inherited: readonly string[] = [];
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
    const elements = this.board.scene.elements().filter(isKept);
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

  private get mayDraw(): boolean {
    return this.board.get().role === "edit";
  }

  private post(message: ToServer): boolean {
    return this.line.send(message);
  }

  private send(elements: readonly WireElement[]): void {
    const { batches, tooLarge } = split(elements);
    for (const batch of batches) {
      const seq = ++this.seq;
      const epoch = this.board.get().epoch;
      if (!this.post({ type: "update", epoch, seq, elements: batch })) return;
      this.ledger.depart(seq, batch);
    }
    if (tooLarge.length) {
      this.board.set({ refusal: "One shape is too large to be saved; draw it in parts." });
    }
    if (this.ledger.inFlight) this.patience ??= this.hangOn();
  }

  private keep(elements: readonly WireElement[]): void {
    const unsaved = this.ledger.unsaved(elements);
    const before = this.board.get().unsaved;
    this.board.set({ unsaved: unsaved.length });
    if (unsaved.length === 0 && before === 0 && this.inherited.length === 0) return;
    const { epoch } = this.board.get();
    const instead = this.inherited;
    this.inherited = [];
    this.inTurn(() => this.board.copies.keep(epoch, unsaved, instead));
  }

  /** The device's storage does one thing after the other, and may fail without harm. */
  private inTurn(task: () => Promise<void>): void {
    this.turn = this.turn.then(task).catch(() => undefined);
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
    this.ledger.ground();
    this.board.set({ status, closed: code, people: [] });
  }

  private hear(message: FromServer): void {
    switch (message.type) {
      case "init":
        return this.begin(message);
      case "ack":
        this.ledger.arrive(message.seq);
        this.board.set({ acked: message.seq });
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
        this.ledger.refuse(message.seq);
        this.board.set({ refusal: message.reason });
        return this.afterAnswer();
    }
  }

  private afterAnswer(): void {
    if (this.patience !== null) this.around.cancel(this.patience);
    this.patience = this.ledger.inFlight ? this.hangOn() : null;
    if (this.ready && this.mayDraw) this.keep(this.board.scene.elements().filter(isKept));
  }

  private begin(init: Extract<FromServer, { type: "init" }>): void {
    const { role: before, epoch } = this.board.get();
    const anew = before === null || epoch !== init.epoch;
    this.ledger.restart(init.elements);
    if (anew || init.role === "view") this.board.scene.replace(init.elements);
    else this.board.scene.merge(init.elements);
    if (before === null) this.board.scene.center();
    const { role, you, people } = init;
    this.board.set({
      status: "live",
      closed: 0,
      refusal: "",
      role,
      you,
      people,
      epoch: init.epoch,
    });
    this.ready = true;
    if (role !== "edit") return this.board.set({ unsaved: 0 });
    if (anew) void this.takeOver(init.epoch);
    else this.flush();
  }

  /** What earlier page loads drew and could not send comes back. */
  private async takeOver(epoch: number): Promise<void> {
    const left = await this.board.copies
      .inherit(epoch)
      .catch(() => ({ elements: [], from: [] as string[] }));
    if (this.board.get().epoch !== epoch || !this.mayDraw) return;
    this.board.scene.merge(left.elements);
    this.inherited = left.from;
    this.flush();
  }
}
