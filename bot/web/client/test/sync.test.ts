import assert from "node:assert/strict";
import { test } from "node:test";

import type { Copies, Inheritance } from "../src/board/copies.ts";
import { beats, type WireElement } from "../src/board/stamps.ts";
import { BoardSync, UNKNOWN, type BoardState, type Scene } from "../src/board/sync.ts";
import { FakeSurroundings } from "./around.ts";

const box = (id: string, version = 1): WireElement => ({
  id,
  version,
  versionNonce: 1,
  type: "rectangle",
  isDeleted: false,
});

class FakeScene implements Scene {
  shown = new Map<string, WireElement>();
  elements = () => [...this.shown.values()];
  merge = (remote: readonly WireElement[]) => {
    for (const one of remote) if (beats(one, this.shown.get(one.id))) this.shown.set(one.id, one);
  };
  replace = (elements: readonly WireElement[]) => {
    this.shown = new Map(elements.map((one) => [one.id, one]));
  };
  center = () => undefined;
  settle = () => undefined;
}

class FakeCopies implements Copies {
  left: Inheritance = { elements: [], from: [] };
  kept: string[] = [];
  removed: readonly string[] = [];
  inherit = async () => this.left;
  keep = async (_epoch: number, elements: readonly WireElement[], instead: readonly string[]) => {
    this.kept = elements.map((one) => one.id);
    this.removed = instead.length ? instead : this.removed;
  };
}

function opened(role: "edit" | "view" = "edit", elements: WireElement[] = []) {
  const [around, scene, copies] = [new FakeSurroundings(), new FakeScene(), new FakeCopies()];
  let state: BoardState = UNKNOWN;
  const sync = new BoardSync(
    "ws://here",
    {
      scene,
      copies,
      get: () => state,
      set: (change) => void (state = { ...state, ...change }),
      pointed: () => undefined,
    },
    around,
  );
  sync.start();
  const init = (given = elements, epoch = 1) =>
    around.socket.hear({
      type: "init",
      epoch,
      role,
      you: "c1",
      name: "Ana",
      elements: given,
      people: [],
    });
  const draw = (one: WireElement) => {
    scene.shown.set(one.id, one);
    sync.changed();
    around.pass(80);
  };
  const sent = () => around.socket.sent.filter((message) => message["type"] === "update");
  return { around, scene, copies, sync, init, draw, sent, state: () => state };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a change is sent once, within a batch, and saved with its ack", async () => {
  const { around, copies, init, draw, sent, state } = opened();
  init();
  await settled();
  draw(box("a"));
  draw(box("a"));
  assert.deepEqual(
    sent().map(({ seq, epoch }) => [seq, epoch]),
    [[1, 1]],
  );
  await settled();
  assert.deepEqual([state().unsaved, copies.kept], [1, ["a"]]);
  around.socket.hear({ type: "ack", seq: 1 });
  await settled();
  assert.deepEqual([state().unsaved, state().acked, copies.kept], [0, 1, []]);
});

test("what others drew is not sent back", async () => {
  const { around, sync, init, sent } = opened();
  init([box("a")]);
  await settled();
  around.socket.hear({ type: "update", elements: [box("b", 3)] });
  sync.changed();
  around.pass(80);
  assert.deepEqual(sent(), []);
});

test("what was drawn while the line was down goes out after the next init", async () => {
  const { around, init, draw, sent, state } = opened();
  init();
  await settled();
  around.socket.drop();
  draw(box("a"));
  assert.equal(state().status, "offline");
  around.pass(250);
  init([box("b")]);
  assert.deepEqual(
    sent().map((message) => message["elements"]),
    [[box("a")]],
  );
});

test("what an earlier page load left is taken over, and its copy removed", async () => {
  const { copies, scene, init, sent } = opened();
  copies.left = { elements: [box("old")], from: ["x/1"] };
  init();
  await settled();
  assert.ok(scene.shown.has("old"));
  assert.equal(sent().length, 1);
  assert.deepEqual([copies.kept, copies.removed], [["old"], ["x/1"]]);
});

test("a board begun anew drops what was drawn on the old one", async () => {
  const { around, scene, init, draw, sent } = opened();
  init();
  await settled();
  around.socket.drop();
  draw(box("a"));
  around.pass(250);
  init([], 2);
  await settled();
  assert.deepEqual([scene.elements(), sent()], [[], []]);
});

test("after an epoch message nothing is sent before the new init", async () => {
  const { around, init, draw, sent } = opened();
  init();
  await settled();
  around.socket.hear({ type: "epoch", epoch: 2 });
  draw(box("a"));
  assert.deepEqual(sent(), []);
});

test("a viewer sends nothing, takes over nothing, and sees the board as it is", async () => {
  const { copies, scene, init, draw, sent } = opened("view", [box("a")]);
  copies.left = { elements: [box("mine")], from: ["x/1"] };
  init();
  await settled();
  draw(box("b"));
  assert.deepEqual([sent(), scene.shown.has("mine"), copies.removed], [[], false, []]);
});

test("a refusal is shown and not repeated", async () => {
  const { around, init, draw, sync, sent, state } = opened();
  init();
  await settled();
  draw(box("a"));
  around.socket.hear({ type: "refused", seq: 1, reason: "the interview is over" });
  sync.changed();
  around.pass(80);
  assert.deepEqual(
    [sent().length, state().refusal, state().unsaved],
    [1, "the interview is over", 1],
  );
});

test("a server that no longer answers is left for a new line", async () => {
  const { around, init, draw } = opened();
  init();
  await settled();
  draw(box("a"));
  around.pass(10_000);
  around.pass(250);
  assert.equal(around.sockets.length, 2);
});
