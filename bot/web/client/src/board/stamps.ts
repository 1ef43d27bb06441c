/** When an element was last changed, as Excalidraw counts it. */
export interface Stamp {
  readonly id: string;
  readonly version: number;
  readonly versionNonce: number;
}

/** One element as it goes over the wire; its other fields are Excalidraw's own affair. */
export interface WireElement extends Stamp {
  readonly type: string;
  readonly isDeleted: boolean;
  readonly index?: string | null;
}

/** The rule of all sides: the higher version wins, of equal ones the lower nonce. */
export function beats(one: Stamp, other: Stamp | undefined): boolean {
  if (other === undefined) return true;
  if (one.version !== other.version) return one.version > other.version;
  return one.versionNonce < other.versionNonce;
}

export function isSame(one: Stamp, other: Stamp | undefined): boolean {
  return one.version === other?.version && one.versionNonce === other.versionNonce;
}

/** The stamp alone, so that a ledger does not keep whole elements alive. */
export function stampOf({ id, version, versionNonce }: Stamp): Stamp {
  return { id, version, versionNonce };
}
