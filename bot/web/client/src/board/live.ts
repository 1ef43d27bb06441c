import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";

import type { Place } from "../address.ts";
import { Store } from "../store.ts";
import { DeviceCopies } from "./copies.ts";
import { Presence } from "./presence.ts";
import { CanvasScene } from "./scene.ts";
import { BoardSync, UNKNOWN, type BoardState } from "./sync.ts";

/** The board of this page: the canvas and what keeps it the same for all. */
export class LiveBoard {
  readonly state = new Store<BoardState>(UNKNOWN);
  /** When the canvas could be used first, in milliseconds since navigation; 0 before. */
  usableAt = 0;
  private readonly place: Place;
  private api: ExcalidrawImperativeAPI | null = null;
  private sync: BoardSync | null = null;
  private over = false;

  constructor(place: Place) {
    this.place = place;
  }

  get canvas(): ExcalidrawImperativeAPI | null {
    return this.api;
  }

  attach(api: ExcalidrawImperativeAPI): void {
    this.api = api;
  }

  /**
   * The canvas reports a change. The first one after loading opens the line: what is put on the
   * canvas before is lost, since Excalidraw's own start overwrites it.
   */
  changed(isLoading: boolean): void {
    if (isLoading || this.api === null) return;
    if (this.sync === null) this.start(this.api);
    else this.sync.changed();
  }

  point(x: number, y: number): void {
    this.sync?.point(x, y);
  }

  /** A stroke has ended, or the page goes away: nothing waits any longer. */
  flush(): void {
    this.sync?.flush();
  }

  /** The talk says how the interview stands. */
  heard(over: boolean): void {
    if (over && this.over) return;
    this.over = over;
    if (over) this.sync?.end();
    else this.sync?.goOn();
  }

  retry(): void {
    this.sync?.retry();
  }

  private start(api: ExcalidrawImperativeAPI): void {
    const presence = new Presence(api);
    this.state.watch(() => {
      const { people, you, role } = this.state.get();
      presence.show(people, you);
      if (role !== null) this.usableAt ||= performance.now();
    });
    this.sync = new BoardSync(this.place.board, {
      scene: new CanvasScene(api),
      copies: new DeviceCopies(this.place.interview),
      get: this.state.get,
      set: (change) => this.state.set(change),
      pointed: (id, x, y) => presence.point(id, x, y),
    });
    if (this.over) this.sync.end();
    this.sync.start();
  }
}
