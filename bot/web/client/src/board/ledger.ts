import { beats, isSame, stampOf, type Stamp } from "./stamps.ts";

/** Which version of each element the server holds, what is on its way, and what it refused. */
export class Ledger {
  private held = new Map<string, Stamp>();
  private readonly flying = new Map<number, readonly Stamp[]>();
  private readonly flyingIds = new Map<string, Stamp>();
  private readonly refused = new Map<string, Stamp>();
  private readonly putOff = new Map<string, Stamp>();

  /** The server said all that it holds; what was on its way or put off is to be sent again. */
  restart(elements: readonly Stamp[]): void {
    this.putOff.clear();
    this.held = new Map(elements.map((element) => [element.id, stampOf(element)]));
    this.ground();
  }

  /** The server sent these: it holds them. */
  learn(elements: readonly Stamp[]): void {
    for (const element of elements) {
      if (beats(element, this.held.get(element.id))) this.held.set(element.id, stampOf(element));
    }
  }

  /** What has to be sent now: newer than the server's, not on its way, not refused or put off. */
  waiting<E extends Stamp>(elements: readonly E[]): E[] {
    return this.unsaved(elements).filter(
      (element) =>
        !isSame(element, this.flyingIds.get(element.id)) &&
        !isSame(element, this.refused.get(element.id)) &&
        !isSame(element, this.putOff.get(element.id)),
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

  /** The server has this batch, but for the ids `unkept`, which rest until they change. */
  arrive(seq: number, unkept: readonly string[] = []): void {
    const without = new Set(unkept);
    const batch = this.land(seq);
    this.learn(batch.filter((stamp) => !without.has(stamp.id)));
    this.rest(batch.filter((stamp) => without.has(stamp.id)));
  }

  /** The server will not have this batch; its elements rest until they change. */
  refuse(seq: number): void {
    this.rest(this.land(seq));
  }

  /** The server will have nothing of what is on its way. */
  refuseAll(): void {
    for (const seq of [...this.flying.keys()]) this.refuse(seq);
  }

  /** These are not to be sent before they change. */
  rest(elements: readonly Stamp[]): void {
    for (const element of elements) this.refused.set(element.id, stampOf(element));
  }

  /** The server will not have this batch now; its elements wait for `goOn`. */
  delay(seq: number): void {
    for (const stamp of this.land(seq)) this.putOff.set(stamp.id, stamp);
  }

  /** What was put off may be sent again; returns whether there is any. */
  goOn(): boolean {
    const any = this.putOff.size > 0;
    this.putOff.clear();
    return any;
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
