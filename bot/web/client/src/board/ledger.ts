import { beats, isSame, stampOf, type Stamp } from "./stamps.ts";

/** Which version of each element the server holds, what is on its way, and what it refused. */
export class Ledger {
  private held = new Map<string, Stamp>();
  private readonly flying = new Map<number, readonly Stamp[]>();
  private readonly flyingIds = new Map<string, Stamp>();
  private readonly refused = new Map<string, Stamp>();

  /** The server said all that it holds; what was on its way counts as lost. */
  restart(elements: readonly Stamp[]): void {
    this.held = new Map(elements.map((element) => [element.id, stampOf(element)]));
    this.ground();
  }

  /** The server sent these: it holds them. */
  learn(elements: readonly Stamp[]): void {
    for (const element of elements) {
      if (beats(element, this.held.get(element.id))) this.held.set(element.id, stampOf(element));
    }
  }

  /** What has to be sent now: newer than the server's, not on its way, not refused. */
  waiting<E extends Stamp>(elements: readonly E[]): E[] {
    return this.unsaved(elements).filter(
      (element) =>
        !isSame(element, this.flyingIds.get(element.id)) &&
        !isSame(element, this.refused.get(element.id)),
    );
  }

  /** What the server is not known to hold. */
  unsaved<E extends Stamp>(elements: readonly E[]): E[] {
    return elements.filter((element) => beats(element, this.held.get(element.id)));
  }

  depart(seq: number, elements: readonly Stamp[]): void {
    const stamps = elements.map(stampOf);
    this.flying.set(seq, stamps);
    for (const stamp of stamps) this.flyingIds.set(stamp.id, stamp);
  }

  arrive(seq: number): void {
    this.learn(this.land(seq));
  }

  /** The server will not have this batch; its elements rest until they change. */
  refuse(seq: number): void {
    for (const stamp of this.land(seq)) this.refused.set(stamp.id, stamp);
  }

  /** The line is gone, and with it all that was on its way. */
  ground(): void {
    this.flying.clear();
    this.flyingIds.clear();
  }

  get inFlight(): number {
    return this.flying.size;
  }

  private land(seq: number): readonly Stamp[] {
    const stamps = this.flying.get(seq) ?? [];
    this.flying.delete(seq);
    for (const stamp of stamps) {
      if (isSame(stamp, this.flyingIds.get(stamp.id))) this.flyingIds.delete(stamp.id);
    }
    return stamps;
  }
}
