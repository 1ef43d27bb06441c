import type { WireElement } from "./stamps.ts";

/**
 * What this device drew and the server has not confirmed, kept in IndexedDB until it has.
 *
 * Each page load keeps a copy of its own, so that tabs never write over one another; the next one
 * that opens the same interview takes over what earlier ones left behind. To take over the copy of
 * a tab that is still open does no harm: element by element, the newest version wins.
 */

interface Copy {
  readonly id: string;
  readonly interview: string;
  readonly epoch: number;
  readonly elements: readonly WireElement[];
  /** When it was kept, in milliseconds since 1970. */
  readonly at: number;
}

/** What another page load left, and its ids, to be removed once it is kept here. */
export interface Inheritance {
  readonly elements: readonly WireElement[];
  readonly from: readonly string[];
  /** How many elements were left of epochs that are over. */
  readonly outdated: number;
}

export interface Copies {
  /**
   * The copies of this epoch that others left; those of earlier epochs are removed, and so are those
   * of any interview that nobody came back for in a month.
   */
  inherit(epoch: number): Promise<Inheritance>;
  /** Replaces this page load's copy and removes the inherited ones named. */
  keep(epoch: number, elements: readonly WireElement[], instead: readonly string[]): Promise<void>;
  /** Removes all copies of the interview, whichever page load made them. */
  forget(): Promise<void>;
}

const DATABASE = "hotseat";
const STORE = "copies";
const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

export class DeviceCopies implements Copies {
  private readonly interview: string;
  private readonly id: string;
  private database: Promise<IDBDatabase> | null = null;

  constructor(interview: string) {
    this.interview = interview;
    this.id = `${interview}/${randomName()}`;
  }

  async inherit(epoch: number): Promise<Inheritance> {
    const store = await this.store("readwrite");
    const all = await finished(store.getAll() as IDBRequest<Copy[]>);
    const forgotten = all.filter((copy) => !(copy.at > Date.now() - MONTH_MS));
    const copies = all.filter(
      (copy) =>
        copy.interview === this.interview && copy.id !== this.id && !forgotten.includes(copy),
    );
    const over = copies.filter((copy) => copy.epoch < epoch);
    for (const copy of [...forgotten, ...over]) store.delete(copy.id);
    const usable = copies.filter((copy) => copy.epoch === epoch);
    return {
      elements: usable.flatMap((copy) => copy.elements),
      from: usable.map((copy) => copy.id),
      outdated: over.flatMap((copy) => copy.elements).length,
    };
  }

  async keep(
    epoch: number,
    elements: readonly WireElement[],
    instead: readonly string[],
  ): Promise<void> {
    const store = await this.store("readwrite");
    for (const id of instead) store.delete(id);
    if (elements.length === 0) {
      await finished(store.delete(this.id));
      return;
    }
    const copy: Copy = {
      id: this.id,
      interview: this.interview,
      epoch,
      elements,
      at: Date.now(),
    };
    await finished(store.put(copy));
  }

  async forget(): Promise<void> {
    const store = await this.store("readwrite");
    const ids = await finished(store.index("interview").getAllKeys(this.interview));
    await Promise.all(ids.map((id) => finished(store.delete(id))));
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.database ??= open();
    return (await this.database).transaction(STORE, mode).objectStore(STORE);
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: "id" });
    store.createIndex("interview", "interview");
  };
  return finished(request);
}

function finished<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the device's storage failed"));
  });
}

function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
