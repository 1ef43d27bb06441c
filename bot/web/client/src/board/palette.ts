import looks from "../palette.json" with { type: "json" };

export type Shape = "rectangle" | "ellipse" | "diamond" | "zone";

/** How one kind of part is drawn; the server's `whiteboard/palette.py` says it. */
export interface Look {
  readonly kind: string;
  readonly title: string;
  readonly shape: Shape;
  readonly fill: string;
  readonly stroke: string;
  readonly width: number;
  readonly height: number;
}

export const PALETTE: readonly Look[] = looks as readonly Look[];
