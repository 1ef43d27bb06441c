import { useSyncExternalStore } from "react";

import type { Situation } from "./wire.ts";

const TICK_MS = 5_000;

/** The seconds that are left now, of what was left when the situation came. */
export function secondsLeft(left: number, situation: Situation, sinceMs: number): number {
  const stopped = situation.phase === "paused" || situation.phase === "over";
  return stopped ? left : left - sinceMs / 1000;
}

/** In words, as coarse as a clock on the wall. */
export function timeInWords(seconds: number): string {
  if (seconds <= -60) return `${Math.floor(-seconds / 60)} min over`;
  if (seconds <= 0) return "time is up";
  if (seconds < 60) return "under a minute left";
  return `${Math.round(seconds / 60)} min left`;
}

/** The page's clock in milliseconds, renewed every few seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, now);
}

const now = (): number => Math.floor(performance.now() / TICK_MS) * TICK_MS;

function subscribe(watcher: () => void): () => void {
  const timer = window.setInterval(watcher, TICK_MS);
  return () => window.clearInterval(timer);
}
