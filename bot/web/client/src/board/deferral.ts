import { beats, isSame, type Stamp } from "./stamps.ts";

interface Deferred<E extends Stamp> {
  readonly remote: E;
  /** Our version when the other one came. */
  readonly ours: Stamp;
}

export interface Settled<E extends Stamp> {
  /** Others' versions that hold, since we changed nothing. */
  readonly take: readonly E[];
  /** Our elements that were changed after the others' version came, which they have to beat. */
  readonly raise: readonly { readonly id: string; readonly above: number }[];
}

/**
 * Others' changes to an element that is being edited here. Excalidraw keeps the local element while
 * it is written or resized; afterwards the later of the two changes holds.
 */
export class Deferral<E extends Stamp> {
  private readonly waiting = new Map<string, Deferred<E>>();

  /** Notes which of `remote` lost against an older local element. */
  note(remote: readonly E[], before: ReadonlyMap<string, E>, busy: ReadonlySet<string>): void {
    for (const element of remote) {
      const ours = before.get(element.id);
      if (ours === undefined || !busy.has(element.id) || !beats(element, ours)) continue;
      const earlier = this.waiting.get(element.id);
      this.waiting.set(element.id, { remote: element, ours: earlier?.ours ?? ours });
    }
  }

  /** What has to happen to the elements that are no longer edited. */
  settle(now: ReadonlyMap<string, E>, busy: ReadonlySet<string>): Settled<E> {
    const take: E[] = [];
    const raise: { id: string; above: number }[] = [];
    for (const [id, { remote, ours }] of this.waiting) {
      if (busy.has(id)) continue;
      this.waiting.delete(id);
      const local = now.get(id);
      if (local === undefined || isSame(local, ours)) take.push(remote);
      else if (beats(remote, local)) raise.push({ id, above: remote.version });
    }
    return { take, raise };
  }

  clear(): void {
    this.waiting.clear();
  }
}
