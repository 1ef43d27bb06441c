import type { Collaborator, ExcalidrawImperativeAPI, SocketId } from "@excalidraw/excalidraw/types";

import type { Person } from "./wire.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Others' names and pointers on the canvas. */
export class Presence {
  private readonly api: ExcalidrawImperativeAPI;
  private readonly pointers = new Map<string, Point>();
  private people: readonly Person[] = [];
  private you = "";
  private frame: number | null = null;

  constructor(api: ExcalidrawImperativeAPI) {
    this.api = api;
  }

  show(people: readonly Person[], you: string): void {
    if (people === this.people && you === this.you) return;
    this.people = people;
    this.you = you;
    const here = new Set(people.map((person) => person.id));
    for (const id of this.pointers.keys()) if (!here.has(id)) this.pointers.delete(id);
    this.draw();
  }

  point(id: string, x: number, y: number): void {
    this.pointers.set(id, { x, y });
    this.draw();
  }

  private draw(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const others = this.people.filter((person) => person.id !== this.you);
      const collaborators = new Map(
        others.map((person) => [person.id as SocketId, this.as(person)]),
      );
      this.api.updateScene({ collaborators });
    });
  }

  private as(person: Person): Collaborator {
    const place = this.pointers.get(person.id);
    const pointer = place ? { pointer: { ...place, tool: "pointer" as const } } : {};
    const username = person.role === "view" ? `${person.name} (viewing)` : person.name;
    return { username, id: person.id, socketId: person.id as SocketId, ...pointer };
  }
}
