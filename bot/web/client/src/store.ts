import { useSyncExternalStore } from "react";

/** One immutable value that components watch. */
export class Store<T extends object> {
  private value: T;
  private readonly watchers = new Set<() => void>();

  constructor(value: T) {
    this.value = value;
  }

  get = (): T => this.value;

  /** Changes the named fields; who watches hears of it only where one of them differs. */
  set(change: Partial<T>): void {
    const fields = Object.keys(change) as (keyof T)[];
    if (fields.every((field) => Object.is(change[field], this.value[field]))) return;
    this.value = { ...this.value, ...change };
    for (const watcher of [...this.watchers]) watcher();
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
}

/** The part of a store that a component shows. `part` returns a field, never a new object. */
export function useStore<T extends object, P>(store: Store<T>, part: (value: T) => P): P {
  return useSyncExternalStore(store.watch, () => part(store.get()));
}
