/** A WebSocket that comes back: JSON messages in and out, back-off with jitter in between. */

export type LineStatus = "connecting" | "live" | "offline" | "refused";

/** What the other end means by closing. `bot/web` uses the same numbers. */
const NO_LINK = 4401;
/** The link was withdrawn or ended while the line was open; it is not a matter of a new cookie. */
export const LINK_ENDED = 4403;
const CLOSED_FOR_GOOD: ReadonlySet<number> = new Set([NO_LINK, LINK_ENDED]);
const TOO_FAST = 4429;
/** It closes because of what was sent last, which would close the next line as well. */
const NOT_TAKEN: ReadonlySet<number> = new Set([1009, 4400, 4413]);

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** How long a line has to live before the next break counts as the first one. */
const STEADY_MS = 5_000;

export interface LineHandlers {
  /** A message came; the line counts as live once the first one has been handled. */
  onMessage(message: unknown): void;
  onStatus(status: LineStatus, code: number): void;
}

/** The parts of `WebSocket` that a line uses. */
export type Socket = Pick<
  WebSocket,
  "send" | "close" | "readyState" | "onmessage" | "onclose" | "onerror"
>;

/** What a line takes from the browser. */
export interface Surroundings {
  connect(address: string): Socket;
  later(task: () => void, ms: number): number;
  cancel(timer: number): void;
  random(): number;
}

export const BROWSER: Surroundings = {
  connect: (address) => new WebSocket(address),
  later: (task, ms) => window.setTimeout(task, ms),
  cancel: (timer) => window.clearTimeout(timer),
  random: Math.random,
};

/** How long to wait before try number `failures` + 1, in milliseconds. */
export function retryDelay(failures: number, random: number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS);
  return Math.max(FIRST_RETRY_MS, longest * (0.5 + random / 2));
}

/** Stands for a character of which a half is missing. */
const UNREADABLE = "\ufffd";

/** Whether a line with that close code ended because of what was sent over it. */
export function isNotTaken(code: number): boolean {
  return NOT_TAKEN.has(code);
}

/**
 * The message as JSON. Half of a character, as it stays behind where an emoji is cut in two, becomes
 * U+FFFD: strict readers take nothing of a text with such a half.
 */
export function written(message: object): string {
  const json = JSON.stringify(message);
  if (!json.includes("\\ud")) return json;
  return json.replace(/\\(?:ud[89a-f]..|.)/g, (escape) => (escape.length > 2 ? UNREADABLE : escape));
}

export class Line {
  private socket: Socket | null = null;
  private timer: number | null = null;
  private steadying: number | null = null;
  private failures = 0;
  private over = false;
  private readonly address: string;
  private readonly handlers: LineHandlers;
  private readonly around: Surroundings;

  constructor(address: string, handlers: LineHandlers, around: Surroundings = BROWSER) {
    this.address = address;
    this.handlers = handlers;
    this.around = around;
  }

  open(): void {
    if (this.over || this.socket !== null) return;
    if (this.timer !== null) this.around.cancel(this.timer);
    this.timer = null;
    const socket = this.around.connect(this.address);
    this.socket = socket;
    socket.onmessage = (event) => this.receive(socket, event.data);
    socket.onclose = (event) => this.lose(socket, event.code);
    socket.onerror = () => undefined;
  }

  /** Hands a message to the network; false where there is no line. */
  send(message: object): boolean {
    if (this.socket === null || this.socket.readyState !== 1) return false;
    this.socket.send(written(message));
    return true;
  }

  /** Gives a line up that no longer answers, and tries anew at once. */
  renew(): void {
    const socket = this.socket;
    if (socket === null) return;
    this.lose(socket, 1006);
    socket.close();
  }

  /** Ends the line for good. */
  close(): void {
    this.over = true;
    this.falter();
    if (this.timer !== null) this.around.cancel(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private receive(socket: Socket, data: unknown): void {
    if (socket !== this.socket || typeof data !== "string") return;
    this.steadying ??= this.around.later(() => {
      this.failures = 0;
    }, STEADY_MS);
    this.handlers.onStatus("live", 0);
    this.handlers.onMessage(JSON.parse(data));
  }

  private lose(socket: Socket, code: number): void {
    if (socket !== this.socket) return;
    this.socket = null;
    this.falter();
    if (CLOSED_FOR_GOOD.has(code)) {
      this.over = true;
      this.handlers.onStatus("refused", code);
      return;
    }
    const failures = code === TOO_FAST ? Math.max(this.failures, 4) : this.failures;
    this.failures += 1;
    this.handlers.onStatus("offline", code);
    const wait = retryDelay(failures, this.around.random());
    this.timer = this.around.later(() => this.open(), wait);
  }

  /** The line no longer lives, however long it did. */
  private falter(): void {
    if (this.steadying !== null) this.around.cancel(this.steadying);
    this.steadying = null;
  }
}
