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
  left: Inheritance = { elements: [], from: [], outdated: 0 };
  kept: string[] = [];
  removed: readonly string[] = [];
  forgotten = 0;
  full = false;
  inherit = async () => this.left;
  forget = async () => void (this.forgotten += 1);
  keep = async (_epoch: number, elements: readonly WireElement[], instead: readonly string[]) => {
    if (this.full) throw new Error("no room");
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
  const init = (given = elements, epoch = 1, as = role) =>
    around.socket.hear({
      type: "init",
      epoch,
      role: as,
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

const ack = (seq: number, unkept: string[] = [], reason = "") => ({
  type: "ack",
  seq,
  unkept,
  reason,
});

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
  around.socket.hear(ack(1));
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
  copies.left = { ...copies.left, elements: [box("old")], from: ["x/1"] };
  init();
  await settled();
  assert.ok(scene.shown.has("old"));
  assert.equal(sent().length, 1);
  assert.deepEqual([copies.kept, copies.removed], [["old"], ["x/1"]]);
});

test("a board begun anew drops what was drawn on the old one, and says so", async () => {
  const { around, copies, scene, init, draw, sent, state } = opened();
  init();
  await settled();
  around.socket.drop();
  draw(box("a"));
  around.pass(250);
  init([], 2);
  await settled();
  assert.deepEqual([scene.elements(), sent(), state().unsaved, copies.kept], [[], [], 0, []]);
  assert.match(state().refusal, /came too late/);
});

test("a board begun anew after everything was saved says nothing", async () => {
  const { around, init, draw, state } = opened();
  init();
  await settled();
  draw(box("a"));
  around.socket.hear(ack(1));
  around.socket.hear({ type: "epoch", epoch: 2 });
  init([], 2);
  await settled();
  assert.equal(state().refusal, "");
});

test("what an earlier page load drew on a board that is over is told as lost", async () => {
  const { copies, init, state } = opened();
  copies.left = { ...copies.left, outdated: 3 };
  init();
  await settled();
  assert.match(state().refusal, /came too late/);
});

test("what waits stays on the canvas of a page that may only look for a while", async () => {
  const { around, scene, init, draw, sent, state } = opened();
  init();
  await settled();
  around.socket.drop();
  draw(box("a"));
  around.pass(250);
  init([box("b")], 1, "view");
  assert.deepEqual([[...scene.shown.keys()].sort(), state().unsaved], [["a", "b"], 1]);
  around.socket.drop();
  around.pass(250);
  init([box("b")], 1, "edit");
  await settled();
  assert.deepEqual(
    sent().map((message) => message["elements"]),
    [[box("a")]],
  );
});

test("a page that may draw after all takes over what earlier loads left", async () => {
  const { around, copies, scene, init } = opened("view");
  copies.left = { ...copies.left, elements: [box("old")], from: ["x/1"] };
  init();
  await settled();
  assert.equal(scene.shown.has("old"), false);
  around.socket.drop();
  around.pass(250);
  init([], 1, "edit");
  await settled();
  assert.deepEqual([scene.shown.has("old"), copies.removed], [true, ["x/1"]]);
});

test("what may not be drawn now is kept, and sent again when the interview goes on", async () => {
  const { around, copies, init, draw, sync, sent, state } = opened();
  init();
  await settled();
  draw(box("a"));
  around.socket.hear({ type: "refused", seq: 1, reason: "Not open here.", later: true });
  sync.changed();
  around.pass(80);
  await settled();
  assert.deepEqual([sent().length, state().unsaved, copies.kept], [1, 1, ["a"]]);
  assert.equal(state().refusal, "Not open here.");
  sync.goOn();
  assert.deepEqual(sent()[1]?.["elements"], [box("a")]);
  around.socket.hear(ack(2));
  assert.deepEqual([state().unsaved, state().refusal], [0, ""]);
  sync.goOn();
  assert.equal(sent().length, 2);
});

test("what an ack leaves out counts as unsaved, with its reason", async () => {
  const { around, init, draw, sync, sent, state } = opened();
  init();
  await settled();
  draw(box("a"));
  around.socket.hear(ack(1, ["a"], "Some of it cannot be kept."));
  sync.changed();
  around.pass(80);
  assert.deepEqual(
    [sent().length, state().unsaved, state().refusal],
    [1, 1, "Some of it cannot be kept."],
  );
});

test("what the server could not read is not sent again, and said", async () => {
  const { around, init, draw, sent, state } = opened();
  init();
  await settled();
  draw(box("a"));
  around.socket.drop(4400);
  around.pass(250);
  init();
  assert.deepEqual([sent(), state().unsaved], [[], 1]);
  assert.match(state().refusal, /could not read/);
});

test("a pen stroke of many points is sent as the server keeps it", async () => {
  const { init, draw, sent, state } = opened();
  init();
  await settled();
  const points = Array.from({ length: 9_000 }, (_, n) => [n / 7, Math.sin(n)]);
  const pressures = points.map(([x]) => (x! % 1) / 1.5);
  draw({ ...box("pen"), type: "freedraw", points, pressures } as WireElement);
  const [stroke] = sent()[0]!["elements"] as [{ points: number[][]; pressures: number[] }];
  assert.deepEqual([stroke.points.length, stroke.pressures.length], [2_000, 2_000]);
  assert.deepEqual(
    [stroke.points[0], stroke.points.at(-1)],
    [
      [0, 0],
      [1285.57, 1],
    ],
  );
  assert.equal(state().refusal, "");
});

for (const [code, forgotten] of [
  [4401, 0],
  [4403, 1],
] as const) {
  test(`what is not saved stays until the link has ended for good (${code})`, async () => {
    const { around, copies, sync, init, draw } = opened();
    init();
    await settled();
    draw(box("a"));
    around.socket.drop(code);
    sync.flush();
    await settled();
    assert.equal(copies.forgotten, forgotten);
    assert.deepEqual(copies.kept, ["a"]); // Written before, not after.
  });
}

test("nothing stays on the device once the interview is over and all is saved", async () => {
  const { around, copies, sync, init, draw } = opened();
  init();
  await settled();
  draw(box("a"));
  sync.end();
  await settled();
  assert.equal(copies.forgotten, 0);
  around.socket.hear(ack(1));
  await settled();
  assert.ok(copies.forgotten > 0);
});

test("what an earlier load left of an interview that is over is sent before it is forgotten", async () => {
  const { copies, sync, init, sent } = opened();
  copies.left = { ...copies.left, elements: [box("old")], from: ["x/1"] };
  sync.end();
  init();
  sync.end();
  await settled();
  assert.deepEqual([sent().length, copies.forgotten], [1, 0]);
});

test("strokes are at risk while neither the server nor the device has them", async () => {
  const { around, copies, init, draw, state } = opened();
  init();
  await settled();
  copies.full = true;
  draw(box("a"));
  await settled();
  assert.equal(state().atRisk, true);
  around.socket.hear(ack(1));
  await settled();
  assert.equal(state().atRisk, false);
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
  copies.left = { ...copies.left, elements: [box("mine")], from: ["x/1"] };
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
