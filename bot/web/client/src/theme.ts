import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const KEY = "hotseat:theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const watchers = new Set<() => void>();

// `boot.js` has put the remembered choice there, or the system's.
const current = (): Theme =>
  document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";

function put(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  for (const watcher of watchers) watcher();
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is switched off: the choice lasts as long as the page.
  }
}

system.addEventListener("change", () => {
  if (remembered() === null) put(system.matches ? "dark" : "light");
});

/** The other theme, from now on and on later visits. */
export function toggleTheme(): void {
  const theme = current() === "dark" ? "light" : "dark";
  put(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    return; // As above.
  }
}

export function useTheme(): Theme {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, current);
}
