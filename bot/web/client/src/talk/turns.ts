import type { Turn } from "./wire.ts";

/** The talk with some turns added or replaced, each in its place. */
export function upsert(turns: readonly Turn[], changed: readonly Turn[]): readonly Turn[] {
  const news = new Map(changed.map((turn) => [turn.key, turn]));
  const kept = turns.map((turn) => {
    const newer = news.get(turn.key);
    news.delete(turn.key);
    return newer ?? turn;
  });
  return [...kept, ...news.values()];
}
