import type { WireElement } from "./stamps.ts";

/** The messages of the board socket, as `bot/web/board_wire.py` writes them. */

export type Role = "edit" | "view";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export type FromServer =
  | {
      readonly type: "init";
      readonly epoch: number;
      readonly role: Role;
      readonly you: string;
      readonly name: string;
      readonly elements: readonly WireElement[];
      readonly people: readonly Person[];
    }
  | {
      readonly type: "ack";
      readonly seq: number;
      /** Ids of those in it that are not kept after all. */
      readonly unkept: readonly string[];
      /** Why not, or what was left out of the others, for the person; empty for nothing. */
      readonly reason: string;
    }
  | { readonly type: "update"; readonly elements: readonly WireElement[] }
  | { readonly type: "people"; readonly people: readonly Person[] }
  | { readonly type: "pointer"; readonly id: string; readonly x: number; readonly y: number }
  | { readonly type: "epoch"; readonly epoch: number }
  | {
      readonly type: "refused";
      readonly seq: number;
      readonly reason: string;
      /** Whether it may be taken once the interview goes on. */
      readonly later: boolean;
    };

export type ToServer =
  | {
      readonly type: "update";
      readonly epoch: number;
      readonly seq: number;
      readonly elements: readonly WireElement[];
    }
  | { readonly type: "pointer"; readonly x: number; readonly y: number };
