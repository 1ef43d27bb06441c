import type { Saying } from "./wire.ts";

/** What was written and not yet taken by the server, kept while this tab lives. */
export class Drafts {
  private readonly interview: string;

  constructor(interview: string) {
    this.interview = interview;
  }

  get draft(): string {
    return read(this.key("draft")) ?? "";
  }

  set draft(text: string) {
    write(this.key("draft"), text);
  }

  get unsent(): Saying[] {
    const stored = read(this.key("unsent"));
    return stored === null ? [] : (JSON.parse(stored) as Saying[]);
  }

  set unsent(said: readonly Saying[]) {
    write(this.key("unsent"), said.length ? JSON.stringify(said) : "");
  }

  private key(what: string): string {
    return `hotseat:${what}:${this.interview}`;
  }
}

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // Storage is switched off: the text lives in the page only.
  }
}

function write(key: string, value: string): void {
  try {
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    return; // As above.
  }
}
