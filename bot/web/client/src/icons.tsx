import type { JSX } from "react";

const PATHS = {
  sun: "M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m11.4 0 1.4 1.4M4.9 4.9l1.4 1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  collapse: "m9 6 6 6-6 6",
  expand: "m15 6-6 6 6 6",
  send: "M5 12h14m-6-6 6 6-6 6",
  share:
    "M8.6 13.4l6.8 3.9M15.4 6.7l-6.8 3.9M9 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0Zm12 7a3 3 0 1 1-6 0 3 3 0 0 1 6 0Zm0-14a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z",
  close: "m6 6 12 12M18 6 6 18",
  connect: "M4 12h13m-4-4 4 4-4 4M21 5v14",
  board: "M4 5h7v6H4zM14 13h6v6h-6zM11 8h3a3 3 0 0 1 3 3v2",
  talk: "M4 5h16v11H10l-5 4v-4H4z",
} as const;

/** A line icon beside a word that says the same, hence hidden from screen readers. */
export function Icon({ name }: { name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
