import { useSyncExternalStore } from "react";

import type { Situation } from "./wire.ts";

const TICK_MS = 5_000;

/** Whether the round's clock stands still. */
export function isStopped({ phase }: Situation): boolean {
  return phase === "paused" || phase === "over";
}

/** In words, as coarse as a clock on the wall. */
export function timeInWords(seconds: number): string {
  if (seconds <= -60) return `${Math.floor(-seconds / 60)} min over`;
  if (seconds <= 0) return "time is up";
  if (seconds < 60) return "under a minute left";
  return `${Math.round(seconds / 60)} min left`;
}

/** The time since the situation came in which the round's clock ran, in seconds. */
export function useElapsed(situation: Situation | null, heardAt: number): number {
  const elapsed = Math.max(0, useNow() - heardAt) / 1000;
  return situation === null || isStopped(situation) ? 0 : elapsed;
}

/** The page's clock in milliseconds, renewed every few seconds. */
function useNow(): number {
  return useSyncExternalStore(subscribe, now);
}

const now = (): number => Math.floor(performance.now() / TICK_MS) * TICK_MS;

function subscribe(watcher: () => void): () => void {
  const timer = window.setInterval(watcher, TICK_MS);
  return () => window.clearInterval(timer);
}
