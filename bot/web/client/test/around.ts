import type { Socket, Surroundings } from "../src/line.ts";

/** A socket whose other end the test plays. */
export class FakeSocket {
  readyState = 1;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  hear(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }

  drop(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code } as CloseEvent);
  }
}

/** Surroundings in which time passes when the test says so. */
export class FakeSurroundings implements Surroundings {
  readonly sockets: FakeSocket[] = [];
  private readonly tasks = new Map<number, { at: number; task: () => void }>();
  private now = 0;
  private last = 0;

  connect = (): Socket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as unknown as Socket;
  };

  later = (task: () => void, ms: number): number => {
    this.tasks.set(++this.last, { at: this.now + ms, task });
    return this.last;
  };

  cancel = (timer: number): void => void this.tasks.delete(timer);

  random = (): number => 0;

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.tasks].filter(([, { at }]) => at <= end);
      const [next] = due.sort(([, one], [, other]) => one.at - other.at);
      if (next === undefined) break;
      this.tasks.delete(next[0]);
      this.now = next[1].at;
      next[1].task();
    }
    this.now = end;
  }
}
